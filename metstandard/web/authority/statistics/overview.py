"""How far reviewers agree: over all reviews or a cycle's, by domain and kind of seat, by criterion, by unit."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from metstandard.queries.statistics.agreement import coefficients, flattened, plainly, survey
from metstandard.queries.statistics.drawings import in_words, levels_figure
from metstandard.queries.statistics.marks import Opened, opened
from metstandard.web.authority.door import door
from metstandard.web.authority.home import JUDGES
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session


def chosen_cycle(found: Opened) -> int | None:
    """The cycle that the address asks for; None for all, and for one that nobody has marked in."""
    asked = request.args.get("cycle", "")
    return int(asked) if asked.isdecimal() and int(asked) in found.cycles else None


def about_cycles(found: Opened, cycle: int | None) -> dict[str, Any]:
    """What the choice of a cycle needs on a page."""
    return {
        "cycle": "" if cycle is None else str(cycle),
        "cycles": [("", "All"), *((str(one), str(one)) for one in found.cycles)],
        "marking": "OFFICIAL-SENSITIVE",
    }


@door.get("/statistics")
@open_to(*JUDGES)
def statistics() -> str:
    """Agreement on all criteria, by domain and by two kinds of seat."""
    found = opened(session())
    cycle = chosen_cycle(found)
    seen = survey(found, cycle)
    return render_template(
        "pages/authority/statistics/overview.html",
        seen=seen,
        sheets=len(found.of(cycle)),
        coefficients=coefficients(seen.whole.found) if seen.whole.found else [],
        flattened=seen.whole.found is not None and flattened(seen.whole.found),
        plainly=plainly,
        in_words=in_words,
        **about_cycles(found, cycle),
    )


@door.get("/statistics/criteria")
@open_to(*JUDGES)
def statistics_criteria() -> str:
    """Agreement by criterion; an order only as far as the intervals carry one."""
    found = opened(session())
    cycle = chosen_cycle(found)
    return render_template(
        "pages/authority/statistics/criteria.html",
        seen=survey(found, cycle),
        plainly=plainly,
        **about_cycles(found, cycle),
    )


@door.get("/statistics/levels")
@open_to(*JUDGES)
def statistics_levels() -> str:
    """Units by criteria, as decided."""
    found = opened(session())
    cycle = chosen_cycle(found)
    return render_template(
        "pages/authority/statistics/levels.html",
        figure=levels_figure(session(), found, cycle),
        **about_cycles(found, cycle),
    )
