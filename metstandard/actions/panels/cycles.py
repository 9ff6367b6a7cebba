"""Panels for a whole cycle: asking for a proposal, and calling it off. The worker answers (jobs/panels.py).

A proposal is only a question and its answer; `offering` turns it into invitations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.common.errors import Invalid, NotNow, NotYours
from metstandard.queries.proposals import PLANNED
from metstandard.records.accounts import Person
from metstandard.records.cycles import WAITING, PanelProposal, ProposalStatus, ProposedReview
from metstandard.records.reviews import Review
from metstandard.rules.instances import NO_WISHES, Wishes, slots_of
from metstandard.rules.parts import standing

OFFICER = "programme_officer"
SECONDS_MOST = 600


@dataclass(frozen=True)
class Search:
    """How long the solver may look, and from which seed: the same question and seed give the same answer."""

    seconds: int = 60
    seed: int = 0


def propose_panels(
    session: Session, reviews: Sequence[Review], *, by: Person, search: Search = Search(), title: str = "",
    wishes: Wishes = NO_WISHES, parent: PanelProposal | None = None, what_if: bool = False,
) -> PanelProposal:  # fmt: skip
    """Ask for panels of some reviews; the worker answers. The same question again, while it waits, is one proposal.

    Raises NotYours for anybody but a programme officer, Invalid naming the field.
    """
    only_officer(session, by)
    if not reviews:
        raise Invalid("Choose at least one review", field="reviews")
    if not 1 <= search.seconds <= SECONDS_MOST:
        raise Invalid(f"Choose a time from 1 to {SECONDS_MOST} seconds", field="seconds")
    for one in reviews:
        if one.state not in PLANNED:
            raise Invalid(f"The panel of {one.reference} is no longer being formed", field="reviews")
        slots_of(session, one)
    asked = PanelProposal(
        title=title.strip(), what_if=what_if, parent_id=parent.key if parent else None, asked_by_id=by.key,
        seconds=search.seconds, seed=search.seed, wishes=_kept(wishes), progress={}, reason={},
    )  # fmt: skip
    numbers = {one.key for one in reviews}
    same = _waiting_twin(session, asked, numbers)
    if same is not None:
        return same
    session.add(asked)
    session.flush()
    session.add_all(ProposedReview(proposal_id=asked.key, review_id=number) for number in sorted(numbers))
    session.flush()
    return asked


def _kept(wishes: Wishes) -> dict[str, object]:
    return {
        "locks": [list(one) for one in wishes.locks], "later": dict(wishes.later),
        "without": sorted(wishes.without), "waived": list(wishes.waived),
    }  # fmt: skip


def wishes_of(proposal: PanelProposal) -> Wishes:
    """What was asked beyond the records, as it was asked."""
    kept = proposal.wishes
    return Wishes(
        locks=tuple((reference, kind, number) for reference, kind, number in kept.get("locks", ())),
        later=dict(kept.get("later", {})),
        without=frozenset(kept.get("without", ())),
        waived=tuple(kept.get("waived", ())),
    )


def _waiting_twin(session: Session, asked: PanelProposal, reviews: set[int]) -> PanelProposal | None:
    """The same question of the same person that still waits: a second click is not a second proposal."""
    same = session.exec(
        select(PanelProposal).where(
            PanelProposal.asked_by_id == asked.asked_by_id,
            col(PanelProposal.status).in_(WAITING),
            PanelProposal.seconds == asked.seconds,
            PanelProposal.seed == asked.seed,
            PanelProposal.what_if == asked.what_if,
        )
    ).all()
    return next((one for one in same if one.wishes == asked.wishes and _numbers(session, one) == reviews), None)


def _numbers(session: Session, proposal: PanelProposal) -> set[int]:
    query = select(ProposedReview.review_id).where(ProposedReview.proposal_id == proposal.key)
    return set(session.exec(query).all())


def cancel_proposal(session: Session, proposal: PanelProposal, *, by: Person) -> None:
    """Call off a proposal that has no answer yet; the worker stops its search. Doing it again changes nothing."""
    only_officer(session, by)
    session.refresh(proposal, with_for_update=True)
    if proposal.status is ProposalStatus.CANCELLED:
        return
    if not proposal.waits:
        raise NotNow("This proposal has its answer already")
    proposal.status, proposal.heard_at, proposal.finished_at = ProposalStatus.CANCELLED, None, clock.now()
    session.add(proposal)
    session.flush()


def only_officer(session: Session, by: Person) -> None:
    """Refuse everybody but a programme officer."""
    if not by.active or all(one.part != OFFICER for one in standing(session, by)):
        raise NotYours("Only a programme officer plans panels")
