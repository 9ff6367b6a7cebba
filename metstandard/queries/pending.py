"""What one person still has to do in one record: the act that the state waits for, unless they have done their share.

Each entry is verb + object (interface.md 1). Nothing here tells anybody about somebody else's sealed work.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from metstandard.queries.known import Known
from metstandard.records.accounts import Person
from metstandard.records.certificates import Certificate
from metstandard.records.followup import Action
from metstandard.records.reviews import Review
from metstandard.records.seats import SeatStatus
from metstandard.rules.case import Reviewed
from metstandard.rules.parts import standing_in


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

    known: Known
    review: Review
    parts: frozenset[str]

    def at(self, text: str, endpoint: str, **values: str) -> Pending:
        return Pending(text, endpoint, {"reference": self.review.reference, **values})

    @property
    def key(self) -> str | None:
        """The key part that this person holds here, if any."""
        workflow = self.known.workflow(self.review)
        return next((part for part in sorted(self.parts) if standing_in(workflow, part)), None)

    @property
    def holder(self) -> bool:
        """Whether this person is asked for a key, and not only its holder's principal."""
        return self.key is not None and self.key.endswith("_key")

    def turned(self, purpose: str) -> bool:
        """Whether this person's party has signed for a purpose what now stands."""
        party = standing_in(self.known.workflow(self.review), self.key or "")
        return party is not None and self.known.turned(self.review, purpose, party)

    def signed(self, purpose: str) -> bool:
        """Whether this person has signed for a purpose what now stands."""
        me = self.known.person.key
        return me in {one.person_id for one in self.known.signatures(self.review, purpose)}


def pending(session: Session, person: Person, record: Reviewed) -> list[Pending]:
    """What a person has to do in a record now; empty when it is somebody else's move."""
    return pending_in(Known(session, person, [record]), record)


def pending_in(known: Known, record: Reviewed) -> list[Pending]:
    """The same for one of many records of which everything needed is read at once."""
    parts = known.parts(record)
    if isinstance(record, Action):
        return list(_action(record, parts))
    if isinstance(record, Certificate):
        return list(_certificate(known, record, parts))
    look = _Look(known, record, parts)
    return [*_STAGES.get(record.state, _nothing)(look), *_panel(look), *_seat(look), *_feedback(look)]


def _nothing(_look: _Look) -> Iterator[Pending]:
    return iter(())


def _action(action: Action, parts: frozenset[str]) -> Iterator[Pending]:
    values = {"number": str(action.key)}
    if action.state == "open" and parts & {"action_owner"}:
        yield Pending(f"Report progress on action {action.key}", "units.action", values)
    if action.state == "reported" and "verifier" in parts:
        staff = parts & {"programme_officer", "link_member"}
        yield Pending(
            f"Verify action {action.key}", "authority.followup_action" if staff else "reviewers.action", values
        )


def _certificate(known: Known, one: Certificate, parts: frozenset[str]) -> Iterator[Pending]:
    workflow = known.workflow(one)
    if not any(standing_in(workflow, part) for part in parts):
        return
    for act in ("suspend", "reinstate", "withdraw", "extend"):
        signed = [] if act == "extend" and one.extended else known.signatures(one, act)
        if signed and known.person.key not in {each.person_id for each in signed}:
            values = {"number": str(one.number)}
            yield Pending(f"Join or leave: {act} certificate {one.title}", "authority.certificate", values)


def _seat(look: _Look) -> Iterator[Pending]:
    """What a reviewer owes whatever the stage: a declaration, an answer to the invitation."""
    held = look.known.seat(look.review)
    if held is None or held.status is not SeatStatus.INVITED:
        return
    if not look.known.declared(look.review, "panels"):
        yield look.at("Declare your interests", "reviewers.review_declaration")
    else:
        yield look.at("Accept or decline your seat", "reviewers.review_seat")


