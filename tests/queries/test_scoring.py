"""One's own sheet as the pages show it: progress, place, evidence. Never anybody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from metstandard.actions import scoring
from metstandard.queries import scoring as reading
from metstandard.records.accounts import Person
from metstandard.records.evidence import Evidence
from metstandard.records.seats import Seat
from metstandard.records.sheets import Confidence, Sheet
from tests.factories.kept import playing
from tests.factories.stages import Play, fill_sheet

COMPLETE: dict[str, Any] = {
    "level": "3",
    "strengths": "Seen on every shift.",
    "confidence": Confidence.HIGH,
    "evidence": [1],
}


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    with playing(data, "scoring") as made:
        yield made


def own(play: Play, word: str = "peer1") -> reading.OwnSheet:
    seat = play.session.exec(select(Seat).where(Seat.person_id == play[word].key)).one()
    return reading.own_sheet(play.session, play.review, seat)


def save(play: Play, code: str, word: str = "peer1", revision: int = 0, **fields: Any) -> None:
    given = {"level": ""} | fields
    play.act(scoring.save_mark, play.review, by=play[word], criterion=code, revision=revision, **given)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements sent to the database inside the block."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    sa.event.listen(session.get_bind(), "before_cursor_execute", note)
    yield sent
    sa.event.remove(session.get_bind(), "before_cursor_execute", note)


def test_reading_a_sheet_makes_none(play: Play) -> None:
    found = own(play)
    assert (found.sheet, found.marks, found.locked, len(found.gaps), found.place) == (None, {}, False, 28, "1.1")
    assert play.session.exec(select(Sheet)).all() == []


def test_a_domain_is_not_started_in_progress_or_completed(play: Play) -> None:
    """Interface.md 16."""
    for code in ("1.1", "1.2", "1.3", "1.4"):
        save(play, code, **COMPLETE)
    save(play, "2.1", strengths="Half")
    found = [(one.domain.code, one.complete, one.asked, one.state) for one in reading.progress(own(play))]
    assert found[:3] == [("D1", 4, 4, "Completed"), ("D2", 0, 4, "In progress"), ("D3", 0, 4, "Not started")]


def test_what_does_not_apply_is_not_asked(play: Play) -> None:
    play.review.not_applicable = {"4.1": "National.", "6.1": "National.", "6.2": "National.", "6.3": "National."}
    found = {one.domain.code: (one.asked, one.state) for one in reading.progress(own(play))}
    assert (found["D4"], "D6" in found, "4.1" in own(play).gaps) == ((2, "Not started"), False, False)


def test_one_goes_on_where_one_was(play: Play) -> None:
    """The criterion saved last while it lacks something; else the next one that does, round to the first."""
    save(play, "2.3", level="3")
    places = [own(play).place]
    save(play, "2.3", **COMPLETE, revision=1)
    places.append(own(play).place)
    save(play, "8.3", **COMPLETE)
    places.append(own(play).place)
    assert places == ["2.3", "2.4", "1.1"]


def test_a_complete_sheet_has_no_place_left(play: Play) -> None:
    fill_sheet(play, "peer1")
    assert (own(play).place, own(play).gaps) == ("", {})


def test_a_sheet_shows_nothing_of_anybody_elses(play: Play) -> None:
    fill_sheet(play, "council1")
    play.act(scoring.lock_sheet, play.review, by=play["council1"])
    assert own(play, "council1").locked
    assert (own(play).sheet, own(play).marks) == (None, {})


def test_evidence_comes_with_where_it_is_from_the_units_first(play: Play) -> None:
    found = reading.linked_evidence(play.session, play.review, ["1.1"], reader=play["peer1"])
    assert [(one.title, one.about) for one in found["1.1"]] == [
        ("Plan (document)", "Document, from the unit"),
        ("Plan (data)", "Data, from the unit"),
        ("Panel's interview", "Interview, from the panel"),
        ("Panel's observation", "Observation, from the panel"),
    ]
    assert found.others("1.1", []) == []


def test_evidence_that_was_taken_out_says_so(play: Play) -> None:
    one = play.session.get_one(Evidence, 1)
    one.removed_at, one.period = one.added_at, "The last year"
    play.session.add(one)
    play.session.commit()
    item = reading.linked_evidence(play.session, play.review, ["1.1"], reader=play["peer1"])["1.1"][0]
    assert (item.about, item.removed) == ("Document, from the unit, the last year, taken out since", True)
    assert reading.evidence_titles(play.session, play.review, reader=play["peer1"])[1] == "Plan (document)"


@pytest.mark.parametrize(("read", "most"), [("sheet", 2), ("evidence", 1), ("self", 1)])
def test_reading_takes_the_same_few_queries_for_an_empty_and_a_full_sheet(play: Play, read: str, most: int) -> None:
    seat = play.session.exec(select(Seat).where(Seat.person_id == play["peer1"].key)).one()
    reader = Person(name="Somebody", email="somebody@example.org")
    reads: dict[str, Callable[[], object]] = {
        "sheet": lambda: reading.own_sheet(play.session, play.review, seat),
        "evidence": lambda: reading.linked_evidence(play.session, play.review, ["1.1", "1.2"], reader=reader),
        "self": lambda: reading.self_marks(play.session, play.review, ["1.1", "1.2"]),
    }
    counts = []
    for _ in range(2):
        assert (seat.kind, play.review.state) == ("peer", "scoring")  # read before the statements are counted
        with counted(play.session) as sent:
            reads[read]()
        counts.append(len(sent))
        if not own(play).marks:
            fill_sheet(play, "peer1")
    assert counts == [most, most]
