"""The pool of reviewers in the Authority's door: the list and its filters, one reviewer, the registers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, select

from metstandard.common import clock
from metstandard.records.accounts import Person, Posting
from metstandard.records.bodies import ReviewerProfile, Supply
from metstandard.web.shared.database import db
from tests.factories.browser import press, soup
from tests.factories.counting import queries
from tests.web.conftest import Rows

Clients = Callable[[Person | None], FlaskClient]
People = dict[str, Person]
NOTHING: dict[str, Any] = {}


def names(client: FlaskClient, query: str = "") -> list[str]:
    """The names of the list."""
    page = soup(client.get(f"/authority/pool{query}"))
    return [one.get_text(strip=True) for one in page.select("tbody th a")]


def profile(rows: Rows, person: Person, **values: object) -> None:
    """Change what is known of a reviewer."""
    with rows() as session:
        row = session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == person.key)).one()
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)


def test_the_list_is_filtered_by_seat_words_fitness_and_load(client_for: Clients, people: People, rows: Rows) -> None:
    soon, gone = clock.today() + timedelta(days=30), clock.today() - timedelta(days=1)
    profile(rows, people["peer1"], calibrated_until=soon)
    profile(rows, people["council1"], vetted_until=gone)
    profile(rows, people["company1"], calibrated_until=None)
    profile(rows, people["company2"], capacity=0)
    client = client_for(people["officer"])
    assert len(names(client)) == 9
    assert names(client, "?seat=peer") == [f"Peer reviewer {n} ({c})" for n, c in ((1, "SCD5"), (2, "CO11"), (3, "RG"))]
    assert names(client, "?search=hackney") == ["Local authority reviewer 1 (Hackney Council)"]
    assert names(client, "?fit=ending") == ["Peer reviewer 1 (SCD5)"]
    assert names(client, "?fit=unfit") == [
        "Local authority reviewer 1 (Hackney Council)", "Private sector reviewer 1 (Harbour Logistics)",
    ]  # fmt: skip
    assert names(client, "?load=full") == ["Private sector reviewer 2 (Northgate Rail)"]
    assert names(client, "?search=100%25") == []


def test_the_list_asks_the_same_for_one_reviewer_and_for_many(app: Flask, client_for: Clients, people: People) -> None:
    client = client_for(people["officer"])
    client.get("/authority/pool")
    with app.app_context():
        engine = db.engine
    counts = []
    for query in ("?search=hackney", "?seat=peer", ""):
        with queries(engine) as found:
            client.get(f"/authority/pool{query}")
        counts.append(len(found))
    assert counts == [counts[0]] * 3
    assert counts[0] == 6


def test_postings_and_supplies_are_entered_on_the_reviewers_page(
    client_for: Clients, people: People, rows: Rows
) -> None:
    client = client_for(people["officer"])
    since: dict[str, Any] = {"posting-from_on-day": "1", "posting-from_on-month": "5", "posting-from_on-year": "2019"}
    page = f"/authority/pool/{people['peer1'].key}"
    press(client, page, "Add a posting", **(NOTHING | {"posting-unit": "EK", "posting-command_team": "y"}), **since)
    since = {"supply-from_on-day": "1", "supply-from_on-month": "5", "supply-from_on-year": "2019"}
    press(
        client,
        f"/authority/pool/{people['company1'].key}",
        "Add a spell",
        **(NOTHING | {"supply-role": "bidder"}),
        **since,
    )
    with rows() as session:
        posting = session.exec(
            select(Posting).where(Posting.person_id == people["peer1"].key).order_by(col(Posting.id).desc())
        ).first()
        assert posting is not None
        assert (str(posting.from_on), posting.until_on, posting.command_team) == ("2019-05-01", None, True)
        assert [(one.role, str(one.from_on)) for one in session.exec(select(Supply)).all()] == [
            ("bidder", "2019-05-01")
        ]


def test_the_profile_keeps_what_a_reviewer_knows_and_offers(client_for: Clients, people: People, rows: Rows) -> None:
    client = client_for(people["officer"])
    press(
        client, f"/authority/people/{people['council1'].key}/profile", "Save the profile",
        home_borough="Sutton", capacity="2", reviews_before="4", travel_most="1", unit_types=["BOCU"],
        expertise_D4="3", expertise_D1="1", can_chair="y",
    )  # fmt: skip
    with rows() as session:
        one = session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == people["council1"].key)).one()
        assert (one.home_borough, one.region, one.capacity, one.reviews_before, one.travel_most) == (
            "Sutton", "south_west", 2, 4, 1,
        )  # fmt: skip
        assert (one.unit_types, one.expertise, one.can_chair) == (["BOCU"], {"D1": 1, "D4": 3}, True)


def test_the_pool_is_for_the_programme_office_and_the_keys(client_for: Clients, people: People) -> None:
    words = ("officer", "authority", "member", "peer1", "commander", "administrator")
    assert {word: client_for(people[word]).get("/authority/pool").status_code for word in words} == {
        "officer": 200, "authority": 200, "member": 403, "peer1": 403, "commander": 403, "administrator": 403,
    }  # fmt: skip
    stranger = client_for(people["officer"]).get(f"/authority/pool/{people['commander'].key}")
    assert stranger.status_code == 404


def test_independence_has_a_page_for_the_programme_office_and_the_keys(client_for: Clients, people: People) -> None:
    client = client_for(people["officer"])
    page = soup(client.get("/authority/pool/independence")).get_text(" ", strip=True)
    assert "No two units reviewed each other within 24 months, and no three in a ring." in page
    key = client_for(people["authority"])
    assert key.get("/authority/pool/independence").status_code == 200
