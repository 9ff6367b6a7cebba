"""Statistics about marking in the Authority's door: agreement, severity of reviewers, one review, files."""

from metstandard.web.authority.statistics import (  # noqa: F401  importing adds the routes
    files,
    one,
    overview,
    reviewers,
)
