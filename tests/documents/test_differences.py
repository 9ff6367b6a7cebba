"""Differences are found word by word, and nothing of either text is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from metstandard.documents.differences import Run, Step, Stretch, differences, merged


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


def test_one_text_tells_what_is_gone_and_what_is_new_in_reading_order() -> None:
    assert merged("It has 202,000 residents.", "It has 212,000 residents and guests.") == (
        Stretch("It has ", Step.SAME),
        Stretch("202,000", Step.DELETED),
        Stretch("212,000", Step.INSERTED),
        Stretch(" ", Step.SAME),
        Stretch("residents.", Step.DELETED),
        Stretch("residents and guests.", Step.INSERTED),
    )
    assert Stretch(" new words \n", Step.INSERTED).around == (" ", " \n")


@given(some.text(), some.text())
def test_both_texts_can_be_read_out_of_the_one(before: str, after: str) -> None:
    found = merged(before, after)
    assert "".join(one.text for one in found if one.step is not Step.INSERTED) == before
    assert "".join(one.text for one in found if one.step is not Step.DELETED) == after
