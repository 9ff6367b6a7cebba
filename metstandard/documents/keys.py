"""Keys of the papers: made once, kept for this account only, read from where the settings say.

A paper is signed with an elliptic key (P-256) and a certificate that carries it; a badge with an Ed25519 key.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates
from cryptography.x509.oid import NameOID

from metstandard.common.errors import BadSetting, MetStandardError


class KeyExists(MetStandardError):
    """A key is never written over another: what was signed with that one could no longer be signed again."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What a file of a paper's key holds: the key, its certificate, and the certificates above it."""

    key: PrivateKeyTypes
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


def signing_pem(body: str, *, since: datetime, until: datetime) -> bytes:
    """A new key with a certificate that it signs itself, in the name of a body, as one PEM text."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, body),
            x509.NameAttribute(NameOID.COMMON_NAME, "Met Standard papers"),
        ]
    )
    public = key.public_key()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_only_signs(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _pem(key) + made.public_bytes(Encoding.PEM)


def _only_signs() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def badge_pem() -> bytes:
    """A new Ed25519 key as PEM text."""
    return _pem(ed25519.Ed25519PrivateKey.generate())


def _pem(key: PrivateKeyTypes) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def keep(text: bytes, file: Path) -> None:
    """Write a key for this account only (0600), whole or not at all. Raises KeyExists where a file is already."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(text)
        os.link(name, file)  # unlike a rename it never replaces, whoever else makes one at the same moment
    except FileExistsError:
        raise KeyExists(f"{file} is there already: a key is never replaced") from None
    finally:
        Path(name).unlink()


def signing_file(file: Path, passphrase: str, *, setting: str) -> KeyFile:
    """The key and certificates of a PKCS#12 or PEM file. Raises BadSetting naming the setting, never the passphrase."""
    text = _read(file, setting)
    secret = passphrase.encode() or None
    try:
        if b"-----BEGIN" in text:
            key, certificates = load_pem_private_key(text, secret), x509.load_pem_x509_certificates(text)
        else:
            found, first, others = load_key_and_certificates(text, secret)
            if found is None or first is None:
                raise BadSetting(f"{setting}: {file} holds no key with its certificate")
            key, certificates = found, [first, *others]
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadSetting(
            f"{setting}: {file} is no key with a certificate, or METSTANDARD_SIGNING_PASSPHRASE is wrong"
        ) from None
    own = [one for one in certificates if one.public_key() == key.public_key()]
    if not own:
        raise BadSetting(f"{setting}: no certificate in {file} belongs to its key")
    return KeyFile(key, own[0], tuple(one for one in certificates if one is not own[0]))


def certificates_file(file: Path, *, setting: str) -> list[x509.Certificate]:
    """The certificates of a PEM file. Raises BadSetting naming the setting."""
    try:
        return x509.load_pem_x509_certificates(_read(file, setting))
    except ValueError:
        raise BadSetting(f"{setting}: {file} holds no certificate") from None


def badge_file(file: Path, *, setting: str) -> bytes:
    """The PEM text of an Ed25519 key. Raises BadSetting naming the setting."""
    text = _read(file, setting)
    try:
        right = isinstance(load_pem_private_key(text, None), ed25519.Ed25519PrivateKey)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        right = False
    if not right:
        raise BadSetting(f"{setting}: {file} is no Ed25519 key: make one with `metstandard key badges FILE`")
    return text


def der(certificate: x509.Certificate) -> bytes:
    """A certificate as bytes."""
    return certificate.public_bytes(Encoding.DER)


def fingerprint(certificate: bytes) -> str:
    """What a certificate (DER) is known by: 64 hexadecimal digits of SHA-256."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(certificate)
    return digest.finalize().hex()


def _read(file: Path, setting: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as failed:
        raise BadSetting(f"{setting}: cannot read {file}: {failed.strerror}") from None
