"""A paper is signed where it is made, with the key that the settings name, and keeps both standards."""

from __future__ import annotations

import io
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from pypdf import PdfReader

from metstandard.common import clock
from metstandard.common.errors import BadSetting
from metstandard.common.settings import settings
from metstandard.documents import batch, certificate, keys, signing, store
from metstandard.documents.identity import Identity, PaperKind, identity_of
from metstandard.documents.report import html as report_html
from tests.documents import papers, signed
from tests.tools.verapdf.judge import judge

NOON = datetime(2026, 10, 14, 12, tzinfo=UTC)


def told(pdf: bytes, folder: Path) -> dict[str, str]:
    """What another program (poppler's pdfsig) says of the only signature of a file."""
    file = folder / "told.pdf"
    file.write_bytes(pdf)
    text = subprocess.run(["pdfsig", str(file)], check=True, capture_output=True, text=True).stdout
    assert text.count("Signature #") == 1
    lines = [line.strip(" -") for line in text.splitlines()]
    return dict(line.split(": ", 1) for line in lines if ": " in line) | {
        "whole": str("Total document signed" in lines)
    }


def signed_line(pdf: bytes) -> tuple[str, str]:
    """Reason and time of the signature, as a third library reads them."""
    (field,) = (PdfReader(io.BytesIO(pdf)).get_fields() or {}).values()
    value = field["/V"]
    return str(value["/Reason"]), str(value["/M"])


