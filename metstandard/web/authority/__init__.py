"""The door of the authority: each file holds the routes of one stage and is imported here, which adds them."""

from metstandard.web.authority import (  # noqa: F401  importing adds the routes
    board,
    certificates,
    commissioning,
    enquiries,
    followup,
    home,
    letters,
    moderation,
    panels,
    people,
    recognition,
    review,
    signoff,
)
from metstandard.web.authority.door import door

__all__ = ["door"]
