"""Nominations as each kind of viewer may know them: the list, and one of them.

Nobody reads a nomination of themselves. Drafts are their nominator's alone. Who answers checks, decides or announces
sees a nomination from the stage at which that is asked of them; judges have pages of their own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.queries.tasks import part_words
from metstandard.records.accounts import Person
from metstandard.records.editions import Edition
from metstandard.records.judging import Allotment
from metstandard.records.recognition import Incident, Nomination, Nominee
from metstandard.rubric.definition import Rubric
from metstandard.rules import recognition as rules
from metstandard.rules.editions import rubric_from, rubric_of, workflow_from
from metstandard.rules.parts import standing
from metstandard.workflow.calendar import working_days_between
from metstandard.workflow.definition import Workflow

OFFICE = "programme_officer"
# From which stage on each part sees a nomination; the programme office sees all that was ever sent.
_ORDER = (
    "draft", "submitted", "eligibility", "checks", "sifted", "shortlisted", "judged", "moderated", "decided",
    "consented", "embargoed", "announced", "presented", "archived",
)  # fmt: skip
_SIDE = {"returned": 0, "redirected": 0, "withdrawn": 0, "held": 3, "declined_by_nominee": 8, "revoked": 11}
_FROM = {"standards_officer": "checks", "sponsor": "checks", "press_officer": "consented"}
_KEYS_FROM = "moderated"


def _stage(state: str) -> int:
    return _SIDE[state] if state in _SIDE else _ORDER.index(state)


def sees(part: str, state: str) -> bool:
    """Whether a part sees a nomination that stands at a state."""
    if part == OFFICE:
        return True
    key = part.endswith(("_key", "_principal"))
    first = _KEYS_FROM if key else _FROM.get(part)
    return first is not None and _stage(state) >= _stage(first)


def seen_by(session: Session, person: Person, nomination: Nomination) -> frozenset[str]:
    """The parts in which a person sees a nomination at the Authority's door; none for a stranger, nominee or judge."""
    if nomination.submitted_at is None or not person.active:
        return frozenset()
    binding = rules.bound(session, nomination, person)
    if rules.NOMINATED in binding or rules.allotment_of(session, nomination, person) is not None:
        return frozenset()
    parts = rules.parts_in(session, person, nomination)
    return frozenset(one for one in parts if sees(one, nomination.state) and not _own(one, binding))


def _own(part: str, binding: frozenset[str]) -> bool:
    """A nominator reads their own nomination as its nominator, unless they run the programme."""
    return part != OFFICE and rules.NOMINATES in binding


def for_staff(session: Session, person: Person, reference: str) -> Nomination | None:
    """One nomination as a person sees it at the Authority's door."""
    found = session.exec(select(Nomination).where(Nomination.reference == reference)).first()
    return found if found is not None and seen_by(session, person, found) else None


def for_office(session: Session, person: Person, reference: str) -> Nomination | None:
    """One nomination for a programme officer, who is none of its nominees."""
    found = session.exec(select(Nomination).where(Nomination.reference == reference)).first()
    return found if found is not None and OFFICE in seen_by(session, person, found) else None


def for_nominator(session: Session, person: Person, reference: str) -> Nomination | None:
    """One nomination for the account that made it."""
    query = select(Nomination).where(Nomination.reference == reference, Nomination.nominator_id == person.key)
    return session.exec(query).first()


def made_by(session: Session, person: Person) -> list[Nomination]:
    """The nominations that an account has made, newest first."""
    query = select(Nomination).where(Nomination.nominator_id == person.key)
    return list(session.exec(query.order_by(col(Nomination.id).desc())).all())


@dataclass(frozen=True)
class Line:
    """One nomination in the list; all of it is words."""

    nomination: Nomination
    nominees: tuple[Nominee, ...]
    scheme: str
    category: str
    stage: str
    waits: str
    days: int
    services: tuple[str, ...]
    incident: str = ""

    @property
    def overdue(self) -> bool:
        """Whether the due date has passed."""
        due = self.nomination.due_on
        return due is not None and due < clock.today()

    @property
    def names(self) -> str:
        """Whom it is for: the team's name, else the first nominee, and how many more there are."""
        if not self.nominees:
            return self.nomination.body
        more = len(self.nominees) - 1
        first = self.nomination.body or self.nominees[0].name
        return first if not more or self.nomination.body else f"{first} and {more} more"


@dataclass(frozen=True)
class Filters:
    """What the address asks of the list; empty texts ask nothing."""

    state: str = ""
    scheme: str = ""
    category: str = ""
    service: str = ""
    search: str = ""


