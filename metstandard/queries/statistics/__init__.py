"""What reviewers' marks say about marking itself: agreement, severity, how sure an overall score is (SCO-6, REV-5).

Only sheets of reviews that are open are read: a sealed sheet does not exist here, nor does the fact of it (SCO-3).
A cycle is the year of the first day on site.
"""

from metstandard.queries.statistics.severity import (
    LikelyOverall,
    ReviewerSeverity,
    overall_of,
    severities,
    severities_of,
)

__all__ = ["LikelyOverall", "ReviewerSeverity", "overall_of", "severities", "severities_of"]
