"""A database with one published review of Camden BOCU and its certificate, played once and copied for each test."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from sqlmodel import Session

from metstandard.common import clock
from metstandard.records import database
from tests.factories.programme import programme
from tests.factories.stages import played_to

AGO = timedelta(days=250)


@lru_cache(maxsize=1)
def certified() -> bytes:
    """The database file, as bytes. The review began long enough ago that everything in it has happened by today."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "certified.db"
        engine = database.engine(f"sqlite:///{file}")
        database.create_all(engine)
        with Session(engine) as session:
            played_to(programme(session), "published", began=clock.now() - AGO)
        engine.dispose()
        return file.read_bytes()
