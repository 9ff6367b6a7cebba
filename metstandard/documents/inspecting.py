"""The process that reads a PDF from a stranger, started by verifying.py for one file and then gone.

A hostile file may be as deep, as large or as twisted as it likes: memory and CPU are limited here, the clock on the
wall by the parent. It reads the PDF from its input and writes what it found as JSON; it opens no file and no network.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import resource
import sys
from typing import Any

MEGABYTES = 768
CPU_SECONDS = 15
MOST_SIGNATURES = 8
LONGEST_REASON = 300


def inspected(body: bytes) -> dict[str, Any]:
    """What a PDF holds: `readable`, `locked`, and its `signatures`, each with what it proves of the file."""
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 (after the limits are set)
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 (as above)

    try:
        reader = PdfFileReader(io.BytesIO(body))
        if reader.encrypted:
            return {"readable": False, "locked": True, "signatures": []}
        found = reader.embedded_regular_signatures[-MOST_SIGNATURES:]
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError, OSError):
        return {"readable": False, "locked": False, "signatures": []}
    return {"readable": True, "locked": False, "signatures": [_signature(one, body) for one in found]}


def _signature(one: Any, body: bytes) -> dict[str, Any]:
    """Whose signature it is, whether it holds, whether it covers the whole file, and the line it was given."""
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity  # noqa: PLC0415 (after the limits are set)
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415 (as above)

    certificate = one.signer_cert
    said = {"fingerprint": hashlib.sha256(certificate.dump()).hexdigest(), "holds": False, "whole": False, "reason": ""}
    try:
        one.compute_integrity_info(skip_diff=True)
        intact, valid = validate_sig_integrity(one.signer_info, certificate, "data", one.compute_digest())
        said["holds"] = bool(intact and valid)
        said["whole"] = one.coverage == SignatureCoverageLevel.ENTIRE_FILE and _nothing_hides(one, body)
        said["reason"] = str(one.sig_object.get("/Reason", ""))[:LONGEST_REASON]
    except Exception as broken:  # noqa: BLE001 - whatever is wrong with it, it does not hold
        logging.getLogger(__name__).info("signature does not hold: %s", type(broken).__name__)
    return said


def _nothing_hides(one: Any, body: bytes) -> bool:
    """Whether the gap that no signature can cover, its own place, holds the signature and zeros and nothing else."""
    from asn1crypto import cms  # noqa: PLC0415 (after the limits are set)

    _, end, start, _ = (int(number) for number in one.byte_range)
    kept = bytes(one.pkcs7_content)
    rest = kept[len(cms.ContentInfo.load(kept).dump()) :]
    return body[end:start] == b"<" + kept.hex().upper().encode() + b">" and not rest.strip(b"\0")


def main() -> None:
    """Limits first, then one file, then one answer."""
    size = MEGABYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    logging.disable(logging.CRITICAL)
    body = sys.stdin.buffer.read()
    try:
        found = inspected(body)
    except (MemoryError, RecursionError):
        found = {"readable": False, "locked": False, "signatures": []}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
