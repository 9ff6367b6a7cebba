"""Check your answers, and the lock, after which nothing changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from metstandard.actions import commissioning
from metstandard.records.sheets import Sheet
from tests.factories.browser import form_of, soup
from tests.factories.sheets import autosave, fill, marks
from tests.factories.visiting import Visit, refused, visiting, words


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """The visit has ended, and nobody has marked anything."""
    with visiting(data, "scoring") as made:
        yield made


def test_check_your_answers_says_that_nothing_was_sent_and_links_each_change(visit: Visit) -> None:
    """Interface.md 19."""
    fill(visit, "peer1")
    page = visit.read("peer1", "scoring/check")
    assert "Nothing has been sent yet." in words(page)
    changes = [str(one["href"]) for one in page.select(".met-facts__change a")]
    assert (len(changes), changes[0], changes[-1]) == (
        28, visit.at("scoring/D1") + "#c-1.1", visit.at("scoring/D8") + "#c-8.3",
    )  # fmt: skip
    said = "1.1 Clear direction that staff and partners can repeat 3 Standard high confidence Strengths: Strength seen"
    assert said in words(page)
    assert form_of(page, "Lock and submit your sheet")


def test_an_incomplete_sheet_shows_what_is_missing_and_no_button(visit: Visit) -> None:
    fill(visit, "peer1")
    autosave(visit, level="", revision="1", strengths="Only words here.")
    page = visit.read("peer1", "scoring/check")
    assert "1 criterion is not complete yet: 1.1 ." in words(page)
    assert "Lacks a level, your confidence and linked evidence" in words(page)
    assert page.find("button", string="Lock and submit your sheet") is None
    token = visit.token("peer1", "scoring/check")
    answer = visit.as_("peer1").post(visit.at("scoring/check"), data={"csrf_token": token})
    errors = [one.get_text(strip=True) for one in soup(answer).select(".govuk-error-summary li")]
    assert (answer.status_code, errors) == (422, ["1.1 lacks a level, your confidence and linked evidence"])


def test_locking_confirms_with_reference_time_and_what_happens_next_and_again_the_same(visit: Visit) -> None:
    """Interface.md 5, 21."""
    fill(visit, "peer1")
    token = visit.token("peer1", "scoring/check")
    answers = [visit.as_("peer1").post(visit.at("scoring/check"), data={"csrf_token": token}) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, visit.at("scoring/done"))] * 2
    text = visit.text("peer1", "scoring/done")
    assert f"Your sheet is locked Reference {visit.reference}, peer sheet. Locked on " in text
    assert "Your sheet stays sealed until every sheet of the panel is locked." in text
    with visit.rows() as session:
        due = session.exec(select(Sheet)).one()
        assert due.locked_at is not None
    assert re.search(r"Sheets are due by \d+ \w+ \d{4}\.", text)


def test_a_locked_sheet_is_read_and_never_changed(visit: Visit) -> None:
    fill(visit, "peer1", lock=True)
    before = marks(visit)
    text = visit.text("peer1", "scoring")
    assert "Your locked sheet" in text
    assert "Strength seen by peer1 in 8.3." in text
    opened = [visit.get("peer1", f"scoring/{page}") for page in ("D1", "check")]
    assert [(one.status_code, one.location) for one in opened] == [(302, visit.at("scoring"))] * 2
    # The page has no form any more; a tab that was opened before still has one.
    data = {"csrf_token": visit.token("peer1", "scoring"), "revision-1.1": 1, "level-1.1": "0"}
    for address in ("scoring/D1", "scoring/D1/1.1"):
        answer = visit.as_("peer1").post(visit.at(address), data=data)
        assert (answer.status_code, refused(answer)) == (
            409, "Your sheet is locked: a later change is made only as a consensus level (SCO-3)",
        )  # fmt: skip
    assert marks(visit) == before


def test_who_locks_last_is_told_that_all_sheets_are_open(visit: Visit) -> None:
    fill(visit, "peer1", "council1", lock=True)
    fill(visit, "company1")
    answer = visit.press("company1", "scoring/check", "Lock and submit your sheet")
    assert "Every sheet is locked, and all of them are open to the panel." in words(soup(answer))


def test_before_the_visit_has_ended_the_sheet_is_not_open(data: Path) -> None:
    with visiting(data, "on_site") as visit:
        assert "Your sheet opens when the visit has ended." in visit.text("peer1", "scoring")
        opened = [visit.get("peer1", f"scoring/{page}").location for page in ("D1", "check", "done")]
        assert opened == [visit.at("scoring")] * 3


def test_a_paused_review_keeps_the_sheet_as_it_is(visit: Visit) -> None:
    autosave(visit, level="3")
    token = visit.token("peer1", "scoring/D1")
    with visit.play() as play:
        play.act(commissioning.pause, play.review, by=play["officer"], reason="A major incident.")
    assert "This review is paused. Your sheet is kept as it is." in visit.text("peer1", "scoring")
    answer = visit.as_("peer1").post(
        visit.at("scoring/D1"), data={"csrf_token": token, "revision-1.1": 1, "strengths-1.1": "Typed meanwhile."}
    )
    assert answer.status_code == 409
    assert "Typed meanwhile." in words(soup(answer))
