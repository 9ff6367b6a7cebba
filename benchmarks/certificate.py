"""CPU per certificate, from its data to the finished PDF, beside the bare library on the very same pages.

Ours: filling the template, drawing the QR code, the pipes to the child, and PDF/A-3a with PDF/UA-1. The peer: one
process that does nothing but `weasyprint.HTML(string=page).write_pdf(font_config=...)`, with the same fonts and without
tags or archive metadata. Both are measured warm, in turns, document by document; of each side the median counts.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from benchmarks.row import Row
from metstandard.documents import assets, certificate
from metstandard.documents.certificate import CertificatePaper, Signatory
from metstandard.documents.fonts import configuration
from metstandard.documents.render import Renderer
from metstandard.documents.wire import received, send

TARGET = 1.3
WARM = 3
DOCUMENTS = 40


def run() -> list[Row]:
    """CPU milliseconds per certificate, ours and the bare render's."""
    papers = [_paper(number) for number in range(DOCUMENTS)]
    ours, bare = [], []
    with Renderer() as renderer, _bare() as peer:
        for number, paper in enumerate(papers):
            page = certificate.html(paper)
            bare.append(_cost(peer.pid, partial(_ask, peer, page)))
            ours.append(_cost(renderer.process_id, partial(_ours, renderer, paper)))
            if number < WARM:
                ours.clear()
                bare.clear()
    figure, against = statistics.median(ours), statistics.median(bare)
    return [Row("certificate", round(figure, 1), "CPU ms", round(against, 1), round(figure / against, 2), TARGET)]


def _ours(renderer: Renderer, paper: CertificatePaper) -> bytes:
    return renderer.pdf(certificate.html(paper))


def _cost(process: int | None, act: Callable[[], object]) -> float:
    """CPU milliseconds of this process and of another while `act` runs; 0 before the other was started."""
    its = None if process is None else (~process << 3) | 2  # Linux: the CPU clock of another process

    def spent() -> float:
        return time.process_time() + (time.clock_gettime(its) if its is not None else 0)

    before = spent()
    act()
    return (spent() - before) * 1000


@contextmanager
def _bare() -> Iterator[subprocess.Popen[bytes]]:
    """A process that renders with the library alone, with the fonts of the product."""
    with tempfile.TemporaryDirectory() as name:
        fonts = Path(name) / "fonts.conf"
        fonts.write_text(configuration(assets.folders(), Path(name) / "cache"), encoding="utf-8")
        with subprocess.Popen(
            [sys.executable, "-m", "benchmarks.certificate", "bare"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).resolve().parents[1],
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        ) as process:
            yield process
            process.communicate()


def _ask(process: subprocess.Popen[bytes], page: str) -> bytes | None:
    send(cast("BinaryIO", process.stdin), page.encode())
    return received(cast("BinaryIO", process.stdout))


def _render_bare() -> None:
    """In the process of its own: render pages until there are no more."""
    import weasyprint  # noqa: PLC0415 - only this process needs it
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - as above

    from metstandard.documents.child import BundledOnly  # noqa: PLC0415 - as above

    fonts, fetcher = FontConfiguration(), BundledOnly(assets.folders())
    while (page := received(sys.stdin.buffer)) is not None:
        document = weasyprint.HTML(string=page.decode(), base_url="asset:", url_fetcher=fetcher)
        send(sys.stdout.buffer, document.write_pdf(font_config=fonts))


def _paper(number: int) -> CertificatePaper:
    return CertificatePaper(
        number=f"MS-{number:04}",
        unit_name=f"Borough Operational Command Unit {number}",
        unit_code=f"U{number}",
        commander="the Borough Commander",
        scope="the whole unit",
        rubric_title="Met Standard",
        rubric_edition="1",
        decided_on=date(2026, 10, 14),
        valid_from=date(2026, 10, 14),
        valid_until=date(2029, 10, 14),
        issued_on=date(2026, 11, 2),
        verification_url=f"https://standard.example.org/certificates/7KQF-29TM-{number:04}",
        code=f"7KQF-29TM-{number:04}",
        journal_head=f"{number:064x}",
        status="current",
        signatories=(
            Signatory("Metropolitan Police Authority", "Chief Executive"),
            Signatory("Commissioner of Police", "Deputy Commissioner"),
        ),
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["bare"]:
        _render_bare()
    else:
        for row in run():
            print(f"{row.name}: {row.figure} {row.unit}, bare {row.peer}, ratio {row.ratio} of at most {row.target}")
