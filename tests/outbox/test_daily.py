"""One letter a day for whoever chose it: what waits, what does not, and what becomes of it (interface.md 30)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from metstandard.actions import accounts
from metstandard.common import clock
from metstandard.common.settings import Settings, settings
from metstandard.jobs import letters
from metstandard.outbox import compose
from metstandard.records import database
from metstandard.records.accounts import Person
from metstandard.records.outbox import Letter
from metstandard.records.reviews import Review
from tests.factories.kept import database_at
from tests.servers.mail import MailServer

NOON = datetime(2026, 10, 14, 11, tzinfo=UTC)
MORNING = datetime(2026, 10, 15, 6, tzinfo=UTC)
"""Seven in London, in summer time."""


@pytest.fixture
def engine(data: Path) -> Iterator[Engine]:
    """A programme with one review, and no letter yet."""
    database_at("commissioning", data / "metstandard.db")
    made = database.engine(settings().database)
    with Session(made) as session:
        for one in session.exec(select(Letter)).all():
            session.delete(one)
        session.commit()
    yield made
    made.dispose()


def person_of(session: Session) -> Person:
    """The commander of Camden."""
    return session.exec(select(Person).where(Person.email == "commander@example.org")).one()


def owe(engine: Engine, *names: str, at: datetime = NOON, daily: bool = True) -> None:
    """Letters about the review to the commander, who has chosen one a day."""
    with clock.pinned_to(at), Session(engine) as session:
        person = person_of(session)
        person.daily_digest = daily
        session.add(person)
        review = session.exec(select(Review)).one()
        for name in names:
            compose.owe(session, name, to=person, once=f"{name}:{at}", record=review, part="commander")
        session.commit()


def swept(engine: Engine, server: MailServer, at: datetime) -> int:
    """One sweep of the outbox at a moment."""
    with clock.pinned_to(at):
        return letters.sweep(engine, Settings(smtp_url=server.url), threading.Event())


def states(engine: Engine) -> dict[str, tuple[str, int]]:
    """Status and tries of every letter by its name."""
    with Session(engine) as session:
        rows = session.exec(select(Letter).order_by(col(Letter.id))).all()
        return {one.name: (one.status.value, one.attempts) for one in rows}


def test_two_letters_of_a_day_come_the_next_morning_as_one_with_a_link_each(
    engine: Engine, smtp_server: MailServer
) -> None:
    owe(engine, "resumed", "visit_planned")
    assert swept(engine, smtp_server, NOON + timedelta(hours=1)) == 0
    assert swept(engine, smtp_server, MORNING) == 1
    assert swept(engine, smtp_server, MORNING) == 0
    (one,) = smtp_server.took
    assert one.message["Subject"] == "OFFICIAL-SENSITIVE: 2 letters of 15 October 2026 from Met Standard"
    text = one.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # every letter has a text
    with Session(engine) as session:
        subjects = session.exec(select(Letter.subject).order_by(col(Letter.id))).all()
    assert [f"- {subject}" in text for subject in subjects] == [True, True]
    assert text.count("/to/review/1") == 2
    assert states(engine) == {"resumed": ("sent", 1), "visit_planned": ("sent", 1)}


def test_a_single_letter_of_a_day_comes_as_itself(engine: Engine, smtp_server: MailServer) -> None:
    owe(engine, "resumed")
    assert swept(engine, smtp_server, MORNING) == 1
    with Session(engine) as session:
        assert smtp_server.took[0].message["Subject"] == session.exec(select(Letter.subject)).one()


def test_what_cannot_wait_comes_at_once(engine: Engine, smtp_server: MailServer) -> None:
    """A seat that is taken back; the other letter of the same hour waits."""
    owe(engine, "seat_withdrawn", "resumed")
    assert swept(engine, smtp_server, NOON) == 1
    assert states(engine) == {"seat_withdrawn": ("sent", 1), "resumed": ("owed", 0)}


def test_a_letter_of_the_night_comes_the_same_morning(engine: Engine, smtp_server: MailServer) -> None:
    owe(engine, "resumed", at=MORNING - timedelta(hours=2))
    assert swept(engine, smtp_server, MORNING) == 1


def test_a_letter_of_the_day_that_is_refused_for_now_is_tried_again_whole_under_one_message_id(
    engine: Engine, smtp_server: MailServer
) -> None:
    owe(engine, "resumed", "visit_planned")
    smtp_server.answers.append("451 Try later")
    assert swept(engine, smtp_server, MORNING) == 0
    assert states(engine) == {"resumed": ("owed", 1), "visit_planned": ("owed", 1)}
    assert swept(engine, smtp_server, MORNING + timedelta(minutes=2)) == 1
    assert states(engine) == {"resumed": ("sent", 2), "visit_planned": ("sent", 2)}
    assert len({one.message["Message-ID"] for one in smtp_server.took}) == 1


def test_who_goes_back_to_single_letters_gets_at_once_what_waited(engine: Engine, smtp_server: MailServer) -> None:
    owe(engine, "resumed", "visit_planned")
    with clock.pinned_to(NOON), Session(engine) as session:
        accounts.choose_letters(session, person_of(session), daily=False)
        session.commit()
    assert swept(engine, smtp_server, NOON) == 2
    assert states(engine) == {"resumed": ("sent", 1), "visit_planned": ("sent", 1)}
