"""Recognition: nominations with their nominees, checks and links; judgements, awards, events and guests."""

from alembic import op

from metstandard.records.migrations.tables import choice, data, day, flag, moment, table, text, whole

revision = "0003_recognition"
down_revision = "0002_enquiries"
branch_labels = None
depends_on = None

TABLES = (
    "incident", "nomination", "nomination_link", "nominee", "seconder", "nominee_check", "event", "allotment",
    "award", "monitoring", "tie_ruling", "guest", "judgement",
)  # fmt: skip
MARKINGS = (
    "OFFICIAL", "OFFICIAL-SENSITIVE", "NOT PROTECTIVELY MARKED", "PROTECT", "RESTRICTED", "CONFIDENTIAL",
)  # fmt: skip


def upgrade() -> None:
    _nominations()
    _judging()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)


def _nominations() -> None:
    table(
        "incident", text("reference", 20), text("title", 160), day("happened_on"), text("place", 160),
        text("outside_reference", 60), flag("died"), day("families_asked_on", null=True),
        day("everyone_asked_on", null=True), choice("hold", "hold", "sub_judice inquest conduct", null=True),
        unique=("reference",),
    )  # fmt: skip
    table(
        "nomination", text("workflow", 40), whole("workflow_edition_id"), text("state", 40), moment("state_since"),
        day("due_on", null=True), flag("paused"), whole("version"), text("reference", 20), whole("rubric_edition_id"),
        text("scheme", 20), text("category", 20), text("nominee_kind", 40), text("title", 160), text("body", 160),
        whole("unit_id", null=True), whole("incident_id", null=True), choice("marking", "marking", MARKINGS),
        flag("posthumous"), day("happened_on", null=True), text("citation"), text("account"), text("effect"),
        text("difficulty"), text("evidence"), text("witnesses"), text("incident_words", 500), text("earlier_awards"),
        data("answers"), whole("round"), whole("nominator_id", null=True), text("nominator_name", 120),
        text("nominator_email", 254), text("nominator_body", 160), text("nominator_relation", 160),
        flag("may_contact"), whole("finding_id", null=True), moment("submitted_at", null=True),
        whole("duplicate_of_id", null=True), text("redirected_to", 40),
        choice("shown", "shown", "named anonymous unpublished"), flag("awarded", null=True),
        day("decided_on", null=True), text("announcement"), moment("press_checked_at", null=True),
        whole("press_checked_by_id", null=True), moment("embargo_until", null=True), moment("erased_at", null=True),
        links={
            "workflow_edition_id": "edition", "rubric_edition_id": "edition", "unit_id": "unit",
            "incident_id": "incident", "nominator_id": "person", "finding_id": "finding",
            "duplicate_of_id": "nomination", "press_checked_by_id": "person",
        },
        unique=("reference",),
        indexes=("category", "due_on", "embargo_until", "incident_id", "nominator_id", "scheme", "state", "unit_id"),
        checks={
            "decided_on_a_day": "awarded IS NULL OR decided_on IS NOT NULL",
            "embargo_after_press_check": "embargo_until IS NULL OR press_checked_at IS NOT NULL",
            "pressed_by_somebody": "(press_checked_at IS NULL) = (press_checked_by_id IS NULL)",
        },
    )  # fmt: skip
    table(
        "nomination_link", whole("nomination_id"), text("part", 40), whole("about_id", null=True),
        text("token_hash", 64), moment("expires_at"), moment("ended_at", null=True),
        links={"nomination_id": "nomination"}, unique=("token_hash",), indexes=("nomination_id",),
    )  # fmt: skip
    table(
        "nominee", whole("nomination_id"), text("name", 120), text("role", 120), text("body", 160),
        text("service", 20), whole("unit_id", null=True), whole("person_id", null=True), text("email", 254),
        flag("died"), day("from_on", null=True), day("until_on", null=True),
        choice("consent", "consent", "not_asked asked given declined"), moment("consent_at", null=True),
        flag("anonymous"), moment("left_at", null=True), text("left_reason"),
        links={"nomination_id": "nomination", "unit_id": "unit", "person_id": "person"}, indexes=("nomination_id",),
    )  # fmt: skip
    table(
        "seconder", whole("nomination_id"), text("name", 120), text("email", 254), text("body", 160),
        choice("answer", "seconding", "asked confirmed declined"), text("words"), moment("asked_at"),
        moment("answered_at", null=True), links={"nomination_id": "nomination"}, indexes=("nomination_id",),
    )  # fmt: skip
    table(
        "nominee_check", whole("nominee_id"), text("asked_of", 40),
        choice("result", "checkresult", "clear not_clear hold"), whole("checked_by_id"), moment("checked_at"),
        links={"nominee_id": "nominee", "checked_by_id": "person"}, indexes=("nominee_id",),
    )  # fmt: skip


def _judging() -> None:
    table(
        "event", text("title", 160), moment("starts_at"), moment("ends_at"), text("place", 200), text("words"),
        moment("published_at", null=True),
        checks={
            "ends_after_it_starts": "ends_at > starts_at",
        },
    )  # fmt: skip
    table(
        "allotment", whole("nomination_id"), whole("person_id"), moment("allotted_at"),
        choice("interest", "interest", "none personal prejudicial", null=True), text("interest_words"),
        moment("declared_at", null=True), moment("locked_at", null=True), moment("ended_at", null=True),
        text("reason"), links={"nomination_id": "nomination", "person_id": "person"},
        unique=("nomination_id person_id",), indexes=("nomination_id", "person_id"),
    )  # fmt: skip
    table(
        "award", whole("number"), text("code", 20), whole("nomination_id"), moment("issued_at"),
        text("journal_head", 64), links={"nomination_id": "nomination"}, unique=("code", "nomination_id", "number"),
    )  # fmt: skip
    table(
        "monitoring", whole("nomination_id"), data("answers"), links={"nomination_id": "nomination"},
        indexes=("nomination_id",),
    )  # fmt: skip
    table(
        "tie_ruling", whole("nomination_id"), data("tied_with"), whole("place"), text("reason"), whole("ruled_by_id"),
        moment("ruled_at"), links={"nomination_id": "nomination", "ruled_by_id": "person"},
        indexes=("nomination_id",),
        checks={
            "with_reason": "length(reason) > 0",
        },
    )  # fmt: skip
    table(
        "guest", whole("event_id"), whole("nominee_id"), flag("coming", null=True), whole("family_places"),
        text("access_needs"), links={"event_id": "event", "nominee_id": "nominee"}, unique=("event_id nominee_id",),
        indexes=("event_id", "nominee_id"),
        checks={
            "places_not_negative": "family_places >= 0",
        },
    )  # fmt: skip
    table(
        "judgement", whole("allotment_id"), text("criterion", 12), text("level", 4), text("words"), whole("revision"),
        moment("saved_at"), links={"allotment_id": "allotment"}, unique=("allotment_id criterion",),
        indexes=("allotment_id",),
    )  # fmt: skip
