"""What a first draft of the report says: made from agreed levels and their reasons, the locked sheets and the findings.

A criterion's paragraph names no level: the report prints that beside it, so a change in moderation leaves no wrong
sentence behind. The summary gives figures and says that they stand before moderation.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlmodel import Session, col, select

from metstandard.common import words
from metstandard.records.evidence import Activity
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Review
from metstandard.records.sheets import AgreedLevel, Finding, Mark
from metstandard.records.units import Unit
from metstandard.rubric.arithmetic import shown
from metstandard.rubric.award import Result
from metstandard.rubric.definition import Criterion, Domain, Rubric
from metstandard.rubric.shapes import Grade
from metstandard.rules import award
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.rules.guards.scoring import agreed, marks_by_criterion

SUMMARY = "summary"
# Whether a unit can deliver performance and shows leadership is what the standard asks: told apart, then together.
PERFORMANCE, LEADERSHIP = "D2", "D1"
_GRADES = {
    Grade.CRITICAL: ("critical finding", None),
    Grade.MAJOR: ("major finding", None),
    Grade.MINOR: ("minor finding", None),
    Grade.AFI: ("area for improvement", "areas for improvement"),
    Grade.GOOD: ("example of good practice", "examples of good practice"),
}
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"‘'])")
_SEVERAL = 2


@dataclass(frozen=True)
class Drafted:
    """One paragraph as drafted. `section` is a domain's code or the summary; `criterion` may be empty."""

    section: str
    criterion: str
    text: str


def drafted(session: Session, review: Review) -> list[Drafted]:
    """Every paragraph of a first draft in the order of the report; criteria that do not apply are left out."""
    rubric = rubric_of(session, review)
    levels, marks = agreed(session, review), marks_by_criterion(session, review)
    result = award.result(session, review)
    found = [Drafted(SUMMARY, "", text) for text in _summary(session, review, rubric, result)]
    for domain in rubric.domains.values():
        codes = [code for code in domain.criteria if code in levels and code not in review.not_applicable]
        if not codes:
            continue
        found.append(Drafted(domain.code, "", _of_domain(rubric, domain, result)))
        found += [Drafted(domain.code, code, narrative(levels[code], marks.get(code, []))) for code in codes]
    return found


def narrative(row: AgreedLevel, marks: Sequence[Mark]) -> str:
    """What the panel agreed, then strengths, then what would improve it; each thought once.

    A sheet that marked higher than agreed praised what the panel did not find, and one that marked lower asked for what
    it did: neither is quoted, unless nothing else is there.
    """
    reasons = sentences([row.rationale])
    praise = [one.strengths for one in marks if _level(one) <= _level(row)] or [one.strengths for one in marks]
    strengths = sentences(praise, said=reasons)
    asked = [one.improvements for one in marks if _level(one) >= _level(row)] or [one.improvements for one in marks]
    wanting = sentences(asked, said=[*reasons, *strengths])
    parts = list(reasons)
    if strengths:
        parts += [f"Strengths: {strengths[0]}", *strengths[1:]]
    if wanting:
        parts += [f"To improve: {wanting[0]}", *wanting[1:]]
    return " ".join(parts)


def _level(one: AgreedLevel | Mark) -> int:
    return int(one.level) if one.level.isdigit() else 0


def sentences(texts: Iterable[str], *, said: Sequence[str] = ()) -> list[str]:
    """The sentences of several texts in order, each ended by a stop, without those that say again what was said."""
    heard = [_plain(one) for one in said]
    found = []
    for text in texts:
        for sentence in _SENTENCES.split(" ".join(text.split())):
            plain = _plain(sentence)
            if not plain or any(plain in one for one in heard):
                continue
            heard.append(plain)
            found.append(sentence if sentence[-1] in ".!?" else f"{sentence}.")
    return found


def drafted_at(session: Session, review: Review) -> set[datetime]:
    """When a last signature closed the consensus: versions of those moments were drafted, not typed."""
    rows = session.exec(
        select(JournalLine).where(
            JournalLine.record_kind == "review", JournalLine.record_id == review.key,
            JournalLine.act == "sign_consensus",
        )
    ).all()  # fmt: skip
    return {one.at for one in rows if one.after != one.before}


def _plain(sentence: str) -> str:
    return re.sub(r"[^a-z0-9 ]", "", sentence.lower()).strip()


