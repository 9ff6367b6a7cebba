"""One item of evidence: adding it with places, changing it, its marking, and who may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from metstandard.actions import evidence, items
from metstandard.actions.items import Details
from metstandard.common.errors import Invalid, NotFound, Stale
from metstandard.queries import evidence as reads
from metstandard.records.base import Marking
from metstandard.records.evidence import Evidence, EvidenceType, Maker, MarkingChange
from metstandard.workflow.machine import NotOpen
from tests.factories.kept import playing
from tests.factories.stages import Play

PLAN = Details(EvidenceType.DOCUMENT, "Plan", Maker.UNIT, Marking.OFFICIAL)


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """The panel is on site; two papers of the unit speak to everything."""
    with playing(data, "on_site") as made:
        yield made


def add(play: Play, word: str, **said: Any) -> Evidence:
    given = {"kind": EvidenceType.DOCUMENT, "title": "Plan", "criteria": {"1.1": "page 4"}, "note": "Seen."} | said
    made = play.act(evidence.add_evidence, play.review, by=play[word], **given)
    assert isinstance(made, Evidence)
    return made


def change(play: Play, item: Evidence, word: str, details: Details = PLAN, **said: Any) -> None:
    given = {"places": {"1.1": "page 4"}, "revision": item.revision} | said
    play.act(items.change_evidence, play.review, item, by=play[word], details=details, **given)


def refusal(play: Play, item: Evidence, word: str, details: Details = PLAN, **said: Any) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        change(play, item, word, details, **said)
    play.session.rollback()
    return refused.value.field, refused.value.sentence


def test_an_item_keeps_everything_that_is_said_of_it(play: Play) -> None:
    made = add(
        play, "author", source="Intranet ", author="Operations office", dated_on=date(2026, 3, 1), period="2025",
        outcome_years=2, maker=Maker.OUTSIDE, marking=Marking.OFFICIAL_SENSITIVE,
        criteria={"1.1": " page 4 ", "2.2": ""},
    )  # fmt: skip
    assert reads.links_of(play.session, made) == {"1.1": "page 4", "2.2": ""}
    assert (made.source, made.author, made.dated_on, made.period, made.outcome_years, made.marking) == (
        "Intranet", "Operations office", date(2026, 3, 1), "2025", 2, Marking.OFFICIAL_SENSITIVE,
    )  # fmt: skip
    assert (made.maker, made.by_unit, made.external, made.from_panel) == (Maker.OUTSIDE, False, True, False)
    assert made.added_by_id == play["author"].key


@pytest.mark.parametrize(
    ("word", "kind", "maker", "counts"),
    [
        ("author", EvidenceType.DOCUMENT, None, (True, False, False)),
        ("author", EvidenceType.SURVEY, None, (True, True, False)),
        ("peer1", EvidenceType.OBSERVATION, None, (False, False, True)),
        ("peer1", EvidenceType.DATA, Maker.UNIT, (True, False, True)),
        ("peer1", EvidenceType.DATA, Maker.OUTSIDE, (False, True, True)),
        ("peer1", EvidenceType.PARTNER_TESTIMONY, None, (False, True, True)),
    ],
)
def test_who_made_an_item_is_told_apart_from_who_added_it(
    play: Play, word: str, kind: EvidenceType, maker: Maker | None, counts: tuple[bool, bool, bool]
) -> None:
    """Triangulation asks who made it (B5); the panel keeps what it added."""
    made = add(play, word, kind=kind, maker=maker)
    assert (made.by_unit, made.external, made.from_panel) == counts


def test_wrong_links_and_words_are_repaired_by_whoever_may(play: Play) -> None:
    made = add(play, "author")
    change(
        play, made, "commander", replace(PLAN, title="The plan", kind=EvidenceType.DATA, outcome_years=3),
        places={"2.2": "table 1"},
    )  # fmt: skip
    assert (made.title, made.kind, made.outcome_years, made.revision) == ("The plan", EvidenceType.DATA, 3, 1)
    assert reads.links_of(play.session, made) == {"2.2": "table 1"}


@pytest.mark.parametrize(("adder", "others"), [("author", ("peer1",)), ("council1", ("author", "company1"))])
def test_nobody_else_changes_an_item(play: Play, adder: str, others: tuple[str, ...]) -> None:
    """The panel's items are those of whoever added them and of the lead; the unit's are the unit's."""
    made = add(play, adder)
    for word in others:
        with pytest.raises(NotFound):
            change(play, made, word)
        with pytest.raises(NotFound):
            play.act(evidence.remove_evidence, play.review, made, by=play[word])
        play.session.rollback()
    if adder == "council1":
        change(play, made, "peer1", replace(PLAN, title="As the lead says"))
        assert made.title == "As the lead says"


