"""One person, one duty in a review (B3): the ways round it, each tried and closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from metstandard.actions import commissioning, deputies, evidence, panels, reporting
from metstandard.common import clock
from metstandard.common.errors import NotYours, RuleBroken
from metstandard.queries.judgement import paragraphs_of
from metstandard.records.accounts import Appointment, Posting
from metstandard.records.followup import Action
from metstandard.records.reviews import Deputy
from metstandard.records.seats import Declaration, Interest
from metstandard.rules.content import digest
from metstandard.rules.parts import part_for, parts_of, playable
from tests.factories.panel import At
from tests.factories.programme import LONG_AGO
from tests.factories.stages import Play, fill_sheet

OTHER_DUTY = "You have another duty in this review: {} (B3)"


def part(play: Play, word: str, *by: str) -> str | None:
    with play.at():
        return part_for(play.session, play[word], play.review, by)


def refusal(play: Play, word: str, *by: str) -> str:
    with pytest.raises(RuleBroken) as refused:
        part(play, word, *by)
    return str(refused.value)


def end_appointments(play: Play, word: str, on: date) -> None:
    for one in play.session.exec(select(Appointment).where(Appointment.person_id == play[word].key)).all():
        one.until_on = on
    play.session.commit()


def test_the_programme_officer_who_proposed_cannot_turn_a_key(at: At) -> None:
    play = at("commissioning")
    play.programme.appoint("officer", "authority_key")
    with pytest.raises(RuleBroken) as refused:
        play.act(
            commissioning.turn_key, play.review, by=play["officer"],
            seen=digest(play.session, play.review, "commissioning"),
        )  # fmt: skip
    assert str(refused.value) == OTHER_DUTY.format("programme officer")


def test_the_key_holder_who_commissioned_cannot_act_for_the_programme_office(at: At) -> None:
    play = at("panel_forming")
    play.programme.appoint("authority", "programme_officer")
    assert refusal(play, "authority", "programme_officer") == OTHER_DUTY.format("decision maker")
    assert part(play, "authority", "programme_officer", "authority_key") == "authority_key"


def test_a_reviewer_never_moderates_or_decides_even_after_leaving_the_panel(at: At) -> None:
    """Who has answered for the panel stays a reviewer in this review; the journal tells."""
    play = at("panel_confirming")
    play.programme.appoint("company1", "moderator", seat="independent")
    play.programme.appoint("company1", "commissioner_key")
    for wanted in ("moderator", "commissioner_key"):
        assert refusal(play, "company1", wanted) == OTHER_DUTY.format("reviewer")
    play.act(panels.decline_seat, play.review, by=play["company1"], reason="I am appointed to moderate.")
    for wanted in ("moderator", "commissioner_key"):
        assert refusal(play, "company1", wanted) == OTHER_DUTY.format("reviewer")


def test_whoever_was_asked_by_mistake_and_has_said_nothing_is_free_again(at: At) -> None:
    play = at("panel_forming")
    seat = play.act(panels.seat, play.review, person=play["company1"], kind="private", lead=False, by=play["officer"])
    play.programme.appoint("company1", "moderator", seat="independent")
    assert refusal(play, "company1", "moderator") == OTHER_DUTY.format("reviewer")
    play.act(panels.unseat, play.review, seat, by=play["officer"], reason="A slip.")
    assert part(play, "company1", "moderator") == "moderator"


def test_nobody_of_the_assessed_unit_moderates_decides_or_runs_the_review(at: At) -> None:
    """Even one whose acts leave no line in the journal: a staff officer who only writes and adds evidence."""
    play = at("self_assessment")
    for word in ("commander", "author"):
        for wanted in ("moderator", "authority_key", "commissioner_principal", "programme_officer", "appeal_member"):
            play.programme.appoint(word, wanted)
    for word in ("commander", "author"):
        for wanted in ("moderator", "authority_key", "commissioner_principal", "programme_officer", "appeal_member"):
            assert refusal(play, word, wanted) == OTHER_DUTY.format("the assessed unit")
    assert part(play, "author", "moderator", "unit_author") == "unit_author"


def test_leaving_the_unit_during_its_review_does_not_free_anybody(at: At) -> None:
    """The commander moves to the Authority's staff while the report is being moderated."""
    play = at("panel_forming")
    play.programme.appoint("author", "moderator", seat="independent")
    with play.at():
        yesterday = clock.today() - timedelta(days=1)
    end_appointments(play, "author", date(2015, 1, 1))
    assert part(play, "author", "moderator") is None
    play.programme.appoint("author", "moderator", seat="independent")
    assert part(play, "author", "moderator") == "moderator"
    play.session.add(
        Appointment(
            person_id=play["author"].key, part="unit_author", unit_id=play.review.unit_id, from_on=LONG_AGO,
            until_on=yesterday + timedelta(days=1),
        )
    )  # fmt: skip
    play.session.flush()
    assert refusal(play, "author", "moderator") == OTHER_DUTY.format("the assessed unit")


