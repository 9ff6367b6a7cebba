"""One award from its checks to the roll, every step by the pages that people have."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.jobs import recognition as sweeps
from metstandard.records.accounts import Person
from metstandard.records.judging import Award, Event, Guest
from metstandard.records.outbox import Letter
from metstandard.records.recognition import Nomination
from metstandard.web.shared.database import db
from tests.factories.browser import client_for, press, soup
from tests.factories.judged import judges_of
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import Programme

CODES = ("J1", "J2", "J3", "J4", "J5")


class World:
    """The application, the people, and short looks into the database."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with self.rows() as session:
            recognisers(Programme.of(session))
            self.reference = nominated(session).reference
        with self.rows() as session:
            self.people = dict(Programme.of(session).people)

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """One transaction, committed at the end."""
        with self.app.app_context(), Session(db.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    def one(self) -> Nomination:
        with self.rows() as session:
            return session.exec(select(Nomination).where(Nomination.reference == self.reference)).one()

    def as_(self, person: str | Person | None) -> FlaskClient:
        return client_for(self.app, self.people[person] if isinstance(person, str) else person)

    def press(self, who: str | Person | None, page: str, button: str, **typed: Any) -> TestResponse:
        answer = press(self.as_(who), page.replace("REF", self.reference), button, **typed)
        assert answer.status_code == 200, (answer.status_code, soup(answer).select_one("main"))
        return answer

    def todo(self, who: str | Person, door: str) -> list[str]:
        found = soup(self.as_(who).get(f"/{door}/")).select(".met-todo__what")
        return [one.get_text(strip=True) for one in found]


@pytest.fixture
def world(app: Flask) -> World:
    return World(app)


def _judge(world: World, judge: Person) -> None:
    assert world.todo(judge, "reviewers") == ["Declare your interests in a nomination"]
    answer = world.press(judge, "/reviewers/nominations/REF/declaration", "Declare", interest="none")
    assert "Pulled a child" not in soup(answer).get_text() or "held on to the child" in soup(answer).get_text()
    assert world.todo(judge, "reviewers") == ["Judge a nomination and lock your marks"]
    marks = {f"level-{code}": "3" for code in CODES} | {"words-J1": "He went in at once."}
    page = world.press(judge, "/reviewers/nominations/REF", "Save and check your answers", **marks)
    assert "Check your answers" in soup(page).get_text()
    world.press(judge, "/reviewers/nominations/REF/lock", "Lock your judgement")
    assert world.todo(judge, "reviewers") == []


def _link(world: World, name: str) -> str:
    with world.rows() as session:
        letter = session.exec(select(Letter).where(Letter.name == name)).one()
    found = re.search(r"/consent/\S+", letter.text)
    assert found is not None
    return found[0]


def test_an_award_goes_from_its_checks_to_the_roll_by_the_pages(world: World) -> None:  # noqa: PLR0915 (one story)
    office, base = "officer", "/authority/nominations/REF"
    assert world.todo("standards", "authority") == ["Check the nominees of your service"]
    world.press("standards", f"{base}/check", "Record the answer about Olive Officer", result="clear")
    assert world.todo("standards", "authority") == []
    assert world.todo(office, "authority") == ["Send a nomination to the sift"]
    world.press(office, f"{base}/checks", "Every check is clear: sift it")
    world.press(office, f"{base}/judging", "Allot these judges")
    world.press(office, f"{base}/judging", "Shortlist it")
    with world.rows() as session:
        judges = judges_of(session, world.one())
    for judge in judges:
        _judge(world, judge)
    assert world.todo("chair", "reviewers") == ["Moderate a judged nomination"]
    page = world.press("chair", "/reviewers/nominations/REF/moderation", "Pass it on", words="A clear case.")
    assert "He went in at once." in page.get_data(as_text=True)
    assert world.todo("authority", "authority") == ["Decide on a nomination"]
    page = world.press("authority", f"{base}/decision", "Record the decision", award="yes", reason="For courage.")
    assert "MA-0001" in soup(page).get_text()

    link = _link(world, "consent_asked")
    page = world.press(None, link, "Send your answer", answer="unnamed")
    assert "You have accepted the award. The name will not be made public." in soup(page).get_text()
    world.press(None, f"{link}/questions", "Send your answers", role="Officer", sex="Female")
    assert "We have your answers" in soup(world.as_(None).get(f"{link}/questions")).get_text()
    assert world.todo("press", "authority") == ["Check an announcement and set its embargo"]
    world.press("press", f"{base}/announcement", "Check these words", words="An award for a rescue.")
    day = clock.today() + timedelta(days=3)
    parts = {"until-day": str(day.day), "until-month": str(day.month), "until-year": str(day.year), "time": "09:30"}
    page = world.press("press", f"{base}/announcement", "Set the embargo", **parts)
    assert "Nothing is public before" in soup(page).get_text()
    assert "Nobody" in soup(world.as_("press").get("/authority/announcements")).get_text()

    until = world.one().embargo_until
    assert until is not None
    assert until == clock.at_local(day, 9, 30)
    with world.app.app_context():
        engine = db.engine
        with clock.pinned_to(until - timedelta(seconds=1)):
            assert sweeps.announce(engine, settings(), threading.Event()) == 0
        with clock.pinned_to(until):
            assert sweeps.announce(engine, settings(), threading.Event()) == 1
    assert world.one().state == "announced"

    world.press(
        office, "/authority/events/new", "Save the event", title="Awards evening", starts="18:30", ends="20:00",
        place="City Hall", **{"day-day": "1", "day-month": "6", "day-year": "2027"},
    )  # fmt: skip
    world.press(office, "/authority/events/1", "Show this event in public")
    world.press(office, "/authority/events/1", "Put them on the list", nomination=world.reference)
    page = world.press(
        office, "/authority/events/1/guests/1", "Save the answer", coming="yes", family_places="2", access_needs="Ramp"
    )
    assert "Ramp" in soup(page).get_text()
    world.press(office, base, "Record the presentation")
    world.press(office, base, "Archive this award")
    with world.rows() as session:
        assert session.exec(select(Award.number)).all() == [1]
        assert [one.access_needs for one in session.exec(select(Guest)).all()] == [""]
        assert session.exec(select(Event)).one().published_at is not None

    world.press("authority", f"{base}/revoke", "Agree to revoke", reason="It was not so.")
    assert world.todo("committee", "authority") == ["Join or leave: revoke an award"]
    page = world.press("committee", f"{base}/revoke", "Agree to revoke", reason="It was not so.")
    assert "The award is revoked." in soup(page).get_text()
    assert world.one().state == "revoked"
    assert world.as_(office).get("/authority/monitoring").status_code == 200
