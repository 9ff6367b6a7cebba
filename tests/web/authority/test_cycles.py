"""Panels for a cycle in the Authority's door: proposing, waiting, reasons, locks, publication, replacement, what-if."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select
from werkzeug.test import TestResponse

from metstandard.actions import panels
from metstandard.common import clock
from metstandard.records.accounts import Person
from metstandard.records.bodies import Employer, Supply
from metstandard.records.cycles import PanelProposal, ProposalStatus
from metstandard.records.pool import Period, PeriodKind
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat, SeatStatus
from metstandard.web.shared.database import db
from tests.factories.browser import press, soup
from tests.factories.counting import queries
from tests.factories.cycle import answer, forming, plan_of
from tests.factories.programme import Programme
from tests.web.conftest import Rows, first_error, heading

HOME = "/authority/cycles"
References = list[str]


@pytest.fixture
def references(rows: Rows) -> References:
    """Reviews of Camden, Barnet and Brent whose panels are being formed, three weeks apart."""
    with rows() as session:
        return [one.reference for one in forming(Programme.of(session), "EK", "SX", "QK")]


@pytest.fixture
def officer(client_for: Callable[[Person | None], FlaskClient], people: dict[str, Person]) -> FlaskClient:
    """The programme officer's browser."""
    return client_for(people["officer"])


def propose(officer: FlaskClient, references: References, **fields: Any) -> TestResponse:
    return press(officer, f"{HOME}/propose", "Propose panels", follow=False, reviews=references, **fields)


def solve(app: Flask) -> None:
    """The worker answers."""
    with app.app_context():
        engine = db.engine
    answer(engine)


def typed(field: str, value: str) -> dict[str, Any]:
    """A field whose name is no word of Python."""
    return {field: value}


def text(reply: TestResponse) -> str:
    return " ".join(soup(reply).get_text(" ").split())


def solved(app: Flask, officer: FlaskClient, references: References) -> str:
    """The address of a proposal with its answer."""
    where = propose(officer, references).location
    solve(app)
    return where


def test_a_cycle_is_proposed_waits_with_its_progress_and_shows_a_proved_plan(
    app: Flask, officer: FlaskClient, references: References
) -> None:
    reply = propose(officer, references, title="Spring", seconds="20")
    assert reply.location == f"{HOME}/1"
    waiting = officer.get(f"{HOME}/1")
    assert heading(waiting) == "Proposal 1"
    assert waiting.headers["Refresh"] == "4; url=/authority/cycles/1"
    assert "Refresh" not in officer.get(f"{HOME}/1?still=1").headers
    solve(app)
    page = officer.get(f"{HOME}/1")
    assert "Refresh" not in page.headers
    assert "proved: no plan is better" in text(page)
    panels_shown = [one.get_text(" ", strip=True) for one in soup(page).select("td[data-label=Panel] li")]
    assert len(panels_shown) == 9
    assert panels_shown[0].startswith("Peer: Peer reviewer")
    assert soup(page).select_one("svg title") is not None


def test_a_proposal_without_reviews_or_with_a_wrong_time_is_refused_beside_the_field(
    officer: FlaskClient, references: References
) -> None:
    assert first_error(propose(officer, [])) == "Choose at least one review"
    assert first_error(propose(officer, references, seconds="601")) == "Enter a time from 1 to 600"


def test_each_seat_says_why_and_who_else(app: Flask, officer: FlaskClient, references: References) -> None:
    where = solved(app, officer, references)
    said = text(officer.get(f"{where}/reviews/{references[0]}"))
    assert "Expertise in what is reviewed 35" in said
    assert "The best alternative is Peer reviewer 2 (CO11)" in said


def test_the_reasons_are_kept_with_the_answer_and_the_page_says_the_same_without_them(
    app: Flask, officer: FlaskClient, references: References, rows: Rows
) -> None:
    where = solved(app, officer, references)
    said = text(officer.get(f"{where}/reviews/{references[1]}"))
    with rows() as session:
        proposal = session.get_one(PanelProposal, 1)
        assert list(proposal.reasons or {}) == references
        proposal.reasons = {references[0]: proposal.reasons[references[0]]} if proposal.reasons else None
    assert text(officer.get(f"{where}/reviews/{references[1]}")) == said


