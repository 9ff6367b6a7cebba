"""Putting a substitute in a seat after the panel was shown to the unit (PAN-4)."""

from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.actions.panels.seating import end, offer, place
from metstandard.actions.signing import sign
from metstandard.common.errors import Invalid, NotFound, NotNow
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat, SeatStatus
from metstandard.rules.guards.panels import keys_replace, replacement_agreed


def replace_reviewer(
    session: Session, review: Review, seat: Seat, *, by: Person, reason: str, substitute: Person | None = None
) -> Seat | None:
    """Put a substitute in a seat, whose holder is unseated or has left already (PAN-4).

    Before the first day on site a programme officer does it with a reason. From then until the first sheet is locked
    both key holders must first agree to replace this very seat: each calls this without a substitute.
    """
    turn = moving.begin(session, review, "replace_reviewer", by=by)
    _check_seat(session, review, seat)
    if turn.part != "programme_officer":
        sign(session, review, "replace_reviewer", by=by, part=turn.part, seat=seat.kind, reason=reason)
        turn.finish(note=reason, data={"seat": seat.key})
        return None
    if substitute is None:
        raise Invalid("Choose the substitute", field="substitute", rule="PAN-4")
    agreed = not keys_replace(session, review) or replacement_agreed(session, review, seat.kind)
    line = turn.finish(note=reason, data={"seat": seat.key, "substitute": substitute.key})
    if not agreed:
        # The guard asks whether both keys agree to some replacement; they agree to one seat at a time.
        raise NotNow("From the first day on site both keys must first agree to replace this reviewer (PAN-4)")
    if line.after != line.before:
        # Back to forming: the unit sees the new panel once it is published again.
        review.panel_published_at = None
    if seat.status in HOLDING:
        end(session, review, seat, SeatStatus.UNSEATED, reason, by=by)
    made = place(session, review, turn.workflow, substitute, seat.kind, lead=seat.lead)
    offer(session, review, made, substitute)
    return made


def _check_seat(session: Session, review: Review, seat: Seat) -> None:
    """Refuse any seat but the newest of its kind: an earlier one has been filled again since."""
    newest = session.exec(
        select(Seat).where(Seat.review_id == review.key, Seat.kind == seat.kind).order_by(col(Seat.id).desc())
    ).first()
    if seat.review_id != review.key or newest is None or newest.key != seat.key:
        raise NotFound("No such seat on this panel")
