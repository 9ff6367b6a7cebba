"""The commander's deputies in one review: they prepare and never sign."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from metstandard.queries import reviews
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.deputies import deputies_page, ended
from metstandard.web.units.door import door


@door.route("/reviews/<reference>/deputies", methods=["GET", "POST"])
@open_to("commander")
def review_deputies(reference: str) -> ResponseReturnValue:
    """Who prepares in the commander's name."""
    return deputies_page(found(reviews.for_unit(session(), g.person, reference)))


@door.post("/reviews/<reference>/deputies/<int:number>/end")
@open_to("commander")
def end_deputy(reference: str, number: int) -> ResponseReturnValue:
    """End it."""
    return ended(found(reviews.for_unit(session(), g.person, reference)), number)
