"""Evidence that a unit supplied before, so that nobody enters the same data twice (rules.md B5)."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from metstandard.common import clock, words
from metstandard.queries.reviews import units_of
from metstandard.records.accounts import Person
from metstandard.records.evidence import Evidence, EvidenceLink, Scan, StoredFile
from metstandard.records.reviews import Review
from metstandard.records.supplied import Supplied
from metstandard.rules import markings
from metstandard.rules.editions import rubric_of


@dataclass(frozen=True)
class Offer:
    """An item of another review of the same unit; `criteria` are those it spoke to that this review has too."""

    item: Evidence
    file: StoredFile | None
    reference: str
    criteria: tuple[str, ...]


def offers(session: Session, review: Review, reader: Person) -> list[Offer]:
    """What the unit's own people may use again in a review, newest first, each file once.

    Left out: what was taken out, what the reader is not cleared for, files with a virus, and what is here already.
    """
    here = select(Evidence.file_id).where(
        Evidence.review_id == review.key, col(Evidence.removed_at).is_(None), col(Evidence.file_id).is_not(None)
    )
    query = (
        select(Evidence, StoredFile, Review.reference)
        .join(Review, col(Review.id) == Evidence.review_id)
        .join(StoredFile, col(StoredFile.id) == Evidence.file_id, isouter=True)
        .where(
            Review.unit_id == review.unit_id, col(Review.unit_id).in_(units_of(session, reader)),
            Review.id != review.key,
            col(Evidence.from_panel).is_(False), col(Evidence.removed_at).is_(None),
            sa.or_(col(StoredFile.scan).is_(None), col(StoredFile.scan) != Scan.INFECTED),
            sa.or_(col(Evidence.file_id).is_(None), col(Evidence.file_id).not_in(here)),
            col(Evidence.id).not_in(taken_up(review)),
        )
        .order_by(col(Evidence.id).desc())
    )  # fmt: skip
    rows = session.exec(markings.cleared(query, reader)).all()
    links = _links(session, [item.key for item, _, _ in rows])
    known = rubric_of(session, review).criteria
    found: dict[int | tuple[int], Offer] = {}
    for item, file, reference in rows:
        speaks = tuple(one for one in links.get(item.key, []) if one in known and one not in review.not_applicable)
        found.setdefault(item.file_id or (item.key,), Offer(item, file, reference, speaks))
    return list(found.values())


def taken_up(review: Review) -> sa.ScalarSelect[int | None]:
    """The items of other reviews that stand in this one already."""
    return (
        select(Supplied.origin_id)
        .join(Evidence, col(Evidence.id) == Supplied.evidence_id)
        .where(
            Evidence.review_id == review.key, col(Evidence.removed_at).is_(None), col(Supplied.origin_id).is_not(None)
        )
        .scalar_subquery()
    )


def _links(session: Session, numbers: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    query = select(EvidenceLink.evidence_id, EvidenceLink.criterion).where(col(EvidenceLink.evidence_id).in_(numbers))
    for number, code in session.exec(query.order_by(col(EvidenceLink.id))).all():
        found.setdefault(number, []).append(code)
    return found


def notes(session: Session, review: Review) -> dict[int, str]:
    """Where items of a review were supplied first, by the number of the item."""
    origin = aliased(Evidence)
    rows = session.exec(
        select(Supplied, Review.reference)
        .join(Evidence, col(Evidence.id) == Supplied.evidence_id)
        .join(origin, col(origin.id) == Supplied.origin_id, isouter=True)
        .join(Review, col(Review.id) == origin.review_id, isouter=True)
        .where(Evidence.review_id == review.key)
    ).all()
    return {one.evidence_id: said(reference or "", one) for one, reference in rows}


def said(reference: str, one: Supplied) -> str:
    """Where and when, in a sentence."""
    place = f"review {reference}" if reference else one.assessment
    return f"Supplied already to {place} on {words.day(one.supplied_on)}"


def twin(session: Session, review: Review, file: StoredFile, title: str, person: Person) -> Evidence | None:
    """The item that somebody made of the same file under the same title: a second sending of it."""
    query = select(Evidence).where(
        Evidence.review_id == review.key, Evidence.file_id == file.key, Evidence.title == title,
        Evidence.added_by_id == person.key, col(Evidence.removed_at).is_(None),
    )  # fmt: skip
    return session.exec(query.order_by(col(Evidence.id))).first()


def before(session: Session, item: Evidence, review: Review, reader: Person) -> str:
    """Whether the unit's own people supplied an item's file before, in a sentence; nothing when it is new to them."""
    if item.file_id is None:
        return ""
    query = (
        select(Evidence, Review.reference)
        .join(Review, col(Review.id) == Evidence.review_id)
        .where(
            Review.unit_id == review.unit_id, Evidence.file_id == item.file_id, Evidence.id != item.key,
            sa.or_(col(Review.id) == review.key, col(Review.unit_id).in_(units_of(session, reader))),
            col(Evidence.from_panel).is_(False), col(Evidence.removed_at).is_(None),
        )
        .order_by((col(Evidence.review_id) == review.key).desc(), col(Evidence.id).desc())
    )  # fmt: skip
    row = session.exec(markings.cleared(query, reader)).first()
    if row is None:
        return ""
    earlier, reference = row
    if earlier.review_id == review.key:
        return f"The same file is in this review already, as “{earlier.title}”."
    day = words.day(clock.local_date(earlier.added_at))
    return f"You supplied the same file already to review {reference} on {day}. It is kept once."
