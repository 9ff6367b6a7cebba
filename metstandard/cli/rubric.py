"""`metstandard rubric score`: what a rubric makes of a file of marks, as JSON.

The file holds `marks` (each criterion's level, "NE" or "NA") and may hold `open_findings` by grade in small letters: a
number, or the list of criteria that they stand at, so that caps apply. It may also say whether the evidence was
sufficient and the process complete, by those words or by the id of the rule that asks; both count as true otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from metstandard.common.errors import BadFile, Invalid
from metstandard.rubric.arithmetic import Mark, OpenFinding, named
from metstandard.rubric.award import Result, evaluate
from metstandard.rubric.clauses import EvidenceRule, ProcessRule
from metstandard.rubric.definition import Rubric
from metstandard.rubric.load import load

_MOST_FINDINGS = 999
_FILE = click.Path(path_type=Path)


@click.group()
def rubric() -> None:
    """Try a rubric."""


@rubric.command()
@click.argument("rubric_file", metavar="RUBRIC.yaml", type=_FILE)
@click.argument("marks_file", metavar="MARKS.json", type=_FILE)
def score(rubric_file: Path, marks_file: Path) -> None:
    """Print the figures, the rules missed and the outcome of MARKS.json under RUBRIC.yaml.

    Exit code 2 names what is wrong with either file.
    """
    loaded = load(rubric_file)
    try:
        result = _result(loaded, marks_file)
    except RecursionError:
        raise BadFile("is nested too deeply", file=marks_file) from None
    click.echo(json.dumps(result.as_json()))


def _result(loaded: Rubric, file: Path) -> Result:
    given = _Given(loaded, file, _read(file))
    given.check_keys()
    facts = {"evidence_sufficient": True, "process_complete": True} | given.facts()
    try:
        return evaluate(loaded, given.marks(), open_findings=given.open_findings(), **facts)
    except Invalid as refused:
        raise BadFile(refused.sentence, file=file) from None


def _read(file: Path) -> dict[str, Any]:
    """The JSON object of a file. Raises BadFile for anything else, and for a key that is given twice."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            keys = [key for key, _ in items]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise BadFile(f"{named(twice)} is given twice", file=file)
        return found

    def constant(word: str) -> None:
        raise BadFile(f"{word} is not JSON", file=file)

    try:
        data = json.loads(file.read_text(encoding="utf-8-sig"), object_pairs_hook=pairs, parse_constant=constant)
    except (OSError, UnicodeDecodeError) as failed:
        raise BadFile(f"cannot be read: {getattr(failed, 'strerror', None) or 'is not UTF-8'}", file=file) from None
    except json.JSONDecodeError as failed:
        raise BadFile(f"is not JSON: {failed.msg}", file=file, line=failed.lineno) from None
    except ValueError:
        raise BadFile("is not JSON: a number has too many digits", file=file) from None
    if not isinstance(data, dict):
        raise BadFile('must be an object such as {"marks": {...}}', file=file)
    return data


@dataclass(frozen=True)
class _Given:
    """What a file of marks says, not yet trusted."""

    rubric: Rubric
    file: Path
    data: dict[str, Any]

    @cached_property
    def fact_of(self) -> dict[str, str]:
        """The keys by which the file may state a fact: the word of the rule that asks for it, and the rule's id."""
        asked = self.rubric.award.asked if self.rubric.award else ()
        facts = [rule for rule in asked if isinstance(rule, EvidenceRule | ProcessRule)]
        return {rule.id: str(rule.asks) for rule in facts} | {rule.asks: str(rule.asks) for rule in facts}

    def check_keys(self) -> None:
        for key in self.data:
            if key not in ("marks", "open_findings", *self.fact_of):
                raise self._bad(f"{named(key)} is not known here")

    def facts(self) -> dict[str, bool]:
        """What the file says of evidence and process, by the word of the rule that asks."""
        found: dict[str, bool] = {}
        for key, fact in self.fact_of.items():
            if key not in self.data:
                continue
            if not isinstance(self.data[key], bool):
                raise self._bad(f"{key} must be true or false, not {named(self.data[key])}")
            if fact in found:
                raise self._bad(f"{key} is given twice, by its word and by the id of its rule")
            found[fact] = self.data[key]
        return found

    def marks(self) -> dict[str, Mark]:
        """The marks as they are; evaluate() judges them."""
        marks = self.data.get("marks")
        if not isinstance(marks, dict):
            raise self._bad("marks is missing" if marks is None else "marks must be an object of criteria and levels")
        return marks

    def open_findings(self) -> tuple[OpenFinding, ...]:
        """The findings that are open, from numbers or from lists of criteria."""
        found = self.data.get("open_findings", {})
        if not isinstance(found, dict):
            raise self._bad("open_findings must be an object of grades and numbers")
        return tuple(finding for grade, given in found.items() for finding in self._findings(grade, given))

    def _findings(self, word: str, given: object) -> Iterator[OpenFinding]:
        grades = {grade.lower(): grade for grade in self.rubric.findings}
        if word not in grades:
            raise self._bad(f"open_findings: {named(word)} is not a grade of finding, they are {', '.join(grades)}")
        if isinstance(given, list) and len(given) <= _MOST_FINDINGS and all(isinstance(code, str) for code in given):
            return (OpenFinding(grades[word], code) for code in given)
        if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= _MOST_FINDINGS:
            most = f"a whole number from 0 to {_MOST_FINDINGS}, or a list of criteria"
            raise self._bad(f"open_findings: {word} must be {most}, not {named(given)}")
        return (OpenFinding(grades[word]) for _ in range(given))

    def _bad(self, sentence: str) -> BadFile:
        return BadFile(sentence, file=self.file)
