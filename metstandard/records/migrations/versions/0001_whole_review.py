"""Every table of one whole review, with the triggers that keep the journal append-only."""

from alembic import op

from metstandard.records.migrations.tables import choice, data, day, flag, moment, only_one, table, text, whole

revision = "0001_whole_review"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "committee", "edition", "employer", "partner", "series", "unit", "supply", "person", "account_link",
    "appointment", "kept_form", "posting", "reviewer_profile", "signed_in", "timer", "review", "signature", "deputy",
    "declaration", "seat", "waiver", "objection", "objection_vote", "stored_file", "activity", "evidence",
    "immediate_risk", "question", "self_mark", "evidence_link", "agreed_level", "finding", "sheet", "mark",
    "decision_arithmetic", "paragraph", "paragraph_version", "point", "certificate", "action", "progress", "letter",
    "journal_line", "journal_note",
)  # fmt: skip
EVIDENCE = (
    "document", "data", "interview", "focus_group", "observation", "survey", "partner_testimony",
    "community_feedback", "earlier_inspection",
)  # fmt: skip
GRADES = (
    "CRITICAL", "MAJOR", "MINOR", "AFI", "GOOD",
)  # fmt: skip
MARKINGS = (
    "OFFICIAL", "OFFICIAL-SENSITIVE", "NOT PROTECTIVELY MARKED", "PROTECT", "RESTRICTED", "CONFIDENTIAL",
)  # fmt: skip
OUTCOMES = (
    "ACHIEVED", "ACHIEVED_WITH_CONDITIONS", "DEFERRED", "NOT_YET_ACHIEVED",
)  # fmt: skip


def upgrade() -> None:
    _bodies()
    _people()
    _reviews()
    _panels()
    _evidence()
    _sheets()
    _reports()
    _after()
    _outbox()
    _journal()
    _triggers()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION journal_line_refuse()")


def _bodies() -> None:
    table(
        "committee", text("code", 20), text("name", 160), text("parent", 60), text("note", 300), text("source", 200),
        day("valid_from"), day("valid_until", null=True), unique=("code",),
    )  # fmt: skip
    table(
        "edition", text("kind", 20), text("name", 60), whole("number"), text("sha256", 64), text("text"),
        moment("kept_at"), unique=("kind name number", "sha256"),
    )  # fmt: skip
    table(
        "employer", text("name", 160), choice("kind", "employerkind", "unit council company"),
        text("borough", 80, null=True), unique=("name",),
    )  # fmt: skip
    table(
        "partner", text("code", 20), text("name", 200), text("kind", 80), text("source", 200), day("valid_from"),
        day("valid_until", null=True), unique=("code",),
    )  # fmt: skip
    table(
        "series", text("name", 40), whole("last"), key="name",
    )  # fmt: skip
    table(
        "unit", text("code", 20), text("name", 160), choice("kind", "unitkind", "BOCU OCU"),
        text("business_group", 80), text("borough", 80, null=True), text("gss", 12, null=True), text("source", 300),
        day("valid_from"), day("valid_until", null=True), unique=("code",), indexes=("business_group",),
    )  # fmt: skip
    table(
        "supply", whole("employer_id"), text("role", 20), day("from_on"), day("until_on", null=True),
        links={"employer_id": "employer"}, indexes=("employer_id",),
    )  # fmt: skip


