"""What the pages about a panel show: seats with what stands in their way, the pool, objections with their votes."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.common.words import listed
from metstandard.panels.conflicts import Panel
from metstandard.records.accounts import Person
from metstandard.records.pool import Reserve
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Declaration, Objection, ObjectionVote, Ruling, Seat
from metstandard.rules import candidates, conflicts
from metstandard.rules.conflicts import Judged, Standing
from metstandard.rules.editions import workflow_of
from metstandard.rules.guards.panels import accepted_seats, objectable_until, window_closes
from metstandard.rules.parts import standing_in
from metstandard.rules.signatures import counting
from metstandard.workflow import calendar

FREE, WAIVABLE, BARRED = "free", "waivable", "barred"


@dataclass(frozen=True)
class Place:
    """One kind of seat: who holds it, how it stands, and the newest row of its kind, held or ended."""

    kind: str
    standing: Standing | None
    newest: Seat | None
    declarations: tuple[Declaration, ...] = ()
    replacement_agreed_by: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nobody is asked or sits."""
        return self.standing is None

    @property
    def declared(self) -> Declaration | None:
        """The declaration made for the panel."""
        return next((one for one in reversed(self.declarations) if one.stage == "panels"), None)


def words_of(kind: str) -> str:
    """A kind of seat as people say it: `Local authority`."""
    return kind.replace("_", " ").capitalize()


def places(session: Session, review: Review, about: Panel) -> list[Place]:
    """Every seat that the workflow asks for, in the file's order. `about` is what `candidates.panel` found."""
    workflow = workflow_of(session, review)
    held = {one.seat.kind: one for one in conflicts.of_panel(session, review, about)}
    rows = session.exec(select(Seat).where(Seat.review_id == review.key).order_by(col(Seat.id))).all()
    newest = {one.kind: one for one in rows}
    said = session.exec(
        select(Declaration).where(Declaration.review_id == review.key).order_by(col(Declaration.id))
    ).all()
    agreed = counting(session, review, "replace_reviewer")
    found = []
    for kind in workflow.panel.seats if workflow.panel else ():
        standing = held.get(kind)
        person = standing.seat.person_id if standing else None
        parties = {standing_in(workflow, one.part) or "" for one in agreed if one.seat == kind}
        found.append(
            Place(
                kind=kind, standing=standing, newest=newest.get(kind),
                declarations=tuple(one for one in said if one.person_id == person),
                replacement_agreed_by=tuple(sorted(parties)),
            )
        )  # fmt: skip
    return found


def reserves(session: Session, review: Review) -> dict[str, list[tuple[Reserve, str]]]:
    """The reserves of each seat with their names, first the one who is asked first."""
    rows = session.exec(
        select(Reserve, Person)
        .join(Person, col(Person.id) == Reserve.person_id)
        .where(Reserve.review_id == review.key)
        .order_by(col(Reserve.rank), col(Reserve.id))
    ).all()
    found: dict[str, list[tuple[Reserve, str]]] = {}
    for one, person in rows:
        found.setdefault(one.kind, []).append((one, person.name))
    return found


@dataclass(frozen=True)
class Gone:
    """A seat that ended: who, how, when and why."""

    seat: Seat
    name: str


def gone(session: Session, review: Review) -> list[Gone]:
    """The seats of a review that were declined or ended, newest first."""
    rows = session.exec(
        select(Seat, Person)
        .join(Person, col(Person.id) == Seat.person_id)
        .where(Seat.review_id == review.key, col(Seat.status).not_in(HOLDING))
        .order_by(col(Seat.ended_at).desc(), col(Seat.id).desc())
    ).all()
    return [Gone(seat, person.name) for seat, person in rows]


def pools(
    session: Session, review: Review, kinds: Collection[str], about: Panel, *, words: str = "", show: str = ""
) -> dict[str, list[Judged]]:
    """The candidates for some seats, those with the fewest rules in the way first.

    `words` must occur in the name or origin; `show` is "free" (no rule in the way), "waivable" (no hard rule),
    "barred" (a hard rule) or empty for all.
    """
    if not kinds:
        return {}
    found = conflicts.judged_pool(session, review, kinds, about)
    return {kind: [one for one in rows if _wanted(one, words.lower(), show)] for kind, rows in found.items()}


def _wanted(one: Judged, words: str, show: str) -> bool:
    shown = {FREE: not one.conflicts, WAIVABLE: not one.hard, BARRED: one.hard > 0}.get(show, True)
    return shown and (words in one.candidate.name.lower() or words in one.candidate.origin.lower())


