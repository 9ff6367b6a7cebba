"""Clearances of people, authors and revisions of evidence, interviews apart from their notes, changes of marking."""

import sqlalchemy as sa
from alembic import op

from metstandard.records.migrations.tables import choice, moment, table, text, whole

revision = "0008_markings"
down_revision = "0007_reasons"
branch_labels = None
depends_on = None

MARKINGS = ("OFFICIAL", "OFFICIAL-SENSITIVE", "NOT PROTECTIVELY MARKED", "PROTECT", "RESTRICTED", "CONFIDENTIAL")


def upgrade() -> None:
    _clearance()
    op.add_column("evidence", sa.Column("author", sa.String(200), nullable=False, server_default=sa.text("''")))
    op.add_column("evidence", sa.Column("from_panel", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("evidence", sa.Column("revision", sa.Integer(), nullable=False, server_default=sa.text("0")))
    # Until now whoever added an item had also made it.
    op.execute("UPDATE evidence SET from_panel = NOT by_unit")
    table(
        "marking_change", whole("evidence_id"), choice("before", "before", MARKINGS),
        choice("after", "after", MARKINGS), text("reason"), whole("changed_by_id"), moment("changed_at"),
        links={"evidence_id": "evidence", "changed_by_id": "person"}, indexes=("evidence_id",),
    )  # fmt: skip
    table(
        "interview", whole("evidence_id"), whole("people", null=True), text("group", 120),
        moment("erased_at", null=True),
        links={"evidence_id": "evidence"}, unique=("evidence_id",), checks={"somebody": "people > 0"},
    )  # fmt: skip
    table(
        "interviewee", whole("evidence_id"), text("name", 200), whole("added_by_id"), moment("added_at"),
        links={"evidence_id": "evidence", "added_by_id": "person"}, indexes=("evidence_id",),
    )  # fmt: skip


def _clearance() -> None:
    """SQLite adds a column with its CHECK only in one statement; making the table anew would break links to it."""
    if op.get_bind().dialect.name == "sqlite":
        listed = ", ".join(f"'{one}'" for one in MARKINGS)
        op.execute(
            "ALTER TABLE person ADD COLUMN clearance VARCHAR(40) "
            f"CONSTRAINT ck_person_marking CHECK (clearance IN ({listed}))"
        )
    else:
        op.add_column("person", choice("clearance", "marking", MARKINGS, null=True))


def downgrade() -> None:
    for name in ("interviewee", "interview", "marking_change"):
        op.drop_table(name)
    for name in ("revision", "from_panel", "author"):
        op.drop_column("evidence", name)
    op.drop_column("person", "clearance")
