"""Files that people send: limits said beforehand, refusals that name the file, each kept once by its hash."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from sqlmodel import Session, select

from metstandard.common.errors import Invalid, NotNow, StoreAway
from metstandard.common.settings import settings
from metstandard.records import files, store
from metstandard.records.evidence import Scan, SentFile, StoredFile
from tests.records.stripping.test_office import letter, packed
from tests.records.stripping.test_papers import made as paper
from tests.records.stripping.test_pictures import SECRET, drawing, photograph

PLAN = b"The plan of the unit"


def refusal(session: Session, content: bytes, name: str = "C:\\plans\\my plan.pdf") -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(Invalid) as refused:
        files.keep(session, BytesIO(content), name)
    assert refused.value.field == "upload"
    assert session.exec(select(StoredFile)).all() == []
    return str(refused.value)


def test_the_limits_are_said_as_they_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METSTANDARD_UPLOAD_MEGABYTES", "3")
    monkeypatch.setenv("METSTANDARD_UPLOAD_MEGAPIXELS", "7")
    settings.cache_clear()
    assert files.limits() == (
        "PDF, PNG, JPEG, Word (docx), Excel (xlsx), PowerPoint (pptx), OpenDocument text, OpenDocument spreadsheet, "
        "plain text or CSV; up to 3 MB, pictures up to 7 million pixels"
    )


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PLAN, "text/plain"),
        (photograph(), "image/jpeg"),
        (drawing(), "image/png"),
        (paper(), "application/pdf"),
        (letter(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_a_file_is_kept_stripped_under_the_hash_of_what_is_kept(
    session: Session, content: bytes, media_type: str
) -> None:
    stored = files.keep(session, BytesIO(content), "plan")
    kept = files.content_of(stored)
    assert SECRET not in kept
    assert (stored.sha256, stored.size, stored.media_type) == (hashlib.sha256(kept).hexdigest(), len(kept), media_type)
    assert (stored.scan, stored.virus, stored.scanned_at) == (Scan.NONE, "", None)
    sent = session.exec(select(SentFile)).one()
    assert (sent.sha256, sent.file_id) == (hashlib.sha256(content).hexdigest(), stored.key)


def test_what_cannot_be_taken_is_refused_by_its_name(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METSTANDARD_UPLOAD_MEGABYTES", "1")
    monkeypatch.setenv("METSTANDARD_UPLOAD_MEGAPIXELS", "1")
    settings.cache_clear()
    assert refusal(session, b"") == "my plan.pdf is empty"
    assert refusal(session, b"x" * (1024 * 1024 + 1)) == "my plan.pdf is larger than 1 MB"
    assert refusal(session, b"MZ\x90\x00\x03" * 20) == f"my plan.pdf is not one of: {files.limits()}"
    assert refusal(session, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600) == (
        "my plan.pdf is an old Office file or has a password: save it as docx, xlsx or pptx without one"
    )
    assert refusal(session, b"%PDF-1.7\n nothing more") == "my plan.pdf is damaged: it cannot be read as a PDF"
    assert refusal(session, drawing()[:90]) == "my plan.pdf is damaged: the picture is cut off"
    bomb = packed({"[Content_Types].xml": b"<a/>", "word/document.xml": b"\0" * 6_000_000})
    assert refusal(session, bomb) == "my plan.pdf unfolds to more than we can take: save it in smaller pieces"


def test_the_same_file_is_known_again_and_kept_once(session: Session, tmp_path: Path) -> None:
    sent = photograph()
    first = files.keep(session, BytesIO(sent), "one.jpg")
    again = files.keep(session, BytesIO(sent), "two.jpg")
    stripped = files.keep(session, BytesIO(files.content_of(first)), "three.jpg")
    assert (first.key, first.key) == (again.key, stripped.key)
    assert len(session.exec(select(SentFile)).all()) == 2
    assert len([one for one in (tmp_path / "evidence").rglob("*") if one.is_file()]) == 1


def test_a_file_that_the_store_lost_is_said_and_mended_by_sending_it_again(session: Session) -> None:
    stored = files.keep(session, BytesIO(photograph()), "one.jpg")
    kept = files.content_of(stored)
    store.remove(stored.sha256)
    with pytest.raises(StoreAway, match=r"missing from the store. Those who run the service can bring it back"):
        files.content_of(stored)
    assert files.keep(session, BytesIO(photograph()), "one.jpg").key == stored.key
    assert files.content_of(stored) == kept


def test_where_a_scanner_is_set_a_new_file_waits_for_it(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    old = files.keep(session, BytesIO(b"before"), "old.txt")
    monkeypatch.setenv("METSTANDARD_CLAMD", "127.0.0.1:9")
    settings.cache_clear()
    new = files.keep(session, BytesIO(PLAN), "new.txt")
    assert (old.scan, new.scan) == (Scan.NONE, Scan.QUARANTINED)
    assert files.content_of(old) == b"before"
    with pytest.raises(NotNow, match=r"This file is still being checked for viruses"):
        files.content_of(new)


def test_a_file_with_a_virus_is_not_given_out_and_not_taken_again(session: Session) -> None:
    stored = files.keep(session, BytesIO(photograph()), "one.jpg")
    kept = files.content_of(stored)
    stored.scan, stored.virus = Scan.INFECTED, "Met.Test"
    session.add(stored)
    session.flush()
    store.remove(stored.sha256)
    with pytest.raises(NotNow, match=r"A virus was found in this file, and it was removed"):
        files.content_of(stored)
    for content in (photograph(), kept):
        with pytest.raises(Invalid, match=r"^two.jpg was refused before: the virus scanner found Met.Test$"):
            files.keep(session, BytesIO(content), "two.jpg")
    assert store.holds(stored.sha256) is False


def test_the_table_refuses_a_virus_without_a_finding_and_a_finding_without_a_name(session: Session) -> None:
    from sqlalchemy.exc import IntegrityError  # noqa: PLC0415 (this test alone)

    for scan, virus in ((Scan.INFECTED, ""), (Scan.CLEAN, "Met.Test")):
        with pytest.raises(IntegrityError, match=r"virus_if_infected"), session.begin_nested():
            session.add(StoredFile(sha256="0" * 64, size=1, media_type="text/plain", scan=scan, virus=virus))
