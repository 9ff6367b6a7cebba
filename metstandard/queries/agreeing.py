"""What the panel can name as new evidence, and what of its levels changed since somebody last looked."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from metstandard.queries.changes import Change
from metstandard.records.accounts import Person
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Review
from metstandard.records.sheets import AgreedLevel, AgreedVersion, Finding
from metstandard.rules.guards.scoring import marks_by_criterion, sealed


def nameable(session: Session, review: Review, criterion: str, titles: Mapping[int, str]) -> dict[int, str]:
    """The items, of those given, that are new for a criterion: no mark on it rests on them (SCO-4)."""
    used = {number for mark in marks_by_criterion(session, review).get(criterion, []) for number in mark.evidence}
    return {number: title for number, title in titles.items() if number not in used}


def level_changes(session: Session, review: Review, person: Person) -> list[Change]:
    """What colleagues changed in agreed levels and findings since this person last acted or saved here, oldest first.

    Nothing while the sheets are sealed (SCO-3).
    """
    if sealed(session, review):
        return []
    rows = session.exec(
        select(AgreedVersion, AgreedLevel.criterion)
        .join(AgreedLevel, col(AgreedLevel.id) == AgreedVersion.agreed_id)
        .where(AgreedLevel.review_id == review.key)
        .order_by(col(AgreedVersion.id))
    ).all()
    since = _last(session, review, person, [one for one, _ in rows])
    if since is None:
        return []
    found, before = [], dict[str, AgreedVersion]()
    for one, criterion in rows:
        earlier = before.get(criterion)
        if one.changed_at > since and one.changed_by_id != person.key:
            found.append(Change(f"{criterion}: {_what(earlier, one)}", one.changed_at))
        before[criterion] = one
    return sorted([*found, *_findings(session, review, person, since)], key=lambda one: one.at)


def _last(session: Session, review: Review, person: Person, versions: list[AgreedVersion]) -> datetime | None:
    line = session.exec(
        select(JournalLine.at)
        .where(
            JournalLine.record_kind == "review", JournalLine.record_id == review.key,
            JournalLine.person_id == person.key,
        )
        .order_by(col(JournalLine.seq).desc())
    ).first()  # fmt: skip
    own = [one.changed_at for one in versions if one.changed_by_id == person.key]
    return max([*own, *([line] if line else [])], default=None)


def _what(before: AgreedVersion | None, after: AgreedVersion) -> str:
    was = before.level if before else ""
    if was != after.level:
        return f"level {after.level or 'taken back'}" + (f", was {was}" if was else "")
    if (before.dissent if before else "") != after.dissent:
        return "dissent recorded" if after.dissent else "dissent taken back"
    return "text changed"


def _findings(session: Session, review: Review, person: Person, since: datetime) -> list[Change]:
    rows = session.exec(select(Finding).where(Finding.review_id == review.key)).all()
    added = [
        Change(f"{one.criterion}: {one.grade.value} finding added", one.raised_at)
        for one in rows
        if one.raised_at > since and one.raised_by_id != person.key
    ]
    ended = [
        Change(f"{one.criterion}: {one.grade.value} finding taken back", one.removed_at)
        for one in rows
        if one.removed_at is not None and one.removed_at > since
    ]
    return [*added, *ended]
