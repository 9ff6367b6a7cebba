"""What moderators look at besides the review: the batch, the evidence held, what others got the same level for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from metstandard.records.accounts import Person
from metstandard.records.editions import Edition
from metstandard.records.evidence import Evidence, EvidenceLink, EvidenceType
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Review, Signature
from metstandard.records.sheets import AgreedLevel, Answer, Point
from metstandard.records.units import Unit
from metstandard.rules import markings
from metstandard.rules.editions import workflow_of

SHOWN = 3
"""Earlier reviews shown beside a criterion; the number of all is told."""

_CHANGES = ("change_level", "answer_point")
# Where levels may still change at the panel's hand, or nothing was judged.
_NOT_SETTLED = ("consensus", "reporting", "factual_accuracy", "cancelled")


@dataclass(frozen=True)
class Waiting:
    """One review of the batch: how much asks for a closer look, and which seats have signed since the last change."""

    review: Review
    unit: Unit
    disputed: int
    discussed: int
    changed: int
    open_points: int
    signed: tuple[str, ...]
    seats: tuple[str, ...]
    mine: bool


def batch(session: Session, person: Person) -> list[Waiting]:
    """The reviews now in moderation, the first due first. A fixed number of queries."""
    rows = session.exec(
        select(Review, Unit)
        .join(Unit, col(Unit.id) == Review.unit_id)
        .where(Review.state == "moderation")
        .order_by(col(Review.due_on).is_(None), col(Review.due_on), col(Review.id))
    ).all()
    numbers = [review.key for review, _ in rows]
    levels, points = _levels(session, numbers), _open_points(session, numbers)
    signed = _signed(session, [review for review, _ in rows])
    return [
        Waiting(
            review, unit, *levels.get(review.key, (0, 0, 0)), points.get(review.key, 0),
            tuple(one.seat for one in signed.get(review.key, ())), workflow_of(session, review).moderators,
            any(one.person_id == person.key for one in signed.get(review.key, ())),
        )
        for review, unit in rows
    ]  # fmt: skip


def _levels(session: Session, reviews: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """Criteria with a dissent, with a discussion, and with a level that moderation changed, by review."""
    rows = session.exec(
        select(
            AgreedLevel.review_id,
            sa.func.sum(sa.case((col(AgreedLevel.dissent) != "", 1), else_=0)),
            sa.func.sum(sa.case((col(AgreedLevel.discussion) != "", 1), else_=0)),
            sa.func.count(col(AgreedLevel.moderated)),
        )
        .where(col(AgreedLevel.review_id).in_(reviews))
        .group_by(col(AgreedLevel.review_id))
    ).all()
    return {number: (int(disputed), int(discussed), int(changed)) for number, disputed, discussed, changed in rows}


def _open_points(session: Session, reviews: Sequence[int]) -> dict[int, int]:
    rows = session.exec(
        select(Point.review_id, sa.func.count())
        .where(col(Point.review_id).in_(reviews), Point.answer == Answer.OPEN)
        .group_by(col(Point.review_id))
    ).all()
    return dict(list(rows))


def _signed(session: Session, reviews: Sequence[Review]) -> dict[int, list[Signature]]:
    """The signatures since the last act that changed what is signed; earlier ones are void."""
    numbers = [one.key for one in reviews]
    rows = session.exec(
        select(JournalLine.record_id, sa.func.max(JournalLine.at))
        .where(
            JournalLine.record_kind == "review",
            col(JournalLine.record_id).in_(numbers),
            col(JournalLine.act).in_(_CHANGES),
        )
        .group_by(col(JournalLine.record_id))
    ).all()
    changed: dict[int, datetime] = dict(list(rows))
    since = {one.key: max(one.state_since, changed.get(one.key, one.state_since)) for one in reviews}
    made = session.exec(
        select(Signature).where(
            Signature.record_kind == "review", col(Signature.record_id).in_(numbers),
            Signature.purpose == "moderation", col(Signature.withdrawn_at).is_(None),
        )
    ).all()  # fmt: skip
    found: dict[int, list[Signature]] = {}
    for one in made:
        if one.signed_at >= since[one.record_id]:
            found.setdefault(one.record_id, []).append(one)
    return found


@dataclass(frozen=True)
class Held:
    """The evidence linked to one criterion, as far as the reader is cleared: kinds, makers, years of outcomes."""

    kinds: tuple[str, ...] = ()
    items: int = 0
    not_from_unit: int = 0
    external: int = 0
    years: int = 0


def held(session: Session, review: Review, reader: Person) -> dict[str, Held]:
    """What evidence each criterion has, by criterion; criteria without any are left out."""
    query = (
        select(EvidenceLink.criterion, Evidence)
        .join(Evidence, col(Evidence.id) == EvidenceLink.evidence_id)
        .where(Evidence.review_id == review.key, col(Evidence.removed_at).is_(None))
        .order_by(col(Evidence.id))
    )
    found: dict[str, list[Evidence]] = {}
    for code, one in session.exec(markings.cleared(query, reader)).all():
        found.setdefault(code, []).append(one)
    return {
        code: Held(
            _kinds(one.kind for one in items), len(items), sum(not one.by_unit for one in items),
            sum(one.external for one in items), max(one.outcome_years for one in items),
        )
        for code, items in found.items()
    }  # fmt: skip


def _kinds(kinds: Iterable[EvidenceType]) -> tuple[str, ...]:
    """Kinds of evidence in words, each once, in the order of the vocabulary."""
    there = set(kinds)
    return tuple(one.value.replace("_", " ") for one in EvidenceType if one in there)


@dataclass(frozen=True)
class Precedent:
    """What another review stood at the same level for: its reasons, its kinds of evidence. Never who reviewed."""

    reference: str
    unit: str
    decided_on: date | None
    rationale: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Precedents:
    """The newest of the other reviews at the same level, and how many there are in all."""

    shown: tuple[Precedent, ...]
    total: int


def precedents(session: Session, review: Review, reader: Person) -> dict[str, Precedents]:
    """Other reviews that stand at the same level on the same criterion, by criterion, the newest first (B7).

    Those count that have passed the unit's right of reply, under any edition of the same rubric, and whose marking the
    reader is cleared for. Two queries.
    """
    rows = session.execute(_ranked(review, reader)).all()
    kinds = _kinds_of(session, {(row.review_id, row.criterion) for row in rows}, reader)
    found: dict[str, list[Precedent]] = {}
    total: dict[str, int] = {}
    for row in rows:
        total[row.criterion] = row.total
        found.setdefault(row.criterion, []).append(
            Precedent(
                row.reference, row.Unit.title, row.decided_on, row.rationale,
                _kinds(kinds.get((row.review_id, row.criterion), ())),
            )
        )  # fmt: skip
    return {code: Precedents(tuple(shown), total[code]) for code, shown in found.items()}


def _ranked(review: Review, reader: Person) -> sa.Select[Any]:
    """The other reviews' rows at this review's levels, numbered by criterion, the newest first."""
    own: Any = aliased(AgreedLevel)
    other: Any = aliased(AgreedLevel)
    number = sa.func.row_number().over(partition_by=other.criterion, order_by=col(Review.id).desc())
    inner = (
        sa.select(
            other.criterion, other.review_id, other.rationale, col(Review.reference), col(Review.decided_on),
            col(Review.unit_id), number.label("place"),
            sa.func.count().over(partition_by=other.criterion).label("total"),
        )
        .select_from(other)
        .join(own, (own.review_id == review.key) & (own.criterion == other.criterion))
        .join(Review, col(Review.id) == other.review_id)
        .join(Edition, col(Edition.id) == col(Review.rubric_edition_id))
        .where(
            other.review_id != review.key,
            sa.func.coalesce(own.moderated, own.level) == sa.func.coalesce(other.moderated, other.level),
            col(Review.accuracy_closed_on).is_not(None),
            col(Review.state).not_in(_NOT_SETTLED),
            col(Review.marking).in_(markings.seen_by(reader)),
            col(Edition.name).in_(sa.select(col(Edition.name)).where(col(Edition.id) == review.rubric_edition_id)),
        )
        .subquery()
    )  # fmt: skip
    return (
        sa.select(inner, Unit)
        .join(Unit, col(Unit.id) == inner.c.unit_id)
        .where(inner.c.place <= SHOWN)
        .order_by(inner.c.criterion, inner.c.place)
    )


def _kinds_of(
    session: Session, wanted: set[tuple[int, str]], reader: Person
) -> dict[tuple[int, str], set[EvidenceType]]:
    query = (
        select(Evidence.review_id, EvidenceLink.criterion, Evidence.kind)
        .join(EvidenceLink, col(EvidenceLink.evidence_id) == Evidence.id)
        .where(
            col(Evidence.review_id).in_(sorted({number for number, _ in wanted})), col(Evidence.removed_at).is_(None)
        )
        .distinct()
    )
    found: dict[tuple[int, str], set[EvidenceType]] = {}
    for number, code, kind in session.exec(markings.cleared(query, reader)).all():
        if (number, code) in wanted:
            found.setdefault((number, code), set()).add(kind)
    return found