def test_a_seat_locked_by_hand_is_solved_again_and_the_page_says_what_the_lock_costs(
    app: Flask, officer: FlaskClient, references: References
) -> None:
    where = solved(app, officer, references)
    page = officer.get(f"{where}/reviews/{references[0]}")
    choice = soup(page).select_one("select#peer-person")
    assert choice is not None
    other = next(str(one["value"]) for one in choice.select("option") if "Peer reviewer 2" in one.get_text())
    button = "Lock the peer seat and solve again"
    reply = press(officer, f"{where}/reviews/{references[0]}", button, **typed("peer-person", other))
    solve(app)
    said = text(officer.get(reply.request.path))
    assert "Compared with proposal 1 The lock costs" in said
    assert "Locked by hand" in said
    compared = text(officer.get(f"{HOME}/compare?one=1&other=2"))
    assert "Proposals 1 and 2" in compared
    assert "Seats on which they differ" in compared


def test_publication_asks_every_reviewer_and_a_second_click_asks_nobody_again(
    app: Flask, officer: FlaskClient, references: References, rows: Rows
) -> None:
    where = solved(app, officer, references)
    reply = press(officer, where, "Publish the panels")
    assert "Seats are offered for 3 of 3 reviews." in text(reply)
    assert "Every seat that was offered is held." in text(reply)
    with rows() as session:
        seats = session.exec(select(Seat)).all()
        assert len(seats) == 9
        assert sum(one.lead for one in seats) == 3


def test_a_review_that_is_not_commissioned_yet_is_refused_by_name_and_published_later(
    app: Flask, officer: FlaskClient, references: References, rows: Rows
) -> None:
    """The others are published; its own panel stays empty until its turn comes."""
    where = solved(app, officer, references)
    _put(rows, references[2], "commissioning")
    reply = press(officer, where, "Publish the panels")
    assert "Seats are offered for 2 of 3 reviews." in text(reply)
    assert "Brent BOCU" in [one.get_text(strip=True) for one in soup(reply).select("tr.met-row--alert th a")]
    _put(rows, references[2], "panel_forming")
    assert "Seats are offered for 3 of 3 reviews." in text(press(officer, where, "Publish the rest"))
    with rows() as session:
        assert len(session.exec(select(Seat)).all()) == 9


def _put(rows: Rows, reference: str, state: str) -> None:
    with rows() as session:
        session.exec(select(Review).where(Review.reference == reference)).one().state = state


def _leave(rows: Rows, kind: str) -> tuple[str, str]:
    """Somebody is taken off the first seat of a kind; the name, and the reference of the review."""
    with rows() as session:
        seat = session.exec(select(Seat).where(Seat.kind == kind).order_by(col(Seat.id))).first()
        assert seat is not None
        review, person = session.get_one(Review, seat.review_id), session.get_one(Person, seat.person_id)
        panels.unseat(session, review, seat, by=Programme.of(session)["officer"], reason="Ill")
        return person.name, review.reference


def test_whoever_left_is_replaced_by_the_reserve_in_one_click(
    app: Flask, officer: FlaskClient, references: References, rows: Rows
) -> None:
    where = solved(app, officer, references)
    press(officer, where, "Publish the panels")
    name, reference = _leave(rows, "local_authority")
    page = text(officer.get(where))
    assert f"Camden BOCU {reference} Local authority {name}" in page
    reply = press(officer, where, "Ask the reserve for Camden BOCU")
    assert "is asked to take the seat “Local authority”." in text(reply)
    assert "Every seat that was offered is held." in text(officer.get(where))


def test_after_somebody_left_the_cycle_is_planned_again_and_nobody_else_moves(
    app: Flask, officer: FlaskClient, references: References, rows: Rows
) -> None:
    where = solved(app, officer, references)
    press(officer, where, "Publish the panels")
    _leave(rows, "local_authority")
    again = press(officer, where, "Plan again with few changes").request.path
    solve(app)
    with rows() as session:
        before, after = (plan_of(session, session.get_one(PanelProposal, number)) for number in (1, 2))
    moved = [
        (reference, slot)
        for reference, panel in before.items()
        for slot in panel
        if after[reference][slot] != panel[slot]
    ]
    assert moved == [(references[0], "la")]
    reply = press(officer, again, "Publish the panels")
    assert "Seats are offered for 3 of 3 reviews." in text(reply)
    with rows() as session:
        assert len(session.exec(select(Seat).where(Seat.status == SeatStatus.INVITED)).all()) == 9


