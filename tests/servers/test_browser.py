"""Chromium opens pages, and axe finds what is wrong with them also where a strict policy forbids scripts."""

from __future__ import annotations

from playwright.sync_api import Page, Route

from tests.servers.browser import Axe, BrowserContexts

PAGE = """<!doctype html><html lang="en-GB"><head><title>A page</title></head><body><main><h1>A page</h1>{body}</main>
<script>document.body.dataset.ran = "yes"</script></body></html>"""


def show(page: Page, body: str) -> None:
    """Open a page with `body` under a content security policy that allows no script."""

    def answer(route: Route) -> None:
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'"}
        route.fulfill(body=PAGE.format(body=body), headers=headers)

    page.route("http://page.test/", answer)
    page.goto("http://page.test/")


def test_axe_finds_nothing_wrong_with_a_good_page(browser_context: BrowserContexts, axe: Axe) -> None:
    page = browser_context().new_page()
    show(page, "<p>Good.</p>")
    assert page.evaluate("document.body.dataset.ran") is None, "the policy did not hold"
    assert axe(page) == []


def test_axe_finds_faults_of_each_edition_of_wcag(browser_context: BrowserContexts, axe: Axe) -> None:
    page = browser_context().new_page()
    tiny = "<button>a</button><button>b</button>"
    show(
        page,
        '<img src="x"><p><font color="#ccc">pale</font></p><input autocomplete="nonsense" aria-label="n">'
        f'<div class="tiny">{tiny}</div>',
    )
    page.eval_on_selector_all(".tiny button", "all => all.forEach(b => b.style.cssText = 'all:unset;width:8px')")
    assert sorted({one.rule for one in axe(page)}) == [
        "autocomplete-valid",
        "color-contrast",
        "image-alt",
        "target-size",
    ]


def test_a_visitor_without_javascript_runs_none(browser_context: BrowserContexts) -> None:
    ran = []
    for enabled in (True, False):
        page = browser_context(java_script_enabled=enabled).new_page()
        page.goto("data:text/html,<title>before</title><script>document.title = 'after'</script>")
        ran.append(page.title())
    assert ran == ["after", "before"]
