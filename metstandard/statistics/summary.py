"""Every coefficient of agreement at once, for a review, a cycle, a domain, a criterion or the kinds of seat.

For kinds of seat the raters are the kinds: rows of (review and criterion, kind, level) give one kappa for each two
kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import Any, TypeVar

from metstandard.common.errors import Invalid
from metstandard.statistics.agreement import (
    METRICS,
    Metric,
    Pair,
    Weighting,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac,
    krippendorff_alpha,
    pairs,
)
from metstandard.statistics.estimates import Estimate, NotDefined, Undefined, value_of
from metstandard.statistics.icc import FORMS, icc, mean_squares
from metstandard.statistics.ratings import Ratings, ratings_of

FEW_RATERS = 50
"""Up to so many raters, pairs that share no unit are listed too, with n 0; beyond, only counted."""

WIDEST = 0.4
"""A coefficient whose interval is wider than this takes no place in a ranking."""

KAPPAS: tuple[Weighting, ...] = ("unweighted", "linear", "quadratic")

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Cohen's kappas of two raters over the `n` units both have rated."""

    kappas: Mapping[Weighting, Estimate | None]
    n: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """All coefficients of one set of ratings; None where `undefined` says why, by path such as `alpha.ratio`."""

    units: int
    raters: int
    ratings: int
    alpha: Mapping[Metric, Estimate | None]
    kappa: Mapping[str, PairAgreement]
    fleiss: Estimate | None
    ac1: Estimate | None
    ac2: Mapping[Weighting, Estimate | None]
    icc: Mapping[str, Estimate | None]
    undefined: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What `metstandard statistics agreement` prints: bare figures, unrounded, null where undefined."""
        return {
            "n": {"units": self.units, "raters": self.raters, "ratings": self.ratings},
            "alpha": {name: value_of(found) for name, found in self.alpha.items()},
            "kappa": {
                name: {**{key: value_of(found) for key, found in pair.kappas.items()}, "n": pair.n}
                for name, pair in self.kappa.items()
            },
            "fleiss": value_of(self.fleiss),
            "ac1": value_of(self.ac1),
            "ac2": {name: value_of(found) for name, found in self.ac2.items()},
            "icc": {name: value_of(found) for name, found in self.icc.items()},
            "undefined": dict(self.undefined),
        }


def agreement(ratings: Ratings) -> Agreement:
    """Every coefficient with its interval. Nothing is raised: what does not exist is None and named in `undefined`."""
    undefined = Undefined()
    attempt = undefined.attempt
    alpha = {metric: attempt(f"alpha.{metric}", partial(krippendorff_alpha, ratings, metric)) for metric in METRICS}
    undefined.gather("alpha", alpha)
    kappa = _kappas(ratings, undefined)
    fleiss = attempt("fleiss", partial(fleiss_kappa, ratings))
    ac1 = attempt("ac1", partial(gwet_ac, ratings))
    ac2 = {weighting: attempt(f"ac2.{weighting}", partial(gwet_ac, ratings, weighting)) for weighting in KAPPAS[1:]}
    undefined.gather("ac2", ac2)
    correlations = _correlations(ratings, undefined)
    return Agreement(
        units=len(ratings.units),
        raters=len(ratings.raters),
        ratings=int(ratings.unit.size),
        alpha=alpha,
        kappa=kappa,
        fleiss=fleiss,
        ac1=ac1,
        ac2=ac2,
        icc=correlations,
        undefined=undefined.whys,
    )


def agreement_by(
    rows: Iterable[tuple[Name, str, str, float | str | None]], *, scale: tuple[str, ...] | None = None
) -> dict[Name, Agreement]:
    """Agreement apart for each group of (group, unit, rater, value) rows: by review, cycle, domain or criterion.

    Give the whole `scale`, so that groups in which a level never occurs are measured by the same rule as the rest.
    Raises Invalid as `ratings_of` does.
    """
    groups: dict[Name, list[tuple[str, str, float | str | None]]] = {}
    for group, unit, rater, value in rows:
        groups.setdefault(group, []).append((unit, rater, value))
    return {group: agreement(ratings_of(members, scale)) for group, members in groups.items()}


@dataclass(frozen=True, slots=True)
class Ranking:
    """Names from the highest down, those that cannot be told apart together; and those left out, with the reason."""

    places: tuple[tuple[Any, ...], ...]
    withheld: Mapping[Any, str]


def ranked(estimates: Mapping[Name, Estimate | None], *, widest: float = WIDEST) -> Ranking:
    """A ranking only as far as the intervals carry one: names whose intervals overlap share a place.

    `widest` is the width of interval, in the figure's own unit, beyond which a name is left out.
    """
    withheld: dict[Name, str] = {}
    kept: dict[Name, tuple[float, float, float]] = {}
    for name, found in estimates.items():
        if found is None:
            withheld[name] = "It is not defined."
        elif found.low is None or found.high is None:
            withheld[name] = "It has no interval."
        elif found.high - found.low > widest:
            withheld[name] = f"Its interval is wider than {widest:g}."
        else:
            kept[name] = (found.value, found.low, found.high)
    places: list[list[Name]] = []
    lowest = float("inf")
    for name, (_, low, high) in sorted(kept.items(), key=lambda item: -item[1][0]):
        if high < lowest:
            places.append([])
            lowest = low
        places[-1].append(name)
        lowest = min(lowest, low)
    return Ranking(tuple(tuple(place) for place in places), withheld)


def _kappas(ratings: Ratings, undefined: Undefined) -> dict[str, PairAgreement]:
    found: dict[str, PairAgreement] = {}
    sharing = {(pair.first, pair.second): pair for pair in pairs(ratings)}
    few = len(ratings.raters) <= FEW_RATERS
    everyone = combinations(range(len(ratings.raters)), 2) if few else sharing
    for first, second in everyone:
        name = f"{ratings.raters[first]}|{ratings.raters[second]}"
        if name in found:
            raise Invalid(
                f"Two pairs of raters would both be called {name}: leave | out of their names.", field="rater"
            )
        found[name] = _pair(name, sharing.get((first, second)), ratings, undefined)
    apart = len(ratings.raters) * (len(ratings.raters) - 1) // 2 - len(found)
    if apart:
        undefined.note("kappa", f"{apart} pairs of raters are left out: they have rated no unit in common.")
    return found


def _pair(name: str, pair: Pair | None, ratings: Ratings, undefined: Undefined) -> PairAgreement:
    def compute(weighting: Weighting) -> Callable[[], Estimate]:
        if pair is None:
            return _nothing_shared
        return partial(cohen_kappa, pair, ratings, weighting)

    path = f"kappa.{name}"
    kappas = {weighting: undefined.attempt(f"{path}.{weighting}", compute(weighting)) for weighting in KAPPAS}
    undefined.gather(path, kappas)
    return PairAgreement(kappas, pair.n if pair else 0)


def _nothing_shared() -> Estimate:
    raise NotDefined("They have rated no unit in common.")


def _correlations(ratings: Ratings, undefined: Undefined) -> dict[str, Estimate | None]:
    try:
        squares = mean_squares(ratings.table())
    except NotDefined as refusal:
        undefined.note("icc", str(refusal))
        return dict.fromkeys(FORMS)
    found: dict[str, Estimate | None] = {
        form: undefined.attempt(f"icc.{form}", partial(icc, squares, form)) for form in FORMS
    }
    undefined.gather("icc", found)
    return found
