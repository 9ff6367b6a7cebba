"""`metstandard panels solve`: files, figures and exit codes; malformed input is refused by its place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from metstandard.cli import main
from tests.panels.checker import Judge, Plain
from tests.panels.test_infeasible import barred
from tests.panels.test_solver import sample


def run(folder: Path, instance: object, *options: str) -> tuple[Result, Path]:
    """The command's result for an instance, as data or as text, and the file that it writes."""
    file, out = folder / "instance.json", folder / "solution.json"
    file.write_text(instance if isinstance(instance, str) else json.dumps(instance), encoding="utf-8")
    out.unlink(missing_ok=True)
    return CliRunner().invoke(main, ["panels", "solve", str(file), "--out", str(out), *options]), out


def changed(*path: str | int, to: Any) -> Plain:
    """The sample T with one value changed."""
    instance = sample("T")
    here: Any = instance
    for part in path[:-1]:
        here = here[part]
    here[path[-1]] = to
    return instance


def without(*path: str | int) -> Plain:
    instance = sample("T")
    here: Any = instance
    for part in path[:-1]:
        here = here[part]
    del here[path[-1]]
    return instance


def test_a_solved_cycle_prints_its_figures_and_writes_a_solution_that_stands(tmp_path: Path) -> None:
    result, out = run(tmp_path, sample("T"), "--time", "60", "--seed", "3")
    assert result.exit_code == 0
    printed = re.sub(r"time [\d.]+ s", "time 0.5 s", result.stdout)
    assert printed == (
        "objective 339\nbound 339\ngap 0.000 % (proved)\ntime 0.5 s\nseats 38, with a reserve 28, waived 0\n"
    )
    assert re.findall(r"s  (first plan|done) +objective (-?\d+)", result.stderr)[-1] == ("done", "339")
    written = json.loads(out.read_text(encoding="utf-8"))
    assert list(written) == ["format", "instance", "assignments", "reserves"]
    assert Judge(sample("T")).wrong_with(written) == []


def test_the_same_file_and_seed_write_the_same_bytes(tmp_path: Path) -> None:
    texts = {run(tmp_path, sample("T"), "--seed", "5")[1].read_bytes() for _ in range(2)}
    assert len(texts) == 1


def test_a_cycle_without_a_plan_exits_3_and_writes_why_and_an_unlock_applied_solves_it(tmp_path: Path) -> None:
    result, out = run(tmp_path, barred())
    assert result.exit_code == 3
    assert json.loads(result.stdout) == json.loads(out.read_text(encoding="utf-8"))
    why = json.loads(result.stdout)
    assert list(why) == ["status", "conflict", "unlock"]
    first = why["unlock"][0]

    solved, out = run(tmp_path, barred(), "--relax", first["relax"][0])
    assert solved.exit_code == 0
    assert f"objective {first['objective']}\n" in solved.stdout
    assert json.loads(out.read_text(encoding="utf-8"))["relaxed"] == first["relax"]


def test_no_answer_in_time_exits_4_and_writes_nothing(tmp_path: Path) -> None:
    result, out = run(tmp_path, sample("T"), "--time", "0.000001")
    assert (result.exit_code, result.stdout, out.exists()) == (4, "", False)
    assert re.fullmatch(r"no answer in \d\.\d s", result.stderr.splitlines()[-1])


@pytest.mark.parametrize(
    ("instance", "place"),
    [
        ('{"format": "met-assign-instance/1",\n "units": [}', ":2: is not JSON"),
        ('{"format": 1, "format": 2}', ": is not JSON: the key format is given twice"),
        ("[]", ": the whole text: "),
        (changed("format", to="met-assign-instance/2"), ": format: "),
        (without("params", "floor"), ": params.floor: "),
        (changed("params", "weights", "load", to=1.5), ": params.weights.load: "),
        (changed("params", "weights", "load", to=10**6), ": params.weights.load: could cost "),
        (changed("reviewers", 12, "capacity", to="2"), ": reviewers[12].capacity: "),
        (changed("reviewers", 12, "expertise", to={"data": 4}), ": reviewers[12].expertise.data: "),
        (changed("reviewers", 3, "region", to="nowhere"), ": reviewers[3].region: there is no region nowhere"),
        (changed("reviewers", 3, "unit", to="nothing"), ": reviewers[3].unit: there is no unit nothing"),
        (changed("reviewers", 1, "id", to="R00000"), ": reviewers[1].id: R00000 is given twice"),
        (changed("reviewers", 1, "id", to="a:b"), ": reviewers[1].id: "),
        (changed("reviewers", 2, "interests", to=["U9"]), ": reviewers[2].interests[0]: there is no unit U9"),
        (changed("reviews", 4, "unit", to="U9"), ": reviews[4].unit: there is no unit U9"),
        (changed("reviews", 4, "slots", to=["peer", "peer"]), ": reviews[4].slots: a slot is given twice"),
        (changed("reviews", 4, "slots", to=["lay"]), ": reviews[4].slots[0]: "),
        (changed("reviews", 4, "domains", to={"data": 0}), ": reviews[4].domains: at least one domain"),
        (changed("history", "pairs", to=[["R00001", "R00001", 1]]), ": history.pairs[0]: R00001 is paired"),
        (changed("blocked", to=[{"reviewer": "R9", "review": "V00000", "rule": "COI-3"}]), ": blocked[0].reviewer: "),
        (changed("locks", to=[{"review": "V9", "slot": "peer", "reviewer": "R00001"}]), ": locks[0].review: "),
        (changed("lock", to=[]), ": lock: unknown key; did you mean locks?"),
    ],
)
def test_malformed_input_exits_2_with_the_place(tmp_path: Path, instance: object, place: str) -> None:
    result, out = run(tmp_path, instance)
    assert (result.exit_code, result.stdout, out.exists()) == (2, "", False)
    assert result.stderr.startswith(f"error: {tmp_path / 'instance.json'}{place}"), result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_and_one_that_cannot_be_written_exit_2(tmp_path: Path) -> None:
    gone = CliRunner().invoke(main, ["panels", "solve", str(tmp_path / "gone.json"), "--out", str(tmp_path / "out")])
    assert (gone.exit_code, gone.stderr) == (
        2,
        f"error: {tmp_path / 'gone.json'}: cannot be read: No such file or directory\n",
    )
    file = tmp_path / "instance.json"
    file.write_text(json.dumps(sample("T")), encoding="utf-8")
    barren = CliRunner().invoke(main, ["panels", "solve", str(file), "--out", str(tmp_path / "no" / "out.json")])
    assert barren.exit_code == 2
    assert barren.stderr.splitlines()[-1].endswith("out.json: cannot be written: No such file or directory")


def test_a_kind_that_this_instance_does_not_relax_is_refused(tmp_path: Path) -> None:
    result, _ = run(tmp_path, sample("T"), "--relax", "supplier:R00001:U00001")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: --relax supplier:R00001:U00001: ")
