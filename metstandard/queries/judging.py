"""Nominations as judges, their chair, those who check and those who decide may read them; strangers find nothing.

While a nomination stands before its judges everything they write is sealed: nobody but the one who wrote it learns
what it says, nor whether, when or by how many others anything was written or locked (D2, like SCO-3).
"""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import Session, col, select

from metstandard.records.accounts import Person
from metstandard.records.judging import Allotment, Judgement, TieRuling
from metstandard.records.recognition import Check, Incident, Nomination, Nominee
from metstandard.records.units import Unit
from metstandard.rubric.definition import Rubric
from metstandard.rules import recognition, ties
from metstandard.rules.editions import rubric_of
from metstandard.rules.guards.recognition import allotments, incident_of, newest_checks, unmarked, wanted_checks
from metstandard.rules.parts import standing
from metstandard.rules.recognition import nominees_of

# Where a nomination stands when its judges may read it, and when what they wrote is open to chair and keys.
BEFORE_JUDGES = ("shortlisted",)
OPENED = (
    "judged", "moderated", "decided", "consented", "embargoed", "announced", "presented", "archived", "revoked",
    "declined_by_nominee",
)  # fmt: skip


def sealed(nomination: Nomination) -> bool:
    """Whether judgements are sealed: from the first allotment until the last lock."""
    return nomination.state not in OPENED


def by_reference(session: Session, reference: str) -> Nomination | None:
    """A nomination, whoever asks: for callers that know who may."""
    return session.exec(select(Nomination).where(Nomination.reference == reference)).first()


def for_parts(session: Session, person: Person, reference: str, parts: Collection[str]) -> Nomination | None:
    """A nomination in which a person plays one of `parts`, with nothing that keeps them from it; else None."""
    one = by_reference(session, reference)
    if one is None or not person.active:
        return None
    mine = recognition.parts_in(session, person, one) & set(parts)
    if not mine:
        return None
    binding = recognition.bound(session, one, person)
    return one if any(recognition.bar(part, binding) is None for part in mine) else None


def for_judge(session: Session, person: Person, reference: str) -> tuple[Nomination, Allotment] | None:
    """A nomination before this judge, with their allotment; after the last lock it stays theirs to read."""
    one = for_parts(session, person, reference, ("judge",))
    mine = recognition.allotment_of(session, one, person) if one is not None else None
    if one is None or mine is None or one.state not in (*BEFORE_JUDGES, "judged", "moderated"):
        return None
    return one, mine


def ended_for(session: Session, person: Person, reference: str) -> tuple[Nomination, Allotment] | None:
    """A nomination that this judge judges no more: they read that it has ended, and nothing else."""
    row = session.exec(
        select(Nomination, Allotment)
        .join(Allotment, col(Allotment.nomination_id) == Nomination.id)
        .where(
            Nomination.reference == reference, Allotment.person_id == person.key, col(Allotment.ended_at).is_not(None)
        )
    ).first()
    return (row[0], row[1]) if row else None


@dataclass(frozen=True)
class Own:
    """A judge's own marks by criterion, and what is still unmarked."""

    rubric: Rubric
    allotment: Allotment
    marks: dict[str, Judgement]
    unmarked: list[str]

    @property
    def locked(self) -> bool:
        """Whether it rests."""
        return self.allotment.locked_at is not None


def own(session: Session, nomination: Nomination, allotment: Allotment) -> Own:
    """What one judge has written."""
    rows = session.exec(select(Judgement).where(Judgement.allotment_id == allotment.key)).all()
    return Own(
        rubric_of(session, nomination), allotment, {one.criterion: one for one in rows},
        unmarked(session, nomination, allotment),
    )  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """One judge's locked judgement, as chair and keys read it. `score` is per cent of the top level."""

    judge: str
    interest: str
    marks: dict[str, Judgement]
    score: Fraction


def judgements(session: Session, nomination: Nomination) -> list[Judged]:
    """Every locked judgement with its judge; none at all while anything is sealed."""
    if sealed(nomination):
        return []
    rubric = rubric_of(session, nomination)
    sitting = [one for one in allotments(session, nomination) if one.locked_at is not None]
    people = {
        one.key: one.name
        for one in session.exec(select(Person).where(col(Person.id).in_([each.person_id for each in sitting]))).all()
    }
    rows = session.exec(select(Judgement).where(col(Judgement.allotment_id).in_([one.key for one in sitting]))).all()
    found = []
    for one in sitting:
        marks = {row.criterion: row for row in rows if row.allotment_id == one.key}
        score = ties.weighted(rubric, {code: mark.level for code, mark in marks.items()})
        found.append(Judged(people[one.person_id], one.interest_words, marks, score))
    return found


