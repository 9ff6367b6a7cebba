"""The pages on which a panel names new evidence for a level outside its marks (SCO-4)."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import col, select

from metstandard.actions import consensus
from metstandard.records.evidence import Evidence
from metstandard.records.sheets import NewEvidence
from tests.factories.browser import press, soup
from tests.factories.visiting import Visit, visiting, words


def named(visit: Visit) -> list[str]:
    """The titles of what is named."""
    with visit.rows() as session:
        query = select(Evidence.title).join(NewEvidence, col(NewEvidence.evidence_id) == Evidence.id)
        return list(session.exec(query).all())


def test_an_item_is_brought_and_named_in_one_step_and_can_be_taken_off_again(data: Path) -> None:
    """What is missing is said beside its field, and nothing typed is lost."""
    with visiting(data, "apart") as visit:
        with visit.play() as play:
            play.act(
                consensus.agree_level, play.review, by=play["peer1"], criterion="1.1", level="0", revision=0,
                rationale="The log shows it.",
            )  # fmt: skip
        page = visit.at("consensus/evidence/1.1")
        short = press(visit.as_("peer1"), page, "Add and name it", title="The night shift's log")
        assert (short.status_code, "Say what it is and who brought it" in words(soup(short))) == (422, True)
        assert "The night shift's log" in str(soup(short))
        assert named(visit) == []
        done = press(
            visit.as_("peer1"), page, "Add and name it", title="The night shift's log", note="A sergeant brought it."
        )  # fmt: skip
        assert "is added and named for 1.1" in soup(done).get_text()
        assert named(visit) == ["The night shift's log"]
        press(visit.as_("peer1"), page, "Name what is chosen", items=[])
        assert named(visit) == []
