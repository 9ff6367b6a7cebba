"""The clock of immediate risks: by when they are read and contained, who has read them, what was done."""

from alembic import op

from metstandard.records.migrations.tables import day, flag, moment, table, text, whole

revision = "0009_risks"
down_revision = "0008_markings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table(
        "risk_notice", whole("risk_id"), whole("finding_id", null=True), flag("standards"), day("read_by"),
        day("contain_by"), moment("escalated_at", null=True), moment("chased_at", null=True),
        moment("withdrawn_at", null=True),
        links={"risk_id": "immediate_risk", "finding_id": "finding"}, unique=("risk_id",), indexes=("finding_id",),
    )  # fmt: skip
    table(
        "risk_reading", whole("risk_id"), whole("person_id"), text("part", 40), moment("read_at"),
        links={"risk_id": "immediate_risk", "person_id": "person"}, unique=("risk_id person_id",),
        indexes=("risk_id",),
    )  # fmt: skip
    table(
        "containment", whole("risk_id"), text("text"), text("referral"), whole("recorded_by_id"), moment("recorded_at"),
        links={"risk_id": "immediate_risk", "recorded_by_id": "person"}, unique=("risk_id",),
        checks={"says_something": "length(text) > 0"},
    )  # fmt: skip


def downgrade() -> None:
    for name in ("containment", "risk_reading", "risk_notice"):
        op.drop_table(name)
