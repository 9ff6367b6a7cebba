"""The programme office and those who answer see a nomination as far as it is theirs; acts work by their buttons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from metstandard.actions.recognition.nominees import Named
from metstandard.common import clock
from metstandard.records.accounts import Person
from metstandard.records.judging import Allotment
from metstandard.records.recognition import Incident, Nomination, Nominee
from tests.factories.browser import client_for, press, soup
from tests.factories.nominations import confirmed, nominated, recognisers, submitted, taken_up
from tests.factories.programme import Programme
from tests.web.conftest import Rows, first_error

Made = Callable[..., str]


@pytest.fixture
def people(rows: Rows) -> dict[str, Person]:
    """The people of the small programme and of recognition, apart from any session."""
    with rows() as session:
        recognisers(Programme.of(session))
    with rows() as session:
        return {one.email.split("@")[0]: one for one in session.exec(select(Person)).all()}


@pytest.fixture
def made(rows: Rows, people: dict[str, Person]) -> Made:
    """A nomination played to where a factory takes it; its reference."""

    def play(factory: Callable[..., Nomination], **given: object) -> str:
        with rows() as session:
            return factory(session, **given).reference

    return play


@pytest.fixture
def officer(app: Flask, people: dict[str, Person]) -> FlaskClient:
    """The programme officer's browser."""
    return client_for(app, people["officer"])


def said(answer: object) -> str:
    """What a page says in its main part."""
    found = soup(answer).select_one("main")  # type: ignore[arg-type]
    assert found is not None
    return found.get_text(" ", strip=True)


def test_the_programme_office_takes_up_and_passes_on_by_two_buttons(officer: FlaskClient, made: Made) -> None:
    page = f"/authority/nominations/{made(confirmed)}"
    assert "It waits for the programme office" in said(press(officer, page, "Take it up"))
    done = said(press(officer, page, "It is eligible: ask for the checks"))
    assert "The nomination is eligible. The checks are asked for." in done


def test_what_stands_in_the_way_is_named_instead_of_a_button(officer: FlaskClient, made: Made) -> None:
    waiting = said(officer.get(f"/authority/nominations/{made(submitted)}"))
    shared = said(officer.get(f"/authority/nominations/{made(taken_up, scheme='blue_lights', email='b@example.com')}"))
    assert "Before you can go on: The seconder has not confirmed it." in waiting
    assert "It has not been recorded that everybody who took part was asked about." in shared
    assert "Take it up" not in waiting


@pytest.mark.parametrize(
    ("act", "button", "typed", "after"),
    [
        ("return", "Return it to the nominator", {}, "Returned to the nominator"),
        ("redirect", "Pass it on to another award", {"to": "bravery"}, "Passed on to another award"),
        ("withdraw", "Withdraw it", {}, "Withdrawn"),
        ("hold", "Put it on hold", {}, "On hold"),
    ],
)
def test_an_act_with_reasons_asks_for_them_and_keeps_them(
    officer: FlaskClient, made: Made, act: str, button: str, typed: dict[str, Any], after: str
) -> None:
    reference = made(taken_up)
    page = f"/authority/nominations/{reference}/reason/{act}"
    refused = press(officer, page, button, **typed)
    assert (refused.status_code, first_error(refused)) == (422, "Enter your reasons")
    done = said(press(officer, page, button, why="The place is missing.", **typed))
    assert after in done
    assert "The place is missing." in done


def test_a_duplicate_is_found_by_its_nominee_and_marked(officer: FlaskClient, made: Made) -> None:
    first, second = made(taken_up), made(taken_up, email="other@example.com")
    page = f"/authority/nominations/{second}/same"
    assert f"{first} : Olive Officer" in said(officer.get(page))
    done = said(press(officer, page, "Save", of=first))
    assert f"Duplicate It repeats {first}" in done
    assert "nomination repeats another" in done


def test_an_incident_gathers_the_nominations_of_several_services(officer: FlaskClient, made: Made, rows: Rows) -> None:
    fire = made(taken_up, scheme="blue_lights", email="b@example.com", named=[Named("Fay Fire", service="lfb")])
    police = made(taken_up, scheme="blue_lights")
    new = press(officer, f"/authority/incidents/new?nomination={police}", "Keep this incident", place="Camden Lock")
    assert "Ask about everybody who took part, in every service." in said(new)
    with rows() as session:
        reference = session.exec(select(Incident.reference)).one()
    press(officer, f"/authority/nominations/{fire}/same", "Put it beneath this incident", incident=reference)
    page = said(officer.get(f"/authority/incidents/{reference}"))
    assert "Olive Officer , Metropolitan Police Service: Eligibility" in page
    assert "Fay Fire , London Fire Brigade: Eligibility" in page
    today = clock.today()
    asked: dict[str, Any] = {"everyone_asked_on-day": today.day, "everyone_asked_on-month": today.month}
    asked["everyone_asked_on-year"] = today.year
    press(officer, f"/authority/incidents/{reference}", "Save", **asked)
    done = press(officer, f"/authority/nominations/{fire}", "It is eligible: ask for the checks")
    assert "The checks are asked for." in said(done)


