"""Offering what a proposal holds, and replacing who left: every seat goes through the acts that seat by hand.

These ask every guard and rule again; a review for which one seat is refused keeps the panel it had.
"""

from __future__ import annotations

from sqlmodel import Session, col, delete, select

from metstandard.actions.panels.cycles import only_officer
from metstandard.actions.panels.seating import holding, seat, unseat
from metstandard.actions.panels.substitutes import replace_reviewer
from metstandard.common import clock
from metstandard.common.errors import MetStandardError, NotFound, NotNow
from metstandard.panels.instance import Instance, Status
from metstandard.panels.solution import Solution
from metstandard.records.accounts import Person
from metstandard.records.cycles import Offered, PanelProposal, ProposalStatus, ProposedReview
from metstandard.records.pool import Reserve
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat, SeatStatus
from metstandard.rules import candidates
from metstandard.rules.conflicts import judged
from metstandard.rules.instances import REPLACED, number_of, person_id, slots_of
from metstandard.rules.sitting import sitters
from metstandard.workflow.shapes import SeatFrom

_FORMING = "panel_forming"
_LEFT = "The reviewer left; the first reserve who may sit takes the seat"


def offer_seats(session: Session, proposal: PanelProposal, review: Review, *, by: Person) -> ProposedReview:
    """Offer the seats of one review as proposed: all of them, or none with the sentence that says why.

    Raises NotNow for a proposal that cannot be published, NotFound for a review that it does not seat.
    """
    only_officer(session, by)
    session.refresh(proposal, with_for_update=True)
    if proposal.what_if or proposal.status not in {ProposalStatus.SOLVED, ProposalStatus.PUBLISHED}:
        raise NotNow("Only a plan that is solved, and neither a what-if nor out of date, can be published")
    query = select(ProposedReview).where(
        ProposedReview.proposal_id == proposal.key, ProposedReview.review_id == review.key
    )
    row = session.exec(query).first()
    if row is None:
        raise NotFound("This proposal does not seat that review")
    if row.offered is Offered.OFFERED:
        return row
    try:
        with session.begin_nested():
            said = _Panel(session, proposal, review, by).offer()
    except MetStandardError as refused:
        row.offered, row.said = Offered.REFUSED, str(refused)
    else:
        row.offered, row.said = Offered.OFFERED, said
    session.add(row)
    session.flush()
    return row


def close_publication(session: Session, proposal: PanelProposal, *, by: Person) -> bool:
    """Write down that a proposal was published, if any of its seats were offered; others for its reviews are past."""
    only_officer(session, by)
    session.refresh(proposal, with_for_update=True)
    rows = session.exec(select(ProposedReview).where(ProposedReview.proposal_id == proposal.key)).all()
    offered = {one.review_id for one in rows if one.offered is Offered.OFFERED}
    if not offered or proposal.status is not ProposalStatus.SOLVED:
        return bool(offered)
    proposal.status, proposal.published_at, proposal.published_by_id = ProposalStatus.PUBLISHED, clock.now(), by.key
    session.add(proposal)
    others = session.exec(
        select(PanelProposal)
        .join(ProposedReview, col(ProposedReview.proposal_id) == PanelProposal.id)
        .where(
            col(ProposedReview.review_id).in_(offered),
            PanelProposal.status == ProposalStatus.SOLVED,
            PanelProposal.id != proposal.key,
            col(PanelProposal.what_if).is_(False),
        )
    ).all()
    for one in others:
        one.status = ProposalStatus.SUPERSEDED
        session.add(one)
    session.flush()
    return True


