"""What the unit and the other reviewers say about a reviewer after a review."""

from alembic import op

from metstandard.records.migrations.tables import choice, data, day, moment, table, text, whole

revision = "0011_feedback"
down_revision = "0010_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table(
        "reviewer_feedback", whole("review_id"), whole("giver_id"), whole("about_id"),
        choice("side", "side", "unit panel"), text("questions", 80), moment("asked_at"), day("due_on"),
        moment("given_at", null=True), data("answers"), text("words"),
        links={"review_id": "review", "giver_id": "person", "about_id": "person"},
        unique=("review_id giver_id about_id",),
        indexes=("review_id", "giver_id", "about_id"),
        checks={
            "about_another": "giver_id != about_id",
            "words_once_given": "given_at IS NOT NULL OR words = ''",
        },
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("reviewer_feedback")
