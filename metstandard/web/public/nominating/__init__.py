"""Nominating at the public door, with an account or without; importing adds the routes."""

from metstandard.web.public.nominating import entering, members, pages, seconding, sending  # noqa: F401  adds routes
