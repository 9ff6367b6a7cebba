"""The joint decision as key holders take it in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from metstandard.actions import signoff
from metstandard.rubric.shapes import Outcome
from tests.factories.browser import press, soup
from tests.factories.visiting import Visit, visiting, words
from tests.web.conftest import first_error


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """A review in decision, which the rules call achieved."""
    with visiting(data, "decision") as made:
        yield made


def page(visit: Visit, word: str) -> str:
    return words(soup(visit.as_(word).get(f"/authority/reviews/{visit.reference}/signoff")))


def push(visit: Visit, word: str, button: str, **typed: Any) -> tuple[int, str]:
    answer = press(visit.as_(word), f"/authority/reviews/{visit.reference}/signoff", button, **typed)
    return answer.status_code, first_error(answer) if answer.status_code == 422 else words(soup(answer))


def test_what_changed_is_shown_until_the_key_holder_says_to_have_read_it(visit: Visit) -> None:
    status, read = push(visit, "commissioner", "I have read this")
    assert status == 200
    assert "Nothing of what is signed has changed." in read
    push(visit, "authority", "Write down the outcome", outcome="DEFERRED", exception="To be sure.")
    for _ in range(2):
        read = page(visit, "commissioner")
        assert "Outcome Before: nothing Now: Decision deferred" in read
        assert "Reason for departing from the rules Before: nothing Now: To be sure." in read
    push(visit, "commissioner", "I have read this")
    assert "Decision deferred Reason for" not in page(visit, "commissioner")


def test_words_that_changed_are_marked_as_taken_out_and_put_in(visit: Visit) -> None:
    push(visit, "authority", "Write down the outcome", outcome="DEFERRED", exception="We want to be sure.")
    push(visit, "commissioner", "I have read this")
    push(visit, "authority", "Write down the outcome", outcome="DEFERRED", exception="We need to be sure.")
    found = soup(visit.as_("commissioner").get(f"/authority/reviews/{visit.reference}/signoff"))
    marked = {tag: [one.get_text() for one in found.select(f"#since {tag}")] for tag in ("del", "ins")}
    assert marked == {"del": ["want"], "ins": ["need"]}


def test_the_programme_officer_is_not_asked_to_read(visit: Visit) -> None:
    assert "I have read this" not in page(visit, "officer")
    answer = visit.as_("officer").post(f"/authority/reviews/{visit.reference}/read/decision", data={})
    assert answer.status_code in {400, 403}


def test_a_joint_exception_is_refused_until_each_key_agrees(visit: Visit) -> None:
    push(visit, "authority", "Write down the outcome", outcome="NOT_YET_ACHIEVED", exception="We know more.")
    for word in ("authority", "commissioner"):
        assert "Both keys must agree to the exception" in page(visit, word)
        assert push(visit, word, "Turn your key", no_interest="y") == (
            422, "Say that you agree to the joint exception, or return the review (B7)",
        )  # fmt: skip
        status, _ = push(visit, word, "Turn your key", no_interest="y", exception_agreed="y")
        assert status == 200
    with visit.play() as play:
        assert play.review.outcome is Outcome.NOT_YET_ACHIEVED


def test_a_key_on_a_page_that_has_changed_meanwhile_is_refused(visit: Visit) -> None:
    push(visit, "authority", "Write down the outcome", outcome="ACHIEVED")
    path = f"/authority/reviews/{visit.reference}/signoff"
    old = soup(visit.as_("commissioner").get(path)).select_one("#key [name=seen]")
    assert old is not None
    with visit.play() as play:
        play.act(signoff.choose_outcome, play.review, by=play["authority"], outcome=Outcome.DEFERRED, exception="Hm.")
    status, said = push(visit, "commissioner", "Turn your key", no_interest="y", seen=str(old["value"]))
    assert (status, said) == (
        422, "What you sign has changed since this page was opened. Read it again, then sign",
    )  # fmt: skip
