"""Every rule about moderation and decision, tried the wrong way in a browser: refused by name, and nothing moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from metstandard.queries.invariants import breaches
from metstandard.records.accounts import Appointment
from metstandard.records.sheets import AgreedLevel, Paragraph, Point
from metstandard.rubric.shapes import Outcome
from tests.factories.disputed import DISPUTED, disputed
from tests.factories.programme import LONG_AGO
from tests.factories.story import Story, story_at

SIGN, CHANGE, RETURN, CHOOSE, TURN = (
    "Sign the moderation", "Change the level", "Return to the panel", "Write down the outcome", "Turn your key",
)  # fmt: skip


@pytest.fixture
def moderated(data: Path) -> Iterator[Story]:
    """A review in moderation with dissent on two criteria; the invariants hold at the end."""
    with disputed(data) as play:
        yield Story(play)
        play.session.commit()
        assert breaches(play.session) == []


@pytest.fixture
def decided(data: Path) -> Iterator[Story]:
    """A review before both keys; the invariants hold at the end."""
    with story_at(data, "decision") as made:
        yield made


def test_moderation_moves_a_level_by_one_with_a_reason_and_looks_at_every_dissent(moderated: Story) -> None:
    page = moderated.of("authority", "moderation")
    wrong: dict[tuple[str, str], dict[str, Any]] = {
        (CHANGE, "Moderation may change a level by 1 at most, not from 3 to 1 (B7)"): {
            "criterion": "2.1", "level": "1", "reason": "Thin.",
        },
        (CHANGE, "Give the reason: the panel will read it (B7)"): {"criterion": "2.1", "level": "2", "reason": " "},
        (RETURN, "Enter your reasons"): {"why": ""},
        (SIGN, "Look at the dissent on 1.1 and 2.2, and say that you have (SCO-4)"): {"no_interest": "y"},
        (SIGN, "Confirm that you have no interest"): {"looked": list(DISPUTED)},
    }  # fmt: skip
    for (button, sentence), typed in wrong.items():
        assert sentence in moderated.press("member", page, button, status=422, **typed)
    assert moderated.state == "moderation"
    for word in ("member", "senior", "independent"):
        moderated.press(word, page, SIGN, no_interest="y", looked=list(DISPUTED))
    assert moderated.state == "decision"


def test_nobody_signs_the_moderation_while_a_point_of_the_unit_waits(moderated: Story) -> None:
    session, review = moderated.play.session, moderated.play.review
    paragraph = session.exec(select(Paragraph).where(Paragraph.review_id == review.key)).first()
    assert paragraph is not None
    point = Point(
        review_id=review.key, paragraph_id=paragraph.key, before=paragraph.text, proposed="Other words.",
        raised_by_id=moderated.play["commander"].key,
    )  # fmt: skip
    session.add(point)
    session.commit()
    said = moderated.press(
        "member", moderated.of("authority", "moderation"), SIGN, status=409, no_interest="y", looked=list(DISPUTED)
    )
    assert "A factual-accuracy point has not been answered." in said


def test_a_moderator_who_scored_is_refused_by_b3(moderated: Story) -> None:
    session = moderated.play.session
    session.add(
        Appointment(person_id=moderated.play["peer1"].key, part="moderator", seat="independent", from_on=LONG_AGO)
    )
    session.commit()
    page = moderated.page("peer1", moderated.of("authority", "moderation"))
    assert SIGN not in page


def test_a_departure_has_a_reason_and_an_exception_both_keys(decided: Story) -> None:
    page = decided.of("authority", "signoff")
    reason = "Give the reason for departing from the rules' outcome (B7)"
    for outcome in ("DEFERRED", "NOT_YET_ACHIEVED", "ACHIEVED_WITH_CONDITIONS"):
        assert reason in decided.press("authority", page, CHOOSE, status=422, outcome=outcome, exception="")
    decided.press("authority", page, CHOOSE, outcome="NOT_YET_ACHIEVED", exception="We know more.")
    for word in ("authority", "commissioner"):
        said = decided.press(word, page, TURN, status=422, no_interest="y")
        assert "Say that you agree to the joint exception, or return the review (B7)" in said
        assert decided.state == "decision"
        decided.press(word, page, TURN, no_interest="y", exception_agreed="y")
    assert (decided.state, decided.play.review.outcome) == ("notified", Outcome.NOT_YET_ACHIEVED)


def test_neither_key_alone_awards_and_a_changed_choice_takes_the_turned_key_away(decided: Story) -> None:
    page = decided.of("authority", "signoff")
    decided.press("authority", page, CHOOSE, outcome="ACHIEVED")
    for _ in range(2):
        decided.press("authority", page, TURN, no_interest="y")
        assert decided.state == "decision"
    decided.press("commissioner", page, CHOOSE, outcome="DEFERRED", exception="To be sure.")
    assert "No longer counts: the content changed" in decided.page("authority", page)
    decided.press("commissioner", page, TURN, no_interest="y")
    assert decided.state == "decision"
    decided.press("authority", page, TURN, no_interest="y")
    assert decided.state == "notified"


def test_one_person_never_turns_both_keys(decided: Story) -> None:
    session = decided.play.session
    session.add(Appointment(person_id=decided.play["authority"].key, part="commissioner_key", from_on=LONG_AGO))
    session.commit()
    page = decided.of("authority", "signoff")
    decided.press("authority", page, CHOOSE, outcome="ACHIEVED")
    for _ in range(3):
        decided.press("authority", page, TURN, no_interest="y")
    assert decided.state == "decision"


def test_no_exception_stands_in_for_evidence_or_process(decided: Story) -> None:
    session = decided.play.session
    row = session.exec(select(AgreedLevel).where(AgreedLevel.criterion == "3.1")).one()
    row.moderated, row.moderation_reason, row.moderated_by_id = "4", "Better.", decided.play["member"].key
    session.commit()
    said = decided.press(
        "authority", decided.of("authority", "signoff"), CHOOSE, status=409, outcome="ACHIEVED", exception="We know."
    )
    assert "The rules allow no decision: evidence or process is incomplete (R7, R8)." in said


def test_nothing_is_published_while_the_unit_may_appeal(data: Path) -> None:
    with story_at(data, "appeal_window") as story:
        page = story.page("officer", story.of("authority", "signoff"))
        assert "Publish the result" not in page
        assert "The unit may still appeal." in page
