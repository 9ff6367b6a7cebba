"""Why a report may leave although its check found something: who said so, of exactly which text."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Row


class CheckWaiver(Row, table=True):
    """One finding of the check that a named person let stand. A later change of the paragraph ends it.

    `concern` is the kind of finding, `paragraph` its number (0 for the whole report), `revision` the text looked at.
    """

    __tablename__ = "check_waiver"
    __table_args__ = (
        sa.UniqueConstraint("review_id", "concern", "paragraph", "revision"),
        sa.CheckConstraint("length(reason) > 0", name="has_reason"),
    )

    review_id: int = Field(foreign_key="review.id", index=True)
    concern: str = Field(max_length=20)
    paragraph: int
    revision: int
    reason: str
    waived_by_id: int = Field(foreign_key="person.id")
    waived_at: datetime = Field(default_factory=clock.now)
