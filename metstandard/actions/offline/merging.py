"""A score sheet that comes back as a workbook: read whole, every bad cell named, and merged by revision.

Nothing is written here. What is taken goes through the same act as what is typed on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from metstandard.actions.offline import columns
from metstandard.actions.offline.columns import (
    BASE,
    CODE,
    CONFIDENCE,
    IMPROVEMENTS,
    LEVEL,
    REVISION,
    STRENGTHS,
    TICKED,
    fingerprint,
    plain,
)
from metstandard.actions.scoring import LONGEST, levels
from metstandard.actions.workbooks import Wrong, refused, rows_of, worksheets
from metstandard.queries.scoring import OwnSheet, Shelf
from metstandard.records.sheets import Confidence

_AGAIN = "download the sheet again"
_MOST_ROWS = 500
_MOST_DIGITS = 12


@dataclass(frozen=True)
class Typed:
    """What the workbook says of one criterion, and the revision that it was downloaded at."""

    code: str
    level: str
    strengths: str
    improvements: str
    confidence: str
    evidence: frozenset[int]
    revision: int
    base: str

    @property
    def now(self) -> str:
        """The fingerprint of what it says now."""
        return fingerprint(self.level, self.strengths, self.improvements, self.confidence, self.evidence)


@dataclass(frozen=True)
class Merged:
    """What a workbook would do: criteria to take, those that changed on both sides, and every cell that is wrong.

    `left` counts criteria that stand in the workbook as they were downloaded, or as they stand on the sheet by now.
    """

    taken: tuple[Typed, ...] = ()
    both: tuple[Typed, ...] = ()
    left: int = 0
    absent: tuple[str, ...] = ()
    wrong: tuple[Wrong, ...] = field(default=())


def merge(content: bytes, own: OwnSheet, shelf: Shelf, identity: Mapping[str, str]) -> Merged:
    """What an uploaded workbook would change on one's own sheet.

    Raises Invalid, field `upload`, for a file that is no workbook, no score sheet, or another sheet than this one.
    """
    sheets = worksheets(content)
    if columns.SHEET not in sheets or columns.ABOUT not in sheets:
        raise refused(f"This workbook is no score sheet: {_AGAIN}")
    _check_identity(sheets[columns.ABOUT], identity)
    reading = _Reading(own, shelf)
    reading.read(sheets[columns.SHEET])
    asked = [one.code for domain in own.rubric.domains.values() for one in own.asked(domain)]
    wrong = tuple(sorted(reading.wrong, key=lambda one: (one.row, one.column)))
    taken, both, left = [], [], 0
    for code in asked:
        typed = reading.found.get(code)
        if typed is None:
            continue
        mark = own.marks.get(code)
        stored = _stored(own, code)
        if typed.now in {typed.base, stored}:
            left += 1
        elif typed.revision == (mark.revision if mark else 0):
            taken.append(typed)
        else:
            both.append(typed)
    absent = tuple(code for code in asked if code not in reading.seen)
    return Merged(tuple(taken), tuple(both), left, absent, wrong)


def _stored(own: OwnSheet, code: str) -> str:
    mark = own.marks.get(code)
    if mark is None:
        return fingerprint("", "", "", "", ())
    confidence = mark.confidence.value if mark.confidence else ""
    return fingerprint(mark.level, mark.strengths, mark.improvements, confidence, mark.evidence)


def _check_identity(sheet: Any, identity: Mapping[str, str]) -> None:
    """Each line of the sheet “About” that tells whose workbook this is must say what it said at the download."""
    said = {row[0]: row[1] for _, row in rows_of(sheet, []) if len(row) > 1}
    sentences = {
        "Review": "This is the sheet of another review", "Seat": "This is the sheet of another seat",
        "Rubric": "This sheet was made for another edition of the rubric",
    }  # fmt: skip
    for name, sentence in sentences.items():
        if said.get(name) != identity[name]:
            raise refused(f"{sentence}: {_AGAIN} from this page")


class _Reading:
    """The rows of one workbook, read against one's sheet and the evidence that one may name."""

    def __init__(self, own: OwnSheet, shelf: Shelf) -> None:
        self.own = own
        self.shelf = shelf
        self.found: dict[str, Typed] = {}
        self.seen: set[str] = set()
        self.wrong: list[Wrong] = []
        self._title = columns.SHEET
        self._columns: dict[str, int] = {}
        self._row = 0
        self._cells: list[str] = []

    def read(self, sheet: Any) -> None:
        """Read every row; cells with a formula or an error are named already, and their rows not taken."""
        bad: list[Wrong] = []
        rows = rows_of(sheet, bad)
        _, header = next(rows, (1, []))
        self._columns = {name.strip(): number for number, name in enumerate(header)}
        missing = [name for name in columns.NEEDED if name not in self._columns]
        if missing:
            raise refused(f"The column “{missing[0]}” is missing: {_AGAIN}")
        for row, cells in rows:
            if row > _MOST_ROWS:
                raise refused(f"The sheet has more than {_MOST_ROWS} rows: {_AGAIN}")
            if any(cell.strip() for cell in cells):
                self._row, self._cells = row, cells
                self._line(unreadable=any(one.row == row for one in bad))
        names = {number + 1: name for name, number in self._columns.items()}
        self.wrong += [replace(one, name=names.get(one.column, "")) for one in bad]

    def _line(self, *, unreadable: bool) -> None:
        code = self._text(CODE)
        if code not in self.own.rubric.criteria or code in self.own.set_aside:
            self._bad(CODE, "is no criterion of this review")
            return
        if code in self.seen:
            self._bad(CODE, "is there twice")
            return
        self.seen.add(code)
        before = len(self.wrong)
        typed = Typed(
            code, self._level(), self._long(STRENGTHS), self._long(IMPROVEMENTS), self._confidence(),
            self._evidence(code), self._revision(code), self._text(BASE),
        )  # fmt: skip
        if len(self.wrong) == before and not unreadable:
            self.found[code] = typed

    def _text(self, name: str) -> str:
        number = self._columns[name]
        return plain(self._cells[number]) if number < len(self._cells) else ""

    def _bad(self, name: str, problem: str) -> None:
        found = self._text(name)[:60]
        self.wrong.append(Wrong(self._title, self._row, self._columns[name] + 1, name, found, problem))

    def _level(self) -> str:
        level = self._text(LEVEL).upper()
        if level not in levels(self.own.rubric):
            self._bad(LEVEL, "is no level: choose one of the list")
        return level

    def _confidence(self) -> str:
        confidence = self._text(CONFIDENCE).lower()
        if confidence and confidence not in tuple(Confidence):
            self._bad(CONFIDENCE, "is none of low, medium and high")
        return confidence

    def _long(self, name: str) -> str:
        text = self._text(name)
        if len(text) > LONGEST:
            self._bad(name, f"is longer than {LONGEST:,} characters")
        return text

    def _revision(self, code: str) -> int:
        """The revision at the download, which the sheet cannot be behind of."""
        text, mark = self._text(REVISION), self.own.marks.get(code)
        newest = mark.revision if mark else 0
        if not text.isdecimal() or len(text) > _MOST_DIGITS or int(text) > newest:
            self._bad(REVISION, f"was changed: {_AGAIN}")
            return 0
        return int(text)

    def _evidence(self, code: str) -> frozenset[int]:
        """Numbers between commas, of this review; what was ticked before may stay though it was taken out since."""
        mark = self.own.marks.get(code)
        allowed = {key for key, one in self.shelf.items.items() if not one.removed} | set(mark.evidence if mark else ())
        found = set()
        for word in self._text(TICKED).replace(";", ",").replace("\n", ",").split(","):
            number = word.strip()
            if not number:
                continue
            if not number.isdecimal() or len(number) > _MOST_DIGITS:
                self._bad(TICKED, "holds something else than numbers with commas between them")
                return frozenset()
            if int(number) not in allowed:
                self._bad(TICKED, f"names evidence that this review does not have: {number}")
                return frozenset()
            found.add(int(number))
        return frozenset(found)
