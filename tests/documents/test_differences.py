"""Differences are found word by word, and nothing of either text is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from metstandard.documents.differences import Run, differences


def test_a_changed_word_is_marked_in_both_texts() -> None:
    assert differences("It has 202,000 residents.", "It has 212,000 residents.") == (
        (Run("It has ", changed=False), Run("202,000", changed=True), Run(" residents.", changed=False)),
        (Run("It has ", changed=False), Run("212,000", changed=True), Run(" residents.", changed=False)),
    )


def test_added_words_leave_the_first_text_unmarked() -> None:
    assert differences("One two", "One new two") == (
        (Run("One ", changed=False), Run("two", changed=False)),
        (Run("One ", changed=False), Run("new ", changed=True), Run("two", changed=False)),
    )


@given(some.text(alphabet="ab \n", max_size=40), some.text(alphabet="ab \n", max_size=40))
def test_the_runs_of_each_text_are_that_text(before: str, after: str) -> None:
    left, right = differences(before, after)
    assert ("".join(run.text for run in left), "".join(run.text for run in right)) == (before, after)
    same = "".join(run.text for run in left if not run.changed)
    assert same == "".join(run.text for run in right if not run.changed)
