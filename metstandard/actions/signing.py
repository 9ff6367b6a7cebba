"""Signing for a purpose: one row, over the hash of exactly what is approved."""

from sqlmodel import Session

from metstandard.actions.looking import READ, keep_look
from metstandard.common import clock
from metstandard.common.errors import RuleBroken
from metstandard.records.accounts import Person
from metstandard.records.reviews import Signature
from metstandard.rules.case import Record, kind_of
from metstandard.rules.content import digest
from metstandard.rules.editions import workflow_of
from metstandard.rules.parts import standing_in
from metstandard.rules.signatures import counting


def sign(
    session: Session, record: Record, purpose: str, *, by: Person, part: str, seat: str = "", reason: str = "",
    covered: str | None = None,
) -> Signature:  # fmt: skip
    """Sign for a purpose in a part; signing the same content twice leaves one signature.

    The caller holds the record's lock. Raises RuleBroken when the same person already signed for the other party.
    """
    over = digest(session, record, purpose) if covered is None else covered
    workflow = workflow_of(session, record)
    for other in counting(session, record, purpose, covered=over):
        same_part = standing_in(workflow, other.part) == standing_in(workflow, part) and other.seat == seat
        if other.person_id == by.key and same_part:
            return other
        if other.person_id == by.key and standing_in(workflow, other.part) not in {None, standing_in(workflow, part)}:
            raise RuleBroken("Two keys are turned by two people", rule="B7")
    signature = Signature(
        record_kind=kind_of(record), record_id=record.key, purpose=purpose, part=part, seat=seat,
        person_id=by.key, digest=over, reason=reason.strip(), signed_at=clock.now(),
    )  # fmt: skip
    session.add(signature)
    session.flush()
    if purpose in READ:
        keep_look(session, record, purpose, by)
    return signature