class _Panel:
    """The seats of one review as a proposal has them, against those that are held now."""

    def __init__(self, session: Session, proposal: PanelProposal, review: Review, by: Person) -> None:
        self._session, self._review, self._by = session, review, by
        self._instance = Instance.parse(proposal.instance)
        self._solution = Solution.parse(proposal.solution, self._instance)
        self._kinds = {slot: kind for kind, slot in slots_of(session, review).items()}

    def offer(self) -> str:
        """Offer what is not held yet; what the programme office should know besides."""
        self._session.refresh(self._review, with_for_update=True)
        wanted = {
            self._kinds[one.slot]: number_of(one.reviewer)
            for one in self._solution.assignments
            if one.review == self._review.reference
        }
        held = {one.kind: one for one in holding(self._session, self._review)}
        self._refuse_declined(wanted)
        for kind, number in wanted.items():
            if kind in held and held[kind].person_id != number:
                self._make_room(held.pop(kind))
        lead = None if any(one.lead for one in held.values()) else self._leader(wanted)
        for kind, number in wanted.items():
            if kind not in held:
                person = self._session.get_one(Person, number)
                seat(
                    self._session, self._review, person=person, kind=kind, lead=kind == lead, by=self._by,
                    though_away=self._counts_on(number),
                )  # fmt: skip
        self._keep_reserves()
        led = lead is not None or any(one.lead for one in held.values())
        return "" if led else "None of the three can lead: choose the lead reviewer by hand"

    def _counts_on(self, number: int) -> bool:
        """Whether the plan openly counts on somebody who has said they are away: they are asked all the same."""
        return any(one.startswith(f"unavailable:{person_id(number)}:") for one in self._solution.relaxed)

    def _refuse_declined(self, wanted: dict[str, int]) -> None:
        rows = self._session.exec(
            select(Seat, Person)
            .join(Person, col(Person.id) == Seat.person_id)
            .where(
                Seat.review_id == self._review.key,
                col(Seat.person_id).in_(wanted.values()),
                col(Seat.status).not_in(HOLDING),
                Seat.reason != REPLACED,
            )
        ).all()
        held = {one.person_id for one in holding(self._session, self._review)}
        gone = next((person.name for one, person in rows if one.person_id not in held), None)
        if gone is not None:
            raise NotNow(f"{gone} has left this panel since it was proposed: propose again")

    def _make_room(self, held: Seat) -> None:
        """End an invitation that the plan changes on purpose; anybody else was seated after the plan was made."""
        known = any(
            one.status is Status.INVITED and one.reviewer == person_id(held.person_id)
            for one in self._instance.previous
            if one.review == self._review.reference
        )
        if not known or held.status is SeatStatus.ACCEPTED:
            name = self._session.get_one(Person, held.person_id).name
            raise NotNow(f"{name} holds a seat that the plan did not know of: propose again")
        unseat(self._session, self._review, held, by=self._by, reason=REPLACED)

    def _leader(self, wanted: dict[str, int]) -> str | None:
        """Who leads: somebody who can, with experience, and not the peer twice running (PAN-2)."""
        known = sitters(self._session, {self._review.key}, always=set(wanted.values()))
        about = candidates.panel(self._session, self._review)
        able = [kind for kind, number in wanted.items() if number in known and known[number].can_lead]
        return min(
            able,
            key=lambda kind: (
                about.last_led_by_peer and known[wanted[kind]].origin is SeatFrom.UNIT,
                not known[wanted[kind]].experienced,
            ),
            default=None,
        )

    def _keep_reserves(self) -> None:
        """Store who could step in, the best first for each seat, in place of those of an earlier plan."""
        self._session.exec(delete(Reserve).where(col(Reserve.review_id) == self._review.key))
        ranks: dict[str, int] = {}
        for one in self._solution.reserves:
            if one.review == self._review.reference:
                kind = self._kinds[one.slot]
                ranks[kind] = ranks.get(kind, 0) + 1
                self._session.add(
                    Reserve(
                        review_id=self._review.key, kind=kind, person_id=number_of(one.reviewer), rank=ranks[kind]
                    )
                )  # fmt: skip
        self._session.flush()


def ask_reserve(session: Session, review: Review, kind: str, *, by: Person) -> Seat:
    """Give an empty seat to the first reserve who may still sit; every other seat stays as it is.

    Raises NotNow when the seat is held or no reserve may sit: then the panel is planned again.
    """
    only_officer(session, by)
    session.refresh(review, with_for_update=True)
    if any(one.kind == kind for one in holding(session, review)):
        raise NotNow("This seat is not empty")
    query = select(Seat).where(Seat.review_id == review.key, Seat.kind == kind).order_by(col(Seat.id).desc())
    before = session.exec(query).first()
    for person in _reserves(session, review, kind):
        number = person.key
        if any(one.hard for one in judged(session, review, person, kind)):
            continue
        if review.state == _FORMING or before is None:
            made = seat(session, review, person=person, kind=kind, lead=before is not None and before.lead, by=by)
        else:
            made = replace_reviewer(session, review, before, by=by, reason=_LEFT, substitute=person) or before
        session.exec(delete(Reserve).where(col(Reserve.review_id) == review.key, col(Reserve.person_id) == number))
        return made
    raise NotNow("No reserve can take this seat: propose the panel again")


def _reserves(session: Session, review: Review, kind: str) -> list[Person]:
    """The reserves for a seat who are free that week and have not left this panel before, in their order."""
    rows = session.exec(
        select(Person)
        .join(Reserve, col(Reserve.person_id) == Person.id)
        .where(Reserve.review_id == review.key, Reserve.kind == kind)
        .order_by(col(Reserve.rank))
    ).all()
    known = sitters(session, {review.key})
    left = set(session.exec(select(Seat.person_id).where(Seat.review_id == review.key)).all())
    return [
        one
        for one in rows
        if one.key in known and one.key not in left and not known[one.key].busy(review.starts_on, review.ends_on)
    ]
