"""Consensus in the browser: side by side, agreed, found, signed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from sqlmodel import select
from werkzeug.test import TestResponse

from metstandard.actions import consensus, panels, scoring
from metstandard.actions.samples import fill_consensus
from metstandard.records.reviews import Signature
from metstandard.records.seats import Interest
from metstandard.records.sheets import AgreedLevel, Finding
from metstandard.rubric.shapes import Grade
from metstandard.rules.content import digest
from metstandard.web.shared.database import db
from tests.factories.agreeing import FOUND
from tests.factories.browser import filled, form_of, soup
from tests.factories.counting import queries
from tests.factories.stages import fill_sheet
from tests.factories.visiting import Visit, refused, visiting, words

JSON = {"Accept": "application/json"}


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """1.1 stands at 4, 3, 1; 1.2 at 3, NE, 3; 1.3 at NE for all; nothing is agreed."""
    with visiting(data, "apart") as made:
        yield made


@pytest.fixture
def agreed(visit: Visit) -> Visit:
    """Everything is agreed; nobody has signed."""
    with visit.play() as play:
        play.act(fill_consensus, play.review, by=play["peer1"])
    return visit


def rows(visit: Visit) -> dict[str, tuple[str, str, int]]:
    with visit.rows() as session:
        found = session.exec(select(AgreedLevel)).all()
        return {one.criterion: (one.level, one.rationale, one.revision) for one in found}


def autosave(visit: Visit, word: str = "peer1", code: str = "1.4", **fields: Any) -> TestResponse:
    """What autosave.js sends for one criterion."""
    data = {"csrf_token": visit.token(word, "consensus/D1"), f"revision-{code}": 0}
    data |= {f"{name}-{code}": value for name, value in fields.items()}
    return visit.as_(word).post(visit.at(f"consensus/D1/{code}"), data=data, headers=JSON)


def part(page: BeautifulSoup, code: str) -> str:
    found = page.find(id=f"c-{code}")
    assert isinstance(found, Tag)
    return " ".join(found.get_text(" ", strip=True).split())


def test_the_overview_shows_marks_spread_and_what_each_criterion_needs(visit: Visit) -> None:
    page = visit.read("peer1", "consensus")
    table = page.select_one("table.met-table--marks")
    assert table is not None
    heads = [one.get_text(strip=True) for one in table.select("thead th")]
    lines = [[cell.get_text(" ", strip=True) for cell in line.select("th, td")] for line in table.select("tbody tr")]
    assert heads == ["Criterion", "Peer", "Local authority", "Private", "Spread", "Agreed", "State"]
    assert lines[0] == [
        "1.1 Clear direction that staff and partners can repeat Gateway", "4", "3", "1", "3", "–",
        "Needs an agreed level, the reasons for it and the record of the discussion",
    ]  # fmt: skip
    assert lines[2][1:5] == ["NE", "NE", "NE", "0"]
    assert "28 criteria still need something before anybody can sign." in words(page)
    assert page.find("a", string="Read and sign") is None


def test_three_sheets_stand_side_by_side_with_text_and_evidence(visit: Visit) -> None:
    section = part(visit.read("company1", "consensus/D1"), "1.1")
    assert section.startswith(
        "1.1 Clear direction that staff and partners can repeat 3 levels apart: record the discussion "
        "Peer, lead 4 Leading Low confidence Strengths: peer1 saw a strength in 1.1. To improve: peer1 would mend 1.1. "
        "3 pieces of evidence , 1.1, Peer Plan (document) Panel's interview Residents' survey "
        "Local authority 3 Standard"
    )
    assert "Needed: the marks are 3 levels apart." in section
    assert "Only for a level outside 1 to 4" in section


def test_not_enough_evidence_is_pointed_out_and_cannot_be_agreed(visit: Visit) -> None:
    page = visit.read("peer1", "consensus/D1")
    assert "Somebody had not enough evidence: clear it here, or it counts as 0" in part(page, "1.2")
    assert [one["value"] for one in page.select("input[name='level-1.2']")] == ["0", "1", "2", "3", "4"]


def test_autosave_answers_after_the_commit(visit: Visit) -> None:
    answer = autosave(visit, rationale="Half a thou")
    assert (answer.status_code, (answer.json or {}).get("revision"), rows(visit)) == (
        200, 1, {"1.4": ("", "Half a thou", 1)},
    )  # fmt: skip
    wrong = autosave(visit, code="1.3", level="NE")
    assert (wrong.status_code, (wrong.json or {})["field"]) == (422, "level-1.3")


def test_a_page_saves_without_javascript_and_goes_on(visit: Visit) -> None:
    answer = visit.press(
        "peer1", "consensus/D1", "Save and continue", **{"level-1.4": "3", "rationale-1.4": "All saw it."}
    )
    assert answer.request.path == visit.at("consensus/D2")
    back = visit.press("peer1", "consensus/D8", "Save and go to the overview", **{"level-8.1": "3"})
    assert back.request.path == visit.at("consensus")
    assert rows(visit) == {"1.4": ("3", "All saw it.", 1), "8.1": ("3", "", 1)}


def test_two_members_at_once_get_both_versions(visit: Visit) -> None:
    old = filled(form_of(visit.read("peer1", "consensus/D1"), "Save and continue"))
    autosave(visit, "council1", level="2", rationale="The council's words.")
    answer = visit.as_("peer1").post(
        visit.at("consensus/D1"), data=old | {"level-1.4": "3", "rationale-1.4": "Mine.", "level-1.2": "3"}
    )
    page = soup(answer)
    assert answer.status_code == 409
    assert "A colleague saved this since you opened the page." in words(page)
    assert rows(visit) == {"1.4": ("2", "The council's words.", 1), "1.2": ("3", "", 1)}
    visit.as_("peer1").post(visit.at("consensus/D1"), data=filled(form_of(page, "Keep my version")))
    assert rows(visit)["1.4"] == ("3", "Mine.", 2)


def test_a_level_against_a_dissent_stays_on_the_page_with_its_message(visit: Visit) -> None:
    visit.press("company1", "consensus/dissent/1.1", "Record my dissent", dissent="I saw none of it.")
    answer = visit.press("peer1", "consensus/D1", "Save and continue", **{"level-1.1": "4"})
    page = soup(answer)
    errors = [one.get_text(strip=True) for one in page.select(".govuk-error-summary li")]
    assert (answer.status_code, errors) == (
        422,
        ["1.1: A dissent is recorded, so the median stands. Take the dissent back to agree another level (SCO-4)"],
    )  # fmt: skip
    assert page.title is not None
    assert page.title.get_text().startswith("Error: ")


def test_a_dissent_is_recorded_read_by_the_others_and_taken_back(visit: Visit) -> None:
    before = visit.text("company1", "consensus/dissent/1.1")
    assert "The marks are 4, 3 and 1. When the panel cannot agree, the middle one stands: level 3." in before
    done = visit.press("company1", "consensus/dissent/1.1", "Record my dissent", dissent="I saw none of it.")
    assert "Your dissent on 1.1 is recorded. The median stands." in words(soup(done))
    assert "Dissent The median, 3, stands. I saw none of it." in part(visit.read("peer1", "consensus/D1"), "1.1")
    assert "A colleague’s dissent is recorded: I saw none of it." in visit.text("peer1", "consensus/dissent/1.1")
    back = visit.press("company1", "consensus/dissent/1.1", "Take my dissent back")
    assert "Your dissent on 1.1 is taken back." in words(soup(back))
    assert "Dissent The median" not in part(visit.read("peer1", "consensus/D1"), "1.1")


def test_an_empty_dissent_is_asked_for_beside_its_field(visit: Visit) -> None:
    answer = visit.press("company1", "consensus/dissent/1.1", "Record my dissent", dissent=" ")
    link = soup(answer).select_one(".govuk-error-summary a")
    assert link is not None
    assert (answer.status_code, link["href"], link.get_text()) == (422, "#dissent", "Say what you hold and why (SCO-4)")


def test_the_signing_page_shows_exactly_what_is_signed_under_its_hash(agreed: Visit) -> None:
    with agreed.play() as play:
        seen = digest(play.session, play.review, "consensus")
        every = [one.rationale for one in play.session.exec(select(AgreedLevel)).all()]
        found = [one.text for one in play.session.exec(select(Finding)).all()]
        scope = play.review.scope
    page = agreed.read("peer1", "consensus/sign")
    text = words(page)
    assert [one for one in [*every, *found, scope] if " ".join(one.split()) not in text] == []
    assert len(page.select(".met-three .met-version")) == 28 * 3
    assert filled(form_of(page, "Sign the consensus"))["seen"] == seen
    assert f"Its fingerprint is {seen}" in text
    assert "nothing to declare." in text


def test_signing_needs_the_declaration_re_affirmed(agreed: Visit) -> None:
    answer = agreed.press("peer1", "consensus/sign", "Sign the consensus")
    link = soup(answer).select_one(".govuk-error-summary a")
    assert link is not None
    assert (answer.status_code, link.get_text()) == (422, "Confirm that your declaration still holds")


def test_all_three_sign_and_the_draft_is_written(agreed: Visit) -> None:
    first = agreed.press("peer1", "consensus/sign", "Sign the consensus", reaffirm="y")
    assert "You have signed the consensus as it stands." in words(soup(first))
    assert "Signed Peer: Peer reviewer 1 (SCD5) Not signed Local authority" in words(soup(first))
    agreed.press("council1", "consensus/sign", "Sign the consensus", reaffirm="y")
    last = agreed.press("company1", "consensus/sign", "Sign the consensus", reaffirm="y")
    assert "You have signed the consensus, and so has everybody." in words(soup(last))
    assert "It waits for the lead reviewer" in words(soup(last))
    assert agreed.get("peer1", "consensus/sign").status_code == 409
    assert agreed.read("peer1", "consensus/D1").select("main textarea, main input") == []


def test_signing_twice_is_one_signature_with_the_same_answer(agreed: Visit) -> None:
    form = filled(form_of(agreed.read("peer1", "consensus/sign"), "Sign the consensus")) | {"reaffirm": "y"}
    answers = [agreed.as_("peer1").post(agreed.at("consensus/sign"), data=form) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, agreed.at("consensus"))] * 2
    with agreed.rows() as session:
        assert len(session.exec(select(Signature).where(Signature.purpose == "consensus")).all()) == 1


def test_what_changed_after_the_page_was_opened_is_not_signed(agreed: Visit) -> None:
    form = filled(form_of(agreed.read("peer1", "consensus/sign"), "Sign the consensus")) | {"reaffirm": "y"}
    agreed.press("council1", "consensus/findings", "Add the finding", **FOUND)
    answer = agreed.as_("peer1").post(agreed.at("consensus/sign"), data=form)
    page = soup(answer)
    assert answer.status_code == 422
    assert "The consensus has changed since this page was opened. Read it again, then sign" in words(page)
    assert filled(form_of(page, "Sign the consensus"))["seen"] != form["seen"]


def test_a_change_after_signing_is_told_to_who_signed(agreed: Visit) -> None:
    agreed.press("peer1", "consensus/sign", "Sign the consensus", reaffirm="y")
    agreed.press("council1", "consensus/findings", "Add the finding", **FOUND)
    assert "Signed, then changed Peer: Peer reviewer 1 (SCD5)" in agreed.text("peer1", "consensus")
    assert "You have signed before, and something was changed since." in agreed.text("peer1", "consensus/sign")


def test_an_old_sign_in_is_asked_for_the_password_first(agreed: Visit) -> None:
    client = agreed.as_("peer1")
    form = filled(form_of(agreed.read("peer1", "consensus/sign"), "Sign the consensus")) | {"reaffirm": "y"}
    with client.session_transaction() as kept:
        kept["confirmed_at"] = 0.0
    answer = client.post(agreed.at("consensus/sign"), data=form)
    assert answer.status_code == 302
    assert answer.location.startswith("/account/confirm")
    with agreed.rows() as session:
        assert session.exec(select(Signature).where(Signature.purpose == "consensus")).all() == []


def test_an_empty_seat_is_said_and_nobody_can_sign(agreed: Visit) -> None:
    """COI-9: who has a prejudicial interest leaves; two of three never close a consensus."""
    with agreed.play() as play:
        play.act(
            panels.declare_interests, play.review, by=play["company1"], interest=Interest.PREJUDICIAL,
            stage="consensus", detail="A bid is open.",
        )  # fmt: skip
    text = agreed.text("peer1", "consensus")
    assert "A seat of the panel is empty: private. The consensus cannot be closed." in text
    page = agreed.read("peer1", "consensus/sign")
    assert page.find("button", string="Sign the consensus") is None
    assert agreed.get("company1", "consensus").status_code == 403


@pytest.mark.parametrize("word", ["officer", "authority", "member", "commander", "peer2"])
def test_nobody_else_may_enter(visit: Visit, word: str) -> None:
    pages = ("consensus", "consensus/D1", "consensus/findings", "consensus/sign", "consensus/dissent/1.1")
    assert {visit.get(word, page).status_code for page in pages} <= {403, 404}


def test_a_strange_domain_or_criterion_is_not_there(visit: Visit) -> None:
    assert [visit.get("peer1", f"consensus/{page}").status_code for page in ("D9", "dissent/9.9")] == [404, 404]


def test_evidence_too_thin_for_a_level_warns_the_panel(visit: Visit) -> None:
    autosave(visit, level="4", rationale="So.", new_evidence="An audit.")
    text = visit.text("peer1", "consensus")
    assert "The evidence does not carry the agreed level of 1.4." in text
    assert "Without it no decision will be possible (R7)" in text


def test_the_overview_takes_the_same_queries_however_much_is_agreed(visit: Visit) -> None:
    def opened() -> int:
        with visit.app.app_context():
            engine = db.engine
        with queries(engine) as sent:
            assert visit.get("peer1", "consensus").status_code == 200
        return len(sent)

    visit.get("peer1", "consensus")  # signs in
    counts = [opened()]
    with visit.play() as play:
        play.act(fill_consensus, play.review, by=play["peer1"])
        for number in range(3):
            play.act(
                consensus.add_finding,
                play.review,
                by=play["peer1"],
                criterion="1.1",
                grade=Grade.GOOD,
                text=f"Good {number}.",
            )
    counts.append(opened())
    assert counts == [24, 24]


def test_the_samples_fill_what_is_missing(data: Path) -> None:
    with visiting(data, "scoring", demo=True) as visit:
        with visit.play() as play:
            for word in ("peer1", "council1", "company1"):
                fill_sheet(play, word)
                play.act(scoring.lock_sheet, play.review, by=play[word])
        answer = visit.press("peer1", "consensus", "Fill with sample")
        assert "Nothing is missing. Read it once more, then sign." in words(soup(answer))


def test_a_sealed_review_explains_itself(data: Path) -> None:
    with visiting(data, "scoring") as visit:
        assert "Consensus opens when every sheet is locked." in visit.text("peer1", "consensus")
        assert refused(visit.get("peer1", "consensus/sign")).startswith("Consensus opens when every sheet is locked.")
