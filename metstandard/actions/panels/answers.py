"""What a reviewer answers: interests first, then the seat."""

from datetime import UTC, datetime

from sqlmodel import Session

from metstandard.actions import moving
from metstandard.actions.panels.reserves import promote
from metstandard.actions.panels.seating import end
from metstandard.common import clock, words
from metstandard.common.errors import Invalid, NotFound, NotNow
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.seats import Declaration, Interest, Seat, SeatStatus
from metstandard.rules.conflicts import own_days
from metstandard.rules.duties import PANEL_PARTS
from metstandard.rules.guards.panels import declared
from metstandard.rules.parts import seat_of

_PREJUDICIAL = "Prejudicial interest"


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

    A prejudicial interest unseats a reviewer at once, and a reserve steps in. It keeps a moderator or key holder out
    of the review (COI-9). The programme office is told. Moderators and key holders declare for their own stage,
    whatever `stage` says. Saying the same again changes nothing. Raises NotNow for a stage that has not come.
    """
    turn = moving.begin(session, review, "declare_interests", by=by)
    held = own_seat(session, review, by, accepted=False) if turn.part in PANEL_PARTS else None
    stage = _stage(review, turn.part, stage)
    detail = detail.strip() if interest is not Interest.NONE else ""
    if interest is not Interest.NONE and not detail:
        raise Invalid("Say what the interest is", field="detail", rule="COI-8")
    before = declared(session, review, by.key, stage)
    same = before is not None and (before.interest, before.detail) == (interest, detail)
    if before is not None and same and before.declared_at >= _since(review, held, stage):
        return before
    made = Declaration(
        review_id=review.key, person_id=by.key, stage=stage, interest=interest, detail=detail, declared_at=clock.now()
    )
    session.add(made)
    session.flush()
    turn.finish(data={"stage": stage, "interest": interest.value})
    if interest is Interest.PREJUDICIAL and held is not None:
        end(session, review, held, SeatStatus.UNSEATED, _PREJUDICIAL, by=by)
        promote(session, review, held)
    return made


def _since(review: Review, held: Seat | None, stage: str) -> datetime:
    """From when on the same declaration need not be made again: since the invitation, or since the panel was shown."""
    if stage == "confirmation" and review.panel_published_at is not None:
        return review.panel_published_at
    return held.invited_at if held is not None else datetime.min.replace(tzinfo=UTC)


def _stage(review: Review, part: str, stage: str) -> str:
    """The stage that a declaration is for. Reviewers declare for the panel and at three later stages (COI-8)."""
    if part not in PANEL_PARTS:
        return "moderation" if part == "moderator" else "decision"
    if stage == "on_site" and review.state in {"on_site", "scoring"}:
        if clock.today() < review.starts_on:
            day = words.day(review.starts_on)
            raise NotNow(f"The declaration is re-affirmed on the first day on site, {day}, not before (COI-8)")
    elif stage not in {"panels", "confirmation" if review.state == "panel_confirming" else review.state}:
        raise NotNow("There is no declaration to make for that stage now (COI-8)")
    return stage


def accept_seat(session: Session, review: Review, *, by: Person) -> None:
    """Accept, after declaring interests.

    Raises NotNow without a declaration for this review (COI-8), or while one's own days away stand against it (PAN-1).
    """
    turn = moving.begin(session, review, "accept_seat", by=by)
    held = own_seat(session, review, by, accepted=False)
    if held.status is SeatStatus.ACCEPTED:
        return
    if declared(session, review, by.key, "panels") is None:
        raise NotNow("Declare your interests first: a blank is not “nothing to declare” (COI-8)")
    if own_days(session, review, by):
        raise NotNow(
            "You have said that you cannot sit in the days of the visit. Take those days out under “About you” first, "
            "or decline the seat (PAN-1)"
        )
    held.status, held.accepted_at = SeatStatus.ACCEPTED, clock.now()
    session.add(held)
    turn.finish(data={"seat": held.key})


def decline_seat(session: Session, review: Review, *, by: Person, reason: str) -> None:
    """Decline, with a reason; also after having accepted, until the sheets are in."""
    turn = moving.begin(session, review, "decline_seat", by=by)
    held = own_seat(session, review, by, accepted=False)
    turn.finish(note=reason, data={"seat": held.key})
    end(session, review, held, SeatStatus.DECLINED, reason, by=by)
    promote(session, review, held)


def lapse(session: Session, review: Review, seat: Seat) -> bool:
    """An invitation that nobody answered in time counts as declined; False when it was answered meanwhile (PAN-1)."""
    turn = moving.begin(session, review, "decline_seat", by=None)
    session.refresh(seat)
    if seat.status is not SeatStatus.INVITED or seat.answer_by is None or seat.answer_by >= clock.today():
        return False
    reason = f"No answer by {words.day(seat.answer_by)}"
    turn.finish(note=reason, data={"seat": seat.key})
    end(session, review, seat, SeatStatus.DECLINED, reason)
    promote(session, review, seat)
    return True
