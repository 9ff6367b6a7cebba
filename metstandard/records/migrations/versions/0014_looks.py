"""What a signatory said to have read, by purpose."""

from alembic import op

from metstandard.records.migrations.tables import data, moment, table, text, whole

revision = "0014_looks"
down_revision = "0013_locked"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table(
        "look", text("record_kind", 20), whole("record_id"), text("purpose", 40), whole("person_id"),
        text("digest", 64), data("content"), moment("looked_at"),
        links={"person_id": "person"}, unique=("record_kind record_id purpose person_id",),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("look")
