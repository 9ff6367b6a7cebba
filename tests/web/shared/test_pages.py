"""What every page knows, and what happens to a misspelt name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from jinja2 import UndefinedError

from metstandard.records.accounts import Person
from metstandard.web.shared.access import SIGNED_IN, open_to
from metstandard.web.shared.pages import asset, prepare_pages, sort_state, sort_url, url_with
from tests.factories.browser import soup


@pytest.fixture
def listing(app: Flask) -> Flask:
    """A site with a list to sort."""

    @app.get("/units/<code>/list")
    @open_to(SIGNED_IN)
    def listing(code: str) -> str:
        return code

    return app


def test_sorting_keeps_the_filters_and_returns_to_the_first_page(listing: Flask) -> None:
    with listing.test_request_context("/units/EK/list?state=scoring&state=report&sort=unit&page=3"):
        assert sort_url("unit") == "/units/EK/list?state=scoring&state=report&sort=-unit"
        assert sort_url("due") == "/units/EK/list?state=scoring&state=report&sort=due"
        assert [sort_state(key) for key in ("unit", "due")] == ["ascending", "none"]
        assert url_with(page=4, state=None) == "/units/EK/list?sort=unit&page=4"
    with listing.test_request_context("/units/EK/list?sort=-unit"):
        assert sort_state("unit") == "descending"
        assert sort_url("unit") == "/units/EK/list?sort=unit"


def test_a_misspelt_name_fails_and_a_missing_key_of_a_dict_stays_blank(app: Flask) -> None:
    with app.test_request_context("/"):
        assert render_template_string("[{{ found.title }}]", found={}) == "[]"
        for text in ("{{ tytle }}", "{{ found.tytle }}"):
            with pytest.raises(UndefinedError):
                render_template_string(text, found=Person(email="a@example.org", name="A"))


def test_what_is_typed_in_a_page_is_escaped(app: Flask) -> None:
    with app.test_request_context("/"):
        assert render_template_string("{{ text }}", text="<script>") == "&lt;script&gt;"


def test_an_organisations_own_page_wins_and_ours_stand_behind_it(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "footer.html").write_text("own footer", encoding="utf-8")
    app = Flask("own", static_folder=None)
    prepare_pages(app, tmp_path)
    loaded = [app.jinja_env.get_template(name) for name in ("parts/footer.html", "parts/state.html")]
    assert loaded[0].render() == "own footer"
    assert Path(str(loaded[1].filename)).parent.parent != tmp_path


def test_an_asset_carries_its_fingerprint(app: Flask) -> None:
    with app.test_request_context("/"):
        assert asset("met.css").startswith("/static/met.css?v=")
        assert asset("met.css") == asset("met.css")


def test_navigation_offers_only_what_is_there_and_open(
    client_for: Callable[[Person | None], FlaskClient], people: dict[str, Person]
) -> None:
    texts = {
        word: [one.get_text(strip=True) for one in soup(client_for(people[word]).get("/account")).select(".met-nav a")]
        for word in ("officer", "peer1")
    }
    own = ["Your account", "Change your password", "Where you are signed in"]
    assert texts == {"officer": own, "peer1": own}
    visitor = soup(client_for(None).get("/sign-in"))
    assert visitor.select(".met-nav a, .met-person a, .met-person button") == []


def test_pages_that_stand_beside_one_another_share_a_second_row(
    client_for: Callable[[Person | None], FlaskClient], people: dict[str, Person]
) -> None:
    """Only those that are open to the person; a page that stands alone has no second row."""

    def rows(word: str, path: str) -> tuple[list[str], list[str]]:
        page = soup(client_for(people[word]).get(path))
        first, second = page.select(".met-nav:not(.met-nav--second)"), page.select(".met-nav--second")
        texts = [[one.get_text(strip=True) for row in found for one in row.select("a")] for found in (first, second)]
        return texts[0], texts[1]

    first, second = rows("officer", "/authority/nominations")
    assert "Nominations" in first
    assert second == ["Nominations", "Incidents", "Announcements", "Events", "Equality"]
    assert not set(second[1:]) & set(first)
    assert rows("officer", "/authority/events") == (first, second)
    assert rows("officer", "/authority/board") == (first, [])
    assert rows("press", "/authority/announcements")[1] == ["Nominations", "Announcements"]


def test_the_shell_says_who_is_signed_in_and_never_to_a_visitor(
    client_for: Callable[[Person | None], FlaskClient], people: dict[str, Person]
) -> None:
    officer, visitor = client_for(people["officer"]).get("/account"), client_for(None).get("/sign-in")
    assert [one.get_text() for one in soup(officer).select(".met-person__name")] == ["Programme officer"]
    assert soup(visitor).select(".met-person__name") == []
    markings = {name: [one.get_text() for one in soup(page).select(".met-marking")] for name, page in
                {"officer": officer, "visitor": visitor}.items()}  # fmt: skip
    assert markings == {"officer": ["OFFICIAL", "OFFICIAL"], "visitor": []}


@pytest.mark.parametrize("query", ["endpoint=x", "_scheme=evil", "_external=1&_anchor=a", "language=ar", "self=1"])
def test_no_name_in_the_query_reaches_what_builds_addresses(app: Flask, query: str) -> None:
    """Such a name once made every page of the public door fail."""
    for path in ("/register", "/ar/register", "/register?sort=unit"):
        answer = app.test_client().get(f"{path}{'&' if '?' in path else '?'}{query}")
        assert (answer.status_code, "evil" in answer.get_data(as_text=True)) == (200, False)
