"""The first page of the Authority's door: what this person needs to do."""

from __future__ import annotations

from flask import render_template

from metstandard.web.authority.door import door
from metstandard.web.shared.access import open_to
from metstandard.web.shared.hubs import home_facts

# Who sees the programme. An administrator has no part in it (rules.md B3) and gets people and letters only.
STAFF = ("programme_officer", "key", "moderator", "link_member", "press_officer")
# Who sees how a panel is made and what it judges: not a link member, not the press officer.
JUDGES = ("programme_officer", "key", "moderator")


@door.get("/")
@open_to(*STAFF, "administrator", "standards_officer", "sponsor")
def home() -> str:
    """What you need to do."""
    return render_template("pages/authority/home.html", **home_facts())
