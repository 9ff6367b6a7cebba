"""Using evidence again that was supplied before: the same file, never typed or sent a second time (rules.md B5)."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlmodel import Session, col, select

from metstandard.actions import items, moving
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotYours
from metstandard.queries import supplied
from metstandard.queries.supplied import Offer
from metstandard.records.accounts import Person
from metstandard.records.evidence import Evidence
from metstandard.records.reviews import Review
from metstandard.records.supplied import Supplied
from metstandard.rules import markings
from metstandard.rules.editions import rubric_of

# What belongs to the item as it stands in its own review.
_OF_ITS_REVIEW = {"id", "review_id", "added_by_id", "added_at", "removed_at", "revision"}


def use_again(
    session: Session, review: Review, *, by: Person, chosen: Collection[int], criteria: Mapping[str, str]
) -> list[Evidence]:
    """Take up items of the unit's other reviews; what is taken up already stays once, whatever is posted twice.

    Without `criteria` each keeps those that it spoke to. Raises NotFound for an item that is not offered, Invalid
    naming the field when nothing is chosen or an item would speak to nothing.
    """
    turn = moving.allow(session, review, "add_evidence", by=by)
    if turn.part == "reviewer":
        raise NotYours("Only the unit can use its evidence again")
    if not chosen:
        raise Invalid("Choose at least one item", field="chosen")
    if any(code not in rubric_of(session, review).criteria for code in criteria):
        raise NotFound("No such criterion in this review")
    offered = {one.item.key: one for one in supplied.offers(session, review, by)}
    there = set(session.exec(select(Supplied.origin_id).where(col(Supplied.origin_id).in_(supplied.taken_up(review)))))
    if any(number not in offered and number not in there for number in chosen):
        raise NotFound("No such evidence of yours")
    return [
        _taken_up(session, review, offered[one], by=by, criteria=criteria) for one in sorted(chosen) if one in offered
    ]


def _taken_up(session: Session, review: Review, offer: Offer, *, by: Person, criteria: Mapping[str, str]) -> Evidence:
    origin = offer.item
    places = criteria or dict.fromkeys(offer.criteria, "")
    if not places:
        raise Invalid(f"Choose the criteria that “{origin.title}” speaks to in this review", field="criteria")
    marking = markings.equivalent(origin.marking, markings.profile())
    if marking is None:
        raise Invalid(f"“{origin.title}” bears a marking of another scheme: add it anew", field="chosen", rule="B9")
    item = Evidence(
        **origin.model_dump(exclude=_OF_ITS_REVIEW | {"marking"}), marking=marking, review_id=review.key,
        added_by_id=by.key, added_at=clock.now(),
    )  # fmt: skip
    session.add(item)
    session.flush()
    items.link(session, item, places)
    session.add(Supplied(evidence_id=item.key, origin_id=origin.key, supplied_on=clock.local_date(origin.added_at)))
    session.flush()
    return item


def name_assessment(session: Session, item: Evidence, *, assessment: str, on: date | None) -> None:
    """Say that a new item went to another assessment before. Raises Invalid for a name without a day that has come."""
    there = session.exec(select(Supplied.id).where(Supplied.evidence_id == item.key)).first()
    if not assessment.strip() or there is not None:
        return
    if on is None or on > clock.today():
        raise Invalid("Enter the day on which it was supplied, today or earlier", field="supplied_on")
    session.add(Supplied(evidence_id=item.key, assessment=assessment.strip(), supplied_on=on))
    session.flush()
