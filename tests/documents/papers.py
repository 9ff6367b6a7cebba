"""Realistic papers for the tests of this room: a certificate, and the report of a whole review."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from metstandard.common.settings import settings
from metstandard.documents.certificate import CertificatePaper, Signatory
from metstandard.documents.corrections import Accuracy, AccuracyPoint
from metstandard.documents.paper import DocumentBlock
from metstandard.documents.report import (
    AwardRule,
    CriterionResult,
    Decision,
    Dissent,
    DomainResult,
    Effort,
    Finding,
    Key,
    Measure,
    Member,
    ModeratedLevel,
    Paragraph,
    Recommendation,
    ReportPaper,
    Section,
    Waiver,
)
from metstandard.rubric import arithmetic, award, load
from metstandard.rubric.definition import Criterion, Rubric
from metstandard.rubric.shapes import Grade

HEAD = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
UNIT = "Camden Borough Operational Command Unit"
AUTHORITY, COMMISSIONER = "Metropolitan Police Authority", "Commissioner of Police"


def certificate(**changes: Any) -> CertificatePaper:
    """A current certificate, with any field changed."""
    values = {
        "number": "MS-0007",
        "unit_name": UNIT,
        "unit_code": "EK",
        "commander": "the Borough Commander, Camden",
        "scope": "the whole unit",
        "rubric_title": "Met Standard",
        "rubric_edition": "1",
        "decided_on": date(2026, 10, 14),
        "valid_from": date(2026, 10, 14),
        "valid_until": date(2029, 10, 14),
        "issued_on": date(2026, 11, 2),
        "verification_url": "https://standard.example.org/certificates/7KQF-29TM-XWBA",
        "code": "7KQF-29TM-XWBA",
        "journal_head": HEAD,
        "status": "current",
        "signatories": (Signatory(AUTHORITY, "Chief Executive"), Signatory(COMMISSIONER, "Deputy Commissioner")),
    }
    return CertificatePaper(**(values | changes))  # type: ignore[arg-type]


def report(**changes: Any) -> ReportPaper:
    """The report of a review that achieved the standard, with any field changed."""
    rubric = load.load(settings().rubrics / "met-standard-1.yaml")
    marks = {code: 4 if code.endswith(".1") else 3 for code in rubric.criteria} | {"5.2": 2, "6.3": 1}
    result = award.evaluate(rubric, marks)
    leadership = result.domains["D1"] or Fraction(0)
    rest = [one for one in rubric.criteria.values() if not one.code.startswith("1.")]
    earned = sum((one.weight * marks[one.code] for one in rest), Fraction(0))
    performance = 25 * earned / sum((one.weight for one in rest), Fraction(0))
    values = {
        "reference": "MS/2026/014",
        "block": block(),
        "unit_name": UNIT,
        "unit_code": "EK",
        "commander": "Borough Commander, Camden",
        "scope": "The whole unit",
        "focus_areas": ("Night-time economy", "Repeat victims of domestic abuse", "Custody"),
        "rubric": f"{rubric.title}, edition {rubric.edition}",
        "visit_from": date(2026, 6, 1),
        "visit_to": date(2026, 6, 5),
        "decision": decision(),
        "overall": Measure("Overall", result.shown, "At least 70 needed"),
        "leadership": Measure("Leadership (D1)", arithmetic.shown(leadership), "At least 55 needed"),
        "performance": Measure("Performance (D2 to D8)", arithmetic.shown(performance)),
        "threshold": Fraction(55),
        "rules": tuple(AwardRule(rule.id, rule.title, rule.met, rule.arithmetic) for rule in result.rules),
        "sections": sections(),
        "domains": domains(rubric, marks, result),
        "findings": findings(),
        "recommendations": recommendations(),
        "accuracy": accuracy(),
        "statement": "We know ourselves in this report.\n\nCustody was refitted in August.\n  It opened on the 14th.",
        "moderated": (
            ModeratedLevel("5.2", "3", "2", "Two types of evidence were named, and both came from the unit."),
        ),
        "waivers": (
            Waiver(
                "COI-6", "Peer reviewer, Islington", "The line commander changes before the visit.", date(2026, 3, 20)
            ),
        ),
        "dissent": (
            Dissent("6.3", "private seat", "I would have agreed level 2: the new system is in use in two teams."),
        ),
        "effort": Effort(people=118, meetings=43, hours="61.5"),
        "panel": panel(),
        "journal_head": HEAD,
    }
    return ReportPaper(**(values | changes))  # type: ignore[arg-type]


def empty_report() -> ReportPaper:
    """A report in which nobody found, asked, waived or said anything."""
    nothing: tuple[Any, ...] = ()
    names = ("findings", "recommendations", "moderated", "waivers", "dissent", "focus_areas", "sections")
    return report(statement=" \n", **dict.fromkeys(names, nothing))


def block(**changes: Any) -> DocumentBlock:
    """The document block of that report."""
    values = {
        "marking": "official",
        "published": True,
        "title": f"Review report MS/2026/014: {UNIT}",
        "version": "1.0",
        "summary": "Findings, agreed levels and decision of the review of June 2026.",
        "unit": UNIT,
        "author": "Lead reviewer, for the panel",
        "review_date": date(2029, 10, 14),
        "issued_on": date(2026, 11, 2),
    }
    return DocumentBlock(**(values | changes))  # type: ignore[arg-type]


def decision(**changes: Any) -> Decision:
    """The joint decision of that report."""
    values = {
        "outcome": "Achieved",
        "meaning": "The unit holds the Met Standard for 36 months from the decision.",
        "by_rule": "Achieved",
        "decided_on": date(2026, 10, 14),
        "keys": (
            Key(AUTHORITY, "Key holder of the Authority", "Chief Executive", date(2026, 10, 13)),
            Key(COMMISSIONER, "Key holder of the Commissioner", "Deputy Commissioner", date(2026, 10, 14)),
        ),
        "certificate": "MS-0007",
    }
    return Decision(**(values | changes))  # type: ignore[arg-type]


def sections() -> tuple[Section, ...]:
    """What stands before the domains."""
    return (
        Section(
            "Summary",
            (
                Paragraph(1, "The command team has few priorities, and people at every desk can name them."),
                Paragraph(2, "Training and single data entry lag behind. The unit knows it and has begun to act."),
            ),
        ),
        Section("Context", (Paragraph(3, "The borough has 212,000 residents and a large night-time economy."),)),
    )


def domains(rubric: Rubric, marks: dict[str, int], result: award.Result) -> tuple[DomainResult, ...]:
    """Every domain with its criteria; the narrative is the descriptor of the level."""
    numbers = iter(range(4, 400))

    def criterion(one: Criterion) -> CriterionResult:
        level = marks[one.code]
        text = one.descriptors[level]
        return CriterionResult(
            one.code,
            one.title,
            one.gateway,
            str(level),
            rubric.scale[level].name,
            "3",
            (Paragraph(next(numbers), text),),
        )

    return tuple(
        DomainResult(
            code,
            domain.title,
            result.domains[code],
            arithmetic.shown(result.domains[code] or Fraction(0)),
            tuple(criterion(one) for one in domain.criteria.values()),
        )
        for code, domain in rubric.domains.items()
    )


def findings() -> tuple[Finding, ...]:
    """One finding of most grades."""
    return (
        Finding(Grade.MAJOR, "7.3", "Out-of-hours command was not reached in two of five tests.", date(2026, 9, 30)),
        Finding(Grade.MINOR, "6.3", "The same case is keyed three times between arrest and file."),
        Finding(Grade.AFI, "5.2", "Training needs are listed by role, not by risk."),
        Finding(Grade.GOOD, "4.1", "One plan with the council, with one owner for each action on either side."),
    )


def recommendations() -> tuple[Recommendation, ...]:
    """What those findings ask for."""
    return (
        Recommendation(1, Grade.MAJOR, "7.3", "Test out-of-hours command every month.", "Deputy commander",
                       date(2026, 11, 30), "£0", "£1,250"),
        Recommendation(2, Grade.AFI, "5.2", "Plan training from the risk register.", "Head of training", None),
    )  # fmt: skip


def accuracy() -> Accuracy:
    """A window with a point accepted as asked, one accepted in other words, and one refused."""
    opened, closed = date(2026, 7, 3), date(2026, 7, 17)
    before = "The borough has 202,000 residents and a large night-time economy."
    return Accuracy(
        opened,
        closed,
        (
            AccuracyPoint(3, before, before.replace("202", "212"), before.replace("202", "212"), accepted=True,
                          reason="Checked against the mid-year estimate.", raised_on=opened, answered_on=closed),
            AccuracyPoint(2, "Training lags behind.", "Training is not behind.",
                          "Training and single data entry lag behind.", accepted=True, reason="Said more exactly.",
                          raised_on=opened, answered_on=closed, own_words=True),
            AccuracyPoint(1, "People can name the priorities.", "All people can name the priorities.",
                          "People can name the priorities.", accepted=False,
                          reason="Two of the groups could not.", raised_on=opened, answered_on=closed),
        ),
    )  # fmt: skip


def panel() -> tuple[Member, ...]:
    """Three seats."""
    return (
        Member("Peer reviewer", "Peer", "Islington Borough Operational Command Unit"),
        Member("Local authority reviewer", "Local authority", "London Borough of Hackney", lead=True),
        Member("Private sector reviewer", "Private sector", "An engineering company"),
    )
