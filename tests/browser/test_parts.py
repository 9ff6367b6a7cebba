"""The shell and its parts in a real browser: seen by axe, at 320 px, on paper, without JavaScript, and by scripts."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import sideways
from tests.browser.parts import Site, served
from tests.servers.browser import Axe, BrowserContexts

pytestmark = pytest.mark.browser
PAGES = ["/review", "/board", "/form", "/upload", "/refused"]
STATUS = "[data-autosave-status]"


def paper(name: str, *, size: int = 100) -> FilePayload:
    """A file as a person would choose it."""
    return {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.4" + b" " * size}


@pytest.fixture
def site() -> Site:
    """A site of this test's own."""
    return Site()


@pytest.fixture
def troubled_page(browser_context: BrowserContexts) -> Page:
    """A page whose console may complain: the network fails on purpose."""
    return browser_context(viewport={"width": 1280, "height": 900}).new_page()


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """Where the site answers."""
    with served(site.app) as found:
        yield found


@pytest.mark.parametrize("path", PAGES)
def test_every_part_satisfies_axe_and_fits_a_narrow_screen(
    page: Page, narrow_page: Page, axe: Axe, address: str, path: str
) -> None:
    for one in (page, narrow_page):
        one.goto(address + path)
        assert axe(one) == []
        assert sideways(one) == []


def test_whatever_is_pressed_is_24_pixels_high(narrow_page: Page, address: str) -> None:
    found = []
    for path in PAGES:
        narrow_page.goto(address + path)
        found += narrow_page.evaluate(
            """() => [...document.querySelectorAll('a, button, select, summary, input:not([type=hidden])')]
            .filter(one => one.offsetParent && !one.closest('p, .govuk-skip-link, dd, .govuk-error-summary'))
            .filter(one => getComputedStyle(one).display !== 'inline' && one.getBoundingClientRect().height < 24)
            .filter(one => !one.classList.contains('govuk-skip-link'))
            .map(one => one.outerHTML.slice(0, 90))"""
        )
    assert found == []


def test_wrong_entries_are_kept_and_the_summary_takes_the_focus(page: Page, axe: Axe, address: str) -> None:
    page.goto(f"{address}/form")
    page.fill("#begins-day", "31")
    page.fill("#begins-month", "feb")
    page.fill("#reasons", "word " * 25)
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_title(re.compile("^Error: Propose a review"))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.locator(".govuk-error-summary__body li").all_inner_texts() == [
        "Enter a title",
        "Choose a level",
        "First day on site must include a year",
        "Reasons must be 20 words or fewer: it is 5 words too long",
        "Confirm that you have read the terms",
    ]
    assert [page.input_value(f"#begins-{part}") for part in ("day", "month", "year")] == ["31", "feb", ""]
    page.get_by_role("link", name="First day on site must include a year").click()
    expect(page.locator("#begins-year")).to_be_focused()
    assert axe(page) == []


def test_three_clicks_send_a_form_once(page: Page, site: Site, address: str) -> None:
    page.goto(f"{address}/form")
    page.get_by_role("button", name="Save and continue").evaluate("one => { one.click(); one.click(); one.click(); }")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert site.posted == 1


def test_what_is_typed_is_on_the_server_within_five_seconds_and_only_then_called_saved(
    page: Page, site: Site, address: str
) -> None:
    page.goto(f"{address}/form")
    page.locator("#title").press_sequentially("Camden")
    expect(page.locator(STATUS)).to_have_text("Saved 2:03pm", timeout=5000)
    assert site.saved == [{"title": "Camden", "revision": "1"}]
    page.locator("#title").press_sequentially(" again")
    page.locator("#reasons").focus()
    expect(page.locator("[name=revision]")).to_have_value("3", timeout=1500)
    assert site.saved[-1] == {"title": "Camden again", "revision": "2"}


def test_no_connection_is_said_and_everything_is_saved_when_it_is_back(
    troubled_page: Page, site: Site, address: str
) -> None:
    troubled_page.goto(f"{address}/form")
    troubled_page.context.set_offline(True)
    troubled_page.fill("#title", "Typed on a train")
    expect(troubled_page.locator(STATUS)).to_have_text("Not saved: no connection. We keep trying.", timeout=6000)
    assert site.saved == []
    troubled_page.fill("#title", "Typed on a train, and more")
    troubled_page.context.set_offline(False)
    expect(troubled_page.locator(STATUS)).to_have_text("Saved 2:03pm", timeout=6000)
    assert site.saved == [{"title": "Typed on a train, and more", "revision": "1"}]


