"""Every way in which a workflow file can mislead is refused, with its file, its line and what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from metstandard.common.errors import BadFile
from metstandard.workflow.load import check_edition, load, load_folder, load_text
from tests.workflow.example import TEXT, VOCABULARY, damaged, example
from tests.workflow.wrong import WRONG


@pytest.mark.parametrize(("old", "new", "line", "sentence"), list(WRONG.values()), ids=list(WRONG))
def test_a_wrong_file_is_refused_at_its_line(old: str, new: str, line: int, sentence: str) -> None:
    with pytest.raises(BadFile) as refused:
        example(damaged(old, new))
    assert str(refused.value) == f"example.yaml:{line}: {sentence}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "example.yaml:1: is empty"),
        ("- one\n", "example.yaml:1: must be a mapping"),
        ("[" * 3000, "example.yaml: is nested too deeply"),
        ("states: 1\nmoves: 1\npromises: 1\n", "example.yaml:1: workflow is missing"),
        ("states: {a: &x {title: A}, b: *x}\n", "example.yaml:1: aliases (&, *) are not allowed"),
    ],
)
def test_a_text_that_is_no_workflow_at_all_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadFile) as refused:
        example(text)
    assert str(refused.value) == said


def test_the_example_loads_with_the_line_of_every_thing() -> None:
    workflow = example()
    assert [(name, state.line) for name, state in workflow.states.items()] == [
        ("draft", 11),
        ("agreeing", 17),
        ("window", 26),
        ("done", 28),
        ("stopped", 31),
    ]
    assert [state.timers[0].line for state in workflow.states.values() if state.timers] == [16, 21]
    assert [(move.do, move.line) for move in workflow.moves] == [
        ("edit", 35),
        ("send", 36),
        ("turn_key", 37),
        ("turn_key", 38),
        ("give_back", 39),
        ("close", 40),
        ("stop", 41),
    ]
    assert [[carry.line for carry in promise.carries] for promise in workflow.promises] == [[45, 46], [49]]
    assert (workflow.file, workflow.line, workflow.text) == ("example.yaml", 2, TEXT)


def test_a_file_is_called_after_its_workflow(tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not read", encoding="utf-8")
    assert list(load_folder(tmp_path, VOCABULARY)) == ["example"]
    other = tmp_path / "other.yaml"
    other.write_text("# A copy\n" + TEXT, encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        load(other, VOCABULARY)
    assert str(refused.value) == f"{other}:2: says example, so it must be called example.yaml"


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile) as refused:
        load(tmp_path / "example.yaml", VOCABULARY)
    assert refused.value.sentence.startswith("cannot be read: ")


def test_a_kept_text_loads_under_any_name() -> None:
    assert load_text(TEXT, "kept edition", VOCABULARY).file == "kept edition"


def test_a_changed_text_needs_a_new_edition() -> None:
    workflow = example()
    known = {("example", 1): workflow.sha256, ("other", 9): "0" * 64}
    check_edition(workflow, workflow.sha256, known)
    check_edition(workflow, workflow.sha256, {})
    changed = example(damaged("title: Window", "title: A window"))
    with pytest.raises(BadFile) as refused:
        check_edition(changed, changed.sha256, known)
    sentence = "edition 1 of example was published with another text; the changed file is edition 2"
    assert str(refused.value) == f"example.yaml:2: {sentence}"
    later = example(damaged("edition: 1", "edition: 2"))
    check_edition(later, later.sha256, known)


def test_an_edition_below_a_published_one_is_refused() -> None:
    workflow = example(damaged("edition: 1", "edition: 2"))
    with pytest.raises(BadFile) as refused:
        check_edition(workflow, workflow.sha256, {("example", 3): "0" * 64})
    assert (
        str(refused.value)
        == "example.yaml:2: edition 3 of example was published already; the changed file is edition 4"
    )
