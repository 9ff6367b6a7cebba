"""The public's pages with an award, a comment and a request: axe, 320 px, right to left, and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from metstandard.common import clock
from tests.browser.conftest import sideways
from tests.factories.honoured import NAME, honoured
from tests.servers.browser import Axe
from tests.servers.product import Product, product

PAGES = ("roll", "awards/MA-0001", "events", "contact", "other-formats", "other-formats/ask", "easy-read", "register")
LONG = "A" * 60 + " " + "very long words " * 20


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A program with one award that was announced an hour ago."""
    folder = tmp_path_factory.mktemp("honoured")
    until = clock.now().replace(microsecond=0) - timedelta(hours=1)
    (folder / "metstandard.db").write_bytes(honoured(until, migrated=True))
    served = product(Path(folder), demo="1")
    served.start()
    yield served
    served.stop()


@pytest.mark.parametrize("language", ["", "ar/"])
def test_every_public_page_is_accessible_and_fits_a_narrow_screen(
    page: Page, site: Product, axe: Axe, language: str
) -> None:
    wrong = []
    page.goto(f"{site.url}/{language}roll")
    expect(page.get_by_text(NAME)).to_be_visible()
    announced = str(page.locator("td a[href*=announcements]").first.get_attribute("href")).lstrip("/")
    for path in (*(f"{language}{one}" for one in PAGES), announced):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{site.url}/{path}")
        wrong += [f"{path}: {one}" for one in axe(page)]
        page.set_viewport_size({"width": 320, "height": 640})
        wrong += [f"{path} at 320 px: {one}" for one in sideways(page)]
    assert wrong == []


def test_a_comment_is_sent_and_answered_without_javascript(plain_page: Page, site: Product) -> None:
    page = plain_page
    page.goto(f"{site.url}/contact?about=service")
    page.get_by_label("Your comment").fill(LONG)
    page.get_by_label("Your e-mail address").fill("reader@example.org")
    page.get_by_role("button", name="Send your comment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you: we have it")
    reference = page.url.rsplit("/", 1)[-1]
    page.goto(f"{site.url}/demo")
    page.locator("li.met-people__one").filter(has_text="Programme officer").first.get_by_role("button").click()
    page.goto(f"{site.url}/authority/enquiries")
    page.get_by_role("link", name=reference).click()
    page.get_by_label("Your answer").fill("Thank you.")
    page.get_by_role("button", name="Send the answer").click()
    page.goto(f"{site.url}/contact/{reference}")
    expect(page.get_by_role("heading", level=1)).to_have_text("We have answered")


def test_the_offices_pages_are_accessible_and_fit_a_narrow_screen(page: Page, site: Product, axe: Axe) -> None:
    page.goto(f"{site.url}/other-formats/ask?format=braille&item=The+register")
    page.get_by_label("Your postal address").fill(LONG)
    page.get_by_role("button", name="Send your request").click()
    reference = page.url.rsplit("/", 1)[-1]
    page.goto(f"{site.url}/demo")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.locator("li.met-people__one").filter(has_text="Programme officer").first.get_by_role("button").click()
    page.wait_for_url(lambda url: "/demo" not in url)
    wrong = []
    for path in ("authority/enquiries", f"authority/enquiries/{reference}", f"contact/{reference}"):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{site.url}/{path}")
        wrong += [f"{path}: {one}" for one in axe(page)]
        page.set_viewport_size({"width": 320, "height": 640})
        wrong += [f"{path} at 320 px: {one}" for one in sideways(page)]
    assert wrong == []
