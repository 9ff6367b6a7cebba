"""Independence over the years, from the records: rings, posts and contracts after a review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from metstandard.queries import independence
from metstandard.records.accounts import Posting
from metstandard.records.bodies import Supply
from tests.factories.kept import playing
from tests.factories.panel import profile
from tests.factories.stages import Play
from tests.rules.test_conflicts import ago, earlier_review


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """A review of Camden BOCU whose panel is being formed; no seat is held."""
    with playing(data, "panel_forming") as made:
        yield made


def test_units_that_reviewed_each_other_are_found_across_reviews(play: Play) -> None:
    """COI-3: peer1 is of SCD5, peer2 of CO11."""
    earlier_review(play, "CO11", {"peer": "peer1"}, on=ago(play, 20))
    earlier_review(play, "SCD5", {"peer": "peer2"}, on=ago(play, 5))
    found = [(set(one.units), set(one.days)) for one in independence.closed(play.session)]
    units = {play.programme.unit(code).title for code in ("CO11", "SCD5")}
    assert found == [(units, {ago(play, 20), ago(play, 5)})]


def test_a_post_or_a_contract_within_twelve_months_of_a_review_is_shown(play: Play) -> None:
    """COI-11: the thirteenth month is free."""
    visit = date(2025, 1, 6)
    earlier_review(play, "GD", {"peer": "peer1", "private": "company1", "local_authority": "council1"}, on=visit)
    hackney = play.programme.unit("GD")
    ended = visit + timedelta(days=4)
    play.session.add(Posting(person_id=play["peer1"].key, unit_id=hackney.key, from_on=date(2025, 6, 1)))
    play.session.add(Posting(person_id=play["council1"].key, unit_id=hackney.key, from_on=date(2026, 1, 11)))
    play.session.add(
        Supply(employer_id=profile(play, "company1").employer_id or 0, role="supplier", from_on=date(2026, 1, 10))
    )
    play.session.flush()
    assert ended == date(2025, 1, 10)
    assert [(one.name, one.unit, one.what, one.on) for one in independence.cooling_off(play.session)] == [
        (play["company1"].name, hackney.title, "Harbour Logistics became a supplier", date(2026, 1, 10)),
        (play["peer1"].name, hackney.title, "Posted to the unit", date(2025, 6, 1)),
    ]
