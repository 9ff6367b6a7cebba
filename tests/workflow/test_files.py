"""The workflow files of the product: they load with its own names, keep their promises, and move as listed here.

When a file changes on purpose, `pytest tests/workflow/test_files.py --inline-snapshot=fix` writes the new tables.
"""

from __future__ import annotations

import textwrap

import pytest
from inline_snapshot import snapshot

from metstandard.workflow.definition import Move
from metstandard.workflow.proof import mutations, prove
from tests.workflow.product import NAMES, loaded


def line(move: Move, source: str) -> list[str]:
    """One move in few words: `act -> target by parts when guards`, and what else is so."""
    words = [move.do, *(["->", move.target(source)] if move.to not in (None, source) else []), "by", *move.by]
    words += ["when", *move.when] if move.when else []
    words += ["(quiet)"] if move.quiet else []
    words += ["(reason)"] if move.reason else []
    return textwrap.wrap(" ".join(words), 110, initial_indent="  ", subsequent_indent="      ")


def table(name: str) -> str:
    """The moves of a workflow, by the state they are taken from."""
    workflow = loaded()[name]
    lines = []
    for state in workflow.states:
        lines.append(state)
        lines += [text for move in workflow.moves_from(state) if not move.anywhere for text in line(move, state)]
    lines += ["any", *(text for move in workflow.moves if move.anywhere for text in line(move, ""))]
    return "\n".join(lines) + "\n"


