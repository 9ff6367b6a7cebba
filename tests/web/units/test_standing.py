"""Where we stand: the unit's own page, with or without a review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from metstandard.common import clock
from metstandard.records.accounts import Person
from tests.factories.browser import press, soup
from tests.factories.programme import Programme
from tests.factories.stages import played_to
from tests.web.conftest import Rows, first_error

Clients = Callable[[Person | None], FlaskClient]
People = dict[str, Person]


def facts(client: FlaskClient) -> dict[str, str]:
    """The keys and values of the page."""
    page = soup(client.get("/units/standing"))
    rows = page.select(".met-facts__row")
    return {
        one.select_one("dt").get_text(strip=True): " ".join(one.select_one("dd").get_text(" ", strip=True).split())  # type: ignore[union-attr]
        for one in rows
    }


def test_a_unit_never_reviewed_reads_so(client_for: Clients, people: People) -> None:
    client = client_for(people["commander"])
    assert facts(client) == {
        "Review under way": "None", "Last result": "None published yet", "Certificate": "None yet",
        "Next due": "When the first review is proposed", "Actions": "None open",
        "Commander": "In post since 1 June 2009",
    }  # fmt: skip
    text = soup(client.get("/units/standing")).get_text(" ")
    assert "This unit has never been reviewed. The programme office proposes the first review." in text


def test_a_unit_under_review_reads_whose_move_it_is_in_its_own_words(
    client_for: Clients, people: People, rows: Rows
) -> None:
    with rows() as session:
        played_to(Programme.of(session), "panel_forming")
    client = client_for(people["author"])
    assert facts(client)["Review under way"] == "The panel is being formed"
    text = soup(client.get("/units/standing")).get_text(" ")
    assert "It waits for the programme office, by" in text


def test_a_result_a_certificate_and_open_actions_are_told(client_for: Clients, people: People, rows: Rows) -> None:
    with rows() as session:
        played_to(Programme.of(session), "follow_up", began=clock.now() - timedelta(days=300))
    found = facts(client_for(people["commander"]))
    assert found["Last result"].startswith("Achieved on ")
    assert found["Certificate"].startswith("Current MS-0001, valid until ")
    assert found["Actions"].startswith("1 action open")


def test_a_tenure_under_three_years_is_told_with_the_day_it_reaches_them(client_for: Clients, rows: Rows) -> None:
    with rows() as session:
        made = Programme.of(session)
        made.add("new", "Commander of Barnet BOCU")
        made.appoint("new", "commander", unit="SX", since=clock.today() - timedelta(days=100))
        session.commit()
        person = made["new"]
    found = facts(client_for(person))["Commander"]
    assert "Under three years" in found


def test_strangers_and_deputies_have_no_such_page(client_for: Clients, people: People) -> None:
    open_to = {word for word, one in people.items() if client_for(one).get("/units/standing").status_code == 200}
    assert open_to == {"commander", "author"}


def test_a_commander_names_and_ends_a_deputy_on_a_page(client_for: Clients, people: People, rows: Rows) -> None:
    with rows() as session:
        made = Programme.of(session)
        reference = played_to(made, "self_assessment").review.reference
        helper = made.add("helper", "Deputy commander")
        session.commit()
    client, url = client_for(people["commander"]), f"/units/reviews/{reference}/deputies"
    refusals = {first_error(press(client, url, "Name this person", deputy=one)) for one in
                ("peer1@example.org", "nobody@example.org", "officer@example.org")}  # fmt: skip
    assert refusals == {"Nobody with this address can be your deputy in this review. Ask the programme office (B3)"}
    press(client, url, "Name this person", deputy="HELPER@example.org")
    theirs = client_for(helper)
    assert theirs.get(f"/units/reviews/{reference}").status_code == 200
    assert theirs.get(url).status_code == 403
    press(client, url, "End")
    assert theirs.get(f"/units/reviews/{reference}").status_code == 403


def test_the_lead_reviewers_deputy_gets_the_report_and_never_the_sheet(
    client_for: Clients, people: People, rows: Rows
) -> None:
    with rows() as session:
        made = Programme.of(session)
        reference = played_to(made, "reporting").review.reference
        clerk = made.add("clerk", "The lead reviewer's clerk")
        session.commit()
    url = f"/reviewers/reviews/{reference}"
    assert client_for(people["council1"]).get(f"{url}/deputies").status_code == 404
    press(client_for(people["peer1"]), f"{url}/deputies", "Name this person", deputy="clerk@example.org")
    theirs = client_for(clerk)
    pages = ("", "/reporting", "/scoring", "/consensus", "/evidence")
    assert [theirs.get(f"{url}{one}").status_code for one in pages] == [
        200, 200, 403, 403, 403,
    ]  # fmt: skip
