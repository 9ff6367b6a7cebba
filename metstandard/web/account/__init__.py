"""The account's door: sign in and out, passwords, sessions, and what was kept when a session ended."""

from metstandard.web.account import going, kept, letters, passwords, sessions, signin  # noqa: F401  importing adds the routes
from metstandard.web.account.door import door

__all__ = ["door"]
