"""What the homes and the hubs of every door have in common: tasks as links, whose move it is, progress, history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app, g, url_for
from werkzeug.routing import BuildError

from metstandard.queries import risks, tasks
from metstandard.queries.pending import pending
from metstandard.queries.tasks import Task
from metstandard.queries.timeline import stages, timeline
from metstandard.records.recognition import Nomination
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.rules.parts import standing
from metstandard.web.shared import filters
from metstandard.web.shared.database import session


def todo(found: Iterable[Task]) -> list[dict[str, Any]]:
    """Tasks as the `todo` part shows them, each with its link."""
    return [
        {
            "text": one.text,
            "where": one.where,
            "href": _address(one.endpoint, one.values),
            "due": filters.due(one.days_left) if one.days_left is not None else "",
            "overdue": one.overdue,
        }
        for one in found
        if one.endpoint in current_app.view_functions
    ]


def home_facts() -> dict[str, Any]:
    """What a home page shows: everything to do, whichever door it is done in; with nothing to do, who acts next."""
    items = todo(tasks.open_tasks(session(), g.person))
    moves = [] if items else tasks.next_moves(session(), g.person)
    return {
        "items": items,
        "moves": [
            {
                "where": one.where,
                "href": url_for("account.to", kind="review", number=one.number),
                "sentence": one.sentence,
                "stood": one.stood,
            }
            for one in moves
        ],
    }


def moving_facts(record: Review | Nomination) -> dict[str, Any]:
    """What every page about a moving record shows: whose move it is, what this person may do, the marking."""
    sentence, stood = tasks.whose_move(session(), record)
    return {
        "sentence": sentence,
        "stood": stood,
        "open": {each.act: each for each in tasks.moves_open_to(session(), g.person, record)},
        "marking": record.marking.value,
    }


def review_facts(review: Review) -> dict[str, Any]:
    """The same of a review, with its unit."""
    return {"review": review, "unit": session().get_one(Unit, review.unit_id), **moving_facts(review)}


def hub_facts(review: Review, *, for_unit: bool = False) -> dict[str, Any]:
    """What the page of one review shows in every door."""
    sentence, stood = tasks.whose_move(session(), review)
    mine = [] if review.paused else _mine(review)
    return {
        "review": review,
        "sentence": sentence,
        "stood": stood,
        "mine": [{"text": text, "href": link} for text, endpoint, values in mine if (link := _link(endpoint, values))],
        "overdue": _overdue(review),
        "stages": stages(session(), review, for_unit=for_unit),
        "events": [
            {
                "what": f"{one.what}{f': {one.after}' if one.after else ''}",
                "who": one.who,
                "at": one.at,
                "note": one.note,
                "system": one.system,
            }
            for one in timeline(session(), review, g.person)
        ],
        "marking": review.marking.value,
    }


def _mine(review: Review) -> list[tuple[str, str, dict[str, str]]]:
    """What this person has to do here, what cannot wait first: text, endpoint, values."""
    urgent = risks.tasks_for(session(), [review], standing(session(), g.person))
    found = [(one.text, one.endpoint, one.values) for one in urgent]
    return found + [(one.text, one.endpoint, one.values) for one in pending(session(), g.person, review)]


def _address(endpoint: str, values: Mapping[str, Any]) -> str:
    return url_for(endpoint, **values)


def _link(endpoint: str, values: dict[str, str]) -> str:
    try:
        return _address(endpoint, values)
    except BuildError:
        return ""


def _overdue(review: Review) -> bool:
    due_on = review.due_on
    return due_on is not None and not review.paused and Task("", "", "", due_on=due_on).overdue
