"""Ratings as arrays: who gave which value to what. Read from a CSV file, or made from rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from metstandard.common.errors import BadFile, Invalid
from metstandard.statistics.estimates import FloatArray, IntArray, NotDefined

MOST_CATEGORIES = 1_000
"""Agreement is about categories; more different values than this are a measurement, and their tables would not fit."""

COLUMNS = ("unit", "rater", "value")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rating:
    """One line: a missing value is None. `line` and `column` of the value are 0 when it came from no file."""

    unit: str
    rater: str
    value: str | None
    line: int = 0
    column: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Ratings:
    """Ratings by number. `unit`, `rater` and `category` (m,) hold the ratings that are present, sorted by unit.

    `positions` (q,) says where each category stands; None when the categories have no order. `measured` says whether
    positions are quantities, so that differences and ratios mean something, or only ranks.
    """

    units: tuple[str, ...]
    raters: tuple[str, ...]
    categories: tuple[str, ...]
    positions: FloatArray | None
    measured: bool
    unit: IntArray
    rater: IntArray
    category: IntArray

    @property
    def per_unit(self) -> IntArray:
        """How many ratings each unit has (units,)."""
        return np.bincount(self.unit, minlength=len(self.units))

    def ordered(self) -> FloatArray:
        """Positions of the categories. Raises NotDefined when they have no order."""
        if self.positions is None:
            raise NotDefined("The values are not all numbers, and no scale says their order.")
        return self.positions

    def quantities(self) -> FloatArray:
        """Values of the categories. Raises NotDefined when they are words, ordered or not."""
        if self.positions is None or not self.measured:
            raise NotDefined("The values are not all numbers.")
        return self.positions

    def table(self) -> FloatArray:
        """Values as (units, raters). Raises NotDefined where a rating is missing or the values are no numbers."""
        values = self.quantities()
        if self.unit.size != len(self.units) * len(self.raters):
            raise NotDefined("Not every rater has rated every unit.")
        filled = np.empty((len(self.units), len(self.raters)))
        filled[self.unit, self.rater] = values[self.category]
        return filled


def parse_scale(text: str) -> tuple[str, ...]:
    """The categories of `0,1,2,3,4`. Raises Invalid for an empty or repeated category."""
    scale = tuple(part.strip() for part in text.split(","))
    if "" in scale:
        raise Invalid("The scale has an empty category.", field="scale")
    keys = [_key(category) for category in scale]
    if len(set(keys)) < len(keys):
        raise Invalid("The scale names a category twice.", field="scale")
    return scale


def ratings_of(rows: Iterable[tuple[str, str, float | str | None]], scale: Sequence[str] | None = None) -> Ratings:
    """Ratings from (unit, rater, value) rows; None is missing.

    Categories are those seen, or those of `scale`. Raises Invalid for a unit rated twice by one rater, a value outside
    the scale, or more than MOST_CATEGORIES categories.
    """
    read = [Rating(unit, rater, None if value is None else str(value)) for unit, rater, value in rows]
    return _numbered(read, scale)


def read_ratings(file: Path, scale: Sequence[str] | None = None) -> Ratings:
    """Ratings from a CSV file with the columns unit, rater and value; an empty value is missing, others are ignored.

    Raises BadFile, with line and column, for whatever is wrong with it.
    """
    rows = _checked(file, read_rows(file), None if scale is None else {_key(category) for category in scale})
    try:
        return _numbered(rows, scale)
    except Invalid as refusal:
        raise wrong_value(file, rows[0], str(refusal)) from refusal


def read_rows(file: Path) -> list[Rating]:
    """The lines of the file as they stand. Raises BadFile, with line and column."""
    lines = _lines(file)
    _, header = next(lines, (1, []))
    names = [name.strip() for name in header]
    for name in COLUMNS:
        if names.count(name) != 1:
            column = len(names) - names[::-1].index(name) if name in names else len(names) + 1
            found = "is there twice" if name in names else "is missing"
            problem = f"column {column} ({name}): {found}; the first line must name unit, rater and value"
            raise BadFile(problem, file=file, line=1)
    places = [names.index(name) for name in COLUMNS]
    rows = []
    for line, fields in lines:
        if len(fields) != len(names):
            problem = "is missing" if len(fields) < len(names) else "is one too many"
            column = min(len(fields), len(names)) + 1
            raise BadFile(f"column {column}: {problem}; the first line has {len(names)} columns", file=file, line=line)
        unit, rater, value = (fields[place].strip() for place in places)
        for name, text, place in (("unit", unit, places[0]), ("rater", rater, places[1])):
            if not text:
                raise BadFile(f"column {place + 1} ({name}): is empty", file=file, line=line)
        rows.append(Rating(unit, rater, value or None, line, places[2] + 1))
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        before = seen.setdefault((row.unit, row.rater), row.line)
        if before != row.line:
            what = f"column {places[1] + 1} (rater): {row.rater} has rated {row.unit} already, on line {before}"
            raise BadFile(what, file=file, line=row.line)
    return rows


def wrong_value(file: Path, row: Rating, problem: str) -> BadFile:
    """The refusal of one value, with its line and column."""
    return BadFile(f"column {row.column} (value): {row.value} {problem}", file=file, line=row.line)


def number(text: str) -> float | None:
    """A plain finite number, or None: `nan`, `inf`, `1_000` and `1e999` are none."""
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if np.isfinite(value) else None


def _text(file: Path) -> str:
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = before.rpartition(b"\n")[2].count(b",") + 1
        raise BadFile(f"column {column}: is not UTF-8 text", file=file, line=line) from error


def _lines(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on; empty lines are passed over."""
    text = _text(file)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as error:
            column = text.split("\n")[line - 1].partition('"')[0].count(",") + 1
            raise BadFile(f"column {column}: {error}", file=file, line=line) from error
        if fields is None:
            return
        if fields:
            yield line, fields
        line = reader.line_num + 1


