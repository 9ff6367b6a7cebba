"""A post after a review, through the Authority's door: said when it is entered, decided by both keys (COI-11)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from tests.factories.browser import client_for, press, soup
from tests.factories.certified import certified
from tests.web.conftest import Rows, first_error

REGISTER = "/authority/pool/independence"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with Camden's published review in it."""
    (tmp_path / "metstandard.db").write_bytes(certified())
    return tmp_path


def posting(rows: Rows, *, days: int) -> dict[str, Any]:
    """The form of a posting to the unit reviewed, so many days after the visit."""
    with rows() as session:
        review = session.exec(select(Review)).one()
        code, day = session.get_one(Unit, review.unit_id).code, review.ends_on + timedelta(days=days)
    return {"posting-unit": code, **_day("posting-from_on", day)}


def _day(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_a_post_within_a_year_is_said_with_its_rule_and_both_keys_decide(
    app: Flask, people: dict[str, Person], rows: Rows
) -> None:
    officer, pool_page = client_for(app, people["officer"]), f"/authority/pool/{people['peer1'].key}"
    said = press(officer, pool_page, "Add a posting", **posting(rows, days=200)).get_data(as_text=True)
    assert "COI-11. Both keys are asked whether they waive it." in said
    assert "Not waived." in officer.get(REGISTER).get_data(as_text=True)
    assert "Decide" not in soup(officer.get(REGISTER)).get_text()
    for word in ("authority", "commissioner"):
        key = client_for(app, people[word])
        link = soup(key.get(REGISTER)).select_one("td a[href*=cooling-off]")
        assert link is not None
        path = str(link["href"])
        assert first_error(press(key, path, "Record your decision")) == "Choose whether you waive the rule"
        reply = press(key, path, "Record your decision", decision="waive", reason=f"Agreed by the {word}.")
        assert f"Agreed by the {word}." in reply.get_data(as_text=True)
    assert "Waived by both keys." in officer.get(REGISTER).get_data(as_text=True)
    assert officer.get(path).status_code == 403


def test_a_post_after_a_year_is_nobodys_business(app: Flask, people: dict[str, Person], rows: Rows) -> None:
    officer, pool_page = client_for(app, people["officer"]), f"/authority/pool/{people['peer1'].key}"
    said = press(officer, pool_page, "Add a posting", **posting(rows, days=400)).get_data(as_text=True)
    assert "The register is changed." in said
    assert "COI-11" not in said
