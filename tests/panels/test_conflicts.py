"""Every rule between a person and a seat, tried at its edge: the whole judgement is asserted each time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from time import process_time

import pytest

from metstandard.panels.conflicts import Away, Candidate, Conflict, Holder, Kind, Panel, Seating, Service, Supply, judge

CAMDEN, HACKNEY, FLYING_SQUAD, BRENT = 1, 2, 3, 4
TODAY, T0, PUBLICATION = date(2026, 9, 1), date(2026, 12, 1), date(2027, 3, 7)
LATER = date(2028, 1, 1)

PANEL = Panel(
    unit=CAMDEN, unit_name="Camden BOCU", group="Territorial Policing", borough="Camden", commander_rank=5,
    today=TODAY, on=T0, publication=PUBLICATION,
    origins={"peer": "unit", "local_authority": "council", "private": "company"},
    numbers={"COI-2": 36, "COI-2-command": 60, "COI-3": 24, "COI-5": 24, "PAN-3": 1, "PAN-5": 3},
)  # fmt: skip
PEER = Candidate(
    person=10, name="The peer", seat="peer", home=FLYING_SQUAD, group="Specialist Crime", rank=5,
    trained_until=LATER, vetted_until=LATER, observed=True,
)  # fmt: skip
COUNCIL = Candidate(
    person=20, name="The councillor", seat="local_authority", employer="Hackney Council", employer_kind="council",
    borough="Hackney", trained_until=LATER, vetted_until=LATER, terms_signed=True, observed=True,
)  # fmt: skip
COMPANY = Candidate(
    person=30, name="The director", seat="private", employer="Northgate Rail", employer_kind="company",
    trained_until=LATER, vetted_until=LATER, terms_signed=True, observed=True,
)  # fmt: skip


def hard(rule: str, sentence: str) -> tuple[Conflict, ...]:
    return (Conflict(rule, Kind.HARD, sentence),)


def soft(rule: str, sentence: str) -> tuple[Conflict, ...]:
    return (Conflict(rule, Kind.WAIVABLE, sentence),)


def sat(unit: int, person: int, on: date, home: int | None = None) -> Seating:
    return Seating(unit=unit, person=person, home=home, on=on)


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


def many() -> Iterator[Seating]:
    """The seats of a large programme: 1,000 units, three cycles."""
    for unit in range(1000):
        for cycle in range(3):
            for seat in range(3):
                person = (unit * 3 + seat + cycle * 31) % 1000
                yield sat(unit, person, date(2018 + 3 * cycle, 6, 1), home=(unit + 7) % 1000)


def test_a_thousand_candidates_are_judged_within_a_fraction_of_a_second() -> None:
    panel = replace(PANEL, history=tuple(many()))
    pool = [replace(PEER, person=number, home=number + 2) for number in range(1000)]
    began = process_time()
    found = [judge(one, "peer", panel) for one in pool]
    assert process_time() - began < 0.5
    assert len(found) == 1000


CALIBRATED = replace(PANEL, numbers=PANEL.numbers | {"REV-2": 24, "COI-11": 12})


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
    found = hard("PAN-1", "The peer cannot sit in the days of the visit") if barred else ()
    assert judge(replace(PEER, away=(Away(since, until),)), "peer", visit) == found


def test_who_can_finish_keeps_a_seat_but_takes_no_new_one() -> None:
    """PAN-1."""
    one = replace(PEER, away=(Away(T0, T0, can_finish=True),))
    assert judge(one, "peer", PANEL) == hard("PAN-1", "The peer cannot sit in the days of the visit")
    assert judge(one, "peer", replace(PANEL, holders=(Holder(PEER.person, "peer"),))) == ()


def test_a_reviewer_who_offers_less_than_the_rule_allows_is_asked_for_no_more_without_a_waiver() -> None:
    """PAN-5."""
    busy = replace(
        PANEL, history=(sat(BRENT, PEER.person, date(2026, 6, 1)), sat(HACKNEY, PEER.person, date(2026, 9, 1)))
    )
    offers = soft("PAN-5", "The peer offers 2 reviews within a year, and would have more")
    assert judge(replace(PEER, capacity=2), "peer", busy) == offers
    assert judge(replace(PEER, capacity=3), "peer", busy) == ()


def test_a_gift_of_the_unit_counts_for_twelve_months() -> None:
    """COI-11."""
    one = replace(PEER, calibrated_until=LATER)
    sentence = "The peer accepted a gift of Camden BOCU within 12 months of the visit"
    assert judge(replace(one, gifts=(date(2025, 12, 2),)), "peer", CALIBRATED) == soft("COI-11", sentence)
    assert judge(replace(one, gifts=(date(2025, 12, 1),)), "peer", CALIBRATED) == ()
    assert judge(replace(one, gifts=(date(2026, 12, 1),)), "peer", PANEL) == ()
