"""What has changed in a review since a person last acted in it: shown before a signature (interface.md 26)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from metstandard.queries.timeline import timeline
from metstandard.records.accounts import Person
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Review
from metstandard.records.sheets import Paragraph, ParagraphVersion


@dataclass(frozen=True)
class Change:
    """One change: what, and when."""

    what: str
    at: datetime


def since_looked(session: Session, review: Review, person: Person) -> list[Change] | None:
    """Acts and rewritten paragraphs since this person's own last act here, oldest first; None when there was none.

    Only what the timeline shows this person: a sealed lock stays unknown here too (SCO-3).
    """
    last = session.exec(
        select(JournalLine.at)
        .where(
            JournalLine.record_kind == "review",
            JournalLine.record_id == review.key,
            JournalLine.person_id == person.key,
        )
        .order_by(col(JournalLine.seq).desc())
    ).first()
    if last is None:
        return None
    texts = session.exec(
        select(Paragraph.number, ParagraphVersion.changed_at)
        .join(ParagraphVersion, col(ParagraphVersion.paragraph_id) == Paragraph.id)
        .where(Paragraph.review_id == review.key, col(ParagraphVersion.changed_at) > last)
    ).all()
    found = [Change(one.what, one.at) for one in timeline(session, review, person) if one.at > last]
    found += [Change(f"Paragraph {number} rewritten", at) for number, at in texts]
    return sorted(found, key=lambda one: one.at)
