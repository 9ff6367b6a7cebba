"""Two people at the same moment, on SQLite and PostgreSQL: neither is lost, nothing is stuck, nothing doubles."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from metstandard.actions import commissioning, moving, panels, scoring
from metstandard.common import clock
from metstandard.common.errors import MetStandardError
from metstandard.queries.invariants import breaches
from metstandard.records import database
from metstandard.records.accounts import Person
from metstandard.records.cycles import PanelProposal, ProposedReview
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat
from metstandard.rules.content import digest
from metstandard.rules.instances import Wishes
from tests.factories.cycle import forming, plan_of, solved
from tests.factories.programme import Programme, programme
from tests.factories.stages import LEAD, SEATS, fill_sheet, played_to

BEGAN = timedelta(days=150)
OTHERS = {"peer": "peer2", "local_authority": "council1", "private": "company1"}


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: object) -> Iterator[Engine]:
    """A database of each kind with the small programme in it."""
    url = f"sqlite:///{tmp_path}/race.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = database.engine(url)
    database.create_all(made)
    with Session(made) as session:
        programme(session)
    yield made
    made.dispose()


def at_once(engine: Engine, *acts: Callable[[Session], object]) -> list[BaseException | None]:
    """Run acts in threads that all start together, each in a session of its own; what each raised, or None."""
    ready = threading.Barrier(len(acts))
    found: list[BaseException | None] = [None] * len(acts)

    def run(number: int, act: Callable[[Session], object]) -> None:
        with Session(engine) as session:
            ready.wait()
            try:
                act(session)
                session.commit()
            except MetStandardError as refused:
                found[number] = refused

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_the_last_two_sheets_locked_at_once_open_consensus(engine: Engine) -> None:
    """Without the row lock and the fresh read the review stays in scoring for ever."""
    with Session(engine) as session:
        play = played_to(_of(session), "scoring", began=clock.now() - BEGAN)
        for word in SEATS.values():
            fill_sheet(play, word)
        play.act(scoring.lock_sheet, play.review, by=play[LEAD])
        review, others = play.review.key, [play[word].key for word in SEATS.values() if word != LEAD]

    def lock(person: int) -> Callable[[Session], object]:
        return lambda session: scoring.lock_sheet(
            session, session.get_one(Review, review), by=session.get_one(Person, person)
        )

    assert at_once(engine, *(lock(one) for one in others)) == [None, None]
    with Session(engine) as session:
        assert session.get_one(Review, review).state == "consensus"
        locks = session.exec(select(JournalLine).where(JournalLine.act == "lock_sheet")).all()
        assert [one.after for one in sorted(locks, key=lambda one: one.seq)] == ["scoring", "scoring", "consensus"]
        assert breaches(session) == []


def test_both_keys_turned_at_once_commission_the_review_once(engine: Engine) -> None:
    """Each party's signature counts, and the review moves on exactly once."""
    with Session(engine) as session:
        play = played_to(_of(session), "commissioning", began=clock.now() - BEGAN)
        review, seen = play.review.key, digest(session, play.review, "commissioning")
        keys = [play[word].key for word in ("authority", "commissioner")]

    def turn(person: int) -> Callable[[Session], object]:
        return lambda session: commissioning.turn_key(
            session, session.get_one(Review, review), by=session.get_one(Person, person), seen=seen
        )

    assert at_once(engine, *(turn(one) for one in keys)) == [None, None]
    with Session(engine) as session:
        lines = session.exec(
            select(JournalLine).where(JournalLine.act == "turn_key").order_by(col(JournalLine.seq))
        ).all()
        assert [(one.before, one.after) for one in lines] == [
            ("commissioning", "commissioning"), ("commissioning", "panel_forming"),
        ]  # fmt: skip
        assert breaches(session) == []


def test_the_same_act_twice_at_once_happens_once(engine: Engine) -> None:
    """Two programme officers, or a double click, send one proposal: the second is told that it has happened."""
    with Session(engine) as session:
        play = played_to(_of(session), "proposed", began=clock.now() - BEGAN)
        review, officer = play.review.key, play["officer"].key

    def send(session: Session) -> None:
        commissioning.send_for_commission(session, session.get_one(Review, review), by=session.get_one(Person, officer))

    raised = at_once(engine, send, send)
    assert sorted(type(one).__name__ for one in raised) == ["NoneType", "NotOpen"]
    with Session(engine) as session:
        assert session.get_one(Review, review).state == "commissioning"
        lines = session.exec(select(JournalLine).where(JournalLine.act == "send_for_commission")).all()
        assert len(lines) == 1


