"""What one person still has to do in one record: the act that the state waits for, unless they have done their share.

Each entry is verb + object (interface.md 1). Nothing here tells anybody about somebody else's sealed work.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, select

from metstandard.records.accounts import Person
from metstandard.records.certificates import Certificate
from metstandard.records.followup import Action
from metstandard.records.reviews import Review
from metstandard.records.seats import Objection, ObjectionVote, Ruling, SeatStatus
from metstandard.records.sheets import Answer, Point, Sheet
from metstandard.rules.case import Case, Record
from metstandard.rules.editions import workflow_of
from metstandard.rules.guards.panels import declared, window_over
from metstandard.rules.parts import parts_of, playable, seat_of, standing_in
from metstandard.rules.signatures import counting, parties_signed


@dataclass(frozen=True)
class Pending:
    """One thing to do, with the page where it is done."""

    text: str
    endpoint: str
    values: dict[str, str] = field(default_factory=dict)
    due_on: date | None = None


@dataclass(frozen=True)
class _Look:
    """One review seen by one person."""

    session: Session
    review: Review
    person: Person
    parts: frozenset[str]

    def at(self, text: str, endpoint: str, **values: str) -> Pending:
        return Pending(text, endpoint, {"reference": self.review.reference, **values})

    @property
    def key(self) -> str | None:
        """The key part that this person holds here, if any."""
        workflow = workflow_of(self.session, self.review)
        return next((part for part in self.parts if standing_in(workflow, part)), None)

    def turned(self, purpose: str) -> bool:
        """Whether this person's party has signed for a purpose what now stands."""
        workflow = workflow_of(self.session, self.review)
        party = standing_in(workflow, self.key or "")
        return party in parties_signed(self.session, self.review, purpose)


def pending(session: Session, person: Person, record: Record) -> list[Pending]:
    """What a person has to do in a record now; empty when it is somebody else's move."""
    parts = playable(session, person, record, parts_of(session, person, record))
    if isinstance(record, Action):
        return list(_action(record, parts))
    if isinstance(record, Certificate):
        return list(_certificate(session, person, record, parts))
    look = _Look(session, record, person, parts)
    return [*_STAGES.get(record.state, _nothing)(look), *_seat(look)]


def _nothing(_look: _Look) -> Iterator[Pending]:
    return iter(())


def _action(action: Action, parts: frozenset[str]) -> Iterator[Pending]:
    values = {"number": str(action.key)}
    if action.state == "open" and parts & {"action_owner"}:
        yield Pending(f"Report progress on action {action.key}", "units.action", values)
    if action.state == "reported" and "verifier" in parts:
        door = "authority.followup_action" if "programme_officer" in parts or "link_member" in parts else "reviewers.action"
        yield Pending(f"Verify action {action.key}", door, values)


def _certificate(session: Session, person: Person, one: Certificate, parts: frozenset[str]) -> Iterator[Pending]:
    workflow = workflow_of(session, one)
    key = next((part for part in parts if standing_in(workflow, part)), None)
    if key is None:
        return
    for act in ("suspend", "reinstate", "withdraw", "extend"):
        signed = [] if act == "extend" and one.extended else counting(session, one, act)
        if signed and person.key not in {each.person_id for each in signed}:
            yield Pending(f"Join or leave: {act} certificate {one.title}", "authority.certificate", {"number": str(one.number)})


def _seat(look: _Look) -> Iterator[Pending]:
    """What a reviewer owes whatever the stage: a declaration, an answer to the invitation."""
    held = seat_of(look.session, look.review, look.person)
    if held is None or held.status is not SeatStatus.INVITED:
        return
    if declared(look.session, look.review, look.person.key, "panels") is None:
        yield look.at("Declare your interests", "reviewers.review_declaration")
    else:
        yield look.at("Accept or decline your seat", "reviewers.review_seat")


def _officer(text: str, endpoint: str) -> Callable[[_Look], Iterator[Pending]]:
    def look_for(look: _Look) -> Iterator[Pending]:
        if "programme_officer" in look.parts:
            yield look.at(text, endpoint)

    return look_for


def _keys(purpose: str, text: str, endpoint: str) -> Callable[[_Look], Iterator[Pending]]:
    def look_for(look: _Look) -> Iterator[Pending]:
        if look.key and not look.key.endswith("_principal") and not look.turned(purpose):
            yield look.at(text, endpoint)

    return look_for


def _forming(look: _Look) -> Iterator[Pending]:
    if "programme_officer" in look.parts:
        yield look.at("Seat the panel", "authority.review_panel")


def _confirming(look: _Look) -> Iterator[Pending]:
    session, review = look.session, look.review
    open_one = session.exec(
        select(Objection).where(Objection.review_id == review.key, Objection.ruling == Ruling.OPEN)
    ).first()
    over = window_over(Case(session, review, workflow_of(session, review), "confirm_panel"), "confirm_panel")
    if look.key and open_one is not None:
        voted = session.exec(
            select(ObjectionVote.id).where(ObjectionVote.objection_id == open_one.key, ObjectionVote.part == look.key)
        ).first()
        if voted is None:
            yield look.at("Rule on the unit’s objection", "authority.review_panel")
    if "commander" in look.parts and not over:
        yield look.at("Object to a reviewer, or let the window pass", "units.review_panels")
    if "programme_officer" in look.parts and over and open_one is None:
        yield look.at("Confirm the panel", "authority.review_panel")


