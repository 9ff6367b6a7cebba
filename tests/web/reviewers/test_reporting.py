"""The report in the browser: read by the panel, written and sent by the lead reviewer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from metstandard.actions import reporting
from metstandard.common import clock
from metstandard.records.reviews import Deputy, Review
from metstandard.records.sheets import Paragraph
from metstandard.web.shared.database import db
from tests.factories.browser import filled, form_of, soup
from tests.factories.counting import queries
from tests.factories.visiting import Visit, refused, visiting, words

LEAD = "peer1"
SENT = {"marking_checked": "y", "nobody_named": "y"}
JSON = {"Accept": "application/json"}


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """The consensus is signed; the draft has just been made."""
    with visiting(data, "reporting") as made:
        yield made


def paragraph(visit: Visit, number: int) -> tuple[str, int]:
    with visit.rows() as session:
        one = session.exec(select(Paragraph).where(Paragraph.number == number)).one()
        return one.text, one.revision


def state(visit: Visit) -> str:
    with visit.rows() as session:
        return session.exec(select(Review.state)).one()


def lend(visit: Visit, word: str, part: str) -> None:
    """Make somebody a deputy in this review."""
    with visit.rows() as session:
        session.add(
            Deputy(
                review_id=1, principal_id=visit.people[LEAD].key, person_id=visit.people[word].key, part=part,
                from_on=clock.today(),
            )
        )  # fmt: skip


def test_the_lead_reads_the_whole_draft_with_a_way_into_each_paragraph(visit: Visit) -> None:
    page = visit.read(LEAD, "reporting")
    text = words(page)
    assert "It waits for the lead reviewer" in text
    assert [one.get_text(" ", strip=True) for one in page.select("main h2")][:3] == [
        "Summary", "D1 Leadership and direction", "D2 Fighting crime and performance",
    ]  # fmt: skip
    assert (
        "1.1 Clear direction that staff and partners can repeat (level 3 Standard) 7 The panel agrees on 1.1." in text
    )
    links = [str(one["href"]) for one in page.select(".met-paragraph a")]
    assert links == [visit.at(f"reporting/{number}") for number in range(1, 42)]
    assert page.find("a", string="Check and send the draft")


@pytest.mark.parametrize("word", ["council1", "company1"])
def test_the_rest_of_the_panel_reads_and_cannot_write(visit: Visit, word: str) -> None:
    page = visit.read(word, "reporting")
    assert page.find("a", string="Check and send the draft") is None
    one = visit.read(word, "reporting/7")
    assert one.select("main form") == []
    token = visit.token(word, "reporting")
    answer = visit.as_(word).post(visit.at("reporting/7"), data={"csrf_token": token, "text": "Mine.", "revision": "1"})
    assert (answer.status_code, refused(answer)) == (403, "This is not yours to do")
    assert visit.get(word, "reporting/send").status_code == 409


def test_a_paragraph_is_edited_beside_what_it_is_made_from(visit: Visit) -> None:
    text = visit.text(LEAD, "reporting/7")
    assert "Paragraph 7: 1.1 Clear direction that staff and partners can repeat" in text
    assert "What it is made from 1.1 Clear direction that staff and partners can repeat 3 Standard" in text
    assert "Strengths: Strength seen by company1 in 1.1." in text
    assert "The unit’s own view of 1.1 Level 3. What we do about 1.1." in text
    before = paragraph(visit, 7)[0]
    done = visit.press(LEAD, "reporting/7", "Save and go to the next", text="Every shift says the same.")
    assert done.request.path == visit.at("reporting/8")
    assert paragraph(visit, 7) == ("Every shift says the same.", 2)
    history = visit.read(LEAD, "reporting/7").select_one("section")
    assert history is not None
    assert "Peer reviewer 1 (SCD5) Every shift says the same." in " ".join(history.get_text(" ", strip=True).split())
    assert "drafted from the consensus" in history.get_text()
    assert before.split()[-1] in history.get_text()


def test_the_last_paragraph_goes_back_to_the_report(visit: Visit) -> None:
    page = visit.read(LEAD, "reporting/41")
    assert page.find("button", string="Save and go to the next") is None
    done = visit.press(LEAD, "reporting/41", "Save and go to the report", text="The end.")
    assert done.request.path == visit.at("reporting")


def test_a_paragraph_saves_while_one_types(visit: Visit) -> None:
    data = {"csrf_token": visit.token(LEAD, "reporting/7"), "text": "Half a", "revision": "1"}
    answer = visit.as_(LEAD).post(visit.at("reporting/7"), data=data, headers=JSON)
    stale = visit.as_(LEAD).post(visit.at("reporting/7"), data=data | {"text": "Other"}, headers=JSON)
    assert (answer.status_code, (answer.json or {})["revision"], stale.status_code) == (200, 2, 409)
    assert paragraph(visit, 7) == ("Half a", 2)


def test_two_tabs_get_both_versions(visit: Visit) -> None:
    old = filled(form_of(visit.read(LEAD, "reporting/7"), "Save and go to the report"))
    visit.press(LEAD, "reporting/7", "Save and go to the report", text="From the other tab.")
    answer = visit.as_(LEAD).post(visit.at("reporting/7"), data=old | {"text": "From this tab."})
    page = soup(answer)
    assert answer.status_code == 409
    assert "From the other tab." in words(page)
    visit.as_(LEAD).post(visit.at("reporting/7"), data=filled(form_of(page, "Keep my version")))
    assert paragraph(visit, 7)[0] == "From this tab."


def test_the_draft_is_sent_once_marking_and_people_are_checked(visit: Visit) -> None:
    unchecked = visit.press(LEAD, "reporting/send", "Send the draft to the unit")
    errors = [one.get_text(strip=True) for one in soup(unchecked).select(".govuk-error-summary li")]
    assert (unchecked.status_code, errors) == (
        422, ["Check the marking, then confirm it", "Check that nobody can be recognised, then confirm it"],
    )  # fmt: skip
    assert "The draft leaves marked OFFICIAL-SENSITIVE ." in visit.text(LEAD, "reporting/send")
    form = filled(form_of(visit.read(LEAD, "reporting/send"), "Send the draft to the unit")) | SENT
    answers = [visit.as_(LEAD).post(visit.at("reporting/send"), data=form) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, visit.at("reporting"))] * 2
    assert state(visit) == "factual_accuracy"
    text = visit.text(LEAD, "reporting")
    assert "The draft is with the unit for factual accuracy. The unit can answer until" in text
    assert visit.read(LEAD, "reporting/7").select("main form") == []


def test_before_the_consensus_is_signed_there_is_no_draft(data: Path) -> None:
    with visiting(data, "consensus") as visit:
        assert "There is no draft yet." in visit.text(LEAD, "reporting")
        assert visit.get(LEAD, "reporting/1").status_code == 404


def test_a_deputy_of_the_lead_reviewer_writes_and_does_not_send(visit: Visit) -> None:
    lend(visit, "council3", "lead_reviewer")
    visit.press("council3", "reporting/7", "Save and go to the report", text="Prepared.")
    assert paragraph(visit, 7)[0] == "Prepared."
    assert visit.get("council3", "reporting/send").status_code == 403


def test_a_deputy_of_the_commander_does_not_see_the_report(visit: Visit) -> None:
    lend(visit, "council3", "commander")
    assert visit.get("council3", "reporting").status_code == 404


@pytest.mark.parametrize("word", ["officer", "commander", "member", "authority", "peer2"])
def test_nobody_else_may_enter(visit: Visit, word: str) -> None:
    assert {visit.get(word, page).status_code for page in ("reporting", "reporting/7", "reporting/send")} <= {403, 404}


def test_the_report_takes_the_same_queries_however_often_it_was_edited(visit: Visit) -> None:
    def opened(page: str) -> int:
        with visit.app.app_context():
            engine = db.engine
        with queries(engine) as sent:
            assert visit.get(LEAD, page).status_code == 200
        return len(sent)

    visit.get(LEAD, "reporting")  # signs in
    counts = [(opened("reporting"), opened("reporting/7"))]
    with visit.play() as play:
        one = play.session.exec(select(Paragraph).where(Paragraph.number == 7)).one()
        for number in range(3):
            play.later(days=1)
            play.act(
                reporting.edit_paragraph,
                play.review,
                one,
                by=play[LEAD],
                text=f"Version {number}.",
                revision=number + 1,
            )
    counts.append((opened("reporting"), opened("reporting/7")))
    assert counts == [(16, 28), (16, 28)]
