"""The sealed score sheet in the browser: marking, saving, two versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import Tag
from sqlmodel import select

from metstandard.records.evidence import Evidence, EvidenceLink, EvidenceType
from metstandard.web.shared.database import db
from tests.factories.browser import filled, form_of, soup
from tests.factories.counting import queries
from tests.factories.sheets import JSON, autosave, fill, marks, part, words_of
from tests.factories.visiting import Visit, visiting, words


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """The visit has ended, and nobody has marked anything."""
    with visiting(data, "scoring") as made:
        yield made


# What one sees -------------------------------------------------------------------------------------------------------


def test_the_sheet_is_a_list_of_domains_with_their_state(visit: Visit) -> None:
    """Interface.md 16."""
    autosave(visit, level="3")
    page = visit.read("peer1", "scoring")
    rows = [" ".join(one.get_text(" ", strip=True).split()) for one in page.select(".met-tasks li")]
    assert rows[:2] == [
        "D1 Leadership and direction 0 of 4 criteria complete In progress",
        "D2 Fighting crime and performance 0 of 4 criteria complete Not started",
    ]
    assert rows[-1] == "Check your answers and lock Possible when every criterion is complete Cannot start yet"
    assert len(rows) == 9


def test_reopening_goes_on_where_one_was(visit: Visit) -> None:
    start = visit.read("peer1", "scoring").select_one("a.govuk-button")
    token = visit.token("peer1", "scoring/D2")
    visit.as_("peer1").post(
        visit.at("scoring/D2/2.3"), data={"csrf_token": token, "revision-2.3": 0, "level-2.3": "2"}, headers=JSON
    )
    again = visit.read("peer1", "scoring").select_one("a.govuk-button")
    assert start is not None
    assert again is not None
    assert (start.get_text(strip=True), str(start["href"])) == (
        "Start with 1.1 Clear direction that staff and partners can repeat", visit.at("scoring/D1") + "#c-1.1",
    )  # fmt: skip
    assert again.get_text(strip=True).startswith("Continue with 2.3 ")
    assert str(again["href"]) == visit.at("scoring/D2") + "#c-2.3"


def test_every_level_stands_beside_its_descriptor_with_what_to_look_for(visit: Visit) -> None:
    """Interface.md 17."""
    section = part(visit.read("peer1", "scoring/D1"), "1.1")
    radios = section.select("input[type=radio][name='level-1.1']")
    described = {str(one["value"]): section.find(id=str(one["aria-describedby"])) for one in radios}
    texts = {value: one.get_text(strip=True) for value, one in described.items() if isinstance(one, Tag)}
    assert list(texts) == ["0", "1", "2", "3", "4", "NE"]
    assert texts["3"].startswith("Anyone stopped in a corridor names the same few priorities")
    assert texts["NE"] == (
        "Say below what you still need to see. What the panel cannot clear in consensus counts as level 0."
    )
    heads = [one.get_text(strip=True) for one in section.select("aside h3")]
    evidence = [one.get_text(" ", strip=True) for one in section.select(".govuk-checkboxes label")]
    assert heads == ["What to look for", "What to ask"]
    assert evidence[0] == "Plan (document) (Document, from the unit)"
    assert len(evidence) == 4


def test_what_is_saved_is_shown_again(visit: Visit) -> None:
    autosave(
        visit,
        level="NE",
        strengths="Line one\nline two <b>",
        improvements="More",
        confidence="low",
        evidence=["2", "3"],
    )
    form = form_of(visit.read("peer1", "scoring/D1"), "Save and continue")
    values = {name: value for name, value in filled(form).items() if name.endswith("-1.1")}
    assert values == {
        "revision-1.1": "1", "level-1.1": ["NE"], "strengths-1.1": "Line one\nline two <b>", "improvements-1.1": "More",
        "evidence-1.1": ["2", "3"], "confidence-1.1": ["low"],
    }  # fmt: skip


def test_what_does_not_apply_is_not_asked(visit: Visit) -> None:
    with visit.play() as play:
        play.review.not_applicable = {"4.1": "A national unit."}
    assert [one["id"] for one in visit.read("peer1", "scoring/D4").select(".met-criterion")] == ["c-4.2", "c-4.3"]
    assert "Agreed as not applicable to this unit: 4.1." in visit.text("peer1", "scoring")


def test_the_units_own_view_is_there_to_open(visit: Visit) -> None:
    section = part(visit.read("peer1", "scoring/D1"), "1.1")
    details = section.select_one("details")
    assert details is not None
    assert words_of(details) == "The unit’s own view of 1.1 Level 3. What we do about 1.1."


# Saving --------------------------------------------------------------------------------------------------------------


def test_autosave_answers_after_the_commit_with_time_and_revision(visit: Visit) -> None:
    """Interface.md 18."""
    answer = autosave(visit, strengths="Half a")
    assert (answer.status_code, sorted(answer.json or {}), (answer.json or {})["revision"]) == (
        200, ["notes", "revision", "saved_at"], 1,
    )  # fmt: skip
    assert re.fullmatch(r"\d{1,2}(:\d\d)?(am|pm)", (answer.json or {})["saved_at"])
    assert marks(visit) == {"1.1": ("", "Half a", 1)}


def test_a_stale_autosave_and_a_wrong_level_say_so(visit: Visit) -> None:
    autosave(visit, strengths="First")
    stale = autosave(visit, strengths="Second")
    wrong = autosave(visit, level="7", code="1.2")
    unsure = autosave(visit, code="1.3", confidence="quite")
    assert (stale.status_code, stale.json) == (
        409, {"error": "This criterion was saved elsewhere since you opened it.", "field": ""},
    )  # fmt: skip
    assert (wrong.status_code, wrong.json) == (422, {"error": "Choose one of the levels (SCO-1)", "field": "level-1.2"})
    assert (unsure.status_code, unsure.json) == (
        422, {"error": "Choose low, medium or high", "field": "confidence-1.3"},
    )  # fmt: skip


def test_a_whole_page_saves_without_javascript_and_goes_on(visit: Visit) -> None:
    answer = visit.press(
        "peer1", "scoring/D1", "Save and continue", **{"level-1.1": "3", "strengths-1.3": "A thought."}
    )
    assert answer.request.path == visit.at("scoring/D2")
    assert "Nothing has been sent yet." in words(soup(answer))
    assert marks(visit) == {"1.1": ("3", "", 1), "1.3": ("", "A thought.", 1)}


def test_one_can_save_and_go_to_the_list(visit: Visit) -> None:
    answer = visit.press("peer1", "scoring/D8", "Save and go to the list", **{"level-8.1": "3"})
    assert answer.request.path == visit.at("scoring")


def test_the_last_domain_goes_on_to_the_list(visit: Visit) -> None:
    answer = visit.press("peer1", "scoring/D8", "Save and continue", **{"level-8.1": "3"})
    assert answer.request.path == visit.at("scoring")


def test_the_same_form_twice_is_one_save(visit: Visit) -> None:
    form = filled(form_of(visit.read("peer1", "scoring/D1"), "Save and continue")) | {"level-1.1": "3"}
    answers = [visit.as_("peer1").post(visit.at("scoring/D1"), data=form | {"do": "next"}) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, visit.at("scoring/D2"))] * 2
    assert marks(visit) == {"1.1": ("3", "", 1)}


def test_two_tabs_get_both_versions_and_everything_else_is_saved(visit: Visit) -> None:
    """Interface.md 6: nothing typed is lost."""
    old = filled(form_of(visit.read("peer1", "scoring/D1"), "Save and continue"))
    autosave(visit, strengths="The other tab.", evidence=["1"])
    answer = visit.as_("peer1").post(
        visit.at("scoring/D1"), data=old | {"strengths-1.1": "This tab.", "level-1.1": "4", "level-1.2": "2"}
    )
    page = soup(answer)
    assert answer.status_code == 409
    assert words(page).startswith(f"Camden BOCU, review {visit.reference} There are two versions of 1.1")
    assert [words_of(one) for one in page.select(".met-version")] == [
        "The version saved in the meantime (empty) Copy this text", "Your version 4",
        "The version saved in the meantime The other tab. Copy this text", "Your version This tab.",
    ]  # fmt: skip
    assert "Evidence ticked in the meantime: Plan (document). Yours: none." in words(page)
    assert marks(visit) == {"1.1": ("", "The other tab.", 1), "1.2": ("2", "", 1)}
    kept = visit.as_("peer1").post(
        visit.at("scoring/D1"), data=filled(form_of(page, "Keep my version")) | {"do": "stay"}
    )
    assert (kept.status_code, kept.location) == (303, visit.at("scoring/D1"))
    assert marks(visit)["1.1"] == ("4", "This tab.", 2)


def test_a_text_that_is_too_long_stays_on_the_page_with_its_message(visit: Visit) -> None:
    """Interface.md 4."""
    answer = visit.press(
        "peer1", "scoring/D1", "Save and continue", **{"strengths-1.1": "x" * 20_001, "level-1.2": "3"}
    )
    page = soup(answer)
    link = page.select_one(".govuk-error-summary a")
    assert (answer.status_code, page.title.get_text() if page.title else "") == (
        422, "Error: D1 Leadership and direction – Reviewers – Met Standard",
    )  # fmt: skip
    assert link is not None
    assert (link["href"], link.get_text(strip=True)) == ("#strengths-1.1", "1.1: Write at most 20,000 characters")
    assert len(filled(form_of(page, "Save and continue"))["strengths-1.1"]) == 20_001
    assert marks(visit) == {"1.2": ("3", "", 1)}


def test_a_page_of_another_domain_or_criterion_is_not_there(visit: Visit) -> None:
    token = visit.token("peer1", "scoring/D1")
    strange = visit.as_("peer1").post(visit.at("scoring/D1/9.9"), data={"csrf_token": token, "revision-9.9": 0})
    empty = visit.as_("peer1").post(visit.at("scoring/D1/1.1"), data={"csrf_token": token})
    assert [visit.get("peer1", "scoring/D9").status_code, strange.status_code, empty.status_code] == [404, 404, 404]


# Cost ----------------------------------------------------------------------------------------------------------------


def test_the_sheet_opens_with_the_same_nine_queries_however_full_it_is(visit: Visit) -> None:
    def opened() -> int:
        with visit.app.app_context():
            engine = db.engine
        with queries(engine) as sent:
            assert visit.get("peer1", "scoring/D1").status_code == 200
        return len(sent)

    visit.get("peer1", "scoring")  # signs in
    counts = [opened()]
    fill(visit, "peer1")
    with visit.rows() as session:
        for number in range(3):
            session.add(Evidence(review_id=1, kind=EvidenceType.DATA, title=f"More {number}", added_by_id=1))
        session.flush()
        for one in session.exec(select(Evidence).where(Evidence.title.startswith("More"))).all():
            session.add(EvidenceLink(evidence_id=one.key, criterion="1.1"))
    counts.append(opened())
    assert counts == [9, 9]
