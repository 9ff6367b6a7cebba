"""The door of the authority. Each file holds the routes of one stage and is imported here, so that they are registered."""

from metstandard.web.authority import (  # noqa: F401  importing adds the routes
    board,
    certificates,
    commissioning,
    followup,
    home,
    letters,
    moderation,
    panels,
    people,
    review,
    signoff,
)
from metstandard.web.authority.door import door

__all__ = ["door"]
