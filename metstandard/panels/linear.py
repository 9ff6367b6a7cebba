"""A linear or integer programme built from arrays and handed to HiGHS.

Minimises. One thread always: HiGHS keeps one scheduler for a process and answers nothing when a later run asks for
another number of threads; and one thread gives the same answer each time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array

Numbers: TypeAlias = NDArray[np.float64]
Index: TypeAlias = NDArray[np.int64]

FREE = highspy.kHighsInf


class Verdict(StrEnum):
    """How a run ended. STOPPED: the time, a limit or a gap ended it; there may be values, and there is a bound."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Outcome:
    """What a run found. `values` is empty when it found nothing; the duals only stand after a linear run."""

    verdict: Verdict
    objective: float
    bound: float
    values: Numbers
    reduced: Numbers
    prices: Numbers
    basis: Any = None

    @property
    def found(self) -> bool:
        """Whether there are values at all."""
        return len(self.values) > 0


class Linear:
    """Variables and rows, added in blocks. Rows may take more columns later, with `also`."""

    def __init__(self) -> None:
        self._cost: list[Numbers] = []
        self._lower: list[Numbers] = []
        self._upper: list[Numbers] = []
        self._whole: list[NDArray[np.bool_]] = []
        self._row_lower: list[Numbers] = []
        self._row_upper: list[Numbers] = []
        self._entries: list[tuple[Index, Index, Numbers]] = []
        self.width = 0
        self.height = 0

    def variables(self, cost: ArrayLike, *, upper: ArrayLike = 1.0, whole: bool = False) -> Index:
        """New variables from 0 to `upper`; their numbers."""
        costs = np.asarray(cost, dtype=np.float64)
        count = len(costs)
        self._cost.append(costs)
        self._lower.append(np.zeros(count))
        self._upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), (count,)).copy())
        self._whole.append(np.full(count, whole))
        self.width += count
        return np.arange(self.width - count, self.width)

    def rows(self, lower: ArrayLike, upper: ArrayLike) -> Index:
        """New empty rows with these limits; their numbers."""
        low, high = np.broadcast_arrays(
            np.atleast_1d(np.asarray(lower, dtype=np.float64)), np.atleast_1d(np.asarray(upper, dtype=np.float64))
        )
        self._row_lower.append(low.copy())
        self._row_upper.append(high.copy())
        self.height += len(low)
        return np.arange(self.height - len(low), self.height)

    def grouped(self, group: NDArray[Any], column: Index, lower: float, upper: float) -> tuple[NDArray[Any], Index]:
        """One row for each distinct `group`, summing its columns; the distinct groups and their rows."""
        labels, place = np.unique(group, return_inverse=True)
        rows = self.rows(np.full(len(labels), lower), np.full(len(labels), upper))
        self.also(rows[place], column, 1.0)
        return labels, rows

    def also(self, row: Index, column: Index, value: ArrayLike) -> None:
        """More entries. A pair of row and column that comes twice is summed."""
        values = np.broadcast_to(np.asarray(value, dtype=np.float64), (len(row),))
        self._entries.append((np.asarray(row, dtype=np.int64), np.asarray(column, dtype=np.int64), values))

    def _matrix(self) -> csc_array:
        entries = self._entries or [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))]
        row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
        return csc_array((value, (row, column)), shape=(self.height, self.width))

    def _programme(self, *, whole: bool) -> Any:
        matrix = self._matrix()
        matrix.sum_duplicates()
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = self.width, self.height
        programme.col_cost_ = _joined(self._cost)
        programme.col_lower_ = _joined(self._lower)
        programme.col_upper_ = _joined(self._upper)
        programme.row_lower_ = _joined(self._row_lower)
        programme.row_upper_ = _joined(self._row_upper)
        programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        programme.a_matrix_.num_col_, programme.a_matrix_.num_row_ = self.width, self.height
        programme.a_matrix_.start_ = matrix.indptr
        programme.a_matrix_.index_ = matrix.indices
        programme.a_matrix_.value_ = matrix.data
        if whole:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            programme.integrality_ = [kinds[int(flag)] for flag in _joined(self._whole)]
        return programme

    def weighted(self, weights: Numbers) -> Numbers:
        """For each variable the sum of its entries times the weights of their rows."""
        found: Numbers = self._matrix().T @ weights
        return found

    def relaxed(self, *, seconds: float, basis: Any = None) -> Outcome:
        """The linear relaxation, by the simplex method."""
        highs = new_highs(seconds=seconds, presolve="off", solver="simplex")
        highs.passModel(self._programme(whole=False))
        if basis is not None:
            highs.setBasis(basis)
        highs.run()
        return _outcome(highs, whole=False)

    def trial(self) -> Trial:
        """The linear relaxation kept alive, for many small questions in a row."""
        highs = new_highs(presolve="off", solver="simplex")
        highs.passModel(self._programme(whole=False))
        limits = [np.concatenate(part) if part else np.zeros(0) for part in (self._row_lower, self._row_upper)]
        return Trial(highs, limits[0], limits[1])

    def ray(self, *, seconds: float) -> Numbers:
        """Weights of the rows that together prove the linear relaxation infeasible; empty if it is feasible."""
        highs = new_highs(seconds=seconds, presolve="off", solver="simplex")
        highs.passModel(self._programme(whole=False))
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
            return np.zeros(0)
        _, known, weights = highs.getDualRay()
        return np.array(weights) if known else np.zeros(0)

    def whole(
        self,
        *,
        seconds: float,
        seed: int = 0,
        gap: float = 0.999,
        start: Numbers | None = None,
        heard: Callable[[float, float], None] | None = None,
        **options: Any,
    ) -> Outcome:
        """The integer programme, to within `gap`; costs are whole numbers, so below 1 is proved optimal.

        `start` is a first answer; `heard(objective, bound)` is told now and then how far the search is.
        """
        highs = new_highs(seconds=seconds, random_seed=seed, mip_rel_gap=0.0, mip_abs_gap=gap, **options)
        highs.passModel(self._programme(whole=True))
        if start is not None:
            first = highspy.HighsSolution()
            first.col_value = start
            highs.setSolution(first)
        if heard is not None:
            highs.cbMipLogging.subscribe(
                lambda event: heard(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound)
            )
        highs.run()
        return _outcome(highs, whole=True)


