"""The roll of honour. `public()` alone decides which awards anybody may know of, and what of them (recognition.md D2).

An award is public from the second at which its embargo ends, and not before, by the clock of `common/clock.py`. The
workflow's own guards are asked once more where the clock's sweep has not run yet, so that a check that turned or a
consent that was taken back at the last moment holds the award back. Nothing else may read awards for the public.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from metstandard.common import clock
from metstandard.records.judging import Award, Event
from metstandard.records.recognition import Consent, Nomination, Nominee, Shown
from metstandard.records.units import Unit
from metstandard.rubric.recognition import Recognition
from metstandard.rules.case import Case
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.rules.guards import holds

REVOKED, ANNOUNCED = "revoked", "announced"
_EMBARGOED = "embargoed"
_AFTER = (ANNOUNCED, "presented", "archived", REVOKED)
_PREFIX = "MA-"


@dataclass(frozen=True)
class Entry:
    """One award, in the words that are public. Of a revoked one nothing is left but number, scheme and year.

    The citation is there only where everybody it may speak of is named.
    """

    number: str
    code: str
    status: str
    scheme: str
    category: str
    scheme_title: str
    category_title: str
    names: tuple[str, ...]
    team: str
    organisations: tuple[str, ...]
    text: str
    citation: str
    announced_at: datetime
    changed_at: datetime
    posthumous: bool = False

    @property
    def day(self) -> date:
        """The London day of the announcement."""
        return clock.local_date(self.announced_at)

    @property
    def year(self) -> int:
        """The year of the announcement."""
        return self.day.year

    @property
    def revoked(self) -> bool:
        """Whether both keys have taken it back."""
        return self.status == REVOKED

    @property
    def who(self) -> str:
        """The team or body, else the names; empty where nobody is named."""
        return self.team or ", ".join(self.names)


def public(session: Session, *, number: int | None = None, code: str = "") -> list[Entry]:
    """Every award that is public at this moment, the newest announcement first. Three queries and the editions."""
    query = (
        sa.select(Award, Nomination, Unit)
        .join(Nomination, col(Nomination.id) == col(Award.nomination_id))
        .outerjoin(Unit, col(Unit.id) == col(Nomination.unit_id))
        .where(
            col(Nomination.awarded).is_(True),
            col(Nomination.shown) != Shown.UNPUBLISHED,
            col(Nomination.state).in_((_EMBARGOED, *_AFTER)),
        )
        .order_by(col(Award.number))
    )
    if number is not None:
        query = query.where(col(Award.number) == number)
    if code:
        query = query.where(col(Award.code) == code)
    now = clock.now()
    rows = [row for row in session.execute(query).all() if _is_public(session, row[1], now)]
    people = _people(session, [row[1] for row in rows])
    found = [_entry(session, award, one, unit, people.get(one.key, _NOBODY)) for award, one, unit in rows]
    return sorted(found, key=lambda each: (each.announced_at, each.number), reverse=True)


def _is_public(session: Session, nomination: Nomination, now: datetime) -> bool:
    until = nomination.embargo_until
    if until is None or nomination.press_checked_at is None or now < until:
        return False
    if nomination.state != _EMBARGOED:
        return True
    return not nomination.paused and _may_be_announced(session, nomination)


def _may_be_announced(session: Session, nomination: Nomination) -> bool:
    """Whether the clock would announce it now: the guards of the workflow's own move."""
    workflow = workflow_of(session, nomination)
    case = Case(session, nomination, workflow, "announce")
    moves = [move for move in workflow.moves_from(nomination.state, "announce") if move.to is not None]
    return any(all(holds(name, case) for name in move.when) for move in moves)


@dataclass(frozen=True)
class _People:
    """Those of a nomination who may be named; `whole`: they are all, so words about them name nobody else."""

    named: tuple[Nominee, ...] = ()
    whole: bool = False


_NOBODY = _People()


def _people(session: Session, nominations: Sequence[Nomination]) -> dict[int, _People]:
    """Who consented, wishes to be named, and was not taken out; of awards that are shown with names."""
    wanted = [one.key for one in nominations if one.shown is Shown.NAMED and one.state != REVOKED]
    rows = session.exec(
        select(Nominee)
        .where(col(Nominee.nomination_id).in_(wanted), col(Nominee.left_at).is_(None))
        .order_by(col(Nominee.id))
    ).all()
    found: dict[int, list[Nominee]] = {}
    for row in rows:
        found.setdefault(row.nomination_id, []).append(row)
    return {number: _those_named(people) for number, people in found.items()}


