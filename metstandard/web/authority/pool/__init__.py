"""The pool of reviewers in the Authority's door: the list, one reviewer, their profile, lists by file."""

from metstandard.web.authority.pool import (  # noqa: F401  importing adds the routes
    cooling,
    files,
    independence,
    one,
    page,
    profile,
)
