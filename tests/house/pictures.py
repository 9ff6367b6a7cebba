"""The figures of README.md, drawn from the demonstration. `python -m tests.house.pictures` draws them again."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlmodel import Session, select

from metstandard.figures.figure import Figure
from metstandard.queries.statistics.drawings import domains_figure, levels_figure
from metstandard.queries.statistics.marks import opened
from metstandard.records import database
from metstandard.records.reviews import Review
from tests.house import tree
from tests.servers.demonstration import played

FOLDER = tree.ROOT / "docs/images"


def pictures(folder: Path) -> dict[str, str]:
    """The drawings by file name, from the data folder of a demonstration."""
    engine = database.engine(f"sqlite:///{folder / 'metstandard.db'}")
    with Session(engine) as session:
        closed = session.exec(select(Review).where(Review.state == "closed")).one()
        drawn = {
            "domains.svg": domains_figure(session, closed),
            "levels.svg": levels_figure(session, opened(session), None),
        }
        texts = {name: _text(figure) for name, figure in drawn.items()}
    engine.dispose()
    return texts


def _text(figure: Figure | None) -> str:
    if figure is None:
        raise ValueError("the demonstration has no decided review")
    return f"{figure.svg}\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        played(Path(made))
        for name, text in pictures(Path(made)).items():
            (FOLDER / name).write_text(text, encoding="utf-8")
