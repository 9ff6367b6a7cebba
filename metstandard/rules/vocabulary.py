"""The names that a workflow file may use; anything else is refused when the file is loaded (glossary.md)."""

from functools import lru_cache

from metstandard.common.settings import settings
from metstandard.workflow.load import Vocabulary

PARTS = frozenset({
    "programme_officer", "moderator", "link_member", "reviewer", "lead_reviewer", "commander", "unit_author",
    "appeal_member", "action_owner", "verifier", "nominator", "seconder", "judge", "judging_chair", "sponsor",
    "press_officer", "standards_officer",
    "nominee", "administrator", "clock", "public", "deputy",
})  # fmt: skip

ACTS = frozenset({
    "propose", "edit_proposal", "send_for_commission", "turn_key", "return_with_reasons", "seat", "unseat",
    "publish_panel", "accept_seat", "decline_seat", "declare_interests", "waive_conflict", "object_to_reviewer",
    "rule_on_objection", "waive_cooling_off", "name_reserve", "drop_reserve",
    "confirm_panel", "agree_scope", "save_self_assessment", "add_evidence",
    "submit_self_assessment", "note_question", "close_evidence_review", "log_activity", "raise_immediate_risk",
    "acknowledge_risk", "contain_risk", "escalate_risk", "end_visit", "replace_reviewer",
    "save_mark", "lock_sheet", "agree_level", "record_discussion", "record_dissent",
    "sign_consensus", "edit_paragraph", "send_draft", "raise_point", "answer_point", "write_statement",
    "close_window", "change_level", "return_to_panel", "sign_moderation", "notify", "lodge_appeal", "publish",
    "submit_action_plan", "close_follow_up", "give_feedback", "pause", "resume", "cancel", "assign_deputy",
    "set_marking",
    "issue", "suspend", "reinstate", "withdraw", "extend", "expire", "supersede",
    "report_progress", "claim_done", "verify", "send_back", "record_effect", "decline",
    "begin_nomination", "edit_nomination", "submit_nomination", "lapse", "name_seconder", "second", "take_up", "group",
    "change_team", "return_nomination", "redirect", "pass_eligibility", "answer_check", "clear_checks", "hold",
    "release", "close_nomination", "allot_judges", "shortlist", "save_judgement", "lock_judgement", "rule_on_tie",
    "moderate", "decide", "answer_consent", "change_publication", "check_announcement", "set_embargo", "announce",
    "record_presentation", "archive", "erase", "revoke",
})  # fmt: skip

GUARDS = frozenset({
    "scope_complete", "both_keys_turned", "both_keys_agree", "scope_agreed", "every_seat_accepted",
    "every_interest_declared", "interests_confirmed",
    "interests_reaffirmed", "no_open_conflict", "no_open_objection", "objection_upheld",
    "objection_window_over", "no_sheet_locked", "self_assessment_complete", "visit_logged", "every_sheet_locked",
    "every_level_agreed", "every_discussion_recorded", "every_reviewer_signed", "report_complete",
    "every_point_answered", "every_moderator_signed", "decision_possible", "appeal_window_over",
    "every_action_planned", "every_action_settled", "progress_reported", "verifier_not_owner", "may_be_declined",
    "not_yet_extended", "validity_over",
    "nomination_complete", "seconder_confirmed", "eligible", "everyone_asked_about", "every_check_clear",
    "families_asked", "nothing_pending", "judges_allotted", "every_judgement_locked", "every_tie_ruled",
    "award_decided", "award_refused", "consent_given", "consent_declined", "announcement_checked", "embargo_set",
    "embargo_over", "was_awarded", "never_awarded",
})  # fmt: skip

DATES = frozenset({
    "entered", "visit_starts", "visit_ends", "visit_ended", "decided", "notified", "published", "valid_until",
    "action_due", "happened",
})  # fmt: skip


def letters() -> frozenset[str]:
    """The letters that exist: one folder each under templates/letters; `_layout` and its like are no letters."""
    folder = settings().templates / "letters"
    if not folder.is_dir():
        return frozenset()
    return frozenset(entry.name for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("_"))


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Every name that a workflow file may use in this installation."""
    return Vocabulary(guards=GUARDS, parts=PARTS, acts=ACTS, letters=letters(), dates=DATES)
