"""What has changed in a review since a person last looked: shown before a signature (interface.md 26)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from metstandard.queries.timeline import timeline
from metstandard.records.accounts import Person
from metstandard.records.bodies import Committee
from metstandard.records.journal import JournalLine
from metstandard.records.looks import Look
from metstandard.records.reviews import Review
from metstandard.records.sheets import Paragraph, ParagraphVersion
from metstandard.rules.content import content, plain
from metstandard.rules.editions import rubric_of


@dataclass(frozen=True)
class Change:
    """One change: what, and when."""

    what: str
    at: datetime


@dataclass(frozen=True)
class Difference:
    """One part of what is signed that is not what it was: as it was read, and as it stands. Empty: not there."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Since:
    """What changed since somebody read it: the differences themselves, and what happened.

    `looked_at` is None for whoever never said to have read it; `events` then count from their last act, and are None
    without one.
    """

    looked_at: datetime | None
    differences: tuple[Difference, ...]
    events: list[Change] | None


def since_read(session: Session, review: Review, person: Person, purpose: str) -> Since:
    """What changed of what a signature for `purpose` covers since this person last said to have read it, or signed."""
    look = session.exec(
        select(Look).where(
            Look.record_kind == "review", Look.record_id == review.key, Look.purpose == purpose,
            Look.person_id == person.key,
        )
    ).first()  # fmt: skip
    if look is None:
        return Since(None, (), since_looked(session, review, person))
    now = plain(content(session, review, purpose))
    return Since(
        look.looked_at,
        tuple(_Compared(session, review, look.content, now).differences()),
        _events(session, review, person, look.looked_at),
    )


def since_looked(session: Session, review: Review, person: Person) -> list[Change] | None:
    """Acts and rewritten paragraphs since this person's own last act here, oldest first; None when there was none.

    Only what the timeline shows this person: a sealed lock stays unknown here too (SCO-3).
    """
    last = session.exec(
        select(JournalLine.at)
        .where(
            JournalLine.record_kind == "review",
            JournalLine.record_id == review.key,
            JournalLine.person_id == person.key,
        )
        .order_by(col(JournalLine.seq).desc())
    ).first()
    return None if last is None else _events(session, review, person, last)


def _events(session: Session, review: Review, person: Person, since: datetime) -> list[Change]:
    texts = session.exec(
        select(Paragraph.number, ParagraphVersion.changed_at)
        .join(ParagraphVersion, col(ParagraphVersion.paragraph_id) == Paragraph.id)
        .where(Paragraph.review_id == review.key, col(ParagraphVersion.changed_at) > since)
    ).all()
    found = [Change(one.what, one.at) for one in timeline(session, review, person) if one.at > since]
    found += [Change(f"Paragraph {number} rewritten", at) for number, at in texts]
    return sorted(found, key=lambda one: one.at)


# Single values of what is signed, in words; what is not here is either an id or one of the lists below.
_VALUES = {
    "scope": "Scope", "origin": "New or under way", "starts_on": "First day on site", "ends_on": "Last day on site",
    "focus_areas": "Focus areas", "data": "Data asked for", "statement": "The commander’s statement",
    "exception": "Reason for departing from the rules",
}  # fmt: skip
# Lists: the fields that tell one row from another, and those whose change is shown, in words with the row's name.
_LISTS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "levels": (
        ("criterion",),
        {
            "level": "Agreed level of {}", "rationale": "Reasons for {}", "discussion": "Discussion of {}",
            "new_evidence": "New evidence on {}", "dissent": "Dissent on {}",
        },
    ),
    "moderated": (
        ("criterion",),
        {"moderated": "Moderated level of {}", "moderation_reason": "Reason of the moderation of {}"},
    ),
    "findings": (("criterion", "grade", "text"), {"text": "Finding on {}", "recommendation": "Recommendation on {}"}),
    "paragraphs": (("number",), {"text": "Paragraph {}"}),
    "waivers": (("rule", "person_id"), {"reason": "Waiver of {}"}),
}  # fmt: skip


class _Compared:
    """Two contents of one review under the same purpose, the one read and the one that stands."""

    def __init__(self, session: Session, review: Review, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        self.session = session
        self.review = review
        self.before = before
        self.after = after

    def differences(self) -> list[Difference]:
        """Everything that differs, in the order of the page: outcome, values, levels, findings, report, points."""
        found = [self._outcome(), self._committee()]
        found += [
            Difference(words, _text(self.before.get(name)), _text(self.after.get(name)))
            for name, words in _VALUES.items()
        ]
        for name in _LISTS:
            found += self._rows(name)
        return [one for one in [*found, *self._points()] if one.before != one.after]

    def _outcome(self) -> Difference:
        rules = rubric_of(self.session, self.review).award
        titles = {one.outcome.value: one.title for one in rules.outcomes.values()} if rules else {}
        both = (_text(each.get("outcome")) for each in (self.before, self.after))
        return Difference("Outcome", *(titles.get(one, one) for one in both))

    def _committee(self) -> Difference:
        both = [each.get("committee") for each in (self.before, self.after)]
        found = [self.session.get(Committee, one) if one else None for one in both] if both[0] != both[1] else []
        return Difference("Committee", *(one.name if one else "" for one in found)) if found else _SAME

    def _rows(self, name: str) -> list[Difference]:
        """One list, row by row: what was there and is not, what is new, what reads otherwise."""
        keys, shown = _LISTS[name]
        old, new = (_by(each.get(name, []), keys) for each in (self.before, self.after))
        return [
            Difference(words.format(key[0]), _text(old.get(key, {}).get(field)), _text(new.get(key, {}).get(field)))
            for key in dict.fromkeys([*old, *new])
            for field, words in shown.items()
        ]

    def _points(self) -> list[Difference]:
        """The unit's points by what they ask for; the answer is what changes."""
        old, new = (_by(each.get("points", []), ("paragraph_id", "proposed")) for each in (self.before, self.after))
        query = select(Paragraph.id, Paragraph.number).where(Paragraph.review_id == self.review.key)
        numbers = dict(list(self.session.exec(query).all()))
        return [
            Difference(f"Point on paragraph {numbers.get(key[0], '')}", _answer(old.get(key)), _answer(new.get(key)))
            for key in dict.fromkeys([*old, *new])
        ]


_SAME = Difference("", "", "")


def _by(rows: Sequence[Mapping[str, Any]], keys: tuple[str, ...]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    return {tuple(one[key] for key in keys): one for one in rows}


def _answer(point: Mapping[str, Any] | None) -> str:
    if point is None:
        return ""
    return f"Asked for: {point['proposed']} Answer: {point['answer']}. {point['reason']}".strip()


def _text(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
