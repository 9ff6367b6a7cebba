"""What a signatory said to have read: the content as it then stood, so that a later change can be shown itself."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Row


class Look(Row, table=True):
    """The last time somebody read what a signature for `purpose` covers. A later look takes the place of an earlier."""

    __tablename__ = "look"
    __table_args__ = (sa.UniqueConstraint("record_kind", "record_id", "purpose", "person_id"),)

    record_kind: str = Field(max_length=20)
    record_id: int
    purpose: str = Field(max_length=40)
    person_id: int = Field(foreign_key="person.id")
    digest: str = Field(max_length=64)
    content: dict[str, Any] = Field(default_factory=dict, sa_column=sa.Column(sa.JSON, nullable=False))
    looked_at: datetime = Field(default_factory=clock.now)
