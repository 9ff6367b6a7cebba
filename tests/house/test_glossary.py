"""One spelling for each thing: glossary.yaml beside this file is the list."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from metstandard.rubric.shapes import Grade, Outcome
from metstandard.rules import vocabulary
from tests.house import tree

GLOSSARY: dict[str, Any] = yaml.safe_load((tree.ROOT / "tests/house/glossary.yaml").read_text(encoding="utf-8"))
WORKFLOWS = sorted((tree.ROOT / "workflows").glob("*.yaml"))
STATES = {state for states in GLOSSARY["states"].values() for state in states}
ACTS = {act for acts in GLOSSARY["acts"].values() for act in acts}
# Acts that make a record: no move of a workflow file carries them.
MAKING = {
    "assessment": {"propose", "lodge_appeal"},
    "certificate": {"issue"},
    "action": set(),
    "nomination": {"begin_nomination"},
}


def listed(value: Any) -> list[str]:
    """A value of a workflow file that may be one word or several."""
    return [value] if isinstance(value, str) else list(value)


def read(name: str) -> dict[str, Any]:
    """A workflow file as plain data."""
    found: dict[str, Any] = yaml.safe_load((tree.ROOT / f"workflows/{name}.yaml").read_text(encoding="utf-8"))
    return found


def parts_of(workflow: dict[str, Any]) -> Iterator[str]:
    """Every part that a workflow file names."""
    for state in workflow["states"].values():
        yield from listed(state.get("waits_for", []))
        for timer in state.get("timers", []):
            yield from listed(timer.get("to", []))
    for move in workflow["moves"]:
        yield from listed(move["by"])
        for told in (move.get("tell") or {}).values():
            yield from listed(told)


def test_every_workflow_file_has_its_place_in_the_glossary() -> None:
    assert [path.stem for path in WORKFLOWS] == sorted(GLOSSARY["states"])


@pytest.mark.parametrize("name", sorted(GLOSSARY["states"]))
def test_a_workflow_file_spells_states_acts_and_parts_as_the_glossary_does(name: str) -> None:
    workflow = read(name)
    assert list(workflow["states"]) == GLOSSARY["states"][name]
    assert {move["do"] for move in workflow["moves"]} == set(GLOSSARY["acts"][name]) - MAKING[name]
    assert set(parts_of(workflow)) - set(GLOSSARY["parts"]) == set()
    assert workflow["parties"] == GLOSSARY["parties"][name]


def test_the_panel_and_the_moderators_are_spelled_as_in_the_glossary() -> None:
    assessment = read("assessment")
    assert assessment["panel"]["seats"] == GLOSSARY["seats"]
    assert assessment["moderators"] == GLOSSARY["moderators"]


def test_the_names_that_workflow_files_may_use_are_those_of_the_glossary() -> None:
    parties = {party for several in GLOSSARY["parties"].values() for party in several}
    turned = {f"{party}_{rank}" for party in parties for rank in ("key", "principal")}
    assert vocabulary.PARTS | turned == set(GLOSSARY["parts"])
    assert vocabulary.ACTS == ACTS
    assert [member.value for member in Outcome] == GLOSSARY["outcomes"]
    assert [member.value for member in Grade] == GLOSSARY["findings"]


def test_code_asks_for_states_and_acts_that_exist() -> None:
    found = [
        f"{tree.name(path)}:{line}: {word}"
        for path in tree.files(".py", under="metstandard/")
        for line, word, known in _words(tree.parsed(path))
        if word not in known
    ]
    assert found == []


def test_templates_ask_for_states_that_exist() -> None:
    asked = re.compile(r"\.state (?:==|!=) ['\"](\w+)['\"]")
    found = [
        f"{tree.name(path)}: {word}"
        for path in tree.files(".html", ".txt", under="templates/")
        for word in asked.findall(path.read_text(encoding="utf-8"))
        if word not in STATES
    ]
    assert found == []


def test_no_other_spelling_is_used_anywhere() -> None:
    others = [other for spellings in GLOSSARY["other_spellings"].values() for other in spellings]
    refused = re.compile(rf"(?<![a-z])({'|'.join(others)})(?![a-z])", re.IGNORECASE)
    found = [
        f"{tree.name(path)}:{number}: {match[1]}"
        for folder in ("metstandard/", "workflows/", "rubrics/", "templates/")
        for path in tree.files(".py", ".yaml", ".html", ".txt", under=folder)
        for number, line in enumerate(tree.lines(path), 1)
        for match in refused.finditer(line)
    ]
    assert found == []


def _words(module: ast.Module) -> Iterator[tuple[int, str, set[str]]]:
    """Literal acts given to `move()` and literal states that `.state` is compared with."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and _called(node.func) == "move":
            for argument in node.args[2:3]:
                yield from ((argument.lineno, word, ACTS) for word in _literals(argument))
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute) and node.left.attr == "state":
            for right in node.comparators:
                yield from ((right.lineno, word, STATES) for word in _literals(right))


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _literals(node: ast.expr) -> Iterator[str]:
    for inner in ast.walk(node):
        # Words with a capital are what people read in a task list, not the state of a record.
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and re.fullmatch("[a-z_]+", inner.value):
            yield inner.value
