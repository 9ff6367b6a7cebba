"""What must hold at every moment, asked of the live data: `metstandard doctor`, and after each test.

Each function is one invariant and gives what breaks it, as record and sentence; nothing is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from metstandard.queries import journal as chains
from metstandard.queries.award_invariants import awards_earned
from metstandard.queries.replay import breaks_of_replay, letters_astray
from metstandard.records.bodies import ReviewerProfile
from metstandard.records.certificates import Certificate, Series
from metstandard.records.followup import Action
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Review, Signature
from metstandard.records.seats import HOLDING, Declaration, Interest, Seat, SeatStatus
from metstandard.records.sheets import Mark, Sheet
from metstandard.records.units import Unit
from metstandard.rules.case import Record, kind_of
from metstandard.rules.content import digest
from metstandard.rules.editions import workflow_of
from metstandard.rules.parts import people_with, playable, standing_in
from metstandard.rules.signatures import all_for
from metstandard.workflow.calendar import add_months


@dataclass(frozen=True)
class Breach:
    """One invariant that does not hold, for one record."""

    invariant: int
    record: str
    what: str

    def __str__(self) -> str:
        return f"invariant {self.invariant}, {self.record}: {self.what}"


def breaches(session: Session) -> list[Breach]:
    """Everything that breaks an invariant; an empty list is health."""
    return [Breach(number, record, what) for number, asked in INVARIANTS.items() for record, what in asked(session)]


Found = Iterator[tuple[str, str]]


def certificates_earned(session: Session) -> Found:
    """1. A current certificate stands on locked sheets, a signed consensus and two keys on what now stands."""
    for one in session.exec(select(Certificate).where(Certificate.state == "current")).all():
        review = session.get_one(Review, one.review_id)
        seats = _panel(session, review)
        for what in (*_panel_gaps(session, review, seats), *_signature_gaps(session, review, seats)):
            yield one.title, what


def _panel(session: Session, review: Review) -> list[Seat]:
    query = select(Seat).where(Seat.review_id == review.key, Seat.status == SeatStatus.ACCEPTED)
    return list(session.exec(query.order_by(col(Seat.id))).all())


def _panel_gaps(session: Session, review: Review, seats: list[Seat]) -> Iterator[str]:
    panel = workflow_of(session, review).panel
    if panel is not None and sorted(one.kind for one in seats) != sorted(panel.seats):
        yield f"its panel is {', '.join(sorted(one.kind for one in seats)) or 'empty'}"
    if len({one.person_id for one in seats}) != len(seats):
        yield "one person holds two seats"
    locked = {
        (one.seat_id, one.person_id)
        for one in session.exec(select(Sheet).where(Sheet.review_id == review.key)).all()
        if one.locked_at is not None
    }
    for seat in seats:
        if (seat.key, seat.person_id) not in locked:
            yield f"the sheet of the {seat.kind} seat is not locked by its holder"
        profile = session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == seat.person_id)).first()
        if profile is None or profile.seat != seat.kind:
            yield f"the holder of the {seat.kind} seat is no such reviewer"
        if _disqualified(session, review, seat.person_id):
            yield f"the holder of the {seat.kind} seat declared a prejudicial interest"


def _disqualified(session: Session, review: Review, person_id: int) -> bool:
    query = select(Declaration.id).where(
        Declaration.review_id == review.key,
        Declaration.person_id == person_id,
        Declaration.interest == Interest.PREJUDICIAL,
    )
    return session.exec(query).first() is not None


def _signature_gaps(session: Session, review: Review, seats: list[Seat]) -> Iterator[str]:
    panel = {one.person_id for one in seats}
    agreed = {one.person_id for one in _standing(session, review, "consensus")}
    if not panel <= agreed:
        yield f"{len(panel - agreed)} of its reviewers have not signed the consensus as it stands"
    workflow = workflow_of(session, review)
    keys = {standing_in(workflow, one.part): one.person_id for one in _standing(session, review, "decision")}
    keys.pop(None, None)
    if set(keys) != set(workflow.parties):
        yield f"the decision as it stands is signed by {', '.join(sorted(map(str, keys))) or 'nobody'}"
    if len(set(keys.values())) != len(keys):
        yield "one person turned both keys"
    scorers = set(session.exec(select(Sheet.person_id).where(Sheet.review_id == review.key)).all())
    if scorers & set(keys.values()):
        yield "somebody who scored turned a key"


def _standing(session: Session, review: Review, purpose: str) -> list[Signature]:
    """The signatures over what now stands: none was made before the last change of what it covers."""
    now = digest(session, review, purpose)
    return [one for one in all_for(session, review, purpose) if one.digest == now and one.withdrawn_at is None]


def state_is_the_journals(session: Session) -> Found:
    """2. The stored state equals the replay of the journal, and every chain is whole."""
    found = chains.verify(session)
    if isinstance(found, chains.Broken):
        yield f"{found.record_kind} {found.record_id}", f"line {found.seq} of its journal: {found.what}"
    for record in _records(session):
        for what in breaks_of_replay(session, record):
            yield _name(record), what


def locked_sheets_rest(session: Session) -> Found:
    """3. No sheet changes after it is locked."""
    query = (
        select(Sheet, Mark)
        .join(Mark, col(Mark.sheet_id) == Sheet.id)
        .where(col(Sheet.locked_at).is_not(None), col(Mark.saved_at) > Sheet.locked_at)
    )
    for sheet, mark in session.exec(query).all():
        yield f"sheet {sheet.key}", f"its mark for {mark.criterion} was saved after it was locked"


def register_is_what_was_issued(session: Session) -> Found:
    """4. The public register is the certificates issued, with their status; nothing else."""
    issued = set(
        session.exec(
            select(JournalLine.record_id).where(JournalLine.record_kind == "certificate", JournalLine.act == "issue")
        ).all()
    )
    held = {one.key: one for one in session.exec(select(Certificate)).all()}
    for number in sorted(issued - set(held)):
        yield f"certificate {number}", "was issued, and is not in the register"
    for number in sorted(set(held) - issued):
        yield held[number].title, "is in the register, and was never issued"
    for one in held.values():
        review = session.get_one(Review, one.review_id)
        if review.published_on is None or review.outcome is None or one.unit_id != review.unit_id:
            yield one.title, f"does not belong to a published result of {review.reference}"


def somebody_can_act(session: Session) -> Found:
    """5. Every state that is not final has at least one person who can act."""
    for record in _records(session):
        state = workflow_of(session, record).states[record.state]
        if not state.final and not any(
            playable(session, person, record, [part])
            for part in state.waits_for
            for person in people_with(session, part, record)
        ):
            yield _name(record), f"nobody can act at the stage “{state.title}”"


def letters_and_numbers(session: Session) -> Found:
    """6. Letters owed are rows of the outbox; certificate numbers are unique and without gaps."""
    for record in _records(session):
        for what in letters_astray(session, record):
            yield _name(record), what
    numbers = sorted(session.exec(select(Certificate.number)).all())
    missing = sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
    for number in missing:
        yield f"MS-{number:04d}", "the number is missing"
    for number, count in Counter(numbers).items():
        if count > 1:
            yield f"MS-{number:04d}", "the number was given twice"
    series = session.get(Series, "certificate")
    if (series.last if series else 0) != max(numbers, default=0):
        yield "the series of certificates", "does not stand at the last number given"


def nobody_judges_their_own(session: Session) -> Found:
    """7. No reviewer sits on their own unit's panel, nor do two units review each other within the months of COI-3."""
    rows = session.exec(
        select(Seat, Review, ReviewerProfile)
        .join(Review, col(Review.id) == Seat.review_id)
        .join(ReviewerProfile, col(ReviewerProfile.person_id) == Seat.person_id)
        .where(col(Seat.status).in_(HOLDING), Review.state != "cancelled", col(ReviewerProfile.unit_id).is_not(None))
    ).all()
    visits: dict[tuple[int | None, int], list[Review]] = {}
    for _, review, profile in rows:
        visits.setdefault((profile.unit_id, review.unit_id), []).append(review)
    for (home, unit), reviews in visits.items():
        if home == unit:
            yield reviews[0].reference, f"a reviewer belongs to {session.get_one(Unit, unit).title}"
            continue
        for review in reviews:
            months = workflow_of(session, review).number("COI-3")
            for other in visits.get((unit, home or 0), []):
                if review.starts_on <= other.starts_on < add_months(review.starts_on, months):
                    yield other.reference, f"its unit reviewed the unit of its reviewer in {review.reference}"


def _records(session: Session) -> Iterator[Record]:
    yield from session.exec(select(Review).order_by(col(Review.id))).all()
    yield from session.exec(select(Certificate).order_by(col(Certificate.id))).all()
    yield from session.exec(select(Action).order_by(col(Action.id))).all()


def _name(record: Record) -> str:
    if isinstance(record, Review):
        return record.reference
    return record.title if isinstance(record, Certificate) else f"{kind_of(record)} {record.key}"


INVARIANTS: dict[int, Callable[[Session], Found]] = {
    1: certificates_earned,
    2: state_is_the_journals,
    3: locked_sheets_rest,
    4: register_is_what_was_issued,
    5: somebody_can_act,
    6: letters_and_numbers,
    7: nobody_judges_their_own,
    8: awards_earned,
}
