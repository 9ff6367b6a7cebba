"""Every page that a person can walk to: WCAG 2.2 AA by axe, nothing sideways at 320 px, no error in the console.

Each persona walks from the first page over the links of their own door, one page for each kind of address.
"""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import sideways
from tests.servers.browser import Axe
from tests.servers.product import Product

# Who walks, where they begin, and pages that must be reached: a walk that reaches nothing proves nothing.
WALKS = {
    "Programme officer": (
        "/authority/",
        {"/authority/board", "/authority/reviews/*", "/authority/letters", "/authority/pool", "/authority/cycles"},
    ),
    "Peer reviewer of Hackney BOCU": ("/reviewers/", {"/reviewers/you", "/reviewers/calibration"}),
    "Commissioner's decision maker": ("/authority/", {"/authority/reviews/*/signoff"}),
    "Moderator, Authority member": ("/authority/", {"/authority/reviews/*/moderation"}),
    "Administrator": ("/authority/people", {"/authority/people/*"}),
    "Commander of Islington BOCU": ("/units/", {"/units/reviews/*/evidence", "/units/standing"}),
    "Commander of Barnet BOCU": ("/units/", {"/units/reviews/*/accuracy"}),
    "Commander of Tower Hamlets BOCU": ("/units/", {"/units/actions"}),
    "": ("/", {"/register", "/verify", "/accessibility"}),
    "in Arabic": ("/ar/", {"/ar/register", "/ar/verify", "/ar/certificates/*", "/ar/languages"}),
}
VISITORS = {"", "in Arabic"}
MOST = 40
_NUMBER = re.compile(
    r"/(MSR-[0-9-]+|MS-[0-9]+|[0-9]+(\.[0-9]+)?|D[0-9]|[0-9A-Z]{4}-[0-9A-Z-]+|[A-Z]{2,4}[0-9]*)(?=/|$)"
)
_NOT_PAGES = re.compile(r"\.(pdf|csv|xlsx|json|txt|docx|atom|xml|ics|jwt)$|/file$|/html$|/demo")


def kind_of(path: str) -> str:
    """A path with its numbers and references taken out: `/units/reviews/*/evidence`."""
    return _NUMBER.sub("/*", _NUMBER.sub("/*", path))


def walk(page: Page, site: str, start: str) -> dict[str, str]:
    """One address for each kind of page in reach, breadth first, within the door where the walk began."""
    door = f"/{start.split('/')[1]}"
    ahead, found = deque([start]), {kind_of(start): start}
    while ahead and len(found) < MOST:
        page.goto(f"{site}{ahead.popleft()}")
        links = page.eval_on_selector_all("a[href]:not([hreflang])", "all => all.map(one => one.href)")
        for path in dict.fromkeys(urlsplit(link).path for link in links):
            ours = path.startswith(door) if door != "/" else not path.startswith(("/sign-in", "/forgotten", "/account"))
            if ours and not _NOT_PAGES.search(path) and kind_of(path) not in found:
                found[kind_of(path)] = path
                ahead.append(path)
    return found


def sign_in(page: Page, served: Product, name: str) -> None:
    """One click in the demonstration; nobody for the public."""
    page.context.set_default_timeout(30_000)
    if name not in VISITORS:
        page.goto(f"{served.url}/demo")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        page.get_by_role("button", name=name, exact=True).first.click()
        page.wait_for_url(lambda url: "/demo" not in url)


@pytest.mark.parametrize("name", WALKS)
def test_every_page_is_accessible_and_fits_a_narrow_screen(
    page: Page, served_demonstration: Product, axe: Axe, name: str
) -> None:
    """Axe finds nothing, and at 320 px nothing reaches past the right edge."""
    start, must = WALKS[name]
    sign_in(page, served_demonstration, name)
    pages = walk(page, served_demonstration.url, start)
    assert must <= set(pages)
    wrong = []
    for path in pages.values():
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{served_demonstration.url}{path}")
        wrong += [f"{path}: {one}" for one in axe(page)]
        page.set_viewport_size({"width": 320, "height": 640})
        wrong += [f"{path} at 320 px: {one}" for one in sideways(page)]
    assert wrong == []
