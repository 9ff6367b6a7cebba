"""workflows/README.md: its example works, and it leaves out no key and no name."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from metstandard.cli import main
from metstandard.rules.vocabulary import vocabulary
from metstandard.workflow.definition import Carry, Due, Move, Panel, Promise, State, Timer, Workflow
from metstandard.workflow.draw import svg
from metstandard.workflow.load import load_text
from metstandard.workflow.proof import mutations, prove
from metstandard.workflow.shapes import About, SeatFrom, Strict, Unit

README = (Path(__file__).parents[2] / "workflows" / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
QUOTED = set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", README, flags=re.DOTALL)))
WRITTEN_BY_THE_LOADER = {(Workflow, "file"), (Workflow, "line"), (Workflow, "text"), (State, "name")}


def test_the_example_loads_with_the_names_of_the_product_and_keeps_its_promises() -> None:
    (text,) = EXAMPLES
    workflow = load_text(text, "README.md", vocabulary())
    assert str(workflow) == "spot_check 1"
    assert [name for name, damage in mutations(workflow) if not prove(damage)] == []
    assert svg(workflow).startswith("<svg ")


@pytest.mark.parametrize("model", [Workflow, Panel, State, Timer, Due, Move, Promise, Carry])
def test_every_key_is_documented(model: type[Strict]) -> None:
    keys = {
        field.alias or name
        for name, field in model.model_fields.items()
        if name != "line" and (model, name) not in WRITTEN_BY_THE_LOADER
    }
    assert keys - QUOTED == set()


@pytest.mark.parametrize("kind", ["parts", "acts", "guards", "dates"])
def test_every_name_is_documented(kind: str) -> None:
    names = set(getattr(vocabulary(), kind))
    assert names
    assert names - QUOTED == set()


@pytest.mark.parametrize("closed_set", [About, SeatFrom, Unit])
def test_every_value_of_a_closed_set_is_documented(closed_set: type[About | SeatFrom | Unit]) -> None:
    assert {member.value for member in closed_set} - QUOTED == set()


def test_no_name_is_documented_that_there_is_none_of() -> None:
    tables = README.split("## Names")[1]
    rows = [row.split("|")[1:-1] for row in tables.splitlines() if row.startswith("| `")]
    documented = {name for row in rows for name in re.findall(r"`([^`]+)`", row[0])}
    assert documented == vocabulary().guards | vocabulary().dates


def test_every_command_that_it_names_exists() -> None:
    named = {words.split()[1] for words in QUOTED if words.startswith("metstandard ")}
    assert named == {"check", "draw"}
    assert isinstance(main, click.Group)
    assert named <= set(main.commands)
