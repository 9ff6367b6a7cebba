"""What the public asks for and tells us, and letters to people without an account."""

import sqlalchemy as sa
from alembic import op

revision = "0002_enquiries"
down_revision = "0001_whole_review"
branch_labels = None
depends_on = None

LINKS = {"unit_id": "unit", "assigned_to_id": "person"}
INDEXES = ("assigned_to_id", "due_on", "kind", "state", "unit_id")
CHECKS = {
    "format_if_asked_for": "(kind = 'format') = (format IS NOT NULL)",
    "unit_if_about_one": "(about = 'unit') = (unit_id IS NOT NULL)",
    "ended_if_over": "(state IN ('answered', 'closed')) = (ended_at IS NOT NULL)",
    "reason_if_closed": "(state = 'closed') = (length(reason) > 0)",
    "nothing_left_if_erased": "erased_at IS NULL OR (name || email || postal || text || reply) = ''",
}


def _choice(name: str, kind: str, values: str, *, null: bool = False) -> sa.Column[str]:
    closed = sa.Enum(*values.split(), name=kind, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, closed, nullable=null)


def _text(name: str, length: int | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _moment(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def upgrade() -> None:
    op.create_table(
        "enquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("reference", 20),
        _text("once", 64),
        _choice("kind", "enquirykind", "format comment"),
        _choice("about", "about", "service unit award paper"),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        _text("item", 200),
        _choice("format", "format", "braille audio signed_video large_print easy_read", null=True),
        _text("text"),
        _text("name", 120),
        _text("email", 254),
        _text("postal", 500),
        _moment("received_at"),
        sa.Column("due_on", sa.Date(), nullable=False),
        _choice("state", "enquirystate", "received in_work answered closed"),
        sa.Column("assigned_to_id", sa.Integer(), nullable=True),
        _text("reply"),
        _text("reason"),
        _moment("ended_at", null=True),
        _moment("erased_at", null=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
        *[
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_enquiry_{column}"))
            for column, other in LINKS.items()
        ],
        *[sa.UniqueConstraint(column, name=op.f(f"uq_enquiry_{column}")) for column in ("once", "reference")],
        *[sa.CheckConstraint(rule, name=op.f(f"ck_enquiry_{word}")) for word, rule in CHECKS.items()],
    )
    for column in INDEXES:
        op.create_index(op.f(f"ix_enquiry_{column}"), "enquiry", [column])
    with op.batch_alter_table("letter") as letter:
        letter.alter_column("person_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM letter WHERE person_id IS NULL")
    with op.batch_alter_table("letter") as letter:
        letter.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("enquiry")
