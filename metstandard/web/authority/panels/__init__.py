"""The panel in the Authority's door: its page, and the acts of the programme office and of the keys on it."""

from metstandard.web.authority.panels import (  # noqa: F401  importing adds the routes
    interests,
    objections,
    page,
    reserves,
    seating,
    substitutes,
    waivers,
)
