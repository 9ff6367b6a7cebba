"""Seating the panel: invitations, declarations, waivers, the unit's objections, substitutes."""

from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.actions.signing import sign
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow, RuleBroken
from metstandard.outbox import compose
from metstandard.panels.conflicts import Kind
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.seats import (
    HOLDING,
    Declaration,
    Interest,
    Objection,
    ObjectionVote,
    Ruling,
    Seat,
    SeatStatus,
    Waiver,
)
from metstandard.rules import conflicts
from metstandard.rules.content import hashed, of_waiver
from metstandard.rules.guards.panels import declared
from metstandard.rules.parts import seat_of


def seat(session: Session, review: Review, *, person: Person, kind: str, lead: bool, by: Person) -> Seat:
    """Ask a person to sit. Raises RuleBroken naming the first hard rule in the way (B1-B3), Invalid for a taken seat."""
    turn = moving.begin(session, review, "seat", by=by)
    made = _place(session, review, turn.workflow.panel.seats if turn.workflow.panel else (), person, kind, lead=lead)
    turn.finish(data={"seat": made.key})
    _offer(session, review, made, person)
    return made


def _place(session: Session, review: Review, kinds: tuple[str, ...], person: Person, kind: str, *, lead: bool) -> Seat:
    if kind not in kinds:
        raise Invalid(f"This workflow has no seat “{kind}”", field="kind", rule="PAN-1")
    held = holding(session, review)
    if any(one.kind == kind for one in held):
        raise Invalid("This seat is taken: unseat its holder first", field="kind", rule="PAN-1")
    if lead and any(one.lead for one in held):
        raise Invalid("This panel already has a lead reviewer", field="lead", rule="PAN-2")
    hard = [one for one in conflicts.judged(session, review, person, kind, lead=lead) if one.kind is Kind.HARD]
    if hard:
        raise RuleBroken(hard[0].sentence, field="person", rule=hard[0].rule)
    made = Seat(review_id=review.key, kind=kind, person_id=person.key, lead=lead, invited_at=clock.now())
    session.add(made)
    session.flush()
    return made


def _offer(session: Session, review: Review, made: Seat, person: Person) -> None:
    compose.owe(
        session, "seat_offered", to=person, part="reviewer", record=review, once=f"seat:{made.key}:offered",
        facts={"seat": made.kind.replace("_", " ")},
    )  # fmt: skip


def holding(session: Session, review: Review) -> list[Seat]:
    """The seats asked or accepted, in the order in which they were filled."""
    query = select(Seat).where(Seat.review_id == review.key, col(Seat.status).in_(HOLDING))
    return list(session.exec(query.order_by(col(Seat.id))).all())


def unseat(session: Session, review: Review, seat: Seat, *, by: Person, reason: str) -> None:
    """Take a person off the panel, with a reason; the seat stays in the record."""
    turn = moving.begin(session, review, "unseat", by=by)
    _end(session, review, seat, SeatStatus.UNSEATED, reason)
    turn.finish(note=reason, data={"seat": seat.key})


def _end(session: Session, review: Review, seat: Seat, status: SeatStatus, reason: str) -> None:
    if seat.review_id != review.key or seat.status not in HOLDING:
        raise NotFound("No such seat on this panel")
    seat.status, seat.ended_at, seat.reason = status, clock.now(), reason.strip()
    seat.accepted_at = None
    session.add(seat)
    session.flush()
    if status is SeatStatus.UNSEATED:
        person = session.get_one(Person, seat.person_id)
        compose.owe(session, "seat_withdrawn", to=person, part="reviewer", record=review, once=f"seat:{seat.key}:ended")


def own_seat(session: Session, review: Review, person: Person, *, accepted: bool = True) -> Seat:
    """The seat that a person holds on this panel. Raises NotNow when it was not accepted yet."""
    held = seat_of(session, review, person)
    if held is None:
        raise NotFound("You hold no seat on this panel")
    if accepted and held.status is not SeatStatus.ACCEPTED:
        raise NotNow("Accept your seat first")
    return held


