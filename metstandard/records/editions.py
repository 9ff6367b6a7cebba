"""The exact text of every edition in use, under its hash: a record under way never changes its rules."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Row


class Edition(Row, table=True):
    """One frozen text. `kind` is `workflow` or `rubric`."""

    __tablename__ = "edition"
    __table_args__ = (sa.UniqueConstraint("kind", "name", "number"),)

    kind: str = Field(max_length=20)
    name: str = Field(max_length=60)
    number: int
    sha256: str = Field(max_length=64, unique=True)
    text: str
    kept_at: datetime = Field(default_factory=clock.now)