def _summary(session: Session, review: Review, rubric: Rubric, result: Result) -> list[str]:
    texts = [_how(session, review, rubric)]
    for code, lead in ((PERFORMANCE, "Performance"), (LEADERSHIP, "Leadership")):
        if code in rubric.domains and result.domains.get(code) is not None:
            texts.append(f"{lead}: {_stands(rubric, rubric.domains[code], result)}")
    return [*texts, _together(rubric, result), _findings(session, review)]


def _how(session: Session, review: Review, rubric: Rubric) -> str:
    unit = session.get_one(Unit, review.unit_id).title
    panel = workflow_of(session, review).panel
    seats = len(panel.seats) if panel else 0
    applied = len(rubric.criteria) - len(review.not_applicable)
    text = (
        f"The panel reviewed {unit} against the {rubric.title}, edition {rubric.edition}, and was on site from "
        f"{words.day(review.starts_on)} to {words.day(review.visit_ended_on or review.ends_on)}. "
        f"Its {words.count(seats, 'reviewer')} marked {words.count(applied, 'criterion', 'criteria')} apart, "
        "then agreed a level for each."
    )
    if review.not_applicable:
        left_out = words.listed(list(review.not_applicable))
        text += (
            f" By joint agreement {left_out} {'do' if len(review.not_applicable) >= _SEVERAL else 'does'} not apply."
        )
    return f"{text} {_effort(session, review)}".strip()


def _effort(session: Session, review: Review) -> str:
    rows = session.exec(select(Activity).where(Activity.review_id == review.key)).all()
    if not rows:
        return ""
    people, hours = sum(one.people for one in rows), Fraction(sum(one.minutes for one in rows), 60)
    met = words.count(people, "person", "people")
    times = words.count(len(rows), "meeting or check", "meetings and checks")
    return f"It met {met} in {times}, {shown(hours)} hours in all."


def _stands(rubric: Rubric, domain: Domain, result: Result) -> str:
    figure = result.domains[domain.code]
    stands = shown(figure) if figure is not None else "not assessed"
    return (
        f"{domain.title} stands at {stands} out of 100 before moderation. {_contrast(rubric, domain, result)}".strip()
    )


def _of_domain(rubric: Rubric, domain: Domain, result: Result) -> str:
    return _contrast(rubric, domain, result) or f"The panel looked at {_titles(list(domain.criteria.values()))}."


def _contrast(rubric: Rubric, domain: Domain, result: Result) -> str:
    """Where a domain is strongest and where most is left to do; nothing for a domain without applicable criteria."""
    levels = {code: level for code in domain.criteria if (level := result.levels[code]) is not None}
    if not levels:
        return ""
    high, low = max(levels.values()), min(levels.values())
    best = [domain.criteria[code] for code, level in levels.items() if level == high]
    if high == low:
        every = "Its one criterion stands" if len(levels) == 1 else f"All {len(levels)} criteria stand"
        return f"{every} at {rubric.levels[str(high)].name}."
    least = [domain.criteria[code] for code, level in levels.items() if level == low]
    return f"It is strongest in {_titles(best)}. Most is left to do in {_titles(least)}."


def _titles(criteria: Sequence[Criterion]) -> str:
    return words.listed([f"{one.code} ({one.title})" for one in criteria])


def _together(rubric: Rubric, result: Result) -> str:
    counted = Counter(level for level in result.levels.values() if level is not None)
    steps = [(counted[one.number], one.name) for one in reversed(rubric.scale) if counted.get(one.number)]
    spread = [
        f"{words.count(many, 'criterion', 'criteria') if number == 0 else many} at {name}"
        for number, (many, name) in enumerate(steps)
    ]
    text = f"Together: the unit stands at {result.shown} out of 100 before moderation, with {words.listed(spread)}."
    capped = [cap.criterion for cap in result.caps]
    if capped:
        text += f" Open findings hold down {words.listed(capped)}."
    return text


def _findings(session: Session, review: Review) -> str:
    rows = session.exec(
        select(Finding)
        .where(Finding.review_id == review.key, col(Finding.removed_at).is_(None))
        .order_by(col(Finding.id))
    ).all()
    by_grade: Mapping[Grade, int] = Counter(one.grade for one in rows)
    said = [words.count(by_grade[grade], *_GRADES[grade]) for grade in Grade if by_grade.get(grade)]
    if not said:
        return "Findings: the panel raises none."
    grave = sorted({one.criterion for one in rows if one.grade in (Grade.CRITICAL, Grade.MAJOR)})
    where = f" The gravest concern {words.listed(grave)}." if grave else ""
    return f"Findings: the panel names {words.listed(said)}.{where}"
