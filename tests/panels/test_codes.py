"""Rules between panels by number say exactly what they say one by one."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from metstandard.panels.arrays import Arrays
from metstandard.panels.codes import coded, decoded, encoded, limits
from metstandard.panels.cycle import Cycle
from metstandard.panels.instance import Instance
from metstandard.panels.prices import Panels, Prices
from metstandard.panels.pricing import Pricer
from metstandard.panels.rules import limit, rules_of
from tests.panels import tiny


def every_panel(arrays: Arrays) -> Panels:
    """All panels that break no rule of one panel."""
    pricer, free = Pricer(arrays, arrays.columns()), Prices.free(arrays)
    pairs = pricer.pair_costs(free)
    reviews = range(len(arrays.reviews))
    return Panels.joined([pricer.best(review, free, pairs, above=-1e6, most=10**6).panels for review in reviews])


@pytest.mark.parametrize("waived", [(), ("double_booking:R1:1", "pair_cap:R0:R1", "reciprocal:U0:U1")])
def test_the_codes_of_panels_are_their_rules(waived: tuple[str, ...]) -> None:
    """By fixed lots: tiny cycles, in half of which some rules are waived."""
    kinds = Counter[str]()
    for seed in range(60):
        instance = tiny.cycle(Random(seed))  # noqa: S311  lots, no secret
        params = instance["params"] | {"relaxable": ["double_booking", "pair_cap", "reciprocal"]}
        arrays = Arrays(Cycle(Instance.parse(instance | {"params": params})), waived)
        panels = every_panel(arrays)
        places, codes = coded(arrays, panels)
        rules = [decoded(arrays, code) for code in codes.tolist()]
        assert Counter(zip(places.tolist(), rules, strict=True)) == Counter(rules_of(arrays, panels))
        assert [encoded(arrays, rule) for rule in rules] == codes.tolist()
        assert [limit(arrays, rule) for rule in rules] == limits(arrays, codes).tolist()
        kinds.update(kind for kind, _, _ in rules)
    assert set(kinds) == {"week", "judges", "pair"}
