"""Days away are no conflict: the office may ask openly, and the reviewer alone takes the days out (PAN-1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from metstandard.actions import panels
from metstandard.actions.pool import spells
from metstandard.common.errors import NotNow, RuleBroken
from metstandard.records.cycles import Offered
from metstandard.records.pool import Period, PeriodKind
from metstandard.records.reviews import Review
from metstandard.records.seats import Interest, SeatStatus
from metstandard.rules.instances import Wishes, instance_of, person_id
from tests.factories.cycle import forming, solved
from tests.factories.panel import At, ask, profile, standing
from tests.factories.programme import Programme
from tests.factories.stages import Play


def away(session: Session, review: Review, person: int) -> Period:
    """Somebody cannot sit in the week of a visit."""
    made = Period(
        person_id=person, kind=PeriodKind.UNAVAILABLE, from_on=review.starts_on, until_on=review.ends_on
    )  # fmt: skip
    session.add(made)
    session.commit()
    return made


def asked_though_away(play: Play) -> None:
    play.act(
        panels.seat, play.review, person=play["peer1"], kind="peer", lead=False, by=play["officer"], though_away=True
    )


def test_whoever_is_away_is_asked_only_openly_and_accepts_once_the_days_are_out(at: At) -> None:
    play = at("panel_forming")
    days = away(play.session, play.review, play["peer1"].key)
    with pytest.raises(RuleBroken, match="cannot sit in the days of the visit") as refused:
        ask(play, "peer1", "peer")
    assert refused.value.rule == "PAN-1"
    play.session.rollback()
    asked_though_away(play)
    play.act(panels.declare_interests, play.review, by=play["peer1"], interest=Interest.NONE)
    with pytest.raises(NotNow, match="Take those days out"):
        play.act(panels.accept_seat, play.review, by=play["peer1"])
    play.session.rollback()
    play.act(spells.remove_period, days, by=play["peer1"])
    play.act(panels.accept_seat, play.review, by=play["peer1"])
    assert standing(play) == {"peer": ("peer1", False, "accepted")}


def test_asking_openly_opens_no_other_rule(at: At) -> None:
    play = at("panel_forming")
    away(play.session, play.review, play["peer1"].key)
    profile(play, "peer1").trained_until = play.review.starts_on
    play.session.commit()
    with pytest.raises(RuleBroken, match="training"):
        asked_though_away(play)


def test_a_plan_that_counts_on_somebody_away_asks_them(programme: Programme) -> None:
    """`unavailable` is what the solver may name as a way out; publishing such a plan is no breach of a rule."""
    (review,) = forming(programme, "EK")
    session = programme.session
    for word in ("peer1", "peer2", "peer3"):
        away(session, review, programme[word].key)
    assert solved(programme, [review]).status.value == "infeasible"
    made = solved(programme, [review], wishes=Wishes(waived=(f"unavailable:{person_id(programme['peer1'].key)}:0",)))
    assert made.status.value == "solved"
    row = panels.offer_seats(session, made, review, by=programme["officer"])
    assert row.offered is Offered.OFFERED, row.said
    held = {one.kind: (one.person_id, one.status) for one in panels.holding(session, review)}
    assert held["peer"] == (programme["peer1"].key, SeatStatus.INVITED)


def test_another_panel_that_week_is_nothing_that_somebody_could_change(programme: Programme) -> None:
    """It stands in `blocked`, which is never waived, and not among the weeks away."""
    first, second = forming(programme, "EK", "SX", weeks_apart=0)
    panels.seat(programme.session, first, person=programme["peer1"], kind="peer", lead=False, by=programme["officer"])
    programme.session.commit()
    found = instance_of(programme.session, [second])
    who = person_id(programme["peer1"].key)
    assert [one.rule for one in found.blocked if one.reviewer == who] == ["PAN-1"]
    assert next(one for one in found.reviewers if one.id == who).unavailable == ()
    second.ends_on += timedelta(weeks=2)
    second.starts_on += timedelta(weeks=2)
    programme.session.commit()
    assert [one for one in instance_of(programme.session, [second]).blocked if one.reviewer == who] == []
