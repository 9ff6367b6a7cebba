"""One person, one duty in a review (rules.md B3): what binds people there, and which parts that leaves them."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.common.errors import RuleBroken
from metstandard.records.accounts import Appointment, Posting
from metstandard.records.certificates import Certificate
from metstandard.records.followup import Action
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Deputy, Review
from metstandard.records.seats import HOLDING, Declaration, Interest, Seat
from metstandard.records.units import Unit
from metstandard.rules.case import Record, review_of

UNIT_PARTS = ("commander", "unit_author")
PANEL_PARTS = ("reviewer", "lead_reviewer")

# What binds a person besides the parts they have played: see `bound`.
PREJUDICIAL = "prejudicial"
IN_LINE = "in_line"

ASSESSED = "the assessed unit"
DECIDES = "decision maker"

# Numbers of people, or the query that finds them.
People = Sequence[int] | sa.Select[Any]

# One person holds only one of these in one review (rules.md B3).
_APART = {
    "programme_officer": "programme officer",
    "reviewer": "reviewer",
    "lead_reviewer": "reviewer",
    "moderator": "moderator",
    "appeal_member": "appeal member",
    "commander": ASSESSED,
    "unit_author": ASSESSED,
}


def apart(part: str) -> str | None:
    """The group that a part belongs to under the segregation of duties; None when it may be combined."""
    if part.endswith(("_key", "_principal")):
        return DECIDES
    return _APART.get(part)


def bound(session: Session, record: Record, people: People) -> dict[int, frozenset[str]]:
    """What binds people in a review, by person: parts acted in, seats held, units served, interests declared.

    One query for any number of people. Parts are those in which somebody acted (as the journals of the review, its
    certificate and its actions tell), prepared as a deputy, or spoke for the unit since the review was proposed.
    PREJUDICIAL and IN_LINE stand beside the parts.
    """
    rows = bound_in(session, [review_of(session, record).key], people)
    return {person_id: parts for (_, person_id), parts in rows.items()}


def bound_in(session: Session, reviews: Sequence[int], people: People) -> dict[tuple[int, int], frozenset[str]]:
    """`bound` for many reviews at once, by review and person; still one query."""
    today = clock.today()
    proposed = (
        select(sa.func.date(JournalLine.at))
        .where(_own_journal(), col(JournalLine.seq) == 1)
        .correlate(Review)
        .scalar_subquery()
    )
    appointed = col(Appointment.until_on).is_(None) | (sa.func.date(col(Appointment.until_on)) >= proposed)
    posted = col(Posting.until_on).is_(None) | (col(Posting.until_on) >= today)
    number = col(Review.id)
    spells: list[Any] = [
        sa.select(number, col(JournalLine.person_id), col(JournalLine.part)).join(JournalLine, _own_journal()),
        *(
            sa.select(number, col(JournalLine.person_id), col(JournalLine.part))
            .join(kind, col(kind.review_id) == number)
            .join(JournalLine, _journal_of(kind))
            for kind in (Certificate, Action)
        ),
        sa.select(number, col(Seat.person_id), sa.literal("reviewer")).join(
            Seat, (col(Seat.review_id) == number) & col(Seat.status).in_(HOLDING)
        ),
        sa.select(number, col(Deputy.person_id), col(Deputy.part)).join(Deputy, col(Deputy.review_id) == number),
        sa.select(number, col(Appointment.person_id), col(Appointment.part))
        .join(Appointment, col(Appointment.unit_id) == Review.unit_id)
        .where(col(Appointment.part).in_(UNIT_PARTS), col(Appointment.from_on) <= today, appointed),
        sa.select(number, col(Declaration.person_id), sa.literal(PREJUDICIAL)).join(
            Declaration, (col(Declaration.review_id) == number) & (col(Declaration.interest) == Interest.PREJUDICIAL)
        ),
        sa.select(number, col(Posting.person_id), sa.literal(IN_LINE))
        .join(Unit, col(Unit.id) == Review.unit_id)
        .join(
            Posting,
            (col(Posting.unit_id) == Unit.id)
            | (col(Posting.unit_id).is_(None) & (col(Posting.business_group) == Unit.business_group)),
        )
        .where(col(Posting.from_on) <= today, posted),
    ]
    wanted = [one.where(number.in_(reviews), one.selected_columns[1].in_(people)) for one in spells]
    every: sa.CompoundSelect[Any] = sa.union(*wanted)
    found: dict[tuple[int, int], set[str]] = {}
    for review_id, person_id, part in session.execute(every):
        found.setdefault((review_id, person_id), set()).add(part)
    return {where: frozenset(parts) for where, parts in found.items()}


def _own_journal() -> sa.ColumnElement[bool]:
    return (col(JournalLine.record_kind) == "review") & (col(JournalLine.record_id) == col(Review.id))


def _journal_of(kind: type[Certificate | Action]) -> sa.ColumnElement[bool]:
    return (col(JournalLine.record_kind) == kind.__tablename__) & (col(JournalLine.record_id) == col(kind.id))


def duties(binding: Iterable[str]) -> frozenset[str]:
    """The groups of B3 that parts belong to."""
    return frozenset(group for group in map(apart, binding) if group is not None)


def unbarred(parts: Iterable[str], binding: frozenset[str]) -> frozenset[str]:
    """Those of `parts` that what binds a person leaves them."""
    return frozenset(part for part in parts if bar(part, binding) is None)


def bar(part: str, binding: frozenset[str]) -> RuleBroken | None:
    """Why what binds a person keeps them from a part; None when it does not."""
    group = apart(part)
    if group is None:
        return None
    others = duties(binding) - {group}
    if others:
        return RuleBroken(f"You have another duty in this review: {' and '.join(sorted(others))}", rule="B3")
    if PREJUDICIAL in binding and group != ASSESSED:
        return RuleBroken("You have declared a prejudicial interest, so take no part in this review", rule="COI-9")
    if IN_LINE in binding and group in {DECIDES, "moderator", "appeal member"}:
        return RuleBroken("You serve in this unit or its line of command", rule="B3")
    return None
