"""Recognition at the Authority's door: one file for each stage; importing adds the routes."""

from metstandard.web.authority.recognition import (  # noqa: F401  importing adds the routes
    announcing,
    board,
    checks,
    consent,
    deciding,
    events,
    good_practice,
    incidents,
    judging,
    monitoring,
    nomination,
    reasons,
    same,
    stages,
    team,
)
