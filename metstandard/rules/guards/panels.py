"""Facts about the panel: seats, declarations, conflicts, objections."""

from datetime import date

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.records.reviews import Review, Timer
from metstandard.records.seats import Declaration, Interest, Objection, Ruling, Seat, SeatStatus
from metstandard.records.sheets import Sheet
from metstandard.rules import conflicts
from metstandard.rules.case import Case, Record, kind_of
from metstandard.rules.editions import workflow_of
from metstandard.rules.guards.register import guard
from metstandard.rules.parts import standing_in
from metstandard.rules.signatures import counting
from metstandard.workflow.calendar import add_working_days


def accepted_seats(session: Session, review: Review) -> list[Seat]:
    """The seats that were accepted and still stand."""
    return list(
        session.exec(
            select(Seat).where(Seat.review_id == review.key, Seat.status == SeatStatus.ACCEPTED).order_by(col(Seat.id))
        ).all()
    )


def declared(session: Session, review: Review, person_id: int, stage: str) -> Declaration | None:
    """The latest declaration of a person for a stage of a review. None is not "nothing to declare" (COI-8)."""
    return session.exec(
        select(Declaration)
        .where(Declaration.review_id == review.key, Declaration.person_id == person_id, Declaration.stage == stage)
        .order_by(col(Declaration.id).desc())
    ).first()


@guard("Every seat of the panel must be accepted, and one of them leads.")
def every_seat_accepted(case: Case) -> bool:
    """PAN-1: one reviewer of each kind, no more and no fewer; PAN-2: the lead is one of them."""
    panel = case.workflow.panel
    seats = accepted_seats(case.session, case.review)
    if panel is None:
        return True
    return sorted(one.kind for one in seats) == sorted(panel.seats) and sum(one.lead for one in seats) == panel.lead


@guard("Every reviewer must have declared interests for this review; a blank is not “nothing to declare”.")
def every_interest_declared(case: Case) -> bool:
    """COI-8, COI-9: a positive declaration by each, none of them prejudicial."""
    return _declared_by_all(case, "panels")


@guard("Every reviewer must re-affirm the declaration of interests once the panel is before the unit.")
def interests_confirmed(case: Case) -> bool:
    """COI-8 at the confirmation: by each, since the panel was last published."""
    since = case.review.panel_published_at
    found = [
        declared(case.session, case.review, one.person_id, "confirmation")
        for one in accepted_seats(case.session, case.review)
    ]
    return all(
        one is not None and one.interest is not Interest.PREJUDICIAL and (since is None or one.declared_at >= since)
        for one in found
    )


@guard("Every reviewer must re-affirm the declaration of interests on the first day on site.")
def interests_reaffirmed(case: Case) -> bool:
    """COI-8 on site."""
    return _declared_by_all(case, "on_site")


def _declared_by_all(case: Case, stage: str) -> bool:
    seats = accepted_seats(case.session, case.review)
    found = [declared(case.session, case.review, one.person_id, stage) for one in seats]
    return all(one is not None and one.interest is not Interest.PREJUDICIAL for one in found)


@guard("A conflict of interest stands that is neither resolved nor waived by both keys.")
def no_open_conflict(case: Case) -> bool:
    """B1, B2: every rule is met for every seat, or jointly waived where it may be."""
    return not any(conflicts.unresolved(case.session, case.review).values())


@guard("An objection of the unit has not been ruled on by both keys.")
def no_open_objection(case: Case) -> bool:
    """COI-10."""
    query = select(Objection.id).where(Objection.review_id == case.review.key, Objection.ruling == Ruling.OPEN)
    return case.session.exec(query).first() is None


@guard("Both keys must uphold the objection.")
def objection_upheld(case: Case) -> bool:
    """COI-10: an objection upheld by both since the panel was published."""
    query = select(Objection.id).where(
        Objection.review_id == case.review.key,
        Objection.ruling == Ruling.UPHELD,
        col(Objection.raised_at) >= case.record.state_since,
    )
    return case.session.exec(query).first() is not None


def objectable_until(session: Session, review: Review, seat: Seat) -> date | None:
    """COI-10: the last day on which the unit may object to one reviewer; None when it never may.

    While the panel is before the unit that is the window's last day. A substitute who came later may be objected to
    for as many working days from their acceptance.
    """
    if review.panel_published_at is None or seat.accepted_at is None or seat.status is not SeatStatus.ACCEPTED:
        return None
    window = window_closes(session, review, "confirm_panel")
    if window is not None:
        return window
    if seat.accepted_at <= review.panel_published_at:
        return None
    days = workflow_of(session, review).number("COI-10")
    return add_working_days(clock.local_date(seat.accepted_at), days)


@guard("The unit may still object.")
def objection_window_over(case: Case) -> bool:
    """COI-10: the working days have passed since the panel was published."""
    return window_over(case, "confirm_panel")


def window_over(case: Case, timer: str) -> bool:
    """Whether the last day of a window of the present state has passed."""
    return window_is_over(case.session, case.record, timer)


def window_closes(session: Session, record: Record, timer: str) -> date | None:
    """The last day of a window of the present state."""
    return session.exec(
        select(col(Timer.due_on)).where(
            col(Timer.record_kind) == kind_of(record), col(Timer.record_id) == record.key,
            col(Timer.state) == record.state, col(Timer.name) == timer,
        )
    ).first()  # fmt: skip


def window_is_over(session: Session, record: Record, timer: str) -> bool:
    """The same as `window_over` for whoever has no case at hand."""
    last = window_closes(session, record, timer)
    return last is not None and clock.today() > last


def keys_replace(session: Session, review: Review) -> bool:
    """PAN-4: whether at this stage the workflow lets the keys speak about a substitute, who then must agree first."""
    workflow = workflow_of(session, review)
    return any(set(workflow.keys) & set(one.by) for one in workflow.moves_from(review.state, "replace_reviewer"))


def replacement_agreed(session: Session, review: Review, kind: str) -> bool:
    """PAN-4: whether both keys have agreed to put a substitute in one kind of seat, the panel being as it now is."""
    workflow = workflow_of(session, review)
    signed = [one for one in counting(session, review, "replace_reviewer") if one.seat == kind]
    by_party = {standing_in(workflow, one.part): one.person_id for one in signed}
    return set(by_party) >= set(workflow.parties) and len(set(by_party.values())) == len(by_party)


@guard("A sheet has been locked: the review must restart as a linked one.")
def no_sheet_locked(case: Case) -> bool:
    """PAN-4."""
    return (
        case.session.exec(
            select(Sheet.id).where(Sheet.review_id == case.review.key, col(Sheet.locked_at).is_not(None))
        ).first()
        is None
    )
