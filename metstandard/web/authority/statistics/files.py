"""The marks as files for `metstandard statistics`: every figure of the pages can be made again from them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from flask import Response, make_response

from metstandard.actions.people import OFFICER
from metstandard.queries.statistics import files
from metstandard.queries.statistics.marks import opened
from metstandard.web.authority.board import neutral
from metstandard.web.authority.door import door
from metstandard.web.authority.statistics.overview import chosen_cycle
from metstandard.web.authority.statistics.reviewers import only_the_office
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session

_COLUMNS = ("unit", "rater", "value")


@door.get("/statistics/ratings.csv")
@open_to(OFFICER)
def statistics_ratings() -> Response:
    """Each level, by review and criterion and by kind of seat: for `metstandard statistics agreement`."""
    only_the_office()
    found = opened(session())
    return _csv(files.ratings(found, chosen_cycle(found)), "ratings.csv")


@door.get("/statistics/means.csv")
@open_to(OFFICER)
def statistics_means() -> Response:
    """Each sheet's mean, with the reference reviews: for `metstandard statistics severity`."""
    only_the_office()
    found = opened(session())
    return _csv(files.means(found, chosen_cycle(found)), "means.csv")


@door.get("/statistics/anchors.txt")
@open_to(OFFICER)
def statistics_anchors() -> Response:
    """The agreed means of the reference reviews, as options of the same command."""
    only_the_office()
    found = opened(session())
    lines = [f"--anchor {case}={agreed!r}" for case, agreed in files.anchors(found, chosen_cycle(found)).items()]
    return _file("".join(f"{line}\n" for line in lines), "text/plain; charset=utf-8", "anchors.txt")


def _csv(rows: Iterable[tuple[str, ...]], name: str) -> Response:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return _file(out.getvalue(), "text/csv; charset=utf-8", name)


def _file(text: str, media_type: str, name: str) -> Response:
    answer = make_response(text)
    answer.headers["Content-Type"] = media_type
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
