"""PAdES-B-B through pyHanko: one invisible, named field whose signature covers the whole file and allows no change.

Apart from signing.py because pyHanko takes more than a second to load: a process that signs nothing is spared it.
"""

from __future__ import annotations

import asyncio
import io
import threading
from datetime import datetime
from typing import Any

import pkcs11
from asn1crypto import x509
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1, translate_pyca_cryptography_key_to_asn1
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from metstandard.common.errors import BadSetting
from metstandard.documents.keys import KeyFile

FIELD = "MetStandard"
_FIELD_ALOUD = "Electronic signature of the Met Standard"
_ROOM = 1024  # bytes in the file beyond the estimate, for a signature whose length varies


class Pades:
    """Signs PDFs with one key. Safe for several threads: a token takes one signature at a time."""

    def __init__(self, signer: signers.Signer) -> None:
        certificate = signer.signing_cert
        if certificate is None:
            raise BadSetting("The key that signs papers has no certificate")
        self.certificate: bytes = certificate.dump()
        self._signer = signer
        self._body = _organisation(certificate)
        self._lock = threading.Lock()
        self._reserved = 0

    def sign(self, pdf: bytes, reason: str, *, at: datetime) -> bytes:
        """The PDF with a certifying signature that allows no later change; `reason` and `at` stand in it.

        Raises whatever the token or the library raises: signing.py names it.
        """
        with self._lock:
            return asyncio.run(self._sign(pdf, reason, at))

    async def _sign(self, pdf: bytes, reason: str, at: datetime) -> bytes:
        meta = PdfSignatureMetadata(
            field_name=FIELD, reason=reason, name=self._body, md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES,
        )  # fmt: skip
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        session = PdfSigner(
            meta, self._signer, new_field_spec=SigFieldSpec(FIELD, readable_field_name=_FIELD_ALOUD)
        ).init_signing_session(writer)
        session.system_time = at
        if not self._reserved:
            self._reserved = _ROOM + await session.estimate_signature_container_size(None)
        prepared = session.prepare_tbs_document(
            validation_info=None, bytes_reserved=self._reserved, appearance_text_params=None
        )
        out = io.BytesIO()
        digest, _ = prepared.digest_tbs_document(output=out)
        await prepared.perform_signature(
            document_digest=digest.document_digest,
            pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=at),
        )
        return out.getvalue()


def _organisation(certificate: x509.Certificate) -> str:
    named: dict[str, Any] = certificate.subject.native
    return str(named.get("organization_name") or named.get("common_name") or certificate.subject.human_friendly)


def from_file(found: KeyFile) -> Pades:
    """A signer whose key lies in the memory of this process."""
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([translate_pyca_cryptography_cert_to_asn1(one) for one in found.chain])
    return Pades(
        signers.SimpleSigner(
            signing_cert=translate_pyca_cryptography_cert_to_asn1(found.certificate),
            signing_key=translate_pyca_cryptography_key_to_asn1(found.key),
            cert_registry=store,
        )
    )


def from_token(module: str, *, token: str, label: str, pin: str) -> Pades:
    """A signer whose key never leaves a PKCS#11 token. Raises BadSetting where there is no such token, key or PIN."""
    try:
        session = open_pkcs11_session(
            module, token_criteria=TokenCriteria(label=token) if token else None, user_pin=pin or None
        )
        signer = PKCS11Signer(session, cert_label=label, key_label=label)
        elliptic = signer.signing_cert.public_key.algorithm == "ec"
        if elliptic:  # most tokens take an elliptic key's digest only, not the text
            signer = PKCS11Signer(session, cert_label=label, key_label=label, use_raw_mechanism=True)
        return Pades(signer)
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as failed:
        raise BadSetting(
            f"METSTANDARD_SIGNING_MODULE: cannot use the key {label!r} of {module}: {type(failed).__name__} {failed}"
        ) from failed
