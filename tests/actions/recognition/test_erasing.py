"""What led to no award is forgotten when its time is over: rows emptied, the journal whole."""

import threading
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from metstandard.actions import moving
from metstandard.actions.recognition import announcing, erasing, monitoring
from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.jobs import clock as clock_moves
from metstandard.jobs import recognition as sweeps
from metstandard.queries import journal
from metstandard.records import database
from metstandard.records.recognition import Nomination
from metstandard.rules.recognition import nominees_of
from tests.factories.judged import decide, judged_to
from tests.factories.nominations import nominated, recognisers, submitted
from tests.factories.programme import Programme

# What people wrote or were called; each is there before, and nowhere afterwards.
TOLD = ("Olive", "olive@example.com", "Nora", "nora@example.com", "sam@example.com", "canal", "As told.", "No better.")
LATER = timedelta(days=762)


def _everything(session: Session) -> str:
    """Every row of every table as text; sessions of people aside."""
    found = []
    for table in SQLModel.metadata.sorted_tables:
        if table.name not in {"unit", "person", "edition"}:
            found += [repr(tuple(row)) for row in session.execute(sa.select(table)).all()]
    return "\n".join(found)


def _at(moment: datetime) -> tuple[int, int]:
    engine = database.engine(settings().database)
    try:
        with clock.pinned_to(moment):
            stop = threading.Event()
            return clock_moves.sweep(engine, settings(), stop), sweeps.forget(engine, settings(), stop)
    finally:
        engine.dispose()


def test_an_unsuccessful_nomination_is_emptied_and_its_chain_stays_whole(
    programme: Programme, session: Session
) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "moderated")
    decide(programme, one, award=False)
    announcing.thank(session, one, by=programme["officer"], feedback="No better.")
    monitoring.answer(session, one, nominees_of(session, one)[0], answers={"role": "Officer"})
    session.commit()
    before = _everything(session)
    assert [word for word in TOLD if word not in before] == []
    session.commit()
    assert _at(clock.now() + timedelta(days=700)) == (0, 0)
    assert _at(clock.now() + LATER) == (1, 0)
    session.expire_all()
    after = _everything(session)
    assert [word for word in TOLD if word in after] == []
    assert (one.state, one.reference in after, one.erased_at is not None) == ("archived", True, True)
    assert not isinstance(journal.verify(session), journal.Broken)


def test_what_was_withdrawn_is_forgotten_too_and_an_award_never(programme: Programme, session: Session) -> None:
    award = judged_to(programme, nominated(recognisers(programme).session), "announced")
    gone = submitted(session, title="Another")
    moving.move(session, gone, "withdraw", by=programme["officer"], note="Not wanted.")
    session.commit()
    assert _at(clock.now() + LATER)[1] == 1
    session.expire_all()
    rows = {one.title: one.erased_at is not None for one in session.exec(select(Nomination)).all()}
    assert rows == {award.title: False, "": True}
    assert not isinstance(journal.verify(session), journal.Broken)
    session.commit()
    with clock.pinned_to(clock.now() + LATER):
        assert erasing.erase_ended(session) == 0
