"""The report as those who write and read it see it: paragraphs, what each is made from, how it read before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from metstandard.queries import consensus
from metstandard.queries.drafting import SUMMARY, drafted_at
from metstandard.queries.judgement import findings_of, paragraphs_of
from metstandard.queries.reviews import for_deputy
from metstandard.records.accounts import Person
from metstandard.records.evidence import SelfMark
from metstandard.records.reviews import Review
from metstandard.records.sheets import Finding, Paragraph, ParagraphVersion
from metstandard.rubric.definition import Rubric
from metstandard.rules.editions import rubric_of


@dataclass(frozen=True)
class Section:
    """One section of the report; `code` is empty where it is no domain."""

    code: str
    title: str
    paragraphs: tuple[Paragraph, ...]


def sections(session: Session, review: Review) -> list[Section]:
    """The report by section, in its order."""
    rubric = rubric_of(session, review)
    grouped: dict[str, list[Paragraph]] = {}
    for one in paragraphs_of(session, review):
        grouped.setdefault(one.section, []).append(one)
    return [Section(_code(rubric, name), title_of(rubric, name), tuple(found)) for name, found in grouped.items()]


def _code(rubric: Rubric, section: str) -> str:
    return section if section in rubric.domains else ""


def title_of(rubric: Rubric, section: str) -> str:
    """A section's title as people read it."""
    if section in rubric.domains:
        return rubric.domains[section].title
    return "Summary" if section == SUMMARY else section.replace("_", " ").capitalize()


def paragraph_of(session: Session, review: Review, number: int) -> Paragraph | None:
    """One paragraph of a review's report by its number."""
    return session.exec(select(Paragraph).where(Paragraph.review_id == review.key, Paragraph.number == number)).first()


@dataclass(frozen=True)
class Version:
    """How a paragraph read at one time; `before` is the text that it replaced, `by` is empty when it was drafted."""

    text: str
    before: str
    by: str
    at: datetime


def history(session: Session, review: Review, paragraph: Paragraph) -> list[Version]:
    """Every version of a paragraph, newest first."""
    rows = session.exec(
        select(ParagraphVersion, Person)
        .join(Person, col(Person.id) == ParagraphVersion.changed_by_id)
        .where(ParagraphVersion.paragraph_id == paragraph.key)
        .order_by(col(ParagraphVersion.id))
    ).all()
    texts = ["", *(one.text for one, _ in rows)]
    moments = drafted_at(session, review)
    found = [
        Version(one.text, texts[number], "" if one.changed_at in moments else person.name, one.changed_at)
        for number, (one, person) in enumerate(rows)
    ]
    return found[::-1]


@dataclass(frozen=True)
class Sources:
    """What a paragraph is made from: the consensus on its criteria, findings, the unit's own account."""

    lines: tuple[consensus.Line, ...]
    findings: tuple[Finding, ...]
    unit_views: dict[str, SelfMark]


def sources(session: Session, review: Review, paragraph: Paragraph) -> Sources:
    """The material behind a paragraph: its criterion, or every criterion of its domain."""
    rubric = rubric_of(session, review)
    if paragraph.criterion:
        codes: Sequence[str] = (paragraph.criterion,)
    else:
        codes = tuple(rubric.domains[paragraph.section].criteria) if paragraph.section in rubric.domains else ()
    lines = consensus.lines(session, review)
    rows = session.exec(
        select(SelfMark).where(SelfMark.review_id == review.key, col(SelfMark.criterion).in_(codes))
    ).all()
    found = findings_of(session, review)
    return Sources(
        tuple(lines[code] for code in codes if code in lines),
        tuple(one for one in found if one.criterion in codes or not codes),
        {one.criterion: one for one in rows},
    )


def for_writer(session: Session, person: Person, reference: str) -> Review | None:
    """A review whose report this person prepares as deputy of the lead reviewer."""
    return for_deputy(session, person, reference, "lead_reviewer")
