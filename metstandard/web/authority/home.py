"""The first page of the Authority's door: what this person needs to do."""

from __future__ import annotations

from flask import render_template

from metstandard.web.authority.door import door
from metstandard.web.shared.access import open_to
from metstandard.web.shared.hubs import home_facts

STAFF = ("programme_officer", "key", "moderator", "link_member", "press_officer", "administrator")


@door.get("/")
@open_to(*STAFF)
def home() -> str:
    """What you need to do."""
    return render_template("pages/authority/home.html", **home_facts())
