"""Promises hold over every path: agreed with by walking all of them, and refused after every smallest damage."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from metstandard.workflow.definition import Arrow, Carry, Move, Promise, State, Workflow
from metstandard.workflow.load import load_text
from metstandard.workflow.proof import Broken, faults, mutations, prove
from tests.workflow.example import TEXT, VOCABULARY, damaged, example

NAMES = [f"s{number}" for number in range(6)]


def test_the_example_keeps_its_promises() -> None:
    assert prove(example()) == ()
    assert faults(example()) == ()


def test_a_broken_promise_carries_its_line_and_a_shortest_way_past_it() -> None:
    workflow = example()
    promise = Promise(reaching="stopped", carries=(Carry(act="turn_key", at="agreeing", line=77),), line=76)
    carry = promise.carries[0]
    assert prove(workflow.model_copy(update={"promises": (promise,)})) == (
        Broken(promise, carry, 77, ("stop",), "stopped can be reached without turn_key at agreeing: stop"),
    )


def test_a_promise_of_what_no_move_does_is_broken() -> None:
    carry = Carry(act="close", at="draft", line=5)
    promise = Promise(reaching="done", carries=(carry,))
    broken = prove(example().model_copy(update={"promises": (promise,)}))
    path = ("send", "turn_key", "close")
    assert broken == (Broken(promise, carry, 5, path, "no move is close at draft"),)


def test_a_promise_of_a_state_out_of_reach_is_broken() -> None:
    workflow = example()
    cut = tuple(move for move in workflow.moves if move.do != "close")
    broken = prove(workflow.model_copy(update={"moves": cut}))
    assert [(one.line, one.path, one.sentence) for one in broken] == [(43, (), "done cannot be reached at all")]


def test_every_smallest_damage_to_the_example_breaks_a_promise() -> None:
    assert [description for description, _ in mutations(example())] == snapshot(
        [
            "both_turned deleted from turn_key from agreeing to window",
            "every move that is turn_key at agreeing with both_turned removed",
            "every move that is close at window removed",
            "both_agree deleted from stop from any to stopped",
            "every move that is stop at any with both_agree removed",
        ]
    )
    assert [description for description, damage in mutations(example()) if not prove(damage)] == []


def test_a_guard_deleted_from_a_move_that_leads_nowhere_near_is_no_damage() -> None:
    """Deleting it from the move that comes back to where it began opens no way, so it is not among the mutations."""
    back = "  - {do: turn_key, from: agreeing, to: draft, by: [authority_key], when: [both_turned, complete]}\n"
    first = "  - {do: turn_key, from: agreeing, to: window"
    workflow = load_text(TEXT.replace(first, back + first), "example.yaml", VOCABULARY)
    assert [name for name, _ in mutations(workflow)] == [name for name, _ in mutations(example())]
    loose = load_text(TEXT.replace(first, back.replace("both_turned, ", "") + first), "example.yaml", VOCABULARY)
    assert prove(loose) == ()


def test_a_guard_that_no_promise_speaks_of_may_go() -> None:
    assert prove(example(damaged("[both_turned, solvent]", "[both_turned]"))) == ()


@st.composite
def graphs(draw: st.DrawFn) -> Workflow:
    """A workflow of up to six states and ten moves between any of them, with one promise about it."""
    states = NAMES[: draw(st.integers(2, len(NAMES)))]
    moves = draw(
        st.lists(
            st.builds(
                lambda act, source, target, guards: Move.model_validate(
                    {"do": act, "from": source, "to": target, "by": ["someone"], "when": guards}
                ),
                st.sampled_from(["a", "b"]),
                st.one_of(st.just("any"), st.lists(st.sampled_from(states), min_size=1, max_size=2, unique=True)),
                st.sampled_from(states),
                st.lists(st.sampled_from(["g", "h"]), max_size=2, unique=True),
            ),
            min_size=1,
            max_size=10,
        )
    )
    carry = Carry(
        act=draw(st.sampled_from(["a", "b"])),
        at=draw(st.sampled_from(["any", *states])),
        when=draw(st.sampled_from([None, "g"])),
    )
    return Workflow(
        workflow="random",
        edition=1,
        about="review",
        starts=states[0],
        states={name: State(name=name, title=name, final=draw(st.booleans())) for name in states},
        moves=tuple(moves),
        promises=(Promise(reaching=draw(st.sampled_from(states)), carries=(carry,)),),
    )


def ways(workflow: Workflow, reaching: str) -> Iterator[list[Arrow]]:
    """Every way from the first state that comes to no state twice and ends where it reaches the promised one."""

    def onwards(here: str, taken: list[Arrow], seen: set[str]) -> Iterator[list[Arrow]]:
        if here == reaching:
            yield taken
            return
        for arrow in workflow.arrows:
            if arrow.source == here and arrow.target not in seen:
                yield from onwards(arrow.target, [*taken, arrow], seen | {arrow.target})

    return onwards(workflow.starts, [], {workflow.starts})


def carried(arrow: Arrow, carry: Carry) -> bool:
    """The same question as the proof asks, in other words."""
    return (
        (arrow.move.do == carry.act)
        and (carry.at in {"any", arrow.source})
        and (carry.when is None or carry.when in list(arrow.move.when))
    )


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_the_proof_agrees_with_walking_every_path(workflow: Workflow) -> None:
    promise = workflow.promises[0]
    carry = promise.carries[0]
    paths = list(ways(workflow, promise.reaching))
    escapes = [path for path in paths if not any(carried(arrow, carry) for arrow in path)]
    exists = any(carried(arrow, carry) for arrow in workflow.arrows)
    broken = prove(workflow)
    assert (broken == ()) == (bool(paths) and exists and not escapes)
    if broken and escapes:
        assert broken[0].path in [tuple(arrow.move.do for arrow in path) for path in escapes]
        assert len(broken[0].path) == min(map(len, escapes))


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_every_mutation_of_a_workflow_that_keeps_its_promise_breaks_it(workflow: Workflow) -> None:
    if prove(workflow) == ():
        found = list(mutations(workflow))
        assert found, "at least the removal of the moves"
        assert [description for description, damage in found if prove(damage) == ()] == []


@settings(max_examples=200, deadline=None)
@given(graphs())
def test_a_guard_whose_loss_is_no_mutation_may_go(workflow: Workflow) -> None:
    """The other half: the mutations leave out no guard whose deletion would break the promise."""
    carry = workflow.promises[0].carries[0]
    if carry.when is None or prove(workflow):
        return
    listed = [damage.moves for _, damage in mutations(workflow)]
    for number, move in enumerate(workflow.moves):
        guards = tuple(guard for guard in move.when if guard != carry.when)
        loose = (*workflow.moves[:number], move.model_copy(update={"when": guards}), *workflow.moves[number + 1 :])
        if prove(workflow.model_copy(update={"moves": loose})):
            assert loose in listed


@pytest.mark.parametrize("deleted", ["both_turned", "solvent"])
def test_a_file_with_a_guard_deleted_loads_only_where_no_promise_names_it(deleted: str) -> None:
    left = {"both_turned": "solvent", "solvent": "both_turned"}[deleted]
    workflow = example().model_copy(
        update={
            "moves": tuple(
                move.model_copy(update={"when": (left,)}) if deleted in move.when else move for move in example().moves
            )
        }
    )
    assert bool(prove(workflow)) == (deleted == "both_turned")
