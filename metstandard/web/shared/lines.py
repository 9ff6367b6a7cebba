"""The line of one criterion, the same page in every door: each reads as far as the rules let them."""

from __future__ import annotations

from typing import Any

from flask import g

from metstandard.queries import lines
from metstandard.queries.timeline import View, view_of
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.rules import markings
from metstandard.rules.editions import rubric_of
from metstandard.rules.parts import parts_of
from metstandard.web.shared.access import found
from metstandard.web.shared.database import session

_STRICTEST = (View.UNIT, View.PANEL, View.STAFF)


def list_facts(review: Review) -> dict[str, Any]:
    """What the list of all criteria shows: nothing but their names."""
    return {
        "rubric": rubric_of(session(), review),
        "review": review,
        "unit": session().get_one(Unit, review.unit_id),
        "marking": review.marking.value,
    }


def line_facts(review: Review, code: str, view: View) -> dict[str, Any]:
    """What the page shows. Who plays parts of two kinds reads as the stricter of them does (security.md).

    Raises NotFound for a criterion that the rubric has not.
    """
    own = view_of(parts_of(session(), g.person, review))
    stricter = min(view, own, key=_STRICTEST.index)
    line = found(lines.line(session(), review, code, stricter, reader=g.person))
    marking = markings.highest([review.marking, *(one.evidence.marking for one in line.evidence)])
    return {"line": line, **list_facts(review), "marking": marking.value}
