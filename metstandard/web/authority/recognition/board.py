"""The list of nominations, filtered as the address says."""

from __future__ import annotations

from dataclasses import asdict

from flask import g, render_template, request

from metstandard.queries import nominations as reads
from metstandard.rules.editions import newest_rubric, newest_workflow
from metstandard.web.authority.door import door
from metstandard.web.authority.recognition.viewing import READERS
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session

PER_PAGE = 50
RUBRIC = "recognition-1"
_LONGEST = 100


@door.get("/nominations", endpoint="nominations")
@open_to(*READERS)
def nominations() -> str:
    """Every nomination that this person sees, those that wait longest first."""
    chosen = reads.Filters(**{name: request.args.get(name, "").strip()[:_LONGEST] for name in asdict(reads.Filters())})
    lines = reads.board(session(), g.person, chosen)
    pages = max(1, -(-len(lines) // PER_PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    known = reads.Titles.of(newest_rubric(RUBRIC)[0])
    states = [(one.name, one.title) for one in newest_workflow("nomination")[0].states.values() if one.name != "draft"]
    return render_template(
        "pages/authority/recognition/board.html", lines=lines[(number - 1) * PER_PAGE : number * PER_PAGE],
        count=len(lines), number=number, pages=pages, chosen=asdict(chosen), states=_any(states),
        schemes=_any(known.schemes.items()), categories=_any(known.categories.items()),
        services=_any(known.services.items()),
    )  # fmt: skip


def _any(choices: object) -> list[tuple[str, str]]:
    return [("", "Any"), *choices]  # type: ignore[misc]
