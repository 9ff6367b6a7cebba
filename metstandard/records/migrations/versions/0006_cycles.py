"""Proposals of panels for a cycle of reviews, and the reviews that each one seats."""

from alembic import op

from metstandard.records.migrations.tables import choice, data, flag, moment, table, text, whole

revision = "0006_cycles"
down_revision = "0005_pool"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table(
        "panel_proposal", text("title", 200), flag("what_if"), whole("parent_id", null=True), whole("asked_by_id"),
        moment("asked_at"), whole("seconds"), whole("seed"), data("wishes"),
        choice(
            "status", "proposalstatus",
            "queued solving solved infeasible late failed cancelled published superseded",
        ),
        moment("heard_at", null=True), data("progress"), text("instance"), text("solution"), data("reason"),
        whole("objective", null=True), whole("bound", null=True), whole("spent_ms", null=True), text("said"),
        moment("finished_at", null=True), moment("published_at", null=True), whole("published_by_id", null=True),
        links={"parent_id": "panel_proposal", "asked_by_id": "person", "published_by_id": "person"},
        indexes=("status",),
        checks={
            "heard_while_solving": "(status = 'solving') = (heard_at IS NOT NULL)",
            "what_if_never_published": "published_at IS NULL OR NOT what_if",
            "published_by_somebody": "(published_at IS NULL) = (published_by_id IS NULL)",
        },
    )  # fmt: skip
    table(
        "proposed_review", whole("proposal_id"), whole("review_id"),
        choice("offered", "offered", "not_yet offered refused"), text("said"),
        links={"proposal_id": "panel_proposal", "review_id": "review"}, unique=("proposal_id review_id",),
        indexes=("proposal_id", "review_id"),
    )  # fmt: skip


def downgrade() -> None:
    for name in ("proposed_review", "panel_proposal"):
        op.drop_table(name)
