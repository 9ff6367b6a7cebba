"""What a level still needs stands beside it, and a sheet is not locked while a level lacks it (B5, R7)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from metstandard.records.evidence import Evidence, EvidenceLink, EvidenceType
from metstandard.records.sheets import Sheet
from tests.factories.browser import soup
from tests.factories.sheets import autosave, fill, part, words_of
from tests.factories.visiting import Visit, visiting, words


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """The visit has ended, and nobody has marked anything."""
    with visiting(data, "scoring") as made:
        yield made


def needs(visit: Visit, code: str = "1.1") -> dict[str, str]:
    """What the page says beside each level of a criterion, and below its evidence."""
    found = part(visit.read("peer1", "scoring/D1"), code).select("[id^=needs-]")
    return {str(one["id"]).removeprefix(f"needs-{code}").removeprefix("-"): words_of(one) for one in found}


TWO, THREE = "1 more kind of evidence", "2 more kinds of evidence"
OUTSIDE, EXTERNAL, YEARS = "1 item from outside the unit", "1 external source", "2 years of outcome data"


def test_what_each_level_needs_stands_beside_its_radio_before_anything_is_chosen(visit: Visit) -> None:
    one = "Still missing: 1 kind of evidence."
    assert needs(visit) == {
        "0": one, "1": one, "2": one, "3": f"Still missing: 2 kinds of evidence and {OUTSIDE}.",
        "4": f"Still missing: 3 kinds of evidence, {OUTSIDE}, {EXTERNAL} and {YEARS}.", "": "",
    }  # fmt: skip


def test_it_is_part_of_what_a_screen_reader_says_of_the_radio(visit: Visit) -> None:
    section = part(visit.read("peer1", "scoring/D1"), "1.1")
    radio = section.select_one("input[value='3'][name='level-1.1']")
    assert radio is not None
    assert section.select_one(f"[id='{radio['aria-describedby']}'] #needs-1\\.1-3") is not None


def test_a_saved_mark_says_what_its_level_needs_when_the_page_is_opened_again(visit: Visit) -> None:
    """Without JavaScript the page says it after each save."""
    autosave(visit, level="3", evidence=["1", "2"])
    assert needs(visit) == {
        "0": "", "1": "", "2": "", "3": f"Still missing: {OUTSIDE}.",
        "4": f"Still missing: {TWO}, {OUTSIDE}, {EXTERNAL} and {YEARS}.",
        "": (
            f"Level 3 still needs {OUTSIDE} (R7). Tick more evidence here, choose the level that your evidence "
            "carries, or choose NE. No evidence can be added while sheets are sealed."
        ),
    }  # fmt: skip


def test_the_answer_to_each_save_brings_what_the_page_then_says(visit: Visit) -> None:
    """So it follows the ticks while one works: the same words as on the page."""
    for revision, ticked in enumerate((["1"], ["1", "3"])):
        answer = autosave(visit, level="3", evidence=ticked, revision=str(revision)).json or {}
        notes = {key.removeprefix("needs-1.1").removeprefix("-"): text for key, text in answer["notes"].items()}
        assert notes == needs(visit)
    assert notes[""] == ""


def test_evidence_filed_under_another_criterion_can_be_ticked_and_is_kept(visit: Visit) -> None:
    with visit.rows() as session:
        session.add(
            Evidence(
                id=50, review_id=1, kind=EvidenceType.SURVEY, title="Residents' survey", by_unit=False, external=True,
                outcome_years=2, added_by_id=1,
            )
        )  # fmt: skip
        session.flush()
        session.add(EvidenceLink(evidence_id=50, criterion="8.3"))
    section = part(visit.read("peer1", "scoring/D1"), "1.1")
    other = section.select_one("details.met-others")
    assert other is not None
    assert words_of(other) == "Other evidence of this review for 1.1 Residents' survey (Survey, from the panel)"
    autosave(visit, level="4", evidence=["1", "3", "50"])
    section = part(visit.read("peer1", "scoring/D1"), "1.1")
    ticked = [str(one["value"]) for one in section.select("input[name='evidence-1.1'][checked]")]
    assert (ticked, section.select_one("details.met-others"), needs(visit)["4"]) == (["1", "3", "50"], None, "")


def test_evidence_that_was_taken_out_no_longer_carries_a_level(visit: Visit) -> None:
    autosave(visit, level="3", evidence=["1", "3"])
    with visit.rows() as session:
        gone = session.get_one(Evidence, 3)
        gone.removed_at = gone.added_at
        session.add(gone)
    assert needs(visit)["3"] == f"Still missing: {TWO} and {OUTSIDE}."


def test_a_level_that_its_evidence_does_not_carry_bars_the_lock_with_the_list(visit: Visit) -> None:
    """R7: each criterion is named with what it lacks, and the sheet stays as it is."""
    fill(visit, "peer1")
    visit.press("peer1", "scoring/D2", "Save and go to the list", **{"level-2.2": "4"})
    visit.press("peer1", "scoring/D8", "Save and go to the list", **{"evidence-8.3": ["1"]})
    text = visit.text("peer1", "scoring/check")
    token = visit.token("peer1", "scoring/check")
    answer = visit.as_("peer1").post(visit.at("scoring/check"), data={"csrf_token": token})
    errors = [words_of(one) for one in soup(answer).select(".govuk-error-summary li")]
    assert "The evidence you ticked does not carry your level of 2.2 and 8.3 (R7)." in text
    assert "Lock and submit your sheet" not in text
    assert (answer.status_code, errors) == (422, [
        ("2.2 lacks evidence that carries its level. Level 4 needs at least 1 external source, there are none. "
        "Level 4 needs at least 2 years of outcome data, there are none. (R7)"),
        ("8.3 lacks evidence that carries its level. Level 3 needs at least 2 kinds of evidence, there is 1. "
        "Level 3 needs at least 1 item from outside the unit, there are none. (R7)"),
    ])  # fmt: skip
    with visit.rows() as session:
        assert [one.locked_at for one in session.exec(select(Sheet)).all()] == [None]


def test_not_enough_evidence_needs_none_and_can_be_locked(visit: Visit) -> None:
    fill(visit, "peer1")
    visit.press("peer1", "scoring/D8", "Save and go to the list", **{"level-8.3": "NE", "evidence-8.3": []})
    answer = visit.press("peer1", "scoring/check", "Lock and submit your sheet")
    assert "Your sheet is locked" in words(soup(answer))


def test_the_list_of_domains_does_not_call_such_a_domain_complete(visit: Visit) -> None:
    fill(visit, "peer1")
    visit.press("peer1", "scoring/D2", "Save and go to the list", **{"level-2.2": "4"})
    page = visit.read("peer1", "scoring")
    rows = [words_of(one) for one in page.select(".met-tasks li")]
    start = page.select_one("a.govuk-button")
    assert rows[1] == "D2 Fighting crime and performance 3 of 4 criteria complete In progress"
    assert start is not None
    assert words_of(start).startswith("Continue with 2.2 ")
