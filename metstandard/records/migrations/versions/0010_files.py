"""Files: what was sent by its hash, what the virus scanner says, and evidence that was supplied before."""

import sqlalchemy as sa
from alembic import op

from metstandard.records.migrations.tables import choice, day, moment, table, text, whole

revision = "0010_files"
down_revision = "0009_risks"
branch_labels = None
depends_on = None


SCAN = "none quarantined clean infected"
INFECTED = "(scan = 'infected') = (virus <> '')"


def upgrade() -> None:
    _scan()
    op.add_column("stored_file", moment("scanned_at", null=True))
    table(
        "sent_file", text("sha256", 64), whole("file_id"), links={"file_id": "stored_file"}, unique=("sha256",),
    )  # fmt: skip
    table(
        "supplied", whole("evidence_id"), whole("origin_id", null=True), text("assessment", 200), day("supplied_on"),
        links={"evidence_id": "evidence", "origin_id": "evidence"}, unique=("evidence_id",), indexes=("origin_id",),
        checks={"one_place": "(origin_id IS NULL) = (assessment <> '')"},
    )  # fmt: skip


def _scan() -> None:
    """SQLite adds a column with its CHECK only in one statement; making the table anew would break links to it."""
    if op.get_bind().dialect.name == "sqlite":
        listed = ", ".join(f"'{one}'" for one in SCAN.split())
        op.execute(
            "ALTER TABLE stored_file ADD COLUMN scan VARCHAR(40) DEFAULT 'none' NOT NULL "
            f"CONSTRAINT ck_stored_file_scan CHECK (scan IN ({listed}))"
        )
        op.execute(
            "ALTER TABLE stored_file ADD COLUMN virus VARCHAR(200) DEFAULT '' NOT NULL "
            f"CONSTRAINT ck_stored_file_virus_if_infected CHECK ({INFECTED})"
        )
        return
    scan = choice("scan", "scan", SCAN)
    scan.server_default = sa.DefaultClause("none")
    op.add_column("stored_file", scan)
    op.add_column("stored_file", sa.Column("virus", sa.String(200), nullable=False, server_default=sa.text("''")))
    op.create_check_constraint(op.f("ck_stored_file_virus_if_infected"), "stored_file", INFECTED)


def downgrade() -> None:
    for name in ("supplied", "sent_file"):
        op.drop_table(name)
    for name in ("scanned_at", "virus", "scan"):
        op.drop_column("stored_file", name)
