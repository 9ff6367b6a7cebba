"""Asking people to sit, taking them off, showing the panel to the unit, confirming it."""

from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, RuleBroken
from metstandard.outbox import compose
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Objection, Seat, SeatStatus
from metstandard.rules import conflicts
from metstandard.workflow.calendar import add_working_days
from metstandard.workflow.definition import Workflow


def seat(
    session: Session, review: Review, *, person: Person, kind: str, lead: bool, by: Person, though_away: bool = False
) -> Seat:
    """Ask a person to sit; asking the same person again changes nothing.

    `though_away` asks openly for days in which they said they cannot; to accept they take those days out (PAN-1).
    Raises RuleBroken naming the first hard rule in the way (B1-B3), Invalid for a seat that is taken.
    """
    turn = moving.begin(session, review, "seat", by=by)
    for held in holding(session, review):
        if (held.kind, held.person_id, held.lead) == (kind, person.key, lead):
            return held
    made = place(session, review, turn.workflow, person, kind, lead=lead, though_away=though_away)
    turn.finish(data={"seat": made.key})
    offer(session, review, made, person)
    return made


def place(
    session: Session, review: Review, workflow: Workflow, person: Person, kind: str, *, lead: bool,
    though_away: bool = False,
) -> Seat:  # fmt: skip
    """Put a person in an empty seat, if no hard rule stands in the way. The caller holds the review's lock."""
    if workflow.panel is None or kind not in workflow.panel.seats:
        raise Invalid(f"This workflow has no seat “{kind}”", field="kind", rule="PAN-1")
    held = holding(session, review)
    if any(one.kind == kind for one in held):
        raise Invalid("This seat is taken: unseat its holder first", field="kind", rule="PAN-1")
    if lead and sum(one.lead for one in held) >= workflow.panel.lead:
        raise Invalid("This panel already has a lead reviewer", field="lead", rule="PAN-2")
    found = conflicts.judged(session, review, person, kind, lead=lead)
    hard = [one for one in found if one.hard and not (though_away and one.own)]
    if hard:
        raise RuleBroken(hard[0].sentence, field="person", rule=hard[0].rule)
    made = Seat(
        review_id=review.key, kind=kind, person_id=person.key, lead=lead, invited_at=clock.now(),
        answer_by=_answer_by(workflow),
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        # The table's own indexes: one holder per seat, one seat per person.
        raise Invalid("This seat or this person was taken a moment ago", field="person", rule="PAN-1") from None
    return made


def _answer_by(workflow: Workflow) -> date | None:
    """The last day to answer; None where the edition gives none (PAN-1)."""
    days = workflow.numbers.get("PAN-1-answer")
    return add_working_days(clock.today(), days) if days else None


def offer(session: Session, review: Review, made: Seat, person: Person) -> None:
    """Owe the letter that asks somebody to sit."""
    compose.owe(
        session, "seat_offered", to=person, part="reviewer", record=review, once=f"seat:{made.key}:offered",
        facts={"seat": made.kind.replace("_", " "), "answer_by": made.answer_by},
    )  # fmt: skip


def holding(session: Session, review: Review) -> list[Seat]:
    """The seats asked or accepted, in the order in which they were filled."""
    query = select(Seat).where(Seat.review_id == review.key, col(Seat.status).in_(HOLDING))
    return list(session.exec(query.order_by(col(Seat.id))).all())


def unseat(session: Session, review: Review, seat: Seat, *, by: Person, reason: str) -> None:
    """Take a person off the panel, with a reason; the seat stays in the record."""
    turn = moving.begin(session, review, "unseat", by=by)
    if seat.review_id == review.key and seat.status is SeatStatus.UNSEATED:
        return
    end(session, review, seat, SeatStatus.UNSEATED, reason, by=by)
    turn.finish(note=reason, data={"seat": seat.key})


def end(
    session: Session, review: Review, seat: Seat, status: SeatStatus, reason: str, *, by: Person | None = None
) -> None:
    """End a seat; whoever is unseated by another gets a letter. Raises NotFound for a seat that is not held here."""
    if seat.review_id != review.key or seat.status not in HOLDING:
        raise NotFound("No such seat on this panel")
    seat.status, seat.ended_at, seat.reason = status, clock.now(), reason.strip()
    seat.accepted_at = None
    session.add(seat)
    session.flush()
    if status is SeatStatus.UNSEATED and (by is None or seat.person_id != by.key):
        person = session.get_one(Person, seat.person_id)
        compose.owe(session, "seat_withdrawn", to=person, part="reviewer", record=review, once=f"seat:{seat.key}:ended")


def publish_panel(session: Session, review: Review, *, by: Person) -> None:
    """Show the accepted panel to the unit; its working days to object begin."""
    turn = moving.begin(session, review, "publish_panel", by=by)
    review.panel_published_at = clock.now()
    turn.finish()


def confirm_panel(session: Session, review: Review, *, by: Person | None) -> None:
    """Confirm the panel after the window; by the clock, silence of the unit is consent and the journal says so."""
    turn = moving.begin(session, review, "confirm_panel", by=by)
    raised = session.exec(select(Objection.id).where(Objection.review_id == review.key)).first()
    turn.finish(data={"silence_is_consent": raised is None})
