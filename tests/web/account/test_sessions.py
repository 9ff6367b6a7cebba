"""Where one is signed in."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from metstandard.records.accounts import Person
from metstandard.web.account.browsers import described
from tests.factories.browser import press, soup
from tests.web.account.conftest import PASSWORD, posted, sign_in


def test_the_list_names_each_browser_and_marks_this_one(
    visitor: FlaskClient, officer: Person, client_for: Callable[[Person | None], FlaskClient]
) -> None:
    client_for(officer)
    visitor.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"
    sign_in(visitor, officer.email, PASSWORD)
    heads = [one.get_text(" ", strip=True) for one in soup(visitor.get("/account/sessions")).select("tbody th")]
    assert sorted(heads) == ["A browser on an unknown system", "Firefox on Windows This session"]


def test_ending_all_others_leaves_only_this_one(
    visitor: FlaskClient, officer: Person, client_for: Callable[[Person | None], FlaskClient]
) -> None:
    elsewhere = client_for(officer)
    sign_in(visitor, officer.email, PASSWORD)
    assert elsewhere.get("/account").status_code == 200
    press(visitor, "/account/sessions", "Sign out everywhere else")
    assert [elsewhere.get("/account").status_code, visitor.get("/account").status_code] == [302, 200]


def test_nobody_ends_the_session_of_somebody_else(
    officer: Person, people: dict[str, Person], client_for: Callable[[Person | None], FlaskClient]
) -> None:
    mine, theirs = client_for(officer), client_for(people["authority"])
    second = client_for(people["authority"])
    number = posted(second, "/account/sessions", "End the session of A browser on an unknown system")["number"]
    fields = posted(mine, "/account", "Sign out") | {"number": number}
    assert mine.post("/account/sessions/end", data=fields).status_code == 302
    assert theirs.get("/account").status_code == 200
    fields = posted(second, "/account", "Sign out") | {"number": number}
    second.post("/account/sessions/end", data=fields)
    assert theirs.get("/account").status_code == 302


def test_a_browser_is_described_in_words() -> None:
    agents = {
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.0 Safari/605.1.15": "Safari on Mac",
        "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36": "Chrome on Linux",
        "Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36": "Chrome on Android",
        "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0": "Edge on Windows",
        "": "A browser on an unknown system",
    }
    assert {agent: described(agent) for agent in agents} == agents