def test_of_two_changes_at_once_the_second_gets_both_versions(play: Play) -> None:
    made = add(play, "author")
    change(play, made, "author", replace(PLAN, title="First"), places={"2.2": ""})
    with pytest.raises(Stale) as stale:
        change(play, made, "commander", replace(PLAN, title="Second", note="More"), revision=0)
    mine, theirs = (
        {name: versions[name] for name in ("title", "note")}
        for versions in (stale.value.mine, stale.value.theirs)
        if isinstance(versions, dict)
    )
    assert (mine, theirs) == ({"title": "Second", "note": "More"}, {"title": "First", "note": ""})
    assert "Its criteria are now 2.2; yours are 1.1 (page 4)." in str(stale.value)


def test_the_same_change_sent_twice_is_one_change(play: Play) -> None:
    made = add(play, "author")
    for _ in range(2):
        change(play, made, "author", replace(PLAN, title="First"), revision=0)
    assert made.revision == 1


def test_a_marking_is_raised_freely_and_lowered_only_with_a_reason(play: Play) -> None:
    made = add(play, "author")
    high = replace(PLAN, marking=Marking.OFFICIAL_SENSITIVE)
    change(play, made, "author", high)
    assert refusal(play, made, "author") == ("reason", "Say why the marking may be lowered")
    change(play, made, "author", reason=" Names are gone. ")
    rows = play.session.exec(select(MarkingChange).order_by(MarkingChange.id)).all()  # type: ignore[arg-type]
    assert [(one.before, one.after, one.reason, one.changed_by_id) for one in rows] == [
        (Marking.OFFICIAL, Marking.OFFICIAL_SENSITIVE, "", play["author"].key),
        (Marking.OFFICIAL_SENSITIVE, Marking.OFFICIAL, "Names are gone.", play["author"].key),
    ]


def test_whoever_is_not_cleared_neither_marks_so_high_nor_changes_such_an_item(play: Play) -> None:
    made = add(play, "author", marking=Marking.OFFICIAL_SENSITIVE)
    play["commander"].clearance = Marking.OFFICIAL
    play.session.commit()
    with pytest.raises(NotFound):
        change(play, made, "commander")
    with pytest.raises(Invalid, match="You are not cleared"):
        add(play, "commander", marking=Marking.OFFICIAL_SENSITIVE)


@pytest.mark.parametrize(
    ("details", "places", "field"),
    [
        (replace(PLAN, title=" "), {"1.1": ""}, "title"),
        (replace(PLAN, outcome_years=-1), {"1.1": ""}, "outcome_years"),
        (PLAN, {}, "criteria"),
        (PLAN, {"9.9": ""}, "criteria"),
        (PLAN, {"1.1": "x" * 101}, "criteria"),
    ],
)
def test_what_is_missing_is_named(play: Play, details: Details, places: dict[str, str], field: str) -> None:
    assert refusal(play, add(play, "author"), "author", details, places=places)[0] == field


def test_nothing_changes_after_the_visit(data: Path) -> None:
    with playing(data, "scoring") as play:
        item = play.session.exec(select(Evidence)).first()
        assert item is not None
        with pytest.raises(NotOpen):
            change(play, item, "author")