def _people() -> None:
    table(
        "person", text("email", 254), text("name", 120), text("title", 120), text("password", 255, null=True),
        flag("active"), text("fs_uniquifier", 64), moment("confirmed_at", null=True), moment("created_at"),
        moment("invited_at", null=True), flag("daily_digest"), unique=("email", "fs_uniquifier"),
    )  # fmt: skip
    table(
        "account_link", whole("person_id"), text("purpose", 20), text("token_hash", 64), moment("expires_at"),
        moment("used_at", null=True), links={"person_id": "person"}, unique=("token_hash",), indexes=("person_id",),
    )  # fmt: skip
    table(
        "appointment", whole("person_id"), text("part", 40), whole("unit_id", null=True), text("seat", 40),
        day("from_on"), day("until_on", null=True), links={"person_id": "person", "unit_id": "unit"},
        indexes=("part unit_id", "person_id"),
        checks={
            "ends_after_it_begins": "until_on IS NULL OR until_on >= from_on",
        },
    )  # fmt: skip
    table(
        "kept_form", text("token_hash", 64), whole("person_id", null=True), text("path", 500), text("fields"),
        moment("kept_at"), links={"person_id": "person"}, unique=("token_hash",),
    )  # fmt: skip
    table(
        "posting", whole("person_id"), whole("unit_id", null=True), text("business_group", 80), flag("command_team"),
        day("from_on"), day("until_on", null=True), links={"person_id": "person", "unit_id": "unit"},
        indexes=("person_id", "unit_id"),
        checks={
            "unit_or_business_group": "(unit_id IS NULL) = (length(business_group) > 0)",
        },
    )  # fmt: skip
    table(
        "reviewer_profile", whole("person_id"), text("seat", 40), whole("employer_id", null=True),
        whole("unit_id", null=True), whole("rank", null=True), flag("can_lead"), day("trained_until", null=True),
        day("vetted_until", null=True), day("terms_signed_on", null=True), day("observed_on", null=True),
        links={"person_id": "person", "employer_id": "employer", "unit_id": "unit"}, unique=("person_id",),
        indexes=("seat",),
    )  # fmt: skip
    table(
        "signed_in", text("token_hash", 64), whole("person_id", null=True), text("data"), moment("created_at"),
        moment("expires_at"), text("address", 64), text("browser", 200), key="token_hash",
        links={"person_id": "person"}, indexes=("expires_at", "person_id"),
    )  # fmt: skip


def _reviews() -> None:
    table(
        "timer", text("record_kind", 20), whole("record_id"), text("state", 40), text("name", 40), day("due_on"),
        moment("fired_at", null=True), indexes=("due_on", "record_kind record_id"),
    )  # fmt: skip
    table(
        "review", text("workflow", 40), whole("workflow_edition_id"), text("state", 40), moment("state_since"),
        day("due_on", null=True), flag("paused"), whole("version"), text("reference", 20), whole("unit_id"),
        whole("rubric_edition_id"), whole("committee_id"), choice("origin", "origin", "new under_way"), text("scope"),
        day("starts_on"), day("ends_on"), choice("marking", "marking", MARKINGS), whole("proposed_by_id"),
        whole("predecessor_id", null=True), whole("link_member_id", null=True), data("focus_areas"),
        data("not_applicable"), text("data_request"), text("statement"),
        choice("chosen_outcome", "chosen_outcome", OUTCOMES, null=True), text("exception_reason"),
        choice("outcome", "outcome", OUTCOMES, null=True), text("overall", 40, null=True),
        moment("panel_published_at", null=True), day("visit_ended_on", null=True), day("draft_sent_on", null=True),
        day("accuracy_closed_on", null=True), day("decided_on", null=True), day("notified_on", null=True),
        day("appeal_closed_on", null=True), day("published_on", null=True), day("plan_submitted_on", null=True),
        links={
            "workflow_edition_id": "edition", "unit_id": "unit", "rubric_edition_id": "edition",
            "committee_id": "committee", "proposed_by_id": "person", "predecessor_id": "review",
            "link_member_id": "person",
        },
        unique=("reference",), indexes=("due_on", "state", "unit_id"),
        checks={
            "decided_if_published": "published_on IS NULL OR decided_on IS NOT NULL",
            "outcome_if_decided": "(decided_on IS NULL) = (outcome IS NULL)",
            "visit_ends_after_it_starts": "ends_on >= starts_on",
        },
    )  # fmt: skip
    table(
        "signature", text("record_kind", 20), whole("record_id"), text("purpose", 40), text("part", 40),
        text("seat", 40), whole("person_id"), text("digest", 64), text("reason"), moment("signed_at"),
        moment("withdrawn_at", null=True), links={"person_id": "person"},
    )  # fmt: skip
    op.create_index("ix_signature_record", "signature", ["record_kind", "record_id", "purpose"], unique=False)
    table(
        "deputy", whole("review_id"), whole("principal_id"), whole("person_id"), text("part", 40), day("from_on"),
        day("ended_on", null=True), links={"review_id": "review", "principal_id": "person", "person_id": "person"},
        unique=("review_id principal_id person_id",), indexes=("person_id", "review_id"),
    )  # fmt: skip


