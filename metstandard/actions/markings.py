"""Setting the marking that a review's papers bear: raising is free, lowering has a name and a reason (rules.md B9)."""

from sqlmodel import Session

from metstandard.actions import moving
from metstandard.common.errors import Invalid, NotFound
from metstandard.records.accounts import Person
from metstandard.records.base import Marking
from metstandard.records.reviews import Review
from metstandard.rules import markings


def set_marking(session: Session, review: Review, *, by: Person, marking: Marking, reason: str = "") -> None:
    """Set what the papers of a review bear, over what they inherited from the evidence quoted so far.

    Evidence keeps its own marking, and what is quoted later is inherited again. Raises NotFound for whoever is not
    cleared for what the papers bear, Invalid for a lower marking without a reason.
    """
    turn = moving.begin(session, review, "set_marking", by=by)
    before = markings.of_papers(session, review)
    if not markings.may_see(by, before):
        raise NotFound("We could not find that page")
    markings.check(by, marking)
    if markings.lowers(before, marking) and not reason.strip():
        raise Invalid("Say why the marking may be lowered", field="reason", rule="B9")
    review.marking = marking
    turn.finish(
        note=reason.strip(),
        data={
            "before": before.value, "after": marking.value,
            "evidence": sorted(markings.quoted(session, review)),
        },
    )  # fmt: skip
