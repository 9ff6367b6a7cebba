"""The frozen texts that a record runs under, and the newest ones that a new review will get."""

import hashlib
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import defer
from sqlmodel import Session, select

from metstandard.common.errors import BadFile, NotFound
from metstandard.common.settings import settings
from metstandard.records.editions import Edition
from metstandard.records.recognition import Nomination
from metstandard.rubric import load as rubrics
from metstandard.rubric.definition import Rubric
from metstandard.rules.case import Record, review_of
from metstandard.rules.vocabulary import vocabulary
from metstandard.workflow import load as workflows
from metstandard.workflow.definition import Workflow

# What was made of the texts in use, under their hashes: an edition never changes.
_workflows: dict[str, Workflow] = {}
_rubrics: dict[str, Rubric] = {}


@lru_cache(maxsize=64)
def _workflow(text: str, name: str) -> Workflow:
    return workflows.load_text(text, name, vocabulary())


@lru_cache(maxsize=64)
def _rubric(text: str, name: str) -> Rubric:
    return rubrics.load(Path(name), text=text)


def workflow_of(session: Session, record: Record) -> Workflow:
    """The workflow edition that drives a record; its file may have changed since."""
    return workflow_from(_edition(session, record.workflow_edition_id))


def rubric_of(session: Session, record: Record) -> Rubric:
    """The rubric edition that a review, or a nomination, is judged by."""
    if isinstance(record, Nomination):
        return rubric_from(_edition(session, record.rubric_edition_id))
    return rubric_from(_edition(session, review_of(session, record).rubric_edition_id))


def _edition(session: Session, number: int) -> Edition:
    """An edition's row without its long text, kept with the session, which itself holds its rows weakly."""
    kept: dict[int, Edition] = session.info.setdefault("editions", {})
    if number not in kept or kept[number] not in session:
        kept[number] = session.get_one(Edition, number, options=[defer(Edition.text)])  # type: ignore[arg-type]
    return kept[number]


def workflow_from(edition: Edition) -> Workflow:
    """The workflow that an edition's row keeps; its text is read once in the life of the program."""
    if edition.sha256 not in _workflows:
        _workflows[edition.sha256] = _workflow(edition.text, f"{edition.name}.yaml")
    return _workflows[edition.sha256]


def rubric_from(edition: Edition) -> Rubric:
    """The rubric that an edition's row keeps; its text is read once in the life of the program."""
    if edition.sha256 not in _rubrics:
        _rubrics[edition.sha256] = _rubric(edition.text, f"{edition.name}-{edition.number}.yaml")
    return _rubrics[edition.sha256]


def newest_workflow(name: str) -> tuple[Workflow, str]:
    """The workflow as the organisation's folder has it now, and its text. Raises NotFound or BadFile."""
    text = _text(settings().workflows / f"{name}.yaml")
    return _workflow(text, f"{name}.yaml"), text


def newest_rubric(name: str) -> tuple[Rubric, str]:
    """The rubric in the file `name`.yaml and its text. Raises NotFound or BadFile."""
    text = _text(settings().rubrics / f"{name}.yaml")
    return _rubric(text, f"{name}.yaml"), text


def rubric_names() -> list[str]:
    """The rubrics of the organisation that can be awarded, as `name-edition`."""
    files = sorted(settings().rubrics.glob("*.yaml"))
    return [file.stem for file in files if newest_rubric(file.stem)[0].award is not None]


def _text(file: Path) -> str:
    if not file.is_file():
        raise NotFound(f"There is no {file.name} among the workflows and rubrics")
    return file.read_text(encoding="utf-8")


def sha256(text: str) -> str:
    """The hash under which an edition is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def find_edition(session: Session, kind: str, name: str, number: int, text: str) -> Edition | None:
    """The row that keeps this very text; None when the edition is new.

    Raises BadFile when the number is in use with another text: a changed file needs a new edition number.
    """
    found = session.exec(
        select(Edition).where(Edition.kind == kind, Edition.name == name, Edition.number == number)
    ).first()
    if found is not None and found.sha256 != sha256(text):
        raise BadFile(f"edition {number} is in use with another text: give the changed file a new number", file=name)
    return found