def test_who_serves_in_the_unit_or_over_it_does_not_decide(at: At) -> None:
    """B3: decision makers stand outside the unit's line of command; so do moderators."""
    play = at("commissioning")
    unit = play.programme.unit("EK")
    line = "You serve in this unit or its line of command (B3)"
    in_unit = Posting(person_id=play["authority"].key, unit_id=unit.key, from_on=LONG_AGO)
    over_it = Posting(person_id=play["commissioner"].key, business_group=unit.business_group, from_on=LONG_AGO)
    elsewhere = Posting(person_id=play["senior"].key, business_group="Specialist Crime", from_on=LONG_AGO)
    play.session.add_all([in_unit, over_it, elsewhere])
    play.session.flush()
    assert refusal(play, "authority", "authority_key") == line
    assert refusal(play, "commissioner", "commissioner_key") == line
    assert part(play, "senior", "moderator") == "moderator"
    elsewhere.business_group = unit.business_group
    assert refusal(play, "senior", "moderator") == line
    for one in (in_unit, over_it, elsewhere):
        one.until_on = date(2020, 1, 1)
    assert part(play, "authority", "authority_key") == "authority_key"
    assert part(play, "commissioner", "commissioner_key") == "commissioner_key"
    assert part(play, "senior", "moderator") == "moderator"


def test_the_programme_officer_may_once_have_served_anywhere(at: At) -> None:
    play = at("commissioning")
    """The line of command binds those who judge, not those who run the play.programme."""
    play.session.add(Posting(person_id=play["officer"].key, unit_id=play.review.unit_id, from_on=LONG_AGO))
    assert part(play, "officer", "programme_officer") == "programme_officer"


@pytest.mark.parametrize(
    ("word", "wanted"), [("senior", "moderator"), ("authority", "authority_key"), ("company1", "reviewer")]
)
def test_a_prejudicial_interest_keeps_everybody_out_who_judges(at: At, word: str, wanted: str) -> None:
    """COI-9: the same two grades for all; a personal interest may stay."""
    play = at("panel_confirming")
    for interest in (Interest.PERSONAL, Interest.PREJUDICIAL):
        play.session.add(
            Declaration(
                review_id=play.review.key, person_id=play[word].key, stage="decision", interest=interest, detail="Kin.",
                declared_at=clock.now(),
            )
        )  # fmt: skip
        play.session.flush()
        if interest is Interest.PERSONAL:
            assert part(play, word, wanted) == wanted
    sentence = "You have declared a prejudicial interest, so take no part in this review (COI-9)"
    assert refusal(play, word, wanted) == sentence


def test_a_key_holder_who_declares_a_prejudicial_interest_can_no_longer_turn_the_key(at: At) -> None:
    """COI-9 through the act itself; the programme office is told."""
    play = at("commissioning")
    play.act(
        panels.declare_interests, play.review, by=play["authority"], interest=Interest.PREJUDICIAL, detail="My son."
    )
    with pytest.raises(RuleBroken, match=r"\(COI-9\)"):
        play.act(
            commissioning.turn_key, play.review, by=play["authority"],
            seen=digest(play.session, play.review, "commissioning"),
        )  # fmt: skip


def test_a_deputy_prepares_only_in_the_name_of_the_one_who_named_them(at: At) -> None:
    """The commander's deputy writes for the unit and never touches the report; the lead's deputy the reverse."""
    play = at("panel_confirming")
    for word in ("helper", "clerk"):
        play.programme.add(word, word.capitalize())
    play.act(deputies.assign_deputy, play.review, by=play["commander"], deputy=play["helper"])
    play.act(deputies.assign_deputy, play.review, by=play["peer1"], deputy=play["clerk"])
    assert part(play, "helper", "commander", "unit_author", "deputy") == "deputy"
    assert part(play, "helper", "lead_reviewer", "deputy") is None
    assert part(play, "clerk", "lead_reviewer", "deputy") == "deputy"
    assert part(play, "clerk", "commander", "unit_author", "deputy") is None


