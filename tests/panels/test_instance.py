"""Reading and writing instances: nothing is lost, and what must not be misread is refused by its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from metstandard.common.errors import BadFile
from metstandard.panels.instance import Instance
from metstandard.panels.solution import Solution
from tests.panels.test_solver import SAMPLES, sample


def test_what_is_written_reads_back_to_the_same(tmp_path: Path) -> None:
    instance = Instance.parse(sample("S"))
    file = tmp_path / "instance.json"
    file.write_text(instance.to_json(), encoding="utf-8")
    assert Instance.read(file) == Instance.parse(instance.to_json()) == instance
    assert list(json.loads(instance.to_json()))[:3] == ["format", "name", "params"]


def test_everything_that_may_be_left_out_may_be() -> None:
    bare = {key: sample("T")[key] for key in ("format", "params", "regions", "units", "reviews", "reviewers")}
    instance = Instance.parse(bare)
    assert (instance.name, instance.blocked, instance.locks, instance.previous) == ("", (), (), ())
    assert (instance.history.last_panel, instance.history.pairs) == ({}, ())


def test_history_may_name_people_who_have_left_but_a_seat_may_not() -> None:
    history = {"last_panel": {"U00001": ["gone"]}, "pairs": [["gone", "R00001", 2]]}
    assert Instance.parse(sample("T") | {"history": history}).history.pairs == (("gone", "R00001", 2),)
    seat = {"review": "V00000", "slot": "peer", "reviewer": "gone", "status": "accepted"}
    with pytest.raises(BadFile, match=r"instance: previous\[0\].reviewer: there is no reviewer gone"):
        Instance.parse(sample("T") | {"previous": [seat]})


def test_a_seat_given_to_two_people_is_refused() -> None:
    locks = [{"review": "V00000", "slot": "peer", "reviewer": who} for who in ("R00001", "R00002")]
    with pytest.raises(BadFile, match="locks: the peer seat of V00000 is given to two people"):
        Instance.parse(sample("T") | {"locks": locks})


def test_unknown_keys_are_left_alone_unless_they_look_like_ours() -> None:
    assert Instance.parse(sample("T") | {"remark": "from the programme office"}).name == sample("T")["name"]
    with pytest.raises(BadFile, match="instance: reviewer: unknown key; did you mean reviewers"):
        Instance.parse(sample("T") | {"reviewer": []})


def test_a_solution_reads_back_and_names_what_it_does_not_know(tmp_path: Path) -> None:
    instance = Instance.parse(sample("T"))
    solution = Solution.read(SAMPLES / "sample-T.solution.json", instance)
    assert Solution.parse(solution.to_json(), instance) == solution
    wrong = solution.to_json().replace('"V00000"', '"V99999"', 1)
    with pytest.raises(BadFile, match=r"solution: assignments\[0\].review: there is no review V99999"):
        Solution.parse(wrong, instance)
    with pytest.raises(BadFile, match="cannot be read"):
        Solution.read(tmp_path / "none.json", instance)
