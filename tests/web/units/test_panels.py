"""The unit's own view of its panel: nobody before publication, then names, kinds, employers, the right to object."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from werkzeug.test import TestResponse

from metstandard.actions import panels
from metstandard.common import clock
from metstandard.records.seats import Objection
from tests.factories.browser import client_for, press, soup
from tests.factories.panel import answer, ask, held
from tests.factories.stages import SEATS
from tests.factories.visiting import Visit, visiting, words


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """The panel is before the unit."""
    with visiting(data, "panel_confirming") as made:
        yield made


def address(visit: Visit, more: str = "") -> str:
    return f"/units/reviews/{visit.reference}/panel{more}"


def text(visit: Visit, word: str = "commander") -> str:
    answered = visit.as_(word).get(address(visit))
    assert answered.status_code == 200
    return words(soup(answered))


def object_to(visit: Visit, kind: str, cause: str, word: str = "commander") -> TestResponse:
    with visit.play() as play:
        number = held(play, kind).key
    name = visit.people[SEATS[kind]].name
    typed: dict[str, Any] = {f"seat{number}-cause": cause}
    return press(visit.as_(word), address(visit), f"Object to {name}", **typed)


def errors(answered: TestResponse) -> list[str]:
    return [one.get_text(strip=True) for one in soup(answered).select(".govuk-error-summary__body li")]


def test_nobody_is_named_before_the_panel_is_published(data: Path) -> None:
    """Not even when all have accepted; afterwards each is named with kind and employer."""
    with visiting(data, "panel_forming") as visit:
        with visit.play() as play:
            for kind, word in SEATS.items():
                ask(play, word, kind, lead=kind == "peer")
            answer(play, *SEATS.values())
        names = [visit.people[word].name for word in SEATS.values()]
        pages = [f"/units/reviews/{visit.reference}", address(visit), "/units/", "/units/standing"]
        before = " ".join(visit.as_("commander").get(page).get_data(as_text=True) for page in pages)
        assert [name for name in names if name in before] == []
        assert "You will see the names when the whole panel has accepted." in text(visit)
        with visit.play() as play:
            play.act(panels.publish_panel, play.review, by=play["officer"])
        shown = text(visit)
        assert [name for name in names if name in shown] == names
        for employer in ("SCD5 Child Abuse Investigation Command", "Hackney Council", "Harbour Logistics"):
            assert employer in shown


def test_the_unit_reads_until_when_it_may_object(visit: Visit) -> None:
    assert "2 objections at most" in text(visit)
    assert "Saying nothing counts as consent." in text(visit)


def test_an_objection_needs_a_cause_and_goes_to_the_key_holders(visit: Visit) -> None:
    blank = object_to(visit, "private", "")
    assert (blank.status_code, errors(blank)) == (422, ["Say why: an objection needs a cause"])
    done = object_to(visit, "private", "We are in court with this company.")
    assert "Your objection is with both key holders" in words(soup(done))
    assert "With the key holders" in text(visit)


def test_after_two_objections_there_is_no_third(visit: Visit) -> None:
    for kind in ("private", "peer"):
        object_to(visit, kind, "A cause.")
    page = soup(visit.as_("commander").get(address(visit)))
    assert page.select("form[action$='/object']") == []


def test_the_ruling_and_its_reasons_are_shown_only_once_both_have_ruled(visit: Visit) -> None:
    object_to(visit, "private", "A cause.")
    with visit.play() as play:
        objection = play.session.exec(select(Objection)).one()
        play.act(
            panels.rule_on_objection, play.review, objection, by=play["authority"], upheld=False, reason="Too long ago."
        )
    assert "Too long ago." not in text(visit)
    with visit.play() as play:
        objection = play.session.exec(select(Objection)).one()
        play.act(
            panels.rule_on_objection, play.review, objection, by=play["commissioner"], upheld=False, reason="I agree."
        )
    shown = text(visit)
    assert "Refused: the reviewer stays" in shown
    assert "The Authority: Too long ago." in shown
    assert "The Commissioner: I agree." in shown


def test_an_upheld_objection_takes_the_names_away_until_the_panel_is_shown_again(visit: Visit) -> None:
    object_to(visit, "private", "A cause.")
    for word in ("authority", "commissioner"):
        with visit.play() as play:
            objection = play.session.exec(select(Objection)).one()
            play.act(panels.rule_on_objection, play.review, objection, by=play[word], upheld=True, reason="It is real.")
    shown = text(visit)
    assert "Upheld: the reviewer has left" in shown
    assert visit.people["peer1"].name not in shown


def test_when_the_window_has_passed_nothing_can_be_objected_to(visit: Visit) -> None:
    with visit.play() as play:
        number = held(play, "private").key
    with clock.pinned_to(visit.now + timedelta(days=20)):
        late = client_for(visit.app, visit.people["commander"])
        token = soup(late.get(address(visit))).select_one("[name=csrf_token]")
        assert token is not None
        answered = late.post(
            address(visit, f"/seats/{number}/object"),
            data={"csrf_token": str(token["value"]), f"seat{number}-cause": "Too late."},
        )
    assert answered.status_code == 409
    assert "The working days in which you could object have passed" in words(soup(answered))
    with visit.rows() as session:
        assert session.exec(select(Objection)).all() == []


def test_the_staff_officer_reads_the_names_and_cannot_object(visit: Visit) -> None:
    page = soup(visit.as_("author").get(address(visit)))
    assert visit.people["peer1"].name in words(page)
    assert page.select("form[action$='/object']") == []


@pytest.mark.parametrize(("word", "status"), [("peer1", 403), ("officer", 403), ("authority", 403)])
def test_the_page_belongs_to_the_unit(visit: Visit, word: str, status: int) -> None:
    assert visit.as_(word).get(address(visit)).status_code == status
