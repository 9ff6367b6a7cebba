"""A file is judged by its signature and by the register, and nothing in it can make the judgement fall over."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from sqlmodel import Session, select

from metstandard.common.settings import settings
from metstandard.documents import certificate, issued, published, signing, store, verifying
from metstandard.documents.identity import Identity, PaperKind
from metstandard.documents.standing import Standing, standing
from metstandard.documents.verifying import Judgement, Verdict, Why
from metstandard.records.certificates import Certificate
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat
from tests.documents import papers, signed
from tests.factories.certified import certified

UNTIL = date(2029, 10, 14)
SECONDS = 30


@pytest.fixture(autouse=True)
def with_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings that name a key in a PEM file."""
    file = signed.key_file(tmp_path)
    signed.use(monkeypatch, signing_key=str(file))
    return file


@pytest.fixture
def paper() -> bytes:
    """A signed certificate."""
    return store.kept(certificate.html(papers.certificate()), identity=signed.IDENTITY)


def registered(status: str) -> Callable[[Identity], Standing | None]:
    """A register that has every paper, in one state."""
    return lambda _paper: Standing(status, "Camden BOCU", UNTIL)


def judged(body: bytes, status: str = "current") -> Judgement:
    """The judgement of a file."""
    return verifying.judge(body, trusted=signing.trusted(), standing=registered(status))


@pytest.mark.parametrize(
    ("status", "verdict"),
    [("current", Verdict.GENUINE), ("expired", Verdict.GENUINE), ("superseded", Verdict.GENUINE),
     ("suspended", Verdict.REVOKED), ("withdrawn", Verdict.REVOKED)],
)  # fmt: skip
def test_a_paper_as_it_was_signed_is_judged_by_the_register(paper: bytes, status: str, verdict: Verdict) -> None:
    found = judged(paper, status)
    assert (found.verdict, found.paper) == (verdict, signed.IDENTITY)
    assert found.standing == Standing(status, "Camden BOCU", UNTIL)
    assert found.why.value == ("genuine" if status == "current" else status)


def test_a_paper_that_the_register_does_not_have_is_not_ours(paper: bytes) -> None:
    found = verifying.judge(paper, trusted=signing.trusted(), standing=lambda _paper: None)
    assert (found.verdict, found.why, found.paper) == (Verdict.NOT_OURS, Why.UNKNOWN, signed.IDENTITY)


def changed_byte(body: bytes) -> bytes:
    """One bit of the first stream of the page."""
    place = body.index(b"stream\n") + 40
    return body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]


def added_page_note(body: bytes) -> bytes:
    """An incremental update, as an editor writes one: the document's title is another."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 (slow to load)

    writer = IncrementalPdfFileWriter(io.BytesIO(body))
    writer.root["/Lang"] = writer.root["/Lang"].__class__("fr")
    writer.update_root()  # type: ignore[no-untyped-call]
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def hidden(body: bytes) -> bytes:
    """Words in the room that is left over beside the signature."""
    words = b"hidden words".hex().upper().encode()
    place = body.rindex(b"0" * 200 + b">") + 100
    return body[:place] + words + body[place + len(words) :]


def signed_by_another(body: bytes) -> bytes:
    """Somebody else signs, with our words."""
    from metstandard.documents import keys, pades  # noqa: PLC0415 (slow to load)

    text = keys.signing_pem("Somebody else", since=signed.SINCE, until=signed.UNTIL)
    folder = settings().data / "else.pem"
    folder.write_bytes(text)
    other = pades.from_file(keys.signing_file(folder, "", setting="x"))
    return other.sign(body, "Certificate MS-0007 (7KQF-29TM-XWBA)", at=signed.SINCE)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (changed_byte, Why.CHANGED),
        (lambda body: body + b"\n", Why.CHANGED),
        (lambda body: body + b"%%EOF extra", Why.DAMAGED),
        (added_page_note, Why.CHANGED),
        (lambda body: body.replace(b"MS\\0550007", b"MS\\0550008"), Why.CHANGED),
        (hidden, Why.CHANGED),
        (lambda body: body.replace(b"00000000>", b"0000000 >"), Why.CHANGED),
        (lambda body: body[:-200], Why.DAMAGED),
        (lambda body: body[: body.rindex(b"/ByteRange")] + body[body.rindex(b"/ByteRange") + 12 :], Why.DAMAGED),
    ],
    ids=["byte", "newline", "bytes", "update", "number", "hidden", "blank", "cut", "range"],
)
def test_whatever_is_changed_after_signing_is_altered(paper: bytes, change: Callable[[bytes], bytes], why: Why) -> None:
    body = change(paper)
    assert body != paper
    found = judged(body)
    assert (found.verdict, found.why) == (Verdict.ALTERED, why)


def test_what_nobody_or_somebody_else_signed_is_not_ours() -> None:
    unsigned = certificate.pdf(papers.certificate())
    found = [judged(unsigned), judged(signed_by_another(unsigned))]
    assert [(one.verdict, one.why) for one in found] == [
        (Verdict.NOT_OURS, Why.UNSIGNED),
        (Verdict.NOT_OURS, Why.ANOTHERS),
    ]


def test_the_signature_of_a_former_certificate_still_counts(paper: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_key: Path) -> None:  # noqa: E501  # fmt: skip
    signed.use(monkeypatch, signing_key=str(signed.key_file(tmp_path, "Newer")))
    assert judged(paper).why is Why.ANOTHERS
    signed.use(monkeypatch, signing_former=str(with_key))
    assert judged(paper).why is Why.GENUINE


def test_what_we_signed_for_another_purpose_is_no_paper_of_ours(paper: bytes) -> None:
    own = signing.signer()
    assert own is not None
    letter = own.pades.sign(certificate.pdf(papers.certificate()), "Invoice 7", at=signed.SINCE)
    found = judged(letter)
    assert (found.verdict, found.why) == (Verdict.NOT_OURS, Why.ANOTHER_PAPER)


def locked() -> bytes:
    """A PDF with a password."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def deep() -> bytes:
    """Arrays within arrays, a hundred thousand of them."""
    depth = 100_000
    return (
        b"%PDF-1.7\n1 0 obj\n" + b"[" * depth + b"]" * depth + b"\nendobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF"
    )


