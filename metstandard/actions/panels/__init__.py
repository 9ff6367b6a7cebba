"""Seating the panel: invitations, declarations, waivers, the unit's objections, substitutes. One file for each."""

from metstandard.actions.panels.answers import accept_seat, declare_interests, decline_seat, own_seat
from metstandard.actions.panels.objections import object_to_reviewer, rule_on_objection, votes_on
from metstandard.actions.panels.seating import confirm_panel, holding, publish_panel, seat, unseat
from metstandard.actions.panels.substitutes import replace_reviewer
from metstandard.actions.panels.waivers import waive_conflict

__all__ = [
    "accept_seat",
    "confirm_panel",
    "declare_interests",
    "decline_seat",
    "holding",
    "object_to_reviewer",
    "own_seat",
    "publish_panel",
    "replace_reviewer",
    "rule_on_objection",
    "seat",
    "unseat",
    "votes_on",
    "waive_conflict",
]