def declare_interests(
    session: Session, review: Review, *, by: Person, interest: Interest, detail: str = "", stage: str = "panels"
) -> Declaration:
    """Declare for one review at one stage; "nothing to declare" is a positive act (COI-8).

    A prejudicial interest unseats at once and tells the programme office (COI-9).
    """
    turn = moving.begin(session, review, "declare_interests", by=by)
    if interest is not Interest.NONE and not detail.strip():
        raise Invalid("Say what the interest is", field="detail", rule="COI-8")
    made = Declaration(
        review_id=review.key, person_id=by.key, stage=stage, interest=interest, detail=detail.strip(),
        declared_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    turn.finish(data={"stage": stage, "interest": interest.value})
    if interest is Interest.PREJUDICIAL:
        _end(session, review, own_seat(session, review, by, accepted=False), SeatStatus.UNSEATED, "Prejudicial interest")
    return made


def accept_seat(session: Session, review: Review, *, by: Person) -> None:
    """Accept, after declaring interests. Raises NotNow without a declaration for this review (COI-8)."""
    turn = moving.begin(session, review, "accept_seat", by=by)
    held = own_seat(session, review, by, accepted=False)
    if held.status is SeatStatus.ACCEPTED:
        return
    if declared(session, review, by.key, "panels") is None:
        raise NotNow("Declare your interests first: a blank is not “nothing to declare” (COI-8)")
    held.status, held.accepted_at = SeatStatus.ACCEPTED, clock.now()
    session.add(held)
    turn.finish(data={"seat": held.key})


def decline_seat(session: Session, review: Review, *, by: Person, reason: str) -> None:
    """Decline, with a reason."""
    turn = moving.begin(session, review, "decline_seat", by=by)
    held = own_seat(session, review, by, accepted=False)
    turn.finish(note=reason, data={"seat": held.key})
    _end(session, review, held, SeatStatus.DECLINED, reason)


def waive_conflict(session: Session, review: Review, *, person: Person, rule: str, by: Person, reason: str = "") -> Waiver:
    """Ask for a joint waiver as programme officer, with the reason; or agree to one asked for, as key holder (COI-12)."""
    turn = moving.begin(session, review, "waive_conflict", by=by)
    found = session.exec(
        select(Waiver).where(Waiver.review_id == review.key, Waiver.person_id == person.key, Waiver.rule == rule)
    ).first()
    if turn.part == "programme_officer":
        if found is not None:
            raise Invalid("This waiver has been asked for already", field="rule")
        if not reason.strip():
            raise Invalid("Give the reason that will be printed in the report", field="reason", rule="COI-12")
        found = Waiver(
            review_id=review.key, person_id=person.key, rule=rule, reason=reason.strip(), asked_at=clock.now()
        )
        session.add(found)
        session.flush()
    elif found is None:
        raise NotFound("No such waiver has been asked for")
    else:
        covered = hashed(of_waiver(found))
        sign(session, review, "waive_conflict", by=by, part=turn.part, covered=covered, reason=reason)
    turn.finish(data={"waiver": found.key, "rule": rule})
    return found


def publish_panel(session: Session, review: Review, *, by: Person) -> None:
    """Show the accepted panel to the unit; its working days to object begin."""
    turn = moving.begin(session, review, "publish_panel", by=by)
    review.panel_published_at = clock.now()
    turn.finish()


def object_to_reviewer(session: Session, review: Review, seat: Seat, *, by: Person, cause: str) -> Objection:
    """Object to a named reviewer, for cause, within the window; at most so many times (COI-10)."""
    turn = moving.begin(session, review, "object_to_reviewer", by=by)
    if seat.review_id != review.key or seat.status not in HOLDING:
        raise NotFound("No such reviewer on this panel")
    if not cause.strip():
        raise Invalid("Say why: an objection needs a cause", field="cause", rule="COI-10")
    earlier = session.exec(select(Objection).where(Objection.review_id == review.key)).all()
    same = next((one for one in earlier if one.seat_id == seat.key), None)
    if same is not None:
        raise Invalid("You have already objected to this reviewer", field="cause", rule="COI-10")
    most = turn.workflow.number("COI-10-objections")
    if len(earlier) >= most:
        raise Invalid(f"A unit may object {most} times at most", field="cause", rule="COI-10")
    made = Objection(
        review_id=review.key, seat_id=seat.key, raised_by_id=by.key, cause=cause.strip(), raised_at=clock.now()
    )
    session.add(made)
    session.flush()
    turn.finish(data={"objection": made.key})
    return made


def rule_on_objection(
    session: Session, review: Review, objection: Objection, *, by: Person, upheld: bool, reason: str
) -> Ruling:
    """Rule as one key; it stands once both keys rule the same way. Upheld, the reviewer is unseated (COI-10)."""
    turn = moving.begin(session, review, "rule_on_objection", by=by)
    if objection.review_id != review.key or objection.ruling is not Ruling.OPEN:
        raise NotNow("This objection has been ruled on")
    if not reason.strip():
        raise Invalid("Give the reason for your ruling", field="reason", rule="COI-10")
    votes = {one.part: one for one in votes_on(session, objection)}
    mine = votes.get(turn.part) or ObjectionVote(
        objection_id=objection.key, part=turn.part, person_id=by.key, upheld=upheld, reason=""
    )
    mine.upheld, mine.reason, mine.person_id, mine.voted_at = upheld, reason.strip(), by.key, clock.now()
    session.add(mine)
    votes[turn.part] = mine
    answers = {one.upheld for one in votes.values()}
    if set(votes) >= set(turn.workflow.keys) and len(answers) == 1:
        objection.ruling = Ruling.UPHELD if upheld else Ruling.REFUSED
        objection.ruled_at = clock.now()
        session.add(objection)
        session.flush()
        if upheld:
            _end(session, review, session.get_one(Seat, objection.seat_id), SeatStatus.UNSEATED, "Objection upheld")
    turn.finish(note=reason, data={"objection": objection.key, "upheld": upheld})
    return objection.ruling


def votes_on(session: Session, objection: Objection) -> list[ObjectionVote]:
    """How the keys have ruled so far."""
    return list(session.exec(select(ObjectionVote).where(ObjectionVote.objection_id == objection.key)).all())


def confirm_panel(session: Session, review: Review, *, by: Person | None) -> None:
    """Confirm the panel after the window; by the clock, silence of the unit is consent and the journal says so."""
    turn = moving.begin(session, review, "confirm_panel", by=by)
    raised = session.exec(select(Objection.id).where(Objection.review_id == review.key)).first()
    turn.finish(data={"silence_is_consent": raised is None})


def replace_reviewer(
    session: Session, review: Review, seat: Seat, *, by: Person, reason: str, substitute: Person | None = None
) -> Seat | None:
    """Put a substitute in a seat (PAN-4).

    Before the first day on site a programme officer does it with a reason. From then until the first sheet is locked
    both key holders must first agree: each calls this without a substitute.
    """
    turn = moving.begin(session, review, "replace_reviewer", by=by)
    if turn.part != "programme_officer":
        sign(session, review, "replace_reviewer", by=by, part=turn.part, reason=reason)
        turn.finish(note=reason, data={"seat": seat.key})
        return None
    if substitute is None:
        raise Invalid("Choose the substitute", field="substitute", rule="PAN-4")
    turn.finish(note=reason, data={"seat": seat.key, "substitute": substitute.key})
    _end(session, review, seat, SeatStatus.UNSEATED, reason)
    kinds = turn.workflow.panel.seats if turn.workflow.panel else ()
    made = _place(session, review, kinds, substitute, seat.kind, lead=seat.lead)
    _offer(session, review, made, substitute)
    return made
