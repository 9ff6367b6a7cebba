"""How letters come is everybody's own choice."""

from __future__ import annotations

from flask.testing import FlaskClient

from metstandard.records.accounts import Person
from tests.factories.browser import press, soup
from tests.web.account.conftest import PASSWORD, sign_in


def _told(visitor: FlaskClient) -> str:
    """What the account says of letters."""
    rows = soup(visitor.get("/account")).select(".met-facts__row")
    return next(one.dd.get_text(strip=True) for one in rows if one.dt and one.dd and "Letters" in one.dt.get_text())


def test_one_letter_a_day_is_chosen_and_taken_back_in_the_account(visitor: FlaskClient, officer: Person) -> None:
    sign_in(visitor, officer.email, PASSWORD)
    seen = [_told(visitor)]
    for choice in ("day", "once"):
        press(visitor, "/account/letters", "Save", daily=choice)
        seen.append(_told(visitor))
    assert seen == ["Each at once", "One letter a day", "Each at once"]
