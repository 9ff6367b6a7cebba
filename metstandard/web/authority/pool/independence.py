"""Independence over the years, and the marks from which severity is estimated; for the programme office (REV-5)."""

from __future__ import annotations

import csv
import io

from flask import Response, make_response, render_template

from metstandard.actions import people as acts
from metstandard.queries import independence as reads
from metstandard.rules.calibration import cases_in_use, number
from metstandard.web.authority.door import door
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session


@door.get("/pool/independence")
@open_to(acts.OFFICER, "key")
def pool_independence() -> str:
    """Units that reviewed each other, rings of three, and who went over after a review."""
    went = reads.cooling_off(session())
    return render_template(
        "pages/authority/pool_independence.html",
        closed=reads.closed(session()),
        went=went,
        decisions=reads.decisions(session(), went),
        waived=lambda decided: reads.waived(decided, acts.main_workflow().parties),
        months=number("COI-3"),
        cooling=number("COI-11"),
        marking="OFFICIAL-SENSITIVE",
    )


@door.get("/pool/marks.csv")
@open_to(acts.OFFICER)
def pool_marks() -> Response:
    """Calibration and the locked sheets of decided reviews, as `metstandard statistics severity` reads them."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("unit", "rater", "value"))
    writer.writerows(reads.marks(session()))
    return _download(out.getvalue(), "text/csv; charset=utf-8", "marks.csv")


@door.get("/pool/anchors.txt")
@open_to(acts.OFFICER)
def pool_anchors() -> Response:
    """The agreed levels of the reference reviews, as options of the same command."""
    cases, _ = cases_in_use()
    lines = [
        f"--anchor {review.word}:{code}={one.level}"
        for review in cases.reviews.values()
        for code, one in review.criteria.items()
    ]
    return _download("\n".join(lines) + "\n", "text/plain; charset=utf-8", "anchors.txt")


def _download(text: str, media_type: str, name: str) -> Response:
    answer = make_response(text)
    answer.headers["Content-Type"] = media_type
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