@pytest.fixture
def with_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings that name a key in a PEM file."""
    file = signed.key_file(tmp_path)
    signed.use(monkeypatch, signing_key=str(file))
    return file


def test_another_program_finds_one_valid_signature_over_the_whole_file(with_key: Path, tmp_path: Path) -> None:
    with clock.pinned_to(NOON):
        pdf = store.kept(certificate.html(papers.certificate()), identity=signed.IDENTITY)
    said = told(pdf, tmp_path)
    assert (said["Signature Validation"], said["whole"]) == ("Signature is Valid.", "True")
    assert said["Signature Type"] == "ETSI.CAdES.detached"
    assert said["Signer full Distinguished Name"] == "CN=Met Standard papers,O=A body"
    assert said["Signature Field Name"] == "MetStandard"
    assert signed_line(pdf) == ("Certificate MS-0007 (7KQF-29TM-XWBA)", "D:20261014120000Z"), "by the programme's clock"


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_signed_papers_keep_both_standards(with_key: Path, tmp_path: Path, flavour: str) -> None:
    pages = {
        "certificate": certificate.html(papers.certificate()),
        "suspended": certificate.html(papers.certificate(status="suspended", marking="official")),
        "report": report_html(papers.report()),
    }
    for name, page in pages.items():
        (tmp_path / f"{name}.pdf").write_bytes(store.kept(page, identity=signed.IDENTITY, folder=tmp_path / "kept"))
    files = sorted(tmp_path.glob("*.pdf"))
    assert [b"/ETSI.CAdES.detached" in file.read_bytes() for file in files] == [True] * 3
    assert judge(flavour, files) == {file: [] for file in files}


def test_without_a_key_a_paper_stays_as_it_was_rendered(tmp_path: Path) -> None:
    page = certificate.html(papers.certificate())
    assert signing.signer() is None
    assert store.kept(page, identity=signed.IDENTITY) == store.kept(page) == certificate.pdf(papers.certificate())


def test_a_signed_paper_is_kept_and_signed_anew_under_another_key(with_key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: E501  # fmt: skip
    page = certificate.html(papers.certificate())
    first = store.kept(page, identity=signed.IDENTITY)
    assert store.kept(page, identity=signed.IDENTITY) == first
    assert b"ETSI" not in store.kept(page), "what is not to be signed is not"
    signed.use(monkeypatch, signing_key=str(signed.key_file(tmp_path, "Another")))
    assert told(store.kept(page, identity=signed.IDENTITY), tmp_path)["Signer full Distinguished Name"].endswith(
        "O=Another"
    )


def test_a_token_signs_without_giving_its_key_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signed.token(tmp_path, monkeypatch)
    with ThreadPoolExecutor(4) as threads:
        opened = list(threads.map(lambda _: signing.signer(), range(4)))
    assert opened == [signing.signer()] * 4, "opened once, although four asked at the same moment"
    pdf = store.kept(certificate.html(papers.certificate()), identity=signed.IDENTITY)
    assert told(pdf, tmp_path)["Signature Validation"] == "Signature is Valid."
    assert told(pdf, tmp_path)["Signer full Distinguished Name"].endswith("O=A body with a token")
    signed.use(monkeypatch, signing_label="no such key")
    signing.check(settings())
    with pytest.raises(BadSetting, match="METSTANDARD_SIGNING_MODULE: cannot use the key 'no such key'"):
        signing.signer()


def test_a_locked_pkcs12_file_opens_with_its_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = keys.signing_file(signed.key_file(tmp_path), "", setting="x")
    own = serialize_key_and_certificates(
        b"papers", found.key, found.certificate, None, BestAvailableEncryption(b"open sesame")  # type: ignore[arg-type]
    )  # fmt: skip
    file = tmp_path / "key.p12"
    file.write_bytes(own)
    signed.use(monkeypatch, signing_key=str(file), signing_passphrase="open sesame")
    own_signer = signing.signer()
    assert own_signer is not None
    assert own_signer.fingerprint == keys.fingerprint(keys.der(found.certificate))
    signed.use(monkeypatch, signing_passphrase="wrong")
    with pytest.raises(BadSetting, match="METSTANDARD_SIGNING_PASSPHRASE is wrong") as refused:
        signing.check(settings())
    assert "sesame" not in str(refused.value)


def test_a_start_refuses_keys_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, text = signed.key_file(tmp_path), tmp_path / "text"
    text.write_text("nothing")
    half = tmp_path / "half.pem"
    half.write_bytes(good.read_bytes().split(b"-----BEGIN CERTIFICATE")[0])
    for values, said in [
        ({"signing_key": str(tmp_path / "none")}, "METSTANDARD_SIGNING_KEY: cannot read"),
        ({"signing_key": str(text)}, "is no key with a certificate"),
        ({"signing_key": str(half)}, "no key with a certificate|no certificate in"),
        ({"signing_key": str(good), "signing_module": "x"}, "both set"),
        ({"signing_key": "", "signing_module": "x"}, "there is no file x"),
        ({"signing_module": signed.module()}, "METSTANDARD_SIGNING_LABEL"),
        ({"signing_module": "", "signing_former": str(text)}, "METSTANDARD_SIGNING_FORMER"),
        ({"signing_former": "", "badge_key": str(good)}, "METSTANDARD_BADGE_KEY: .* is no Ed25519 key"),
    ]:
        signed.use(monkeypatch, **values)
        with pytest.raises(BadSetting, match=said):
            signing.check(settings())
    signed.use(monkeypatch, badge_key="")
    signing.check(settings())


def test_a_demonstration_makes_keys_of_its_own_for_nobody_else_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: E501  # fmt: skip
    assert (signing.signs(settings()), signing.badge_key(settings())) == (False, None)
    signed.use(monkeypatch, demo="1")
    own = signing.signer()
    assert own is not None
    made = [tmp_path / "badge-key.pem", tmp_path / "signing-key.pem"]
    assert signing.badge_key(settings()) == made[0].read_bytes()
    assert [stat.S_IMODE(file.stat().st_mode) for file in made] == [0o600, 0o600]
    name = x509.load_der_x509_certificate(own.certificate).subject.rfc4514_string()
    assert name == f"CN=Met Standard papers,O={signing.DEMONSTRATION}"
    signed.use(monkeypatch, log_level="DEBUG")
    again = signing.signer()
    assert again is not None
    assert again.fingerprint == own.fingerprint


def test_a_key_is_never_written_over_another(tmp_path: Path) -> None:
    file = signed.key_file(tmp_path)
    before = file.read_bytes()
    with pytest.raises(keys.KeyExists):
        keys.keep(b"another", file)
    assert (file.read_bytes(), [one.name for one in tmp_path.iterdir()]) == (before, [file.name])


def test_a_key_that_fails_stops_the_paper_instead_of_leaving_it_unsigned(with_key: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # noqa: E501  # fmt: skip
    own = signing.signer()
    assert own is not None
    with pytest.raises(signing.SigningFailed, match="did not answer") as failed:
        own.sign(b"%PDF-1.7 cut short", signed.IDENTITY)
    assert failed.value.detail


@pytest.mark.parametrize("kind", PaperKind)
def test_the_line_of_a_signature_is_read_back(kind: PaperKind) -> None:
    identity = Identity(kind, "MS/2026/014", "version 1.0")
    assert identity_of(str(identity)) == identity
    assert identity_of(f"{identity} and more") is None
    assert identity_of("Invoice 7 (x)") is None


def test_many_papers_are_made_in_one_job_that_tells_how_far_it_is(with_key: Path) -> None:
    told_of: list[tuple[int, int]] = []
    wanted = [Identity(PaperKind.CERTIFICATE, f"MS-{number:04}", "CODE") for number in range(3)]
    pages = ((certificate.html(papers.certificate(number=one.title)), one) for one in wanted)
    done = list(batch.in_one_job(pages, total=3, progress=lambda *so_far: told_of.append(so_far)))
    assert [identity for identity, _ in done] == wanted
    assert told_of == [(1, 3), (2, 3), (3, 3)]
    assert [signed_line(body)[0] for _, body in done] == [str(one) for one in wanted]