def bomb() -> bytes:
    """A cross-reference stream that swells to a gigabyte."""
    press = zlib.compressobj(9)
    packed = b"".join(press.compress(bytes(1 << 20)) for _ in range(1024)) + press.flush()
    head = b"%%PDF-1.7\n1 0 obj\n<</Type/XRef/Size 9/W[1 2 1]/Root 2 0 R/Filter/FlateDecode/Length %d>>\nstream\n"
    return head % len(packed) + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF"


def loop() -> bytes:
    """A cross-reference table that names itself as the one before."""
    return b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF"


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: b"", Why.EMPTY),
        (lambda: b"PK\x03\x04 a spreadsheet", Why.NOT_A_PDF),
        (lambda: b"\xff" * 5000 + b"%PDF-1.7", Why.NOT_A_PDF),
        (lambda: b"%PDF-1.7" + b" " * verifying.LARGEST, Why.TOO_LARGE),
        (lambda: b"%PDF-1.7", Why.UNREADABLE),
        (locked, Why.LOCKED),
        (deep, Why.UNREADABLE),
        (bomb, Why.UNREADABLE),
        (loop, Why.UNREADABLE),
        (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 2000, Why.UNREADABLE),
    ],
    ids=["empty", "zip", "late", "huge", "head", "locked", "deep", "bomb", "loop", "noise"],
)
def test_no_file_makes_the_judgement_fall_over(make: Callable[[], bytes], why: Why) -> None:
    began = time.monotonic()
    found = judged(make())
    assert (found.verdict, found.why) == (Verdict.NOT_OURS, why)
    assert time.monotonic() - began < SECONDS


def test_a_reader_that_does_not_answer_is_stopped(paper: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(paper).why is Why.GENUINE
    monkeypatch.setattr(verifying, "SECONDS", 0.01)
    assert judged(paper).why is Why.DAMAGED


def test_the_process_that_reads_a_strangers_file_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METSTANDARD_SIGNING_PASSPHRASE", "open sesame")
    assert [name for name in verifying._environment() if name.startswith("METSTANDARD")] == []


def test_every_reason_has_a_sentence_of_at_most_25_words_in_all() -> None:
    assert set(verifying.SENTENCES) == set(Why)
    parts = [part for one in verifying.SENTENCES.values() for part in one.split(". ")]
    assert max(len(part.split()) for part in parts) <= 25


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with Camden's published review and its certificate."""
    (tmp_path / "metstandard.db").write_bytes(certified())
    return tmp_path


def test_the_register_is_asked_by_the_line_that_was_signed(session: Session) -> None:
    one, review = session.exec(select(Certificate)).one(), session.exec(select(Review)).one()
    mine, report = issued.identity(one), published.identity(review)
    assert report is not None
    seat = session.exec(select(Seat).where(Seat.review_id == review.key)).first()
    assert seat is not None
    served = Identity(PaperKind.SERVICE, review.reference, seat.kind)
    assert standing(session, mine) == Standing("current", "Camden BOCU", one.valid_until)
    assert standing(session, report) == standing(session, served) == Standing("current", "Camden BOCU")
    older = Identity(PaperKind.REPORT, review.reference, "version 0.9")
    assert standing(session, older) == Standing("superseded", "Camden BOCU")
    never = [
        Identity(PaperKind.CERTIFICATE, "MS-0002", one.code),
        Identity(PaperKind.CERTIFICATE, one.title, "AAAA-BBBB-CCCC"),
        Identity(PaperKind.SERVICE, review.reference, "no such seat"),
        Identity(PaperKind.REPORT, "MS/1999/001", "version 1.0"),
    ]
    assert [standing(session, paper) for paper in never] == [None] * 4
    review.published_on = None
    assert [standing(session, paper) for paper in (report, served)] == [None, None]
    assert published.identity(review) is None