def test_the_product_has_these_workflows() -> None:
    assert sorted(loaded()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_promise_is_proved_and_every_smallest_damage_breaks_one(name: str) -> None:
    assert prove(loaded()[name]) == ()
    found = list(mutations(loaded()[name]))
    assert found
    assert [description for description, damage in found if not prove(damage)] == []


def test_the_promises_of_a_review_are_at_least_these() -> None:
    """The acts and guards without which no review may be published."""
    (published,) = (promise for promise in loaded()["assessment"].promises if promise.reaching == "published")
    assert {str(carry) for carry in published.carries} >= {
        "turn_key at commissioning with both_keys_turned",
        "lock_sheet at scoring with every_sheet_locked",
        "sign_consensus at consensus with every_reviewer_signed",
        "close_window at factual_accuracy",
        "sign_moderation at moderation with every_moderator_signed",
        "turn_key at decision with both_keys_turned",
    }


def test_the_guards_whose_deletion_is_refused_are_these() -> None:
    deleted = [name for name, _ in mutations(loaded()["assessment"]) if " deleted from " in name]
    assert deleted == snapshot(
        [
            "both_keys_turned deleted from turn_key from commissioning to panel_forming",
            "no_open_conflict deleted from publish_panel from panel_forming to panel_confirming",
            "objection_window_over deleted from confirm_panel from panel_confirming to scoping",
            "self_assessment_complete deleted from submit_self_assessment from self_assessment to evidence_review",
            "every_sheet_locked deleted from lock_sheet from scoring to consensus",
            "every_reviewer_signed deleted from sign_consensus from consensus to reporting",
            "every_moderator_signed deleted from sign_moderation from moderation to decision",
            "both_keys_turned deleted from turn_key from decision to notified",
            "appeal_window_over deleted from publish from appeal_window to published",
            "every_action_planned deleted from submit_action_plan from published to follow_up",
            "both_keys_turned deleted from close_follow_up from follow_up to closed",
            "both_keys_agree deleted from cancel from any to cancelled",
        ]
    )


def test_an_assessment_moves_like_this() -> None:
    assert table("assessment") == snapshot("""\
proposed
  edit_proposal by programme_officer
  send_for_commission -> commissioning by programme_officer when scope_complete
commissioning
  turn_key -> panel_forming by authority_key commissioner_key when both_keys_turned
  turn_key by authority_key commissioner_key
  return_with_reasons -> proposed by authority_key commissioner_key (reason)
panel_forming
  seat by programme_officer clock
  unseat by programme_officer (reason)
  name_reserve by programme_officer
  drop_reserve by programme_officer
  waive_conflict by programme_officer
  waive_conflict by authority_key commissioner_key
  declare_interests by reviewer
  accept_seat by reviewer
  decline_seat by reviewer clock (reason)
  publish_panel -> panel_confirming by programme_officer when every_seat_accepted every_interest_declared
      no_open_conflict
panel_confirming
  name_reserve by programme_officer
  drop_reserve by programme_officer
  waive_conflict by programme_officer
  waive_conflict by authority_key commissioner_key
  declare_interests by reviewer
  decline_seat by reviewer clock (reason)
  object_to_reviewer by commander
  rule_on_objection -> panel_forming by authority_key commissioner_key when objection_upheld
  rule_on_objection by authority_key commissioner_key
  confirm_panel -> scoping by clock programme_officer when objection_window_over no_open_objection
      every_seat_accepted every_interest_declared interests_confirmed no_open_conflict
  replace_reviewer -> panel_forming by programme_officer clock (reason)
scoping
  name_reserve by programme_officer
  drop_reserve by programme_officer
  waive_conflict by programme_officer
  waive_conflict by authority_key commissioner_key
  declare_interests by reviewer
  accept_seat by reviewer
  decline_seat by reviewer clock (reason)
  object_to_reviewer by commander
  rule_on_objection by authority_key commissioner_key
  replace_reviewer by programme_officer clock (reason)
  agree_scope -> self_assessment by lead_reviewer commander authority_key commissioner_key when scope_agreed
  agree_scope by lead_reviewer commander authority_key commissioner_key
self_assessment
  name_reserve by programme_officer
  drop_reserve by programme_officer
  waive_conflict by programme_officer
  waive_conflict by authority_key commissioner_key
  declare_interests by reviewer
  accept_seat by reviewer
  decline_seat by reviewer clock (reason)
  object_to_reviewer by commander
  rule_on_objection by authority_key commissioner_key
  replace_reviewer by programme_officer clock (reason)
  save_self_assessment by commander unit_author deputy (quiet)
  add_evidence by commander unit_author deputy (quiet)
  submit_self_assessment -> evidence_review by commander when self_assessment_complete
evidence_review
  name_reserve by programme_officer
  drop_reserve by programme_officer
  waive_conflict by programme_officer
  waive_conflict by authority_key commissioner_key
  declare_interests by reviewer
  accept_seat by reviewer
  decline_seat by reviewer clock (reason)
  object_to_reviewer by commander
  rule_on_objection by authority_key commissioner_key
  replace_reviewer by programme_officer clock (reason)
  add_evidence by reviewer commander unit_author deputy (quiet)
  note_question by reviewer (quiet)
  close_evidence_review -> on_site by lead_reviewer when every_seat_accepted every_interest_declared
      no_open_conflict no_open_objection
  log_activity by reviewer (quiet)
  raise_immediate_risk by reviewer
on_site
  waive_conflict by programme_officer
  waive_conflict by authority_key commissioner_key
  declare_interests by reviewer
  accept_seat by reviewer
  decline_seat by reviewer clock (reason)
  object_to_reviewer by commander
  rule_on_objection by authority_key commissioner_key
  replace_reviewer by programme_officer when both_keys_agree no_sheet_locked (reason)
  replace_reviewer by authority_key commissioner_key (reason)
  add_evidence by reviewer commander unit_author deputy (quiet)
  note_question by reviewer (quiet)
  log_activity by reviewer (quiet)
  raise_immediate_risk by reviewer
  end_visit -> scoring by lead_reviewer when visit_logged every_seat_accepted every_interest_declared
      interests_reaffirmed no_open_conflict no_open_objection
scoring
  waive_conflict by programme_officer
  waive_conflict by authority_key commissioner_key
  declare_interests by reviewer
  accept_seat by reviewer
  decline_seat by reviewer clock (reason)
  replace_reviewer by programme_officer when both_keys_agree no_sheet_locked (reason)
  replace_reviewer by authority_key commissioner_key (reason)
  raise_immediate_risk by reviewer
  save_mark by reviewer (quiet)
  lock_sheet -> consensus by reviewer when every_sheet_locked
  lock_sheet by reviewer
consensus
  declare_interests by reviewer
  raise_immediate_risk by reviewer
  agree_level by reviewer (quiet)
  add_evidence by reviewer (quiet)
  record_discussion by reviewer (quiet)
  record_dissent by reviewer (quiet)
  sign_consensus -> reporting by reviewer when every_level_agreed every_discussion_recorded
      every_reviewer_signed
  sign_consensus by reviewer when every_level_agreed every_discussion_recorded
reporting
  edit_paragraph by lead_reviewer deputy (quiet)
  send_draft -> factual_accuracy by lead_reviewer when report_complete
factual_accuracy
  raise_point by commander unit_author deputy
  answer_point by lead_reviewer
  write_statement by commander
  close_window -> moderation by clock commander
moderation
  answer_point by lead_reviewer
  change_level by moderator
  return_to_panel -> consensus by moderator (reason)
  sign_moderation -> decision by moderator when every_point_answered every_moderator_signed
  sign_moderation by moderator when every_point_answered
decision
  turn_key -> notified by authority_key commissioner_key when decision_possible both_keys_turned
  turn_key by authority_key commissioner_key when decision_possible
  return_with_reasons -> moderation by authority_key commissioner_key (reason)
notified
  notify -> appeal_window by programme_officer
appeal_window
  close_window by clock
  publish -> published by programme_officer when appeal_window_over
published
  give_feedback by reviewer commander (quiet)
  submit_action_plan -> follow_up by commander when every_action_planned
follow_up
  give_feedback by reviewer commander (quiet)
  turn_key by authority_key commissioner_key when every_action_settled
  return_with_reasons by authority_key commissioner_key (reason)
  close_follow_up -> closed by programme_officer when every_action_settled both_keys_turned
closed
cancelled
any
  declare_interests by moderator authority_key commissioner_key authority_principal commissioner_principal
  acknowledge_risk by commander authority_key commissioner_key authority_principal commissioner_principal
  contain_risk by commander
  escalate_risk by clock
  waive_cooling_off by authority_key commissioner_key (reason)
  assign_deputy by commander lead_reviewer
  set_marking by programme_officer
  pause by programme_officer (reason)
  resume by programme_officer
  cancel -> cancelled by programme_officer when both_keys_agree (reason)
  cancel by authority_key commissioner_key (reason)
""")


def test_a_certificate_moves_like_this() -> None:
    assert table("certificate") == snapshot("""\
current
  suspend -> suspended by authority_key commissioner_key when both_keys_agree (reason)
  suspend by authority_key commissioner_key (reason)
  withdraw -> withdrawn by authority_key commissioner_key when both_keys_agree (reason)
  withdraw by authority_key commissioner_key (reason)
  extend by authority_key commissioner_key when not_yet_extended both_keys_agree (reason)
  extend by authority_key commissioner_key when not_yet_extended (reason)
  expire -> expired by clock when validity_over
  supersede -> superseded by programme_officer
suspended
  reinstate -> current by authority_key commissioner_key when both_keys_agree (reason)
  reinstate by authority_key commissioner_key (reason)
  withdraw -> withdrawn by authority_key commissioner_key when both_keys_agree (reason)
  withdraw by authority_key commissioner_key (reason)
  expire -> expired by clock when validity_over
  supersede -> superseded by programme_officer
withdrawn
expired
superseded
any
""")


def test_an_action_moves_like_this() -> None:
    assert table("action") == snapshot("""\
open
  report_progress by action_owner commander
  claim_done -> reported by action_owner commander when progress_reported
  decline -> declined by commander when may_be_declined (reason)
reported
  verify -> verified by verifier when verifier_not_owner
  send_back -> open by verifier (reason)
verified
  record_effect -> effect_recorded by verifier when verifier_not_owner
effect_recorded
declined
any
""")
