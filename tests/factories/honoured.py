"""A database with an award for Olive Officer, under embargo until a given second, and events: one of them is public."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from metstandard.actions.recognition import announcing, presenting
from metstandard.common import clock
from metstandard.records import database, schema
from tests.factories.judged import judged_to
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import programme

TEXT = "ZEBRA canary: for a rescue from the canal."
NAME = "Olive Officer"


@lru_cache(maxsize=2)
def honoured(until: datetime, *, migrated: bool = False) -> bytes:
    """The database file, as bytes. `migrated`: made by the migrations, for a program that is started on it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "honoured.db"
        engine = database.engine(f"sqlite:///{file}")
        if migrated:
            schema.upgrade(engine)
        else:
            database.create_all(engine)
        with clock.pinned_to(until - timedelta(days=40)), Session(engine) as session:
            _play(session, until)
        engine.dispose()
        return file.read_bytes()


def _play(session: Session, until: datetime) -> None:
    made = recognisers(programme(session))
    nomination = judged_to(made, nominated(session), "consented")
    announcing.check_announcement(session, nomination, by=made["press"], words=TEXT)
    announcing.set_embargo(session, nomination, by=made["press"], until=until)
    starts = until + timedelta(days=20)
    for title in ("Presentation", "HIDDEN event"):
        event = presenting.save_event(
            session, by=made["officer"], title=title, starts_at=starts, ends_at=starts + timedelta(hours=2),
            place="City Hall\nLondon; SE1", words="Doors open; lifts, ramps.",
        )  # fmt: skip
        if title == "Presentation":
            presenting.publish_event(session, event, by=made["officer"])
    session.commit()