def test_a_team_gets_a_late_joiner_and_a_late_leaver(officer: FlaskClient, made: Made, rows: Rows) -> None:
    reference = made(nominated, scheme="team")
    first, last = clock.today() - timedelta(days=50), clock.today() - timedelta(days=5)
    joined: dict[str, Any] = {"from_on-day": first.day, "from_on-month": first.month, "from_on-year": first.year}
    press(
        officer, f"/authority/nominations/{reference}/team/new", "Save", name="Jo Joiner", service="met",
        why="Left out.", **joined,
    )  # fmt: skip
    with rows() as session:
        tess = session.exec(select(Nominee.id).where(Nominee.name == "Tess Team")).one()
    left: dict[str, Any] = {"until_on-day": last.day, "until_on-month": last.month, "until_on-year": last.year}
    press(
        officer, f"/authority/nominations/{reference}/team/{tess}/leave", "Save", how="left", why="Moved.", **left
    )  # fmt: skip
    with rows() as session:
        found = {one.name: (one.from_on, one.until_on) for one in session.exec(select(Nominee)).all()}
    assert found == {"Tess Team": (None, last), "Tom Team": (None, None), "Jo Joiner": (first, None)}


def test_each_kind_of_viewer_sees_a_nomination_from_their_own_stage_on(
    app: Flask, people: dict[str, Person], made: Made, rows: Rows
) -> None:
    """A stranger and a judge get the same 404 as for no nomination; who only checks is led to their own page."""
    reference = made(nominated)
    words = ("officer", "standards", "metsponsor", "sponsor", "authority", "press")
    wanted = {
        "eligibility": [200, 404, 404, 404, 404, 404], "checks": [200, 303, 303, 404, 404, 404],
        "moderated": [200, 303, 303, 404, 200, 404], "consented": [200, 303, 303, 404, 200, 200],
    }  # fmt: skip
    for state, codes in wanted.items():
        with rows() as session:
            one = session.exec(select(Nomination)).one()
            one.state = state
            session.add(one)
        got = [client_for(app, people[each]).get(f"/authority/nominations/{reference}").status_code for each in words]
        assert (state, got) == (state, codes)
    assert client_for(app, people["commander"]).get(f"/authority/nominations/{reference}").status_code == 403


def test_a_nominee_with_an_office_never_finds_their_own_nomination(
    app: Flask, people: dict[str, Person], made: Made
) -> None:
    """The office's list shows it to others and hides it from them."""
    reference = made(submitted, named=[Named("An officer", service="met", email=people["officer"].email)])
    made(submitted, email="o@example.com")
    browser = client_for(app, people["officer"])
    assert browser.get(f"/authority/nominations/{reference}").status_code == 404
    assert reference not in said(browser.get("/authority/nominations"))
    assert "1 nomination." in said(browser.get("/authority/nominations"))


def test_the_list_is_filtered_by_what_the_address_says(officer: FlaskClient, made: Made) -> None:
    references = {
        "team": made(submitted, scheme="team"), "fire": made(
            submitted, scheme="blue_lights", email="b@example.com", named=[Named("Fay Fire", service="lfb")]
        ), "alone": made(confirmed, email="c@example.com", category="innovation"),
    }  # fmt: skip
    asked = {
        "scheme=team": {"team"}, "service=lfb": {"fire"}, "category=innovation": {"alone"}, "search=fay": {"fire"},
        "state=submitted": {"team", "fire", "alone"}, "state=checks": set(), "search=canal+team": {"team"},
    }  # fmt: skip
    for query, wanted in asked.items():
        page = said(officer.get(f"/authority/nominations?{query}"))
        assert {word for word, one in references.items() if one in page} == wanted, query


def test_a_draft_is_its_nominators_alone(officer: FlaskClient, rows: Rows, people: dict[str, Person]) -> None:
    from tests.factories.nominations import drafted  # noqa: PLC0415 (used here alone)

    with rows() as session:
        reference = drafted(session).reference
    assert officer.get(f"/authority/nominations/{reference}").status_code == 404
    assert "No nomination passes these filters." in said(officer.get("/authority/nominations"))


def test_every_page_about_nominations_bears_their_marking_at_both_ends(officer: FlaskClient, made: Made) -> None:
    reference = made(submitted)
    pages = ["nominations", "incidents", "incidents/new"]
    pages += [f"nominations/{reference}{page}" for page in ("", "/team", "/same", "/seconder", "/reason/withdraw")]
    for page in pages:
        text = soup(officer.get(f"/authority/{page}")).get_text(" ", strip=True)
        assert text.count("OFFICIAL-SENSITIVE") >= 2, page


def test_another_seconder_is_asked_only_while_none_has_confirmed(officer: FlaskClient, made: Made) -> None:
    waiting, done = made(submitted), made(confirmed, email="other@example.com")
    shown = ["Ask another seconder" in said(officer.get(f"/authority/nominations/{one}")) for one in (waiting, done)]
    assert shown == [True, False]
    typed = {"name": "Una", "email": "una@example.com", "body": "Ealing Council"}
    answer = press(officer, f"/authority/nominations/{waiting}/seconder", "Ask this seconder", **typed)  # type: ignore[arg-type]
    assert "Una, Ealing Council" in said(answer)


def test_the_link_of_a_letter_leads_each_person_to_their_own_page(
    app: Flask, people: dict[str, Person], made: Made, rows: Rows
) -> None:
    reference = made(nominated)
    with rows() as session:
        one = session.exec(select(Nomination)).one()
        one.state, number = "shortlisted", one.key
        session.add(one)
        session.add(Allotment(nomination_id=number, person_id=people["judge1"].key))
    found = {}
    for word in ("officer", "standards", "judge1", "chair", "judge2", "commander"):
        answer = client_for(app, people[word]).get(f"/to/nomination/{number}")
        found[word] = answer.headers.get("Location", str(answer.status_code))
    page = f"/authority/nominations/{reference}"
    assert found == {
        "officer": page, "standards": page, "judge1": f"/reviewers/nominations/{reference}",
        "chair": f"/reviewers/nominations/{reference}/moderation", "judge2": "404", "commander": "404",
    }  # fmt: skip