def _those_named(people: list[Nominee]) -> _People:
    named = tuple(one for one in people if one.consent is Consent.GIVEN and not one.anonymous)
    return _People(named, len(named) == len(people))


def _entry(session: Session, award: Award, one: Nomination, unit: Unit | None, people: _People) -> Entry:
    section = rubric_of(session, one).recognition
    revoked = one.state == REVOKED
    announced_at = one.embargo_until or one.state_since
    named = people.named
    bodies = [unit.title if unit else "", *(person.body for person in named)] if named else []
    return Entry(
        number=award.title,
        code=award.code,
        status=REVOKED if revoked else ANNOUNCED,
        scheme=one.scheme,
        category=one.category,
        scheme_title=_title(section, "schemes", one.scheme),
        category_title=_title(section, "categories", one.category),
        names=tuple(person.name for person in named),
        team=one.body if named else "",
        organisations=tuple(dict.fromkeys(body for body in bodies if body)),
        text="" if revoked else one.announcement,
        citation=one.citation if people.whole else "",
        announced_at=announced_at,
        changed_at=one.state_since if revoked else announced_at,
        posthumous=bool(named) and one.posthumous,
    )


def _title(section: Recognition | None, table: str, word: str) -> str:
    found = getattr(section, table).get(word) if section is not None else None
    return str(found.title) if found is not None else word.replace("_", " ").capitalize()


def roll(
    session: Session, *, search: str = "", year: str = "", scheme: str = "", category: str = "", body: str = "",
    sort: str = "",
) -> list[Entry]:  # fmt: skip
    """The public awards that pass the filters. They look only at what is shown; unknown values are passed over."""
    every = public(session)
    wanted = {"year": year, "scheme": scheme, "category": category}
    known = {name: {str(getattr(one, name)) for one in every} for name in wanted}
    found = [
        one
        for one in every
        if all(value not in known[name] or str(getattr(one, name)) == value for name, value in wanted.items())
        and _matches(search, (one.number, one.text, *one.names, one.team, *one.organisations))
        and _matches(body, (one.team, *one.organisations))
    ]
    key = _SORTS.get(sort.removeprefix("-"))
    return sorted(found, key=key, reverse=sort.startswith("-")) if key else found


_SORTS = {
    "number": lambda one: one.number,
    "who": lambda one: (one.who.casefold(), one.number),
    "scheme": lambda one: (one.scheme_title, one.number),
    "category": lambda one: (one.category_title, one.number),
    "announced": lambda one: (one.announced_at, one.number),
}


def _matches(search: str, texts: Iterable[str]) -> bool:
    said = " ".join(texts).casefold()
    return all(word in said for word in search.casefold().split())


def by_number(session: Session, number: str) -> Entry | None:
    """The public award of a printed number such as `MA-0007`; None for one that is under embargo, as for no award."""
    digits = number.strip().upper().removeprefix(_PREFIX)
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):  # noqa: PLR2004 (what a database can hold)
        return None
    return next(iter(public(session, number=int(digits))), None)


def by_code(session: Session, code: str) -> Entry | None:
    """The public award with a verification code as it is printed."""
    return next(iter(public(session, code=code)), None) if code else None


def announced_on(session: Session, day: date) -> list[Entry]:
    """What was announced on a day, by number; nothing of it before its second."""
    return sorted((one for one in public(session) if one.day == day), key=lambda one: one.number)


def next_embargo(session: Session) -> datetime | None:
    """When the next embargo ends, so that no cache keeps an answer beyond it; None when none is set."""
    query = select(func.min(Nomination.embargo_until)).where(
        Nomination.state == _EMBARGOED, col(Nomination.embargo_until) > clock.now()
    )
    return session.exec(query).one()


def events(session: Session) -> list[Event]:
    """The presentation events that are public, the first first."""
    now = clock.now()
    rows = session.exec(select(Event).where(col(Event.published_at).is_not(None)).order_by(col(Event.starts_at))).all()
    return [one for one in rows if one.published_at is not None and one.published_at <= now]