def notes(about: Panel, found: list[Place]) -> list[str]:
    """What the programme office should know besides: a rule that was not judged, and where the panel comes from."""
    said = []
    if about.commander_rank is None and "unit" in about.origins.values():
        said.append("PAN-3: the rank of the commander is not recorded, so the rank of the peer was not compared.")
    sitting = [one.standing.candidate for one in found if one.standing is not None]
    if sitting:
        origins = [one.group or one.borough or one.employer or one.origin for one in sitting]
        new = sum(not about.knows(one.person) for one in sitting)
        said.append(
            f"PAN-6, for information: the panel comes from {listed(origins)}. "
            f"{new} of {len(sitting)} never sat on a panel of {about.unit_name}."
        )
    return said


@dataclass(frozen=True)
class Objected:
    """An objection of the unit, about whom, and how the keys have ruled so far."""

    objection: Objection
    seat: Seat
    name: str
    votes: dict[str, ObjectionVote] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether the keys have not both ruled the same way."""
        return self.objection.ruling is Ruling.OPEN

    @property
    def divided(self) -> bool:
        """Whether the keys have ruled differently."""
        return len({one.upheld for one in self.votes.values()}) > 1


def objections(session: Session, review: Review) -> list[Objected]:
    """The unit's objections, oldest first."""
    rows = session.exec(
        select(Objection, Seat, Person)
        .join(Seat, col(Seat.id) == Objection.seat_id)
        .join(Person, col(Person.id) == Seat.person_id)
        .where(Objection.review_id == review.key)
        .order_by(col(Objection.id))
    ).all()
    votes = session.exec(
        select(ObjectionVote).join(Objection).where(Objection.review_id == review.key).order_by(col(ObjectionVote.id))
    ).all()
    return [
        Objected(one, seat, person.name, {each.part: each for each in votes if each.objection_id == one.key})
        for one, seat, person in rows
    ]


@dataclass(frozen=True)
class Shown:
    """A reviewer as the unit sees them, from the day on which the panel was put before it.

    `until` is the last day on which the unit may object, if it may.
    """

    seat: Seat
    name: str
    origin: str
    objected: Objected | None
    until: date | None


def before_the_unit(session: Session, review: Review) -> list[Shown]:
    """The panel as the unit may see it: nobody before it was published, and nobody who has not accepted."""
    if review.panel_published_at is None:
        return []
    seats = accepted_seats(session, review)
    known = candidates.candidates(session, review, [one.person_id for one in seats])
    raised = {one.seat.key: one for one in objections(session, review)}
    found = []
    for one in seats:
        who, until = known[one.person_id], objectable_until(session, review, one)
        still = until if until is not None and clock.today() <= until else None
        found.append(Shown(one, who.name, who.origin, raised.get(one.key), still))
    return found


def objections_until(session: Session, review: Review) -> date | None:
    """The last day on which the unit may object; None when the panel is not before it."""
    return window_closes(session, review, "confirm_panel")


def own_last_seat(session: Session, person: Person, reference: str) -> tuple[Review, Seat] | None:
    """The newest seat, held or ended, that a person was ever asked to take in a review."""
    row = session.exec(
        select(Review, Seat)
        .join(Seat, col(Seat.review_id) == Review.id)
        .where(Review.reference == reference, Seat.person_id == person.key)
        .order_by(col(Seat.id).desc())
    ).first()
    return (row[0], row[1]) if row else None


def dates_asked(session: Session, review: Review) -> list[tuple[str, date, date | None]]:
    """The days that a seat asks of a reviewer: what for, from when, until when."""
    dates = {"visit_starts": review.starts_on, "visit_ends": review.ends_on, "visit_ended": review.ends_on}
    workflow = workflow_of(session, review)
    found: list[tuple[str, date, date | None]] = []
    for name in ("evidence_review", "on_site", "scoring"):
        state = workflow.states.get(name)
        due = [calendar.due_on(timer.due, dates, workflow.numbers) for timer in state.timers] if state else []
        last = min((day for day in due if day is not None), default=None)
        if state is not None and last is not None:
            found.append((state.title, review.starts_on, last) if name == "on_site" else (state.title, last, None))
    return found


def declarations_of(session: Session, review: Review, person: Person) -> list[Declaration]:
    """What one person has declared in a review, newest first."""
    query = select(Declaration).where(Declaration.review_id == review.key, Declaration.person_id == person.key)
    return list(session.exec(query.order_by(col(Declaration.id).desc())).all())
