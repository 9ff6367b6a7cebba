"""One whole review through the pages, as every kind of user, on the demonstration's settings, with time frozen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from freezegun import freeze_time
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from metstandard.app import create_app
from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.jobs import clock as clock_moves
from metstandard.queries.invariants import breaches
from metstandard.records.accounts import Person
from metstandard.records.certificates import Certificate
from metstandard.records.followup import Action
from metstandard.records.reviews import Review
from metstandard.web.shared.database import db
from tests.factories.browser import client_for, press, soup

IGNORED = ["transformers", "google"]
BEGAN = "2026-01-12 09:00:00"


class Stage:
    """The application on one day after the other, and everybody who may step up to it."""

    def __init__(self, app: Flask, time: Any) -> None:
        self.app = app
        self.time = time
        with app.app_context(), Session(db.engine, expire_on_commit=False) as session:
            self.people = {one.email.split("@")[0]: one for one in session.exec(select(Person)).all()}

    def as_(self, word: str) -> FlaskClient:
        """A browser with a fresh sign-in of somebody."""
        return client_for(self.app, self.people[word])

    def press(self, word: str, path: str, button: str, **typed: Any) -> TestResponse:
        """Somebody opens a page, fills in what is given, and presses a button; the answer must be a page."""
        self.time.tick(timedelta(minutes=1))
        answer = press(self.as_(word), path, button, **typed)
        assert answer.status_code == 200, f"{path}: {soup(answer).main.get_text(' ', strip=True)[:300]}"  # type: ignore[union-attr]
        return answer

    def to(self, day: str) -> None:
        """Another day, 9am; the worker does what has fallen due."""
        self.time.move_to(f"{day} 09:00:00")
        with self.app.app_context():
            clock_moves.sweep(db.engine, settings(), threading.Event())

    def review(self) -> Review:
        """The review as it now stands."""
        with self.app.app_context(), Session(db.engine, expire_on_commit=False) as session:
            return session.exec(select(Review)).one()


@pytest.fixture
def stage(data: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """The application of a demonstration: long forms have a sample."""
    monkeypatch.setenv("METSTANDARD_DEMO", "1")
    settings.cache_clear()
    with freeze_time(BEGAN, ignore=IGNORED) as time:
        app = create_app(settings())
        app.config["TESTING"] = True
        yield Stage(app, time)
    clock.keep_shift_in(settings().data / "gone")


AUTHORITY, REVIEWERS, UNITS = (
    "/authority/reviews/MSR-2026-0001",
    "/reviewers/reviews/MSR-2026-0001",
    "/units/reviews/MSR-2026-0001",
)
PANEL = {"peer": "peer1", "local_authority": "council1", "private": "company1"}
LEAD = "council1"


def commission(stage: Stage) -> None:
    """Proposed, sent, both keys turned."""
    stage.press(
        "officer", "/authority/reviews/new", "Propose", units=["EK"], origin="new", scope="The whole command unit.",
        **{"starts_on-day": "4", "starts_on-month": "5", "starts_on-year": "2026"},
    )  # fmt: skip
    stage.press("officer", f"{AUTHORITY}/commissioning", "Send for commission")
    for key in ("authority", "commissioner"):
        stage.press(key, f"{AUTHORITY}/commissioning", "Turn your key")
    assert stage.review().state == "panel_forming"


def seat_and_show(stage: Stage) -> None:
    """Three invited, declared, accepted; shown to the unit, which lets the window pass."""
    for kind, word in PANEL.items():
        invite(stage, kind, word, lead=word == LEAD)
        stage.press(word, f"{REVIEWERS}/declaration", "Declare", interest="none")
        stage.press(word, f"{REVIEWERS}/seat", "Accept the seat")
    stage.press("officer", f"{AUTHORITY}/panel", "Put the panel before the unit")
    assert "Peer reviewer 1" in stage.as_("commander").get(f"{UNITS}/panel").get_data(as_text=True)
    for word in PANEL.values():
        stage.press(word, f"{REVIEWERS}/declaration", "Declare", interest="none")
    stage.to("2026-01-27")
    assert stage.review().state == "scoping"


def invite(stage: Stage, kind: str, word: str, *, lead: bool) -> None:
    """The programme officer invites one person of the pool."""
    client = stage.as_("officer")
    page = soup(client.get(f"{AUTHORITY}/panel"))
    token = page.find("input", {"name": "csrf_token"})
    assert token is not None
    typed = {
        "csrf_token": token["value"],
        "kind": kind,
        "person": stage.people[word].key,
        "lead": "yes" if lead else "",
    }
    answer = client.post(f"{AUTHORITY}/panel/invite", data=typed, follow_redirects=True)
    assert answer.status_code == 200, soup(answer).get_text(" ", strip=True)[:400]


def scope_and_assess(stage: Stage) -> None:
    """Scope agreed by lead and commander; the self-assessment filled, one page by hand, and submitted."""
    stage.press(LEAD, f"{REVIEWERS}/scope", "Agree this scope", first="Night-time economy")
    stage.press("commander", f"{UNITS}/scope", "Agree the scope")
    stage.press(
        "author", f"{UNITS}/evidence/1.1", "Save and go back to the list", level="3", account="We brief every shift."
    )
    stage.press("author", f"{UNITS}/evidence", "Fill with sample")
    stage.press("commander", f"{UNITS}/evidence", "Submit the self-assessment")
    assert stage.review().state == "evidence_review"


def visit(stage: Stage) -> None:
    """Read, asked, visited: declarations re-affirmed, the log filled, the visit ended."""
    stage.press(LEAD, f"{REVIEWERS}/evidence", "Note it", criterion="1.1", text="Ask the night shift.")
    stage.press(LEAD, f"{REVIEWERS}/evidence", "Close the reading and go on site")
    stage.to("2026-05-04")
    for word in PANEL.values():
        stage.press(word, f"{REVIEWERS}/declaration", "Declare", interest="none")
    stage.to("2026-05-08")
    stage.press(LEAD, f"{REVIEWERS}/visit", "Fill with sample")
    stage.press(LEAD, f"{REVIEWERS}/visit", "End the visit and open scoring")
    assert stage.review().state == "scoring"


def score(stage: Stage) -> None:
    """Each fills and locks alone; the last lock opens consensus."""
    for word in PANEL.values():
        stage.press(word, f"{REVIEWERS}/scoring", "Fill with sample")
        stage.press(word, f"{REVIEWERS}/scoring/check", "Lock and submit your sheet")
    assert stage.review().state == "consensus"


def agree(stage: Stage) -> None:
    """Levels and findings agreed, the consensus signed by all, the draft sent."""
    stage.press(LEAD, f"{REVIEWERS}/consensus", "Fill with sample")
    for word in PANEL.values():
        stage.press(word, f"{REVIEWERS}/consensus/sign", "Sign the consensus", reaffirm="y")
    assert stage.review().state == "reporting"
    stage.press(
        LEAD, f"{REVIEWERS}/reporting/send", "Send the draft to the unit", marking_checked="y", nobody_named="y"
    )
    assert stage.review().state == "factual_accuracy"


def reply_and_moderate(stage: Stage) -> None:
    """One point accepted, a statement, the window closed, three signatures."""
    stage.press(
        "commander", f"{UNITS}/accuracy/2", "Send the point", proposed="The plan is from 2025.", evidence="The plan."
    )
    stage.press("commander", f"{UNITS}/accuracy", "Save the statement", statement="We thank the panel.")
    page = soup(stage.as_(LEAD).get(f"{REVIEWERS}/accuracy"))
    answer = next(str(one["name"]) for one in page.find_all("input", {"type": "radio"}))
    stage.press(LEAD, f"{REVIEWERS}/accuracy", "Answer this point", **{answer: "accepted"})
    stage.press("commander", f"{UNITS}/accuracy", "Close the window")
    for word in ("member", "senior", "independent"):
        stage.press(word, f"{AUTHORITY}/moderation", "Sign the moderation", no_interest="y")
    assert stage.review().state == "decision"


def decide_and_publish(stage: Stage) -> None:
    """The outcome written down, both keys, notice, the appeal window, publication."""
    stage.press("authority", f"{AUTHORITY}/signoff", "Write down the outcome")
    for key in ("authority", "commissioner"):
        stage.press(key, f"{AUTHORITY}/signoff", "Turn your key", no_interest="y")
    stage.press("officer", f"{AUTHORITY}/signoff", "Tell the unit its result")
    assert stage.review().state == "appeal_window"
    stage.to("2026-06-30")
    reason = soup(stage.as_("officer").get(f"{AUTHORITY}/check")).select_one("textarea")
    assert reason is not None
    stage.press("officer", f"{AUTHORITY}/check", "Let it stand", **{str(reason["name"]): "It quotes nothing marked."})
    stage.press("officer", f"{AUTHORITY}/signoff", "Publish the result")
    assert stage.review().state == "published"


CHAPTERS = (
    commission, seat_and_show, scope_and_assess, visit, score, agree, reply_and_moderate, decide_and_publish,
)  # fmt: skip


def follow_up(stage: Stage) -> None:
    """Planned, reported, verified by somebody else, closed by both keys."""
    stage.press("commander", f"{UNITS}/followup", "Fill with sample")
    stage.press("commander", f"{UNITS}/followup", "Submit the action plan")
    with stage.app.app_context(), Session(db.engine) as session:
        numbers = [one.key for one in session.exec(select(Action)).all()]
    for number in numbers:
        stage.press("commander", f"/units/actions/{number}", "Report progress", text="Done in every team.")
        stage.press("commander", f"/units/actions/{number}", "Report it as done")
        stage.press("officer", f"/authority/followup/{number}", "Verify", note="Ten records seen.")
    for key in ("authority", "commissioner"):
        stage.press(key, f"{AUTHORITY}/followup", "Turn your key")
    stage.press("officer", f"{AUTHORITY}/followup", "Close the review")
    assert stage.review().state == "closed"


def test_a_review_goes_from_proposal_to_closing_through_the_pages_of_every_door(stage: Stage) -> None:
    """Nobody types an address of an act: pages lead to pages, and a stranger finds the certificate in the register."""
    for chapter in (
        commission,
        seat_and_show,
        scope_and_assess,
        visit,
        score,
        agree,
        reply_and_moderate,
        decide_and_publish,
    ):
        chapter(stage)
    with stage.app.app_context(), Session(db.engine) as session:
        certificate = session.exec(select(Certificate)).one()
        code, title = certificate.code, certificate.title
        assert breaches(session) == []
    stranger = client_for(stage.app, None)
    register, told = stranger.get("/register"), stranger.get(f"/verify/{code.lower()}", follow_redirects=True)
    assert title in register.get_data(as_text=True)
    assert "current" in told.get_data(as_text=True).lower()
    assert "Set-Cookie" not in register.headers
    follow_up(stage)


def test_a_key_holder_returns_the_commission_and_earlier_keys_are_void(stage: Stage) -> None:
    """The programme office reads the reasons; after the change both keys are asked for again."""
    stage.press(
        "officer", "/authority/reviews/new", "Propose", units=["EK"], origin="new", scope="Half the unit.",
        **{"starts_on-day": "4", "starts_on-month": "5", "starts_on-year": "2026"},
    )  # fmt: skip
    stage.press("officer", f"{AUTHORITY}/commissioning", "Send for commission")
    stage.press("authority", f"{AUTHORITY}/commissioning", "Turn your key")
    stage.press("commissioner", f"{AUTHORITY}/commissioning", "Return with reasons", why="All of it, please.")
    assert stage.review().state == "proposed"
    assert "All of it, please." in stage.as_("officer").get(AUTHORITY).get_data(as_text=True)
    stage.press("officer", f"{AUTHORITY}/commissioning", "Save the changes", scope="The whole unit.")
    stage.press("officer", f"{AUTHORITY}/commissioning", "Send for commission")
    stage.press("commissioner", f"{AUTHORITY}/commissioning", "Turn your key")
    assert stage.review().state == "commissioning"
    stage.press("authority", f"{AUTHORITY}/commissioning", "Turn your key")
    assert stage.review().state == "panel_forming"


def test_an_objection_upheld_by_both_keys_sends_the_panel_back(stage: Stage) -> None:
    """The reviewer leaves; a substitute takes the seat; the unit is shown the new panel."""
    commission(stage)
    for kind, word in PANEL.items():
        invite(stage, kind, word, lead=word == LEAD)
        stage.press(word, f"{REVIEWERS}/declaration", "Declare", interest="none")
        stage.press(word, f"{REVIEWERS}/seat", "Accept the seat")
    stage.press("officer", f"{AUTHORITY}/panel", "Put the panel before the unit")
    page = soup(stage.as_("commander").get(f"{UNITS}/panel"))
    objects = next(one.get_text(strip=True) for one in page.find_all("button") if "Object to Peer" in one.get_text())
    form = next(one for one in page.find_all("form") if objects in one.get_text())
    cause = next(str(one["name"]) for one in form.find_all("textarea"))
    stage.press("commander", f"{UNITS}/panel", objects, **{cause: "We worked together for years."})
    for key in ("authority", "commissioner"):
        page = soup(stage.as_(key).get(f"{AUTHORITY}/panel"))
        form = next(one for one in page.find_all("form") if "Give your ruling" in one.get_text())
        reason = next(str(one["name"]) for one in form.find_all("textarea"))
        ruling = next(str(one["name"]) for one in form.find_all("input", {"type": "radio"}))
        stage.press(key, f"{AUTHORITY}/panel", "Give your ruling", **{reason: "The cause stands.", ruling: "uphold"})
    assert stage.review().state == "panel_forming"
    assert stage.as_("peer1").get(REVIEWERS).status_code in {403, 404}


def test_a_paused_review_does_nothing_and_goes_on_with_later_dates(stage: Stage) -> None:
    """The due date moves by the days of the pause."""
    commission(stage)
    before = stage.review().due_on
    stage.press("officer", f"{AUTHORITY}/pause", "Pause this review", why="A major incident.")
    stage.to("2026-01-22")
    stage.press("officer", AUTHORITY, "Resume this review")
    after = stage.review().due_on
    assert before is not None
    assert after == before + timedelta(days=10)
