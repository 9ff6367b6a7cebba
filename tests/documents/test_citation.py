"""The certificate of an award: one page to frame, every name of a large team on the next, valid whatever was typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from metstandard.documents import citation, render
from metstandard.documents.citation import CitationPaper
from tests.documents import reading
from tests.tools.verapdf.judge import judge

WORLD = "Ærø Łódź Ελένη سلام שלום 中 🦄 \u200f\u202e\x00 ✓ <b>" + "a" * 60
ALONE = CitationPaper(
    number="MA-0007", scheme="Individual Achievement", category="Courage", who="Olive Officer", names=(),
    words="For going into the water without a thought for anything but the child.", announced_on=date(2026, 12, 1),
    posthumous=False, code="7KQF-29TM-XWBA", verification_url="https://example.org/verify/7KQF-29TM-XWBA",
    revoked=False,
)  # fmt: skip
TEAM = replace(ALONE, scheme="Team Achievement", who="The canal team", names=("Tess Team", "Tom Team"))
LARGE = replace(TEAM, names=tuple(f"Member number {number} of the team" for number in range(60)))
PAPERS = {
    "alone": ALONE,
    "team": TEAM,
    "large": LARGE,
    "longest": replace(ALONE, who="Somebody of a very long name " * 4, words="word " * 100),
    "world": replace(TEAM, who=WORLD, names=(WORLD,) * 7, words=WORLD),
    "nobody": replace(ALONE, who="", words=""),
    "revoked": replace(ALONE, who="", words="", revoked=True),
}


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """Each paper as PDF."""
    return {name: render.pdf(citation.html(one)) for name, one in PAPERS.items()}


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_every_certificate_of_an_award_complies(made: dict[str, bytes], tmp_path: Path, flavour: str) -> None:
    for name, body in made.items():
        (tmp_path / f"{name}.pdf").write_bytes(body)
    files = sorted(tmp_path.iterdir())
    assert judge(flavour, files) == {file: [] for file in files}


def test_it_is_one_page_and_only_a_large_team_has_a_second(made: dict[str, bytes]) -> None:
    counts = {name: len(reading.pages(body)) for name, body in made.items()}
    assert counts == dict.fromkeys(PAPERS, 1) | {"large": 2, "world": counts["world"]}


def test_it_says_who_for_what_and_how_to_check_it(made: dict[str, bytes]) -> None:
    assert reading.text(made["alone"]) == (
        "Authority Individual AchievementGiven to Olive Officer For going into the water without a thought for "
        "anything but the child. Courage · Announced on 1 December 2026 Award MA-0007 Verify at "
        "https://example.org/verify/7KQF-29TM-XWBA Code 7KQF-29TM-XWBA"
    )
    assert "Tess Team and Tom Team" in reading.text(made["team"])


def test_every_name_of_a_large_team_stands_on_it(made: dict[str, bytes]) -> None:
    first, second = reading.pages(made["large"])
    assert "60 people, named on the next page" in first
    assert [name for name in LARGE.names if name not in second] == []


def test_a_revoked_award_names_nobody_and_says_so(made: dict[str, bytes]) -> None:
    text = reading.text(made["revoked"])
    assert "This award was revoked." in text
    assert "Given to" not in text


def test_typed_words_are_no_markup() -> None:
    assert "<b>aaa" not in citation.html(PAPERS["world"])


@pytest.mark.parametrize("name", ["alone", "longest"])
def test_nothing_runs_into_what_stands_below_it(made: dict[str, bytes], name: str) -> None:
    """The last line of the main part ends above the seal."""
    assert reading.lowest(made[name], "Announced") < 148
