"""Scores of judged nominations, and ties among them that the chair must order (recognition.md D2)."""

from fractions import Fraction

from sqlmodel import Session, col, select

from metstandard.records.judging import Allotment, Judgement, TieRuling
from metstandard.records.recognition import Nomination
from metstandard.rubric.definition import Rubric
from metstandard.rules.editions import rubric_of


def weighted(rubric: Rubric, levels: dict[str, str]) -> Fraction:
    """One judge's score in per cent of the top level, by the published weights. Raises KeyError for a missing mark."""
    total = sum((one.weight * int(levels[one.code]) for one in rubric.criteria.values()), Fraction(0))
    return total * 100 / (rubric.weight * rubric.top)


def score(session: Session, nomination: Nomination) -> Fraction | None:
    """The mean of the locked judgements, exact; None before anybody has locked theirs."""
    rubric = rubric_of(session, nomination)
    rows = session.exec(
        select(Judgement)
        .join(Allotment, col(Allotment.id) == Judgement.allotment_id)
        .where(
            Allotment.nomination_id == nomination.key,
            col(Allotment.locked_at).is_not(None),
            col(Allotment.ended_at).is_(None),
        )
    ).all()
    judged: dict[int, dict[str, str]] = {}
    for one in rows:
        judged.setdefault(one.allotment_id, {})[one.criterion] = one.level
    if not judged:
        return None
    return sum((weighted(rubric, levels) for levels in judged.values()), Fraction(0)) / len(judged)


def tied(session: Session, nomination: Nomination) -> list[Nomination]:
    """The other judged nominations of the same scheme, category and edition with the same score."""
    mine = score(session, nomination)
    others = session.exec(
        select(Nomination).where(
            Nomination.scheme == nomination.scheme,
            Nomination.category == nomination.category,
            Nomination.rubric_edition_id == nomination.rubric_edition_id,
            Nomination.state == "judged",
            Nomination.id != nomination.key,
        )
    ).all()
    return [one for one in others if mine is not None and score(session, one) == mine]


def open_ties(session: Session, nomination: Nomination) -> list[Nomination]:
    """The ties that the chair has not ordered yet; a ruling on either of two covers both."""
    rulings = session.exec(select(TieRuling)).all()
    settled = {(one.nomination_id, other) for one in rulings for other in one.tied_with}
    return [
        one
        for one in tied(session, nomination)
        if (nomination.key, one.key) not in settled and (one.key, nomination.key) not in settled
    ]
