"""Giving and ending parts, and the pool of reviewers: every refusal by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from metstandard.actions import people
from metstandard.actions.pool import profiles
from metstandard.common import clock
from metstandard.common.errors import Invalid, MetStandardError, NotNow, NotYours, RuleBroken, Stale
from metstandard.records.accounts import Appointment
from metstandard.rules.parts import standing
from tests.factories.programme import LONG_AGO, Programme


def give(programme: Programme, word: str, part: str, *, by: str = "administrator", **more: object) -> Appointment:
    """Appoint somebody from long ago on, as an administrator does."""
    named = {"from_on": LONG_AGO} | more
    return people.give_part(programme.session, programme[word], part, by=programme[by], **named)  # type: ignore[arg-type]


def said(act: Callable[[], object], kind: type[MetStandardError]) -> tuple[str, str]:
    """The field that a refusal names, and its words."""
    with pytest.raises(kind) as refused:
        act()
    return getattr(refused.value, "field", ""), str(refused.value)


def test_a_part_given_plays_at_once_and_ended_at_once_plays_no_more(session: Session, programme: Programme) -> None:
    programme.add("new", "Second link member")
    made = give(programme, "new", "link_member")
    assert [one.part for one in standing(session, programme["new"])] == ["link_member"]
    people.end_part(session, made, by=programme["administrator"])
    assert standing(session, programme["new"]) == []
    assert made.until_on == clock.today() - timedelta(days=1)


def test_a_part_that_began_today_and_ends_at_once_leaves_no_spell(session: Session, programme: Programme) -> None:
    made = give(programme, "link", "press_officer", from_on=clock.today())
    people.end_part(session, made, by=programme["administrator"])
    assert [one.part for one in standing(session, programme["link"])] == ["link_member"]


def test_a_last_day_is_the_last_on_which_the_part_is_played(session: Session, programme: Programme) -> None:
    made = give(programme, "link", "press_officer")
    people.end_part(session, made, by=programme["administrator"], last_day=clock.today() + timedelta(days=3))
    assert (made.until_on, len(standing(session, programme["link"]))) == (clock.today() + timedelta(days=3), 2)


@pytest.mark.parametrize("word", ["officer", "authority", "commander", "peer1", "press"])
def test_only_an_administrator_gives_or_ends_a_part(session: Session, programme: Programme, word: str) -> None:
    programme.add("new", "New person")
    assert said(lambda: give(programme, "new", "moderator", by=word, seat="independent"), NotYours) == (
        "", "Only an administrator gives a part",
    )  # fmt: skip
    held = standing(session, programme["author"])[0]
    assert said(lambda: people.end_part(session, held, by=programme[word]), NotYours) == (
        "", "Only an administrator ends a part",
    )  # fmt: skip


def test_nobody_gives_themself_a_part(programme: Programme) -> None:
    assert said(lambda: give(programme, "administrator", "press_officer"), RuleBroken) == (
        "part", "You cannot give a part to yourself: ask another administrator (B3)",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("word", "part", "more", "field", "words"),
    [
        ("new", "reviewer", {}, "part", "Choose a part"),
        ("new", "commander", {}, "unit", "Choose the unit"),
        ("new", "moderator", {}, "seat", "Choose the seat on the moderation panel"),
        ("new", "moderator", {"seat": "chair"}, "seat", "Choose the seat on the moderation panel"),
        ("new", "sponsor", {}, "seat", "Choose the service"),
        ("new", "judge", {"seat": "navy"}, "seat", "Choose the service"),
        (
            "new", "press_officer", {"seat": "independent"}, "seat",
            "Only a moderator has a seat, and only a judge, sponsor or officer a service",
        ),
        (
            "new", "press_officer", {"unit": "EK"}, "unit",
            "Only a commander or an author of a unit belongs to a unit",
        ),
        (
            "new", "press_officer", {"until_on": LONG_AGO - timedelta(days=1)}, "until_on",
            "The last day must not be before the first",
        ),
        ("new", "commander", {"unit": "EK"}, "from_on", "The unit has a commander: end that appointment first"),
        ("press", "press_officer", {}, "part", "This person has this part in these days already"),
        ("officer", "administrator", {}, "part", "An administrator holds no other part (B3)"),
        ("officer", "authority_key", {}, "part", "One person is never both decision maker and programme officer (B3)"),
        ("authority", "commissioner_key", {}, "part", "The two keys are held by two people (B7)"),
        ("authority", "commissioner_principal", {}, "part", "The two keys are held by two people (B7)"),
        (
            "authority", "moderator", {"seat": "independent"}, "part",
            "One person is never both decision maker and moderator (B3)",
        ),
    ],
)  # fmt: skip
def test_a_part_is_refused_by_name(
    programme: Programme, word: str, part: str, more: dict[str, Any], field: str, words: str
) -> None:
    programme.add("new", "New person")
    if "unit" in more:
        more = more | {"unit": programme.unit(str(more["unit"]))}
    assert said(lambda: give(programme, word, part, **more), Invalid) == (field, words)


def test_a_disabled_account_gets_no_part(programme: Programme) -> None:
    programme["link"].active = False
    assert said(lambda: give(programme, "link", "press_officer"), NotNow)[1].startswith("This account is disabled")


def test_a_commander_follows_another_without_overlap(session: Session, programme: Programme) -> None:
    programme.add("new", "Next commander of Camden BOCU")
    held = standing(session, programme["commander"])[0]
    last = clock.today() + timedelta(days=10)
    people.end_part(session, held, by=programme["administrator"], last_day=last)
    with pytest.raises(Invalid, match="The unit has a commander until"):
        give(programme, "new", "commander", unit=programme.unit("EK"), from_on=last)
    made = give(programme, "new", "commander", unit=programme.unit("EK"), from_on=last + timedelta(days=1))
    assert made.from_on == last + timedelta(days=1)


def test_the_last_administrator_stays(session: Session, programme: Programme) -> None:
    programme.add("second", "Second administrator")
    second = give(programme, "second", "administrator")
    people.end_part(session, second, by=programme["administrator"])
    last = standing(session, programme["administrator"])[0]
    assert said(lambda: people.end_part(session, last, by=programme["administrator"]), NotNow)[1] == (
        "Somebody must administer the accounts: appoint another administrator first"
    )


def test_an_ended_part_does_not_end_again_nor_in_the_past(session: Session, programme: Programme) -> None:
    held = standing(session, programme["press"])[0]
    past = clock.today() - timedelta(days=1)
    assert said(lambda: people.end_part(session, held, by=programme["administrator"], last_day=past), Invalid)[0] == (
        "last_day"
    )
    people.end_part(session, held, by=programme["administrator"])
    assert said(lambda: people.end_part(session, held, by=programme["administrator"]), NotNow)[1] == (
        "This appointment has ended already"
    )


PEER = profiles.Profile(seat="peer", unit="RG", rank=5, trained_until=date(2027, 1, 1))


def test_a_new_reviewer_is_in_the_pool_and_a_new_company_among_the_employers(
    session: Session, programme: Programme
) -> None:
    programme.add("new", "New reviewer")
    profiles.save_profile(session, programme["new"], PEER, by=programme["officer"])
    assert profiles.profile_of(session, programme["new"]) == PEER
    private = profiles.Profile(seat="private", employer="Thames Freight", can_lead=True)
    profiles.save_profile(session, programme["new"], private, by=programme["officer"], revision=PEER.revision)
    assert profiles.profile_of(session, programme["new"]) == private


def test_a_stale_profile_shows_both_versions(session: Session, programme: Programme) -> None:
    programme.add("new", "New reviewer")
    profiles.save_profile(session, programme["new"], PEER, by=programme["officer"])
    with pytest.raises(Stale) as refused:
        profiles.save_profile(session, programme["new"], replace(PEER, rank=3), by=programme["officer"])
    assert isinstance(refused.value.mine, dict)
    assert isinstance(refused.value.theirs, dict)
    assert (refused.value.mine["rank"], refused.value.theirs["rank"]) == ("3", "5")
    assert refused.value.theirs["revision"] == PEER.revision


@pytest.mark.parametrize(
    ("profile", "field", "words"),
    [
        (replace(PEER, seat="chair"), "seat", "Choose the kind of seat"),
        (replace(PEER, unit=""), "unit", "Choose the unit in which this person serves (COI-1)"),
        (
            replace(PEER, employer="Ealing Council"), "employer",
            "A peer comes from a unit: leave the employer empty (COI-1)",
        ),
        (replace(PEER, rank=11), "rank", "The rank must be a number from 1 to 10"),
        (
            profiles.Profile(seat="private", unit="RG", employer="Thames Freight"), "unit",
            "Only a peer comes from a unit: leave the unit empty (COI-1)",
        ),
        (profiles.Profile(seat="private"), "employer", "Enter the employer"),
        (
            profiles.Profile(seat="local_authority", employer="Thames Freight"), "employer",
            "This seat is for a London local authority: choose one from the list (COI-4)",
        ),
        (
            profiles.Profile(seat="private", employer="Ealing Council"), "employer",
            "This seat is for a company: choose one from the list (COI-5)",
        ),
    ],
)  # fmt: skip
def test_a_profile_is_refused_by_name(
    session: Session, programme: Programme, profile: profiles.Profile, field: str, words: str
) -> None:
    programme.add("new", "New reviewer")
    assert said(
        lambda: profiles.save_profile(session, programme["new"], profile, by=programme["officer"]), Invalid
    ) == (
        field,
        words,
    )


@pytest.mark.parametrize("word", ["administrator", "authority", "commander", "peer1"])
def test_only_a_programme_officer_keeps_profiles(session: Session, programme: Programme, word: str) -> None:
    with pytest.raises(NotYours):
        profiles.save_profile(session, programme["author"], PEER, by=programme[word])


def test_nobody_keeps_their_own_profile(session: Session, programme: Programme) -> None:
    with pytest.raises(RuleBroken, match="your own profile"):
        profiles.save_profile(session, programme["officer"], PEER, by=programme["officer"])


def test_people_of_recognition_are_appointed_for_their_service(programme: Programme) -> None:
    programme.add("new", "New person")
    for part, seat in (("judge", "lfb"), ("standards_officer", ""), ("sponsor", "lfb")):
        made = give(programme, "new", part, seat=seat)
        assert (made.part, made.seat) == (part, seat)
    assert {"judging_chair", "committee_key", "committee_principal"} <= set(people.parts_to_give())
