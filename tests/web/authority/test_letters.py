"""The letters page: filters, one letter, and what is never shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from metstandard.actions import accounts
from metstandard.common.settings import settings
from metstandard.records.accounts import Person
from metstandard.records.outbox import Letter, LetterStatus
from metstandard.web.shared.database import db
from tests.factories.browser import soup
from tests.factories.counting import queries
from tests.factories.programme import Programme
from tests.factories.stages import played_to
from tests.web.conftest import Rows

Clients = Callable[[Person | None], FlaskClient]
People = dict[str, Person]


@pytest.fixture
def letters(rows: Rows) -> list[Letter]:
    """The two letters of a proposal sent for commission, one of them failed, and one invitation."""
    with rows() as session:
        programme = Programme.of(session)
        played_to(programme, "commissioning")
        accounts.add_person(session, by=programme["administrator"], email="guest@example.org", name="Guest")
        failed = session.exec(select(Letter).where(Letter.address == "authority@example.org")).one()
        failed.status, failed.last_error, failed.attempts = LetterStatus.FAILED, "550 no such mailbox", 5
        session.add(failed)
        session.commit()
        return list(session.exec(select(Letter).order_by(Letter.address)).all())


def subjects(client: FlaskClient, query: str = "") -> list[str]:
    """The subjects of the list."""
    page = soup(client.get(f"/authority/letters{query}"))
    return [one.get_text(strip=True) for one in page.select("tbody th a")]


@pytest.mark.usefixtures("letters")
def test_letters_are_filtered_by_status_kind_and_words(client_for: Clients, people: People) -> None:
    client = client_for(people["officer"])
    assert len(subjects(client)) == 3
    assert len(subjects(client, "?status=owed")) == 2
    assert [len(subjects(client, f"?status={one}")) for one in ("failed", "sent", "nonsense")] == [1, 0, 0]
    assert len(subjects(client, "?name=invitation")) == 1
    assert len(subjects(client, "?search=GUEST@")) == 1
    assert "550 no such mailbox" in soup(client.get("/authority/letters?status=failed")).get_text()


def test_one_letter_shows_its_text_and_its_html_runs_nothing(
    client_for: Clients, people: People, letters: list[Letter]
) -> None:
    client, one = client_for(people["officer"]), letters[0]
    assert one.text.split("\n")[2] in client.get(f"/authority/letters/{one.key}").get_data(as_text=True)
    html = client.get(f"/authority/letters/{one.key}/html")
    assert html.get_data(as_text=True) == one.html
    policy = html.headers["Content-Security-Policy"]
    assert ("default-src 'none'" in policy, "sandbox" in policy, "script" in policy) == (True, True, False)
    assert client.get("/authority/letters/999").status_code == 404


def test_a_link_that_opens_an_account_is_shown_in_the_demonstration_only(
    client_for: Clients, people: People, letters: list[Letter], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, secret = client_for(people["administrator"]), next(one for one in letters if one.name == "invitation")
    assert "/link/" in secret.text
    shown = client.get(f"/authority/letters/{secret.key}")
    assert (shown.status_code, "/link/" in shown.get_data(as_text=True)) == (200, False)
    assert client.get(f"/authority/letters/{secret.key}/html").status_code == 404
    assert subjects(client, "?search=/link/") == []
    monkeypatch.setenv("METSTANDARD_DEMO", "1")
    settings.cache_clear()
    assert "/link/" in client.get(f"/authority/letters/{secret.key}").get_data(as_text=True)


def test_the_list_asks_the_same_for_one_letter_and_for_three(
    app: Flask, client_for: Clients, people: People, letters: list[Letter]
) -> None:
    client = client_for(people["officer"])
    client.get("/authority/letters")
    with app.app_context():
        engine = db.engine
    counts = []
    for query in ("?status=failed", ""):
        with queries(engine) as found:
            client.get(f"/authority/letters{query}")
        counts.append(len(found))
    assert (len(letters), counts) == (3, [7, 7])


def test_only_the_programme_office_and_administrators_read_letters(client_for: Clients, people: People) -> None:
    statuses = {word: client_for(one).get("/authority/letters").status_code for word, one in people.items()}
    assert {word for word, status in statuses.items() if status == 200} == {"officer", "administrator"}
