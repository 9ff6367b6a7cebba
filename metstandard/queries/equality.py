"""Equality monitoring in totals: nominees, shortlist and winners; small numbers withheld, by complement too (D2).

A number below `D2-small` is withheld. It could still be found by taking what is shown from a total, or one group from
another that holds it; so what would give it away is withheld as well.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from metstandard.records.journal import JournalLine
from metstandard.records.judging import Monitoring
from metstandard.records.recognition import Nomination
from metstandard.rules.editions import newest_rubric, newest_workflow

# Each group holds the next: everybody nominated, those put before judges, those who were awarded.
GROUPS = ("Nominees", "Shortlist", "Winners")
UNSAID = "Not said"
Shown = Mapping[str, tuple[int | None, ...]]


@dataclass(frozen=True)
class Table:
    """One question: for each answer the numbers of the three groups, None where one is withheld."""

    question: str
    rows: Shown
    totals: tuple[int | None, ...]


def tables(session: Session) -> tuple[list[Table], int]:
    """Every question of the scheme in totals, and the number below which nothing is shown."""
    section = newest_rubric("recognition-1")[0].recognition
    small = newest_workflow("nomination")[0].number("D2-small")
    rows = session.exec(
        select(Monitoring, Nomination).join(Nomination, col(Nomination.id) == Monitoring.nomination_id)
    ).all()
    listed = _shortlisted(session)
    groups: list[list[Monitoring]] = [
        [one for one, _ in rows],
        [one for one, nomination in rows if nomination.key in listed],
        [one for one, nomination in rows if nomination.key in listed and nomination.awarded is True],
    ]
    found = []
    for question, offered in section.monitoring.items() if section else ():
        counted = [Counter(one.answers.get(question, UNSAID) for one in group) for group in groups]
        cells = {said: tuple(count[said] for count in counted) for said in (*offered, UNSAID)}
        shown, totals = withheld(cells, small)
        found.append(Table(question, shown, totals))
    return found, small


def _shortlisted(session: Session) -> set[int]:
    query = select(JournalLine.record_id).where(
        JournalLine.record_kind == "nomination", JournalLine.after == "shortlisted", JournalLine.act == "shortlist"
    )
    return set(session.exec(query).all())


def withheld(cells: Mapping[str, Sequence[int]], small: int) -> tuple[Shown, tuple[int | None, ...]]:
    """The cells that may be shown, and the totals; pure.

    `cells` holds one number for each nested group, the widest first. A group is shown only if its total, and its
    difference from the wider group shown before it, are none or large enough; within a group two numbers at least are
    withheld, or none; a number is shown in a narrower group only if what it leaves of the wider one is none or large.
    """
    words = list(cells)
    width = max((len(one) for one in cells.values()), default=0)
    shown: dict[str, list[int | None]] = {word: [] for word in words}
    totals: list[int | None] = []
    wider: int | None = None
    for group in range(width):
        numbers = {word: cells[word][group] for word in words}
        total = sum(numbers.values())
        whole = total >= small and (wider is None or _safe(wider - total, small))
        hidden = set() if whole else set(words)
        if whole:
            hidden = {word for word in words if numbers[word] < small}
            hidden |= {word for word in words if not _leaves_enough(cells[word], group, small)}
            hidden = _by_complement(numbers, hidden, small)
        totals.append(total if whole else None)
        wider = total if whole else wider
        for word in words:
            shown[word].append(None if word in hidden else numbers[word])
    return {word: tuple(one) for word, one in shown.items()}, tuple(totals)


def _safe(left: int, small: int) -> bool:
    return left == 0 or left >= small


def _leaves_enough(numbers: Sequence[int], group: int, small: int) -> bool:
    return all(_safe(numbers[before] - numbers[group], small) for before in range(group))


def _by_complement(numbers: Mapping[str, int], hidden: set[str], small: int) -> set[str]:
    """Withhold the smallest shown numbers until what is withheld cannot be told from the total."""
    found = set(hidden)
    while found and (len(found) == 1 or sum(numbers[word] for word in found) < small):
        left = [word for word in numbers if word not in found]
        if not left:
            break
        found.add(min(left, key=lambda word: (numbers[word], word)))
    return found
