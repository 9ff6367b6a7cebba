"""The picture of a workflow says everything, overlaps nothing, and is the same every time."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from metstandard.workflow.definition import Workflow
from metstandard.workflow.draw import svg
from metstandard.workflow.load import load_text
from tests.workflow.example import VOCABULARY, damaged, example
from tests.workflow.product import NAMES, loaded

DOCS = Path(__file__).parents[2] / "docs" / "workflows"
SVG = "{http://www.w3.org/2000/svg}"
LONG = """\
workflow: long
edition: 2
about: review
starts: draft
states:
  draft: {title: Draft & <start>, waits_for: [officer]}
  agreeing: {title: Agreeing, waits_for: [officer]}
  window: {title: Window, waits_for: [officer]}
  done: {title: Done, final: true}
moves:
  - {do: send, from: draft, to: agreeing, by: [officer]}
  - {do: send, from: agreeing, to: window, by: [officer]}
  - {do: close, from: window, to: done, by: [clock], when: [complete, both_turned, solvent, both_agree]}
  - {do: close, from: [draft, agreeing], to: done, by: [clock]}
  - {do: edit, from: draft, to: window, by: [officer], when: [complete]}
  - {do: give_back, from: [agreeing, window], to: draft, by: [officer]}
"""


def long() -> Workflow:
    return load_text(LONG, "long.yaml", VOCABULARY)


def parsed(workflow: Workflow) -> ET.Element:
    return ET.fromstring(svg(workflow))  # noqa: S314 (our own text)


def words(workflow: Workflow) -> list[str]:
    """The lines of text of a picture."""
    return ["".join(text.itertext()).strip() for text in parsed(workflow).iter(f"{SVG}text")]


def boxes(workflow: Workflow) -> list[tuple[int, int, int, int]]:
    """Left, top, right and bottom of each state's box."""
    found = [box for box in parsed(workflow).iter(f"{SVG}rect") if "box" in (box.get("class") or "").split()]
    sides = [[int(box.get(name) or 0) for name in ("x", "y", "width", "height")] for box in found]
    return [(x, y, x + width, y + height) for x, y, width, height in sides]


def lines(workflow: Workflow) -> list[tuple[str, str, bool]]:
    """The class and the way of each line, and whether it ends in an arrowhead."""
    found = [path for path in parsed(workflow).iter(f"{SVG}path") if path.get("class")]
    return [(path.get("class") or "", path.get("d") or "", bool(path.get("marker-end"))) for path in found]


def test_the_picture_of_the_example_says_everything() -> None:
    assert words(example()) == [
        "Example, edition 1",
        "",
        "Kind of record: review; keys: authority, commissioner; seats: peer, private",
        "give_back by authority_key, commissioner_key",
        "Draft  draft",
        "waits for officer",
        "send: 5 working days after arrival; reminds -2, 0, +3",
        "here edit",
        "send by officer",
        "when complete",
        "Being agreed  agreeing",
        "waits for authority_key, commissioner_key",
        "agree: 2 weeks before visit_starts; reminds 0",
        "here turn_key",
        "◆ turn_key by authority_key, commissioner_key",
        "when both_turned, solvent",
        "Window  window",
        "◆ close by clock",
        "Done  done",
        "Stopped  stopped",
        "from anywhere by stop",
        "At every state that is not final",
        "◆ stop by officer, to Stopped",
        "when both_agree",
        "",
        "Signs",
        "Round corners: starts here. Double line: final. Dashes: by the clock alone.",
        "◆ Promised: no way leads past it to the state that a promise names.",
    ]


def test_a_deadline_on_the_day_and_one_of_a_single_unit_are_said_as_people_say_them() -> None:
    on_the_day = example(damaged("weeks: -2, after", "weeks: 0, after"))
    assert "agree: on visit_starts; reminds 0" in words(on_the_day)
    single = example(damaged("weeks: -2, after", "weeks: 1, after"))
    assert "agree: 1 week after visit_starts; reminds 0" in words(single)


def test_the_picture_can_be_read_without_seeing_it() -> None:
    root = parsed(long())
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title desc"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert (title.get("id"), title.text) == ("title", "Workflow long 2")
    assert (desc.text or "").split(". ") == [
        "4 states: Draft & <start>, Agreeing, Window, Done",
        "send leads from Draft & <start> to Agreeing",
        "send leads from Agreeing to Window",
        "close leads from Window to Done",
        "close leads from Draft & <start> to Done",
        "close leads from Agreeing to Done",
        "edit leads from Draft & <start> to Window",
        "give_back leads from Agreeing to Draft & <start>",
        "give_back leads from Window to Draft & <start>.",
    ]


def test_the_picture_needs_nothing_from_elsewhere_and_runs_nothing() -> None:
    text = svg(long())
    assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]
    assert re.findall(r"<script|href|@import|@font-face|url\((?!#)|\son\w+=", text) == []


def test_the_same_workflow_gives_the_same_picture() -> None:
    assert svg(long()) == svg(long())
    assert svg(long()) != svg(example())


@pytest.mark.parametrize("workflow", [example(), long()], ids=str)
def test_boxes_stand_under_each_other_and_everything_is_inside(workflow: Workflow) -> None:
    found = boxes(workflow)
    assert len(found) == len(workflow.states)
    assert all(above[3] < below[1] for above, below in pairwise(found))
    root = parsed(workflow)
    width, height = int(root.get("width") or 0), int(root.get("height") or 0)
    assert all(left > 0 and right < width and top > 0 and bottom < height for left, top, right, bottom in found)
    numbers = [int(number) for _, way, _ in lines(workflow) for number in re.findall(r"-?\d+", way)]
    assert all(0 < number < max(width, height) for number in numbers)


def test_every_move_is_a_line_and_lines_to_one_state_share_an_arrowhead() -> None:
    """Two neighbours send, one closes; three jumps forward; two returns. By the clock alone: dashed."""
    assert sorted((look, head) for look, _, head in lines(long())) == [
        ("back", False),
        ("back", True),
        ("on", True),
        ("on", True),
        ("on", True),
        ("on clock", False),
        ("on clock", True),
        ("on clock", True),
    ]


def test_lanes_that_would_overlap_differ_and_those_to_one_state_are_shared() -> None:
    """The arcs to Done share a lane, the arc to Window has another; both returns lead to Draft on one."""
    lanes = [(look.split()[0], re.findall(r"Q(\d+) ", way)) for look, way, _ in lines(long())]
    assert all(len(set(turns)) <= 1 for _, turns in lanes), "up and down an arc at one distance"
    assert len({turns[0] for look, turns in lanes if look == "on" and turns}) == 2
    assert len({turns[0] for look, turns in lanes if look == "back"}) == 1


def test_labels_break_before_they_grow_wider_than_a_box() -> None:
    crowd = "[officer, clock, authority_key, commissioner_key, authority_principal, commissioner_principal]"
    many = LONG.replace("by: [clock], when", f"by: {crowd}, when").replace(
        "edition: 2", "edition: 2\nparties: [authority, commissioner]"
    )
    workflow = load_text(many, "long.yaml", VOCABULARY)
    found = words(workflow)
    start = found.index("close by officer, clock, authority_key, commissioner_key,")
    assert found[start + 1] == "authority_principal, commissioner_principal"


@pytest.mark.parametrize("name", NAMES)
def test_the_drawing_in_the_documentation_is_up_to_date(name: str) -> None:
    """`make draw` writes it."""
    assert (DOCS / f"{name}.svg").read_text(encoding="utf-8") == svg(loaded()[name])
