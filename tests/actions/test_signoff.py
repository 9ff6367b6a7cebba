"""The joint decision: how far it may depart from the rules, and what takes a turned key away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from metstandard.actions import commissioning, moderation, signoff
from metstandard.actions.signing import sign
from metstandard.common.errors import Invalid, NotNow, RuleBroken
from metstandard.documents.published import report_paper
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Signature
from metstandard.records.seats import Waiver
from metstandard.records.sheets import AgreedLevel, Finding, Paragraph, Point
from metstandard.rubric.shapes import Outcome
from metstandard.rules.content import digest
from metstandard.rules.departures import Departure, departure
from metstandard.rules.signatures import counting
from tests.factories.kept import playing
from tests.factories.stages import Play

REASON = "Both know what the panel could not."


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """A review in decision, which the rules call achieved."""
    with playing(data, "decision") as made:
        yield made


def choose(play: Play, outcome: Outcome = Outcome.ACHIEVED, reason: str = "", by: str = "authority") -> None:
    play.act(signoff.choose_outcome, play.review, by=play[by], outcome=outcome, exception=reason)


def turn(play: Play, word: str, *, agreed: bool = False) -> None:
    seen = digest(play.session, play.review, "decision")
    play.act(signoff.decide, play.review, by=play[word], seen=seen, exception_agreed=agreed)


def last(play: Play) -> JournalLine:
    return play.session.exec(select(JournalLine).order_by(col(JournalLine.id))).all()[-1]


@pytest.mark.parametrize(
    ("by_rule", "chosen", "expected"),
    [
        (Outcome.ACHIEVED, Outcome.ACHIEVED, Departure.NONE),
        (Outcome.ACHIEVED, Outcome.DEFERRED, Departure.DOWNWARDS),
        (Outcome.ACHIEVED_WITH_CONDITIONS, Outcome.DEFERRED, Departure.DOWNWARDS),
        (Outcome.NOT_YET_ACHIEVED, Outcome.DEFERRED, Departure.EXCEPTION),
        (Outcome.DEFERRED, Outcome.ACHIEVED, Departure.EXCEPTION),
        (Outcome.ACHIEVED, Outcome.NOT_YET_ACHIEVED, Departure.EXCEPTION),
        (Outcome.ACHIEVED, Outcome.ACHIEVED_WITH_CONDITIONS, Departure.EXCEPTION),
    ],
)
def test_downwards_to_deferred_needs_a_reason_and_everything_else_a_joint_exception(
    by_rule: Outcome, chosen: Outcome, expected: Departure
) -> None:
    assert departure(by_rule, chosen) is expected


def test_a_departure_without_a_reason_is_refused(play: Play) -> None:
    with pytest.raises(Invalid, match=r"Give the reason for departing from the rules' outcome \(B7\)"):
        choose(play, Outcome.DEFERRED)


def test_downwards_to_deferred_both_keys_turn_and_the_report_prints_the_reason(play: Play) -> None:
    choose(play, Outcome.DEFERRED, REASON)
    turn(play, "authority")
    turn(play, "commissioner")
    assert (play.review.outcome, last(play).data["departure"]) == (Outcome.DEFERRED, "downwards")
    paper = report_paper(play.session, play.review).decision
    assert (paper.outcome, paper.by_rule, paper.exception) == ("Decision deferred", "Met Standard achieved", REASON)


def test_any_other_departure_needs_each_key_to_agree_to_the_exception(play: Play) -> None:
    """The reason stands on both signatures and in the report; the journal says that it was an exception."""
    choose(play, Outcome.NOT_YET_ACHIEVED, REASON)
    for word in ("authority", "commissioner"):
        with pytest.raises(RuleBroken, match=r"Say that you agree to the joint exception, or return .* \(B7\)"):
            turn(play, word)
        play.session.rollback()
        turn(play, word, agreed=True)
    signed = play.session.exec(select(Signature).where(Signature.purpose == "decision")).all()
    assert [(one.part, one.reason) for one in signed] == [("authority_key", REASON), ("commissioner_key", REASON)]
    assert {name: last(play).data[name] for name in ("outcome", "by_rule", "departure")} == {
        "outcome": "NOT_YET_ACHIEVED", "by_rule": "ACHIEVED", "departure": "exception",
    }  # fmt: skip
    assert report_paper(play.session, play.review).decision.exception == REASON


def test_an_outcome_chosen_before_the_rules_said_something_else_is_not_signed(play: Play) -> None:
    """Returned, moderated down, and decided again: the old choice does not slip through."""
    choose(play)
    play.session.commit()
    play.act(commissioning.return_with_reasons, play.review, by=play["authority"], reason="Look at 1.1.")
    play.act(moderation.change_level, play.review, by=play["member"], criterion="1.1", level="2", reason="Thin.")
    for word in ("member", "senior", "independent"):
        seen = digest(play.session, play.review, "moderation")
        play.act(moderation.sign_moderation, play.review, by=play[word], seen=seen)
    with pytest.raises(RuleBroken, match=r"another one since the outcome was written down. .* \(B7\)"):
        turn(play, "authority")
    play.session.rollback()
    choose(play, Outcome.DEFERRED)
    turn(play, "authority")
    assert last(play).data["by_rule"] == "DEFERRED"


def test_an_exception_cannot_stand_in_for_evidence(play: Play) -> None:
    """R7 and R8 leave no decision to depart from."""
    row = play.session.exec(select(AgreedLevel).where(AgreedLevel.criterion == "3.1")).one()
    row.moderated, row.moderation_reason, row.moderated_by_id = "4", "Better.", play["member"].key
    play.session.commit()
    with pytest.raises(NotNow, match="R7, R8"):
        choose(play, Outcome.ACHIEVED, REASON)


def paragraph(session: Session, play: Play) -> None:
    one = session.exec(select(Paragraph).where(Paragraph.criterion == "2.2")).one()
    one.text += " And more."


def level(session: Session, play: Play) -> None:
    one = session.exec(select(AgreedLevel).where(AgreedLevel.criterion == "2.2")).one()
    one.level = "4"


def moderated(session: Session, play: Play) -> None:
    one = session.exec(select(AgreedLevel).where(AgreedLevel.criterion == "2.2")).one()
    one.moderated, one.moderation_reason, one.moderated_by_id = "2", "Thin.", play["member"].key


def finding(session: Session, play: Play) -> None:
    one = session.exec(select(Finding)).first()
    assert one is not None
    one.text += " Everywhere."


def outcome(session: Session, play: Play) -> None:
    play.review.chosen_outcome = Outcome.DEFERRED


def exception(session: Session, play: Play) -> None:
    play.review.exception_reason = REASON


def point(session: Session, play: Play) -> None:
    one = session.exec(select(Paragraph).where(Paragraph.criterion == "2.2")).one()
    session.add(
        Point(
            review_id=play.review.key, paragraph_id=one.key, before=one.text, proposed="Other words.",
            raised_by_id=play["commander"].key,
        )
    )  # fmt: skip


def statement(session: Session, play: Play) -> None:
    play.review.statement += " Again."


def waiver(session: Session, play: Play) -> None:
    session.add(Waiver(review_id=play.review.key, person_id=play["peer1"].key, rule="COI-6", reason="Known."))


CHANGES = (paragraph, level, moderated, finding, outcome, exception, point, statement, waiver)


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_any_later_change_voids_both_keys(play: Play, change: Callable[[Session, Play], None]) -> None:
    """Both signatures are made over the same content; whatever of it changes, neither counts."""
    choose(play)
    for part, word in (("authority_key", "authority"), ("commissioner_key", "commissioner")):
        play.act(sign, play.review, "decision", by=play[word], part=part)
    assert len(counting(play.session, play.review, "decision")) == 2
    change(play.session, play)
    play.session.add(play.review)
    play.session.flush()
    assert counting(play.session, play.review, "decision") == []
    play.session.rollback()
    assert len(counting(play.session, play.review, "decision")) == 2