class Trial:
    """A linear programme whose rows and variables can be freed and bound again; each question starts from the last."""

    def __init__(self, highs: Any, lower: Numbers, upper: Numbers) -> None:
        self._highs, self._lower, self._upper = highs, lower, upper

    def free_row(self, row: int) -> None:
        """Let a row be anything."""
        self._highs.changeRowBounds(row, -FREE, FREE)

    def bind_row(self, row: int) -> None:
        """Give a row its own limits back."""
        self._highs.changeRowBounds(row, self._lower[row], self._upper[row])

    def let(self, variable: int, upper: float) -> None:
        """Change how far a variable may go."""
        self._highs.changeColBounds(variable, 0.0, upper)

    def ask(self, *, seconds: float) -> tuple[Verdict, Numbers]:
        """Whether there is an answer now, and one."""
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + max(0.01, seconds))
        self._highs.run()
        outcome = _outcome(self._highs, whole=False)
        return outcome.verdict, outcome.values


def _joined(parts: list[Any]) -> Any:
    return np.concatenate(parts) if parts else np.zeros(0)


def new_highs(*, seconds: float = 1e9, **options: Any) -> Any:
    """A silent HiGHS with one thread. Raises ValueError for an option that it does not know."""
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # the library carries no types here
    for name, value in {"output_flag": False, "threads": 1, "time_limit": max(0.01, seconds), **options}.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise ValueError(f"HiGHS does not know the option {name}={value}")
    return highs


def _outcome(highs: Any, *, whole: bool) -> Outcome:
    status, info, solution = highs.getModelStatus(), highs.getInfo(), highs.getSolution()
    verdicts = {
        highspy.HighsModelStatus.kOptimal: Verdict.OPTIMAL,
        highspy.HighsModelStatus.kModelEmpty: Verdict.OPTIMAL,
        highspy.HighsModelStatus.kInfeasible: Verdict.INFEASIBLE,
    }
    verdict = verdicts.get(status, Verdict.STOPPED)
    usable = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    empty = np.zeros(0)
    return Outcome(
        verdict=verdict,
        objective=info.objective_function_value if usable else FREE,
        bound=info.mip_dual_bound if whole else info.objective_function_value,
        values=np.array(solution.col_value) if usable else empty,
        reduced=empty if whole else np.array(solution.col_dual),
        prices=empty if whole else np.array(solution.row_dual),
        basis=None if whole else highs.getBasis(),
    )
