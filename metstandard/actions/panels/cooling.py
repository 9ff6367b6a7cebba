"""A post in the unit, or a contract with it, soon after a review of it: both keys waive it or leave it (COI-11).

Nobody can forbid somebody a job. It is found out, shown with its rule, and decided by both keys, each with a reason.
"""

from sqlmodel import Session

from metstandard.actions import moving
from metstandard.actions.signing import sign
from metstandard.common.errors import NotFound
from metstandard.queries.independence import LEAVE, WAIVE, cooling_off, decisions
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review, Signature


def decide_cooling_off(
    session: Session, review: Review, *, by: Person, covered: str, waive: bool, reason: str
) -> Signature:
    """Waive, or leave unwaived, exactly what was shown; each party decides once. The reason stands in the register.

    `covered` is the hash of the line of the register. Raises NotFound where that line is no longer there.
    """
    turn = moving.begin(session, review, WAIVE, by=by)
    line = next((one for one in cooling_off(session) if (one.review, one.covered) == (review.key, covered)), None)
    if line is None:
        raise NotFound("This line is no longer in the register")
    before = decisions(session, [line]).get(covered, {}).get(turn.part.rsplit("_", 1)[0])
    if before is not None:
        return before
    purpose = WAIVE if waive else LEAVE
    made = sign(session, review, purpose, by=by, part=turn.part, covered=covered, reason=reason)
    turn.finish(note=reason, data={"person": line.person, "waived": waive, "covered": covered})
    return made
