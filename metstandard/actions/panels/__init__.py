"""Seating the panel: invitations, declarations, waivers, the unit's objections, substitutes. One file for each."""

from metstandard.actions.panels.answers import accept_seat, declare_interests, decline_seat, lapse, own_seat
from metstandard.actions.panels.cooling import decide_cooling_off
from metstandard.actions.panels.cycles import Search, cancel_proposal, propose_panels, wishes_of
from metstandard.actions.panels.objections import object_to_reviewer, rule_on_objection, votes_on
from metstandard.actions.panels.offering import ask_reserve, close_publication, offer_seats
from metstandard.actions.panels.reserves import drop_reserve, name_reserve, promote
from metstandard.actions.panels.seating import confirm_panel, holding, publish_panel, seat, unseat
from metstandard.actions.panels.substitutes import replace_reviewer
from metstandard.actions.panels.waivers import waive_conflict

__all__ = [
    "Search",
    "accept_seat",
    "ask_reserve",
    "cancel_proposal",
    "close_publication",
    "confirm_panel",
    "decide_cooling_off",
    "declare_interests",
    "decline_seat",
    "drop_reserve",
    "holding",
    "lapse",
    "name_reserve",
    "object_to_reviewer",
    "offer_seats",
    "own_seat",
    "promote",
    "propose_panels",
    "publish_panel",
    "replace_reviewer",
    "rule_on_objection",
    "seat",
    "unseat",
    "votes_on",
    "waive_conflict",
    "wishes_of",
]
