"""The score sheet in a real browser: nothing that was typed is lost, and what the page says of it is true.

The program is served as people serve it; a browser is killed, the network cut, a second tab opened, a session ended.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, delete, select

from metstandard.common import clock
from metstandard.records import database, schema
from metstandard.records.accounts import Person, SignedIn
from metstandard.records.reviews import Review
from metstandard.records.sheets import Mark
from tests.browser.conftest import sideways
from tests.factories.browser import signed_in
from tests.factories.programme import programme
from tests.factories.stages import played_to
from tests.factories.workbooks import cells_of, typed
from tests.servers.browser import FLAGS, Axe, BrowserContexts
from tests.servers.product import Product, product

pytestmark = pytest.mark.browser
MINUTES = 10
# A test waits for what comes by itself; how fast it comes on an idle machine is measured elsewhere.
SLOW = 60_000


@dataclass
class Site:
    """The served program, its database, and the one review whose sheets are open."""

    served: Product
    engine: Engine
    reference: str

    def at(self, page: str) -> str:
        """The address of a page of the sheet."""
        return f"{self.served.url}/reviewers/reviews/{self.reference}/scoring{page}"

    def enter(self, context: BrowserContext, word: str = "peer1") -> None:
        """Let a browser be signed in as somebody, in a new session."""
        with Session(self.engine) as session:
            person = session.exec(select(Person).where(col(Person.email).startswith(f"{word}@"))).one()
            token = signed_in(session, person)
            session.commit()
        context.add_cookies([{"name": "metstandard", "value": token, "url": self.served.url}])

    def end_sessions(self) -> None:
        """Every session ends, as when its hours are over."""
        with Session(self.engine) as session:
            session.exec(delete(SignedIn))
            session.commit()

    def mark(self, code: str) -> tuple[str, str, int]:
        """Level, strengths and revision of the one mark of a criterion that is stored."""
        with Session(self.engine) as session:
            found = session.exec(select(Mark).where(Mark.criterion == code)).one()
            return found.level, found.strengths, found.revision


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A review whose visit has just ended, served."""
    folder = tmp_path_factory.mktemp("sheet")
    engine = database.engine(f"sqlite:///{folder / 'metstandard.db'}")
    schema.upgrade(engine)
    with pytest.MonkeyPatch.context() as patch, Session(engine) as session:
        patch.setenv("METSTANDARD_DATA", str(folder))
        played_to(programme(session), "scoring", began=clock.now() - timedelta(days=120))
        session.commit()
        reference = session.exec(select(Review)).one().reference
    served = product(Path(folder), demo="1")
    served.start()
    yield Site(served, engine, reference)
    served.stop()
    engine.dispose()


