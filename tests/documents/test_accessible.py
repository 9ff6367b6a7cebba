"""Every paper keeps PDF/UA-1 and PDF/A-3a at once; veraPDF is the judge."""

from __future__ import annotations

from pathlib import Path

import pytest
import weasyprint

from metstandard.documents import certificate, report
from metstandard.documents.certificate import Signatory
from metstandard.documents.report import Paragraph, Section
from tests.documents import papers
from tests.tools.verapdf.judge import JudgeMissing, judge

WORLD = "Ærø Łódź Ελένη Ольга سلام שלום 中 🦄 \u200f\u202e\x00 ✓ e\u0301 ﬁ " + "a" * 300


def _papers() -> dict[str, bytes]:
    """Papers of all sizes: plain, long, empty, and with every script of the world."""
    many = tuple(Paragraph(number, f"Paragraph {number}. " + "Words of the panel. " * 12) for number in range(200))
    return {
        "certificate": certificate.pdf(papers.certificate()),
        "certificate-long": certificate.pdf(
            papers.certificate(unit_name="Unit " * 30, scope="scope " * 60, status="suspended", marking="official")
        ),
        "certificate-world": certificate.pdf(
            papers.certificate(unit_name=WORLD, commander=WORLD, signatories=(Signatory(WORLD, WORLD),) * 2)
        ),
        "report": report.pdf(papers.report()),
        "report-long": report.pdf(papers.report(sections=(Section("Long", many),), statement="Ten words\n\n" * 40)),
        "report-empty": report.pdf(papers.empty_report()),
        "report-world": report.pdf(
            papers.report(unit_name=WORLD, statement=WORLD, block=papers.block(title=WORLD, summary=WORLD))
        ),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All papers as files, and one that the bare library made without our care."""
    place = tmp_path_factory.mktemp("papers")
    for name, pdf in _papers().items():
        (place / f"{name}.pdf").write_bytes(pdf)
    bare = weasyprint.HTML(string=certificate.html(papers.certificate()).replace("asset:", "data:,")).write_pdf()
    (place / "bare.pdf").write_bytes(bare)
    return place


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_every_paper_complies(folder: Path, flavour: str) -> None:
    verdicts = judge(flavour, sorted(folder.iterdir()))
    assert verdicts.pop(folder / "bare.pdf") != [], "the judge can say no"
    assert verdicts == {file: [] for file in folder.iterdir() if file.name != "bare.pdf"}
    assert len(verdicts) == 7


def test_a_missing_jdk_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(JudgeMissing, match="apt-get install openjdk-17-jdk-headless"):
        judge("ua1", [])
