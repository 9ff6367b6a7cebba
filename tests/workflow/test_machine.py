"""One act, one step: the first move whose guards hold, and no way round them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from transitions import Machine

from metstandard.common.errors import NotNow, NotYours
from metstandard.workflow.definition import Workflow
from metstandard.workflow.load import Vocabulary, load_text
from metstandard.workflow.machine import NotOpen, _Case, _machine, step
from tests.workflow.example import example

CHOICES = """\
workflow: choices
edition: 1
about: review
starts: here
states:
  here: {title: Here and now, waits_for: [officer]}
  one: {title: One, final: true}
  two: {title: Two, final: true}
  three: {title: Three, final: true}
moves:
  - {do: go, from: here, to: one, by: [officer], when: [a, b]}
  - {do: go, from: here, to: two, by: [officer], when: [a, c]}
  - {do: go, from: here, to: three, by: [clock]}
  - {do: go, from: here, by: [officer], when: [d]}
"""


def choices() -> Workflow:
    names = Vocabulary(frozenset("abcd"), frozenset({"officer", "clock"}), frozenset({"go"}), frozenset(), frozenset())
    return load_text(CHOICES, "choices.yaml", names)


def only(*names: str) -> Callable[[str], bool]:
    """Guards of which only some hold."""
    return lambda name: name in names


@pytest.mark.parametrize(
    ("holding", "line", "target"),
    [("abcd", 11, "one"), ("acd", 12, "two"), ("bd", 14, "here"), ("ab", 11, "one"), ("d", 14, "here")],
)
def test_the_first_move_whose_guards_hold_wins(holding: str, line: int, target: str) -> None:
    taken = step(choices(), "here", "go", only(*holding), parts=["officer"])
    assert (taken.move.line, taken.source, taken.target) == (line, "here", target)


def test_only_the_moves_of_the_parts_given_are_looked_at() -> None:
    assert step(choices(), "here", "go", only(), parts=["clock"]).target == "three"
    assert step(choices(), "here", "go", only()).target == "three"
    assert step(choices(), "here", "go", only("a", "b"), parts={"officer", "clock"}).target == "one"


def test_an_act_for_other_parts_is_not_yours() -> None:
    with pytest.raises(NotYours) as refused:
        step(choices(), "here", "go", only("a", "b"), parts=["public"])
    assert str(refused.value) == "“Go” is not yours to do here."


def test_a_refusal_names_the_guards_that_were_asked_and_do_not_hold() -> None:
    with pytest.raises(NotOpen) as refused:
        step(choices(), "here", "go", only("a"), parts=["officer"])
    assert refused.value.unmet == ("b", "c", "d")
    assert str(refused.value) == "“Go” must wait for this: b, c, d."
    assert isinstance(refused.value, NotNow)


@pytest.mark.parametrize("state", ["draft", "window", "done"])
def test_an_act_of_another_state_is_not_open(state: str) -> None:
    workflow = example()
    assert workflow.moves_from("agreeing", "give_back"), "somewhere it is open"
    with pytest.raises(NotOpen) as refused:
        step(workflow, state, "give_back", only())
    assert refused.value.unmet == ()
    assert str(refused.value) == f"“Give back” is not possible at the stage “{workflow.states[state].title}”."


def test_an_act_that_the_workflow_does_not_have_is_not_open() -> None:
    with pytest.raises(NotOpen) as refused:
        step(example(), "draft", "lodge_appeal", only())
    assert str(refused.value) == "“Lodge appeal” is not possible at the stage “Draft”."


def test_a_guard_is_asked_once_and_only_when_it_must_be_known() -> None:
    asked: list[str] = []

    def holds(name: str) -> bool:
        asked.append(name)
        return name in "cd"

    assert step(choices(), "here", "go", holds, parts=["officer"]).target == "here"
    assert asked == ["a", "d"], "a once for two moves; b and c never, since a does not hold"


def test_what_a_guard_raises_comes_through() -> None:
    def holds(name: str) -> bool:
        raise LookupError(name)

    with pytest.raises(LookupError, match="a"):
        step(choices(), "here", "go", holds, parts=["officer"])


def test_a_move_from_any_state_is_open_at_every_state_that_is_not_final() -> None:
    workflow = example()
    open_at = [state for state in workflow.states if workflow.moves_from(state, "stop")]
    assert open_at == ["draft", "agreeing", "window"]
    for state in open_at:
        assert step(workflow, state, "stop", only("both_agree")).target == "stopped"
    with pytest.raises(NotOpen):
        step(workflow, "done", "stop", only("both_agree"))


def test_no_automatic_trigger_passes_the_guards() -> None:
    """`transitions` gives every machine a `to_<state>()` that passes every guard, unless it is told not to."""

    class Free:
        """A case of a machine with the library's own settings."""

    free = Free()
    Machine(model=free, states=["here", "one"], initial="here")
    assert hasattr(free, "to_one"), "the danger is real"

    case = _Case(only())
    _machine(choices(), "here", choices().moves, case)
    assert [name for name in dir(case) if name.startswith("to_")] == []
    with pytest.raises(AttributeError):
        case.trigger("to_one")
    with pytest.raises(NotOpen):
        step(choices(), "here", "to_one", only("a", "b"))
    assert case.state == "here"


def test_a_state_that_the_workflow_does_not_have_is_no_place_to_start() -> None:
    with pytest.raises(LookupError, match="example 1 has no state nowhere"):
        step(example(), "nowhere", "send", only("complete"))
