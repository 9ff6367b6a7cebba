"""Evidence is sent from a real browser: three files, one cut off and tried again, one too large; and used again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import FilePayload, Page, Route, expect
from sqlmodel import Session

from metstandard.records import database, schema
from tests.browser.conftest import sideways
from tests.factories.again import REFERENCE, reviewed_again
from tests.factories.browser import signed_in
from tests.factories.programme import programme
from tests.factories.stages import played_to
from tests.servers.browser import Axe, BrowserContexts
from tests.servers.clamd import EICAR, Clamd
from tests.servers.product import Product, Served

PATIENCE = 30.0
STATE = ".met-uploads__state"


@pytest.fixture
def page(browser_context: BrowserContexts) -> Page:
    """A page in whose console a connection may break."""
    return browser_context(viewport={"width": 1280, "height": 900}).new_page()


@pytest.fixture
def site(tmp_path: Path, served_app: Served, clamd: Clamd, page: Page) -> Product:
    """The program with a virus scanner and a limit of 1 MB; a unit's author is signed in, whose second review began."""
    folder = tmp_path / "uploading"
    folder.mkdir()
    engine = database.engine(f"sqlite:///{folder / 'metstandard.db'}")
    sa.event.listen(engine, "connect", lambda one, _: one.execute("PRAGMA synchronous = OFF"))
    schema.upgrade(engine)
    with Session(engine) as session:
        play = played_to(programme(session), "evidence_review")
        reviewed_again(session, play.review)
        token = signed_in(session, play["author"])
        session.commit()
    engine.dispose()
    served = served_app(data=folder, demo="1", upload_megabytes="1", clamd=str(clamd.socket))
    page.context.add_cookies([{"name": "metstandard", "value": token, "url": served.url}])
    return served


def file(name: str, content: bytes = b"The text of it") -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": content + name.encode()}


def evidence(site: Product) -> str:
    return f"{site.url}/units/reviews/{REFERENCE}/evidence"


def fill(page: Page) -> None:
    """What else an item needs."""
    page.get_by_label("The unit").check()
    page.get_by_label("OFFICIAL", exact=True).check()
    page.locator("[name=criteria]").first.check()


def cut_once(page: Page, name: str) -> None:
    """The connection breaks while this file is sent for the first time."""
    cut: list[str] = []

    def pass_on(route: Route) -> None:
        sent = route.request.post_data_buffer or b""
        if route.request.method == "POST" and name.encode() in sent and not cut:
            cut.append(name)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/evidence/add", pass_on)


def settled(page: Page, site: Product, text: str) -> None:
    """Read the page again until the worker has asked the scanner."""
    until = time.monotonic() + PATIENCE
    while page.get_by_text("Being checked for viruses").count():
        assert time.monotonic() < until, site.log
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator("#evidence")).to_contain_text(text)


def test_three_files_one_cut_off_and_tried_again_one_too_large(page: Page, site: Product, axe: Axe) -> None:
    page.goto(f"{evidence(site)}/add")
    assert axe(page) == []
    expect(page.locator("#upload-hint")).to_contain_text("Each file can be up to 1 MB.")
    fill(page)
    cut_once(page, "cut.txt")
    large = file("large.txt", b"x" * 1_100_000)
    page.set_input_files("[name=upload]", [file("whole.txt"), file("cut.txt"), large])
    page.get_by_role("button", name="Add evidence").click()
    expect(page.locator(STATE)).to_have_text(
        ["Uploaded", "Not sent: no connection", "Too large: the limit is 1 MB"], timeout=PATIENCE * 1000
    )
    assert axe(page) == []
    page.get_by_role("button", name="Try cut.txt again").click()
    expect(page.locator(STATE)).to_have_text(["Uploaded", "Uploaded", "Too large: the limit is 1 MB"])
    left = page.evaluate("[...document.querySelector('[name=upload]').files].map(one => one.name)")
    assert left == ["large.txt"]
    page.goto(evidence(site))
    expect(page.locator("#evidence tbody th")).to_have_text(["cut", "whole"])
    settled(page, site, "Download")


def test_a_virus_is_said_and_what_was_supplied_is_used_again(page: Page, site: Product, axe: Axe) -> None:
    page.goto(f"{evidence(site)}/add")
    fill(page)
    page.set_input_files("[name=upload]", [file("virus.txt", EICAR)])
    page.get_by_role("button", name="Add evidence").click()
    page.wait_for_url(f"{evidence(site)}#evidence")
    settled(page, site, "Removed: a virus was found")
    page.get_by_role("link", name="Use what you supplied already").click()
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert (axe(page), sideways(page)) == ([], [])
    page.locator("[name=chosen]").first.check()
    page.get_by_role("button", name="Use them again").click()
    expect(page.locator("#evidence")).to_contain_text("Supplied already to review")
    assert axe(page) == []
