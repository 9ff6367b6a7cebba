"""The demonstration's door: sign in with one click, move the clock, fill forms. Only with METSTANDARD_DEMO=1."""

from metstandard.web.demo import clock, filling, people  # noqa: F401  importing adds the routes
from metstandard.web.demo.door import door

__all__ = ["door"]
