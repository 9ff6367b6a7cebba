"""What a signatory is shown as changed since the last look, word by word (interface.md 26)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from metstandard.actions import commissioning, moderation, signoff
from metstandard.actions.looking import have_read
from metstandard.common.errors import Invalid, NotFound, NotYours
from metstandard.queries.changes import Difference, Since, since_read
from metstandard.records.looks import Look
from metstandard.records.reviews import Origin
from metstandard.records.seats import Waiver
from metstandard.records.sheets import Answer, Finding, Paragraph, Point
from metstandard.rubric.shapes import Outcome
from metstandard.rules.content import digest
from tests.factories.kept import playing
from tests.factories.stages import Play, decision


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """A review in decision."""
    with playing(data, "decision") as made:
        yield made


def read(play: Play, word: str = "commissioner", purpose: str = "decision") -> None:
    play.act(have_read, play.review, purpose, by=play[word], seen=digest(play.session, play.review, purpose))


def since(play: Play, word: str = "commissioner", purpose: str = "decision") -> Since:
    with play.at():
        return since_read(play.session, play.review, play[word], purpose)


def test_before_the_first_look_only_what_happened_since_the_last_act_is_told(play: Play) -> None:
    found = since(play)
    assert (found.looked_at, found.differences) == (None, ())
    assert [one.what for one in found.events or []][-1] == "Moderation signed"


def test_right_after_a_look_nothing_has_changed_and_looking_again_changes_nothing_more(play: Play) -> None:
    read(play)
    read(play)
    assert len(play.session.exec(select(Look).where(Look.purpose == "decision")).all()) == 1
    found = since(play)
    assert found.looked_at is not None
    assert (found.differences, found.events) == ((), [])


def test_opening_the_page_takes_no_change_away(play: Play) -> None:
    """Reading what changed is no look: it is shown until the person says to have read it."""
    read(play)
    play.act(signoff.choose_outcome, play.review, by=play["authority"], outcome=Outcome.ACHIEVED)
    assert since(play).differences == since(play).differences == (Difference("Outcome", "", "Met Standard achieved"),)
    read(play)
    assert since(play).differences == ()


def test_each_part_of_what_is_signed_is_shown_before_and_after(play: Play) -> None:
    play.act(signoff.choose_outcome, play.review, by=play["authority"], outcome=Outcome.ACHIEVED)
    read(play)
    play.act(commissioning.return_with_reasons, play.review, by=play["authority"], reason="Look at 1.2.")
    play.act(moderation.change_level, play.review, by=play["member"], criterion="1.2", level="2", reason="Thin.")
    paragraph = play.session.exec(select(Paragraph).where(Paragraph.criterion == "2.2")).one()
    finding = play.session.exec(select(Finding)).first()
    assert finding is not None
    was = (paragraph.text, finding.text)
    paragraph.text, finding.text, play.review.statement = "It reads otherwise.", "Another finding.", "We object."
    play.session.add_all([paragraph, finding, play.review])
    play.session.add(
        Point(
            review_id=play.review.key, paragraph_id=paragraph.key, before="x", proposed="Say y.",
            raised_by_id=play["commander"].key, answer=Answer.ACCEPTED,
        )
    )  # fmt: skip
    play.session.add(Waiver(review_id=play.review.key, person_id=play["peer1"].key, rule="COI-6", reason="Known."))
    play.session.commit()
    decision(play)
    play.act(
        signoff.choose_outcome, play.review, by=play["authority"], outcome=Outcome.DEFERRED, exception="To be sure."
    )
    assert since(play).differences == (
        Difference("Outcome", "Met Standard achieved", "Decision deferred"),
        Difference("The commander’s statement", "We thank the panel.", "We object."),
        Difference("Reason for departing from the rules", "", "To be sure."),
        Difference("Moderated level of 1.2", "", "2"),
        Difference("Reason of the moderation of 1.2", "", "Thin."),
        Difference("Finding on 2.2", was[1], ""),
        Difference("Recommendation on 2.2", "Do it better.", ""),
        Difference("Finding on 2.2", "", "Another finding."),
        Difference("Recommendation on 2.2", "", "Do it better."),
        Difference(f"Paragraph {paragraph.number}", was[0], "It reads otherwise."),
        Difference("Waiver of COI-6", "", "Known."),
        Difference(f"Point on paragraph {paragraph.number}", "", "Asked for: Say y. Answer: accepted."),
    )


def test_a_signature_is_a_look(play: Play) -> None:
    """The key holder who signed sees what took the key away."""
    play.act(signoff.choose_outcome, play.review, by=play["authority"], outcome=Outcome.ACHIEVED)
    seen = digest(play.session, play.review, "decision")
    play.act(signoff.decide, play.review, by=play["commissioner"], seen=seen)
    play.act(
        signoff.choose_outcome, play.review, by=play["authority"], outcome=Outcome.DEFERRED, exception="To be sure."
    )
    assert [one.what for one in since(play).differences] == ["Outcome", "Reason for departing from the rules"]


def test_a_commission_shows_what_was_proposed_before(data: Path) -> None:
    with playing(data, "commissioning") as play:
        read(play, "authority", "commissioning")
        play.act(commissioning.return_with_reasons, play.review, by=play["commissioner"], reason="Too wide.")
        play.session.refresh(play.review)
        starts = play.review.starts_on
        play.act(
            commissioning.edit_proposal, play.review, by=play["officer"], scope="Narrower.", origin=Origin.NEW,
            committee=play.programme.committee("CEP"), starts_on=starts + timedelta(days=7), link_member=None,
        )  # fmt: skip
        play.act(commissioning.send_for_commission, play.review, by=play["officer"])
        found = since(play, "authority", "commissioning").differences
    assert [(one.what, one.before, one.after) for one in found] == [
        ("Committee", play.programme.committee().name, play.programme.committee("CEP").name),
        ("Scope", "The whole command unit.", "Narrower."),
        ("First day on site", starts.isoformat(), (starts + timedelta(days=7)).isoformat()),
        ("Last day on site", (starts + timedelta(days=4)).isoformat(), (starts + timedelta(days=11)).isoformat()),
    ]


def test_only_who_may_sign_says_to_have_read_and_only_what_stands(play: Play) -> None:
    seen = digest(play.session, play.review, "decision")
    for word, refusal in (("officer", NotYours), ("member", NotYours), ("commander", NotYours)):
        with pytest.raises(refusal):
            play.act(have_read, play.review, "decision", by=play[word], seen=seen)
        play.session.rollback()
    for purpose in ("moderation", "commissioning", "consensus", "nonsense"):
        with pytest.raises(NotFound):
            play.act(have_read, play.review, purpose, by=play["authority"], seen=seen)
        play.session.rollback()
    with pytest.raises(Invalid, match="It has changed since this page was opened"):
        play.act(have_read, play.review, "decision", by=play["authority"], seen="0" * 64)