def _panels() -> None:
    table(
        "declaration", whole("review_id"), whole("person_id"), text("stage", 40),
        choice("interest", "interest", "none personal prejudicial"), text("detail"), moment("declared_at"),
        links={"review_id": "review", "person_id": "person"}, indexes=("person_id", "review_id"),
        checks={
            "detail_if_interest": "interest = 'none' OR length(detail) > 0",
        },
    )  # fmt: skip
    table(
        "seat", whole("review_id"), text("kind", 40), whole("person_id"), flag("lead"),
        choice("status", "seatstatus", "invited accepted declined unseated"), moment("invited_at"),
        moment("accepted_at", null=True), moment("ended_at", null=True), text("reason"),
        links={"review_id": "review", "person_id": "person"}, indexes=("person_id", "review_id"),
        checks={
            "accepted_at": "(status = 'accepted') = (accepted_at IS NOT NULL) OR status = 'unseated'",
        },
    )  # fmt: skip
    only_one("uq_seat_one_holder", "seat", "review_id kind", where="status IN ('invited', 'accepted')")
    only_one("uq_seat_one_per_person", "seat", "review_id person_id", where="status IN ('invited', 'accepted')")
    table(
        "waiver", whole("review_id"), whole("person_id"), text("rule", 20), text("reason"), moment("asked_at"),
        links={"review_id": "review", "person_id": "person"}, unique=("review_id person_id rule",),
        indexes=("review_id",),
    )  # fmt: skip
    table(
        "objection", whole("review_id"), whole("seat_id"), whole("raised_by_id"), text("cause"), moment("raised_at"),
        choice("ruling", "ruling", "open upheld refused"), moment("ruled_at", null=True),
        links={"review_id": "review", "seat_id": "seat", "raised_by_id": "person"}, indexes=("review_id",),
    )  # fmt: skip
    table(
        "objection_vote", whole("objection_id"), text("part", 40), whole("person_id"), flag("upheld"), text("reason"),
        moment("voted_at"), links={"objection_id": "objection", "person_id": "person"}, unique=("objection_id part",),
        indexes=("objection_id",),
    )  # fmt: skip


