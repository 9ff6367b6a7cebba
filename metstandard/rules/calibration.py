"""Calibration as the records hold it: the cases in use, somebody's attempt and its marks (REV-2)."""

from functools import lru_cache
from pathlib import Path

from sqlmodel import Session, col, select

from metstandard.common.errors import NotFound
from metstandard.common.settings import settings
from metstandard.records.accounts import Person
from metstandard.records.bodies import ReviewerProfile
from metstandard.records.calibration import Calibration, CalibrationMark
from metstandard.rubric.cases import Cases, load_cases
from metstandard.rubric.definition import Rubric
from metstandard.rules.editions import newest_rubric, newest_workflow

WORKFLOW = "assessment"


def cases_in_use() -> tuple[Cases, Rubric]:
    """The newest reference reviews, with the rubric that they are marked by. Raises NotFound or BadFile."""
    files = sorted((settings().rubrics / "cases").glob("*.yaml"))
    if not files:
        raise NotFound("There are no reference reviews: put a file into the folder cases of the rubrics")
    rubric, _ = newest_rubric(files[-1].stem)
    return _read(files[-1], files[-1].read_text(encoding="utf-8"), rubric.name), rubric


@lru_cache(maxsize=8)
def _read(file: Path, text: str, rubric: str) -> Cases:
    return load_cases(file, newest_rubric(rubric)[0], text=text)


def number(name: str) -> int:
    """One of the numbers of REV-2, as the newest edition of the workflow says."""
    return newest_workflow(WORKFLOW)[0].number(name)


def in_pool(session: Session, person: Person) -> ReviewerProfile | None:
    """Somebody's profile; None outside the pool."""
    return session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == person.key)).first()


def attempts(session: Session, person: Person) -> list[Calibration]:
    """Everything that somebody has tried, newest first."""
    query = select(Calibration).where(Calibration.person_id == person.key).order_by(col(Calibration.id).desc())
    return list(session.exec(query).all())


def marks_of(session: Session, attempt: Calibration) -> dict[tuple[str, str], int]:
    """The levels given so far, by review and criterion."""
    rows = session.exec(select(CalibrationMark).where(CalibrationMark.calibration_id == attempt.key)).all()
    return {(one.case_code, one.criterion): one.level for one in rows}
