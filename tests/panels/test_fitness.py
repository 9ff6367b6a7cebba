"""Every rule of B2 about rotation, load and readiness, tried at its edge: the whole judgement is asserted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from metstandard.panels.conflicts import Holder, judge
from tests.panels.judged import (
    BRENT,
    CALIBRATED,
    CAMDEN,
    COMPANY,
    COUNCIL,
    HACKNEY,
    PANEL,
    PEER,
    PUBLICATION,
    hard,
    sat,
    soft,
)


def test_the_peer_does_not_lead_twice_running_whoever_it_is() -> None:
    """PAN-2."""
    after = replace(PANEL, last_led_by_peer=True)
    assert judge(PEER, "peer", after, lead=True) == soft("PAN-2", "The peer also led the last panel of Camden BOCU")
    assert judge(PEER, "peer", after) == ()
    assert judge(COUNCIL, "local_authority", after, lead=True) == ()


def test_a_peer_may_be_one_rank_below_the_commander_but_not_two() -> None:
    """PAN-3; an unknown rank is not judged."""
    assert judge(replace(PEER, rank=4), "peer", PANEL) == ()
    assert judge(replace(PEER, rank=7), "peer", PANEL) == ()
    assert judge(replace(PEER, rank=3), "peer", PANEL) == soft(
        "PAN-3", "The peer is more than 1 rank below the commander of Camden BOCU"
    )
    assert judge(replace(PEER, rank=1), "peer", replace(PANEL, commander_rank=None)) == ()
    assert judge(replace(PEER, rank=None), "peer", PANEL) == ()


def test_nobody_reviews_one_unit_twice_running() -> None:
    """PAN-5."""
    assert judge(PEER, "peer", replace(PANEL, last_panel=(PEER.person,))) == hard(
        "PAN-5", "The peer sat on the last panel of Camden BOCU"
    )


@pytest.mark.parametrize(
    ("others", "barred"),
    [
        ([date(2026, 1, 1), date(2026, 3, 1)], False),
        ([date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)], True),
        ([date(2025, 12, 1), date(2026, 3, 1), date(2026, 6, 1)], False),
        ([date(2026, 3, 1), date(2026, 6, 1), date(2027, 5, 1)], False),
        ([date(2026, 12, 1), date(2027, 5, 1), date(2027, 11, 30)], True),
        ([date(2026, 12, 2), date(2027, 5, 1), date(2027, 12, 1)], False),
    ],
)
def test_nobody_has_more_than_three_reviews_in_any_twelve_months(others: list[date], barred: bool) -> None:
    """PAN-5: planned reviews count as well as past ones."""
    panel = replace(PANEL, history=tuple(sat(HACKNEY, COUNCIL.person, on) for on in others))
    expected = hard("PAN-5", "The councillor would have more than 3 reviews within a year")
    assert judge(COUNCIL, "local_authority", panel) == (expected if barred else ())


def test_every_panel_has_a_face_new_to_the_unit() -> None:
    """PAN-5: only whoever fills the last seat carries the warning."""
    long_ago = date(2019, 1, 1)
    known = tuple(sat(CAMDEN, one.person, long_ago) for one in (PEER, COUNCIL, COMPANY))
    two = (Holder(COUNCIL.person, "local_authority"), Holder(COMPANY.person, "private"))
    sentence = "With The peer nobody on this panel is new to Camden BOCU"
    assert judge(PEER, "peer", replace(PANEL, history=known, holders=two)) == soft("PAN-5", sentence)
    assert judge(PEER, "peer", replace(PANEL, history=known, holders=two[:1])) == ()
    assert judge(PEER, "peer", replace(PANEL, history=known[:2], holders=two)) == ()
    whole = (*two, Holder(PEER.person, "peer"))
    assert judge(PEER, "peer", replace(PANEL, history=known, holders=whole)) == soft("PAN-5", sentence)


def test_training_and_vetting_last_to_the_planned_publication() -> None:
    """REV-1, REV-4."""
    assert judge(replace(PEER, trained_until=PUBLICATION, vetted_until=PUBLICATION), "peer", PANEL) == ()
    for day in (None, date(2027, 3, 6)):
        assert judge(replace(PEER, trained_until=day, vetted_until=day), "peer", PANEL) == (
            *hard("REV-1", "The training of The peer is not valid to the planned publication"),
            *hard("REV-4", "The vetting of The peer is not valid to the planned publication"),
        )


def test_reviewers_from_outside_sign_terms_of_confidentiality() -> None:
    """REV-4."""
    for one in (COUNCIL, COMPANY):
        assert judge(replace(one, terms_signed=False), one.seat, PANEL) == hard(
            "REV-4", f"{one.name} has not signed the terms of confidentiality"
        )
    assert judge(replace(PEER, terms_signed=False), "peer", PANEL) == ()


def test_a_first_review_comes_after_an_observed_one() -> None:
    """REV-3: a past review serves as well, a planned one does not."""
    fresh = replace(COMPANY, observed=False)
    warned = soft("REV-3", "This would be the first review of The director, who has not observed one")
    assert judge(fresh, "private", PANEL) == warned
    assert judge(fresh, "private", replace(PANEL, history=(sat(HACKNEY, 30, date(2020, 1, 1)),))) == ()
    assert judge(fresh, "private", replace(PANEL, history=(sat(HACKNEY, 30, date(2027, 6, 1)),))) == warned


def test_calibration_must_last_to_the_publication_where_the_edition_asks_for_it() -> None:
    """REV-2: to the very day; an edition without the number does not ask."""
    sentence = "The calibration of The peer is not valid to the planned publication"
    for until, found in (
        (None, hard("REV-2", sentence)),
        (date(2027, 3, 6), hard("REV-2", sentence)),
        (PUBLICATION, ()),
    ):
        assert judge(replace(PEER, calibrated_until=until), "peer", CALIBRATED) == found
    assert judge(replace(PEER, calibrated_until=None), "peer", PANEL) == ()


def test_a_reviewer_who_offers_less_than_the_rule_allows_is_asked_for_no_more_without_a_waiver() -> None:
    """PAN-5."""
    busy = replace(
        PANEL, history=(sat(BRENT, PEER.person, date(2026, 6, 1)), sat(HACKNEY, PEER.person, date(2026, 9, 1)))
    )
    offers = soft("PAN-5", "The peer offers 2 reviews within a year, and would have more")
    assert judge(replace(PEER, capacity=2), "peer", busy) == offers
    assert judge(replace(PEER, capacity=3), "peer", busy) == ()
