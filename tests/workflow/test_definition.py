"""What a loaded workflow answers about itself."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from metstandard.common.errors import BadFile
from metstandard.workflow.shapes import SeatFrom, Unit
from tests.workflow.example import example


def test_the_parts_of_the_parties_come_in_the_files_order() -> None:
    assert example().keys == ("authority_key", "commissioner_key")
    assert example().principals == ("authority_principal", "commissioner_principal")


def test_every_part_that_the_file_names_is_known() -> None:
    assert sorted(example().parts) == [
        "authority_key", "clock", "commissioner_key", "commissioner_principal", "officer",
    ]  # fmt: skip


def test_moves_are_found_by_state_and_act_in_the_order_in_which_they_are_tried() -> None:
    workflow = example()
    assert [move.do for move in workflow.moves_from("agreeing")] == ["turn_key", "turn_key", "give_back", "stop"]
    assert [move.to for move in workflow.moves_from("agreeing", "turn_key")] == ["window", None]
    assert workflow.moves_from("done") == ()
    assert workflow.moves_from("draft", "turn_key") == ()


def test_a_number_is_found_by_its_rule() -> None:
    assert example().number("COI-10") == 5
    with pytest.raises(BadFile) as refused:
        example().number("COI-2")
    assert str(refused.value) == "example.yaml: numbers gives none for COI-2"


def test_a_seat_that_the_file_says_nothing_about_is_open_to_anyone() -> None:
    panel = example().panel
    assert panel is not None
    assert (panel.origin("peer"), panel.origin("private")) == (SeatFrom.UNIT, SeatFrom.ANYONE)


def test_a_deadline_knows_its_unit_and_its_count() -> None:
    due = [timer.due for state in example().states.values() for timer in state.timers]
    assert [(one.unit, one.count, one.after) for one in due] == [
        (Unit.WORKING_DAYS, "COI-10", "entered"),
        (Unit.WEEKS, -2, "visit_starts"),
    ]


def test_arrows_spell_out_any() -> None:
    assert [(arrow.source, arrow.move.do, arrow.target) for arrow in example().arrows] == [
        ("draft", "edit", "draft"),
        ("draft", "send", "agreeing"),
        ("agreeing", "turn_key", "window"),
        ("agreeing", "turn_key", "agreeing"),
        ("agreeing", "give_back", "draft"),
        ("window", "close", "done"),
        ("draft", "stop", "stopped"),
        ("agreeing", "stop", "stopped"),
        ("window", "stop", "stopped"),
    ]


def test_final_states_come_in_the_files_order() -> None:
    assert example().final_states == ("done", "stopped")


def test_a_workflow_cannot_be_changed() -> None:
    workflow = example()
    with pytest.raises(ValidationError):
        workflow.starts = "done"  # type: ignore[misc]
    with pytest.raises(TypeError):
        workflow.numbers["COI-10"] = 0  # type: ignore[index]
    with pytest.raises(TypeError):
        workflow.states["done"] = workflow.states["draft"]  # type: ignore[index]


def test_the_same_text_has_the_same_hash() -> None:
    assert example().sha256 == example().sha256
    assert len(example().sha256) == 64
