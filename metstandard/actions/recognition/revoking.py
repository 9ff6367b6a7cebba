"""Revoking an award jointly: the Authority's key and the committee's, each with a reason (recognition.md D2)."""

from sqlmodel import Session

from metstandard.actions import moving
from metstandard.actions.commissioning import check_seen
from metstandard.actions.signing import sign
from metstandard.common.errors import Invalid
from metstandard.records.accounts import Person
from metstandard.records.journal import last_line
from metstandard.records.recognition import Nomination
from metstandard.rules.content import digest
from metstandard.rules.signatures import counting


def revoke(session: Session, nomination: Nomination, *, by: Person, reason: str, seen: str) -> bool:
    """Agree to revoke an award; true once both keys agreed and it happened. The reasons stay in the journal.

    The same person agreeing again changes nothing. Raises Invalid when what was shown has changed.
    """
    session.flush()
    session.refresh(nomination, with_for_update=True)
    newest = last_line(session, "nomination", nomination.key)
    if newest is not None and (newest.act, newest.person_id, newest.after) == ("revoke", by.key, "revoked"):
        return True
    if by.key in {one.person_id for one in counting(session, nomination, "revoke")}:
        return False
    turn = moving.begin(session, nomination, "revoke", by=by)
    if not reason.strip():
        raise Invalid("Give a reason", field="reason")
    check_seen(seen, digest(session, nomination, "revoke"))
    sign(session, nomination, "revoke", by=by, part=turn.part, reason=reason)
    line = turn.finish(note=reason)
    return line.after == "revoked"
