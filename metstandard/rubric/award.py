"""The award: marks and facts in, outcome by rule out, each rule with its arithmetic in a plain sentence.

A pure function of its arguments. Thresholds, levels and texts come from the rubric's award section (clauses.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from metstandard.common import words
from metstandard.rubric import clauses
from metstandard.rubric.arithmetic import Cap, Mark, OpenFinding, Score, against, plain, score, shown
from metstandard.rubric.clauses import AnyRule, Award, When
from metstandard.rubric.definition import Criterion, Grade, Outcome, Rubric


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule as it came out. `arithmetic` is a plain sentence; `names` the criteria or domains that fall short."""

    id: str
    title: str
    met: bool
    arithmetic: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What the rules make of a review. `outcome` is None without a decision; `reason` says why in every case."""

    overall: Fraction
    domains: Mapping[str, Fraction | None]
    levels: Mapping[str, int | None]
    caps: tuple[Cap, ...]
    rules: tuple[RuleResult, ...]
    outcome: Outcome | None
    reason: str

    @property
    def shown(self) -> str:
        """The overall figure as people read it."""
        return shown(self.overall)

    @property
    def failed(self) -> tuple[str, ...]:
        """The ids of the rules that are not met, in the order of the rubric."""
        return tuple(rule.id for rule in self.rules if not rule.met)

    def as_json(self) -> dict[str, object]:
        """The result as `metstandard rubric score` prints it; a domain that does not apply and no decision are null."""
        return {
            "overall": f"{self.overall.numerator}/{self.overall.denominator}",
            "shown": self.shown,
            "domains": {code: None if value is None else shown(value) for code, value in self.domains.items()},
            "failed": list(self.failed),
            "outcome": self.outcome,
        }


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything a rule may look at."""

    rubric: Rubric
    score: Score
    open: Mapping[Grade, int]
    evidence_sufficient: bool
    process_complete: bool


def evaluate(
    rubric: Rubric,
    marks: Mapping[str, Mark],
    *,
    open_findings: Iterable[OpenFinding] = (),
    evidence_sufficient: bool = True,
    process_complete: bool = True,
) -> Result:
    """Apply the rubric's award rules to agreed marks (rubric.md C5). Raises BadMarks naming every fault.

    Open findings cap the criteria they stand at before any rule is asked. Without an award section there is no
    outcome. Where a rule that stops every decision is missed, `failed` still names all that are missed.
    """
    findings = tuple(open_findings)
    figures = score(rubric, marks, open_findings=findings)
    counts = {grade: sum(finding.grade == grade for finding in findings) for grade in Grade}
    case = _Case(rubric, figures, counts, evidence_sufficient, process_complete)
    rules = tuple(_asked(case, rule) for rule in rubric.award.asked) if rubric.award else ()
    outcome, reason = _outcome(case, frozenset(rule.id for rule in rules if not rule.met))
    return Result(figures.overall, figures.domains, figures.levels, figures.caps, rules, outcome, reason)


def _asked(case: _Case, rule: AnyRule) -> RuleResult:
    met, arithmetic, names = _answer(case, rule)
    return RuleResult(rule.id, rule.title, met, arithmetic, names)


_Answer = tuple[bool, str, tuple[str, ...]]


def _answer(case: _Case, rule: AnyRule) -> _Answer:
    match rule:
        case clauses.OverallRule():
            overall = case.score.overall
            return overall >= rule.at_least, f"{against(overall, rule.at_least)} of at least {plain(rule.at_least)}", ()
        case clauses.DomainsRule():
            return _every_domain(case, rule)
        case clauses.CriteriaAtRule():
            return _criteria_at(case, rule)
        case clauses.GatewaysRule():
            return _gateways(case, rule)
        case clauses.OpenFindingsRule():
            return _open_findings(case, rule)
        case clauses.EvidenceRule() | clauses.ProcessRule():
            return _fact(case, rule)
        case _:
            assert_never(rule)


