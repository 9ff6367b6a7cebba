"""The history of a nomination, as somebody with given parts may know it (interface.md 10)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from metstandard.queries.judging import sealed
from metstandard.queries.nominations import OFFICE
from metstandard.records.accounts import Person
from metstandard.records.journal import JournalLine, JournalNote
from metstandard.records.recognition import Nomination
from metstandard.rules.editions import workflow_of

# What happened, in words, for the history; sealed acts are told without their number (SCO-3 holds for judges too).
ACTS = {
    "begin_nomination": "Nomination begun", "submit_nomination": "Sent", "lapse": "Lapsed",
    "name_seconder": "Seconder named", "second": "Seconder answered", "withdraw": "Withdrawn", "take_up": "Taken up",
    "group": "Grouped with others", "change_team": "Nominees changed", "return_nomination": "Returned to the nominator",
    "redirect": "Passed on to another award", "pass_eligibility": "Eligible; checks asked for",
    "answer_check": "Check answered", "clear_checks": "Checks clear", "hold": "Put on hold", "release": "Hold ended",
    "close_nomination": "Closed without award", "allot_judges": "Judges allotted", "shortlist": "Put before the judges",
    "declare_interests": "Interests declared", "lock_judgement": "Judgement locked", "rule_on_tie": "Tie ruled on",
    "moderate": "Moderated", "decide": "Decided", "answer_consent": "Consent answered",
    "change_publication": "Publication changed", "check_announcement": "Announcement checked",
    "set_embargo": "Embargo set", "announce": "Announced", "record_presentation": "Presented", "archive": "Archived",
    "erase": "Personal data erased", "revoke": "Revocation",
}  # fmt: skip
# Told only once all judges are through: before, they would tell who has locked and who has not.
_SEALED = frozenset({"declare_interests", "lock_judgement"})
# Read with their reasons by the programme office alone.
_OFFICE_ONLY = frozenset({"answer_check", "clear_checks", "declare_interests", "lock_judgement", "allot_judges"})


@dataclass(frozen=True)
class Event:
    """One line of the history. `who` is empty when the clock acted."""

    what: str
    who: str
    at: datetime
    note: str = ""

    @property
    def system(self) -> bool:
        """Whether nobody but the clock acted."""
        return not self.who


def history(session: Session, nomination: Nomination, parts: frozenset[str]) -> list[Event]:
    """What somebody with these parts may know of a nomination's history, newest first."""
    office = OFFICE in parts
    states = workflow_of(session, nomination).states
    rows = session.exec(
        select(JournalLine, Person, JournalNote)
        .join(Person, col(Person.id) == JournalLine.person_id, isouter=True)
        .join(JournalNote, col(JournalNote.line_id) == JournalLine.id, isouter=True)
        .where(JournalLine.record_kind == "nomination", JournalLine.record_id == nomination.key)
        .order_by(col(JournalLine.seq).desc())
    ).all()
    found = []
    for line, person, note in rows:
        if (line.act in _SEALED and sealed(nomination)) or (line.act in _OFFICE_ONLY and not office):
            continue
        after = f": {states[line.after].title}" if line.after != line.before and line.after in states else ""
        who = line.part.replace("_", " ").capitalize() if line.part != "clock" else ""
        if person is not None and office and line.act not in _SEALED:
            who = f"{person.name} ({line.part.replace('_', ' ')})"
        found.append(
            Event(f"{ACTS.get(line.act, line.act)}{after}", who, line.at, note.text if note and office else "")
        )
    return found


def last_reason(session: Session, nomination: Nomination, *acts: str) -> str:
    """The reason that the newest of some acts was given; empty where there is none."""
    row = session.exec(
        select(JournalNote.text)
        .join(JournalLine, col(JournalLine.id) == JournalNote.line_id)
        .where(
            JournalLine.record_kind == "nomination",
            JournalLine.record_id == nomination.key,
            col(JournalLine.act).in_(acts),
        )
        .order_by(col(JournalLine.seq).desc())
    ).first()
    return row or ""
