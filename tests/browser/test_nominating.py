"""Nominating and the office's pages about it: axe, 320 px, Arabic, and the whole form without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session

from metstandard.actions.recognition import links
from metstandard.common import clock
from metstandard.records import database, schema
from metstandard.rules.guards.recognition import seconder_of
from metstandard.rules.recognition import nominees_of
from tests.browser.conftest import sideways
from tests.factories.nominations import WORDS, drafted, incident, nominated, recognisers, submitted, taken_up
from tests.factories.programme import programme
from tests.servers.browser import Axe
from tests.servers.product import Product, product

QUESTIONS = (
    "award", "kind", "category", "nominee", "when", "account", "evidence", "citation", "seconder", "you", "check",
    "withdraw",
)  # fmt: skip


@dataclass
class Site:
    """The served program, and the addresses of its nominations."""

    served: Product
    paths: list[str]
    office: list[str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A draft of one person, a draft of a team, one that waits for its seconder, two in the office's hands."""
    folder = tmp_path_factory.mktemp("nominating")
    engine = database.engine(f"sqlite:///{folder / 'metstandard.db'}")
    schema.upgrade(engine)
    with Session(engine) as session:
        recognisers(programme(session))
        paths, office = _made(session)
    engine.dispose()
    served = product(folder, demo="1")
    served.start()
    yield Site(served, paths, office)
    served.stop()


def _made(session: Session) -> tuple[list[str], list[str]]:
    one, team, sent = (
        drafted(session, email="a@example.com"), drafted(session, email="b@example.com", scheme="team"),
        submitted(session, email="c@example.com"),
    )  # fmt: skip
    alone, group, waits = (links.give(session, each, "nominator") for each in (one, team, sent))
    row = seconder_of(session, sent)
    assert row is not None
    asked = links.give(session, sent, "seconder", about_id=row.key)
    first = nominees_of(session, team)[0].key
    held = taken_up(session, email="d@example.com", scheme="blue_lights")
    shared = incident(session)
    moved = nominated(session, email="e@example.com", scheme="team")
    number = nominees_of(session, moved)[0].key
    session.commit()
    paths = ["nominate", "nominate/begin", "nominate/link", "nominate/link/sent", f"nominations/{alone}"]
    paths += [f"nominations/{alone}/{page}" for page in QUESTIONS]
    paths += [f"nominations/{group}/{page}" for page in ("team", "members", "members/new", f"members/{first}")]
    paths += [f"nominations/{waits}", f"nominations/{waits}/sent", f"nominations/{waits}/new-seconder"]
    paths += [f"second/{asked}"]
    at, there = f"authority/nominations/{held.reference}", f"authority/nominations/{moved.reference}"
    office = ["authority/nominations", at, *(f"{at}/{page}" for page in ("same", "team", "reason/redirect"))]
    office += [there, *(f"{there}/team{page}" for page in ("", "/new", f"/{number}", f"/{number}/leave"))]
    office += ["authority/incidents", "authority/incidents/new", f"authority/incidents/{shared.reference}"]
    return paths, office


def _wrong(page: Page, url: str, paths: list[str], axe: Axe) -> list[str]:
    wrong = []
    for path in paths:
        page.set_viewport_size({"width": 1280, "height": 900})
        answered = page.goto(f"{url}/{path}")
        assert answered is not None
        assert answered.status == 200, path
        wrong += [f"{path}: {one}" for one in axe(page)]
        page.set_viewport_size({"width": 320, "height": 640})
        wrong += [f"{path} at 320 px: {one}" for one in sideways(page)]
    return wrong


@pytest.mark.parametrize("language", ["", "ar/"])
def test_every_page_of_nominating_is_accessible_and_fits_a_narrow_screen(
    page: Page, site: Site, axe: Axe, language: str
) -> None:
    assert _wrong(page, site.served.url, [f"{language}{path}" for path in site.paths], axe) == []


def test_the_offices_pages_about_nominations_are_accessible_and_fit_a_narrow_screen(
    page: Page, site: Site, axe: Axe
) -> None:
    page.goto(f"{site.served.url}/demo")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.locator("li.met-people__one").filter(has_text="Programme officer").first.get_by_role("button").click()
    page.wait_for_url(lambda url: "/demo" not in url)
    assert _wrong(page, site.served.url, site.office, axe) == []


def test_a_nomination_is_made_and_sent_without_javascript(plain_page: Page, site: Site) -> None:
    page = plain_page
    then = clock.today() - timedelta(days=9)
    page.goto(f"{site.served.url}/nominate")
    page.get_by_role("button", name="Begin a nomination").click()
    page.get_by_label("Your full name").fill("Nora Nominator")
    page.get_by_label("Your e-mail address").fill("plain@example.com")
    steps: list[dict[str, str]] = [
        {}, {"": "Individual Achievement"}, {"": "Police officer"}, {"": "Courage"},
        {"Full name": "Olive Officer", "Rank, job or role (optional)": "Constable", "Emergency service": "=met"},
        {"Day": str(then.day), "Month": str(then.month), "Year": str(then.year)},
        {"What did they do, in a few words?": WORDS["title"]}, {"What happened?": WORDS["account"]},
        {"What came of it, and who was helped?": WORDS["effect"]},
        {"What was difficult or dangerous about it?": WORDS["difficulty"]},
        {"What shows that it happened?": WORDS["evidence"]}, {"Write the citation": WORDS["citation"]}, {}, {},
        {"Full name": "Sam", "E-mail address": "sam@example.com", "Unit or organisation": "Hackney Council"},
        {"How do you know the nominee?": "Neighbour"},
    ]  # fmt: skip
    for step in steps:
        for label, typed in step.items():
            _answer(page, label, typed)
        page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    page.get_by_role("button", name="Send the nomination").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your nomination is sent")


def _answer(page: Page, label: str, typed: str) -> None:
    if not label:
        page.get_by_label(typed, exact=True).check()
    elif typed.startswith("="):
        page.get_by_label(label).select_option(typed[1:])
    else:
        page.get_by_label(label, exact=True).fill(typed)
