"""The door of the units. Each file holds the routes of one stage and is imported here, so that they are registered."""

from metstandard.web.units import (  # noqa: F401  importing adds the routes
    accuracy,
    deputies,
    evidence,
    followup,
    home,
    panels,
    papers,
    review,
    standing,
)
from metstandard.web.units.door import door

__all__ = ["door"]
