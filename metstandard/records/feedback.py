"""What unit and fellow reviewers say about a reviewer after a review; read by the programme office alone (REV-5)."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Row, choice


class Side(StrEnum):
    """From where somebody saw a reviewer at work: the unit under review, or the same panel."""

    UNIT = "unit"
    PANEL = "panel"


class Feedback(Row, table=True):
    """One person is asked about one reviewer of one review, and answers once.

    `answers` are steps of the scale, 1 the lowest, by statement; `questions` names the file that asked.
    """

    __tablename__ = "reviewer_feedback"
    __table_args__ = (
        sa.UniqueConstraint("review_id", "giver_id", "about_id"),
        sa.CheckConstraint("giver_id != about_id", name="about_another"),
        sa.CheckConstraint("given_at IS NOT NULL OR words = ''", name="words_once_given"),
    )

    review_id: int = Field(foreign_key="review.id", index=True)
    giver_id: int = Field(foreign_key="person.id", index=True)
    about_id: int = Field(foreign_key="person.id", index=True)
    side: Side = Field(sa_type=choice(Side))
    questions: str = Field(max_length=80)
    asked_at: datetime = Field(default_factory=clock.now)
    due_on: date
    given_at: datetime | None = None
    answers: dict[str, int] = Field(default_factory=dict, sa_column=sa.Column(sa.JSON, nullable=False))
    words: str = ""