def test_references_proposed_at_once_have_no_gap_and_no_twin(engine: Engine) -> None:
    """The series' row is locked while a number is taken."""
    codes = ("EK", "SX", "RY", "QK")

    def propose(code: str) -> Callable[[Session], object]:
        def act(session: Session) -> object:
            made = _of(session)
            return commissioning.propose(
                session, unit=made.unit(code), committee=made.committee(), by=made["officer"], scope="All of it",
                starts_on=clock.today() + timedelta(days=200),
            )  # fmt: skip

        return act

    assert at_once(engine, *(propose(code) for code in codes)) == [None] * len(codes)
    with Session(engine) as session:
        year = clock.today().year
        references = sorted(one.reference for one in session.exec(select(Review)).all())
        assert references == [f"MSR-{year}-{number:04d}" for number in range(1, len(codes) + 1)]


def test_two_programme_officers_who_publish_two_plans_at_once_seat_one_of_them(engine: Engine) -> None:
    """The second is refused as a whole: three seats of one plan, none of the other."""
    with Session(engine) as session:
        made = _of(session)
        made.add("second", "Second programme officer")
        made.appoint("second", "programme_officer")
        reviews = forming(made, "EK")
        locks = tuple((reviews[0].reference, kind, made[word].key) for kind, word in OTHERS.items())
        plans = [solved(made, reviews), solved(made, reviews, wishes=Wishes(locks=locks))]
        review, numbers = reviews[0].key, [one.key for one in plans]
        officers = [made[word].key for word in ("officer", "second")]

    def publish(plan: int, officer: int) -> Callable[[Session], object]:
        return lambda session: panels.offer_seats(
            session, session.get_one(PanelProposal, plan), session.get_one(Review, review),
            by=session.get_one(Person, officer),
        )  # fmt: skip

    acts = [publish(plan, officer) for plan, officer in zip(numbers, officers, strict=True)]
    assert at_once(engine, *acts) == [None, None]
    with Session(engine) as session:
        assert sorted(one.offered.value for one in session.exec(select(ProposedReview)).all()) == ["offered", "refused"]
        offered = session.exec(select(ProposedReview).where(ProposedReview.offered == "offered")).one()
        wanted = plan_of(session, session.get_one(PanelProposal, offered.proposal_id))
        words = {person.key: word for word, person in _of(session).people.items()}
        seated = [words[one.person_id] for one in session.exec(select(Seat)).all()]
        assert sorted(seated) == sorted(next(iter(wanted.values())).values())
        assert breaches(session) == []


def test_a_seat_given_by_hand_while_a_plan_is_published_has_one_holder(engine: Engine) -> None:
    """Whoever comes first holds it; the other officer is told."""
    with Session(engine) as session:
        made = _of(session)
        reviews = forming(made, "EK")
        plan, review = solved(made, reviews).key, reviews[0].key
        officer, other = made["officer"].key, made["company3"].key

    def publish(session: Session) -> None:
        by = session.get_one(Person, officer)
        panels.offer_seats(session, session.get_one(PanelProposal, plan), session.get_one(Review, review), by=by)

    def by_hand(session: Session) -> None:
        person, by = session.get_one(Person, other), session.get_one(Person, officer)
        panels.seat(session, session.get_one(Review, review), person=person, kind="private", lead=False, by=by)

    refused = at_once(engine, publish, by_hand)
    with Session(engine) as session:
        row = session.exec(select(ProposedReview)).one()
        seats = session.exec(select(Seat)).all()
        by_hand_won = refused[1] is None
        assert (row.offered.value, len(seats)) == (("refused", 1) if by_hand_won else ("offered", 3))
        assert breaches(session) == []


def test_an_act_that_fails_half_way_leaves_nothing(engine: Engine) -> None:
    """State, journal and letters are one transaction."""
    with Session(engine) as session:
        play = played_to(_of(session), "proposed", began=clock.now() - BEGAN)
        review = session.get_one(Review, play.review.key)
        before = (review.state, len(session.exec(select(JournalLine)).all()))
        turn = moving.begin(session, review, "send_for_commission", by=play["officer"])
        turn.finish()
        session.rollback()
        assert (review.state, len(session.exec(select(JournalLine)).all())) == before


def _of(session: Session) -> Programme:

    return Programme.of(session)
