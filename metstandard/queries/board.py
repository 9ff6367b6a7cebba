"""The programme board: a row for each unit with its current review, its last result, what is next (interface.md 24).

A fixed number of queries, however many units there are.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, func, select

from metstandard.common import clock
from metstandard.queries.tasks import part_words
from metstandard.records.accounts import Appointment
from metstandard.records.bodies import Committee
from metstandard.records.certificates import Certificate
from metstandard.records.editions import Edition
from metstandard.records.followup import Action
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.rubric.shapes import Outcome
from metstandard.rules.editions import rubric_from, workflow_from
from metstandard.workflow.calendar import add_months, working_days_between

_OVER = ("closed", "cancelled")
_DUE = ("due", "overdue")
# The coverage filter for units that must be looked at again, whether that day has passed or not.
AGAIN = "again"
_TENURE = 3
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Line:
    """One unit as the board shows it. `waits` is whose move it is; `coverage` says whether a review is due."""

    unit: Unit
    review: Review | None
    state: str
    waits: str
    days: int | None
    last: Review | None
    next_due: date | None
    coverage: str
    committee: str
    tenure_from: date | None
    actions_overdue: int
    certificate: Certificate | None

    @property
    def overdue(self) -> bool:
        """Whether the current review's due date has passed."""
        one = self.review
        return one is not None and not one.paused and one.due_on is not None and one.due_on < clock.today()

    @property
    def short_tenure(self) -> bool:
        """Whether the commander has been in post for less than the three years expected (obligations.md 23)."""
        return self.tenure_from is not None and (clock.today() - self.tenure_from).days < _TENURE * _DAYS_A_YEAR


@dataclass(frozen=True)
class Filters:
    """What the address of the board asks for; empty means all."""

    group: str = ""
    committee: str = ""
    state: str = ""
    coverage: str = ""
    search: str = ""
    sort: str = "unit"


def board(session: Session, chosen: Filters, lines: list[Line] | None = None) -> list[Line]:
    """The units that pass the filters, sorted; an unknown sort key sorts by unit. `lines` spares reading them again."""
    lines = [line for line in (all_lines(session) if lines is None else lines) if _passes(line, chosen)]
    key = chosen.sort.removeprefix("-")
    return sorted(lines, key=_SORTS.get(key, _SORTS["unit"]), reverse=chosen.sort.startswith("-"))


_FAR = date.max
_SORTS: dict[str, Callable[[Line], tuple[Any, ...]]] = {
    "unit": lambda line: (line.unit.name, line.unit.code),
    "state": lambda line: (line.review is None, line.state, line.unit.name),
    "days": lambda line: (line.days is None, line.days or 0, line.unit.name),
    "due": lambda line: ((line.review.due_on if line.review else None) or _FAR, line.unit.name),
    "last": lambda line: ((line.last.decided_on if line.last else None) or date.min, line.unit.name),
    "next": lambda line: (line.next_due or _FAR, line.unit.name),
    "tenure": lambda line: (line.tenure_from or _FAR, line.unit.name),
}


def _passes(line: Line, chosen: Filters) -> bool:
    state = line.review.state if line.review else "none"
    return (
        chosen.group in {"", line.unit.business_group}
        and chosen.committee in {"", line.committee}
        and chosen.state in {"", state}
        and (chosen.coverage in {"", line.coverage} or (chosen.coverage == AGAIN and line.coverage in _DUE))
        and chosen.search.lower() in f"{line.unit.code} {line.unit.name}".lower()
    )


def all_lines(session: Session, only: Sequence[int] | None = None) -> list[Line]:
    """Every unit, unsorted; or `only` some, by their numbers."""
    wanted = select(Unit).where(col(Unit.valid_until).is_(None)).order_by(Unit.code)
    of_units = select(Review).order_by(col(Review.id))
    if only is not None:
        wanted, of_units = wanted.where(col(Unit.id).in_(only)), of_units.where(col(Review.unit_id).in_(only))
    units = session.exec(wanted).all()
    reviews = _by_unit(session.exec(of_units).all())
    editions = {one.key: one for one in session.exec(select(Edition)).all()}
    committees = {one.key: one.code for one in session.exec(select(Committee)).all()}
    commanders = _commanders(session)
    overdue = _overdue_actions(session)
    certificates = {
        one.unit_id: one for one in session.exec(select(Certificate).order_by(col(Certificate.number))).all()
    }
    return [
        _line(
            unit, reviews.get(unit.key, []), editions, committees, commanders.get(unit.key), overdue[unit.key],
            certificates.get(unit.key),
        )
        for unit in units
    ]  # fmt: skip


