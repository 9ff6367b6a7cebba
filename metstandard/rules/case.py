"""What a guard is asked about: one record, one act, one person, under one frozen workflow."""

from dataclasses import dataclass

from sqlmodel import Session

from metstandard.records.accounts import Person
from metstandard.records.certificates import Certificate
from metstandard.records.followup import Action
from metstandard.records.recognition import Nomination
from metstandard.records.reviews import Review
from metstandard.workflow.definition import Workflow

Reviewed = Review | Certificate | Action
Record = Reviewed | Nomination


def kind_of(record: Record) -> str:
    """The word under which a record's journal, timers and signatures are kept."""
    return record.__tablename__


@dataclass(frozen=True)
class Case:
    """The situation in which a guard answers. `person` is empty when the clock acts."""

    session: Session
    record: Record
    workflow: Workflow
    act: str
    person: Person | None = None

    @property
    def review(self) -> Review:
        """The review itself, or the one that a certificate or action came from."""
        return review_of(self.session, self.record)

    @property
    def nomination(self) -> Nomination:
        """The nomination. Raises TypeError for another kind of record: `metstandard check` keeps such files out."""
        if isinstance(self.record, Nomination):
            return self.record
        raise TypeError(f"a {kind_of(self.record)} is no nomination")


def review_of(session: Session, record: Record) -> Review:
    """The review behind a record. Raises TypeError for a nomination, which has none."""
    if isinstance(record, Review):
        return record
    if isinstance(record, Nomination):
        raise TypeError("a nomination has no review")
    return session.get_one(Review, record.review_id)
