"""The check of a report and who let a finding stand; the story of agreed levels; new evidence by its item; wordings."""

import sqlalchemy as sa
from alembic import op

from metstandard.records.migrations.tables import moment, table, text, whole

revision = "0012_reports"
down_revision = "0011_feedback"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table(
        "check_waiver", whole("review_id"), text("concern", 20), whole("paragraph"), whole("revision"), text("reason"),
        whole("waived_by_id"), moment("waived_at"),
        links={"review_id": "review", "waived_by_id": "person"}, unique=("review_id concern paragraph revision",),
        indexes=("review_id",), checks={"has_reason": "length(reason) > 0"},
    )  # fmt: skip
    table(
        "agreed_version", whole("agreed_id"), text("level", 4), text("rationale"), text("discussion"),
        text("new_evidence"), text("dissent"), whole("changed_by_id"), moment("changed_at"),
        links={"agreed_id": "agreed_level", "changed_by_id": "person"}, indexes=("agreed_id",),
    )  # fmt: skip
    table(
        "new_evidence", whole("agreed_id"), whole("evidence_id"), whole("named_by_id"), moment("named_at"),
        links={"agreed_id": "agreed_level", "evidence_id": "evidence", "named_by_id": "person"},
        unique=("agreed_id evidence_id",), indexes=("agreed_id",),
    )  # fmt: skip
    op.add_column("point", sa.Column("wording", sa.String(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    op.drop_column("point", "wording")
    for name in ("new_evidence", "agreed_version", "check_waiver"):
        op.drop_table(name)