def _line(
    unit: Unit, reviews: list[Review], editions: dict[int, Edition], committees: dict[int, str], since: date | None,
    overdue: int, certificate: Certificate | None,
) -> Line:  # fmt: skip
    current = next((one for one in reversed(reviews) if one.state not in _OVER), None)
    decided = [one for one in reviews if one.decided_on is not None and one.published_on is not None]
    last = decided[-1] if decided else None
    state, waits, days = "", "", None
    if current is not None:
        stage = workflow_from(editions[current.workflow_edition_id]).states[current.state]
        state = stage.title
        waits = part_words(["programme_officer"] if current.paused else stage.waits_for)
        days = max(0, working_days_between(clock.local_date(current.state_since), clock.today()))
    next_due = _next_due(last, editions) if last else None
    shown = current or last
    return Line(
        unit=unit, review=current, state=state, waits=waits, days=days, last=last, next_due=next_due,
        coverage=_coverage(current, last, next_due), committee=committees[shown.committee_id] if shown else "",
        tenure_from=since, actions_overdue=overdue, certificate=certificate,
    )  # fmt: skip


def _next_due(last: Review, editions: dict[int, Edition]) -> date | None:
    """When the unit must be looked at again: as the last outcome says, in months from the decision."""
    award = rubric_from(editions[last.rubric_edition_id]).award
    meaning = award.outcomes.get(last.outcome) if award and last.outcome else None
    if meaning is None or last.decided_on is None:
        return None
    for months in (
        meaning.certificate.months if meaning.certificate else None,
        meaning.conditions.verified_within_months if meaning.conditions else None,
        meaning.reassessment.within_months if meaning.reassessment else None,
        meaning.full_review.not_before_months if meaning.full_review else None,
    ):
        if months is not None:
            return add_months(last.decided_on, months)
    return None


def _coverage(current: Review | None, last: Review | None, next_due: date | None) -> str:
    under_way = current is not None and current.published_on is None
    if under_way:
        return "under way"
    if last is None:
        return "never reviewed"
    if next_due is not None and next_due < clock.today():
        return "overdue"
    if last.outcome in {Outcome.ACHIEVED, Outcome.ACHIEVED_WITH_CONDITIONS}:
        return "covered"
    return "due"


def _by_unit(rows: Sequence[Review]) -> dict[int, list[Review]]:
    found: dict[int, list[Review]] = {}
    for one in rows:
        found.setdefault(one.unit_id, []).append(one)
    return found


def _commanders(session: Session) -> dict[int, date]:
    today = clock.today()
    rows = session.exec(
        select(col(Appointment.unit_id), col(Appointment.from_on))
        .where(
            Appointment.part == "commander",
            col(Appointment.from_on) <= today,
            col(Appointment.until_on).is_(None) | (col(Appointment.until_on) >= today),
        )
        .order_by(col(Appointment.from_on))
    ).all()
    return {unit_id: since for unit_id, since in rows if unit_id is not None}


def _overdue_actions(session: Session) -> Counter[int]:
    rows = session.exec(
        select(Action.unit_id, func.count())
        .where(col(Action.state).in_(("open", "reported")), col(Action.due_on) < clock.today())
        .group_by(col(Action.unit_id))
    ).all()
    return Counter(dict(list(rows)))


def by_group(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """The lines under their business groups, the largest group first; within a group as they come."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.unit.business_group, []).append(line)
    return sorted(found.items(), key=lambda group: (-len(group[1]), group[0]))


def summary(lines: list[Line]) -> dict[str, int]:
    """How many units stand where, for the tiles."""
    counts = Counter(line.coverage for line in lines)
    return {
        "under way": counts["under way"],
        "never reviewed": counts["never reviewed"],
        "due or overdue": sum(counts[one] for one in _DUE),
        "late in their stage": sum(line.overdue for line in lines),
        "actions overdue": sum(line.actions_overdue for line in lines),
    }
