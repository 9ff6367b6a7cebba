"""Agreement over a great programme and the severity model over a thousand reviews, each beside statsmodels.

Agreement: 10,000 reviews of 28 criteria by 3 reviewers. Fleiss' kappa alone beside that of statsmodels, from the same
array of levels; and every coefficient with its interval (alpha by four metrics, AC1, AC2, nine Cohen's kappas, six
intraclass correlations) beside the Fleiss' and Cohen's kappas that statsmodels has. Severity: 1,000 reviews by 999
reviewers, three each, with the uncertainty of the variances, beside the REML fit alone of statsmodels' MixedLM. CPU
time of one thread in a process of its own; what both sides compute is compared, and a difference stops the run.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # what statsmodels takes its data in
from numpy.typing import NDArray
from statsmodels.regression.mixed_linear_model import MixedLM
from statsmodels.stats import inter_rater

from benchmarks.row import Row
from metstandard.statistics.agreement import fleiss_kappa
from metstandard.statistics.layout import Mark
from metstandard.statistics.ratings import Ratings
from metstandard.statistics.severity import fit
from metstandard.statistics.summary import agreement

CELLS = 10_000 * 28
REVIEWS = 1_000
LEVELS = 5
FLEISS_TARGET = 1.5
AGREEMENT_TARGET = 3.0
SEVERITY_TARGET = 0.2

Answer = TypeVar("Answer")


def run() -> list[Row]:
    """CPU seconds of ours and of statsmodels, on the same data, measured in a process with one thread."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.statistics"],
        cwd=Path(__file__).resolve().parents[1],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [Row(**each) for each in json.loads(done.stdout)]


def _agreement() -> list[Row]:
    rng = np.random.default_rng(1)
    quality = rng.normal(2.6, 0.7, (CELLS, 1))
    levels = np.clip(np.round(quality + rng.normal(0, 0.5, (CELLS, 3))), 0, LEVELS - 1).astype(np.int64)
    kappa, kappa_cost = _timed(lambda: fleiss_kappa(_ratings(levels)).value)
    their_kappa, their_kappa_cost = _timed(lambda: inter_rater.fleiss_kappa(inter_rater.aggregate_raters(levels)[0]))
    _same("Fleiss' kappa", kappa, their_kappa, 1e-9)
    found, cost = _timed(lambda: agreement(_ratings(levels)).as_json())
    theirs, their_cost = _timed(lambda: _their_kappas(levels))
    ours = [found["kappa"][name][weighting] for name, weighting in theirs]
    for (name, weighting), own, other in zip(theirs, ours, theirs.values(), strict=True):
        _same(f"{weighting} kappa of {name}", own, other, 1e-9)
    return [
        _row(f"Fleiss' kappa, {CELLS:,} cells by 3", kappa_cost, their_kappa_cost, FLEISS_TARGET),
        _row(f"every coefficient, {CELLS:,} cells by 3", cost, their_kappa_cost + their_cost, AGREEMENT_TARGET),
    ]


def _ratings(levels: NDArray[np.int64]) -> Ratings:
    cells, raters = levels.shape
    unit, rater = (part.ravel() for part in np.indices(levels.shape))
    return Ratings(
        units=tuple(map(str, range(cells))),
        raters=tuple("ABC"[:raters]),
        categories=tuple(map(str, range(LEVELS))),
        positions=np.arange(LEVELS, dtype=np.float64),
        measured=True,
        unit=unit,
        rater=rater,
        category=levels.ravel(),
    )


def _their_kappas(levels: NDArray[np.int64]) -> dict[tuple[str, str], float]:
    found = {}
    for first, second in itertools.combinations(range(levels.shape[1]), 2):
        table = inter_rater.to_table(levels[:, [first, second]], bins=LEVELS)[0]
        for weighting in ("unweighted", "linear", "quadratic"):
            weights = None if weighting == "unweighted" else weighting
            found[f"{'ABC'[first]}|{'ABC'[second]}", weighting] = inter_rater.cohens_kappa(table, wt=weights).kappa
    return found


def _severity() -> Row:
    marks = _marks(np.random.default_rng(1))
    model, cost = _timed(lambda: fit(marks))
    theirs, their_cost = _timed(lambda: _mixed_linear_model(marks))
    reviewer, review = theirs.vcomp  # in the order of their names
    _same("variance between reviews", model.variances.review, review, 1e-3)
    _same("variance between reviewers", model.variances.reviewer, reviewer, 1e-3)
    _same("residual variance", model.variances.residual, theirs.scale, 1e-3)
    return _row(f"severity model, {REVIEWS:,} reviews", cost, their_cost, SEVERITY_TARGET)


def _marks(rng: np.random.Generator) -> list[Mark]:
    """One sheet's mean per mark; each of three kinds of seat has 333 reviewers with about three reviews each."""
    pool = REVIEWS // 3
    seats = [rng.permutation(np.resize(np.arange(pool), REVIEWS)) + pool * kind for kind in range(3)]
    severity, quality = rng.normal(0, 0.25, 3 * pool), rng.normal(2.6, 0.45, REVIEWS)
    return [
        Mark(f"r{review}", f"p{seat[review]}", float(quality[review] - severity[seat[review]] + rng.normal(0, 0.2)))
        for review in range(REVIEWS)
        for seat in seats
    ]


def _mixed_linear_model(marks: list[Mark]) -> Any:
    frame = pd.DataFrame(
        {
            "mark": [mark.value for mark in marks],
            "review": [mark.review for mark in marks],
            "rater": [mark.reviewer for mark in marks],
        }
    )
    parts = {"rater": "0 + C(rater)", "review": "0 + C(review)"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return MixedLM.from_formula("mark ~ 1", groups=np.ones(len(frame)), vc_formula=parts, data=frame).fit()


def _timed(act: Callable[[], Answer]) -> tuple[Answer, float]:
    before = time.process_time()
    answer = act()
    return answer, time.process_time() - before


def _same(what: str, ours: float, theirs: float, tolerance: float) -> None:
    if abs(ours - theirs) > tolerance * max(abs(theirs), 1e-9):
        raise SystemExit(f"{what}: {ours} here, {theirs} by statsmodels")


def _row(name: str, figure: float, peer: float, target: float) -> Row:
    return Row(name, round(figure, 3), "CPU s", round(peer, 3), round(figure / peer, 3), target)


if __name__ == "__main__":
    print(json.dumps([asdict(row) for row in (*_agreement(), _severity())]))
