"""Reviewers' severity and a review's likely score from the marks of open reviews (REV-5, SCO-6).

Who may see it: the programme office all of it, the moderators of a review its own panel and score. Nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlmodel import Session, col, select

from metstandard.queries.statistics.marks import Opened, OpenReview, opened
from metstandard.records.accounts import Person
from metstandard.records.bodies import ReviewerProfile
from metstandard.records.reviews import Review
from metstandard.rubric.clauses import OverallRule
from metstandard.rubric.definition import Rubric
from metstandard.rules.calibration import number
from metstandard.statistics.estimates import Estimate, NotDefined
from metstandard.statistics.layout import Mark
from metstandard.statistics.probability import Overall, overall
from metstandard.statistics.severity import SeverityModel, fit

_KEPT = 32


@dataclass(frozen=True)
class ReviewerSeverity:
    """One reviewer. `estimate` is in levels, positive is harsher; None where `why` says what keeps it back.

    `reviews` counts open reviews; `group` numbers those who can be compared with each other, 0 outside the model.
    """

    person_id: int
    name: str
    kind: str
    reviews: int
    estimate: Estimate | None
    why: str
    group: int


@dataclass(frozen=True)
class LikelyOverall:
    """The overall score that many reviewers would arrive at, with its interval; None where `why` says why not."""

    overall: Overall | None
    why: str
    reviews: int


def severities(
    session: Session, cycle: int | None = None, *, found: Opened | None = None
) -> dict[int, ReviewerSeverity]:
    """Everybody who has marked an open review (of one cycle), by their number and in the order of their names.

    An estimate is withheld under the reviews of REV-5-fewest, and where there are too few in all (SCO-6-fewest).
    `found` spares reading the open sheets again.
    """
    found = opened(session) if found is None else found
    return _named(session, found, kinds_of(session, found), cycle)


def severities_of(session: Session, review: Review) -> list[ReviewerSeverity]:
    """The panel of one review, in the order of its seats, over all cycles; nobody while the sheets are sealed."""
    found = opened(session)
    panel = [one.person_id for one in found.sheets if one.review.key == review.key]
    everybody = _named(session, found, kinds_of(session, found), None) if panel else {}
    return [everybody[person_id] for person_id in panel]


def overall_of(session: Session, review: Review, *, found: Opened | None = None) -> LikelyOverall:
    """How sure a review's overall score is, and how likely the unit meets the standard, by the marks of all reviews.

    Withheld while the sheets are sealed, and while fewer reviews are open than SCO-6-fewest.
    """
    found = opened(session) if found is None else found
    one = found.reviews.get(review.key)
    if one is None:
        return LikelyOverall(None, "Its sheets are sealed.", len(found.reviews))
    return _likely(found, kinds_of(session, found), one)


def _likely(found: Opened, kinds: Mapping[int, str], one: OpenReview) -> LikelyOverall:
    short = too_few_reviews(len(found.reviews))
    threshold = standard(one.rubric)
    if short or threshold is None:
        return LikelyOverall(None, short or "Its rubric sets no overall score.", len(found.reviews))
    try:
        value = _overalls(found, tuple(sorted(kinds.items())), threshold).get(one.reference)
    except NotDefined as refusal:
        return LikelyOverall(None, str(refusal), len(found.reviews))
    return LikelyOverall(value, "" if value else "None of its criteria has a level.", len(found.reviews))


def too_few_reviews(reviews: int) -> str:
    """What is said instead of a figure from fewer reviews than SCO-6-fewest; empty where there are enough."""
    fewest = number("SCO-6-fewest")
    return "" if reviews >= fewest else f"Too few: {reviews} of at least {fewest} reviews."


def standard(rubric: Rubric) -> float | None:
    """The overall score out of 100 that the award rules ask for."""
    rules = rubric.award.rules.values() if rubric.award else ()
    return next((float(one.at_least) for one in rules if isinstance(one, OverallRule)), None)


def kinds_of(session: Session, found: Opened) -> dict[int, str]:
    """The kind of seat of everybody who has marked: as they sat last, else as they are in the pool."""
    kinds = dict(session.exec(select(col(ReviewerProfile.person_id), col(ReviewerProfile.seat))).all())
    kinds.update({one.person_id: one.kind for one in found.sheets})
    marking = {one.person_id for one in found.sheets} | {one.person_id for one in found.tried}
    return {person_id: kind for person_id, kind in kinds.items() if person_id in marking}


def model_of(found: Opened, kinds: Mapping[int, str], cycle: int | None = None) -> SeverityModel:
    """The model of a cycle, or of all. Fitted once for the same marks. Raises NotDefined where they cannot carry it.

    A cycle has the reference reviews first marked in it, so that two cycles share no mark.
    """
    return _fitted(found, tuple(sorted(kinds.items())), cycle)


@lru_cache(maxsize=_KEPT)
def _fitted(found: Opened, kinds: tuple[tuple[int, str], ...], cycle: int | None) -> SeverityModel:
    tried = [one for one in found.tried if cycle in {None, one.cycle}]
    marks = [Mark(one.case, str(one.person_id), one.mean) for one in tried]
    marks += [
        Mark(one.review.reference, str(one.person_id), mean)
        for one in found.of(cycle)
        if (mean := one.mean) is not None
    ]
    known = {str(person_id): kind for person_id, kind in kinds}
    complete = all(one.reviewer in known for one in marks)
    return fit(marks, anchors={one.case: one.agreed for one in tried}, kinds=known if complete else None, fewest=1)


@lru_cache(maxsize=_KEPT)
def _overalls(found: Opened, kinds: tuple[tuple[int, str], ...], threshold: float) -> dict[str, Overall]:
    return overall(_fitted(found, kinds, None), threshold=threshold)


def _named(session: Session, found: Opened, kinds: Mapping[int, str], cycle: int | None) -> dict[int, ReviewerSeverity]:
    counts: dict[int, int] = {}
    for one in found.of(cycle):
        counts[one.person_id] = counts.get(one.person_id, 0) + 1
    names = session.execute(
        select(col(Person.id), col(Person.name)).where(col(Person.id).in_(counts)).order_by(Person.name, col(Person.id))
    ).all()
    short = too_few_reviews(len({one.review.key for one in found.of(cycle)}))
    model: SeverityModel | None = None
    if not short:
        try:
            model = model_of(found, kinds, cycle)
        except NotDefined as refusal:
            short = str(refusal)
    return {
        key: _one(key, name, kinds.get(key, ""), counts[key], model, short) for key, name in names if key is not None
    }


def _one(
    person_id: int, name: str, kind: str, reviews: int, model: SeverityModel | None, short: str
) -> ReviewerSeverity:
    fewest = number("REV-5-fewest")
    own = model.reviewers.get(str(person_id)) if model else None
    why = short
    if not why and reviews < fewest:
        why = f"Too few: {reviews} of at least {fewest} reviews."
    if not why and (own is None or own.estimate is None):
        why = (model.undefined.get("reviewers", "") if model else "") or "It cannot be told from chance."
    estimate = own.estimate if own is not None and not why else None
    return ReviewerSeverity(person_id, name, kind, reviews, estimate, why, own.group if own else 0)
