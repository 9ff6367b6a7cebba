"""Parts of an instance that stand by themselves: what a plan weighs, a unit, and who has sat together before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from itertools import combinations

import sqlalchemy as sa
from sqlmodel import Session, col

from metstandard.panels import instance as facts
from metstandard.records.regions import of_boroughs, region_of, unit_type
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat
from metstandard.records.units import Unit, UnitKind
from metstandard.rules.editions import newest_workflow

CENTRE = of_boroughs()["Westminster"]
"""Where a unit without a borough works from: headquarters."""


RELAXABLE = ("interest", "unavailable", "capacity", "travel", "pair_cap")
"""What the solver may name as a way out: a joint waiver, or something that the reviewer alone can grant."""


def params(weeks: int) -> facts.Params:
    """What a plan of so many weeks weighs, as the newest edition of the workflow says under PLAN.

    Former postings are judged in months by COI-2, so none is left to weeks. Raises BadFile for a missing number.
    """
    number = newest_workflow("assessment")[0].number
    return facts.Params(
        weeks=weeks,
        ex_unit_weeks=0,
        pair_cap=number("PLAN-pairs"),
        reserve_cap=number("PLAN-reserves"),
        floor=number("PLAN-floor"),
        relaxable=RELAXABLE,
        weights=facts.Weights(
            load=number("PLAN-load"),
            no_experienced=number("PLAN-experience"),
            shortfall=number("PLAN-shortfall"),
            one_region=number("PLAN-region"),
            repeat_pair=number("PLAN-again"),
            change=number("PLAN-change"),
        ),
    )


def region(unit: Unit) -> str:
    """The region in which a unit works."""
    return region_of(unit.borough) or CENTRE


def unit_facts(unit: Unit) -> facts.Unit:
    """A unit as instances give it."""
    return facts.Unit(
        id=unit.code,
        kind="borough" if unit.kind is UnitKind.BOCU else "specialist",
        type=unit_type(unit),
        borough=unit.borough,
        region=region(unit),
    )


def met_before(session: Session, planned: Collection[int], known: Collection[int]) -> Counter[tuple[int, int]]:
    """How often two of the people known have sat together, on panels that are not planned here."""
    rows = session.execute(
        sa.select(col(Seat.review_id), col(Seat.person_id))
        .join(Review, col(Review.id) == Seat.review_id)
        .where(col(Seat.status).in_(HOLDING), col(Seat.review_id).not_in(planned), col(Review.state) != "cancelled")
    ).all()
    panels: dict[int, set[int]] = {}
    for review, person in rows:
        panels.setdefault(review, set()).add(person)
    return Counter(pair for panel in panels.values() for pair in combinations(sorted(panel & set(known)), 2))
