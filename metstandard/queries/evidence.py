"""Reads for the self-assessment, the evidence and the visit."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from metstandard.records.evidence import Activity, Evidence, EvidenceLink, Question, SelfMark, StoredFile
from metstandard.records.reviews import Review
from metstandard.rubric.definition import Criterion
from metstandard.rules.editions import rubric_of


@dataclass(frozen=True)
class Item:
    """One evidence item with its file and the criteria it speaks to."""

    evidence: Evidence
    file: StoredFile | None
    criteria: tuple[str, ...]


def items(session: Session, review: Review, *, for_unit: bool) -> list[Item]:
    """The evidence of a review, newest first; a unit sees its own and what it may see of the panel's (B5)."""
    query = (
        select(Evidence, StoredFile)
        .join(StoredFile, col(StoredFile.id) == Evidence.file_id, isouter=True)
        .where(Evidence.review_id == review.key, col(Evidence.removed_at).is_(None))
        .order_by(col(Evidence.id).desc())
    )
    if for_unit:
        query = query.where(col(Evidence.by_unit).is_(True) | col(Evidence.unit_may_see).is_(True))
    rows = session.exec(query).all()
    links: dict[int, list[str]] = {}
    for number, code in session.exec(
        select(EvidenceLink.evidence_id, EvidenceLink.criterion)
        .join(Evidence)
        .where(Evidence.review_id == review.key)
        .order_by(col(EvidenceLink.id))
    ).all():
        links.setdefault(number, []).append(code)
    return [Item(one, file, tuple(links.get(one.key, ()))) for one, file in rows]


def item(session: Session, review: Review, number: int, *, for_unit: bool) -> Item | None:
    """One item by its number, under the same permission."""
    return next((one for one in items(session, review, for_unit=for_unit) if one.evidence.key == number), None)


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


def self_lines(session: Session, review: Review) -> dict[str, list[SelfLine]]:
    """The self-assessment by domain title, in the rubric's order; criteria set aside at scoping are left out."""
    marks = {one.criterion: one for one in session.exec(select(SelfMark).where(SelfMark.review_id == review.key)).all()}
    linked = Counter(
        session.exec(
            select(EvidenceLink.criterion)
            .join(Evidence)
            .where(Evidence.review_id == review.key, col(Evidence.removed_at).is_(None))
        ).all()
    )
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
