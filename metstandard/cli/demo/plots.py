"""The reviews of the demonstration: which unit, how good, how far. Days are those of `play.py`."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Plot:
    """What one review of the demonstration is about: the unit, how good it is, how far it has come."""

    unit: str
    reaches: str
    lean: int | Mapping[str, int] = 3
    major: int = 0
    quiet_days: int = 2
    ends_with: tuple[str, ...] = ()
    waiver: bool = False


# Day, counted from the proposal, on which a review that stops at a stage stands.
LAST_DAY = {
    "proposed": 0, "commissioning": 2, "panel_forming": 5, "panel_confirming": 14, "scoping": 26, "self_assessment": 33,
    "evidence_review": 66, "on_site": 100, "scoring": 104, "consensus": 108, "reporting": 112, "factual_accuracy": 120,
    "moderation": 136, "decision": 140, "notified": 143, "appeal_window": 146, "published": 170, "follow_up": 182,
    "closed": 540,
}  # fmt: skip

STAGES = tuple(LAST_DAY)

_STRONG = 3
_WEAK = 2
_SURE = {"1.1": 4, "2.1": 4, "7.1": 4, "7.2": 4, "7.3": 4}
_MIXED = {"1.1": 3, "2.1": 3, "7.1": 3, "7.2": 3, "7.3": 2, "3.1": 3, "3.2": 3, "4.1": 3, "2.2": 3}

PLOTS = (
    Plot("EK", "closed", _STRONG, quiet_days=30),
    Plot("HT", "follow_up", _STRONG, quiet_days=180, ends_with=("progress",), waiver=True),
    Plot("QA", "follow_up", _WEAK, quiet_days=120),
    Plot("LX", "published", _MIXED, quiet_days=6),
    Plot("SCD2", "appeal_window", _SURE, major=1, quiet_days=3),
    Plot("WW", "decision", _SURE, quiet_days=6, ends_with=("one_key",)),
    Plot("CW", "moderation", _STRONG, quiet_days=4),
    Plot("SX", "factual_accuracy", _STRONG, quiet_days=5, ends_with=("points",)),
    Plot("SCD6", "consensus", _STRONG, quiet_days=2),
    Plot("JC", "scoring", _STRONG, quiet_days=8, ends_with=("one_sheet",)),
    Plot("CO15", "on_site", _STRONG, quiet_days=1),
    Plot("NI", "self_assessment", _STRONG, quiet_days=12),
    Plot("XB", "panel_confirming", _STRONG, quiet_days=2),
    Plot("SO1", "evidence_review", _STRONG, quiet_days=5, ends_with=("paused",)),
    Plot("CO19", "commissioning", _STRONG, quiet_days=2),
    Plot("VK", "proposed", _STRONG, quiet_days=1),
)
