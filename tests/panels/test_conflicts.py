"""Who is in the pool, free and without another duty, and how judgements are put; each tried at its edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from metstandard.panels.conflicts import Away, Candidate, Holder, judge
from tests.panels.judged import COMPANY, COUNCIL, LATER, PANEL, PEER, T0, hard, own


@pytest.mark.parametrize("one", [PEER, COUNCIL, COMPANY], ids=lambda one: one.seat)
def test_nothing_stands_in_the_way_of_a_reviewer_whom_no_rule_touches(one: Candidate) -> None:
    assert judge(one, one.seat, PANEL) == ()
    assert judge(one, one.seat, PANEL, lead=True) == ()


@pytest.mark.parametrize(
    ("one", "seat"), [(one, seat) for one, seat in product((PEER, COUNCIL, COMPANY), PANEL.origins) if one.seat != seat]
)
def test_nobody_sits_in_a_seat_of_another_kind(one: Candidate, seat: str) -> None:
    """PAN-1: the first refusal always names the kinds."""
    pool, wanted = one.seat.replace("_", " "), seat.replace("_", " ")
    sentence = f"{one.name} is in the pool for the seat “{pool}”, not “{wanted}”"
    assert judge(one, seat, PANEL)[:1] == hard("PAN-1", sentence)


def test_somebody_outside_the_pool_or_with_a_closed_account_never_sits() -> None:
    stranger = Candidate(person=1, name="A stranger", seat="", trained_until=LATER, vetted_until=LATER, observed=True)
    assert judge(stranger, "private", PANEL) == (
        *hard("PAN-1", "A stranger is not in the pool of reviewers"),
        *hard("PAN-1", "A stranger does not come from the private sector"),
    )
    assert judge(replace(PEER, active=False), "peer", PANEL) == hard("PAN-1", "The account of The peer is closed")


def test_one_person_holds_one_seat_but_is_no_stranger_to_their_own() -> None:
    """PAN-1."""
    other = replace(PANEL, holders=(Holder(PEER.person, "private"),))
    assert judge(PEER, "peer", other) == hard("PAN-1", "The peer already holds a seat of this panel")
    own = replace(PANEL, holders=(Holder(PEER.person, "peer"),))
    assert judge(PEER, "peer", own) == ()


def test_another_duty_in_the_review_bars() -> None:
    """B3."""
    assert judge(replace(PEER, other_parts=("decision maker", "moderator")), "peer", PANEL) == hard(
        "B3", "The peer has another duty in this review: decision maker and moderator"
    )


def test_hard_rules_come_first() -> None:
    one = replace(PEER, group="Territorial Policing", rank=1, observed=False, vetted_until=None)
    assert [(each.rule, each.kind.value) for each in judge(one, "peer", PANEL)] == [
        ("REV-4", "hard"), ("COI-6", "waivable"), ("PAN-3", "waivable"), ("REV-3", "waivable"),
    ]  # fmt: skip


def test_a_missing_number_is_not_guessed() -> None:
    with pytest.raises(KeyError, match="PAN-5"):
        judge(PEER, "peer", replace(PANEL, numbers={name: 1 for name in PANEL.numbers if name != "PAN-5"}))


@pytest.mark.parametrize(
    ("since", "until", "barred"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), False),
        (date(2026, 11, 1), T0, True),
        (date(2026, 12, 5), date(2026, 12, 9), True),
        (date(2026, 12, 6), date(2026, 12, 9), False),
    ],
)
def test_nobody_is_asked_for_days_in_which_they_cannot_sit(since: date, until: date, barred: bool) -> None:
    """PAN-1: from the first to the last day on site."""
    visit = replace(PANEL, until=date(2026, 12, 5))
    found = own("PAN-1", "The peer cannot sit in the days of the visit") if barred else ()
    assert judge(replace(PEER, away=(Away(since, until),)), "peer", visit) == found


def test_who_can_finish_keeps_a_seat_but_takes_no_new_one() -> None:
    """PAN-1."""
    one = replace(PEER, away=(Away(T0, T0, can_finish=True),))
    assert judge(one, "peer", PANEL) == own("PAN-1", "The peer cannot sit in the days of the visit")
    assert judge(one, "peer", replace(PANEL, holders=(Holder(PEER.person, "peer"),))) == ()
