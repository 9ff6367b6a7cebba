"""What a panel in consensus does in tests: a finding as the page adds it, and what an act says that is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select

from metstandard.actions import consensus
from metstandard.common.errors import MetStandardError
from metstandard.records.sheets import Finding
from metstandard.rubric.shapes import Grade
from tests.factories.stages import Play

# What is typed into the form of a finding.
FOUND = {"criterion": "2.2", "grade": "MAJOR", "text": "Nothing is followed up.", "recommendation": "Follow it up."}


def refusal(function: Callable[[], object], kind: type[MetStandardError]) -> str:
    """What an act that is refused by name says."""
    with pytest.raises(kind) as refused:
        function()
    return str(refused.value)


def find(play: Play, **fields: Any) -> Finding:
    """Add a finding as the page does."""
    given: dict[str, Any] = {
        "criterion": "2.2", "grade": Grade.MINOR, "text": "Actions are not followed up.",
        "recommendation": "Follow them up.",
    }  # fmt: skip
    made = play.act(consensus.add_finding, play.review, by=play["peer1"], **(given | fields))
    assert isinstance(made, Finding)
    return made


def standing(play: Play) -> list[tuple[str, Grade, str, str]]:
    rows = play.session.exec(select(Finding).where(col(Finding.removed_at).is_(None)).order_by(col(Finding.id))).all()
    return [(one.criterion, one.grade, one.text, one.recommendation) for one in rows]
