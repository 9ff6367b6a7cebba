"""How firmly a review's outcome stands: information for moderators, never a score, and never part of a decision.

Evidence and process are taken as complete, so that only levels and findings speak. What one mark would change is told
through the agreed level, which is taken to move as the median of the marks would.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from sqlmodel import Session

from metstandard.queries import consensus
from metstandard.queries.statistics.marks import opened
from metstandard.queries.statistics.severity import LikelyOverall, ReviewerSeverity, overall_of, severities
from metstandard.records.reviews import Review
from metstandard.rubric.award import evaluate
from metstandard.rubric.shapes import Outcome
from metstandard.rules import award
from metstandard.rules.editions import rubric_of
from metstandard.statistics.robustness import Correction, Move, when_one_mark_moves, when_severity_is_corrected

Said = Outcome | None
Asked = Callable[[Mapping[str, int]], Said]
Shifted = Callable[[Mapping[str, float]], Said]
SeatMarks = Mapping[tuple[int, str], int]


@dataclass(frozen=True)
class Corrected:
    """One seat of the panel: the severity of whoever holds it, and the outcome were it put right."""

    seat: str
    severity: ReviewerSeverity | None
    correction: Correction[int, Said] | None


@dataclass(frozen=True)
class Pivot:
    """One mark whose move by a level would change the outcome, by its seat."""

    seat: str
    criterion: str
    before: int
    after: int
    outcome: Said


@dataclass(frozen=True)
class Firmness:
    """The outcome by levels and findings, the single moves that would change it, and what the model makes of it."""

    outcome: Said
    tried: int
    levels: tuple[Move[str, Said], ...]
    marks_tried: int
    marks: tuple[Pivot, ...]
    corrected: tuple[Corrected, ...]
    likely: LikelyOverall


def firmness(session: Session, review: Review) -> Firmness | None:
    """How firmly the outcome stands; None while the sheets are sealed or a level is missing."""
    lines = consensus.lines(session, review)
    stands = {code: level for code, level in award.final_levels(session, review).items() if isinstance(level, int)}
    if not lines or set(stands) != set(lines):
        return None
    top = rubric_of(session, review).top
    asked, marks = _asked(session, review), _marks(lines)
    people = {one.person.key: one.kind for one in consensus.members(session, review)}
    shifted = _shifted(stands, marks, asked, top)
    by_level = when_one_mark_moves(stands, asked, highest=top)
    by_mark = when_one_mark_moves(marks, lambda moved: shifted(_medians(moved)), highest=top)
    found = opened(session)
    return Firmness(
        outcome=by_level.outcome,
        tried=by_level.tried,
        levels=by_level.changes,
        marks_tried=by_mark.tried,
        marks=tuple(
            Pivot(people[one.key[0]], one.key[1], one.before, one.after, one.outcome) for one in by_mark.changes
        ),
        corrected=_corrected(severities(session, found=found), people, marks, shifted, top),
        likely=overall_of(session, review, found=found),
    )


def _marks(lines: Mapping[str, consensus.Line]) -> dict[tuple[int, str], int]:
    """The marks by person and criterion; one without enough evidence counts as the rubric says (SCO-1)."""
    return {
        (one.member.person.key, code): int(one.mark.level)
        if one.mark.level.isdigit()
        else line.limits.not_enough_counts_as
        for code, line in lines.items()
        for one in line.marks
    }


def _corrected(
    known: Mapping[int, ReviewerSeverity], people: Mapping[int, str], marks: SeatMarks, shifted: Shifted, top: int
) -> tuple[Corrected, ...]:
    """Each seat with its severity and, where that is known, the outcome were it put right."""
    estimates = {
        person: found.estimate.value
        for person in people
        if (found := known.get(person)) is not None and found.estimate is not None
    }
    made = {one.reviewer: one for one in when_severity_is_corrected(marks, estimates, shifted, highest=top)}
    return tuple(Corrected(seat, known.get(person), made.get(person)) for person, seat in people.items())


def _asked(session: Session, review: Review) -> Asked:
    """The award rules as a function of the agreed levels; each set of levels is put to them once."""
    rubric, findings = rubric_of(session, review), award.open_findings(session, review)
    apart = dict.fromkeys(review.not_applicable, "NA")
    kept: dict[tuple[tuple[str, int], ...], Said] = {}

    def outcome(levels: Mapping[str, int]) -> Said:
        key = tuple(levels.items())
        if key not in kept:
            kept[key] = evaluate(rubric, {**apart, **levels}, open_findings=findings).outcome
        return kept[key]

    return outcome


def _shifted(stands: Mapping[str, int], marks: SeatMarks, asked: Asked, top: int) -> Shifted:
    """The outcome were each agreed level to move as the median of its marks did, from half a level on."""
    before = _medians(marks)

    def outcome(medians: Mapping[str, float]) -> Said:
        return asked(
            {code: max(0, min(top, level + _whole(medians[code] - before[code]))) for code, level in stands.items()}
        )

    return outcome


def _medians(marks: Mapping[tuple[int, str], int]) -> dict[str, float]:
    by_criterion: dict[str, list[int]] = {}
    for (_, code), level in marks.items():
        by_criterion.setdefault(code, []).append(level)
    return {code: median(levels) for code, levels in by_criterion.items()}


def _whole(moved: float) -> int:
    """Levels that a median moved, halves away from none."""
    return int(Decimal(str(moved)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
