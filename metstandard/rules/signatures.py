"""Which signatures count: those over the content as it now stands, made since the stage that asks for them began."""

from sqlmodel import Session, col, select

from metstandard.records.reviews import Signature
from metstandard.rules.case import Record, kind_of
from metstandard.rules.content import digest
from metstandard.rules.editions import workflow_of
from metstandard.rules.parts import standing_in


def all_for(session: Session, record: Record, purpose: str) -> list[Signature]:
    """Every signature ever made for a purpose, oldest first, whether it still counts or not."""
    return list(
        session.exec(
            select(Signature)
            .where(
                Signature.record_kind == kind_of(record),
                Signature.record_id == record.key,
                Signature.purpose == purpose,
            )
            .order_by(col(Signature.id))
        ).all()
    )


def counting(session: Session, record: Record, purpose: str, *, covered: str | None = None) -> list[Signature]:
    """The signatures that still count; `covered` is the hash they must carry in place of the purpose's."""
    wanted = digest(session, record, purpose) if covered is None else covered
    return [
        one
        for one in all_for(session, record, purpose)
        if one.digest == wanted and one.signed_at >= record.state_since and one.withdrawn_at is None
    ]


def parties_signed(
    session: Session, record: Record, purpose: str, *, covered: str | None = None
) -> dict[str, Signature]:
    """The counting signature of each party, by party."""
    workflow = workflow_of(session, record)
    found: dict[str, Signature] = {}
    for one in counting(session, record, purpose, covered=covered):
        party = standing_in(workflow, one.part)
        if party is not None:
            found.setdefault(party, one)
    return found


def both_parties(session: Session, record: Record, purpose: str, *, covered: str | None = None) -> bool:
    """Whether every party of the workflow has signed, each by another person."""
    parties = workflow_of(session, record).parties
    signed = parties_signed(session, record, purpose, covered=covered)
    people = {one.person_id for one in signed.values()}
    return bool(parties) and set(signed) == set(parties) and len(people) == len(parties)


def decided_by(session: Session, review: Record) -> list[Signature]:
    """The signatures on which a review was decided: the last of each party with the digest that both carry."""
    made = all_for(session, review, "decision")
    workflow = workflow_of(session, review)
    for last in reversed(made):
        same = [one for one in made if one.digest == last.digest]
        if {standing_in(workflow, one.part) for one in same} >= set(workflow.parties):
            return same
    return []
