"""How a review was conducted, as its report tells it: right of reply, moderation, dissent, waivers, effort, panel."""

from __future__ import annotations

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.documents import report as paper
from metstandard.documents.corrections import Accuracy, AccuracyPoint
from metstandard.queries.checking import without
from metstandard.queries.interviews import everybody
from metstandard.records.accounts import Person
from metstandard.records.bodies import Employer, ReviewerProfile
from metstandard.records.evidence import Activity
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat, SeatStatus, Waiver
from metstandard.records.sheets import AgreedLevel, Answer, Paragraph, Point
from metstandard.records.units import Unit
from metstandard.rules.conflicts import waived_by_both


def accuracy(session: Session, review: Review, paragraphs: dict[int, Paragraph]) -> Accuracy:
    """The factual-accuracy window and every point raised in it, with its answer (B7).

    A name of somebody who was interviewed is left out of what the unit wrote too (B5).
    """
    rows = session.exec(select(Point).where(Point.review_id == review.key).order_by(col(Point.id))).all()
    opened = review.draft_sent_on or review.starts_on
    names = everybody(session, review)
    return Accuracy(
        opened_on=opened,
        closed_on=review.accuracy_closed_on or opened,
        points=tuple(
            AccuracyPoint(
                paragraph=paragraphs[one.paragraph_id].number, before=without(one.before, names),
                proposed=without(one.proposed, names), after=paragraphs[one.paragraph_id].text,
                accepted=one.answer is Answer.ACCEPTED, reason=without(one.reason, names),
                raised_on=clock.local_date(one.raised_at),
                answered_on=clock.local_date(one.answered_at) if one.answered_at else clock.local_date(one.raised_at),
                own_words=bool(one.wording),
            )
            for one in rows
        ),
    )  # fmt: skip


def _levels(session: Session, review: Review) -> list[AgreedLevel]:
    query = select(AgreedLevel).where(AgreedLevel.review_id == review.key).order_by(col(AgreedLevel.id))
    return list(session.exec(query).all())


def moderated(session: Session, review: Review) -> tuple[paper.ModeratedLevel, ...]:
    """The levels that moderation changed, each with its reason."""
    return tuple(
        paper.ModeratedLevel(one.criterion, one.level, one.moderated, one.moderation_reason)
        for one in _levels(session, review)
        if one.moderated
    )


def dissent(session: Session, review: Review) -> tuple[paper.Dissent, ...]:
    """The views that differ from an agreed level, by seat (SCO-4)."""
    seats = {one.person_id: one.kind.replace("_", " ") for one in _seats(session, review)}
    return tuple(
        paper.Dissent(one.criterion, seats.get(one.dissent_by_id or 0, "a reviewer"), one.dissent)
        for one in _levels(session, review)
        if one.dissent
    )


def waivers(session: Session, review: Review) -> tuple[paper.Waiver, ...]:
    """The rules that both keys set aside, and why (COI-12)."""
    rows = session.exec(select(Waiver).where(Waiver.review_id == review.key).order_by(col(Waiver.id))).all()
    seats = {one.person_id: one.kind.replace("_", " ") for one in _seats(session, review)}
    return tuple(
        paper.Waiver(one.rule, seats.get(one.person_id, "a reviewer"), one.reason, clock.local_date(one.asked_at))
        for one in rows
        if waived_by_both(session, review, one)
    )


def effort(session: Session, review: Review) -> paper.Effort:
    """People met, meetings held, hours of them to one decimal, half up."""
    rows = session.exec(select(Activity).where(Activity.review_id == review.key)).all()
    minutes = sum(one.minutes for one in rows)
    tenths = (minutes + 3) // 6
    return paper.Effort(sum(one.people for one in rows), len(rows), f"{tenths // 10}.{tenths % 10}")


def _seat_words(seat: Seat) -> str:
    return seat.kind.replace("_", " ").capitalize()


def _seats(session: Session, review: Review) -> list[Seat]:
    query = select(Seat).where(Seat.review_id == review.key, Seat.status == SeatStatus.ACCEPTED)
    return list(session.exec(query.order_by(col(Seat.lead).desc(), col(Seat.id))).all())


def panel(session: Session, review: Review) -> tuple[paper.Member, ...]:
    """Who sat on the panel, the lead first, and where each comes from."""
    found = []
    for seat in _seats(session, review):
        person = session.get_one(Person, seat.person_id)
        profile = session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == person.key)).first()
        employer = session.get(Employer, profile.employer_id) if profile and profile.employer_id else None
        unit = session.get(Unit, profile.unit_id) if profile and profile.unit_id else None
        organisation = employer.name if employer else unit.title if unit else ""
        found.append(paper.Member(person.name, _seat_words(seat), organisation, seat.lead))
    return tuple(found)
