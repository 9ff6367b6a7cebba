"""Reads for the self-assessment, the evidence and the visit.

What somebody is not cleared for is not there: neither shown nor counted (rules.md B9).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, or_, select

from metstandard.queries import supplied
from metstandard.queries.interviews import knows_who
from metstandard.records.accounts import Person
from metstandard.records.base import Marking
from metstandard.records.evidence import (
    Activity,
    Evidence,
    EvidenceLink,
    Interview,
    MarkingChange,
    Question,
    SelfMark,
    StoredFile,
)
from metstandard.records.reviews import Review
from metstandard.rubric.definition import Criterion
from metstandard.rules import markings
from metstandard.rules.editions import rubric_of


@dataclass(frozen=True)
class Item:
    """One evidence item with its file, the criteria it speaks to with the place in it, and how many were talked to.

    `supplied` tells in a sentence where and when the unit supplied it before.
    """

    evidence: Evidence
    file: StoredFile | None
    criteria: tuple[str, ...]
    places: Mapping[str, str] = field(default_factory=dict)
    interview: Interview | None = None
    supplied: str = ""


def items(session: Session, review: Review, *, reader: Person, for_unit: bool) -> list[Item]:
    """The evidence of a review that somebody may read, newest first.

    A unit sees its own and what it may see of the panel's (B5); nobody sees what they are not cleared for (B9).
    """
    query = (
        select(Evidence, StoredFile, Interview)
        .join(StoredFile, col(StoredFile.id) == Evidence.file_id, isouter=True)
        .join(Interview, col(Interview.evidence_id) == Evidence.id, isouter=True)
        .order_by(col(Evidence.id).desc())
    )
    rows = session.exec(_readable(query, review, reader, for_unit=for_unit)).all()
    links: dict[int, dict[str, str]] = {}
    for number, code, place in session.exec(
        select(EvidenceLink.evidence_id, EvidenceLink.criterion, EvidenceLink.place)
        .join(Evidence)
        .where(Evidence.review_id == review.key)
        .order_by(col(EvidenceLink.id))
    ).all():
        links.setdefault(number, {})[code] = place
    known = supplied.notes(session, review)
    return [
        Item(one, file, tuple(links.get(one.key, ())), links.get(one.key, {}), talk, known.get(one.key, ""))
        for one, file, talk in rows
    ]


def _readable(query: Any, review: Review, reader: Person, *, for_unit: bool) -> Any:
    """A query of evidence of one review, without what was taken out and what is not the reader's to see."""
    query = markings.cleared(query, reader).where(Evidence.review_id == review.key, col(Evidence.removed_at).is_(None))
    if for_unit:
        query = query.where(or_(col(Evidence.from_panel).is_(False), col(Evidence.unit_may_see).is_(True)))
    return query


def item(session: Session, review: Review, number: int, *, reader: Person, for_unit: bool) -> Item | None:
    """One item by its number, under the same permission."""
    found = items(session, review, reader=reader, for_unit=for_unit)
    return next((one for one in found if one.evidence.key == number), None)


def links_of(session: Session, item: Evidence) -> dict[str, str]:
    """The criteria that an item speaks to, each with the page or paragraph in it."""
    query = select(EvidenceLink.criterion, EvidenceLink.place).where(EvidenceLink.evidence_id == item.key)
    return dict(list(session.exec(query.order_by(col(EvidenceLink.id))).all()))


def may_change(session: Session, review: Review, item: Evidence, person: Person, *, panel: bool) -> bool:
    """Whether an item is somebody's to change or take out while the stage allows; `panel`: they act as a reviewer.

    The unit's items are the unit's; one of the panel's is that of whoever added it and of the lead reviewer.
    """
    if item.review_id != review.key or item.from_panel != panel or not markings.may_see(person, item.marking):
        return False
    return not panel or knows_who(session, review, item.added_by_id, person)


def changes_of(session: Session, item: Evidence) -> list[tuple[MarkingChange, str]]:
    """Every change of an item's marking with the name of whoever made it, newest first."""
    rows = session.exec(
        select(MarkingChange, Person.name)
        .join(Person, col(Person.id) == MarkingChange.changed_by_id)
        .where(MarkingChange.evidence_id == item.key)
        .order_by(col(MarkingChange.id).desc())
    ).all()
    return list(rows)


def marking_of(review: Review, found: Iterable[Item]) -> Marking:
    """The marking of a page: the highest of the review's own and of what stands on it (B9)."""
    return markings.highest([review.marking, *(one.evidence.marking for one in found)])


@dataclass(frozen=True)
class SelfLine:
    """One criterion of the self-assessment: what is written, how many items speak to it, whether it is complete."""

    criterion: Criterion
    mark: SelfMark | None
    evidence: int

    @property
    def progress(self) -> str:
        """As the task list shows it."""
        if self.mark is None or not (self.mark.level or self.mark.account):
            return "In progress" if self.evidence else "Not started"
        return "Completed" if self.mark.level and self.mark.account.strip() and self.evidence else "In progress"

    @property
    def missing(self) -> str:
        """What is missing, in a few words."""
        level = self.mark is not None and bool(self.mark.level)
        account = self.mark is not None and bool(self.mark.account.strip())
        lacking = [
            word
            for there, word in ((level, "a level"), (account, "an account"), (self.evidence, "evidence"))
            if not there
        ]
        return f"Needs {', '.join(lacking)}" if lacking else ""


def self_lines(session: Session, review: Review, *, reader: Person, for_unit: bool) -> dict[str, list[SelfLine]]:
    """The self-assessment by domain title, in the rubric's order; criteria set aside at scoping are left out.

    Only evidence that the reader may see is counted.
    """
    marks = {one.criterion: one for one in session.exec(select(SelfMark).where(SelfMark.review_id == review.key)).all()}
    query = select(EvidenceLink.criterion).join(Evidence)
    linked: Counter[str] = Counter(session.exec(_readable(query, review, reader, for_unit=for_unit)).all())
    return {
        domain.title: [
            SelfLine(criterion, marks.get(code), linked[code])
            for code, criterion in domain.criteria.items()
            if code not in review.not_applicable
        ]
        for domain in rubric_of(session, review).domains.values()
    }


def questions(session: Session, review: Review) -> dict[str, list[Question]]:
    """What the reviewers want to look at, by criterion."""
    found: dict[str, list[Question]] = {}
    query = select(Question).where(Question.review_id == review.key).order_by(col(Question.id))
    for one in session.exec(query).all():
        found.setdefault(one.criterion, []).append(one)
    return found


def activities(session: Session, review: Review) -> list[Activity]:
    """The log of the visit, newest first."""
    query = select(Activity).where(Activity.review_id == review.key)
    return list(session.exec(query.order_by(col(Activity.held_on).desc(), col(Activity.id).desc())).all())


@dataclass(frozen=True)
class Effort:
    """What the visit took: people met, meetings, hours (published with the report)."""

    people: int
    meetings: int
    minutes: int

    @property
    def hours(self) -> str:
        """Hours to one decimal, half up."""
        tenths = (self.minutes + 3) // 6
        return f"{tenths // 10}.{tenths % 10}"


def effort(log: Iterable[Activity]) -> Effort:
    """The sum of a log."""
    rows = list(log)
    return Effort(sum(one.people for one in rows), len(rows), sum(one.minutes for one in rows))