def test_a_signed_out_person_is_told_and_saved_after_signing_in(page: Page, site: Site, address: str) -> None:
    site.answer = "signed out"
    page.goto(f"{address}/form")
    page.fill("#title", "Kept in the page")
    expect(page.locator(STATUS)).to_contain_text("Not saved: you are signed out.", timeout=6000)
    expect(page.locator(f"{STATUS} a")).to_have_attribute("href", "/sign-in")
    site.answer = "saved"
    expect(page.locator(STATUS)).to_have_text("Saved 2:03pm", timeout=8000)
    assert site.saved == [{"title": "Kept in the page", "revision": "1"}]


def test_a_refused_value_is_named_and_nothing_is_called_saved(page: Page, site: Site, address: str) -> None:
    site.answer = "invalid"
    page.goto(f"{address}/form")
    page.fill("#title", "Far too long")
    expect(page.locator(STATUS)).to_have_text("Not saved: Title is too long", timeout=6000)
    expect(page.locator("#title")).to_have_attribute("aria-invalid", "true")


def test_two_tabs_meet_on_a_page_with_both_versions(page: Page, axe: Axe, site: Site, address: str) -> None:
    site.answer = "stale"
    page.goto(f"{address}/form")
    page.fill("#title", "My title")
    page.get_by_role("button", name="See both versions").click(timeout=8000)
    expect(page.locator("h1")).to_have_text("There are two versions of this")
    assert page.locator(".met-version__text").all_inner_texts() == ["Their title", "My title"]
    assert page.locator("[name=revision]").input_value() == "9"
    assert axe(page) == []


def test_files_go_one_by_one_with_a_retry_and_a_limit(troubled_page: Page, site: Site, address: str) -> None:
    site.answer = "busy"
    troubled_page.goto(f"{address}/upload")
    troubled_page.set_input_files("#papers", [paper("one.pdf"), paper("two.pdf")])
    troubled_page.get_by_role("button", name="Upload").click()
    expect(troubled_page.locator(".met-uploads__state").first).to_have_text("The service is busy")
    expect(troubled_page.locator(".met-uploads__state").last).to_have_text("Uploaded")
    troubled_page.get_by_role("button", name="Try one.pdf again").click()
    expect(troubled_page.locator("#arrived li")).to_have_text(["two.pdf", "one.pdf"])
    troubled_page.set_input_files("#papers", [paper("large.pdf", size=1_100_000)])
    troubled_page.get_by_role("button", name="Upload").click()
    expect(troubled_page.locator(".met-uploads__state")).to_have_text("Too large: the limit is 1 MB")
    assert site.arrived == ["two.pdf", "one.pdf"]


def test_without_javascript_all_files_go_at_once(plain_page: Page, site: Site, address: str) -> None:
    plain_page.goto(f"{address}/upload")
    plain_page.set_input_files("#papers", [paper("a.pdf")])
    plain_page.get_by_role("button", name="Upload").click()
    assert plain_page.locator("#arrived li").all_inner_texts() == ["a.pdf"]


def test_paper_carries_the_marking_and_no_navigation(page: Page, address: str) -> None:
    page.goto(f"{address}/review")
    assert '@top-center { content: "OFFICIAL"' in (page.locator("style").first.text_content() or "")
    page.emulate_media(media="print")
    hidden = {one: page.locator(one).first.is_visible() for one in (".met-demo", ".met-footer", ".govuk-back-link")}
    assert hidden == {".met-demo": False, ".met-footer": False, ".govuk-back-link": False}
    assert page.locator(".met-marking").all_inner_texts() == ["OFFICIAL", "OFFICIAL"]


def test_a_first_visit_stays_under_200_kilobytes(page: Page, address: str) -> None:
    bodies: list[bytes] = []
    page.on("response", lambda answer: bodies.append(gzip.compress(answer.body())))
    page.goto(f"{address}/board")
    page.wait_for_load_state("networkidle")
    assert len(bodies) >= 8
    assert sum(len(body) for body in bodies) < 60_000
