"""Moderation as a moderator does it in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from metstandard.app import create_app
from metstandard.common import clock
from metstandard.common.settings import settings
from tests.factories.browser import filled, form_of, press, soup
from tests.factories.disputed import disputed
from tests.factories.visiting import Visit, words
from tests.web.conftest import first_error


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """A review in moderation with dissent on two criteria."""
    with disputed(data) as play:
        now = play.now + timedelta(minutes=5)
    with clock.pinned_to(now):
        app = create_app(settings())
        app.config["TESTING"] = True
        yield Visit(app, now)


def page(visit: Visit, word: str, path: str = "") -> str:
    answer = visit.as_(word).get(f"/authority/reviews/{visit.reference}/moderation{path}")
    return words(soup(answer)) if answer.status_code == 200 else str(answer.status_code)


def test_a_moderator_who_has_not_looked_at_each_dissent_is_told_which_and_signs_after(visit: Visit) -> None:
    path = f"/authority/reviews/{visit.reference}/moderation"
    client = visit.as_("member")
    form = filled(form_of(soup(client.get(path)), "Sign the moderation"))
    assert "looked" not in form  # nothing is ticked beforehand
    answer = press(client, path, "Sign the moderation", no_interest="y", looked=["1.1"])
    assert (answer.status_code, first_error(answer)) == (
        422, "Look at the dissent on 2.2, and say that you have (SCO-4)",
    )  # fmt: skip
    assert [str(one["value"]) for one in soup(answer).select("[name=looked][checked]")] == ["1.1"]
    answer = press(client, path, "Sign the moderation", no_interest="y", looked=["1.1", "2.2"])
    assert "You have signed the report as moderated." in words(soup(answer))


def test_the_batch_leads_to_each_review_and_says_who_has_signed(visit: Visit) -> None:
    read = words(soup(visit.as_("member").get("/authority/moderation")))
    assert "Camden BOCU MSR-2026-0001" in read
    assert "0 of 3" in read
    press(
        visit.as_("member"), f"/authority/reviews/{visit.reference}/moderation", "Sign the moderation",
        no_interest="y", looked=["1.1", "2.2"],
    )  # fmt: skip
    read = words(soup(visit.as_("member").get("/authority/moderation")))
    assert "1 of 3 You have signed" in read
    assert visit.as_("officer").get("/authority/moderation").status_code == 403


def test_a_return_says_which_criteria_and_the_panel_reads_it(visit: Visit) -> None:
    path = f"/authority/reviews/{visit.reference}/moderation"
    press(visit.as_("senior"), path, "Return to the panel", why="We miss the reason.", criteria=["2.2"])
    told = words(soup(visit.as_("peer1").get(f"/reviewers/reviews/{visit.reference}")))
    assert "Returned to the panel: 2.2" in told
    assert "We miss the reason." in told


def test_a_changed_level_is_read_by_the_panel_with_its_reason(visit: Visit) -> None:
    path = f"/authority/reviews/{visit.reference}/moderation"
    press(visit.as_("senior"), path, "Change the level", criterion="1.2", level="2", reason="Others had more.")
    overview = words(soup(visit.get("peer1", "consensus")))
    domain = words(soup(visit.get("peer1", "consensus/D1")))
    line = words(soup(visit.get("peer1", "criteria/1.2")))
    assert "Moderated: 2" in overview
    assert "Moderation changed it to 2: Others had more." in domain
    assert "The panel agreed 3. Others had more." in line


def test_how_firmly_the_outcome_stands_is_for_moderators_and_the_programme_office(visit: Visit) -> None:
    """The key holders decide without it, and it says that it is no score."""
    for word in ("member", "officer"):
        read = page(visit, word, "/robustness")
        assert "This is information, never a score." in read
        assert "56 changes. 5 change the outcome." in read
        assert "Too few: 1 of at least 5 reviews." in read
        assert visit.people["peer1"].name not in read
    assert [page(visit, word, "/robustness") for word in ("authority", "link")] == ["403", "403"]
    assert "How firmly the outcome stands" not in page(visit, "authority")
