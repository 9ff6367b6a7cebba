"""Figures of one played review: its domains after the decision, its timetable with the day each stage was due."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session, select

from metstandard.queries.statistics.drawings import domains_figure, levels_figure, marks_figure, timetable_figure
from metstandard.queries.statistics.marks import opened
from metstandard.records import database
from metstandard.records.reviews import Review
from tests.factories.certified import certified
from tests.factories.programme import Programme
from tests.factories.stages import played_to


def test_a_published_review_has_every_figure(tmp_path: Path) -> None:
    """One unit at one level: eight domains at one score, one row of levels, marks that lie together."""
    (tmp_path / "one.db").write_bytes(certified())
    engine = database.engine(f"sqlite:///{tmp_path / 'one.db'}")
    with Session(engine) as session:
        review = session.exec(select(Review)).one()
        found = opened(session)
        domains, levels = domains_figure(session, review), levels_figure(session, found, None)
        marks, timetable = marks_figure(session, found, review), timetable_figure(session, review)
    engine.dispose()
    assert domains is not None
    assert levels is not None
    assert marks is not None
    assert timetable is not None
    assert {row[1:3] for row in domains.table_rows} == {("75.0", "Yes")}
    assert sum(int(row[3]) for row in domains.table_rows) == 28
    assert [len(row) for row in levels.table_rows] == [9]
    assert {row[1:] for row in marks.table_rows} == {("3", "3", "3", "0")}
    stages = [row[0] for row in timetable.table_rows]
    assert (stages[0], "Independent scoring" in stages) == ("Proposed", True)
    assert [row[0] for row in timetable.table_rows if row[3] == "Not yet"] == stages[-1:]


def test_before_scoring_there_is_a_timetable_and_nothing_else(programme: Programme, session: Session) -> None:
    """Nothing is decided, and nothing marked."""
    review = played_to(programme, "commissioning").review
    assert domains_figure(session, review) is None
    assert marks_figure(session, opened(session), review) is None
    timetable = timetable_figure(session, review)
    assert timetable is not None
    assert [row[0] for row in timetable.table_rows] == ["Proposed", "Joint commission"]
