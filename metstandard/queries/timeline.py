"""The history of a review as one person may read it, newest first (interface.md 10)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from metstandard.common import clock, words
from metstandard.queries.reviews import sees_every_review
from metstandard.records.accounts import Person
from metstandard.records.journal import JournalLine, JournalNote
from metstandard.records.reviews import Review
from metstandard.rules.duties import UNIT_PARTS
from metstandard.rules.editions import workflow_of
from metstandard.rules.guards.scoring import sealed
from metstandard.rules.parts import parts_of

# What happened, in words; the act's own name is shown for one that is missing here, and a test then fails.
ACTS = {
    "propose": "Review proposed",
    "edit_proposal": "Proposal changed",
    "send_for_commission": "Sent to both keys for commission",
    "turn_key": "Key turned",
    "return_with_reasons": "Returned with reasons",
    "seat": "Reviewer invited",
    "unseat": "Reviewer taken off the panel",
    "name_reserve": "Reserve named",
    "drop_reserve": "Reserve taken off the list",
    "waive_cooling_off": "Post or contract after the review decided on",
    "publish_panel": "Panel shown to the unit",
    "accept_seat": "Seat accepted",
    "decline_seat": "Seat declined",
    "declare_interests": "Interests declared",
    "waive_conflict": "Waiver of a conflict",
    "object_to_reviewer": "Objection to a reviewer",
    "rule_on_objection": "Ruling on an objection",
    "confirm_panel": "Panel confirmed",
    "agree_scope": "Scope agreed",
    "submit_self_assessment": "Self-assessment submitted",
    "close_evidence_review": "Evidence read; the visit begins",
    "raise_immediate_risk": "Immediate risk raised",
    "acknowledge_risk": "Immediate risk read",
    "contain_risk": "Immediate risk contained",
    "escalate_risk": "Immediate risk passed up",
    "end_visit": "Visit ended",
    "replace_reviewer": "Reviewer replaced",
    "lock_sheet": "Sheet locked",
    "sign_consensus": "Consensus signed",
    "send_draft": "Draft sent to the unit",
    "raise_point": "Factual-accuracy point raised",
    "answer_point": "Factual-accuracy point answered",
    "write_statement": "Commander’s statement written",
    "close_window": "Window closed",
    "change_level": "Level changed in moderation",
    "return_to_panel": "Returned to the panel",
    "sign_moderation": "Moderation signed",
    "notify": "Unit told its result",
    "lodge_appeal": "Appeal lodged",
    "publish": "Published",
    "submit_action_plan": "Action plan submitted",
    "close_follow_up": "Follow-up closed",
    "pause": "Paused",
    "resume": "Resumed",
    "cancel": "Cancellation",
    "assign_deputy": "Deputy named",
    "set_marking": "Marking of the papers set",
    "issue": "Issued",
    "suspend": "Suspension",
    "reinstate": "Reinstatement",
    "withdraw": "Withdrawal",
    "extend": "Extension",
    "expire": "Expired",
    "supersede": "Replaced by a later certificate",
    "report_progress": "Progress reported",
    "claim_done": "Reported as done",
    "verify": "Verified",
    "send_back": "Sent back",
    "record_effect": "Effect recorded",
    "decline": "Declined",
}

# Acts of the panel's making, and of judging: never the unit's to read, nor an outsider's.
_NOT_FOR_UNITS = frozenset({
    "edit_proposal", "seat", "unseat", "name_reserve", "drop_reserve", "waive_cooling_off",
    "accept_seat", "decline_seat", "declare_interests", "waive_conflict",
    "lock_sheet", "sign_consensus", "change_level", "return_to_panel", "sign_moderation", "replace_reviewer",
    "set_marking",
})  # fmt: skip
# Acts about the other reviewers, which are not the panel's to read.
_NOT_FOR_PANELS = frozenset({
    "seat", "unseat", "name_reserve", "drop_reserve", "waive_cooling_off",
    "accept_seat", "decline_seat", "declare_interests", "waive_conflict", "object_to_reviewer",
    "rule_on_objection",
})  # fmt: skip


class View(StrEnum):
    """How much of a history somebody reads. Who plays parts of two kinds gets the stricter view (security.md)."""

    UNIT = "unit"
    PANEL = "panel"
    STAFF = "staff"


def view_of(parts: frozenset[str]) -> View:
    """The view that parts in a review give: the unit's for its people, deputies, link members and anybody else."""
    if parts & {*UNIT_PARTS, "deputy"}:
        return View.UNIT
    if "reviewer" in parts:
        return View.PANEL
    return View.STAFF if sees_every_review(parts) else View.UNIT


@dataclass(frozen=True)
class Event:
    """One line of the history. `who` is empty when the clock acted; `after` is the stage's title when it changed."""

    what: str
    who: str
    at: datetime
    note: str = ""
    after: str = ""

    @property
    def system(self) -> bool:
        """Whether nobody but the clock acted."""
        return not self.who


