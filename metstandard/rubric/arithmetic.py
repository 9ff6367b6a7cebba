"""From marks to figures in exact fractions: what is wrong with the marks, what counts, and how a figure is shown.

`overall = 100 * sum(weight * level) / (top * sum(weight))` over the applicable criteria; the same within a domain.
NE counts as the level that the rubric names, NA is left out (SCO-1), and an open finding holds its criterion down
(SCO-5) before anything is summed. Figures are compared exactly; only `shown()` rounds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from metstandard.common.errors import Invalid
from metstandard.rubric.definition import Criterion, Domain, Grade, Rubric, Unscored

Mark = int | str
"""A level, or one of the words of `Unscored`."""

_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a set of marks: the criterion (or "" for the whole), and a plain sentence."""

    criterion: str
    sentence: str


class BadMarks(Invalid):
    """The marks cannot be counted; `faults` names everything that is wrong with them."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(fault.sentence for fault in faults), field=faults[0].criterion)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that is not closed, with the criterion it stands at where it has one."""

    grade: Grade
    criterion: str | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """What an open finding did to a criterion: the level before, the level that counts."""

    criterion: str
    grade: Grade
    before: int
    counts: int


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one set of marks. A domain without an applicable criterion has None; so has NA in `levels`."""

    overall: Fraction
    domains: Mapping[str, Fraction | None]
    levels: Mapping[str, int | None]
    caps: tuple[Cap, ...]


def shown(value: Fraction) -> str:
    """A figure as people read it: one decimal, half up, such as `75.0`. Never compare what this returns."""
    tenths = (value * 10 + Fraction(1, 2)).__floor__()
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"


def plain(value: Fraction) -> str:
    """A number without rounding: `70`, `69.95`, or as a fraction where twelve decimals do not hold it."""
    for places in range(13):
        scaled = value * 10**places
        if scaled.denominator == 1:
            whole, decimals = divmod(abs(scaled.numerator), 10**places)
            return f"{'-' if value < 0 else ''}{whole}" + (f".{decimals:0{places}d}" if places else "")
    return f"{value.numerator}/{value.denominator}"


def named(value: object) -> str:
    """Anything from outside as it may stand in a sentence: short, on one line, without control characters."""
    text = value if isinstance(value, str) and value and value.isprintable() else json.dumps(value, default=repr)
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}..."


def validate(rubric: Rubric, marks: Mapping[str, object]) -> tuple[Fault, ...]:
    """Everything that is wrong with the marks, in the order of the rubric; empty when they can be counted (SCO-1)."""
    faults = [
        fault
        for criterion in rubric.criteria.values()
        for fault in _faults_of(rubric, criterion, marks.get(criterion.code, _MISSING))
    ]
    strangers = (code for code in marks if code not in rubric.criteria)
    faults += [Fault(code, f"{named(code)} is not a criterion of {rubric.name}") for code in strangers]
    return (*faults, *_too_much_left_out(rubric, marks))


_MISSING = object()


def _faults_of(rubric: Rubric, criterion: Criterion, mark: object) -> Iterable[Fault]:
    code = criterion.code
    if mark is _MISSING:
        yield Fault(code, f"{code} has no mark")
    elif mark == Unscored.NA and not criterion.na_allowed:
        yield Fault(code, f"{code} may not be NA (SCO-1)")
    elif mark == Unscored.NE and rubric.not_enough_evidence is None:
        yield Fault(code, f"{code} may not be NE: {rubric.name} has no such mark")
    elif isinstance(mark, bool) or not isinstance(mark, int):
        if not isinstance(mark, str) or mark not in tuple(Unscored):
            yield Fault(code, f"{code}: {named(mark)} is not a whole level, NE or NA")
    elif not 0 <= mark <= rubric.top:
        yield Fault(code, f"{code}: there is no level {named(mark)}, levels run from 0 to {rubric.top}")


def _too_much_left_out(rubric: Rubric, marks: Mapping[str, object]) -> Iterable[Fault]:
    weights = [one.weight for one in rubric.criteria.values() if marks.get(one.code) == Unscored.NA and one.na_allowed]
    if not weights or rubric.not_applicable is None:
        return
    share, most = 100 * sum(weights) / rubric.weight, rubric.not_applicable.at_most_per_cent
    if share > most:
        sentence = f"NA takes away {against(share, most)} per cent of the weight, at most {plain(most)} may go (SCO-1)"
        yield Fault("", sentence)
    elif sum(weights) == rubric.weight:
        yield Fault("", "every criterion is NA, so there is nothing to count")


def against(value: Fraction, limit: Fraction) -> str:
    """A figure as shown; in full as well where rounding would hide on which side of a limit it lies."""
    rounded = Fraction(shown(value))
    if (rounded < limit, rounded > limit) == (value < limit, value > limit):
        return shown(value)
    return f"{plain(value)} (shown as {shown(value)})"


def score(rubric: Rubric, marks: Mapping[str, Mark], *, open_findings: Iterable[OpenFinding] = ()) -> Score:
    """The figures of a complete set of marks. Raises BadMarks with every fault, Invalid for an unknown criterion."""
    faults = validate(rubric, marks)
    if faults:
        raise BadMarks(faults)
    levels = {code: _level(rubric, marks[code]) for code in rubric.criteria}
    caps = tuple(_caps(rubric, levels, open_findings))
    counted = levels | {cap.criterion: cap.counts for cap in caps}
    overall = _per_cent(rubric, counted, rubric.criteria.values())
    domains = {domain.code: _of_domain(rubric, counted, domain) for domain in rubric.domains.values()}
    return Score(overall, MappingProxyType(domains), MappingProxyType(counted), caps)


def _level(rubric: Rubric, mark: Mark) -> int | None:
    if mark == Unscored.NA:
        return None
    if mark == Unscored.NE and rubric.not_enough_evidence is not None:
        return rubric.not_enough_evidence.counts_as
    return int(mark)


def _caps(rubric: Rubric, levels: Mapping[str, int | None], findings: Iterable[OpenFinding]) -> Iterable[Cap]:
    """The lowest cap of each criterion that really lowers it, in the order of the rubric."""
    lowest: dict[str, Cap] = {}
    for finding in findings:
        code, meaning = finding.criterion, rubric.findings.get(finding.grade)
        if code is None:
            continue
        if code not in rubric.criteria:
            raise Invalid(f"{named(code)} is not a criterion of {rubric.name}", field="open_findings")
        before, cap = levels[code], None if meaning is None else meaning.caps_at
        if before is None or cap is None or cap >= before:
            continue
        if code not in lowest or cap < lowest[code].counts:
            lowest[code] = Cap(code, finding.grade, before, cap)
    return (lowest[code] for code in rubric.criteria if code in lowest)


def _of_domain(rubric: Rubric, levels: Mapping[str, int | None], domain: Domain) -> Fraction | None:
    if all(levels[code] is None for code in domain.criteria):
        return None
    return _per_cent(rubric, levels, domain.criteria.values())


def _per_cent(rubric: Rubric, levels: Mapping[str, int | None], criteria: Iterable[Criterion]) -> Fraction:
    applicable = [(one.weight, level) for one in criteria if (level := levels[one.code]) is not None]
    reached = sum((weight * level for weight, level in applicable), Fraction(0))
    return 100 * reached / (rubric.top * sum(weight for weight, _ in applicable))
