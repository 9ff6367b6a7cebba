"""The peer of the web's figures: a bare Flask page, and one that commits one row, on the same server settings."""

from __future__ import annotations

import os

from flask import Flask
from sqlmodel import Field, Session, SQLModel

from metstandard.records import database


class Tally(SQLModel, table=True):
    """One committed row."""

    __tablename__ = "bench_tally"

    id: int | None = Field(default=None, primary_key=True)
    text: str = ""


def create_app() -> Flask:
    """Two pages and nothing else."""
    app = Flask("bare")
    engine = database.engine(os.environ["METSTANDARD_BENCH_DATABASE"])
    SQLModel.metadata.tables["bench_tally"].create(engine, checkfirst=True)

    @app.get("/")
    def hello() -> str:
        return "hello"

    @app.post("/commit")
    def commit() -> str:
        with Session(engine) as session:
            session.add(Tally(text="one"))
            session.commit()
        return "saved"

    return app