def test_the_deputy_of_one_side_is_refused_by_the_acts_of_the_other(at: At) -> None:
    """The same through the acts: a commander's deputy cannot rewrite the draft report."""
    play = at("reporting")
    play.programme.add("helper", "Helper")
    play.act(deputies.assign_deputy, play.review, by=play["commander"], deputy=play["helper"])
    first = paragraphs_of(play.session, play.review)[0]
    with pytest.raises(NotYours):
        play.act(
            reporting.edit_paragraph, play.review, first, by=play["helper"], text="All is well.",
            revision=first.revision,
        )  # fmt: skip


def test_a_deputy_s_right_ends_with_the_part_of_the_principal(at: At) -> None:
    play = at("self_assessment")
    play.programme.add("helper", "Helper")
    play.act(deputies.assign_deputy, play.review, by=play["commander"], deputy=play["helper"])
    assert part(play, "helper", "commander", "deputy") == "deputy"
    end_appointments(play, "commander", date(2020, 1, 1))
    assert part(play, "helper", "commander", "deputy") is None
    assert "deputy" not in parts_of(play.session, play["helper"], play.review)


def test_two_people_who_were_each_other_s_deputies_are_no_endless_chain(at: At) -> None:
    play = at("panel_forming")
    play.programme.add("helper", "Helper")
    play.act(deputies.assign_deputy, play.review, by=play["commander"], deputy=play["helper"])
    play.session.add(
        Deputy(
            review_id=play.review.key, principal_id=play["helper"].key, person_id=play["commander"].key,
            part="commander", from_on=LONG_AGO,
        )
    )  # fmt: skip
    play.session.flush()
    assert parts_of(play.session, play["helper"], play.review) == {"deputy"}
    assert parts_of(play.session, play["commander"], play.review) == {"commander"}


def test_who_prepared_as_a_deputy_belongs_to_that_side_for_good(at: At) -> None:
    """A deputy's acts leave no line in the journal, so the deputyship itself counts, ended or not."""
    play = at("self_assessment")
    play.programme.add("helper", "Helper")
    named = play.act(deputies.assign_deputy, play.review, by=play["commander"], deputy=play["helper"])
    assert isinstance(named, Deputy)
    play.act(
        evidence.save_self_assessment, play.review, by=play["helper"], criterion="1.1", level="3", account="Fine.",
        revision=0,
    )  # fmt: skip
    named.ended_on = date(2020, 1, 1)
    play.programme.appoint("helper", "moderator", seat="independent")
    assert refusal(play, "helper", "moderator") == OTHER_DUTY.format("the assessed unit")


def test_one_who_acted_on_the_certificate_or_an_action_has_acted_in_the_review(at: At) -> None:
    """The journals of what came of a review bind as its own does."""
    play = at("closed")
    play.programme.appoint("officer", "commissioner_key")
    play.programme.appoint("press", "commissioner_key")
    assert refusal(play, "officer", "commissioner_key") == OTHER_DUTY.format("programme officer")
    assert part(play, "press", "commissioner_key") == "commissioner_key"


def test_nobody_of_the_unit_verifies_its_actions(at: At) -> None:
    """Verification is by a person who does not answer for the action (B6)."""
    play = at("closed")
    play.programme.appoint("author", "programme_officer")
    action = play.session.exec(select(Action)).first()
    assert action is not None
    action.owner_id = play["commander"].key
    assert "verifier" not in parts_of(play.session, play["author"], action)
    assert "verifier" in parts_of(play.session, play["officer"], action)


def test_a_closed_account_plays_no_part(at: At) -> None:
    play = at("commissioning")
    play["authority"].active = False
    assert parts_of(play.session, play["authority"], play.review) == frozenset()


def test_several_parts_in_one_group_stay_together(at: At) -> None:
    """A lead reviewer is a reviewer; a commander may also write for the unit."""
    play = at("scoring")
    fill_sheet(play, "peer1")
    held = parts_of(play.session, play["peer1"], play.review)
    assert playable(play.session, play["peer1"], play.review, held) == {"reviewer", "lead_reviewer"}
