"""What must hold of awards at every moment: `metstandard doctor` asks it of the live data with the other invariants."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session, col, select

from metstandard.queries.replay import breaks_of_replay
from metstandard.records.certificates import Series
from metstandard.records.journal import JournalLine
from metstandard.records.judging import Allotment, Award, Judgement
from metstandard.records.recognition import Consent, Nomination, Nominee
from metstandard.records.reviews import Signature
from metstandard.rules.editions import workflow_of

Found = Iterator[tuple[str, str]]


def awards_earned(session: Session) -> Found:
    """8. What was announced had judges enough, a decision, consent, and an embargo that was over; numbers have no gaps.

    The journal of every nomination leads to where it stands, and no judgement changed after it was locked.
    """
    for one in session.exec(select(Nomination).where(col(Nomination.erased_at).is_(None))).all():
        for what in breaks_of_replay(session, one):
            yield one.reference, what
        for what in _gaps(session, one) if _announced(session, one) is not None else ():
            yield one.reference, what
    late = session.exec(
        select(Nomination.reference, Judgement.criterion)
        .join(Allotment, col(Allotment.nomination_id) == Nomination.id)
        .join(Judgement, col(Judgement.allotment_id) == Allotment.id)
        .where(col(Allotment.locked_at).is_not(None), col(Judgement.saved_at) > Allotment.locked_at)
    ).all()
    for reference, criterion in late:
        yield reference, f"a mark for {criterion} was saved after it was locked"
    yield from _numbers(session)


def _announced(session: Session, one: Nomination) -> JournalLine | None:
    query = select(JournalLine).where(
        JournalLine.record_kind == "nomination", JournalLine.record_id == one.key, JournalLine.act == "announce"
    )
    return session.exec(query).first()


def _gaps(session: Session, one: Nomination) -> Iterator[str]:
    line = _announced(session, one)
    if line is None or one.embargo_until is None or line.at < one.embargo_until:
        yield "it was announced before its embargo was over"
    judges = session.exec(
        select(Allotment.person_id).where(
            Allotment.nomination_id == one.key,
            col(Allotment.locked_at).is_not(None),
            col(Allotment.ended_at).is_(None),
        )
    ).all()
    if len(set(judges)) < workflow_of(session, one).number("D2-judges"):
        yield "fewer judges locked a judgement than its workflow asks for"
    signed = session.exec(
        select(Signature.person_id).where(
            Signature.record_kind == "nomination", Signature.record_id == one.key, Signature.purpose == "decide"
        )
    ).all()
    if not signed or set(signed) & set(judges):
        yield "no key holder who did not judge it has decided"
    answers = session.exec(
        select(Nominee.consent).where(Nominee.nomination_id == one.key, col(Nominee.left_at).is_(None))
    ).all()
    if Consent.GIVEN not in answers:
        yield "nobody has consented"
    if session.exec(select(Award.id).where(Award.nomination_id == one.key)).first() is None:
        yield "it has no number"


def _numbers(session: Session) -> Found:
    numbers = sorted(session.exec(select(Award.number)).all())
    series = session.get(Series, "award")
    if numbers != list(range(1, len(numbers) + 1)) or (series.last if series else 0) != len(numbers):
        yield "the series of awards", "numbers are missing, or it does not stand at the last one given"
