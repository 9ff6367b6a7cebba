"""Calibration at the reviewers' door: read two invented units, give a level for each criterion, send (REV-2)."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from metstandard.actions import calibration as acts
from metstandard.common.errors import Invalid, NotFound
from metstandard.records.calibration import Calibration
from metstandard.rules.calibration import attempts, cases_in_use, in_pool, marks_of, number
from metstandard.web.reviewers.door import door
from metstandard.web.shared.access import IN_POOL, found, open_to
from metstandard.web.shared.database import session


@door.get("/calibration")
@open_to(IN_POOL)
def calibration() -> str:
    """Where one stands: the attempt that is open with what is missing, or the last result."""
    return _hub()


def _hub(refused: Invalid | None = None) -> str:
    cases, _ = cases_in_use()
    tried = attempts(session(), g.person)
    attempt = tried[0] if tried else None
    running = attempt if attempt is not None and _is_open(attempt, cases.name) else None
    return render_template(
        "pages/reviewers/calibration.html",
        cases=cases,
        attempt=running,
        left=acts.missing(session(), running) if running else {},
        last=next((one for one in tried if one.submitted_at is not None), None),
        until=found(in_pool(session(), g.person)).calibrated_until,
        within=number("REV-2-within"),
        gateways=number("REV-2-gateways"),
        months=number("REV-2"),
        refused=refused,
    )


def _is_open(attempt: Calibration, edition: str) -> bool:
    return attempt.submitted_at is None and attempt.edition == edition


@door.post("/calibration/start")
@open_to(IN_POOL)
def calibration_start() -> ResponseReturnValue:
    """Begin an attempt; pressing twice begins one."""
    acts.start(session(), g.person, by=g.person)
    session().commit()
    return redirect(url_for(".calibration"), code=303)


def _open_attempt() -> Calibration:
    cases, _ = cases_in_use()
    tried = attempts(session(), g.person)
    return found(tried[0] if tried and _is_open(tried[0], cases.name) else None)


@door.route("/calibration/<case>", methods=["GET", "POST"])
@open_to(IN_POOL)
def calibration_case(case: str) -> ResponseReturnValue:
    """One reference review: for each criterion the evidence and every level's descriptor."""
    attempt = _open_attempt()
    cases, rubric = cases_in_use()
    if case not in cases.reviews:
        raise NotFound("We could not find that page")
    review = cases.reviews[case]
    if request.method == "POST":
        given = {code: request.form.get(f"level-{code}", "") for code in review.criteria}
        acts.save_marks(
            session(), attempt, by=g.person, case=case,
            marks={code: int(level) if level.isascii() and level.isdecimal() and len(level) < 3 else None  # noqa: PLR2004
                   for code, level in given.items()},
        )  # fmt: skip
        session().commit()
        flash("Your levels are saved. Nothing has been sent yet.", "success")
        return redirect(url_for(".calibration"), code=303)
    return render_template(
        "pages/reviewers/calibration_case.html", review=review, rubric=rubric,
        given={code: level for (word, code), level in marks_of(session(), attempt).items() if word == case},
    )  # fmt: skip


@door.post("/calibration/send")
@open_to(IN_POOL)
def calibration_send() -> ResponseReturnValue:
    """Send the marks; the result stands on the page that follows."""
    tried = attempts(session(), g.person)
    attempt = found(tried[0] if tried else None)
    try:
        acts.submit(session(), attempt, by=g.person)
    except Invalid as refused:
        session().rollback()
        return _hub(refused), 422
    session().commit()
    return redirect(url_for(".calibration"), code=303)
