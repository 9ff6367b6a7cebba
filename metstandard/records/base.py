"""What every table shares: names of constraints, enums as text with CHECK, and the columns of a moving record."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from metstandard.common import clock

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def choice(kind: type[StrEnum], name: str = "") -> sa.Enum:
    """The column type of a closed set: text with a CHECK constraint, the same on both databases.

    A second column of the same set in one table needs a `name`: PostgreSQL refuses two constraints of one name.
    """
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=name or kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class Row(SQLModel):
    """A table row with a number of its own."""

    id: int | None = Field(default=None, primary_key=True)

    @property
    def key(self) -> int:
        """The row's number; raises ValueError before it was flushed."""
        if self.id is None:
            raise ValueError(f"{type(self).__name__} has no number yet: flush the session first")
        return self.id


class Moving(Row):
    """A record that a workflow drives. Only `actions/moving.py` writes these columns after the row was made."""

    workflow: str = Field(max_length=40)
    workflow_edition_id: int = Field(foreign_key="edition.id")
    state: str = Field(max_length=40, index=True)
    state_since: datetime = Field(default_factory=clock.now)
    due_on: date | None = Field(default=None, index=True)
    paused: bool = False
    version: int = 1

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        table: Any = cls.__table__  # type: ignore[attr-defined]
        return {"version_id_col": table.c.version}


class Marking(StrEnum):
    """Protective markings of both profiles, lowest first (rules.md B9)."""

    OFFICIAL = "OFFICIAL"
    OFFICIAL_SENSITIVE = "OFFICIAL-SENSITIVE"
    NOT_PROTECTIVELY_MARKED = "NOT PROTECTIVELY MARKED"
    PROTECT = "PROTECT"
    RESTRICTED = "RESTRICTED"
    CONFIDENTIAL = "CONFIDENTIAL"
