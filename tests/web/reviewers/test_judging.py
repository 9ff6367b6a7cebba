"""The judge's pages: interests first, saved while one types, two versions, one lock; and the chair's after it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from metstandard.queries.judging import by_reference
from metstandard.records.accounts import Person
from metstandard.records.judging import Judgement
from tests.factories.browser import client_for, filled, form_of, press, soup
from tests.factories.judged import judged_to, judges_of
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import Programme
from tests.web.conftest import Rows, first_error, heading

CODES = ("J1", "J2", "J3", "J4", "J5")
SECRET = "held on to the child"


@pytest.fixture
def reference(rows: Rows) -> str:
    """A nomination before its judges."""
    with rows() as session:
        programme = recognisers(Programme.of(session))
        return judged_to(programme, nominated(session), "shortlisted").reference


@pytest.fixture
def judges(app: Flask, rows: Rows, reference: str) -> list[FlaskClient]:
    """Its judges, signed in."""
    with rows() as session:
        one = by_reference(session, reference)
        assert one is not None
        found: list[Person] = judges_of(session, one)
    return [client_for(app, each) for each in found]


def _page(reference: str, more: str = "") -> str:
    return f"/reviewers/nominations/{reference}{more}"


def _declare(browser: FlaskClient, reference: str, **more: Any) -> Any:
    return press(browser, _page(reference, "/declaration"), "Declare", **({"interest": "none"} | more))


def _marks(level: str, *codes: str) -> dict[str, Any]:
    return {f"level-{code}": level for code in codes or CODES}


def _token(browser: FlaskClient, reference: str) -> dict[str, Any]:
    return filled(form_of(soup(browser.get(_page(reference))), "Save"))


def test_nothing_of_the_account_is_shown_before_interests_are_declared(
    judges: list[FlaskClient], reference: str
) -> None:
    first = judges[0].get(_page(reference), follow_redirects=True)
    assert heading(first) == "Declare your interests"
    assert "Olive Officer" in first.get_data(as_text=True)
    assert SECRET not in first.get_data(as_text=True)
    blank = press(judges[0], _page(reference, "/declaration"), "Declare")
    assert (blank.status_code, first_error(blank)) == (
        422, "Choose one: leaving it blank does not count as “nothing to declare”",
    )  # fmt: skip
    opened = _declare(judges[0], reference)
    assert heading(opened) == "Judge this nomination"
    assert SECRET in opened.get_data(as_text=True)


def test_a_prejudicial_interest_shows_the_judge_the_door(judges: list[FlaskClient], reference: str) -> None:
    missing = _declare(judges[0], reference, interest="prejudicial")
    assert (missing.status_code, first_error(missing)) == (422, "Describe the interest (COI-9)")
    ended = _declare(judges[0], reference, interest="prejudicial", detail="My brother.")
    assert heading(ended) == "You judge this nomination no more"
    for more in ("", "/declaration", "/stand-down"):
        page = judges[0].get(_page(reference, more), follow_redirects=True)
        assert heading(page) == "You judge this nomination no more"
        assert SECRET not in page.get_data(as_text=True)


def test_a_mark_saves_by_itself_and_a_second_tab_gets_both_versions(
    judges: list[FlaskClient], reference: str, rows: Rows
) -> None:
    browser = judges[0]
    _declare(browser, reference)
    kept = _token(browser, reference)
    typed = {"csrf_token": kept["csrf_token"], "level-J1": "3", "words-J1": "Cold water.", "revision-J1": "0"}
    answer = browser.post(_page(reference, "/marks/J1"), data=typed, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["revision"]) == (200, 1)  # type: ignore[index]
    wrong = typed | {"level-J1": "9", "revision-J1": "1"}
    refused = browser.post(_page(reference, "/marks/J1"), data=wrong, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json["field"]) == (422, "level-J1")  # type: ignore[index]
    both = browser.post(_page(reference), data=kept | {"level-J1": "1", "words-J1": "", "level-J2": "2", "do": "stay"})
    assert (both.status_code, heading(both)) == (409, "There are two versions of J1")
    form = filled(form_of(soup(both), "Keep my version"))
    browser.post(_page(reference), data=form | {"do": "stay"})
    with rows() as session:
        marks = {one.criterion: (one.level, one.words) for one in session.exec(select(Judgement)).all()}
    assert marks == {"J1": ("1", ""), "J2": ("2", "")}


def test_a_judgement_is_locked_whole_and_then_only_read(judges: list[FlaskClient], reference: str) -> None:
    browser = judges[0]
    _declare(browser, reference)
    short = press(browser, _page(reference), "Save and check your answers", **_marks("2", "J1"))
    assert "Missing: J2, J3, J4 and J5." in soup(short).get_text()
    token = _token(browser, reference)
    early = browser.post(_page(reference, "/lock"), data={"csrf_token": token["csrf_token"]})
    assert early.status_code == 422
    press(browser, _page(reference), "Save and check your answers", **_marks("2"))
    for _ in range(2):
        done = browser.post(_page(reference, "/lock"), data={"csrf_token": token["csrf_token"]}, follow_redirects=True)
        assert heading(done) == "Your judgement"
    late = browser.post(_page(reference), data=token | {"level-J1": "4", "revision-J1": "1"})
    assert late.status_code == 409
    assert "2 Clear" in soup(browser.get(_page(reference))).get_text()


def test_nobody_but_its_judges_finds_it(
    judges: list[FlaskClient], reference: str, people: dict[str, Person], client_for: Callable[..., FlaskClient]
) -> None:
    for word in ("peer1", "officer", "authority"):
        assert client_for(people[word]).get(_page(reference)).status_code == 403
    assert judges[0].get(_page("N-0000-0000")).status_code == 404
    assert client_for(None).get(_page(reference)).status_code == 302


def test_the_chair_finds_it_once_the_last_judge_has_locked(
    judges: list[FlaskClient], reference: str, app: Flask, rows: Rows
) -> None:
    with rows() as session:
        chair = Programme.of(session)["chair"]
    browser = client_for(app, chair)
    for number, judge in enumerate(judges):
        assert browser.get(_page(reference, "/moderation")).status_code == 404, number
        _declare(judge, reference)
        press(judge, _page(reference), "Save and check your answers", **_marks("3"))
        press(judge, _page(reference, "/lock"), "Lock your judgement")
    page = soup(browser.get(_page(reference, "/moderation"))).get_text(" ", strip=True)
    assert re.search(r"Mean of the judges: 75\.0", page)
    done = press(browser, _page(reference, "/moderation"), "Pass it on")
    assert "The nomination is before the Authority." in soup(done).get_text()
