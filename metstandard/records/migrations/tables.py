"""What migrations make tables of. Frozen: a landed migration relies on each of these as it is."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op


def text(name: str, length: int | None = None, *, null: bool = False) -> sa.Column[str]:
    """A text, of at most `length` signs where one is given."""
    return sa.Column(name, sa.String(length), nullable=null)


def whole(name: str, *, null: bool = False) -> sa.Column[int]:
    """A whole number."""
    return sa.Column(name, sa.Integer(), nullable=null)


def flag(name: str, *, null: bool = False) -> sa.Column[bool]:
    """A yes or no."""
    return sa.Column(name, sa.Boolean(), nullable=null)


def day(name: str, *, null: bool = False) -> sa.Column[object]:
    """A date."""
    return sa.Column(name, sa.Date(), nullable=null)


def moment(name: str, *, null: bool = False) -> sa.Column[object]:
    """A moment with its time zone."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def data(name: str) -> sa.Column[object]:
    """Plain data as JSON."""
    return sa.Column(name, sa.JSON(), nullable=False)


def choice(name: str, kind: str, values: str | tuple[str, ...], *, null: bool = False) -> sa.Column[str]:
    """One of a closed set of words, held by a CHECK."""
    listed = values.split() if isinstance(values, str) else values
    closed = sa.Enum(*listed, name=kind, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, closed, nullable=null)


def table(
    name: str, *columns: sa.Column[object], key: str = "id", links: Mapping[str, str] | None = None,
    unique: tuple[str, ...] = (), indexes: tuple[str, ...] = (), checks: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Make a table with the names of constraints written out, so that a later convention changes nothing here."""
    op.create_table(
        name,
        *([sa.Column("id", sa.Integer(), nullable=False)] if key == "id" else []),
        *columns,
        sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{name}")),
        *[
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{name}_{column}"))
            for column, other in (links or {}).items()
        ],
        *[sa.UniqueConstraint(*one.split(), name=op.f(f"uq_{name}_{one.replace(' ', '_')}")) for one in unique],
        *[sa.CheckConstraint(rule, name=op.f(f"ck_{name}_{word}")) for word, rule in (checks or {}).items()],
    )
    for one in indexes:
        op.create_index(op.f(f"ix_{name}_{one.replace(' ', '_')}"), name, one.split())


def only_one(index: str, name: str, columns: str, *, where: str) -> None:
    """A unique index over some of the rows."""
    rows = sa.text(where)
    op.create_index(index, name, columns.split(), unique=True, sqlite_where=rows, postgresql_where=rows)
