"""`metstandard check` and `metstandard draw`, run as people run them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from inline_snapshot import snapshot

from metstandard.cli import main
from metstandard.common.editions import LOCK

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A copy of the product's workflows and rubrics, of which no edition is listed as published."""
    copies = []
    for name in ("workflows", "rubrics"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns(LOCK))
        copies.append(tmp_path / name)
    workflows, rubrics = copies
    return workflows, rubrics


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def check(folders: tuple[Path, Path], *more: str) -> Result:
    workflows, rubrics = folders
    return run("check", "--workflows", workflows, "--rubrics", rubrics, *more)


def change(file: Path, old: str, new: str) -> int:
    """Replace a text that is there once; its line."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} is in {file.name} {text.count(old)} times"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_files_of_the_product_are_sound() -> None:
    result = run("check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == snapshot("""\
action 1: 5 states, 6 moves, 1 promise proved
assessment 1: 20 states, 75 moves, 3 promises proved
certificate 1: 5 states, 10 moves, 2 promises proved
nomination 1: 20 states, 42 moves, 3 promises proved
met-standard 1: 8 domains, 28 criteria, 8 award rules
recognition 1: 1 domain, 5 criteria, no award rules
""")


def test_each_file_is_one_line_and_nothing_is_wrong(folders: tuple[Path, Path]) -> None:
    result = check(folders)
    files = [file for folder in folders for file in folder.glob("*.yaml")]
    assert (result.exit_code, len(result.stdout.splitlines()), result.stderr) == (0, len(files), "")


def test_the_first_error_of_every_wrong_file_is_shown_and_the_sound_ones_too(folders: tuple[Path, Path]) -> None:
    workflows, rubrics = folders
    action, certificate = workflows / "action.yaml", workflows / "certificate.yaml"
    rubric = rubrics / "met-standard-1.yaml"
    first = change(action, "when: [progress_reported], tell", "when: [progress_reportd], tell")
    second = change(certificate, "starts: current", "starts: curent")
    third = change(rubric, "edition: 1", "edition: one")
    result = check(folders)
    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == [
        "assessment 1", "nomination 1", "recognition 1",
    ]  # fmt: skip
    assert result.stderr.splitlines()[:2] == [
        f"{action}:{first}: guard progress_reportd is not known; did you mean progress_reported?",
        f"{certificate}:{second}: state curent is not known; did you mean current?",
    ]
    assert len(result.stderr.splitlines()) == 3
    assert result.stderr.splitlines()[2].startswith(f"{rubric}:{third}: edition")


def test_a_guard_deleted_from_a_move_that_a_promise_carries_is_refused(folders: tuple[Path, Path]) -> None:
    file = folders[0] / "assessment.yaml"
    change(file, "by: [reviewer], when: [every_sheet_locked], tell", "by: [reviewer], tell")
    result = check(folders)
    assert result.exit_code == 1
    lines = file.read_text(encoding="utf-8").splitlines()
    guard = next(number for number, line in enumerate(lines, 1) if "{act: lock_sheet, at: scoring" in line)
    assert lines[guard - 1].strip() == "- {act: lock_sheet, at: scoring, when: every_sheet_locked}"
    stays = next(number for number, line in enumerate(lines, 1) if "{do: lock_sheet, from: scoring, by:" in line)
    # The loose move stands before the one that stays, which is never reached any more: that is said first.
    said = f"lock_sheet is never reached: the move in line {stays - 1} always wins"
    assert result.stderr == f"{file}:{stays}: {said}\n"
    change(file, lines[stays - 1] + "\n", "")
    said = "no move is lock_sheet at scoring with every_sheet_locked"
    assert check(folders).stderr == f"{file}:{guard - 1}: {said}\n"


def test_a_published_edition_may_not_change(folders: tuple[Path, Path]) -> None:
    workflows, rubrics = folders
    rubric = rubrics / "met-standard-1.yaml"
    frozen = check(folders, "--freeze")
    assert frozen.exit_code == 0
    assert [line for line in frozen.stdout.splitlines() if line.endswith(" is listed as published")] == [
        "action 1 is listed as published",
        "assessment 1 is listed as published",
        "certificate 1 is listed as published",
        "nomination 1 is listed as published",
        "met-standard 1 is listed as published",
        "recognition 1 is listed as published",
    ]
    assert check(folders).exit_code == 0, "nothing has changed"

    for file, line in ((workflows / "action.yaml", 3), (rubric, None)):
        file.write_text(file.read_text(encoding="utf-8") + "# A remark.\n", encoding="utf-8")
        name = {"action.yaml": "action"}.get(file.name, "met-standard")
        said = f"edition 1 of {name} was published with another text; the changed file is edition 2"
        result = check(folders, "--freeze")
        assert result.exit_code == 1
        assert said in result.stderr
        if line:
            assert result.stderr == f"{file}:{line}: {said}\n"
    change(workflows / "action.yaml", "edition: 1", "edition: 2")
    assert "met-standard" in check(folders).stderr
    assert "action" not in check(folders).stderr


def test_a_new_edition_is_added_to_the_list_and_the_old_one_stays(folders: tuple[Path, Path]) -> None:
    workflows, _ = folders
    check(folders, "--freeze")
    before = (workflows / LOCK).read_text(encoding="utf-8").splitlines()
    change(workflows / "action.yaml", "edition: 1", "edition: 2")
    result = check(folders, "--freeze")
    assert result.stdout.splitlines()[-1] == "action 2 is listed as published"
    after = (workflows / LOCK).read_text(encoding="utf-8").splitlines()
    assert set(before) < set(after)
    assert [line.rsplit(" ", 1)[0] for line in after] == [
        "action 1", "action 2", "assessment 1", "certificate 1", "nomination 1",
    ]  # fmt: skip
    again = check(folders, "--freeze")
    assert "is listed as published" not in again.stdout, "there is nothing new"


def test_nothing_is_listed_while_anything_is_wrong(folders: tuple[Path, Path]) -> None:
    workflows, rubrics = folders
    change(workflows / "certificate.yaml", "starts: current", "starts: curent")
    assert check(folders, "--freeze").exit_code == 1
    assert [(folder / LOCK).exists() for folder in (workflows, rubrics)] == [False, False]


def test_a_list_of_editions_that_cannot_be_read_is_wrong_too(folders: tuple[Path, Path]) -> None:
    workflows, _ = folders
    (workflows / LOCK).write_text("action one\n", encoding="utf-8")
    result = check(folders)
    assert result.exit_code == 1
    assert result.stderr == f"{workflows / LOCK}:1: is no line NAME EDITION SHA256\n"


def test_a_folder_without_files_is_wrong(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    result = check((empty, folders[1]))
    assert (result.exit_code, result.stderr) == (1, f"{empty}: holds no file that ends in .yaml\n")


def test_a_workflow_is_drawn_to_the_screen_or_to_a_file(tmp_path: Path) -> None:
    shown = run("draw", "action")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert shown.stdout.endswith("</svg>\n")
    file = tmp_path / "action.svg"
    written = run("draw", "action", "--out", file)
    assert (written.exit_code, written.stdout) == (0, f"action is drawn in {file}\n")
    assert file.read_text(encoding="utf-8") == shown.stdout


@pytest.mark.parametrize("name", ["acton", "../workflows/action", "action.yaml"])
def test_a_workflow_that_there_is_none_of_is_refused_by_name(name: str) -> None:
    folder = ROOT / "workflows"
    result = run("draw", name, "--workflows", folder)
    assert (result.exit_code, result.stdout) == (2, "")
    said = f"There is no workflow {name} in {folder}; there are action, assessment, certificate, nomination."
    assert result.stderr == f"error: {said}\n"


def test_a_wrong_workflow_is_refused_with_its_line_and_not_drawn(folders: tuple[Path, Path]) -> None:
    file = folders[0] / "action.yaml"
    line = change(file, "starts: open", "starts: opened")
    result = run("draw", "action", "--workflows", folders[0])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"error: {file}:{line}: state opened is not known; did you mean open?\n"
