"""The pages of checks: only nominees of one's own service, three answers, and no field for a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from metstandard.actions.recognition.nominees import Named
from metstandard.records.accounts import Person
from metstandard.records.recognition import Shown
from tests.factories.browser import client_for, press, soup
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import Programme
from tests.web.conftest import Rows, first_error

JOINT = (
    Named("Fay Fire", role="Firefighter", service="lfb", email="fay@example.com"),
    Named("Pat Police", role="Constable", service="met", email="pat@example.com"),
)


def _typed(prefix: str, **values: str) -> dict[str, Any]:
    """Fields of one of several forms of a page."""
    return {f"{prefix}-{name}": value for name, value in values.items()}


@dataclass
class Site:
    """A joint nomination at its checks, and who looks at it."""

    app: Flask
    people: dict[str, Person]
    reference: str

    def as_(self, word: str) -> FlaskClient:
        return client_for(self.app, self.people[word])

    def at(self, page: str) -> str:
        return f"/authority/nominations/{self.reference}/{page}"


@pytest.fixture
def site(app: Flask, rows: Rows) -> Site:
    with rows() as session:
        recognisers(Programme.of(session))
        reference = nominated(session, scheme="blue_lights", named=JOINT).reference
    with rows() as session:
        return Site(app, dict(Programme.of(session).people), reference)


def test_a_sponsor_reads_their_own_nominees_and_nothing_that_was_written(site: Site) -> None:
    browser = site.as_("sponsor")
    assert site.reference in browser.get("/authority/checks").get_data(as_text=True)
    body = browser.get(site.at("check")).get_data(as_text=True)
    assert "Fay Fire" in body
    for hidden in ("Pat Police", "Nora", "held on to the child", "fay@example.com", "going into the water"):
        assert hidden not in body
    page = soup(browser.get(site.at("check")))
    assert page.select("main textarea, main input[type=text]") == []
    assert {str(one["name"]) for one in page.select("main input")} == {"csrf_token", "whose_form", "about", "result"}


def test_an_answer_must_be_one_of_three_about_ones_own_nominee(site: Site) -> None:
    browser = site.as_("sponsor")
    blank = press(browser, site.at("check"), "Record the answer about Fay Fire")
    assert (blank.status_code, first_error(blank)) == (422, "Choose clear, not clear or hold")
    strange = press(browser, site.at("check"), "Record the answer about Fay Fire", about="sponsor:2", result="clear")
    assert strange.status_code == 404
    done = press(browser, site.at("check"), "Record the answer about Fay Fire", result="not_clear")
    assert "Not clear" in soup(done).get_text()
    assert "Answered" in soup(browser.get("/authority/checks")).get_text()
    for word in ("officer", "authority", "press"):
        assert site.as_(word).get(site.at("check")).status_code == 403


def test_the_office_reads_answers_holds_and_changes_how_it_is_shown(site: Site) -> None:
    press(site.as_("metsponsor"), site.at("check"), "Record the answer about Pat Police", result="hold")
    office = site.as_("officer")
    body = soup(office.get(site.at("checks"))).get_text(" ", strip=True)
    assert "Sponsor of the police" in body
    assert "Not yet:" in body
    blank = press(office, site.at("checks"), "Put it on hold")
    assert (blank.status_code, first_error(blank)) == (422, "Give a reason")
    shown = press(
        office, site.at("checks"), "Change how it is shown",
        **_typed("publication", shown=Shown.ANONYMOUS.value, reason="A covert role."),
    )  # fmt: skip
    assert "Now: without names." in soup(shown).get_text()
    held = press(office, site.at("checks"), "Put it on hold", **_typed("hold", reason="A court case.", proceedings=""))
    assert "The nomination is on hold." in soup(held).get_text()
    back = press(office, site.at("checks"), "End the hold", **_typed("release", reason="It is over."))
    assert "back at its checks" in soup(back).get_text()


def test_what_goes_no_further_is_closed_and_its_people_thanked(site: Site) -> None:
    office = site.as_("officer")
    blank = press(office, site.at("checks"), "Close it")
    assert (blank.status_code, first_error(blank)) == (422, "Give a reason")
    closed = press(office, site.at("checks"), "Close it", **_typed("close", reason="Too little is known."))
    assert "Thank those who took part." in soup(closed).get_text()
    sent = press(office, site.at("feedback"), "Send thanks and feedback", feedback="Tell us more next time.")
    assert "Thanks and feedback have gone out." in soup(sent).get_text()
