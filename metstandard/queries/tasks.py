"""Who can do what now, what each person needs to do, and whose move it is. Feeds homes, buttons and boards alike."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, false, or_, select

from metstandard.common import clock, words
from metstandard.common.errors import RuleBroken
from metstandard.queries import enquiries, independence, recognition_tasks, risks
from metstandard.queries.known import Known
from metstandard.queries.pending import pending_in
from metstandard.queries.reviews import sees_every_review, units_of
from metstandard.records.accounts import Person
from metstandard.records.certificates import Certificate
from metstandard.records.followup import Action
from metstandard.records.reviews import Deputy, Review
from metstandard.records.seats import HOLDING, Seat
from metstandard.rules import guards
from metstandard.rules.case import Case, Record, Reviewed
from metstandard.rules.editions import workflow_of
from metstandard.rules.parts import hand_of, standing
from metstandard.workflow.calendar import working_days_between
from metstandard.workflow.definition import Workflow


@dataclass(frozen=True)
class Open:
    """One act that a person's part allows at the present state; `unmet` are sentences, none when it can be done."""

    act: str
    part: str
    unmet: tuple[str, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.unmet


@dataclass(frozen=True)
class Task:
    """One line of "What you need to do". `endpoint` and `values` make the link; `days_left` counts working days."""

    text: str
    where: str
    endpoint: str
    values: dict[str, str] = field(default_factory=dict)
    due_on: date | None = None
    since: date | None = None

    @property
    def days_left(self) -> int | None:
        """Working days until it is due; negative when overdue; None without a due date."""
        return None if self.due_on is None else working_days_between(clock.today(), self.due_on)

    @property
    def overdue(self) -> bool:
        """Whether the due date has passed."""
        return self.due_on is not None and self.due_on < clock.today()


def moves_open_to(session: Session, person: Person, record: Record) -> list[Open]:
    """Every act that a person may do on a record now, or could if its guards held, in the workflow's order."""
    workflow = workflow_of(session, record)
    hand = hand_of(session, person, record)
    found: dict[str, Open] = {}
    for move in workflow.moves_from(record.state):
        if move.do in found and found[move.do].possible:
            continue
        if record.paused and move.do not in {"resume", "cancel"}:
            continue
        if move.do == "resume" and not record.paused:
            continue
        try:
            part = hand.part_for(move.by)
        except RuleBroken:
            continue
        if part is None:
            continue
        case = Case(session, record, workflow, move.do, person)
        unmet = tuple(guards.sentence(name) for name in move.when if not guards.holds(name, case))
        if move.do not in found or not unmet:
            found[move.do] = Open(move.do, part, unmet)
    return list(found.values())


def open_tasks(session: Session, person: Person) -> list[Task]:
    """What a person needs to do in every record, by due date; those without one last. A fixed number of queries."""
    records = [one for one in _records_of(session, person) if not one.paused]
    appointments = standing(session, person)
    known = Known(session, person, records)
    found = [
        Task(one.text, known.where(record), one.endpoint, one.values, one.due_on or record.due_on,
             clock.local_date(record.state_since))
        for record in records
        for one in pending_in(known, record)
    ]  # fmt: skip
    reviews = [one for one in records if isinstance(one, Review)]
    found += [
        Task(one.text, known.where(one.review), one.endpoint, one.values, one.due_on, one.since)
        for one in risks.tasks_for(session, reviews, appointments)
    ]
    found += [
        Task(one.text, one.where, one.endpoint, one.values, one.due_on, one.since)
        for one in recognition_tasks.open_entries(session, person, appointments)
    ]
    party = next((one.part.rsplit("_", 1)[0] for one in appointments if one.part.endswith("_key")), None)
    found += [
        Task(f"Waive or leave: {one.name} after the review (COI-11)", f"{one.unit} ({one.reference})",
             "authority.cooling_off", {"reference": one.reference, "covered": one.covered}, None, one.on)
        for one in (independence.to_decide(session, party) if party else ())
    ]  # fmt: skip
    if any(one.part == enquiries.OFFICER for one in appointments):
        found += [
            Task(line.todo, line.enquiry.reference, "authority.enquiry", {"reference": line.enquiry.reference},
                 line.enquiry.due_on, clock.local_date(line.enquiry.received_at))
            for line in enquiries.waiting_for(session, person)
        ]  # fmt: skip
    return sorted(found, key=lambda task: (task.due_on is None, task.due_on or date.max, task.where))


@dataclass(frozen=True)
class Next:
    """A review in which it is somebody else's move: where, whose move, since when, and the page of the review."""

    where: str
    sentence: str
    stood: str
    number: int


def next_moves(session: Session, person: Person, *, most: int = 5) -> list[Next]:
    """Whose move it is in a person's reviews, the first due first: what a home says when there is nothing to do."""
    reviews = [one for one in _records_of(session, person) if isinstance(one, Review)]
    reviews.sort(key=lambda one: (one.due_on is None, one.due_on or date.max, one.key))
    known = Known(session, person, reviews[:most])
    return [Next(known.where(one), *_move(known.workflow(one), one), one.key) for one in known.reviews.values()]


def _records_of(session: Session, person: Person) -> list[Reviewed]:
    """The live records in which a person may play a part; staff see all, others those of panels, units and deputies."""
    parts = {one.part for one in standing(session, person)}
    staff = sees_every_review(parts)
    mine = select(Seat.review_id).where(Seat.person_id == person.key, col(Seat.status).in_(HOLDING))
    units = units_of(session, person)
    reviews = select(Review).where(col(Review.state).not_in(("closed", "cancelled")))
    actions = select(Action).where(col(Action.state).in_(("open", "reported")))
    certificates = select(Certificate).where(col(Certificate.state).in_(("current", "suspended")))
    if not staff:
        lent = select(Deputy.review_id).where(Deputy.person_id == person.key, col(Deputy.ended_on).is_(None))
        linked = Review.link_member_id == person.key if "link_member" in parts else false()
        reviews = reviews.where(
            or_(col(Review.id).in_(mine), col(Review.id).in_(lent), col(Review.unit_id).in_(units), linked)
        )
        actions = actions.where(
            or_(
                Action.owner_id == person.key,
                col(Action.unit_id).in_(units),
                col(Action.review_id).in_(mine),
                col(Action.review_id).in_(select(Review.id).where(linked)),
            )
        )
        certificates = certificates.where(col(Certificate.unit_id).in_(units))
    found: list[Reviewed] = []
    for query in (reviews, actions, certificates):
        found += session.exec(query).all()
    return found


# How parts are spoken of, to anybody: never by name.
PART_WORDS = {
    "programme_officer": "the programme office",
    "authority_key": "the Authority’s decision maker",
    "commissioner_key": "the Commissioner’s decision maker",
    "moderator": "the moderation panel",
    "link_member": "the link member",
    "reviewer": "the reviewers",
    "lead_reviewer": "the lead reviewer",
    "commander": "the commander",
    "unit_author": "the unit",
    "action_owner": "the owner of the action",
    "verifier": "the person who verifies",
    "nominator": "the nominator",
    "seconder": "the seconder",
    "standards_officer": "professional standards",
    "sponsor": "the sponsors of the services",
    "judge": "the judges",
    "judging_chair": "the chair of the judges",
    "committee_key": "the committee’s decision maker",
    "nominee": "the nominees",
    "press_officer": "the press officer",
}


def part_words(parts: Iterable[str]) -> str:
    """`the commander and the programme office`."""
    return words.listed([PART_WORDS.get(part, f"the {part.replace('_', ' ')}") for part in parts])


def waits_for(session: Session, record: Record) -> str:
    """Whom a record waits for, in words that reveal nothing sealed: a part, never a person or a count."""
    return part_words(workflow_of(session, record).states[record.state].waits_for)


def whose_move(session: Session, record: Record) -> tuple[str, str]:
    """Two sentences, never blank: whose move it is and by when; and how long it has stood there (interface.md 2)."""
    return _move(workflow_of(session, record), record)


def _move(workflow: Workflow, record: Record) -> tuple[str, str]:
    since = clock.local_date(record.state_since)
    stood = working_days_between(since, clock.today())
    stands = f"It has stood here {'since today' if stood <= 0 else 'for ' + words.count(stood, 'working day')}."
    if record.paused:
        return "It is paused. The programme office resumes it.", stands
    state = workflow.states[record.state]
    if state.final:
        return f"Nothing more is to be done: {state.title.lower()}.", f"Since {words.day(since)}."
    return f"It waits for {part_words(state.waits_for)}{_by_when(record.due_on)}.", stands


def _by_when(due_on: date | None) -> str:
    if due_on is None:
        return ""
    late = -working_days_between(clock.today(), due_on)
    if late > 0:
        return f"; it was due on {words.day(due_on)} and is overdue by {words.count(late, 'working day')}"
    return f", by {words.day(due_on)}"