def _checked(file: Path, rows: list[Rating], allowed: set[float | str] | None) -> list[Rating]:
    if allowed is not None:
        for row in rows:
            if row.value is not None and _key(row.value) not in allowed:
                raise wrong_value(file, row, "is not on the scale")
    return rows


def _key(text: str) -> float | str:
    """What makes two values the same category: `3` and `3.0` are."""
    value = number(text)
    return text if value is None else value + 0.0


def _numbered(rows: Sequence[Rating], scale: Sequence[str] | None) -> Ratings:
    present = [row for row in rows if row.value is not None]
    units = {name: place for place, name in enumerate(dict.fromkeys(row.unit for row in rows))}
    raters = {name: place for place, name in enumerate(sorted({row.rater for row in rows}))}
    names, positions, measured = _categories(dict.fromkeys(scale or (row.value or "" for row in present)), scale)
    places = {_key(name): place for place, name in enumerate(names)}
    for row in present:
        if _key(row.value or "") not in places:
            raise Invalid(f"{row.value} is not on the scale.", field="value")
    unit = np.array([units[row.unit] for row in present], dtype=np.int64)
    rater = np.array([raters[row.rater] for row in present], dtype=np.int64)
    category = np.array([places[_key(row.value or "")] for row in present], dtype=np.int64)
    if np.unique(unit * max(len(raters), 1) + rater).size < unit.size:
        raise Invalid("A rater has rated one unit twice.", field="rater")
    order = np.argsort(unit, kind="stable")
    return Ratings(tuple(units), tuple(raters), names, positions, measured, unit[order], rater[order], category[order])


def _categories(written: Iterable[str], scale: Sequence[str] | None) -> tuple[tuple[str, ...], FloatArray | None, bool]:
    """Names, positions, and whether these are quantities. Numbers stand at their value, words in the scale's order."""
    by_key: dict[float | str, str] = {}
    for name in written:
        by_key.setdefault(_key(name), name)
    if len(by_key) > MOST_CATEGORIES:
        raise Invalid(f"There are more than {MOST_CATEGORIES} different values.", field="value")
    values = {key: key for key in by_key if isinstance(key, float)}
    if len(values) == len(by_key):
        ordered = sorted(values)
        return tuple(by_key[value] for value in ordered), np.array(ordered, dtype=np.float64), True
    if scale is not None:
        return tuple(by_key.values()), np.arange(len(by_key), dtype=np.float64), False
    return tuple(sorted(by_key.values())), None, False
