"""The door of the authority: each file holds the routes of one stage and is imported here, which adds them."""

from metstandard.web.authority import (  # noqa: F401  importing adds the routes
    board,
    certificates,
    commissioning,
    cycles,
    enquiries,
    followup,
    home,
    letters,
    lines,
    looking,
    markings,
    moderation,
    panels,
    people,
    pool,
    recognition,
    reporting,
    review,
    risks,
    signoff,
    statistics,
)
from metstandard.web.authority.door import door

__all__ = ["door"]
