"""The door of the units: each file holds the routes of one stage and is imported here, which adds them."""

from metstandard.web.units import (  # noqa: F401  importing adds the routes
    accuracy,
    deputies,
    evidence,
    feedback,
    followup,
    home,
    items,
    lines,
    panels,
    papers,
    review,
    risks,
    standing,
    supplied,
)
from metstandard.web.units.door import door

__all__ = ["door"]
