"""A published edition keeps its text, and the list of them is read as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from metstandard.common.editions import LOCK, read_lock, refusal, write_lock
from metstandard.common.errors import BadFile

A, B = "a" * 64, "b" * 64
KNOWN = {("plan", 1): A, ("plan", 3): B, ("other-plan", 7): A}


@pytest.mark.parametrize(
    ("name", "edition", "sha256", "expected"),
    [
        ("plan", 1, A, None),
        ("plan", 3, B, None),
        ("plan", 4, A, None),
        ("new", 1, A, None),
        ("plan", 1, B, "edition 1 of plan was published with another text; the changed file is edition 4"),
        ("plan", 3, A, "edition 3 of plan was published with another text; the changed file is edition 4"),
        ("plan", 2, A, "edition 3 of plan was published already; the changed file is edition 4"),
    ],
)
def test_a_text_is_refused_under_a_number_that_another_text_has(
    name: str, edition: int, sha256: str, expected: str | None
) -> None:
    assert refusal(name, edition, sha256, KNOWN) == expected


def test_the_list_is_read_as_it_was_written_and_sorted(tmp_path: Path) -> None:
    write_lock(tmp_path, KNOWN)
    assert (tmp_path / LOCK).read_text(encoding="utf-8") == f"other-plan 7 {A}\nplan 1 {A}\nplan 3 {B}\n"
    assert read_lock(tmp_path) == KNOWN


def test_a_folder_without_a_list_has_published_nothing(tmp_path: Path) -> None:
    assert read_lock(tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"plan 1 {A}\nplan one {A}\n", "2: is no line NAME EDITION SHA256"),
        (f"plan 1 {A[:-1]}\n", "1: is no line NAME EDITION SHA256"),
        (f"plan 1 {A}\n\n", "2: is no line NAME EDITION SHA256"),
        (f"plan 1 {A}\nplan 1 {B}\n", "2: lists edition 1 of plan twice"),
    ],
)
def test_a_list_that_says_something_else_is_refused_at_its_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / LOCK
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        read_lock(tmp_path)
    assert str(refused.value) == f"{file}:{said}"
