"""What every statistic of this room hands back: a figure with its interval, or a refusal that says why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from metstandard.common.errors import MetStandardError

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]

CONFIDENCE = 0.95


class NotDefined(MetStandardError):
    """The figure does not exist for these ratings; the sentence says why. It is printed as null, never as NaN."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its standard error and confidence interval, in the figure's own unit.

    `standard_error`, `low` and `high` are None where the sample is too small for them (a single unit, say).
    """

    value: float
    standard_error: float | None = None
    low: float | None = None
    high: float | None = None


class Undefined:
    """Collects what could not be computed and why, by the path of the figure in the output, such as `alpha.ratio`."""

    def __init__(self) -> None:
        self._whys: dict[str, str] = {}

    def attempt(self, path: str, compute: Callable[[], Estimate]) -> Estimate | None:
        """The estimate, or None with the reason kept under `path`."""
        try:
            return compute()
        except NotDefined as refusal:
            self._whys[path] = str(refusal)
            return None

    def note(self, path: str, why: str) -> None:
        """Keep a reason found elsewhere."""
        self._whys[path] = why

    def gather(self, path: str, members: Iterable[str]) -> None:
        """Say it once, under `path`, when every member of a family lacks for the same reason."""
        keys = [f"{path}.{name}" for name in members]
        whys = {self._whys.get(key) for key in keys}
        if len(keys) > 1 and len(whys) == 1 and (why := whys.pop()) is not None:
            for key in keys:
                del self._whys[key]
            self._whys[path] = why

    @property
    def whys(self) -> dict[str, str]:
        """Path of each missing figure to the reason."""
        return dict(self._whys)


def value_of(estimate: Estimate | None) -> float | None:
    """The bare figure, for JSON."""
    return None if estimate is None else estimate.value
