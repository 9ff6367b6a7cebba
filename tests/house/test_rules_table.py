"""docs/rules.md lists exactly the rules that the code enforces, with their kinds, their numbers and who does it."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from metstandard.rules import guards
from tests.house import tree

PAGE = tree.ROOT / "docs/rules.md"
KINDS = {"hard", "warning", "timed", "shown"}
RULE = re.compile(
    r"\b(?:COI|PAN|REV|SCO)-\d+\b|\bB[3-9]\b|\bA5\b(?!-)|\bOBL-\d+\b|\bD2-(?:own|service)\b|\bD3-chair\b|\bD[23]\b(?!-)|\bPLAN\b(?!-)"
)
CITED = re.compile(r"([a-z0-9-]+) `([A-Za-z0-9_-]+)`")
# Where a rule's id is an example or the solver's business.
ELSEWHERE = ("metstandard/cli/demo/", "metstandard/common/errors.py", "metstandard/records/migrations/")


@dataclass(frozen=True)
class Line:
    """One row of a table of the page."""

    rule: str
    what: str
    kind: str
    numbers: tuple[tuple[str, str], ...]
    done_by: tuple[str, ...]


def lines() -> list[Line]:
    """Every row of every table, in order."""
    found = []
    for line in tree.lines(PAGE):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| ") and cells[0] != "Rule":
            rule, what, kind, numbers, done_by = cells
            found.append(
                Line(rule, what, kind, tuple(CITED.findall(numbers)), tuple(re.findall(r"`([^`]+)`", done_by)))
            )
    return found


def named(path: str) -> Any:
    """What a dotted path below `metstandard` names."""
    module, _, name = f"metstandard.{path}".rpartition(".")
    return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("line", lines(), ids=lambda line: f"{line.rule} {line.kind}")
def test_everything_that_a_rule_names_is_there(line: Line) -> None:
    assert line.kind in KINDS
    assert line.done_by
    assert [path for path in line.done_by if not callable(named(path))] == []
    assert len(line.what) < 220
    for file, name in line.numbers:
        text = "\n".join(text for folder in ("workflows", "rubrics") for text in _text(folder, file))
        assert re.search(rf"^\s*{re.escape(name)}:", text, re.MULTILINE), f"{file} has no {name}"


def _text(folder: str, file: str) -> Iterator[str]:
    path = tree.ROOT / folder / f"{file}.yaml"
    if path.is_file():
        yield path.read_text(encoding="utf-8")


def test_every_number_of_every_workflow_is_cited_and_read() -> None:
    """A number that nobody reads would promise what changing it does not do."""
    cited = {pair for line in lines() for pair in line.numbers}
    code = "\n".join(path.read_text(encoding="utf-8") for path in tree.files(".py", under="metstandard/"))
    for path in sorted((tree.ROOT / "workflows").glob("*.yaml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        deadlines = [timer["due"] for state in raw["states"].values() for timer in state.get("timers", [])]
        of_timers = {value for due in deadlines for value in due.values() if isinstance(value, str)}
        for name in raw.get("numbers", {}):
            assert (path.stem, name) in cited, f"{path.stem} {name} is not in docs/rules.md"
            assert name in of_timers or f'"{name}"' in code, f"nobody reads {path.stem} {name}"


def test_every_rule_in_the_code_is_on_the_page() -> None:
    listed = {line.rule for line in lines()}
    found: dict[str, str] = {}
    for path in tree.files(".py", under="metstandard/"):
        if not tree.name(path).startswith(ELSEWHERE):
            found |= dict.fromkeys(RULE.findall(path.read_text(encoding="utf-8")), tree.name(path))
    assert {rule: where for rule, where in found.items() if rule not in listed} == {}
    assert listed - set(found) == set()


def test_independence_panel_and_duties_are_on_the_page_without_a_gap() -> None:
    """B1, B2 and B3 whole: nothing is left for later."""
    whole = [f"COI-{n}" for n in range(1, 13)] + [f"PAN-{n}" for n in range(1, 7)] + [f"REV-{n}" for n in range(1, 6)]
    listed = {line.rule for line in lines()}
    assert [rule for rule in [*whole, "B3"] if rule not in listed] == []


def judged() -> set[tuple[str, str]]:
    """The rules that panels/conflicts judges, each with its kind, as its code says."""
    calls = [
        node for node in ast.walk(tree.parsed(tree.ROOT / "metstandard/panels/conflicts.py"))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_hard", "_soft", "_own"}
    ]  # fmt: skip
    kinds = {"_hard": "hard", "_soft": "warning", "_own": "hard"}
    return {
        (str(node.args[0].value), kinds[node.func.id])  # type: ignore[attr-defined]
        for node in calls
        if isinstance(node.args[0], ast.Constant)
    }


def test_what_is_judged_of_a_candidate_is_on_the_page_with_its_kind() -> None:
    listed = {(line.rule, line.kind) for line in lines() if "panels.conflicts.judge" in line.done_by}
    assert listed == judged()


def test_every_guard_that_enforces_a_rule_is_asked_by_a_workflow() -> None:
    """A guard on the page that no workflow asks for would enforce nothing."""
    asked = {
        guard
        for path in (tree.ROOT / "workflows").glob("*.yaml")
        for move in yaml.safe_load(path.read_text(encoding="utf-8"))["moves"]
        for guard in move.get("when", [])
    }
    on_page = {path.rpartition(".")[2] for line in lines() for path in line.done_by if path.startswith("rules.guards.")}
    assert on_page & set(guards.sentences()) <= asked