def _feedback(look: _Look) -> Iterator[Pending]:
    """What the commander and the reviewers are asked about each reviewer after publication (REV-5)."""
    if (due := look.known.feedback_due(look.review)) and _open(look, "give_feedback"):
        page = f"{'units' if 'commander' in look.parts else 'reviewers'}.review_feedback"
        yield Pending("Give your feedback on the reviewers", page, {"reference": look.review.reference}, due)


def _officer(text: str, endpoint: str) -> Callable[[_Look], Iterator[Pending]]:
    def look_for(look: _Look) -> Iterator[Pending]:
        if "programme_officer" in look.parts:
            yield look.at(text, endpoint)

    return look_for


def _keys(purpose: str, text: str, endpoint: str) -> Callable[[_Look], Iterator[Pending]]:
    def look_for(look: _Look) -> Iterator[Pending]:
        if look.holder and not look.turned(purpose):
            yield look.at(text, endpoint)

    return look_for


def _panel(look: _Look) -> Iterator[Pending]:
    """What a panel still needs at any stage: a waiver of both keys, somebody in an empty seat (COI-12, PAN-4)."""
    known, review = look.known, look.review
    if any(part.endswith("_key") for part in look.parts):
        party = standing_in(known.workflow(review), look.key or "")
        for rule in known.to_waive(review, party or "") if _open(look, "waive_conflict") else ():
            yield look.at(f"Agree to waive {rule}, or leave it", "authority.review_panel")
    if review.panel_published_at is None:
        return
    objection = known.open_objection(review) if _open(look, "rule_on_objection") else None
    if look.holder and objection is not None and known.to_rule(objection, look.key or ""):
        yield look.at("Rule on the unit’s objection", "authority.review_panel")
    if not _open(look, "replace_reviewer") or not known.vacant(review):
        return
    if "programme_officer" in look.parts:
        yield look.at("Fill the empty seat", "authority.review_panel")
    elif look.holder and not look.signed("replace_reviewer"):
        yield look.at("Agree to a substitute", "authority.review_panel")


def _open(look: _Look, act: str) -> bool:
    """Whether an act is open to one of this person's parts at the present stage."""
    return any(
        look.parts & set(move.by) for move in look.known.workflow(look.review).moves_from(look.review.state, act)
    )


def _forming(look: _Look) -> Iterator[Pending]:
    if "programme_officer" in look.parts:
        yield look.at("Seat the panel", "authority.review_panel")


def _confirming(look: _Look) -> Iterator[Pending]:
    known, review = look.known, look.review
    objection = known.open_objection(review)
    over = known.window_over(review, "confirm_panel")
    if "commander" in look.parts and not over:
        yield look.at("Object to a reviewer, or let the window pass", "units.review_panels")
    if "reviewer" in look.parts and not known.affirmed(review):
        yield look.at("Re-affirm your declaration of interests", "reviewers.review_declaration")
    if "programme_officer" in look.parts and over and objection is None:
        yield look.at("Confirm the panel", "authority.review_panel")


def _scoping(look: _Look) -> Iterator[Pending]:
    signed = {one.part for one in look.known.signatures(look.review, "agree_scope")}
    if "lead_reviewer" in look.parts and "lead_reviewer" not in signed:
        yield look.at("Write and agree the scope", "reviewers.review_scope")
    if "commander" in look.parts and "commander" not in signed and "lead_reviewer" in signed:
        yield look.at("Agree the scope", "units.review_scope")
    if look.holder and look.review.not_applicable and not look.turned("agree_scope"):
        yield look.at("Agree what does not apply", "authority.review_scope")


def _unit(text: str, endpoint: str, *parts: str) -> Callable[[_Look], Iterator[Pending]]:
    def look_for(look: _Look) -> Iterator[Pending]:
        if look.parts & set(parts or ("commander",)):
            yield look.at(text, endpoint)

    return look_for


def _deputy(
    part: str, text: str, endpoint: str, then: Callable[[_Look], Iterator[Pending]]
) -> Callable[[_Look], Iterator[Pending]]:
    def look_for(look: _Look) -> Iterator[Pending]:
        yield from then(look)
        if part in look.known.lent(look.review):
            yield look.at(text, endpoint)

    return look_for


