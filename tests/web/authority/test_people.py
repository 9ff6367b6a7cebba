"""The pages of people: who may, what happens, and a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, select

from metstandard.common import clock
from metstandard.records.accounts import Appointment, Person, SignedIn
from metstandard.records.bodies import ReviewerProfile
from metstandard.records.outbox import Letter
from metstandard.web.shared.database import db
from tests.factories.browser import press, soup
from tests.factories.counting import queries
from tests.web.conftest import Rows, first_error, heading

Clients = Callable[[Person | None], FlaskClient]
People = dict[str, Person]


def names(client: FlaskClient, query: str = "") -> list[str]:
    """The names of the list."""
    page = soup(client.get(f"/authority/people{query}"))
    return [one.get_text(strip=True) for one in page.select("tbody th a")]


def test_the_list_is_found_by_name_address_and_part(client_for: Clients, people: People) -> None:
    client = client_for(people["administrator"])
    assert len(names(client)) == 20
    assert names(client, "?search=AUTHOR@") == ["Staff officer of Camden BOCU"]
    assert names(client, "?search=camden+bocu") == ["Commander of Camden BOCU", "Staff officer of Camden BOCU"]
    assert names(client, "?part=link_member") == ["Link member for Camden"]
    assert len(names(client, "?part=reviewer")) == 9
    assert names(client, "?part=none") == []
    assert names(client, "?search=100%25") == []
    assert len(names(client, "?page=9")) == 20


def test_the_list_asks_the_same_for_one_person_and_for_many(app: Flask, client_for: Clients, people: People) -> None:
    client = client_for(people["administrator"])
    client.get("/authority/people")
    counts = []
    for query in ("?search=author@", "?part=reviewer", ""):
        with app.app_context():
            engine = db.engine
        with queries(engine) as found:
            client.get(f"/authority/people{query}")
        counts.append(len(found))
    assert counts == [counts[0]] * 3
    assert counts[0] == 7


def test_a_new_person_is_invited_given_a_part_and_enters_the_door(
    client_for: Clients, people: People, rows: Rows
) -> None:
    client = client_for(people["administrator"])
    answer = press(client, "/authority/people/new", "Add and invite", name="New moderator", email="new@example.org")
    assert heading(answer) == "New moderator"
    with rows() as session:
        made = session.exec(select(Person).where(Person.email == "new@example.org")).one()
        assert [one.name for one in session.exec(select(Letter)).all()] == ["invitation"]
    today = clock.today()
    first: dict[str, Any] = {"from_on-day": today.day, "from_on-month": today.month, "from_on-year": today.year}
    url = f"/authority/people/{made.key}/parts"
    wrong = press(client, url, "Give this part", part="moderator", **first)
    assert (wrong.status_code, first_error(wrong)) == (422, "Choose the seat on the moderation panel")
    press(client, url, "Give this part", part="press_officer", **first)
    assert client_for(made).get("/authority/board").status_code == 200
    with rows() as session:
        part = session.exec(select(Appointment).where(Appointment.person_id == made.key)).one()
    press(client, f"/authority/people/{made.key}/parts/{part.key}/end", "End this part")
    assert client_for(made).get("/authority/board").status_code == 403


def test_disabling_ends_the_sessions_at_once(client_for: Clients, people: People, rows: Rows) -> None:
    theirs = client_for(people["officer"])
    assert theirs.get("/authority/board").status_code == 200
    number = people["officer"].key
    client = client_for(people["administrator"])
    press(client, f"/authority/people/{number}", "Disable this account")
    assert theirs.get("/authority/board").status_code == 302
    with rows() as session:
        assert session.exec(select(SignedIn).where(SignedIn.person_id == number)).all() == []
    press(client, f"/authority/people/{number}", "Enable this account")
    with rows() as session:
        again = session.get_one(Person, number)
    assert client_for(again).get("/authority/board").status_code == 200


def test_the_programme_office_keeps_the_pool_and_not_the_accounts(
    client_for: Clients, people: People, rows: Rows
) -> None:
    client, number = client_for(people["officer"]), people["author"].key
    page = soup(client.get(f"/authority/people/{number}")).get_text()
    assert ("Put into the pool" in page, "Give a part" in page, "Disable" in page) == (True, False, False)
    closed = ("/authority/people/new", f"/authority/people/{number}/parts")
    assert [client.get(url).status_code for url in closed] == [403, 403]
    assert client.post(f"/authority/people/{number}/disable").status_code in {400, 403}
    url = f"/authority/people/{number}/profile"
    wrong = press(client, url, "Save the profile", seat="private", company="")
    assert (wrong.status_code, first_error(wrong)) == (422, "Enter the employer")
    press(client, url, "Save the profile", seat="private", company="Thames Freight", rank="")
    with rows() as session:
        profile = session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == number)).one()
    assert (profile.seat, profile.unit_id, profile.employer_id is not None) == ("private", None, True)


def test_two_officers_on_one_profile_get_both_versions(client_for: Clients, people: People) -> None:
    client, url = client_for(people["officer"]), f"/authority/people/{people['company1'].key}/profile"
    opened = soup(client.get(url)).select_one("input[name=revision]")
    assert opened is not None
    press(client, url, "Save the profile", seat="private", company="Thames Freight")
    answer = press(client, url, "Save the profile", seat="private", company="Severn Freight", revision=opened["value"])
    assert answer.status_code == 409
    text = soup(answer).get_text()
    assert ("Thames Freight" in text, "Severn Freight" in text) == (True, True)


def test_others_find_no_people(client_for: Clients, people: People) -> None:
    statuses = {word: client_for(one).get("/authority/people").status_code for word, one in people.items()}
    assert {word for word, status in statuses.items() if status == 200} == {"officer", "administrator"}
    assert {status for word, status in statuses.items() if word not in {"officer", "administrator"}} == {403}


def test_an_administrator_changes_nothing_about_themself(client_for: Clients, people: People, rows: Rows) -> None:
    client, number = client_for(people["administrator"]), people["administrator"].key
    page = soup(client.get(f"/authority/people/{number}"))
    assert [one.get_text(strip=True) for one in page.select("main button")] == []
    first: dict[str, Any] = {"from_on-day": 1, "from_on-month": 1, "from_on-year": 2026}
    refused = press(client, f"/authority/people/{number}/parts", "Give this part", part="press_officer", **first)
    assert first_error(refused) == "You cannot give a part to yourself: ask another administrator (B3)"
    with rows() as session:
        held = session.exec(select(Appointment.part).where(col(Appointment.person_id) == number)).all()
    assert list(held) == ["administrator"]


def test_the_programme_office_says_what_somebody_is_cleared_for(
    client_for: Clients, people: People, rows: Rows
) -> None:
    """Not about oneself, and nobody else does (B9)."""
    officer, other = client_for(people["officer"]), people["press"]
    page = f"/authority/people/{other.key}"
    assert "Cleared up to OFFICIAL-SENSITIVE" in soup(officer.get(page)).get_text(" ", strip=True)
    answer = press(officer, f"{page}/clearance", "Save", clearance="OFFICIAL")
    assert "Press officer is cleared up to OFFICIAL." in answer.get_data(as_text=True)
    with rows() as session:
        assert session.get_one(Person, other.key).clearance == "OFFICIAL"
    refused = press(officer, f"{page}/clearance", "Save", clearance="SECRET")
    assert (refused.status_code, first_error(refused)) == (422, "Nothing marked SECRET may be kept here (B9)")
    own = press(officer, f"/authority/people/{people['officer'].key}/clearance", "Save", clearance="OFFICIAL")
    assert own.status_code == 403
    for word in ("administrator", "authority", "commander", "peer1"):
        assert client_for(people[word]).get(f"{page}/clearance").status_code == 403
