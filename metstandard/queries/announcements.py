"""What will be announced and when, as the press officer and the programme office read it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from metstandard.records.accounts import Person
from metstandard.records.recognition import Consent, Nomination, Nominee, Shown

WAITING = ("consented", "embargoed")


@dataclass(frozen=True)
class Line:
    """One award that waits to be announced; `named` are those whose names may be said."""

    reference: str
    title: str
    named: tuple[str, ...]
    unnamed: int
    checked: bool
    until: datetime | None


def to_announce(session: Session, person: Person) -> list[Line]:
    """Awards under press check or embargo, the first to end first; those without an end last. Never one's own."""
    rows = session.exec(
        select(Nomination).where(col(Nomination.state).in_(WAITING)).order_by(col(Nomination.reference))
    ).all()
    people: dict[int, list[Nominee]] = {}
    query = select(Nominee).where(
        col(Nominee.nomination_id).in_([one.key for one in rows]), col(Nominee.left_at).is_(None)
    )
    for one in session.exec(query.order_by(col(Nominee.id))).all():
        people.setdefault(one.nomination_id, []).append(one)
    lines = [_line(one, people.get(one.key, [])) for one in rows if not _own(person, people.get(one.key, []))]
    return sorted(lines, key=lambda line: (line.until is None, line.until and line.until.timestamp(), line.reference))


def _own(person: Person, nominees: list[Nominee]) -> bool:
    return any(one.person_id == person.key or one.email.casefold() == person.email.casefold() for one in nominees)


def _line(nomination: Nomination, nominees: list[Nominee]) -> Line:
    agreed = [one for one in nominees if one.consent is Consent.GIVEN]
    public = nomination.shown is Shown.NAMED
    named = tuple(one.name for one in agreed if public and not one.anonymous)
    return Line(
        nomination.reference, nomination.title, named, len(agreed) - len(named),
        nomination.press_checked_at is not None, nomination.embargo_until,
    )  # fmt: skip
