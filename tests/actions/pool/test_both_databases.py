"""Pool and cycle once from end to end on SQLite and PostgreSQL: import, registers, a plan, seats, feedback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from metstandard.actions import feedback, panels
from metstandard.actions.pool import importing, spells, tables
from metstandard.common import clock
from metstandard.queries import independence, pool
from metstandard.records import database
from metstandard.records.accounts import Person
from metstandard.records.feedback import Feedback
from metstandard.records.pool import PeriodKind, Reserve
from metstandard.records.seats import Interest, Seat
from tests.factories.cycle import forming, solved
from tests.factories.programme import Programme, programme

LIST = (
    b"email,name,seat,unit,capacity,trained_until,postings,d1\n"
    b"new@example.org,New Peer,peer,GD,2,2031-01-31,EK 2015-01-01 to 2016-01-01 command,3\n"
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Programme]:
    """The small programme on a database of each kind."""
    url = f"sqlite:///{tmp_path}/both.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    engine: Engine = database.engine(url)
    database.create_all(engine)
    with Session(engine) as session:
        programme(session)
        yield Programme.of(session)
    engine.dispose()


def test_a_pool_and_a_cycle_do_the_same_on_both_databases(made: Programme) -> None:
    session, officer = made.session, made["officer"]
    plan = importing.plan(session, tables.read(LIST, "list.csv"), by=officer)
    assert (plan.wrong, importing.write(session, plan, by=officer)) == ((), 1)
    new = session.exec(select(Person).where(Person.email == "new@example.org")).one()
    today = clock.today()
    spells.add_period(
        session, new, by=officer, kind=PeriodKind.CAN_FINISH, from_on=today, until_on=today + timedelta(days=9)
    )
    spells.enter_gift(
        session, new, by=officer, giver="A caterer", what="Lunch", value=900, accepted=False, offered_on=today
    )
    spells.add_interest(session, new, made.unit("SX"), by=officer, interest=Interest.PERSONAL, detail="A cousin")
    assert [one.person.name for one in pool.pool(session, pool.Chosen(search="NEW PEER")).lines] == ["New Peer"]
    reviews = forming(made, "EK", "SX")
    proposal = solved(made, reviews)
    assert set(proposal.reasons or {}) == {one.reference for one in reviews}
    assert [panels.offer_seats(session, proposal, one, by=officer).offered.value for one in reviews] == ["offered"] * 2
    assert panels.close_publication(session, proposal, by=officer)
    assert len(session.exec(select(Seat)).all()) == 6
    assert session.exec(select(Reserve.rank).order_by(col(Reserve.rank))).first() == 1
    assert independence.closed(session) == []
    reviews[0].state = "published"
    for seat in session.exec(select(Seat).where(Seat.review_id == reviews[0].key)).all():
        seat.status, seat.accepted_at = "accepted", clock.now()  # type: ignore[assignment]
    session.commit()
    assert feedback.ask(session, reviews[0]) == 4
    assert len(session.exec(select(Feedback)).all()) == 9
