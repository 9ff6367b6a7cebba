"""Each reviewer's year: seats held by month, when they are away, what they can still take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from metstandard.common import clock
from metstandard.records.pool import PeriodKind
from metstandard.rules.sitting import Sitter, sitters

MONTHS = 12


@dataclass(frozen=True)
class Month:
    """One month of one reviewer: visits that begin in it, and whether they are away or only finish what they began."""

    visits: int
    away: bool
    finishing: bool

    @property
    def said(self) -> str:
        """The month in words."""
        parts = [f"{self.visits} visit{'' if self.visits == 1 else 's'}" if self.visits else ""]
        parts.append("away" if self.away else "can finish" if self.finishing else "")
        return ", ".join(one for one in parts if one) or "–"


@dataclass(frozen=True)
class Year:
    """One reviewer's twelve months from the present one on."""

    sitter: Sitter
    months: tuple[Month, ...]

    @property
    def visits(self) -> int:
        """Visits in these months."""
        return sum(one.visits for one in self.months)


def months() -> list[date]:
    """The first days of the twelve months from the present one on."""
    first = clock.today().replace(day=1)
    found = [first]
    while len(found) < MONTHS:
        found.append((found[-1] + timedelta(days=32)).replace(day=1))
    return found


def years(session: Session, *, seat: str = "", search: str = "") -> list[Year]:
    """Everybody in the pool with their year, the busiest first; of one kind of seat, or whose name holds some words."""
    found = [
        Year(one, tuple(_month(one, first) for first in months()))
        for one in sitters(session, ()).values()
        if seat in ("", one.seat) and search.lower() in one.name.lower()
    ]
    return sorted(found, key=lambda one: (-one.visits, one.sitter.name))


def _month(one: Sitter, first: date) -> Month:
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    now = [each for each in one.periods if each.from_on <= last and each.until_on >= first]
    return Month(
        visits=sum(first <= day <= last for day in one.elsewhere),
        away=any(each.kind is PeriodKind.UNAVAILABLE for each in now),
        finishing=any(each.kind is PeriodKind.CAN_FINISH for each in now),
    )
