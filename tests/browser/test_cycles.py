"""Panels for a cycle in a real browser: from the question to the plan without JavaScript, every page judged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sideways
from tests.browser.test_pages import sign_in
from tests.servers.browser import Axe
from tests.servers.product import Product, product

OFFICER = "Programme officer"
SLOW = 60_000


@pytest.fixture(scope="module")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demonstration served for this file alone."""
    folder = Path(shutil.copytree(demonstration, tmp_path_factory.mktemp("cycles") / "demonstration"))
    served = product(folder, demo="1")
    served.start()
    yield served
    served.stop()


def test_a_plan_comes_by_itself_without_javascript_and_all_its_pages_are_accessible_and_narrow(
    plain_page: Page, page: Page, site: Product, axe: Axe
) -> None:
    """The page of a proposal that waits reads itself again until the worker has answered."""
    plain_page.context.set_default_timeout(SLOW)
    plain_page.goto(f"{site.url}/demo")
    plain_page.locator("li.met-people__one").filter(has_text=OFFICER).first.get_by_role("button").click()
    plain_page.goto(f"{site.url}/authority/cycles/propose")
    reviews = plain_page.locator("input[name=reviews]")
    for number in range(reviews.count()):
        reviews.nth(number).check()
    plain_page.get_by_role("button", name="Propose panels").click()
    expect(plain_page.get_by_role("heading", name="What if")).to_be_visible(timeout=SLOW)
    first = plain_page.locator("td[data-label=Panel]").count()
    sign_in(page, site, OFFICER)
    paths = ["/authority/cycles", "/authority/cycles/1", "/authority/cycles/propose", "/authority/cycles/reviewers"]
    if first:
        page.goto(f"{site.url}/authority/cycles/1")
        link = page.locator("a[href*='/cycles/1/reviews/']").first.get_attribute("href")
        paths += [str(link), "/authority/cycles/compare?one=1&other=1"]
    assert first
    wrong = []
    for path in paths:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{site.url}{path}")
        wrong += [f"{path}: {one}" for one in axe(page)]
        page.set_viewport_size({"width": 320, "height": 640})
        wrong += [f"{path} at 320 px: {one}" for one in sideways(page)]
    assert wrong == []
