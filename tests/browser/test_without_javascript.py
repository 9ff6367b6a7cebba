"""Everything that matters works in a browser that runs no JavaScript: each walks from their home page by links."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.servers.product import Product, product

SLOW = 30_000
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@pytest.fixture(scope="module")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demonstration served for the people of this file alone, who change its reviews."""
    folder = Path(shutil.copytree(demonstration, tmp_path_factory.mktemp("plain") / "demonstration"))
    served = product(folder, demo="1")
    served.start()
    yield served
    served.stop()


@pytest.fixture
def visitor(plain_page: Page, site: Product) -> Page:
    """A page without JavaScript at the demonstration's front door."""
    plain_page.context.set_default_timeout(SLOW)
    plain_page.goto(site.url)
    expect(plain_page.locator("body.js-enabled")).to_have_count(0)
    return plain_page


def sign_in(page: Page, site: Product, who: str) -> None:
    """One click on whoever's line says this."""
    page.goto(f"{site.url}/demo")
    page.locator("li.met-people__one").filter(has_text=who).first.get_by_role("button").click()
    page.wait_for_url(lambda url: "/demo" not in url)


def follow(page: Page, end: str) -> None:
    """Follow the first link whose address ends like this."""
    page.locator(f'main a[href$="{end}"]').first.click()
    page.wait_for_url(re.compile(re.escape(end) + "($|[?#])"))


def test_a_reviewer_saves_one_mark_and_reads_it_back(visitor: Page, site: Product) -> None:
    """The sheet's own button saves what autosave would have saved."""
    sign_in(visitor, site, "private, Waltham Forest")
    follow(visitor, "/scoring")
    follow(visitor, "/scoring/D1")
    visitor.locator('[name="level-1.1"][value="2"]').check()
    visitor.locator('[name="strengths-1.1"]').fill("Every shift is briefed on the plan.")
    visitor.locator('[name="confidence-1.1"][value="low"]').check()
    visitor.get_by_role("button", name="Save and go to the list").click()
    visitor.wait_for_url(re.compile("/scoring($|[?#])"))
    follow(visitor, "/scoring/D1")
    expect(visitor.locator('[name="level-1.1"][value="2"]')).to_be_checked()
    expect(visitor.locator('[name="strengths-1.1"]')).to_have_value("Every shift is briefed on the plan.")
    expect(visitor.locator('[name="confidence-1.1"][value="low"]')).to_be_checked()


def test_a_commander_writes_one_criterion_and_adds_a_file(visitor: Page, site: Product, tmp_path: Path) -> None:
    """What was written stands on the page, and what was sent can be downloaded as it was."""
    plan = tmp_path / "plan.txt"
    plan.write_text("The tasking plan of the unit.", encoding="utf-8")
    sign_in(visitor, site, "Commander of Islington BOCU")
    follow(visitor, "/evidence")
    follow(visitor, "/evidence/1.1")
    visitor.locator('[name="level"][value="2"]').check()
    visitor.locator('[name="account"]').fill("Tasking meets on Mondays and looks back at last week.")
    visitor.get_by_role("button", name="Save and go back to the list").click()
    visitor.wait_for_url(re.compile("/evidence($|[?#])"))
    follow(visitor, "/evidence/1.1")
    expect(visitor.locator('[name="level"][value="2"]')).to_be_checked()
    expect(visitor.locator('[name="account"]')).to_have_value("Tasking meets on Mondays and looks back at last week.")
    visitor.get_by_role("button", name="Add evidence").click()
    visitor.locator('[name="title"]').fill("Tasking plan of the week")
    visitor.locator('[name="upload"]').set_input_files(plan)
    visitor.locator('[name="criteria"][value="1.1"]').check()
    visitor.locator('[name="marking"][value="OFFICIAL"]').check()
    visitor.get_by_role("button", name="Add evidence").click()
    visitor.wait_for_url(lambda url: "/add" not in url)
    with visitor.expect_download() as taken:
        visitor.get_by_role("link", name="Download Tasking plan of the week").click()
    assert Path(taken.value.path()).read_bytes() == plan.read_bytes()


def test_a_key_holder_turns_a_key(visitor: Page, site: Product) -> None:
    """The one review before both keys waits for the other key after it."""
    sign_in(visitor, site, "authority key")
    follow(visitor, "/commissioning")
    expect(visitor.get_by_role("main")).to_contain_text("CO19")
    visitor.get_by_role("button", name="Turn your key").click()
    visitor.wait_for_load_state()
    visitor.goto(visitor.url.split("?")[0])
    expect(visitor.get_by_role("button", name="Turn your key")).to_have_count(0)


def test_a_visitor_verifies_a_certificate_by_its_code(visitor: Page, site: Product) -> None:
    """Typed by hand in small letters, as people do."""
    visitor.goto(f"{site.url}/register")
    visitor.locator('main a[href*="/certificates/"]').first.click()
    found = CODE.search(visitor.get_by_role("main").inner_text())
    assert found is not None
    visitor.goto(f"{site.url}/verify")
    visitor.locator('[name="code"]').fill(found[0].lower().replace("-", " "))
    visitor.get_by_role("button", name="Check", exact=True).click()
    expect(visitor.get_by_role("main")).to_contain_text("current")
