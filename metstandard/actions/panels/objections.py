"""The unit's right to object to a reviewer, and the ruling of both keys."""

from sqlmodel import Session, select

from metstandard.actions import moving
from metstandard.actions.panels.reserves import promote
from metstandard.actions.panels.seating import end
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow, RuleBroken
from metstandard.outbox import compose
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Objection, ObjectionVote, Ruling, Seat, SeatStatus
from metstandard.rules.guards.panels import objectable_until
from metstandard.rules.parts import people_with


def object_to_reviewer(session: Session, review: Review, seat: Seat, *, by: Person, cause: str) -> Objection:
    """Object to a named reviewer, for cause, within the window; at most so many times (COI-10)."""
    turn = moving.begin(session, review, "object_to_reviewer", by=by)
    if seat.review_id != review.key or seat.status not in HOLDING:
        raise NotFound("No such reviewer on this panel")
    last = objectable_until(session, review, seat)
    if last is None or clock.today() > last:
        raise NotNow("The working days in which you could object have passed (COI-10)")
    cause = cause.strip()
    if not cause:
        raise Invalid("Say why: an objection needs a cause", field="cause", rule="COI-10")
    earlier = session.exec(select(Objection).where(Objection.review_id == review.key)).all()
    same = next((one for one in earlier if one.seat_id == seat.key), None)
    if same is not None and same.cause == cause:
        return same
    if same is not None:
        raise Invalid("You have already objected to this reviewer", field="cause", rule="COI-10")
    most = turn.workflow.number("COI-10-objections")
    if len(earlier) >= most:
        raise Invalid(f"A unit may object {most} times at most", field="cause", rule="COI-10")
    made = Objection(review_id=review.key, seat_id=seat.key, raised_by_id=by.key, cause=cause, raised_at=clock.now())
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
    if any(one.person_id == by.key for part, one in votes.items() if part != turn.part):
        raise RuleBroken("Two keys are turned by two people", rule="B7")
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
        seat = session.get_one(Seat, objection.seat_id)
        if upheld and seat.status in HOLDING:
            end(session, review, seat, SeatStatus.UNSEATED, "Objection upheld", by=by)
    line = turn.finish(note=reason, data={"objection": objection.key, "upheld": upheld})
    if line.after != line.before:
        # The panel is being formed again: nobody new is shown to the unit before it is published once more.
        review.panel_published_at = None
    elif objection.ruling is Ruling.UPHELD:
        _tell_of_substitute(session, review, objection)
    if objection.ruling is Ruling.UPHELD:
        promote(session, review, session.get_one(Seat, objection.seat_id))
    return objection.ruling


def _tell_of_substitute(session: Session, review: Review, objection: Objection) -> None:
    """A substitute has to leave at a stage that goes on: the workflow tells of a panel that is formed again only."""
    for part in ("programme_officer", "commander"):
        for person in people_with(session, part, review):
            once = f"objection:{objection.key}:upheld:{person.key}"
            compose.owe(session, "objection_upheld", to=person, part=part, record=review, once=once)


def votes_on(session: Session, objection: Objection) -> list[ObjectionVote]:
    """How the keys have ruled so far."""
    return list(session.exec(select(ObjectionVote).where(ObjectionVote.objection_id == objection.key)).all())