def mean(session: Session, nomination: Nomination) -> Fraction | None:
    """The score of a nomination whose judgements are open."""
    return None if sealed(nomination) else ties.score(session, nomination)


def rulings(session: Session, nomination: Nomination) -> list[TieRuling]:
    """The chair's rulings about a nomination, newest first."""
    query = select(TieRuling).where(TieRuling.nomination_id == nomination.key)
    return list(session.exec(query.order_by(col(TieRuling.id).desc())).all())


@dataclass(frozen=True)
class Seat:
    """A judge as the programme office sees one: never what they wrote, nor whether they have locked."""

    number: int
    name: str
    declared: bool
    ended: bool
    reason: str


def seats(session: Session, nomination: Nomination) -> list[Seat]:
    """Everybody who was ever asked to judge a nomination, in the order in which they were asked."""
    rows = session.exec(
        select(Allotment, Person)
        .join(Person, col(Person.id) == Allotment.person_id)
        .where(Allotment.nomination_id == nomination.key)
        .order_by(col(Allotment.id))
    ).all()
    return [
        Seat(person.key, person.name, one.interest is not None, one.ended_at is not None, one.reason)
        for one, person in rows
    ]


@dataclass(frozen=True)
class Answer:
    """One answer that is asked for about a nominee: the newest, or None while nobody has answered."""

    nominee: Nominee
    asked_of: str
    newest: Check | None
    checked_by: str


def answers(session: Session, nomination: Nomination) -> list[Answer]:
    """What every check has come to, with who answered and when; why is known to nobody here."""
    known = newest_checks(session, nomination)
    wanted = {one.checked_by_id for one in known.values()}
    people = {one.key: one.name for one in session.exec(select(Person).where(col(Person.id).in_(wanted))).all()}
    found = []
    for nominee, asked in wanted_checks(session, nomination):
        newest = known.get((nominee.key, asked))
        found.append(Answer(nominee, asked, newest, people[newest.checked_by_id] if newest else ""))
    return found


@dataclass(frozen=True)
class Told:
    """What a nomination tells whoever judges or decides it; nominator, seconder and monitoring are left out."""

    scheme: str
    category: str
    kind: str
    nominees: list[Nominee]
    unit: Unit | None
    incident: Incident | None
    host: str


def told(session: Session, nomination: Nomination) -> Told:
    """The words of the rubric for a nomination, with its nominees and incident."""
    section = rubric_of(session, nomination).recognition
    scheme = section.schemes.get(nomination.scheme) if section else None
    category = section.categories.get(nomination.category) if section else None
    kind = section.nominees.get(nomination.nominee_kind) if section else None
    when = nomination.submitted_at or nomination.state_since
    host = scheme.host(when.year) if scheme else None
    return Told(
        scheme.title if scheme else nomination.scheme,
        category.title if category else nomination.category,
        kind.title if kind else nomination.nominee_kind,
        nominees_of(session, nomination),
        session.get(Unit, nomination.unit_id) if nomination.unit_id is not None else None,
        incident_of(session, nomination),
        section.services[host].title if section and host else "",
    )


def services(session: Session, nomination: Nomination) -> dict[str, str]:
    """Every service of the rubric with its title."""
    section = rubric_of(session, nomination).recognition
    return {word: one.title for word, one in section.services.items()} if section else {}


@dataclass(frozen=True)
class Line:
    """One nomination on a judge's or the chair's list; `mine` is how far the viewer is, never anybody else."""

    nomination: Nomination
    mine: str


def of_judge(session: Session, person: Person) -> list[Line]:
    """The nominations before a judge, those to do first; what others have done is not asked."""
    rows = session.exec(
        select(Nomination, Allotment)
        .join(Allotment, col(Allotment.nomination_id) == Nomination.id)
        .where(
            Allotment.person_id == person.key, col(Allotment.ended_at).is_(None),
            col(Nomination.state).in_((*BEFORE_JUDGES, "judged", "moderated")),
        )
        .order_by(col(Nomination.reference))
    ).all()  # fmt: skip
    lines = [Line(one, _own_state(mine)) for one, mine in rows]
    return sorted(lines, key=lambda line: line.mine == "Locked")


def _own_state(mine: Allotment) -> str:
    if mine.locked_at is not None:
        return "Locked"
    return "To declare" if mine.interest is None else "To judge"


def of_chair(session: Session, person: Person) -> list[Line]:
    """What waits for the chair of the judges, and what was passed on."""
    if not any(one.part == "judging_chair" for one in standing(session, person)):
        return []
    rows = session.exec(
        select(Nomination)
        .where(col(Nomination.state).in_(("judged", "moderated")))
        .order_by(col(Nomination.state), col(Nomination.reference))
    ).all()
    return [Line(one, "To moderate" if one.state == "judged" else "Passed on") for one in rows]
