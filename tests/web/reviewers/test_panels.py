"""A reviewer's first task and answer, in the browser; nothing of the unit's content before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from werkzeug.test import TestResponse

from metstandard.actions import panels
from metstandard.records.seats import Declaration, Seat
from tests.factories.browser import press, soup
from tests.factories.panel import answer, ask, held
from tests.factories.visiting import Visit, visiting, words


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """The peer is asked to lead."""
    with visiting(data, "panel_forming") as made:
        with made.play() as play:
            ask(play, "peer1", "peer", lead=True)
        yield made


def declare(visit: Visit, word: str = "peer1", /, **typed: Any) -> TestResponse:
    return press(visit.as_(word), visit.at("declaration"), "Declare", **typed)


def errors(answered: TestResponse) -> list[str]:
    return [one.get_text(strip=True) for one in soup(answered).select(".govuk-error-summary__body li")]


def test_the_first_task_is_the_declaration_and_nothing_is_chosen_beforehand(visit: Visit) -> None:
    home = soup(visit.as_("peer1").get("/reviewers/"))
    assert [one.get_text(strip=True) for one in home.select(".met-todo__what")] == ["Declare your interests"]
    found = visit.read("peer1", "declaration")
    assert [one["value"] for one in found.select("[name=interest]")] == ["none", "personal", "prejudicial"]
    assert found.select("[name=interest][checked]") == []
    text = words(found)
    for link in ("partner", "close friend", "business", "complaint", "grievance", "claim", "investigation", "job"):
        assert link in text


def test_a_blank_is_refused_and_is_not_nothing_to_declare(visit: Visit) -> None:
    answered = declare(visit, detail="Something typed.")
    assert answered.status_code == 422
    assert errors(answered) == ["Choose one: leaving it blank does not count as “nothing to declare”"]
    assert "Something typed." in soup(answered).get_text()
    with visit.rows() as session:
        assert session.exec(select(Declaration)).all() == []


@pytest.mark.parametrize("interest", ["personal", "prejudicial"])
def test_an_interest_must_be_described(visit: Visit, interest: str) -> None:
    answered = declare(visit, interest=interest)
    assert (answered.status_code, errors(answered)) == (422, ["Say what the interest is (COI-8)"])


def test_a_made_up_answer_is_refused(visit: Visit) -> None:
    assert declare(visit, interest="perhaps").status_code == 422


def test_before_the_declaration_no_page_shows_anything_of_the_units(visit: Visit) -> None:
    """It is made sure that the pages are there for the one who has declared and accepted."""
    before = {page: visit.get("peer1", page).status_code for page in ("evidence", "scope", "visit", "scoring")}
    assert set(before.values()) == {409}
    hub = soup(visit.as_("peer1").get(f"/reviewers/reviews/{visit.reference}"))
    links = [one.get_text(strip=True) for one in hub.select("main .govuk-list a")]
    assert links == ["Your seat", "Declaration of interests"]
    with visit.play() as play:
        answer(play, "peer1")
    assert visit.get("peer1", "evidence").status_code == 200


def test_who_has_nothing_to_declare_goes_on_to_the_seat_and_accepts(visit: Visit) -> None:
    after = declare(visit, interest="none")
    assert after.request.path == visit.at("seat")
    text = words(soup(after))
    for said in ("Your declaration is recorded.", "Peer, lead reviewer", "confidential", "On site", "Evidence review"):
        assert said in text
    done = press(visit.as_("peer1"), visit.at("seat"), "Accept the seat")
    assert "You have accepted the seat." in words(soup(done))
    again = visit.as_("peer1").post(visit.at("seat/accept"), data={"csrf_token": visit.token("peer1", "seat")})
    assert again.status_code == 303


def test_the_seat_is_not_offered_for_acceptance_before_the_declaration(visit: Visit) -> None:
    text = visit.text("peer1", "seat")
    assert "Declare your interests first, even if you have none." in text
    assert "Accept the seat" not in text
    forced = visit.as_("peer1").post(visit.at("seat/accept"), data={"csrf_token": visit.token("peer1", "seat")})
    assert forced.status_code == 409


def test_a_prejudicial_interest_ends_the_seat_and_says_so(visit: Visit) -> None:
    after = declare(visit, interest="prejudicial", detail="My wife commands a team there.")
    text = words(soup(after))
    assert "Your seat has ended" in text
    assert "So you have left the panel, and take no part in this review." in text
    for page in ("declaration", "seat"):
        assert visit.get("peer1", page, follow_redirects=True).request.path == visit.at("seat/ended")
    with visit.rows() as session:
        assert session.exec(select(Seat.reason)).all() == ["Prejudicial interest"]


def test_declining_needs_a_reason_and_going_back_shows_the_same(visit: Visit) -> None:
    blank = press(visit.as_("peer1"), visit.at("seat"), "Decline the seat")
    assert (blank.status_code, errors(blank)) == (422, ["Enter your reason"])
    token = visit.token("peer1", "seat")
    done = press(visit.as_("peer1"), visit.at("seat"), "Decline the seat", reason="On leave in May.")
    assert "You have declined the seat" in words(soup(done))
    again = visit.as_("peer1").post(visit.at("seat/decline"), data={"csrf_token": token, "reason": "On leave in May."})
    assert (again.status_code, again.headers["Location"]) == (303, visit.at("seat/ended"))


def test_on_site_the_same_declaration_is_affirmed_again(data: Path) -> None:
    with visiting(data, "on_site") as visit:
        text = visit.text("peer1", "declaration")
        assert "Affirm your declaration again, now that the visit begins." in text
        done = declare(visit, interest="none")
        assert done.status_code == 200
        with visit.rows() as session:
            stages = session.exec(select(Declaration.stage).where(Declaration.person_id == visit.people["peer1"].key))
            assert list(stages) == ["panels", "confirmation", "on_site"]


def test_who_was_taken_off_reads_that_and_no_more(visit: Visit) -> None:
    with visit.play() as play:
        play.act(panels.unseat, play.review, held(play, "peer"), by=play["officer"], reason="A private matter.")
    text = visit.text("peer1", "seat/ended")
    assert "You no longer hold the peer seat on this panel." in text
    assert "A private matter." not in text


@pytest.mark.parametrize("word", ["peer2", "commander", "officer", "authority"])
@pytest.mark.parametrize("page", ["declaration", "seat", "seat/ended"])
def test_the_pages_are_there_for_the_one_who_is_asked_only(visit: Visit, word: str, page: str) -> None:
    assert visit.get(word, page).status_code == 404


def test_the_answers_of_somebody_else_cannot_be_given(visit: Visit) -> None:
    token = visit.token("peer1", "seat")
    for page in ("seat/accept", "seat/decline"):
        answered = visit.as_("peer2").post(visit.at(page), data={"csrf_token": token, "reason": "No."})
        assert answered.status_code in {400, 404}
    with visit.rows() as session:
        assert [one.status.value for one in session.exec(select(Seat)).all()] == ["invited"]
