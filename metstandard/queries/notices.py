"""What each grade of a finding sets going, and in how much time: said where it is written and to whoever must act (B6).

The planning time is that of the workflow's own timer, which covers every finding of a review at once.
"""

from metstandard.common import words
from metstandard.rubric.shapes import Grade
from metstandard.rules.risks import CONTAIN, READ
from metstandard.workflow.definition import Workflow


def notice_times(workflow: Workflow) -> dict[Grade, str]:
    """A sentence or two for each grade; only what the numbers of the workflow say."""
    numbers = workflow.numbers
    told = "The commander and both keys are told at once, outside the report."
    if READ in numbers:
        told += f" They read it within {words.count(numbers[READ], 'working day')}."
    if CONTAIN in numbers:
        told += f" It is contained within {words.count(numbers[CONTAIN], 'working day')}."
    plan = (
        f"A plan within {words.count(numbers['B6-major'], 'working day')} of publication"
        if "B6-major" in numbers
        else ""
    )
    return {
        Grade.CRITICAL: told,
        Grade.MAJOR: _verified(plan, numbers.get("B6-major-verified")) + " No unconditional award while it is open.",
        Grade.MINOR: _verified(plan, numbers.get("B6-minor-verified")),
        Grade.AFI: "The unit accepts it, accepts it in part, or declines it with a reason, in its plan.",
        Grade.GOOD: "Offered to the library of good practice, with the unit’s consent.",
    }


def _verified(plan: str, months: int | None) -> str:
    after = f"verified within {words.count(months, 'month')}" if months else ""
    said = ", ".join(one for one in (plan, after) if one)
    return f"{said[:1].upper()}{said[1:]}." if said else ""