def _lead(text: str, endpoint: str) -> Callable[[_Look], Iterator[Pending]]:
    def look_for(look: _Look) -> Iterator[Pending]:
        if "lead_reviewer" in look.parts:
            yield look.at(text, endpoint)

    return look_for


def _on_site(look: _Look) -> Iterator[Pending]:
    if "reviewer" in look.parts and not look.known.declared(look.review, "on_site"):
        yield look.at("Re-affirm your declaration of interests", "reviewers.review_declaration")
    if "lead_reviewer" in look.parts:
        yield look.at("Log the visit and end it", "reviewers.review_visit")


def _scoring(look: _Look) -> Iterator[Pending]:
    held = look.known.seat(look.review)
    if held is not None and held.status is SeatStatus.ACCEPTED and not look.known.locked(held):
        yield look.at("Score your sheet and lock it", "reviewers.review_scoring")


def _consensus(look: _Look) -> Iterator[Pending]:
    if "reviewer" in look.parts and not look.signed("consensus"):
        yield look.at("Agree the levels and sign", "reviewers.review_consensus")


def _points(look: _Look) -> Iterator[Pending]:
    if "lead_reviewer" in look.parts and look.known.open_point(look.review):
        yield look.at("Answer the unit’s points", "reviewers.review_accuracy")


def _accuracy(look: _Look) -> Iterator[Pending]:
    if "commander" in look.parts:
        yield look.at("Check the draft for factual accuracy", "units.review_accuracy")
    yield from _points(look)


def _moderation(look: _Look) -> Iterator[Pending]:
    if "moderator" in look.parts and not look.signed("moderation"):
        yield look.at("Moderate the report and sign", "authority.review_moderation")
    yield from _points(look)


def _appeal(look: _Look) -> Iterator[Pending]:
    if "programme_officer" in look.parts and look.review.appeal_closed_on is not None:
        yield look.at("Publish the result", "authority.review_signoff")


def _follow_up(look: _Look) -> Iterator[Pending]:
    if not look.known.settled(look.review):
        return
    if look.holder and not look.turned("follow_up"):
        yield look.at("Turn your key on the closing of follow-up", "authority.review_followup")
    if "programme_officer" in look.parts and look.known.turned(look.review, "follow_up"):
        yield look.at("Close the follow-up", "authority.review_followup")


_STAGES: dict[str, Callable[[_Look], Iterator[Pending]]] = {
    "proposed": _officer("Complete the proposal and send it for commission", "authority.review_commissioning"),
    "commissioning": _keys("commissioning", "Turn your key on the commission", "authority.review_commissioning"),
    "panel_forming": _forming,
    "panel_confirming": _confirming,
    "scoping": _scoping,
    "self_assessment": _deputy(
        "commander",
        "Prepare the self-assessment and its evidence",
        "units.review_evidence",
        _unit("Write the self-assessment and add evidence", "units.review_evidence", "commander", "unit_author"),
    ),
    "evidence_review": _lead("Read the evidence and close the reading", "reviewers.review_evidence"),
    "on_site": _on_site,
    "scoring": _scoring,
    "consensus": _consensus,
    "reporting": _deputy(
        "lead_reviewer",
        "Prepare the report",
        "reviewers.review_reporting",
        _lead("Write the report and send the draft", "reviewers.review_reporting"),
    ),
    "factual_accuracy": _deputy("commander", "Prepare factual-accuracy points", "units.review_accuracy", _accuracy),
    "moderation": _moderation,
    "decision": _keys("decision", "Turn your key on the decision", "authority.review_signoff"),
    "notified": _officer("Tell the unit its result", "authority.review_signoff"),
    "appeal_window": _appeal,
    "published": _unit("Plan your actions and submit the plan", "units.review_followup"),
    "follow_up": _follow_up,
}
