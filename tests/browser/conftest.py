"""Visitors with a browser: as most people see the site, on a narrow screen, and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.servers.browser import BrowserContexts


def watched(page: Page) -> list[str]:
    """Everything that goes wrong inside the page from now on: script errors, refused inline code, broken assets."""
    wrong: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # A page that answers 403 or 404 on purpose makes Chromium say so; the test asserts the status itself.
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            wrong.append(f"{page.url}: {message.text}")

    page.on("console", heard)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error.message}"))
    return wrong


@pytest.fixture
def page(browser_context: BrowserContexts) -> Iterator[Page]:
    """A page 1,280 px wide. The test fails when anything goes wrong in its console."""
    opened = browser_context(viewport={"width": 1280, "height": 900}).new_page()
    wrong = watched(opened)
    yield opened
    assert wrong == []


@pytest.fixture
def narrow_page(browser_context: BrowserContexts) -> Iterator[Page]:
    """A page 320 px wide, which is also what 400 % zoom makes of 1,280 px."""
    opened = browser_context(viewport={"width": 320, "height": 640}).new_page()
    wrong = watched(opened)
    yield opened
    assert wrong == []


@pytest.fixture
def plain_page(browser_context: BrowserContexts) -> Page:
    """A page of a visitor whose browser runs no JavaScript."""
    return browser_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False).new_page()


def sideways(page: Page) -> list[str]:
    """What reaches past an edge of the page, so that people would have to scroll sideways."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
        [...document.querySelectorAll('body *')]
        .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1
            || one.getBoundingClientRect().left < -1)
        .map(one => one.tagName.toLowerCase() + '.' + one.className)"""
    )
    return found