@pytest.fixture
def context(site: Site, browser_context: BrowserContexts) -> BrowserContext:
    """A browser in which the peer reviewer is signed in; its console may complain, as networks fail here."""
    opened = browser_context(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(SLOW)
    site.enter(opened)
    return opened


def status(page: Page, code: str) -> str:
    """Where one criterion says whether it is saved."""
    return f"section[id='c-{code}'] [data-autosave-status]"


def strengths(page: Page, code: str) -> str:
    """The field for the strengths of one criterion."""
    return f"[id='strengths-{code}']"


def test_what_was_typed_six_seconds_before_the_browser_is_killed_is_on_the_server(
    site: Site, chromium: Browser
) -> None:
    """Interface.md 18: the process is killed, so no farewell of the page can have saved it."""
    browser = chromium.browser_type.launch(executable_path=_program(chromium), args=FLAGS)
    opened = browser.new_context()
    opened.set_default_timeout(SLOW)
    site.enter(opened)
    page = opened.new_page()
    page.goto(site.at("/D1"))
    page.locator(strengths(page, "1.1")).press_sequentially("Seen on every shift", delay=40)
    page.wait_for_timeout(6000)
    running = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    os.kill(next(int(one["id"]) for one in running if one["type"] == "browser"), signal.SIGKILL)
    assert site.mark("1.1")[1] == "Seen on every shift"


def _program(chromium: Browser) -> str:
    """The Chromium that the other tests run."""
    running = chromium.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    number = next(int(one["id"]) for one in running if one["type"] == "browser")
    return str(Path(f"/proc/{number}/exe").resolve())


def test_ten_minutes_without_network_lose_nothing_and_nothing_is_called_saved_meanwhile(
    site: Site, context: BrowserContext
) -> None:
    page = context.new_page()
    page.clock.install()
    page.goto(site.at("/D1"))
    page.evaluate(
        """place => { window.said = [];
        new MutationObserver(() => window.said.push(document.querySelector(place).textContent))
        .observe(document.querySelector(place), {childList: true, subtree: true, characterData: true}); }""",
        status(page, "1.2"),
    )
    context.set_offline(True)
    written = ""
    for minute in range(MINUTES):
        text = f"Minute {minute} of the tunnel. "
        written += text
        page.locator(strengths(page, "1.2")).press_sequentially(text)
        page.clock.run_for(60_000)
        expect(page.locator(status(page, "1.2"))).to_have_text(
            "Not saved: no connection. We keep trying.", timeout=SLOW
        )
    page.locator("[id='level-1.2-2']").check()
    said = page.evaluate("window.said")
    assert said
    assert [one for one in said if one.startswith("Saved")] == []
    context.set_offline(False)
    page.clock.run_for(30_000)
    expect(page.locator(status(page, "1.2"))).to_contain_text("Saved ", timeout=SLOW)
    assert site.mark("1.2")[:2] == ("2", written.strip())


def test_two_tabs_meet_on_both_versions_and_nothing_is_lost(site: Site, context: BrowserContext) -> None:
    """Interface.md 6, as somebody with two windows meets it."""
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto(site.at("/D2"))
    first.locator(strengths(first, "2.1")).fill("From the first tab.")
    expect(first.locator(status(first, "2.1"))).to_contain_text("Saved ", timeout=SLOW)
    second.locator(strengths(second, "2.1")).fill("From the second tab.")
    second.locator(strengths(second, "2.2")).fill("Another criterion.")
    expect(second.locator(status(second, "2.1"))).to_contain_text(
        "Not saved: This criterion was saved elsewhere", timeout=SLOW
    )
    assert site.mark("2.1") == ("", "From the first tab.", 1)
    second.get_by_role("button", name="See both versions").click()
    expect(second.locator("h1")).to_have_text("There are two versions of 2.1")
    assert second.locator(".met-version__text").all_inner_texts() == ["From the first tab.", "From the second tab."]
    assert site.mark("2.2")[1] == "Another criterion."
    second.get_by_role("button", name="Keep my version").click()
    expect(second.locator(strengths(second, "2.1"))).to_have_value("From the second tab.")
    assert site.mark("2.1") == ("", "From the second tab.", 2)


def test_a_session_that_ends_while_somebody_types_costs_no_word(site: Site, context: BrowserContext) -> None:
    """Interface.md 7: signed in again in another tab, the open page saves what stands in it."""
    page = context.new_page()
    page.goto(site.at("/D3"))
    page.locator(strengths(page, "3.1")).press_sequentially("Before. ")
    expect(page.locator(status(page, "3.1"))).to_contain_text("Saved ", timeout=SLOW)
    site.end_sessions()
    page.locator(strengths(page, "3.1")).press_sequentially("After the session had ended.")
    expect(page.locator(status(page, "3.1"))).to_contain_text("Not saved: you are signed out.", timeout=SLOW)
    assert site.mark("3.1")[1] == "Before."
    site.enter(context)
    context.new_page().goto(site.at(""))
    expect(page.locator(status(page, "3.1"))).to_contain_text("Saved ", timeout=SLOW)
    assert site.mark("3.1")[1] == "Before. After the session had ended."


def test_what_a_level_needs_follows_the_ticks(site: Site, context: BrowserContext) -> None:
    """R7, beside the radio and in words below the evidence."""
    page = context.new_page()
    page.goto(site.at("/D4"))
    beside, below = page.locator("[id='needs-4.1-3']"), page.locator("[id='needs-4.1']")
    expect(beside).to_have_text("Still missing: 2 kinds of evidence and 1 item from outside the unit.")
    page.locator("[id='level-4.1-3']").check()
    expect(below).to_contain_text("Level 3 still needs 2 kinds of evidence", timeout=SLOW)
    boxes = page.locator("input[name='evidence-4.1']")
    boxes.nth(0).check()
    expect(beside).to_have_text(
        "Still missing: 1 more kind of evidence and 1 item from outside the unit.", timeout=SLOW
    )
    boxes.nth(2).check()
    expect(beside).to_have_text("", timeout=SLOW)
    expect(below).to_be_hidden()


def test_nothing_of_a_sheet_is_kept_in_the_browser(site: Site, context: BrowserContext) -> None:
    """Neither what is typed nor what was saved stays on the device, and Back shows nothing after signing out."""
    page = context.new_page()
    answers: dict[str, str] = {}
    page.on("response", lambda one: answers.__setitem__(one.url, one.headers.get("cache-control", "")))
    page.goto(site.at("/D5"))
    page.locator(strengths(page, "5.1")).fill("quokkaberry")
    expect(page.locator(status(page, "5.1"))).to_contain_text("Saved ", timeout=SLOW)
    kept = page.evaluate(
        """async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
        (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length, document.cookie]"""
    )
    assert kept == [0, 0, 0, 0, 0, ""]
    assert {answers[site.at("/D5")], answers[site.at("/D5/5.1")]} == {"no-store"}
    page.get_by_role("button", name="Sign out").click()
    page.go_back()
    expect(page.locator("body")).not_to_contain_text("quokkaberry")
    assert page.locator("textarea").count() == 0


def test_the_sheet_and_its_spreadsheet_are_accessible_and_fit_a_narrow_screen(site: Site, page: Page, axe: Axe) -> None:
    page.context.set_default_timeout(SLOW)
    site.enter(page.context)
    wrong = []
    for path in ("/D6", "/check", "/spreadsheet"):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(site.at(path))
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        wrong += [f"{path}: {one}" for one in axe(page)]
        page.set_viewport_size({"width": 320, "height": 640})
        wrong += [f"{path} at 320 px: {one}" for one in sideways(page)]
    assert wrong == []


def test_a_sheet_is_taken_away_and_brought_back_as_a_spreadsheet(site: Site, page: Page, axe: Axe) -> None:
    """Interface.md 20: the page of what would change is judged, too, with one criterion changed on both sides."""
    page.context.set_default_timeout(SLOW)
    site.enter(page.context)
    page.goto(site.at("/spreadsheet"))
    with page.expect_download() as arriving:
        page.get_by_role("button", name="Download your sheet").click()
    rows = {row[0]: number for number, row in enumerate(cells_of(arriving.value.path().read_bytes()), start=1)}
    filled = typed(arriving.value.path().read_bytes(), {f"C{rows['7.1']}": "2", f"D{rows['7.2']}": "On the train."})
    page.goto(site.at("/D7"))
    page.locator(strengths(page, "7.1")).fill("Typed here meanwhile.")
    page.get_by_role("button", name="Save and go to the list").click()
    page.goto(site.at("/spreadsheet"))
    page.set_input_files("#upload", {"name": "sheet.xlsx", "mimeType": "application/octet-stream", "buffer": filled})
    page.get_by_role("button", name="Look at the spreadsheet").click()
    expect(page.locator("h1")).to_have_text("Check the spreadsheet")
    wrong = [str(one) for one in axe(page)]
    page.set_viewport_size({"width": 320, "height": 640})
    wrong += sideways(page)
    assert wrong == []
    page.get_by_label("The spreadsheet", exact=True).check()
    page.get_by_role("button", name="Take it onto your sheet").click()
    expect(page.locator("h1")).to_have_text("Your score sheet")
    assert (site.mark("7.1"), site.mark("7.2")) == (("2", "", 2), ("", "On the train.", 1))
