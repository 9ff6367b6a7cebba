"""Recognition at the Authority's door: one file for each stage; importing adds the routes."""

from metstandard.web.authority.recognition import board, nomination  # noqa: F401  importing adds the routes
