"""People who were talked to, as others may know of them: hardly ever by role, never by name (rules.md B5)."""

import re

from sqlmodel import Session, col, select

from metstandard.records.accounts import Person
from metstandard.records.evidence import Activity, Evidence, Interview, Interviewee
from metstandard.records.reviews import Review
from metstandard.rules.editions import workflow_of
from metstandard.rules.parts import seat_of


def smallest_group(session: Session, review: Review) -> int:
    """How many there must be before others read in what role they spoke."""
    return workflow_of(session, review).number("B5-group")


def mentions(text: str, name: str) -> bool:
    """Whether a text has a name or role in it, in whatever case and spacing, as whole words."""
    words = r"\s+".join(re.escape(one) for one in name.split())
    return bool(words) and re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE) is not None


def knows_who(session: Session, review: Review, wrote_id: int, reader: Person) -> bool:
    """Whether somebody may know who was talked to: the reviewer who wrote the note, and the lead reviewer."""
    seat = seat_of(session, review, reader)
    return seat is not None and (seat.lead or wrote_id == reader.key)


def interviewees(session: Session, review: Review, item: Evidence, reader: Person) -> list[str]:
    """The people behind a note, for whoever may know; nothing for anybody else."""
    if not knows_who(session, review, item.added_by_id, reader):
        return []
    query = select(Interviewee.name).where(Interviewee.evidence_id == item.key).order_by(col(Interviewee.id))
    return list(session.exec(query).all())


def small_groups(session: Session, review: Review) -> list[str]:
    """The roles of groups so small that somebody in them could be recognised."""
    least = smallest_group(session, review)
    logged = select(Activity.group).where(Activity.review_id == review.key, Activity.people < least)
    noted = select(Interview.group).join(Evidence).where(Evidence.review_id == review.key)
    noted = noted.where(col(Interview.people) < least)
    found = [*session.exec(logged).all(), *session.exec(noted).all()]
    return sorted({one.strip() for one in found if one.strip()})


def everybody(session: Session, review: Review) -> list[str]:
    """The names of all who were interviewed, to hold texts against. Never to be shown."""
    query = select(Interviewee.name).join(Evidence).where(Evidence.review_id == review.key)
    return list(session.exec(query).all())


def groups(session: Session, review: Review, log: list[Activity], reader: Person) -> dict[int, str]:
    """The role of each logged group as the reader may know it, by the number of the line."""
    least, seat = smallest_group(session, review), seat_of(session, review, reader)
    lead = seat is not None and seat.lead
    return {one.key: one.group if one.people >= least or lead or one.logged_by_id == reader.key else "" for one in log}
