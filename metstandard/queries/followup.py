"""Actions with what a page needs of them: unit, owner, due date, progress. Fixed numbers of queries."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.queries.reviews import units_of
from metstandard.records.accounts import Person
from metstandard.records.bodies import Committee
from metstandard.records.followup import Action, Progress
from metstandard.records.reviews import Review
from metstandard.records.sheets import Finding
from metstandard.records.units import Unit
from metstandard.rules.parts import parts_of


@dataclass(frozen=True)
class Line:
    """One action as lists and pages show it."""

    action: Action
    review: Review
    unit: Unit
    owner: Person
    finding: Finding
    committee: Committee

    @property
    def due_on(self) -> date | None:
        """When it must be done, while it is open or waits for verification."""
        return self.action.due_on

    @property
    def overdue(self) -> bool:
        """Whether it should have been done or verified by now."""
        late = self.action.due_on is not None and self.action.due_on < clock.today()
        return late and self.action.state in {"open", "reported"}


def _lines(session: Session, *where: object) -> list[Line]:
    rows = session.exec(
        select(Action, Review, Unit, Person, Finding, Committee)  # type: ignore[call-overload]
        .join(Review, col(Review.id) == Action.review_id)
        .join(Unit, col(Unit.id) == Action.unit_id)
        .join(Person, col(Person.id) == Action.owner_id)
        .join(Finding, col(Finding.id) == Action.finding_id)
        .join(Committee, col(Committee.id) == Review.committee_id)
        .where(*where)
        .order_by(col(Action.due_on).is_(None), col(Action.due_on), col(Action.id))
    ).all()
    return [Line(*row) for row in rows]


def of_review(session: Session, review: Review) -> list[Line]:
    """The actions of one review, the first due first."""
    return _lines(session, Action.review_id == review.key)


def of_units(session: Session, person: Person) -> list[Line]:
    """The actions of the units that a person commands or prepares for, and those that the person owns."""
    units = units_of(session, person)
    return _lines(session, col(Action.unit_id).in_(units) | (col(Action.owner_id) == person.key))


def all_open(session: Session) -> list[Line]:
    """Every action that is not settled, for the follow-up board."""
    return _lines(session, col(Action.state).in_(("open", "reported")))


def one(session: Session, person: Person, number: int, *parts: str) -> Line | None:
    """One action, for a person who plays one of `parts` in it; None for a stranger."""
    action = session.get(Action, number)
    if action is None or not parts_of(session, person, action) & set(parts):
        return None
    found = _lines(session, Action.id == number)
    return found[0] if found else None


def progress(session: Session, action: Action) -> list[tuple[Progress, Person]]:
    """What was reported, newest first, with who reported it."""
    rows = session.exec(
        select(Progress, Person)
        .join(Person, col(Person.id) == Progress.reported_by_id)
        .where(Progress.action_id == action.key)
        .order_by(col(Progress.id).desc())
    ).all()
    return [(line, person) for line, person in rows]
