"""Every rule of B1 between a person and a seat, tried at its edge: the whole judgement is asserted each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from metstandard.panels.conflicts import Kind, Service, Supply, judge
from tests.panels.judged import (
    BRENT,
    CALIBRATED,
    CAMDEN,
    COMPANY,
    COUNCIL,
    FLYING_SQUAD,
    HACKNEY,
    LATER,
    PANEL,
    PEER,
    T0,
    TODAY,
    hard,
    sat,
    soft,
)


def test_the_peer_comes_from_another_unit() -> None:
    """COI-1."""
    assert judge(replace(PEER, home=CAMDEN), "peer", PANEL) == hard("COI-1", "The peer belongs to Camden BOCU")
    homeless = judge(replace(PEER, home=None), "peer", PANEL)
    assert homeless == hard("COI-1", "The peer belongs to no unit, so cannot be the peer from another unit")
    assert judge(replace(COUNCIL, home=CAMDEN), "local_authority", PANEL) == hard(
        "COI-1", "The councillor belongs to Camden BOCU"
    )


@pytest.mark.parametrize(
    ("until", "command", "months"),
    [
        (None, False, 36),
        (date(2027, 5, 1), False, 36),
        (date(2023, 12, 2), False, 36),
        (date(2023, 12, 1), False, None),
        (date(2023, 12, 1), True, 60),
        (date(2021, 12, 2), True, 60),
        (date(2021, 12, 1), True, None),
    ],
)
def test_service_in_the_unit_bars_for_36_months_and_in_its_command_team_for_60(
    until: date | None, command: bool, months: int | None
) -> None:
    """COI-2, counted back from the first day on site; a spell that still runs always bars."""
    one = replace(COUNCIL, services=(Service(HACKNEY, command_team=True, until=None), Service(CAMDEN, command, until)))
    where = "in the command team of" if command else "in"
    expected = hard("COI-2", f"The councillor served {where} Camden BOCU within the last {months} months")
    assert judge(one, "local_authority", PANEL) == (expected if months else ())


def test_units_do_not_review_each_other_within_24_months_whichever_visit_comes_first() -> None:
    """COI-3: the reviewer's home is the one they had at the time."""
    sentence = "A reviewer from Camden BOCU reviews the unit of The peer within 24 months"
    for on, barred in [
        (date(2024, 12, 2), True), (date(2024, 12, 1), False), (date(2028, 11, 30), True), (date(2028, 12, 1), False),
    ]:  # fmt: skip
        panel = replace(PANEL, history=(sat(FLYING_SQUAD, 77, on, home=CAMDEN),))
        assert judge(PEER, "peer", panel) == (hard("COI-3", sentence) if barred else ()), on
    elsewhere = replace(PANEL, history=(sat(HACKNEY, 77, T0, home=CAMDEN), sat(FLYING_SQUAD, 78, T0, home=HACKNEY)))
    assert judge(replace(PEER, home=BRENT), "peer", elsewhere) == ()


def test_a_ring_of_three_units_is_a_warning() -> None:
    """COI-3: Flying Squad would review Camden, Camden reviewed Hackney, Hackney reviewed Flying Squad."""
    ring = replace(PANEL, history=(sat(HACKNEY, 77, T0, home=CAMDEN), sat(FLYING_SQUAD, 78, T0, home=HACKNEY)))
    assert judge(PEER, "peer", ring) == soft("COI-3", "With The peer three units would review each other in a ring")
    too_long_ago = sat(HACKNEY, 77, date(2023, 1, 1), home=CAMDEN)
    assert judge(PEER, "peer", replace(ring, history=(too_long_ago, ring.history[1]))) == ()


def test_the_public_reviewer_comes_from_a_council_that_does_not_share_the_borough() -> None:
    """COI-4. An operational unit shares its borough with nobody."""
    own = replace(COUNCIL, borough="Camden")
    assert judge(own, "local_authority", PANEL) == hard(
        "COI-4", "The councillor comes from the council that shares its borough with Camden BOCU"
    )
    assert judge(own, "local_authority", replace(PANEL, borough=None)) == ()
    posing = replace(COUNCIL, employer_kind="company")
    assert judge(posing, "local_authority", PANEL) == hard(
        "COI-4", "The councillor does not come from a London local authority"
    )


@pytest.mark.parametrize("role", ["supplier", "bidder", "sponsor"])
@pytest.mark.parametrize(
    ("until", "kind"),
    [
        (None, Kind.HARD),
        (date(2027, 1, 1), Kind.HARD),
        (TODAY, Kind.HARD),
        (date(2026, 8, 31), Kind.WAIVABLE),
        (date(2024, 12, 2), Kind.WAIVABLE),
        (date(2024, 12, 1), None),
    ],
)
def test_a_current_supplier_is_barred_and_a_past_one_within_24_months_is_a_warning(
    role: str, until: date | None, kind: Kind | None
) -> None:
    """COI-5: current means today, not only on the first day on site."""
    found = judge(replace(COMPANY, supplies=(Supply(role, until),)), "private", PANEL)
    expected = {
        Kind.HARD: hard("COI-5", f"Northgate Rail is a {role} to the Authority or the service"),
        Kind.WAIVABLE: soft("COI-5", f"Northgate Rail was a {role} within the last 24 months"),
        None: (),
    }
    assert found == expected[kind]


def test_a_company_that_supplied_twice_is_judged_by_each_spell() -> None:
    """COI-5: the hard one comes first."""
    one = replace(COMPANY, supplies=(Supply("sponsor", date(2026, 1, 1)), Supply("supplier", None)))
    assert [(each.rule, each.kind) for each in judge(one, "private", PANEL)] == [
        ("COI-5", Kind.HARD), ("COI-5", Kind.WAIVABLE),
    ]  # fmt: skip


def test_a_private_seat_is_for_the_private_sector() -> None:
    """PAN-1: a council's reviewer cannot pose as private."""
    posing = replace(COUNCIL, seat="private")
    assert judge(posing, "private", PANEL) == hard("PAN-1", "The councillor does not come from the private sector")


def test_a_common_line_commander_is_a_warning_for_the_peer_only() -> None:
    """COI-6."""
    one = replace(PEER, group="Territorial Policing")
    sentence = "The peer and Camden BOCU share a line commander (Territorial Policing)"
    assert judge(one, "peer", PANEL) == soft("COI-6", sentence)
    assert judge(replace(COUNCIL, group="Territorial Policing"), "local_authority", PANEL) == ()


def test_a_prejudicial_interest_bars_and_a_personal_one_needs_a_waiver() -> None:
    """COI-7, COI-9, COI-12."""
    both = replace(COMPANY, prejudicial=True, personal=True)
    assert judge(both, "private", PANEL) == hard(
        "COI-7", "The director has declared a prejudicial interest in Camden BOCU"
    )
    assert judge(replace(COMPANY, personal=True), "private", PANEL) == soft(
        "COI-12", "The director has declared a personal interest in Camden BOCU"
    )


def test_a_gift_of_the_unit_counts_for_twelve_months() -> None:
    """COI-11."""
    one = replace(PEER, calibrated_until=LATER)
    sentence = "The peer accepted a gift of Camden BOCU within 12 months of the visit"
    assert judge(replace(one, gifts=(date(2025, 12, 2),)), "peer", CALIBRATED) == soft("COI-11", sentence)
    assert judge(replace(one, gifts=(date(2025, 12, 1),)), "peer", CALIBRATED) == ()
    assert judge(replace(one, gifts=(date(2026, 12, 1),)), "peer", PANEL) == ()
