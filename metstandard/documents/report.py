"""The review report: everything the decision rests on, in one paper that anyone can check.

Plain data in. The shapes below are filled from records by whoever may read them; nothing here decides what is shown
to whom. Levels, scores and costs come as text, ready to print; only a domain's score is also exact, for the figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from metstandard.common import words
from metstandard.documents import pages, render
from metstandard.documents.certificate import grouped
from metstandard.documents.corrections import Accuracy
from metstandard.documents.paper import DocumentBlock
from metstandard.figures.domains import DomainBar, domains
from metstandard.rubric.shapes import Grade

HEADINGS = {
    Grade.CRITICAL: "Critical findings",
    Grade.MAJOR: "Major findings",
    Grade.MINOR: "Minor findings",
    Grade.AFI: "Areas for improvement",
    Grade.GOOD: "Good practice",
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A numbered paragraph; factual-accuracy points refer to its number."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the narrative that belongs to no domain, such as the summary or the context."""

    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A score out of 100, as shown. `limit` is what the award rules ask for it; empty where they ask for nothing."""

    label: str
    shown: str
    limit: str = ""


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """A criterion: its final level (`3`, `NE`, `NA`), that level's name, and the unit's own level before the visit."""

    code: str
    title: str
    gateway: bool
    level: str
    level_name: str
    self_level: str
    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class DomainResult:
    """A domain; `score` is exact, out of 100, or None where nothing in it was assessed."""

    code: str
    title: str
    score: Fraction | None
    shown: str
    criteria: tuple[CriterionResult, ...]
    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class AwardRule:
    """An award rule as it came out, with its arithmetic in a sentence."""

    id: str
    title: str
    met: bool
    arithmetic: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding against a criterion."""

    grade: Grade
    criterion: str
    text: str
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What a finding asks for. Costs are ready words (`£1,250`), empty where none are known yet."""

    number: int
    grade: Grade
    criterion: str
    text: str
    owner: str
    due_on: date | None
    capital: str = ""
    revenue: str = ""


@dataclass(frozen=True, slots=True)
class ModeratedLevel:
    """A level that moderation changed, by one, with its reason."""

    criterion: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """A joint exception to one rule for one person (COI-12)."""

    rule: str
    concerns: str
    reason: str
    granted_on: date


@dataclass(frozen=True, slots=True)
class Dissent:
    """A reviewer's view that differs from the agreed level (SCO-4)."""

    criterion: str
    seat: str
    text: str


@dataclass(frozen=True, slots=True)
class Effort:
    """What the review took: people met, meetings held, hours of them."""

    people: int
    meetings: int
    hours: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the panel."""

    name: str
    seat: str
    organisation: str
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """One party's key on the decision."""

    party: str
    role: str
    name: str
    turned_on: date


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided. `by_rule` is the outcome the rules computed; `exception` the reason for departing from it."""

    outcome: str
    meaning: str
    by_rule: str
    decided_on: date
    keys: tuple[Key, ...]
    exception: str = ""
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """A whole report. `statement` is the commander's, printed unaltered; `threshold` what every domain must reach."""

    reference: str
    block: DocumentBlock
    unit_name: str
    unit_code: str
    commander: str
    scope: str
    focus_areas: tuple[str, ...]
    rubric: str
    visit_from: date
    visit_to: date
    decision: Decision
    overall: Measure
    leadership: Measure
    performance: Measure
    threshold: Fraction
    rules: tuple[AwardRule, ...]
    sections: tuple[Section, ...]
    domains: tuple[DomainResult, ...]
    findings: tuple[Finding, ...]
    recommendations: tuple[Recommendation, ...]
    accuracy: Accuracy
    statement: str
    moderated: tuple[ModeratedLevel, ...]
    waivers: tuple[Waiver, ...]
    dissent: tuple[Dissent, ...]
    effort: Effort
    panel: tuple[Member, ...]
    journal_head: str


def html(paper: ReportPaper) -> str:
    """The page that is given to the renderer."""
    bars = [DomainBar(one.code, one.title, one.score, one.shown, _assessed(one.criteria)) for one in paper.domains]
    return pages.page(
        "report",
        paper=paper,
        block=paper.block,
        heading=f"Review of {paper.unit_name}",
        foot=f"{paper.reference}, version {paper.block.version}",
        figure=domains(bars, threshold=paper.threshold, assessed_by=len(paper.panel)),
        by_grade=[(HEADINGS[grade], [one for one in paper.findings if one.grade is grade]) for grade in Grade],
        head=grouped(paper.journal_head),
        visit=_visit(paper.visit_from, paper.visit_to),
    )


def pdf(paper: ReportPaper) -> bytes:
    """The report as PDF/UA-1 and PDF/A-3a, with bookmarks. Raises RenderFailed."""
    return render.pdf(html(paper))


def _assessed(criteria: Iterable[CriterionResult]) -> int:
    return sum(one.level != "NA" for one in criteria)


def _visit(first: date, last: date) -> str:
    return words.day(first) if first == last else f"{words.day(first)} to {words.day(last)}"
