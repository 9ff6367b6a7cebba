"""The award section of a rubric: what each rule asks and what each outcome needs and means, as data.

A rule says what it asks by one of seven words; award.py answers them. Thresholds, levels, months and the texts for the
unit and the public are values of the file. A rule with `off: true` is kept in the file and never asked.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from metstandard.rubric.shapes import (
    Code,
    Codes,
    GradeName,
    Grades,
    LevelNumber,
    Months,
    Outcome,
    PerCent,
    Strict,
    Table,
    Text,
    keyed_by,
)


class Clause(Strict):
    """What every rule has: its id, a title for people, and whether this scheme has switched it off."""

    id: Code
    title: Text
    off: bool = False


class OverallRule(Clause):
    """The overall figure is at least so many per cent."""

    asks: Literal["overall"]
    at_least: PerCent


class DomainsRule(Clause):
    """Every domain with an applicable criterion is at least so many per cent."""

    asks: Literal["every_domain"]
    at_least: PerCent


class CriteriaAtRule(Clause):
    """At most so many criteria stand at one level."""

    asks: Literal["criteria_at"]
    level: LevelNumber
    at_most: Annotated[int, Field(ge=0)]


class GatewaysRule(Clause):
    """Every applicable gateway stands at a level or higher."""

    asks: Literal["gateways"]
    at_least: LevelNumber


class OpenFindingsRule(Clause):
    """At most so many findings of a grade are open."""

    asks: Literal["open_findings"]
    grade: GradeName
    at_most: Annotated[int, Field(ge=0)]


class EvidenceRule(Clause):
    """The evidence behind every level was judged sufficient (rules.md B5); the caller brings the answer."""

    asks: Literal["evidence_sufficient"]


class ProcessRule(Clause):
    """The process was complete: locked scores, signatures, closed windows, two keys; the caller brings the answer."""

    asks: Literal["process_complete"]


AnyRule = Annotated[
    OverallRule | DomainsRule | CriteriaAtRule | GatewaysRule | OpenFindingsRule | EvidenceRule | ProcessRule,
    Field(discriminator="asks"),
]


class GatewaysBelow(Strict):
    """How far gateways may fall short: at most so many, and each exactly at one level."""

    at_most: Annotated[int, Field(ge=1)]
    standing_at: LevelNumber


class When(Strict):
    """What must all be true for an outcome. Nothing said means: always.

    `failed_only` names the only rules that may have failed; an empty list means that every rule is met.
    """

    failed_only: Codes | None = None
    none_open: Grades = ()
    overall_at_least: PerCent | None = None
    gateways_below: GatewaysBelow | None = None


class Certificate(Strict):
    """The outcome brings a certificate that is valid so many months from the decision."""

    months: Months


class Conditions(Strict):
    """The award stands only once its conditions are verified, within so many months."""

    verified_within_months: Months


class Reassessment(Strict):
    """Named criteria are assessed again: by when, by how many of the first reviewers, how often at most."""

    within_months: Months
    reviewers: Annotated[int, Field(ge=1)]
    at_most_times: Annotated[int, Field(ge=1)] = 1


class FullReview(Strict):
    """A new full review, not before so many months, with or without a support plan."""

    not_before_months: Months
    support_plan: bool = False


class OutcomeMeaning(Strict):
    """When an outcome holds, what follows from it, and what the unit and the public are told.

    `reason` says in a sentence why this outcome and no other. `announced`: whether it may be announced at once as
    the standard achieved.
    """

    outcome: Outcome
    title: Text
    when: When = When()
    reason: Text
    unit: Text
    public: Text
    announced: bool = False
    certificate: Certificate | None = None
    conditions: Conditions | None = None
    reassessment: Reassessment | None = None
    full_review: FullReview | None = None


class NoDecision(Strict):
    """Which rules, once failed, leave no outcome at all, and what is said then."""

    when_failed: Annotated[Codes, Field(min_length=1)]
    title: Text
    unit: Text
    public: Text


Rules = Annotated[Table[Code, AnyRule], keyed_by("id"), Field(min_length=1)]
OutcomeName = Annotated[Outcome, Field(strict=False)]
Outcomes = Annotated[Table[OutcomeName, OutcomeMeaning], keyed_by("outcome", Outcome), Field(min_length=1)]


class Award(Strict):
    """The rules in the order in which they are reported, and the outcomes: the first whose `when` holds is it."""

    rules: Rules
    no_decision: NoDecision | None = None
    outcomes: Outcomes

    @property
    def asked(self) -> tuple[AnyRule, ...]:
        """The rules that are not switched off, in the order of the file."""
        return tuple(rule for rule in self.rules.values() if not rule.off)