def _evidence() -> None:
    table(
        "stored_file", text("sha256", 64), whole("size"), text("media_type", 100), moment("stored_at"),
        unique=("sha256",),
        checks={
            "not_empty": "size > 0",
        },
    )  # fmt: skip
    table(
        "activity", whole("review_id"),
        choice("kind", "activitykind", "interview focus_group observation partner_meeting feedback"), day("held_on"),
        whole("people"), whole("minutes"), text("group", 120), text("note"), whole("logged_by_id"),
        moment("logged_at"), links={"review_id": "review", "logged_by_id": "person"}, indexes=("review_id",),
        checks={
            "some_time": "people >= 0 AND minutes > 0",
        },
    )  # fmt: skip
    table(
        "evidence", whole("review_id"), choice("kind", "evidencetype", EVIDENCE), text("title", 200),
        text("source", 200), day("dated_on", null=True), text("period", 100), text("note"),
        choice("marking", "marking", MARKINGS), flag("by_unit"), flag("unit_may_see"), flag("external"),
        whole("outcome_years"), whole("added_by_id"), moment("added_at"), whole("file_id", null=True),
        text("file_name", 200), moment("removed_at", null=True),
        links={"review_id": "review", "added_by_id": "person", "file_id": "stored_file"}, indexes=("review_id",),
        checks={
            "years_not_negative": "outcome_years >= 0",
        },
    )  # fmt: skip
    table(
        "immediate_risk", whole("review_id"), text("text"), whole("raised_by_id"), moment("raised_at"),
        links={"review_id": "review", "raised_by_id": "person"}, indexes=("review_id",),
    )  # fmt: skip
    table(
        "question", whole("review_id"), text("criterion", 12), text("text"), whole("asked_by_id"), moment("asked_at"),
        links={"review_id": "review", "asked_by_id": "person"}, indexes=("review_id",),
    )  # fmt: skip
    table(
        "self_mark", whole("review_id"), text("criterion", 12), text("level", 4), text("account"), whole("revision"),
        whole("saved_by_id"), moment("saved_at"), links={"review_id": "review", "saved_by_id": "person"},
        unique=("review_id criterion",), indexes=("review_id",),
    )  # fmt: skip
    table(
        "evidence_link", whole("evidence_id"), text("criterion", 12), text("place", 100),
        links={"evidence_id": "evidence"}, unique=("evidence_id criterion",), indexes=("evidence_id",),
    )  # fmt: skip


def _sheets() -> None:
    table(
        "agreed_level", whole("review_id"), text("criterion", 12), text("level", 4), text("rationale"),
        text("discussion"), text("new_evidence"), text("dissent"), whole("dissent_by_id", null=True),
        text("moderated", 4, null=True), text("moderation_reason"), whole("moderated_by_id", null=True),
        whole("revision"), links={"review_id": "review", "dissent_by_id": "person", "moderated_by_id": "person"},
        unique=("review_id criterion",), indexes=("review_id",),
        checks={
            "moderated_by_somebody": "(moderated IS NULL) = (moderated_by_id IS NULL)",
            "moderated_with_reason": "moderated IS NULL OR length(moderation_reason) > 0",
        },
    )  # fmt: skip
    table(
        "finding", whole("review_id"), text("criterion", 12), choice("grade", "grade", GRADES), text("text"),
        text("recommendation"), whole("raised_by_id"), moment("raised_at"), day("closed_on", null=True),
        moment("removed_at", null=True), links={"review_id": "review", "raised_by_id": "person"},
        indexes=("review_id",),
    )  # fmt: skip
    table(
        "sheet", whole("review_id"), whole("seat_id"), whole("person_id"), moment("locked_at", null=True),
        links={"review_id": "review", "seat_id": "seat", "person_id": "person"}, unique=("seat_id",),
        indexes=("review_id",),
    )  # fmt: skip
    table(
        "mark", whole("sheet_id"), text("criterion", 12), text("level", 4), text("strengths"), text("improvements"),
        choice("confidence", "confidence", "low medium high", null=True), data("evidence"), whole("revision"),
        moment("saved_at"), links={"sheet_id": "sheet"}, unique=("sheet_id criterion",), indexes=("sheet_id",),
    )  # fmt: skip


def _reports() -> None:
    table(
        "decision_arithmetic", whole("review_id"), text("overall", 40), data("result"), moment("computed_at"),
        links={"review_id": "review"}, unique=("review_id",),
    )  # fmt: skip
    table(
        "paragraph", whole("review_id"), whole("number"), text("section", 40), text("criterion", 12), text("text"),
        whole("revision"), links={"review_id": "review"}, unique=("review_id number",), indexes=("review_id",),
    )  # fmt: skip
    table(
        "paragraph_version", whole("paragraph_id"), whole("revision"), text("text"), whole("changed_by_id"),
        moment("changed_at"), links={"paragraph_id": "paragraph", "changed_by_id": "person"},
        indexes=("paragraph_id",),
    )  # fmt: skip
    table(
        "point", whole("review_id"), whole("paragraph_id"), text("before"), text("proposed"), text("evidence"),
        whole("raised_by_id"), moment("raised_at"), choice("answer", "answer", "open accepted refused"),
        text("reason"), whole("answered_by_id", null=True), moment("answered_at", null=True),
        links={
            "review_id": "review", "paragraph_id": "paragraph", "raised_by_id": "person", "answered_by_id": "person",
        },
        indexes=("review_id",),
        checks={
            "reason_if_refused": "answer <> 'refused' OR length(reason) > 0",
        },
    )  # fmt: skip


