"""Panels for whole cycles in the Authority's door: asking, looking, comparing, publishing, replacing."""

from metstandard.web.authority.cycles import (  # noqa: F401  importing adds the routes
    asking,
    comparing,
    publishing,
    seats,
    showing,
)
