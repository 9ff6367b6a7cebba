"""The door of the reviewers. Each file holds the routes of one stage and is imported here, so that they are registered."""

from metstandard.web.reviewers import (  # noqa: F401  importing adds the routes
    accuracy,
    consensus,
    deputies,
    evidence,
    findings,
    followup,
    home,
    panels,
    reporting,
    review,
    scoring,
    signing,
    visit,
)
from metstandard.web.reviewers.door import door

__all__ = ["door"]
