"""The public door. Each file holds the routes of one stage and is imported here, so that they are registered."""

from metstandard.web.public import (  # noqa: F401  importing adds the routes
    about,
    badges,
    certificates,
    conditional,
    consent,
    contact,
    languages,
    nominating,
    papers,
    register,
    roll,
    sitemap,
    verifying,
)
from metstandard.web.public.door import door

__all__ = ["door"]