def _every_domain(case: _Case, rule: clauses.DomainsRule) -> _Answer:
    least = rule.at_least
    standing = {code: value for code, value in case.score.domains.items() if value is not None}
    short = [code for code, value in standing.items() if value < least]
    if not short:
        lowest = min(standing, key=lambda code: standing[code])
        return True, f"the lowest is {lowest} at {against(standing[lowest], least)}, needs {plain(least)}", ()
    stand = words.listed([f"{code} stands at {against(standing[code], least)}" for code in short])
    return False, f"{stand}, {_needs(short)} {plain(least)}", tuple(short)


def _criteria_at(case: _Case, rule: clauses.CriteriaAtRule) -> _Answer:
    there = tuple(code for code, level in case.score.levels.items() if level == rule.level)
    listed = f" ({words.listed(list(there))})" if there else ""
    stand = f"{words.count(len(there), 'criterion', 'criteria')} at {rule.level}{listed}"
    return len(there) <= rule.at_most, f"{stand}, {_at_most(rule.at_most)}", there


def _gateways_short(case: _Case, least: int) -> list[tuple[Criterion, int]]:
    """Applicable gateways under a level, with where they stand; those that are NA are left out."""
    standing = ((gateway, case.score.levels[gateway.code]) for gateway in case.rubric.gateways)
    return [(gateway, level) for gateway, level in standing if level is not None and level < least]


def _gateways(case: _Case, rule: clauses.GatewaysRule) -> _Answer:
    short = [(gateway.code, level) for gateway, level in _gateways_short(case, rule.at_least)]
    if not short:
        return True, f"every applicable gateway stands at {rule.at_least} or more", ()
    codes = [code for code, _ in short]
    stand = words.listed([f"{code} stands at {level}" for code, level in short])
    return False, f"{stand}, {_needs(codes)} {rule.at_least}", tuple(codes)


def _open_findings(case: _Case, rule: clauses.OpenFindingsRule) -> _Answer:
    count, grade = case.open[rule.grade], case.rubric.findings[rule.grade].title.lower()
    is_are = "is" if count == 1 else "are"
    sentence = f"{words.count(count, f'{grade} finding')} {is_are} open, {_at_most(rule.at_most)}"
    return count <= rule.at_most, sentence, ()


def _fact(case: _Case, rule: clauses.EvidenceRule | clauses.ProcessRule) -> _Answer:
    """A rule that only repeats what the caller found out."""
    if isinstance(rule, clauses.EvidenceRule):
        met = case.evidence_sufficient
        return met, f"the evidence is {'' if met else 'not '}sufficient for every level", ()
    return case.process_complete, f"the process is {'' if case.process_complete else 'not '}complete", ()


def _needs(codes: list[str]) -> str:
    return "needs" if len(codes) == 1 else "each needs"


def _at_most(limit: int) -> str:
    return f"at most {limit} may be" if limit else "none may be"


def _outcome(case: _Case, failed: frozenset[str]) -> tuple[Outcome | None, str]:
    award = case.rubric.award
    if award is None:
        return None, "This rubric has no award rules."
    stopping = [rule for rule in award.no_decision.when_failed if rule in failed] if award.no_decision else []
    if stopping:
        verb = "is" if len(stopping) == 1 else "are"
        return None, f"No decision is possible: {words.listed(stopping)} {verb} not met."
    # The loader refuses an award section whose last outcome does not always hold.
    found = next(meaning for meaning in award.outcomes.values() if _holds(case, award, meaning.when, failed))
    return found.outcome, found.reason


def _holds(case: _Case, award: Award, when: When, failed: frozenset[str]) -> bool:
    return (
        (when.failed_only is None or failed <= set(when.failed_only))
        and not any(case.open[grade] for grade in when.none_open)
        and (when.overall_at_least is None or case.score.overall >= when.overall_at_least)
        and _gateways_close(case, award, when)
    )


def _gateways_close(case: _Case, award: Award, when: When) -> bool:
    """Whether no more gateways are short than `gateways_below` allows, each at exactly the level it names."""
    if when.gateways_below is None:
        return True
    rules = [rule for rule in award.asked if isinstance(rule, clauses.GatewaysRule)]
    short = [level for rule in rules for _, level in _gateways_short(case, rule.at_least)]
    allowed = when.gateways_below
    return len(short) <= allowed.at_most and all(level == allowed.standing_at for level in short)