def test_what_is_impossible_is_said_in_words_with_what_would_unlock_it(
    app: Flask, officer: FlaskClient, references: References, rows: Rows
) -> None:
    """Two of three companies are away in the only week, and the third is a former supplier."""
    with rows() as session:
        _one_company_with_a_past(session)
    where = solved(app, officer, references[:1])
    said = text(officer.get(where))
    assert "No private sector reviewer without a conflict for Camden BOCU in the week of" in said
    assert "Albion Retail was a supplier within the last 24 months (COI-5)" in said
    assert "Any of these three would unlock it:" in said
    assert "A joint waiver of COI-5 for Private sector reviewer 3 (Albion Retail) at Camden BOCU" in said
    assert "1 review becomes impossible" in said
    reply = press(officer, where, "Propose with the first way")
    solve(app)
    assert "This plan counts on 1 exception." in text(officer.get(reply.request.path))


def _one_company_with_a_past(session: Session) -> None:
    programme = Programme.of(session)
    today = clock.today()
    for word in ("company1", "company2"):
        session.add(
            Period(
                person_id=programme[word].key, kind=PeriodKind.UNAVAILABLE, from_on=today,
                until_on=today + timedelta(days=150),
            )
        )  # fmt: skip
    employer = session.exec(select(Employer).where(Employer.name == "Albion Retail")).one()
    began, ended = today - timedelta(days=300), today - timedelta(days=30)
    session.add(Supply(employer_id=employer.key, role="supplier", from_on=began, until_on=ended))


def test_what_if_two_peers_fewer_tells_which_reviews_become_impossible(
    app: Flask, officer: FlaskClient, references: References, rows: Rows
) -> None:
    where = solved(app, officer, references)
    assert first_error(press(officer, where, "Ask what would happen")) == "Say what would be otherwise"
    reply = press(officer, where, "Ask what would happen", **typed("if-peer", "2"))
    solve(app)
    said = text(officer.get(reply.request.path))
    assert "What if: 2 fewer peers" in said
    assert "3 reviews become impossible" in said
    with rows() as session:
        assert session.get_one(PanelProposal, 2).what_if
        assert session.get_one(PanelProposal, 1).status is ProposalStatus.SOLVED


def test_a_proposal_that_waits_can_be_called_off(officer: FlaskClient, references: References) -> None:
    where = propose(officer, references).location
    assert "The proposal is called off." in text(press(officer, where, "Call it off"))
    assert "Nobody was asked." in text(officer.get(where))


def test_question_and_answer_are_kept_as_json(app: Flask, officer: FlaskClient, references: References) -> None:
    where = solved(app, officer, references)
    for name, kind in (("instance", "met-assign-instance/1"), ("solution", "met-assign-solution/1")):
        reply = officer.get(f"{where}/{name}.json")
        assert (reply.mimetype, reply.get_json()["format"]) == ("application/json", kind)
        assert "reviewer 1" not in reply.get_data(as_text=True)


def test_the_year_of_every_reviewer_shows_visits_and_absence(
    app: Flask, officer: FlaskClient, references: References, rows: Rows
) -> None:
    press(officer, solved(app, officer, references), "Publish the panels")
    with rows() as session:
        _one_company_with_a_past(session)
    said = text(officer.get(f"{HOME}/reviewers?seat=private"))
    assert "3 reviewers, month by month" in said
    assert "away" in said
    assert "1 visit" in said


def test_the_list_takes_as_many_queries_for_one_proposal_as_for_three(
    officer: FlaskClient, references: References, app: Flask
) -> None:
    found = []
    for number in (1, 2):
        for seed in range(number):
            propose(officer, references, seed=str(number * 10 + seed))
        with app.app_context(), queries(db.engine) as counted:
            officer.get(HOME)
        found.append(len(counted))
    assert found[0] == found[1]


@pytest.mark.parametrize("word", ["authority", "member", "commander", "peer1", "administrator", "press"])
def test_nobody_but_the_programme_office_finds_a_proposal(
    client_for: Callable[[Person | None], FlaskClient], people: dict[str, Person], officer: FlaskClient,
    references: References, word: str,
) -> None:  # fmt: skip
    where = propose(officer, references).location
    for path in (HOME, where, f"{where}/instance.json", f"{HOME}/reviewers", f"{where}/reviews/{references[0]}"):
        assert client_for(people[word]).get(path).status_code in {403, 404}, path