def _after() -> None:
    table(
        "certificate", text("workflow", 40), whole("workflow_edition_id"), text("state", 40), moment("state_since"),
        day("due_on", null=True), flag("paused"), whole("version"), whole("number"), text("code", 20),
        whole("review_id"), whole("unit_id"), text("commander_name", 120), text("scope"), day("decided_on"),
        moment("issued_at"), day("valid_until"), flag("extended"), text("journal_head", 64),
        links={"workflow_edition_id": "edition", "review_id": "review", "unit_id": "unit"},
        unique=("code", "number", "review_id"), indexes=("due_on", "state", "unit_id"),
        checks={
            "valid_after_decision": "valid_until > decided_on",
        },
    )  # fmt: skip
    table(
        "action", text("workflow", 40), whole("workflow_edition_id"), text("state", 40), moment("state_since"),
        day("due_on", null=True), flag("paused"), whole("version"), whole("review_id"), whole("finding_id"),
        whole("unit_id"), choice("grade", "grade", GRADES), text("recommendation"), text("plan"), whole("owner_id"),
        whole("capital"), whole("revenue"), whole("verified_by_id", null=True),
        choice("effect", "effect", "worked no_effect", null=True),
        links={
            "workflow_edition_id": "edition", "review_id": "review", "finding_id": "finding", "unit_id": "unit",
            "owner_id": "person", "verified_by_id": "person",
        },
        unique=("finding_id",), indexes=("due_on", "review_id", "state", "unit_id"),
        checks={
            "costs_not_negative": "capital >= 0 AND revenue >= 0",
            "verified_by_another": "verified_by_id IS NULL OR verified_by_id <> owner_id",
        },
    )  # fmt: skip
    table(
        "progress", whole("action_id"), text("text"), whole("evidence_id", null=True), whole("reported_by_id"),
        moment("reported_at"), links={"action_id": "action", "evidence_id": "evidence", "reported_by_id": "person"},
        indexes=("action_id",),
    )  # fmt: skip


def _outbox() -> None:
    table(
        "letter", text("once", 200), text("name", 40), whole("person_id"), text("address", 254),
        text("record_kind", 20), whole("record_id", null=True), text("subject", 300), text("text"), text("html"),
        text("message_id", 200), choice("status", "letterstatus", "owed sent failed"), whole("attempts"),
        moment("next_try_at"), text("last_error", 300), moment("owed_at"), moment("sent_at", null=True),
        links={"person_id": "person"}, unique=("message_id", "once"), indexes=("name", "person_id", "status"),
    )  # fmt: skip


def _journal() -> None:
    table(
        "journal_line", text("record_kind", 20), whole("record_id"), whole("seq"), moment("at"), text("act", 40),
        text("part", 40), whole("person_id", null=True), text("before", 40), text("after", 40), text("note_hash", 64),
        data("data"), text("previous", 64), text("hash", 64), links={"person_id": "person"},
        unique=("record_kind record_id seq",), indexes=("person_id",),
    )  # fmt: skip
    table(
        "journal_note", whole("line_id"), text("text"), links={"line_id": "journal_line"}, unique=("line_id",),
    )  # fmt: skip


def _triggers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER journal_line_no_{statement.lower()} BEFORE {statement} ON journal_line "
                "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION journal_line_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER journal_line_append_only BEFORE UPDATE OR DELETE ON journal_line "
        "FOR EACH ROW EXECUTE FUNCTION journal_line_refuse()"
    )
