"""Reserves of a seat: named in order beforehand, and asked by the clock as soon as its holder has left."""

from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.actions.panels.seating import holding, offer, place
from metstandard.common.errors import Invalid, NotFound, RuleBroken
from metstandard.records.accounts import Person
from metstandard.records.pool import Reserve
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat
from metstandard.rules import conflicts
from metstandard.rules.editions import workflow_of
from metstandard.rules.guards.panels import keys_replace
from metstandard.workflow.definition import CLOCK

_STEPS_IN = "The reserve steps in"


def name_reserve(session: Session, review: Review, *, person: Person, kind: str, by: Person) -> Reserve:
    """Name somebody who steps into a seat when its holder leaves, after those named before; twice is once.

    Raises RuleBroken naming the first hard rule in the way, Invalid for a kind of seat that the workflow lacks.
    """
    turn = moving.begin(session, review, "name_reserve", by=by)
    workflow = turn.workflow
    if workflow.panel is None or kind not in workflow.panel.seats:
        raise Invalid(f"This workflow has no seat “{kind}”", field="kind", rule="PAN-1")
    named = reserves(session, review, kind)
    same = next((one for one in named if one.person_id == person.key), None)
    if same is not None:
        return same
    if any(one.person_id == person.key for one in holding(session, review)):
        raise RuleBroken(f"{person.name} already holds a seat of this panel", field="person", rule="PAN-1")
    hard = [one for one in conflicts.judged(session, review, person, kind) if one.hard]
    if hard:
        raise RuleBroken(hard[0].sentence, field="person", rule=hard[0].rule)
    rank = named[-1].rank + 1 if named else 1
    made = Reserve(review_id=review.key, kind=kind, person_id=person.key, rank=rank)
    session.add(made)
    session.flush()
    turn.finish(data={"person": person.key, "seat": kind, "rank": rank})
    return made


def drop_reserve(session: Session, review: Review, reserve: Reserve, *, by: Person) -> None:
    """Take somebody off the list of reserves; those behind move up."""
    turn = moving.begin(session, review, "drop_reserve", by=by)
    if reserve.review_id != review.key:
        raise NotFound("No such reserve of this panel")
    data = {"person": reserve.person_id, "seat": reserve.kind}
    session.delete(reserve)
    turn.finish(data=data)


def reserves(session: Session, review: Review, kind: str) -> list[Reserve]:
    """The reserves of one seat, first the one who is asked first."""
    query = select(Reserve).where(Reserve.review_id == review.key, Reserve.kind == kind)
    return list(session.exec(query.order_by(col(Reserve.rank), col(Reserve.id))).all())


def promote(session: Session, review: Review, left: Seat) -> Seat | None:
    """Ask the first reserve in whose way no hard rule stands; None where there is none, or both keys must agree first.

    The clock does it, in the transaction that ended the seat. A panel that was before the unit forms again (PAN-4).
    """
    waiting = reserves(session, review, left.kind)
    if not waiting or keys_replace(session, review) or _held(session, review, left.kind):
        return None
    workflow = workflow_of(session, review)
    act = next((one for one in ("seat", "replace_reviewer") if workflow.moves_from(review.state, one)), None)
    if act is None or not any(CLOCK in one.by for one in workflow.moves_from(review.state, act)):
        return None
    for number in [one.key for one in waiting]:
        reserve = session.get_one(Reserve, number)
        person = session.get_one(Person, reserve.person_id)
        if any(one.hard for one in conflicts.judged(session, review, person, left.kind, lead=left.lead)):
            continue
        return _ask(session, review, left, reserve, act)
    return None


def _held(session: Session, review: Review, kind: str) -> bool:
    query = select(Seat.id).where(Seat.review_id == review.key, Seat.kind == kind, col(Seat.status).in_(HOLDING))
    return session.exec(query).first() is not None


def _ask(session: Session, review: Review, left: Seat, reserve: Reserve, act: str) -> Seat:
    kind, lead, before = left.kind, left.lead, left.key
    turn = moving.begin(session, review, act, by=None)
    person = session.get_one(Person, reserve.person_id)
    made = place(session, review, turn.workflow, person, kind, lead=lead)
    session.delete(reserve)
    line = turn.finish(note=_STEPS_IN, data={"seat": made.key, "instead_of": before})
    if line.after != line.before:
        # Back to forming: the unit sees the new panel once it is published again.
        review.panel_published_at = None
    offer(session, review, made, person)
    return made
