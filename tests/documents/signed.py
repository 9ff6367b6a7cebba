"""Keys for the tests of signed papers, and a real PKCS#11 token in a folder (SoftHSM)."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from metstandard.common.settings import settings
from metstandard.documents import keys
from metstandard.documents.identity import Identity, PaperKind

SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2046, 1, 1, tzinfo=UTC)
IDENTITY = Identity(PaperKind.CERTIFICATE, "MS-0007", "7KQF-29TM-XWBA")
TOKEN, LABEL, PIN = "papers of the body", "papers", "4321"


def use(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    """Put settings into the environment and read them anew."""
    for name, value in values.items():
        monkeypatch.setenv(f"METSTANDARD_{name.upper()}", value)
    settings.cache_clear()


def key_file(folder: Path, body: str = "A body") -> Path:
    """A new key with its certificate in a PEM file."""
    file = folder / f"{body}.pem"
    keys.keep(keys.signing_pem(body, since=SINCE, until=UNTIL), file)
    return file


def both_keys(folder: Path) -> dict[str, str]:
    """Settings that name a key for papers and one for badges, made in a folder where they are missing."""
    badges = folder / "badges.pem"
    if not badges.exists():
        keys.keep(keys.badge_pem(), badges)
        key_file(folder)
    return {"signing_key": str(folder / "A body.pem"), "badge_key": str(badges)}


def module() -> str:
    """The PKCS#11 module that Debian's softhsm2 installs."""
    return str(next(Path("/usr/lib").glob("**/libsofthsm2.so")))


def token(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token in `folder` with a key and its certificate, and the settings that lead to it."""
    import pkcs11  # noqa: PLC0415 (only here, after the token's folder is known)
    from cryptography import x509  # noqa: PLC0415 (as above)
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 (as above)
        Encoding,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
    )

    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(conf))
    run = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "12345678"]
    subprocess.run(run, check=True, capture_output=True)
    text = keys.signing_pem("A body with a token", since=SINCE, until=UNTIL)
    key = folder / "key.pem"
    key.write_bytes(load_pem_private_key(text, None).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    run = ["softhsm2-util", "--import", str(key), "--token", TOKEN, "--label", LABEL, "--id", "01", "--pin", PIN]
    subprocess.run(run, check=True, capture_output=True)
    certificate = x509.load_pem_x509_certificate(text[text.index(b"-----BEGIN CERTIFICATE") :])
    with pkcs11.lib(module()).get_token(token_label=TOKEN).open(rw=True, user_pin=PIN) as session:
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.LABEL: LABEL,
                pkcs11.Attribute.ID: b"\x01",
                pkcs11.Attribute.SUBJECT: certificate.subject.public_bytes(),
                pkcs11.Attribute.VALUE: keys.der(certificate),
            }
        )
    use(monkeypatch, signing_module=module(), signing_token=TOKEN, signing_label=LABEL, signing_pin=PIN)
