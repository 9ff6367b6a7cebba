"""The door of the reviewers: each file holds the routes of one stage and is imported here, which adds them."""

from metstandard.web.reviewers import (  # noqa: F401  importing adds the routes
    accuracy,
    calibration,
    certificates,
    consensus,
    deputies,
    evidence,
    feedback,
    findings,
    followup,
    home,
    items,
    judging,
    lines,
    moderating,
    naming,
    offline,
    own,
    panels,
    reporting,
    review,
    risks,
    scoring,
    signing,
    visit,
)
from metstandard.web.reviewers.door import door

__all__ = ["door"]
