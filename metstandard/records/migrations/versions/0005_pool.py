"""The pool of reviewers: what makes them fit, when they can sit, interests, gifts, calibration, reserves."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from metstandard.records.migrations.tables import choice, day, flag, moment, table, text, whole

revision = "0005_pool"
down_revision = "0004_monitored"
branch_labels = None
depends_on = None

TABLES = ("reviewer_period", "standing_interest", "gift", "reserve", "calibration", "calibration_mark")
# New columns of a table that has rows, each with what those rows get.
FILLED: tuple[tuple[sa.Column[Any], Any], ...] = (
    (sa.Column("can_chair", sa.Boolean(), nullable=False), sa.false()),
    (sa.Column("region", sa.String(40), nullable=False), sa.text("''")),
    (sa.Column("capacity", sa.Integer(), nullable=False), sa.text("3")),
    (sa.Column("reviews_before", sa.Integer(), nullable=False), sa.text("0")),
    (sa.Column("expertise", sa.JSON(), nullable=False), sa.text("'{}'")),
    (sa.Column("unit_types", sa.JSON(), nullable=False), sa.text("'[]'")),
)
EMPTY: tuple[tuple[str, Any], ...] = (
    ("calibrated_until", sa.Date()),
    ("home_borough", sa.String(80)),
    ("travel_most", sa.Integer()),
)
CHECKS = {"capacity_not_negative": "capacity >= 0", "reviews_not_negative": "reviews_before >= 0"}


def upgrade() -> None:
    _profiles()
    op.add_column("seat", sa.Column("answer_by", sa.Date(), nullable=True))
    _tables()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
    with op.batch_alter_table("seat") as seat:
        seat.drop_column("answer_by")
    with op.batch_alter_table("reviewer_profile") as profile:
        for word in CHECKS:
            profile.drop_constraint(op.f(f"ck_reviewer_profile_{word}"), type_="check")
        for name in [*(one.name for one, _ in FILLED), *(name for name, _ in EMPTY)]:
            profile.drop_column(name)


def _profiles() -> None:
    with op.batch_alter_table("reviewer_profile") as profile:
        for column, value in FILLED:
            profile.add_column(sa.Column(column.name, column.type, nullable=False, server_default=value))
        for name, kind in EMPTY:
            profile.add_column(sa.Column(name, kind, nullable=True))
    with op.batch_alter_table("reviewer_profile") as profile:
        for column, _ in FILLED:
            profile.alter_column(column.name, existing_type=column.type, server_default=None)
        for word, rule in CHECKS.items():
            profile.create_check_constraint(op.f(f"ck_reviewer_profile_{word}"), sa.text(rule))
    # Until now one date stood for training and calibration.
    op.execute("UPDATE reviewer_profile SET calibrated_until = trained_until")


def _tables() -> None:
    table(
        "reviewer_period", whole("person_id"), choice("kind", "periodkind", "unavailable can_finish"),
        day("from_on"), day("until_on"), text("note", 200),
        links={"person_id": "person"}, indexes=("person_id",), checks={"ends_after_it_begins": "until_on >= from_on"},
    )  # fmt: skip
    table(
        "standing_interest", whole("person_id"), whole("unit_id"),
        choice("interest", "interest", "none personal prejudicial"), text("detail"), day("from_on"),
        day("until_on", null=True),
        links={"person_id": "person", "unit_id": "unit"}, indexes=("person_id",),
        checks={"some_interest": "interest != 'none'", "detail": "length(detail) > 0"},
    )  # fmt: skip
    table(
        "gift", whole("person_id"), whole("unit_id", null=True), text("giver", 160), text("what", 500), whole("value"),
        flag("accepted"), day("offered_on"), moment("entered_at"),
        links={"person_id": "person", "unit_id": "unit"}, indexes=("person_id",),
        checks={"value_not_negative": "value >= 0"},
    )  # fmt: skip
    table(
        "reserve", whole("review_id"), text("kind", 40), whole("person_id"), whole("rank"), moment("named_at"),
        links={"review_id": "review", "person_id": "person"}, unique=("review_id kind person_id",),
        indexes=("person_id", "review_id"), checks={"rank_from_one": "rank >= 1"},
    )  # fmt: skip
    table(
        "calibration", whole("person_id"), text("edition", 40), moment("started_at"),
        moment("submitted_at", null=True), flag("passed", null=True), day("valid_until", null=True),
        whole("criteria"), whole("within"), whole("gateways"), whole("exact"),
        links={"person_id": "person"}, indexes=("person_id",),
        checks={
            "judged_if_submitted": "(submitted_at IS NULL) = (passed IS NULL)",
            "passed_if_valid": "valid_until IS NULL OR passed",
            "parts_of_wholes": "within <= criteria AND exact <= gateways",
        },
    )  # fmt: skip
    table(
        "calibration_mark", whole("calibration_id"), text("case_code", 40), text("criterion", 20), whole("level"),
        links={"calibration_id": "calibration"}, unique=("calibration_id case_code criterion",),
        indexes=("calibration_id",), checks={"level_of_the_rubric": "level BETWEEN 0 AND 4"},
    )  # fmt: skip
