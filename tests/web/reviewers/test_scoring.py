"""The sealed score sheet in the browser: marking, saving, two versions, locking, and what never shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from sqlmodel import select
from werkzeug.test import TestResponse

from metstandard.actions import commissioning, panels, scoring
from metstandard.records.evidence import Evidence, EvidenceLink, EvidenceType
from metstandard.records.sheets import Mark, Sheet
from metstandard.web.shared.database import db
from tests.factories.browser import filled, form_of, soup
from tests.factories.counting import queries
from tests.factories.stages import fill_sheet
from tests.factories.visiting import Visit, refused, visiting, words

JSON = {"Accept": "application/json"}


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """The visit has ended, and nobody has marked anything."""
    with visiting(data, "scoring") as made:
        yield made


def marks(visit: Visit) -> dict[str, tuple[str, str, int]]:
    with visit.rows() as session:
        return {one.criterion: (one.level, one.strengths, one.revision) for one in session.exec(select(Mark)).all()}


def autosave(visit: Visit, word: str = "peer1", code: str = "1.1", **fields: Any) -> TestResponse:
    """What autosave.js sends for one criterion."""
    data = {"csrf_token": visit.token(word, "scoring/D1")} | {f"revision-{code}": 0}
    data |= {f"{name}-{code}": value for name, value in fields.items()}
    return visit.as_(word).post(visit.at(f"scoring/D1/{code}"), data=data, headers=JSON)


def fill(visit: Visit, *people: str, lock: bool = False) -> None:
    """Complete sheets, locked on request."""
    with visit.play() as play:
        for word in people:
            fill_sheet(play, word)
            if lock:
                play.act(scoring.lock_sheet, play.review, by=play[word])


def part(page: BeautifulSoup, code: str) -> Tag:
    found = page.find(id=f"c-{code}")
    assert isinstance(found, Tag)
    return found


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


def words_of(tag: Tag) -> str:
    return " ".join(tag.get_text(" ", strip=True).split())


# Saving --------------------------------------------------------------------------------------------------------------


def test_autosave_answers_after_the_commit_with_time_and_revision(visit: Visit) -> None:
    """Interface.md 18."""
    answer = autosave(visit, strengths="Half a")
    assert (answer.status_code, sorted(answer.json or {}), (answer.json or {})["revision"]) == (
        200, ["revision", "saved_at"], 1,
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


# Checking and locking ------------------------------------------------------------------------------------------------


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


def test_evidence_too_thin_for_the_level_is_said_before_the_lock(visit: Visit) -> None:
    """Rules.md B5, R7: none can be added after the visit."""
    fill(visit, "peer1")
    visit.press("peer1", "scoring/D2", "Save and go to the list", **{"level-2.2": "4"})
    text = visit.text("peer1", "scoring/check")
    assert "The evidence is thin for 2.2." in text
    assert "Level 4 needs at least 1 external source, there are none." in text
    assert "Lock and submit your sheet" in text


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


# What never shows ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["officer", "authority", "member", "commander", "peer2", "press", "administrator"])
def test_nobody_else_may_enter_a_sheet(visit: Visit, word: str) -> None:
    answers = [visit.get(word, f"scoring{page}").status_code for page in ("", "/D1", "/check", "/done")]
    assert set(answers) <= {403, 404}


def test_nothing_is_shown_before_the_seat_is_accepted(data: Path) -> None:
    """Interface.md 15."""
    with visiting(data, "panel_forming") as visit:
        with visit.play() as play:
            play.act(panels.seat, play.review, person=play["peer1"], kind="peer", lead=True, by=play["officer"])
        answer = visit.get("peer1", "scoring")
        assert (answer.status_code, refused(answer)) == (
            409, "Declare your interests and accept your seat first. Then this page opens for you.",
        )  # fmt: skip


PAGES = {
    "company1": ("/reviewers/", "/reviewers/reviews", *(
        f"/reviewers/reviews/REF{page}"
        for page in ("", "/scoring", "/scoring/D1", "/scoring/check", "/consensus", "/reporting", "/accuracy", "/visit")
    )),
    "officer": (
        "/authority/", "/authority/board", "/authority/letters", "/authority/reviews/REF",
        "/authority/reviews/REF/panel",
    ),
    "authority": ("/authority/", "/authority/board", "/authority/reviews/REF", "/authority/reviews/REF/panel"),
    "member": ("/authority/", "/authority/board", "/authority/reviews/REF", "/authority/reviews/REF/moderation"),
    "link": ("/authority/", "/authority/reviews/REF"),
    "commander": ("/units/", "/units/standing", "/units/reviews/REF"),
}  # fmt: skip


def seen(visit: Visit, word: str) -> dict[str, tuple[int, str]]:
    """What somebody may see of a review and of what they have to do, without what differs by request."""
    found = {}
    for address in PAGES[word]:
        answer = visit.as_(word).get(address.replace("REF", visit.reference))
        page = soup(answer)
        for one in page.select("[name=csrf_token], [name=whose_form], [nonce]"):
            one.decompose()
        found[address] = (answer.status_code, str(page))
    return found


def test_others_sheets_do_not_show_anywhere_not_even_that_one_is_locked(visit: Visit) -> None:
    """SCO-3: the same pages whether two colleagues have filled and locked, or have not begun (non-interference)."""
    before = {word: seen(visit, word) for word in PAGES}
    assert {status for pages in before.values() for status, _ in pages.values()} == {200}
    now = visit.now
    fill(visit, "peer1", "council1", lock=True)
    visit.now = now
    with visit.rows() as session:
        assert len([one for one in session.exec(select(Sheet)).all() if one.locked_at]) == 2
    assert {word: seen(visit, word) for word in PAGES} == before


def test_a_direct_way_to_consensus_is_barred_while_sealed_alike_for_who_has_and_has_not_locked(visit: Visit) -> None:
    fill(visit, "peer1", "council1", lock=True)
    for word in ("peer1", "company1"):
        for page in ("consensus/D1", "consensus/findings", "consensus/dissent/1.1", "consensus/sign"):
            answer = visit.get(word, page)
            assert (answer.status_code, refused(answer)) == (
                409, "Consensus opens when every sheet is locked. Until then all of them are sealed.",
            ), page  # fmt: skip


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
