"""What moderators see beside a review: the batch, the evidence held, and what others got the same level for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from metstandard.actions import moderation
from metstandard.queries.moderation import Held, Precedent, batch, held, precedents
from metstandard.records.base import Marking
from metstandard.records.evidence import Evidence, EvidenceLink, EvidenceType
from metstandard.records.reviews import Review
from metstandard.records.sheets import AgreedLevel
from metstandard.rules.content import digest
from tests.factories.counting import queries
from tests.factories.disputed import disputed
from tests.factories.kept import playing
from tests.factories.stages import Play
from tests.rules.test_conflicts import earlier_review


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """A review in moderation; everybody gave a 3 for everything."""
    with playing(data, "moderation") as made:
        yield made


def other(play: Play, unit: str, year: int, level: str = "3", *, state: str = "closed", moderated: str = "") -> Review:
    """Another review that gave a level on 2.2, with a survey as evidence."""
    play.session.refresh(play.review)
    made = earlier_review(play, unit, {}, on=date(year, 5, 4))
    made.state = state
    row = AgreedLevel(review_id=made.key, criterion="2.2", level=level, rationale=f"{unit} did it in {year}.")
    if moderated:
        row.moderated, row.moderation_reason, row.moderated_by_id = moderated, "Thin.", play["member"].key
    item = Evidence(
        review_id=made.key, kind=EvidenceType.SURVEY, title="Survey", added_by_id=play["author"].key, by_unit=False,
        external=True, outcome_years=2,
    )  # fmt: skip
    play.session.add_all([made, row, item])
    play.session.flush()
    play.session.add(EvidenceLink(evidence_id=item.key, criterion="2.2"))
    play.session.commit()
    return made


def shown(play: Play, code: str = "2.2") -> tuple[list[str], int]:
    found = precedents(play.session, play.review, play["member"]).get(code)
    return ([one.reference for one in found.shown], found.total) if found else ([], 0)


def test_other_reviews_at_the_same_level_stand_beside_it_with_reasons_and_kinds_of_evidence(play: Play) -> None:
    other(play, "SX", 2015)
    found = precedents(play.session, play.review, play["member"])
    assert list(found) == ["2.2"]
    assert found["2.2"].shown == (
        Precedent(
            "OLD-SX-2015", play.programme.unit("SX").title, date(2015, 5, 4), "SX did it in 2015.", ("survey",)
        ),
    )  # fmt: skip


def test_the_level_that_stands_counts_after_moderation_on_both_sides(play: Play) -> None:
    other(play, "SX", 2015, "4", moderated="3")
    other(play, "GD", 2016, "3", moderated="2")
    assert shown(play) == (["OLD-SX-2015"], 1)
    play.act(
        moderation.change_level, play.review, by=play["member"], criterion="2.2", level="2", reason="Others had more."
    )
    assert shown(play) == (["OLD-GD-2016"], 1)


def test_the_three_newest_are_shown_and_all_are_counted(play: Play) -> None:
    for number, unit in enumerate(("SX", "GD", "KF", "YR")):
        other(play, unit, 2011 + number)
    assert shown(play) == (["OLD-YR-2014", "OLD-KF-2013", "OLD-GD-2012"], 4)


@pytest.mark.parametrize("state", ["consensus", "reporting", "factual_accuracy", "cancelled"])
def test_a_review_whose_levels_are_not_settled_is_no_precedent(play: Play, state: str) -> None:
    other(play, "SX", 2015, state=state)
    assert shown(play) == ([], 0)


def test_what_the_moderator_is_not_cleared_for_is_neither_shown_nor_counted(play: Play) -> None:
    """First it could be: the same rows at a lower marking are there."""
    marked = other(play, "SX", 2015)
    assert shown(play) == (["OLD-SX-2015"], 1)
    marked.marking = Marking.CONFIDENTIAL
    play.session.commit()
    assert shown(play) == ([], 0)
    marked.marking = Marking.OFFICIAL
    for item in play.session.exec(select(Evidence).where(Evidence.review_id == marked.key)).all():
        item.marking = Marking.CONFIDENTIAL
    play.session.commit()
    assert precedents(play.session, play.review, play["member"])["2.2"].shown[0].kinds == ()


def test_the_evidence_of_each_criterion_is_told_by_kind_maker_and_years(play: Play) -> None:
    found = held(play.session, play.review, play["member"])
    assert found["2.2"] == Held(("document", "data", "interview", "observation"), 4, 2, 0, 0)
    for item in play.session.exec(select(Evidence).where(Evidence.kind == EvidenceType.INTERVIEW)).all():
        item.marking = Marking.CONFIDENTIAL
    play.session.commit()
    assert held(play.session, play.review, play["member"])["2.2"] == Held(("document", "data", "observation"), 3, 1)


def test_the_batch_tells_what_asks_for_a_closer_look_and_who_has_signed(data: Path) -> None:
    with disputed(data) as play:
        play.act(
            moderation.sign_moderation, play.review, by=play["member"], looked=["1.1", "2.2"],
            seen=digest(play.session, play.review, "moderation"),
        )  # fmt: skip
        one = batch(play.session, play["member"])[0]
        assert (one.review.reference, one.disputed, one.discussed, one.changed, one.open_points) == (
            "MSR-2026-0001", 2, 0, 0, 0,
        )  # fmt: skip
        assert (one.signed, one.mine, len(one.seats)) == (("authority_member",), True, 3)
        assert batch(play.session, play["senior"])[0].mine is False
        play.act(
            moderation.change_level, play.review, by=play["senior"], criterion="1.2", level="2", reason="Thin there."
        )
        one = batch(play.session, play["member"])[0]
        assert (one.changed, one.signed, one.mine) == (1, (), False)


@pytest.mark.parametrize("more", [0, 2])
def test_the_batch_takes_a_fixed_number_of_queries(play: Play, more: int) -> None:
    for number in range(more):
        other(play, ("SX", "GD")[number], 2015, state="moderation")
    reader = play["member"]
    play.session.refresh(reader)
    assert _asked(play.session, lambda: batch(play.session, reader)) == (1 + more, 6)


@pytest.mark.parametrize("more", [1, 3])
def test_precedents_take_two_queries(play: Play, more: int) -> None:
    for number in range(more):
        other(play, ("SX", "GD", "KF")[number], 2015)
    reader = play["member"]
    for one in (play.review, reader):
        play.session.refresh(one)
    found, asked = _asked(play.session, lambda: precedents(play.session, play.review, reader)["2.2"].shown)
    assert (found, asked) == (more, 2)


def _asked(session: Session, read: object) -> tuple[int, int]:
    """How many rows a function gives, and in how many queries."""
    bind = session.get_bind()
    assert isinstance(bind, sa.Engine)
    assert callable(read)
    with queries(bind) as asked:
        found = read()
    return len(found), len(asked)
