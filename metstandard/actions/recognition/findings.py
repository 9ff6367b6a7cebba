"""A reviewer's finding of good practice starts a nomination, without retyping and without breaking a seal.

Nothing is taken over before the review is published: until then findings and evidence are the panel's. Of the
evidence only titles go along, and only of items of the unit's own that bear the lowest marking and that it may see.
"""

from sqlmodel import Session, col, select

from metstandard.actions.recognition.nominating import begin_nomination, keep_typed
from metstandard.common.characters import clean
from metstandard.common.errors import NotFound, NotNow
from metstandard.records.accounts import Person
from metstandard.records.base import Marking
from metstandard.records.evidence import Evidence, EvidenceLink
from metstandard.records.recognition import Nomination
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat
from metstandard.records.sheets import Finding
from metstandard.rubric.shapes import Grade
from metstandard.rules.parts import standing

_LOWEST = (Marking.OFFICIAL, Marking.NOT_PROTECTIVELY_MARKED)
_UNFINISHED = ("draft", "returned")


def may_nominate(session: Session, finding: Finding, person: Person) -> bool:
    """Whether a person may start from a finding: published good practice, for its panel and programme officers."""
    review = session.get_one(Review, finding.review_id)
    if finding.grade is not Grade.GOOD or finding.removed_at is not None or review.published_on is None:
        return False
    if any(one.part == "programme_officer" for one in standing(session, person)):
        return True
    held = select(Seat.id).where(
        Seat.review_id == review.key, Seat.person_id == person.key, col(Seat.status).in_(HOLDING)
    )
    return session.exec(held).first() is not None


def from_finding(session: Session, finding: Finding, *, by: Person) -> Nomination:
    """Start a nomination from published good practice; pressed twice it finds the same draft.

    Raises NotFound for a stranger or another kind of finding, NotNow before the review was published.
    """
    review = session.get_one(Review, finding.review_id)
    if not may_nominate(session, finding, by):
        if review.published_on is None and finding.grade is Grade.GOOD:
            raise NotNow("A nomination can start from this finding once the review is published")
        raise NotFound("We could not find that page")
    begun = session.exec(
        select(Nomination).where(
            Nomination.finding_id == finding.key,
            Nomination.nominator_id == by.key,
            col(Nomination.state).in_(_UNFINISHED),
        )
    ).first()
    if begun is not None:
        return begun
    nomination = begin_nomination(session, by=by, name=by.name, email=by.email, once=f"finding-{finding.key}")
    nomination.finding_id = finding.key
    nomination.unit_id = review.unit_id
    nomination.account = clean(finding.text).strip()
    nomination.evidence = _evidence(session, review, finding)
    keep_typed(nomination, "account", {"account": nomination.account}, valid=False, revision=0)
    keep_typed(
        nomination, "evidence", {"evidence": nomination.evidence, "witnesses": ""}, valid=False, revision=0
    )  # fmt: skip
    session.add(nomination)
    session.flush()
    return nomination


def _evidence(session: Session, review: Review, finding: Finding) -> str:
    """The review, and the titles of the unit's own evidence on which the finding rests."""
    titles = session.exec(
        select(Evidence.title)
        .join(EvidenceLink, col(EvidenceLink.evidence_id) == Evidence.id)
        .where(
            Evidence.review_id == review.key,
            EvidenceLink.criterion == finding.criterion,
            col(Evidence.marking).in_(_LOWEST),
            col(Evidence.by_unit).is_(True),
            col(Evidence.unit_may_see).is_(True),
            col(Evidence.removed_at).is_(None),
        )
        .order_by(col(Evidence.id))
    ).all()
    begins = f"Published review {review.reference}, good practice under criterion {finding.criterion}."
    return "\n".join([begins, *(f"- {clean(title)}" for title in titles)])