def timeline(session: Session, review: Review, viewer: Person) -> list[Event]:
    """What a person may know of a review's history.

    While sheets are sealed nobody sees that another sheet was locked, nor when (SCO-3). A unit sees neither how the
    panel was made nor how it judged, and reads only reasons meant for it. Names are for staff: others read parts.
    """
    view = view_of(parts_of(session, viewer, review))
    hidden = sealed(session, review)
    states = workflow_of(session, review).states
    found = []
    for line, person, note in _lines(session, review):
        own = line.person_id == viewer.key
        if not _may_see(line, view, own=own, hidden=hidden):
            continue
        state = states.get(line.after) if line.after != line.before else None
        title = "" if state is None else state.title if view is not View.UNIT else state.unit_title or state.title
        found.append(
            Event(
                what=_what(line),
                who=_who(line, person, named=own or view is View.STAFF),
                at=line.at,
                note=note if own or _may_read(line, view) else "",
                after=title,
            )
        )
    return found


def _may_see(line: JournalLine, view: View, *, own: bool, hidden: bool) -> bool:
    if own or (view is View.STAFF and not (line.act == "lock_sheet" and hidden)):
        return True
    if line.act == "lock_sheet" and hidden:
        return False
    if line.act == "cancel" and line.after == line.before:
        # One key's consent is between the keys until the review is cancelled.
        return False
    return line.act not in (_NOT_FOR_PANELS if view is View.PANEL else _NOT_FOR_UNITS)


def _may_read(line: JournalLine, view: View) -> bool:
    """Whether the reason given for an act that somebody sees is theirs to read."""
    match view:
        case View.STAFF:
            return True
        case View.PANEL:
            return line.act in {"pause", "cancel", "return_to_panel", "change_level"}
        case _:
            returned = line.act == "return_with_reasons" and line.before == "follow_up"
            return returned or line.act in {"pause", "cancel"}


def _what(line: JournalLine) -> str:
    """The act in words, with what was changed of a proposal."""
    said = ACTS.get(line.act, line.act)
    if line.act == "edit_proposal" and line.data.get("changed"):
        return f"{said}: {words.listed([str(one) for one in line.data['changed']])}"
    if line.act == "return_to_panel" and line.data.get("criteria"):
        return f"{said}: {words.listed([str(one) for one in line.data['criteria']])}"
    if line.act == "change_level" and line.data.get("criterion"):
        return f"{said}: {line.data['criterion']}"
    if line.act == "assign_deputy" and line.data.get("ended"):
        return "Deputy’s part ended"
    return said


def _lines(session: Session, review: Review) -> list[tuple[JournalLine, Person | None, str]]:
    rows = session.exec(
        select(JournalLine, Person, JournalNote)
        .join(Person, col(Person.id) == JournalLine.person_id, isouter=True)
        .join(JournalNote, col(JournalNote.line_id) == JournalLine.id, isouter=True)
        .where(JournalLine.record_kind == "review", JournalLine.record_id == review.key)
        .order_by(col(JournalLine.seq).desc())
    ).all()
    return [(line, person, note.text if note else "") for line, person, note in rows]


def marked_lines(session: Session, review: Review) -> list[Event]:
    """Who set the marking of the papers to what, when and why, newest first; for staff who are cleared for it."""
    return [
        Event(f"{line.data['before']} to {line.data['after']}", _who(line, person, named=True), line.at, note)
        for line, person, note in _lines(session, review)
        if line.act == "set_marking"
    ]


def _who(line: JournalLine, person: Person | None, *, named: bool) -> str:
    if person is None:
        return ""
    part = line.part.replace("_", " ")
    return f"{person.name} ({part})" if named else part.capitalize()


def stages(session: Session, review: Review, *, for_unit: bool = False) -> list[dict[str, str]]:
    """The review's stages in order for the progress part: `title`, `state` (done, now, late, next) and `when`."""
    workflow = workflow_of(session, review)
    order = [name for name, state in workflow.states.items() if name != "cancelled"]
    entered = entered_at(session, review)
    if review.state not in order:
        order = [name for name in order if name in entered] + [review.state]
    here = order.index(review.state)
    found = []
    for number, name in enumerate(order):
        state = workflow.states[name]
        late = review.due_on is not None and review.due_on < clock.today()
        kind = "done" if number < here else "next" if number > here else "late" if late else "now"
        found.append(
            {
                "title": (state.unit_title if for_unit else None) or state.title,
                "state": kind,
                "when": _when(review, kind, entered.get(name)),
            }
        )
    return found


def entered_at(session: Session, review: Review) -> dict[str, datetime]:
    """The moment at which a review last entered each state that it was in."""
    rows = session.exec(
        select(JournalLine.after, JournalLine.at)
        .where(
            JournalLine.record_kind == "review",
            JournalLine.record_id == review.key,
            JournalLine.after != JournalLine.before,
        )
        .order_by(col(JournalLine.seq))
    ).all()
    return dict(list(rows))


def _when(review: Review, kind: str, entered: datetime | None) -> str:
    if kind in {"now", "late"} and review.due_on is not None:
        return f"due {words.day(review.due_on)}"
    return words.day(entered) if entered is not None and kind != "next" else ""
