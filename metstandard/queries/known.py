"""What to-do lists need to know of many records: each fact is read once for all of them, when it is first asked for."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.records.accounts import Person
from metstandard.records.editions import Edition
from metstandard.records.feedback import Feedback
from metstandard.records.followup import Action
from metstandard.records.reviews import Review, Signature, Timer
from metstandard.records.seats import HOLDING, Declaration, Objection, ObjectionVote, Ruling, Seat, Waiver
from metstandard.records.sheets import Answer, Point, Sheet
from metstandard.records.units import Unit
from metstandard.rules.case import Reviewed
from metstandard.rules.content import digest, hashed, of_waiver
from metstandard.rules.editions import workflow_from
from metstandard.rules.many import Key, key_of, lent_in, playable_in, review_id_of, reviews_of
from metstandard.rules.parts import standing_in
from metstandard.workflow.definition import Workflow

SETTLED = ("verified", "effect_recorded", "declined")


class Known:
    """Facts about `records` as they concern one person."""

    def __init__(self, session: Session, person: Person, records: Sequence[Reviewed]) -> None:
        self.session = session
        self.person = person
        self.records = records
        self.reviews = reviews_of(session, records)
        self._numbers = sorted(self.reviews)

    @cached_property
    def _parts(self) -> dict[Key, frozenset[str]]:
        return playable_in(self.session, self.person, self.records)

    def parts(self, record: Reviewed) -> frozenset[str]:
        """What the person may play in a record."""
        return self._parts[key_of(record)]

    @cached_property
    def _lent(self) -> dict[int, frozenset[str]]:
        return lent_in(self.session, self.person, self.reviews)

    def lent(self, record: Reviewed) -> frozenset[str]:
        """The parts in whose name the person prepares as a deputy."""
        return self._lent.get(review_id_of(record), frozenset()) if "deputy" in self.parts(record) else frozenset()

    @cached_property
    def _editions(self) -> dict[int, Edition]:
        wanted = {one.workflow_edition_id for one in [*self.records, *self.reviews.values()]}
        return {one.key: one for one in self.session.exec(select(Edition).where(col(Edition.id).in_(wanted))).all()}

    def workflow(self, record: Reviewed) -> Workflow:
        """The edition that drives a record."""
        return workflow_from(self._editions[record.workflow_edition_id])

    @cached_property
    def _units(self) -> dict[int, Unit]:
        wanted = {one.unit_id for one in self.reviews.values()}
        return {one.key: one for one in self.session.exec(select(Unit).where(col(Unit.id).in_(wanted))).all()}

    def where(self, record: Reviewed) -> str:
        """Unit and reference, as lists name a record."""
        review = self.reviews[review_id_of(record)]
        return f"{self._units[review.unit_id].title} ({review.reference})"

    @cached_property
    def _seats(self) -> dict[int, Seat]:
        query = select(Seat).where(
            Seat.person_id == self.person.key, col(Seat.review_id).in_(self._numbers), col(Seat.status).in_(HOLDING)
        )
        return {one.review_id: one for one in self.session.exec(query).all()}

    def seat(self, review: Review) -> Seat | None:
        """The seat that the person holds."""
        return self._seats.get(review.key)

    @cached_property
    def _declared(self) -> dict[tuple[int, str], datetime]:
        query = (
            select(Declaration.review_id, Declaration.stage, Declaration.declared_at)
            .where(Declaration.person_id == self.person.key, col(Declaration.review_id).in_(self._numbers))
            .order_by(col(Declaration.id))
        )
        return {(review, stage): at for review, stage, at in self.session.exec(query).all()}

    def declared(self, review: Review, stage: str) -> bool:
        """Whether the person has declared interests for a stage."""
        return (review.key, stage) in self._declared

    def affirmed(self, review: Review) -> bool:
        """Whether the person has affirmed the declaration since the panel was put before the unit (COI-8)."""
        at = self._declared.get((review.key, "confirmation"))
        return at is not None and (review.panel_published_at is None or at >= review.panel_published_at)

    @cached_property
    def _feedback(self) -> dict[int, date]:
        query = select(Feedback.review_id, col(Feedback.due_on)).where(
            Feedback.giver_id == self.person.key,
            col(Feedback.given_at).is_(None),
            col(Feedback.review_id).in_(self._numbers),
        )
        return {review: due for review, due in self.session.exec(query).all()}  # noqa: C416 (rows are no tuples)

    def feedback_due(self, review: Review) -> date | None:
        """The last day for the person's feedback on the reviewers; None where none is owed (REV-5)."""
        return self._feedback.get(review.key)

    @cached_property
    def _locked(self) -> set[int]:
        query = select(Sheet.seat_id).where(Sheet.person_id == self.person.key, col(Sheet.locked_at).is_not(None))
        return set(self.session.exec(query).all())

    def locked(self, seat: Seat) -> bool:
        """Whether the person's own sheet is locked; nobody else's is ever looked at."""
        return seat.key in self._locked

    @cached_property
    def _points(self) -> set[int]:
        query = select(Point.review_id).where(Point.answer == Answer.OPEN, col(Point.review_id).in_(self._numbers))
        return set(self.session.exec(query).all())

    def open_point(self, review: Review) -> bool:
        """Whether a factual-accuracy point waits for its answer."""
        return review.key in self._points

    @cached_property
    def _objections(self) -> dict[int, Objection]:
        query = select(Objection).where(Objection.ruling == Ruling.OPEN, col(Objection.review_id).in_(self._numbers))
        return {one.review_id: one for one in self.session.exec(query).all()}

    def open_objection(self, review: Review) -> Objection | None:
        """The unit's objection that is not ruled on."""
        return self._objections.get(review.key)

    @cached_property
    def _votes(self) -> dict[tuple[int, str], bool]:
        query = select(ObjectionVote.objection_id, ObjectionVote.part, ObjectionVote.upheld).where(
            col(ObjectionVote.objection_id).in_([one.key for one in self._objections.values()])
        )
        return {(objection, part): upheld for objection, part, upheld in self.session.exec(query).all()}

    def to_rule(self, objection: Objection, part: str) -> bool:
        """Whether a key has not ruled on an open objection, or both have and do not agree."""
        votes = {whose: upheld for (one, whose), upheld in self._votes.items() if one == objection.key}
        return part not in votes or len(set(votes.values())) > 1

    @cached_property
    def _held(self) -> dict[int, dict[str, int]]:
        query = select(Seat).where(col(Seat.review_id).in_(self._numbers), col(Seat.status).in_(HOLDING))
        found: dict[int, dict[str, int]] = {}
        for one in self.session.exec(query).all():
            found.setdefault(one.review_id, {})[one.kind] = one.person_id
        return found

    def vacant(self, review: Review) -> bool:
        """Whether nobody is asked or sits in some seat of the panel."""
        panel = self.workflow(review).panel
        return panel is not None and bool(set(panel.seats) - set(self._held.get(review.key, {})))

    @cached_property
    def _waivers(self) -> dict[int, list[Waiver]]:
        found: dict[int, list[Waiver]] = {}
        for one in self.session.exec(select(Waiver).where(col(Waiver.review_id).in_(self._numbers))).all():
            found.setdefault(one.review_id, []).append(one)
        return found

    @cached_property
    def _agreed(self) -> set[tuple[str, str]]:
        query = select(Signature.digest, Signature.part).where(
            Signature.purpose == "waive_conflict", col(Signature.record_id).in_(self._numbers)
        )
        return {(covered, part) for covered, part in self.session.exec(query).all()}

    def to_waive(self, review: Review, party: str) -> list[str]:
        """The rules of those who sit for which a party has not agreed to the waiver that was asked for."""
        sitting = set(self._held.get(review.key, {}).values())
        workflow = self.workflow(review)
        return [
            one.rule
            for one in self._waivers.get(review.key, [])
            if one.person_id in sitting
            and not any(
                covered == hashed(of_waiver(one)) and standing_in(workflow, part) == party
                for covered, part in self._agreed
            )
        ]

    @cached_property
    def _over(self) -> set[tuple[int, str, str]]:
        query = select(Timer.record_id, Timer.state, Timer.name).where(
            Timer.record_kind == "review", col(Timer.record_id).in_(self._numbers), col(Timer.due_on) < clock.today()
        )
        return {(review, state, name) for review, state, name in self.session.exec(query).all()}

    def window_over(self, review: Review, timer: str) -> bool:
        """Whether the last day of a window of the present state has passed."""
        return (review.key, review.state, timer) in self._over

    @cached_property
    def _unsettled(self) -> set[int]:
        query = select(Action.review_id).where(
            col(Action.review_id).in_(self._numbers), col(Action.state).not_in(SETTLED)
        )
        return set(self.session.exec(query).all())

    def settled(self, review: Review) -> bool:
        """Whether every action of a review is verified or declined."""
        return review.key not in self._unsettled

    @cached_property
    def _signatures(self) -> dict[tuple[Key, str], list[Signature]]:
        found: dict[tuple[Key, str], list[Signature]] = {}
        since = {key_of(one): one.state_since for one in [*self.records, *self.reviews.values()]}
        kinds = {kind for kind, _ in since}
        query = select(Signature).where(
            col(Signature.record_kind).in_(kinds), col(Signature.record_id).in_({number for _, number in since}),
            col(Signature.withdrawn_at).is_(None),
        )  # fmt: skip
        for one in self.session.exec(query.order_by(col(Signature.id))).all():
            key = (one.record_kind, one.record_id)
            if key in since and one.signed_at >= since[key]:
                found.setdefault((key, one.purpose), []).append(one)
        return found

    def signatures(self, record: Reviewed, purpose: str) -> list[Signature]:
        """Those that still count. The content is hashed only where somebody signed since the stage began."""
        made = self._signatures.get((key_of(record), purpose), [])
        if not made:
            return []
        now = digest(self.session, record, purpose)
        return [one for one in made if one.digest == now]

    def turned(self, record: Reviewed, purpose: str, party: str | None = None) -> bool:
        """Whether a party, or every party, has signed what now stands."""
        workflow = self.workflow(record)
        signed = {standing_in(workflow, one.part) for one in self.signatures(record, purpose)}
        return party in signed if party is not None else set(workflow.parties) <= signed
