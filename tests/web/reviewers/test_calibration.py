"""Calibration through the pages: marks that come near enough pass for 24 months, and only then may one be seated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from freezegun import freeze_time
from sqlmodel import select

from metstandard.records.accounts import Person
from metstandard.records.bodies import ReviewerProfile
from metstandard.records.calibration import Calibration
from metstandard.rules.calibration import cases_in_use
from tests.factories.browser import press, soup
from tests.web.conftest import Rows, first_error, heading

Clients = Callable[[Person | None], FlaskClient]
People = dict[str, Person]
IGNORED = ["transformers", "google"]


def levels(case: str, wrong: dict[str, int] | None = None) -> dict[str, Any]:
    """What is ticked on one reference review: the agreed levels, but for some."""
    agreed = {code: one.level for code, one in cases_in_use()[0].reviews[case].criteria.items()}
    return {f"level-{code}": str(level) for code, level in (agreed | (wrong or {})).items()}


def mark(client: FlaskClient, wrong: dict[str, int] | None = None) -> None:
    """Begin, mark both reviews, and send; `wrong` departs from the reference in the first."""
    press(client, "/reviewers/calibration", "Begin")
    press(client, "/reviewers/calibration/northfield", "Save and go back", **levels("northfield", wrong))
    press(client, "/reviewers/calibration/eastmoor", "Save and go back", **levels("eastmoor"))
    press(client, "/reviewers/calibration", "Send your levels")


def profile(rows: Rows, person: Person) -> ReviewerProfile:
    with rows() as session:
        return session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == person.key)).one()


def attempts(rows: Rows, person: Person) -> list[tuple[bool | None, int, int, int, int]]:
    with rows() as session:
        found = session.exec(select(Calibration).where(Calibration.person_id == person.key).order_by(Calibration.id))  # type: ignore[arg-type]
        return [(one.passed, one.within, one.criteria, one.exact, one.gateways) for one in found.all()]


@freeze_time("2026-03-02 10:00:00", ignore=IGNORED)
def test_marks_that_come_near_enough_are_valid_for_24_months(client_for: Clients, people: People, rows: Rows) -> None:
    """REV-2: one gateway a level off and a plain criterion far away still pass."""
    mark(client_for(people["peer1"]), {"7.2": 3, "3.3": 4})
    assert attempts(rows, people["peer1"]) == [(True, 27, 28, 9, 10)]
    assert profile(rows, people["peer1"]).calibrated_until == date(2028, 3, 2)
    page = soup(client_for(people["peer1"]).get("/reviewers/calibration"))
    assert "valid until 2 March 2028" in page.get_text(" ", strip=True)


@pytest.mark.parametrize(
    ("wrong", "counted"),
    [
        ({"1.1": 2, "7.1": 2}, (False, 28, 28, 8, 10)),
        ({"1.3": 0, "2.4": 0, "3.3": 3}, (False, 25, 28, 10, 10)),
    ],
    ids=["two gateways of five not exact", "three of fourteen criteria two levels away"],
)
def test_marks_too_far_away_in_one_review_do_not_pass_whatever_the_other_says(
    client_for: Clients, people: People, rows: Rows, wrong: dict[str, int], counted: tuple[object, ...]
) -> None:
    """REV-2: each review must pass."""
    before = profile(rows, people["peer1"]).calibrated_until
    client = client_for(people["peer1"])
    mark(client, wrong)
    assert attempts(rows, people["peer1"]) == [counted]
    assert profile(rows, people["peer1"]).calibrated_until == before
    page = soup(client.get("/reviewers/calibration")).get_text(" ", strip=True)
    assert "Not passed" in page
    token = soup(client.get("/reviewers/you")).find("input", {"name": "csrf_token"})["value"]  # type: ignore[index]
    assert client.post("/reviewers/calibration/start", data={"csrf_token": token}).status_code == 409
    press(client_for(people["officer"]), f"/authority/pool/{people['peer1'].key}", "Allow another attempt")
    assert [one[0] for one in attempts(rows, people["peer1"])] == [False, None]


def test_nothing_is_sent_while_a_level_is_missing_and_nothing_changes_afterwards(
    client_for: Clients, people: People, rows: Rows
) -> None:
    client = client_for(people["peer1"])
    press(client, "/reviewers/calibration", "Begin")
    press(client, "/reviewers/calibration/northfield", "Save and go back", **levels("northfield"))
    refused = press(client, "/reviewers/calibration", "Send your levels")
    assert refused.status_code == 422
    assert first_error(refused) == "Choose a level for every criterion: 14 still have none (REV-2)"
    press(client, "/reviewers/calibration/eastmoor", "Save and go back", **levels("eastmoor"))
    press(client, "/reviewers/calibration", "Send your levels")
    assert attempts(rows, people["peer1"]) == [(True, 28, 28, 10, 10)]
    assert client.get("/reviewers/calibration/northfield").status_code == 404


def test_the_agreed_levels_are_on_no_page_before_the_marks_are_sent(client_for: Clients, people: People) -> None:
    """The reasons for the levels are in the file, so a page could show them."""
    client = client_for(people["peer1"])
    press(client, "/reviewers/calibration", "Begin")
    why = cases_in_use()[0].reviews["northfield"].criteria["1.1"].why
    page = client.get("/reviewers/calibration/northfield")
    assert heading(page) == "Northfield, an invented borough command"
    assert why not in page.get_data(as_text=True)
    assert soup(page).select("input[checked]") == []


def test_only_reviewers_in_the_pool_have_a_calibration(client_for: Clients, people: People) -> None:
    assert client_for(people["officer"]).get("/reviewers/calibration").status_code == 403
    assert client_for(people["commander"]).get("/reviewers/you").status_code == 403
