"""What reviewers keep about themselves: days without a seat, interests, gifts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from freezegun import freeze_time
from sqlmodel import select

from metstandard.records.accounts import Person
from metstandard.records.pool import Gift, Period, StandingInterest
from tests.factories.browser import press, soup
from tests.web.conftest import Rows, first_error

Clients = Callable[[Person | None], FlaskClient]
People = dict[str, Person]
NOTHING: dict[str, Any] = {}
IGNORED = ["transformers", "google"]


def days(prefix: str, day: str, month: str, year: str) -> dict[str, Any]:
    return {f"{prefix}-day": day, f"{prefix}-month": month, f"{prefix}-year": year}


@freeze_time("2026-03-02 10:00:00", ignore=IGNORED)
def test_a_reviewer_enters_days_without_a_seat_and_takes_them_out(
    client_for: Clients, people: People, rows: Rows
) -> None:
    client = client_for(people["peer1"])
    spell = days("period-from_on", "1", "6", "2026") | days("period-until_on", "14", "June", "2026")
    press(client, "/reviewers/you", "Add days without a seat", **(NOTHING | {"period-kind": "can_finish"}), **spell)
    with rows() as session:
        found = session.exec(select(Period)).one()
        assert (found.person_id, found.kind.value, str(found.from_on), str(found.until_on)) == (
            people["peer1"].key, "can_finish", "2026-06-01", "2026-06-14",
        )  # fmt: skip
    press(client, "/reviewers/you", "Take out")
    with rows() as session:
        assert session.exec(select(Period)).all() == []


@freeze_time("2026-03-02 10:00:00", ignore=IGNORED)
def test_days_in_the_wrong_order_are_refused_with_everything_typed(client_for: Clients, people: People) -> None:
    spell = days("period-from_on", "14", "6", "2026") | days("period-until_on", "1", "6", "2026")
    answer = press(
        client_for(people["peer1"]), "/reviewers/you", "Add days without a seat",
        **(NOTHING | {"period-kind": "unavailable", "period-note": "Leave"}), **spell,
    )  # fmt: skip
    assert answer.status_code == 422
    assert first_error(answer) == "The last day must not be before the first"
    assert soup(answer).find("input", {"name": "period-note"})["value"] == "Leave"  # type: ignore[index]


def test_nobody_takes_out_the_days_of_another(client_for: Clients, people: People, rows: Rows) -> None:
    spell = days("period-from_on", "1", "6", "2099") | days("period-until_on", "2", "6", "2099")
    press(
        client_for(people["peer1"]),
        "/reviewers/you",
        "Add days without a seat",
        **(NOTHING | {"period-kind": "unavailable"}),
        **spell,
    )
    with rows() as session:
        number = session.exec(select(Period)).one().key
    other = client_for(people["peer2"])
    token = soup(other.get("/reviewers/you")).find("input", {"name": "csrf_token"})["value"]  # type: ignore[index]
    assert other.post(f"/reviewers/you/periods/{number}/remove", data={"csrf_token": token}).status_code == 404
    with rows() as session:
        assert len(session.exec(select(Period)).all()) == 1


@freeze_time("2026-03-02 10:00:00", ignore=IGNORED)
def test_an_interest_stays_in_the_register_when_it_ends_and_a_refused_gift_is_entered(
    client_for: Clients, people: People, rows: Rows
) -> None:
    client = client_for(people["company1"])
    press(
        client, "/reviewers/you", "Add an interest",
        **(NOTHING | {"interest-unit": "EK", "interest-interest": "prejudicial", "interest-detail": "A brother"}),
    )  # fmt: skip
    press(client, "/reviewers/you", "End")
    press(
        client, "/reviewers/you", "Enter a gift",
        **(NOTHING | {"gift-unit": "EK", "gift-what": "Two tickets", "gift-value": "80", "gift-answer": "refused"}),
        **days("gift-offered_on", "1", "3", "2026"),
    )  # fmt: skip
    with rows() as session:
        interest, gift = session.exec(select(StandingInterest)).one(), session.exec(select(Gift)).one()
        assert (interest.interest.value, interest.detail, str(interest.until_on)) == (
            "prejudicial", "A brother", "2026-03-02",
        )  # fmt: skip
        assert (gift.giver, gift.what, gift.value, gift.accepted) == ("Camden BOCU", "Two tickets", 8000, False)