def _scoping(look: _Look) -> Iterator[Pending]:
    signed = {one.part for one in counting(look.session, look.review, "agree_scope")}
    if "lead_reviewer" in look.parts and "lead_reviewer" not in signed:
        yield look.at("Write and agree the scope", "reviewers.review_scope")
    if "commander" in look.parts and "commander" not in signed and "lead_reviewer" in signed:
        yield look.at("Agree the scope", "units.review_scope")
    if look.key and look.review.not_applicable and not look.turned("agree_scope"):
        yield look.at("Agree what does not apply", "authority.review_scope")


def _unit(text: str, endpoint: str, *parts: str) -> Callable[[_Look], Iterator[Pending]]:
    def look_for(look: _Look) -> Iterator[Pending]:
        if look.parts & set(parts or ("commander",)):
            yield look.at(text, endpoint)

    return look_for


def _lead(text: str, endpoint: str) -> Callable[[_Look], Iterator[Pending]]:
    def look_for(look: _Look) -> Iterator[Pending]:
        if "lead_reviewer" in look.parts:
            yield look.at(text, endpoint)

    return look_for


def _on_site(look: _Look) -> Iterator[Pending]:
    if "reviewer" in look.parts and declared(look.session, look.review, look.person.key, "on_site") is None:
        yield look.at("Re-affirm your declaration of interests", "reviewers.review_declaration")
    if "lead_reviewer" in look.parts:
        yield look.at("Log the visit and end it", "reviewers.review_visit")


def _scoring(look: _Look) -> Iterator[Pending]:
    held = seat_of(look.session, look.review, look.person)
    if held is None or held.status is not SeatStatus.ACCEPTED:
        return
    locked = look.session.exec(
        select(Sheet.id).where(Sheet.seat_id == held.key, col(Sheet.locked_at).is_not(None))
    ).first()
    if locked is None:
        yield look.at("Score your sheet and lock it", "reviewers.review_scoring")


def _consensus(look: _Look) -> Iterator[Pending]:
    if "reviewer" in look.parts:
        signed = {one.person_id for one in counting(look.session, look.review, "consensus")}
        if look.person.key not in signed:
            yield look.at("Agree the levels and sign", "reviewers.review_consensus")


def _points(look: _Look) -> Iterator[Pending]:
    if "lead_reviewer" not in look.parts:
        return
    waiting = select(Point.id).where(Point.review_id == look.review.key, Point.answer == Answer.OPEN)
    if look.session.exec(waiting).first() is not None:
        yield look.at("Answer the unit’s points", "reviewers.review_accuracy")


def _accuracy(look: _Look) -> Iterator[Pending]:
    if "commander" in look.parts:
        yield look.at("Check the draft for factual accuracy", "units.review_accuracy")
    yield from _points(look)


def _moderation(look: _Look) -> Iterator[Pending]:
    if "moderator" in look.parts:
        signed = {one.person_id for one in counting(look.session, look.review, "moderation")}
        if look.person.key not in signed:
            yield look.at("Moderate the report and sign", "authority.review_moderation")
    yield from _points(look)


def _appeal(look: _Look) -> Iterator[Pending]:
    if "programme_officer" in look.parts and look.review.appeal_closed_on is not None:
        yield look.at("Publish the result", "authority.review_signoff")


def _follow_up(look: _Look) -> Iterator[Pending]:
    settled = all(
        one.state in {"verified", "effect_recorded", "declined"}
        for one in look.session.exec(select(Action).where(Action.review_id == look.review.key)).all()
    )
    if not settled:
        return
    if look.key and not look.key.endswith("_principal") and not look.turned("follow_up"):
        yield look.at("Turn your key on the closing of follow-up", "authority.review_followup")
    parties = workflow_of(look.session, look.review).parties
    both = set(parties_signed(look.session, look.review, "follow_up")) == set(parties)
    if "programme_officer" in look.parts and both:
        yield look.at("Close the follow-up", "authority.review_followup")


_STAGES: dict[str, Callable[[_Look], Iterator[Pending]]] = {
    "proposed": _officer("Complete the proposal and send it for commission", "authority.review_commissioning"),
    "commissioning": _keys("commissioning", "Turn your key on the commission", "authority.review_commissioning"),
    "panel_forming": _forming,
    "panel_confirming": _confirming,
    "scoping": _scoping,
    "self_assessment": _unit("Write the self-assessment and add evidence", "units.review_evidence", "commander", "unit_author", "deputy"),
    "evidence_review": _lead("Read the evidence and close the reading", "reviewers.review_evidence"),
    "on_site": _on_site,
    "scoring": _scoring,
    "consensus": _consensus,
    "reporting": _lead("Write the report and send the draft", "reviewers.review_reporting"),
    "factual_accuracy": _accuracy,
    "moderation": _moderation,
    "decision": _keys("decision", "Turn your key on the decision", "authority.review_signoff"),
    "notified": _officer("Tell the unit its result", "authority.review_signoff"),
    "appeal_window": _appeal,
    "published": _unit("Plan your actions and submit the plan", "units.review_followup"),
    "follow_up": _follow_up,
}
