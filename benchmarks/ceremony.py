"""A thousand award certificates rendered and signed in one job, beside the bare library on the same kind of pages.

Ours is the whole job that a ceremony runs: pages filled one by one, one kept child that renders PDF/A-3a with PDF/UA-1,
a PAdES signature on each, progress told; the CPU of this process and of its children, divided by the papers. The peer
is the bare process of certificate.py. A second line says how the memory of the job, child included, stands at its
highest beside that after its hundredth paper.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from benchmarks.certificate import WARM, _ask, _bare, _cost
from benchmarks.row import Row
from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.documents import batch, citation, keys
from metstandard.documents.citation import CitationPaper
from metstandard.documents.identity import Identity, PaperKind

PAPERS = 1000
BARE = 40
SETTLED = 100
EVERY = 25
TARGET = 1.8
GROWTH = 1.2
_WORDS = (
    "On a night in March a family of four stood at the windows of a burning house. Without a ladder and without a mask"
    " the constable went in three times, brought out each of them, and went back once more for the neighbour above."
)


def run(papers: int = PAPERS) -> list[Row]:
    """CPU milliseconds per signed paper beside a bare render, and the job's memory beside that after a hundred."""
    bare = _bare_cost()
    with _key():
        cost, memory = _job(papers)
    settled, highest = memory[0], max(memory)
    return [
        Row(f"{papers} signed in one job", round(cost, 1), "CPU ms each", round(bare, 1), cost / bare, TARGET),
        Row("memory at its highest", highest, "MB", settled, highest / settled, GROWTH),
    ]


def _job(papers: int) -> tuple[float, list[float]]:
    """CPU milliseconds for each paper, and the memory from the hundredth paper on."""
    memory: list[float] = []
    began = _spent()
    pages = ((citation.html(_paper(number)), _identity(number)) for number in range(papers))
    for done, (_, body) in enumerate(batch.in_one_job(pages, total=papers, progress=_say), start=1):
        if b"/ETSI.CAdES.detached" not in body:
            raise SystemExit("a paper was not signed")
        if done >= min(SETTLED, papers) and done % EVERY == 0:
            memory.append(_memory())
    return (_spent() - began) * 1000 / papers, memory


def _identity(number: int) -> Identity:
    return Identity(PaperKind.AWARD, f"MA-{number:04}", f"7KQF-29TM-{number:04}")


def _paper(number: int) -> CitationPaper:
    return CitationPaper(
        number=f"MA-{number:04}",
        scheme="Individual achievement",
        category="Courage",
        who=f"Constable number {number}",
        names=(),
        words=_WORDS,
        announced_on=date(2026, 10, 14),
        posthumous=False,
        code=f"7KQF-29TM-{number:04}",
        verification_url=f"https://standard.example.org/verify/7KQF-29TM-{number:04}",
        revoked=False,
    )


def _say(done: int, total: int) -> None:
    if sys.stderr.isatty() or done % 200 == 0:
        print(f"  {done} of {total}", end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)


def _spent() -> float:
    """CPU seconds of this process and of every child that has ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _memory() -> float:
    """Megabytes that this process and its children hold just now."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    pages = [int(Path(f"/proc/{one}/statm").read_text(encoding="ascii").split()[1]) for one in ("self", *children)]
    return round(sum(pages) * resource.getpagesize() / 1_000_000, 1)


def _bare_cost() -> float:
    """CPU milliseconds of the bare library for a page, the median of some."""
    with _bare() as peer:
        costs = [_cost(peer.pid, partial(_ask, peer, citation.html(_paper(number)))) for number in range(BARE)]
    return statistics.median(costs[WARM:])


@contextmanager
def _key() -> Iterator[None]:
    """Settings that sign with a key made for this run."""
    with tempfile.TemporaryDirectory() as folder:
        now = clock.now()
        file = Path(folder) / "key.pem"
        keys.keep(keys.signing_pem("Bench", since=now, until=now + timedelta(days=1)), file)
        before = {name: os.environ.get(name) for name in ("METSTANDARD_SIGNING_KEY", "METSTANDARD_SIGNING_MODULE")}
        os.environ |= {"METSTANDARD_SIGNING_KEY": str(file), "METSTANDARD_SIGNING_MODULE": ""}
        settings.cache_clear()
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
            settings.cache_clear()


if __name__ == "__main__":
    for row in run(int(sys.argv[1]) if sys.argv[1:] else PAPERS):
        print(f"{row.name}: {row.figure} {row.unit}, beside {row.peer}, ratio {row.ratio:.2f} of at most {row.target}")
