"""Evidence that a unit supplied before is linked, not sent or typed again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from metstandard.actions import evidence, supplied
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotYours
from metstandard.queries import supplied as reads
from metstandard.queries.evidence import links_of
from metstandard.records.base import Marking
from metstandard.records.evidence import Evidence, EvidenceType, Maker, Scan, StoredFile
from metstandard.records.reviews import Review
from metstandard.records.supplied import Supplied
from tests.factories.again import REFERENCE, reviewed_again
from tests.factories.kept import playing
from tests.factories.stages import Play


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """The panel is on site in a first review; a second one of the unit has begun."""
    with playing(data, "on_site") as made:
        reviewed_again(made.session, made.review)
        yield made


def second(play: Play) -> Review:
    return play.session.exec(select(Review).where(Review.reference == REFERENCE)).one()


def plan(play: Play, title: str = "Tasking plan", **said: Any) -> Evidence:
    """An item of the first review with all that is said of it."""
    given = {
        "kind": EvidenceType.DATA, "title": title, "criteria": {"1.1": "page 4", "1.2": ""}, "source": "Intranet",
        "author": "Operations office", "period": "2025", "outcome_years": 2, "marking": Marking.OFFICIAL_SENSITIVE,
        "maker": Maker.OUTSIDE, "upload": BytesIO(title.encode()), "file_name": "plan.txt",
    } | said  # fmt: skip
    made = play.act(evidence.add_evidence, play.review, by=play["author"], **given)
    assert isinstance(made, Evidence)
    return made


def use(play: Play, *chosen: int, word: str = "commander", criteria: dict[str, str] | None = None) -> list[Evidence]:
    made = play.act(supplied.use_again, second(play), by=play[word], chosen=chosen, criteria=criteria or {})
    assert isinstance(made, list)
    return made


def here(play: Play) -> list[tuple[str, list[str]]]:
    """The titles in the second review, each with its criteria."""
    rows = play.session.exec(select(Evidence).where(Evidence.review_id == second(play).key).order_by(col(Evidence.id)))
    return [(one.title, sorted(links(play, one))) for one in rows.all()]


def links(play: Play, item: Evidence) -> dict[str, str]:
    return links_of(play.session, item)


def test_an_item_is_used_again_with_all_that_was_said_of_it_and_the_same_file(play: Play) -> None:
    origin = plan(play)
    (made,) = use(play, origin.key)
    same = ("kind", "title", "source", "author", "period", "outcome_years", "marking", "maker", "file_id", "file_name")
    assert [getattr(made, one) for one in same] == [getattr(origin, one) for one in same]
    assert (made.review_id, made.added_by_id, made.revision) == (second(play).key, play["commander"].key, 0)
    assert links(play, made) == {"1.1": "", "1.2": ""}
    first = play.session.exec(select(Supplied).where(Supplied.evidence_id == made.key)).one()
    assert (first.origin_id, first.supplied_on) == (origin.key, clock.local_date(origin.added_at))
    day = clock.local_date(origin.added_at)
    assert reads.notes(play.session, second(play)) == {
        made.key: f"Supplied already to review {play.review.reference} on {day.day} {day:%B %Y}"
    }


def test_several_are_used_at_once_for_criteria_of_ones_own(play: Play) -> None:
    one, two = plan(play).key, plan(play, "Second plan").key
    use(play, two, one, criteria={"3.1": "page 9"})
    assert here(play) == [("Tasking plan", ["3.1"]), ("Second plan", ["3.1"])]


def test_the_same_post_twice_has_one_effect(play: Play) -> None:
    number = plan(play).key
    assert [len(use(play, number)), len(use(play, number))] == [1, 0]
    assert here(play) == [("Tasking plan", ["1.1", "1.2"])]


def test_what_was_taken_out_again_is_offered_again(play: Play) -> None:
    number = plan(play).key
    (made,) = use(play, number)
    play.act(evidence.remove_evidence, second(play), made, by=play["author"])
    assert len(use(play, number)) == 1


def test_nothing_is_offered_that_is_not_the_units_to_use(play: Play) -> None:
    def offered(word: str = "author") -> list[str]:
        return [one.item.title for one in reads.offers(play.session, second(play), play[word])]

    ours = offered()
    assert ours == ["Plan (data)", "Plan (document)"]
    plan(play)
    panels = play.act(
        evidence.add_evidence, play.review, by=play["peer1"], kind=EvidenceType.OBSERVATION, title="The panel's",
        criteria=["1.1"], note="Seen.", unit_may_see=True,
    )  # fmt: skip
    assert isinstance(panels, Evidence)
    taken = plan(play, "Taken out")
    infected = plan(play, "With a virus")
    above = plan(play, "Above clearance")
    assert offered() == ["Above clearance", "With a virus", "Taken out", "Tasking plan", *ours]
    play.act(evidence.remove_evidence, play.review, taken, by=play["author"])
    file = play.session.get_one(StoredFile, infected.file_id)
    file.scan, file.virus = Scan.INFECTED, "Met.Test"
    above.marking = Marking.CONFIDENTIAL
    play.session.add_all([file, above])
    play.session.commit()
    assert offered() == ["Tasking plan", *ours]
    assert offered("peer1") == []
    for hidden in (panels, taken, infected, above):
        with pytest.raises(NotFound):
            use(play, hidden.key)
        play.session.rollback()
    assert here(play) == []


def test_a_file_that_is_here_already_is_not_offered_and_each_is_offered_once(play: Play) -> None:
    plan(play)
    again = plan(play, "The same by another name", upload=BytesIO(b"Tasking plan"))
    assert reads.offers(play.session, second(play), play["author"])[0].item.key == again.key
    assert "Tasking plan" not in [one.item.title for one in reads.offers(play.session, second(play), play["author"])]
    play.act(
        evidence.add_evidence, second(play), by=play["author"], kind=EvidenceType.DATA, title="Sent once more",
        criteria=["1.1"], upload=BytesIO(b"Tasking plan"), file_name="a.txt",
    )  # fmt: skip
    assert again.title not in [one.item.title for one in reads.offers(play.session, second(play), play["author"])]


def test_only_the_unit_may_and_must_choose(play: Play) -> None:
    number = plan(play).key
    with pytest.raises(Invalid, match="Choose at least one item"):
        use(play)
    with pytest.raises(NotYours):
        use(play, number, word="officer")
    with pytest.raises(NotFound, match="No such criterion"):
        use(play, number, criteria={"9.9": ""})
    play.session.rollback()
    review = second(play)
    review.not_applicable = {"1.1": "none", "1.2": "none"}
    play.session.add(review)
    play.session.commit()
    with pytest.raises(Invalid, match="Choose the criteria that “Tasking plan” speaks to") as refused:
        use(play, number)
    assert refused.value.field == "criteria"


def test_a_marking_that_stands_for_nothing_in_the_scheme_must_be_chosen_anew(play: Play) -> None:
    origin, person = plan(play), play["commander"]
    origin.marking, person.clearance = Marking.CONFIDENTIAL, Marking.CONFIDENTIAL
    play.session.add_all([origin, person])
    play.session.commit()
    with pytest.raises(Invalid, match="bears a marking of another scheme: add it anew"):
        use(play, origin.key)
    play.session.rollback()
    origin.marking = Marking.PROTECT
    play.session.add(origin)
    play.session.commit()
    assert [one.marking for one in use(play, origin.key)] == [Marking.OFFICIAL_SENSITIVE]


def test_another_assessment_is_named_with_its_day(play: Play) -> None:
    item = plan(play)
    today = clock.local_date(play.now)
    for on in (None, today + timedelta(days=2)):
        with pytest.raises(Invalid, match="Enter the day on which it was supplied, today or earlier") as refused:
            play.act(supplied.name_assessment, item, assessment="HMIC inspection", on=on)
        assert refused.value.field == "supplied_on"
        play.session.rollback()
    play.act(supplied.name_assessment, item, assessment=" ", on=None)
    assert reads.notes(play.session, play.review) == {}
    play.act(supplied.name_assessment, item, assessment=" HMIC inspection ", on=today)
    assert reads.notes(play.session, play.review) == {
        item.key: f"Supplied already to HMIC inspection on {today.day} {today:%B %Y}"
    }


def test_whoever_sends_a_file_again_is_told_where_it_was_supplied(play: Play) -> None:
    origin = plan(play)
    session, author = play.session, play["author"]
    assert reads.before(session, origin, play.review, author) == ""
    again = play.act(
        evidence.add_evidence, second(play), by=author, kind=EvidenceType.DATA, title="Sent once more",
        criteria=["1.1"], upload=BytesIO(b"Tasking plan"), file_name="a.txt",
    )  # fmt: skip
    assert isinstance(again, Evidence)
    day = clock.local_date(origin.added_at)
    assert reads.before(session, again, second(play), author) == (
        f"You supplied the same file already to review {play.review.reference} on {day.day} {day:%B %Y}. "
        "It is kept once."
    )
    assert plan(play).key == origin.key
    twice = plan(play, "Another name", upload=BytesIO(b"Tasking plan"))
    assert reads.before(session, twice, play.review, author) == (
        "The same file is in this review already, as “Tasking plan”."
    )
    assert reads.before(session, plan(play, "No file", upload=None, note="Seen."), play.review, author) == ""
