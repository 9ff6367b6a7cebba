"""From a rubric file to a Rubric, or a refusal that names file and line.

The shapes are checked by the models; what no single part can know is checked here: sums of weights, codes, levels,
tags, and whether every rule and outcome speaks of something that is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from metstandard.common import located
from metstandard.common.errors import BadFile
from metstandard.common.located import Located
from metstandard.rubric.clauses import AnyRule, Award, CriteriaAtRule, GatewaysRule, OpenFindingsRule, OutcomeMeaning
from metstandard.rubric.definition import Criterion, Domain, Rubric


def load(file: Path, *, text: str | None = None) -> Rubric:
    """The rubric of a file (or of `text` under its name). Raises BadFile naming the line of the first fault."""
    try:
        source = located.read(file, text=text)
    except RecursionError:
        raise BadFile("is nested too deeply", file=file) from None
    rubric = source.parse(Rubric)
    for check in (_scale, _marks, _domains, _criteria, _evidence, _recognition):
        check(source, rubric)
    if rubric.award is not None:
        _award(source, rubric, rubric.award)
    return rubric


def load_all(folder: Path) -> Mapping[str, Rubric]:
    """Every rubric of a folder by its name and edition. Raises BadFile when a file is not called after them."""
    found = {}
    for file in sorted(folder.glob("*.yaml")):
        rubric = load(file)
        if file.stem != rubric.name:
            raise BadFile(f"says {rubric.name}, so it must be called {rubric.name}.yaml", file=file, line=1)
        found[rubric.name] = rubric
    return found


def _scale(source: Located, rubric: Rubric) -> None:
    numbers = [level.number for level in rubric.scale]
    if numbers != list(range(len(numbers))):
        raise source.error(f"levels: {numbers} must run from 0 without a gap", "levels")


def _marks(source: Located, rubric: Rubric) -> None:
    if rubric.not_enough_evidence:
        _is_level(source, rubric, rubric.not_enough_evidence.counts_as, "not_enough_evidence", "counts_as")
    for grade, meaning in rubric.findings.items():
        if meaning.caps_at is not None:
            _is_level(source, rubric, meaning.caps_at, "findings", grade, "caps_at")


def _is_level(source: Located, rubric: Rubric, number: int, *path: str) -> None:
    if number > rubric.top:
        raise source.error(f"{path[-1]}: there is no level {number}", *path)


def _domains(source: Located, rubric: Rubric) -> None:
    seen: dict[str, str] = {}
    for domain in rubric.domains.values():
        for code in domain.criteria:
            if code in seen:
                where = ("domains", domain.code, "criteria", code)
                raise source.error(f"criterion {code} is given twice: {seen[code]} has it too", *where)
            seen[code] = domain.code
        _weights(source, domain)


def _weights(source: Located, domain: Domain) -> None:
    together = sum(criterion.weight for criterion in domain.criteria.values())
    if together != domain.weight:
        message = f"the criteria of {domain.code} weigh {together} together, the domain says {domain.weight}"
        raise source.error(message, "domains", domain.code, "weight")


def _criteria(source: Located, rubric: Rubric) -> None:
    for domain in rubric.domains.values():
        for criterion in domain.criteria.values():
            path = ("domains", domain.code, "criteria", criterion.code)
            _descriptors(source, rubric, criterion, *path)
            _tags(source, rubric, criterion, *path)
            if criterion.na_allowed and rubric.not_applicable is None:
                raise source.error(f"{criterion.code} allows NA, but not_applicable is missing", *path, "na_allowed")


def _descriptors(source: Located, rubric: Rubric, criterion: Criterion, *path: str) -> None:
    for number in rubric.levels:
        if number not in criterion.levels:
            raise source.error(f"{criterion.code} has no descriptor for level {number}", *path, "levels")
    for number in criterion.levels:
        if number not in rubric.levels:
            raise source.error(f"{criterion.code}: there is no level {number}", *path, "levels", number)


def _tags(source: Located, rubric: Rubric, criterion: Criterion, *path: str) -> None:
    for axis, words in criterion.tags.items():
        if axis not in rubric.tags:
            raise source.error(f"{criterion.code}: tags has no axis {axis}", *path, "tags", axis)
        for word in words:
            if word not in rubric.tags[axis].words:
                raise source.error(f"{criterion.code}: {axis} has no word {word}", *path, "tags", axis)
    for axis, about in rubric.tags.items():
        if about.compulsory and not criterion.tags.get(axis):
            raise source.error(f"{criterion.code} carries no word of {axis}, which is compulsory", *path)


def _evidence(source: Located, rubric: Rubric) -> None:
    for number in rubric.evidence.sufficiency if rubric.evidence else ():
        if number not in rubric.levels:
            raise source.error(f"sufficiency: there is no level {number}", "evidence", "sufficiency", number)


def _recognition(source: Located, rubric: Rubric) -> None:
    if rubric.recognition is None:
        return
    unknown = rubric.recognition.unknown()
    if unknown is not None:
        path, sentence = unknown
        raise source.error(sentence, "recognition", *path)
    for category in rubric.recognition.categories.values():
        for axis, words in category.tags.items():
            where = ("recognition", "categories", category.word, "tags", axis)
            if axis not in rubric.tags:
                raise source.error(f"{category.word}: tags has no axis {axis}", *where)
            for word in words:
                if word not in rubric.tags[axis].words:
                    raise source.error(f"{category.word}: {axis} has no word {word}", *where)


def _award(source: Located, rubric: Rubric, award: Award) -> None:
    for rule in award.rules.values():
        _rule(source, rubric, rule)
    if sum(isinstance(rule, GatewaysRule) for rule in award.rules.values()) > 1:
        raise source.error("only one rule may ask gateways", "award", "rules")
    if award.no_decision:
        _rules_exist(source, award, award.no_decision.when_failed, "award", "no_decision", "when_failed")
    _outcomes(source, rubric, award)


def _rule(source: Located, rubric: Rubric, rule: AnyRule) -> None:
    path = ("award", "rules", rule.id)
    if isinstance(rule, CriteriaAtRule):
        _is_level(source, rubric, rule.level, *path, "level")
    if isinstance(rule, GatewaysRule):
        _is_level(source, rubric, rule.at_least, *path, "at_least")
        if not rubric.gateways:
            raise source.error(f"{rule.id} asks gateways, but no criterion is one", *path)
    if isinstance(rule, OpenFindingsRule) and rule.grade not in rubric.findings:
        raise source.error(f"{rule.id}: findings has no grade {rule.grade}", *path, "grade")


def _rules_exist(source: Located, award: Award, ids: tuple[str, ...], *path: str) -> None:
    for rule_id in ids:
        if rule_id not in award.rules:
            raise source.error(f"{path[-1]}: there is no rule {rule_id}", *path)


def _outcomes(source: Located, rubric: Rubric, award: Award) -> None:
    *earlier, last = award.outcomes.values()
    for meaning in earlier:
        if not meaning.when.model_fields_set:
            path = ("award", "outcomes", meaning.outcome)
            raise source.error(f"{meaning.outcome} always holds, so no outcome after it is ever reached", *path)
    if last.when.model_fields_set:
        path = ("award", "outcomes", last.outcome)
        raise source.error(f"{last.outcome} comes last, so it must always hold: leave out its when", *path)
    for meaning in earlier:
        _when(source, rubric, award, meaning)


def _when(source: Located, rubric: Rubric, award: Award, meaning: OutcomeMeaning) -> None:
    path = ("award", "outcomes", meaning.outcome, "when")
    _rules_exist(source, award, meaning.when.failed_only or (), *path, "failed_only")
    for grade in meaning.when.none_open:
        if grade not in rubric.findings:
            raise source.error(f"none_open: findings has no grade {grade}", *path, "none_open")
    below = meaning.when.gateways_below
    if below is not None:
        _is_level(source, rubric, below.standing_at, *path, "gateways_below", "standing_at")
        if not any(isinstance(rule, GatewaysRule) for rule in award.rules.values()):
            raise source.error("gateways_below needs a rule that asks gateways", *path, "gateways_below")