def board(session: Session, person: Person, filters: Filters | None = None) -> list[Line]:
    """The nominations that a person sees, those that wait longest first. A fixed number of queries."""
    asked = filters or Filters()
    parts = [(one.part, one.seat) for one in standing(session, person) if one.unit_id is None]
    query = select(Nomination).where(col(Nomination.submitted_at).is_not(None))
    for column, value in ((Nomination.state, asked.state), (Nomination.scheme, asked.scheme)):
        query = query.where(col(column) == value) if value else query
    if asked.category:
        query = query.where(Nomination.category == asked.category)
    rows = session.exec(query.order_by(col(Nomination.state_since), col(Nomination.id))).all()
    lines = lines_of(session, rows)
    judged = _judged(session, person)
    return [one for one in lines if one.nomination.key not in judged and _shown(one, person, parts, asked)]


def _judged(session: Session, person: Person) -> set[int]:
    query = select(Allotment.nomination_id).where(Allotment.person_id == person.key, col(Allotment.ended_at).is_(None))
    return set(session.exec(query).all())


def _shown(line: Line, person: Person, parts: Sequence[tuple[str, str]], asked: Filters) -> bool:
    if any(_is(one, person) for one in line.nominees):
        return False
    own = line.nomination.nominator_id == person.key
    services = {one.service for one in line.nominees}
    if asked.service and asked.service not in services:
        return False
    if asked.search and asked.search.casefold() not in _words(line):
        return False
    return any(
        sees(part, line.nomination.state)
        and (part == OFFICE or not own)
        and (part not in rules.OF_A_SERVICE or not seat or seat in services)
        for part, seat in parts
    )


def _is(nominee: Nominee, person: Person) -> bool:
    return nominee.person_id == person.key or (
        bool(nominee.email) and nominee.email.casefold() == person.email.casefold()
    )


def _words(line: Line) -> str:
    one = line.nomination
    return " ".join([one.reference, one.title, one.body, *(each.name for each in line.nominees)]).casefold()


def lines_of(session: Session, rows: Iterable[Nomination]) -> list[Line]:
    """Nominations as lines of a list, whoever may see them. A fixed number of queries."""
    found = list(rows)
    numbers = [one.key for one in found]
    nominees: dict[int, list[Nominee]] = {}
    query = select(Nominee).where(col(Nominee.nomination_id).in_(numbers), col(Nominee.left_at).is_(None))
    for one in session.exec(query.order_by(col(Nominee.id))).all():
        nominees.setdefault(one.nomination_id, []).append(one)
    wanted = {one.workflow_edition_id for one in found} | {one.rubric_edition_id for one in found}
    editions = {one.key: one for one in session.exec(select(Edition).where(col(Edition.id).in_(wanted))).all()}
    groups = {one.incident_id for one in found if one.incident_id is not None}
    incidents = {one.key: one for one in session.exec(select(Incident).where(col(Incident.id).in_(groups))).all()}
    return [
        _line(
            one, workflow_from(editions[one.workflow_edition_id]), rubric_from(editions[one.rubric_edition_id]),
            tuple(nominees.get(one.key, ())), incidents.get(one.incident_id or 0),
        )
        for one in found
    ]  # fmt: skip


def _line(
    one: Nomination, workflow: Workflow, rubric: Rubric, nominees: tuple[Nominee, ...], incident: Incident | None
) -> Line:
    state, titles = workflow.states[one.state], Titles.of(rubric)
    return Line(
        nomination=one,
        nominees=nominees,
        scheme=titles.schemes.get(one.scheme, ""),
        category=titles.categories.get(one.category, ""),
        stage=state.title,
        waits="" if state.final else part_words(state.waits_for),
        days=working_days_between(clock.local_date(one.state_since), clock.today()),
        services=tuple(titles.services[word] for word in dict.fromkeys(x.service for x in nominees) if word),
        incident=incident.title if incident else "",
    )


@dataclass(frozen=True)
class Titles:
    """The words of a rubric file's recognition section, by its short words."""

    schemes: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)
    nominees: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, rubric: Rubric) -> "Titles":
        """The words of a rubric; none where it has no such section."""
        known = rubric.recognition
        if known is None:
            return cls()
        return cls(
            schemes={word: one.title for word, one in known.schemes.items()},
            categories={word: one.title for word, one in known.categories.items()},
            services={word: one.title for word, one in known.services.items()},
            nominees={word: one.title for word, one in known.nominees.items()},
            redirects=dict(known.redirects),
        )


def titles(session: Session, nomination: Nomination) -> Titles:
    """The words of the edition that a nomination runs under."""
    return Titles.of(rubric_of(session, nomination))
