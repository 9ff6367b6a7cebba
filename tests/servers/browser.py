"""Chromium, driven by Playwright, and axe to judge its pages against WCAG 2.2 AA."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

FLAGS = [
    "--no-sandbox",  # as root Chromium starts no other way; it only ever sees our own pages
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
BrowserContexts = Callable[..., BrowserContext]


@dataclass(frozen=True)
class Violation:
    """One rule that the page breaks: axe's name of it, what it asks, and where."""

    rule: str
    asks: str
    where: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {self.asks} at {'; '.join(self.where)}"


Axe = Callable[[Page], list[Violation]]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for the tests of a file; each test opens contexts of its own in it.

    Not for longer: Playwright keeps an event loop in this thread, which the tests of other files cannot do with.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        except Error as failed:
            pytest.fail(f"Chromium did not start: {failed.message}")
        yield browser
        browser.close()


@pytest.fixture
def browser_context(chromium: Browser) -> Iterator[BrowserContexts]:
    """Opens separate visitors: `browser_context(java_script_enabled=False, viewport={...})`, closed with the test."""
    opened: list[BrowserContext] = []

    def open_one(**options: Any) -> BrowserContext:
        context = chromium.new_context(**{"locale": "en-GB", "timezone_id": "Europe/London"} | options)
        context.set_default_timeout(10_000)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@cache
def _axe_source() -> str:
    return (Path(__file__).parent.parent / "browser" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def axe() -> Axe:
    """`axe(page)` gives what breaks WCAG 2.2 AA on the page as it stands; an empty list is what a page should give."""

    def judge(page: Page) -> list[Violation]:
        # Evaluated by the debugger, so the page's own content security policy stays as strict as it is.
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(_axe_source())
        found = page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", WCAG
        )
        return [
            Violation(one["id"], one["help"], tuple(str(node["target"][0]) for node in one["nodes"]))
            for one in found["violations"]
        ]

    return judge
