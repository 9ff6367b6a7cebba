"""The programme board and the home: what they say, to whom, and how many queries they ask."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from metstandard.common import clock
from metstandard.records.accounts import Person
from metstandard.records.units import Unit, UnitKind
from metstandard.web.shared.database import db
from tests.factories.browser import soup
from tests.factories.counting import queries
from tests.factories.programme import LONG_AGO, Programme
from tests.factories.stages import played_to
from tests.web.conftest import Rows

Clients = Callable[[Person | None], FlaskClient]
People = dict[str, Person]


def play(rows: Rows, stage: str, code: str = "EK") -> None:
    """A review of a unit, played to a stage in the past."""
    with rows() as session:
        made = Programme.of(session)
        if code != "EK":
            made.add(f"commander-{code.lower()}", f"Commander of {code}")
            made.appoint(f"commander-{code.lower()}", "commander", unit=code, since=clock.today() - timedelta(days=30))
            own = made[f"commander-{code.lower()}"]
            made = Programme(session, made.people | {"commander": own, "author": own})
        played_to(made, stage, unit=code)


def units(client: FlaskClient, query: str = "") -> list[str]:
    """The units of the board in their order."""
    page = soup(client.get(f"/authority/board{query}"))
    return [one.get_text(strip=True) for one in page.select("tbody th[scope=row]")]


def row(client: FlaskClient, unit: str, query: str = "") -> list[str]:
    """The cells of one unit."""
    page = soup(client.get(f"/authority/board{query}"))
    found = next(one for one in page.select("tbody tr") if one.select_one("th[scope=row]") and unit in one.get_text())
    return [" ".join(one.get_text(" ", strip=True).split()) for one in found.select("td")]


def test_every_unit_has_its_row_under_its_business_group(client_for: Clients, people: People, rows: Rows) -> None:
    play(rows, "commissioning")
    client = client_for(people["officer"])
    page = soup(client.get("/authority/board"))
    groups = [one.get_text(" ", strip=True) for one in page.select("th[scope=rowgroup]")]
    assert groups[0] == "Territorial Policing 35 units"
    assert (len(groups), len(units(client))) == (5, 67)
    stage, days, waits, due, last, next_due, committee, since = row(client, "Camden")
    assert (stage, days, last, next_due, committee, since) == ("Joint commission", "0", "", "", "SOP", "1 June 2009")
    assert waits == "The Authority’s decision maker and the Commissioner’s decision maker"
    assert due.endswith((str(clock.today().year), str(clock.today().year + 1)))
    assert row(client, "Bexley") == ["Never reviewed", "", "", "", "", "", "", ""]


def test_filters_stand_in_the_address_and_an_unknown_one_finds_nothing(
    client_for: Clients, people: People, rows: Rows
) -> None:
    play(rows, "commissioning")
    client = client_for(people["officer"])
    assert units(client, "?coverage=under+way") == ["Camden BOCU"]
    assert units(client, "?state=commissioning&committee=SOP") == ["Camden BOCU"]
    assert units(client, "?search=camd") == ["Camden BOCU"]
    assert units(client, "?state=none&search=camd") == []
    assert units(client, "?group=No+such+group") == []
    assert units(client, "?coverage=again") == []


def test_a_short_tenure_is_said_in_words(client_for: Clients, people: People, rows: Rows) -> None:
    play(rows, "proposed", "SX")
    client = client_for(people["officer"])
    assert row(client, "Barnet")[-1].endswith("under three years")
    assert "under three years" not in row(client, "Camden")[-1]
    assert units(client, "?sort=-tenure&search=ba")[-1].startswith("Barnet")


@pytest.mark.parametrize("sort", ["state", "days", "due", "last", "next", "tenure", "-due", "nonsense"])
def test_sorting_keeps_every_unit(client_for: Clients, people: People, rows: Rows, sort: str) -> None:
    play(rows, "commissioning")
    client = client_for(people["officer"])
    assert len(units(client, f"?sort={sort}")) == 67


def test_the_files_hold_the_filtered_rows_and_run_no_formula(client_for: Clients, people: People, rows: Rows) -> None:
    with rows() as session:
        evil = Unit(code="ZZ9", name="=1+1", kind=UnitKind.OCU, business_group="@SUM", valid_from=LONG_AGO)
        session.add(evil)
    client = client_for(people["officer"])
    table = list(csv.reader(io.StringIO(client.get("/authority/board.csv?search=ZZ9").data.decode("utf-8-sig"))))
    assert (len(table), table[1][:4]) == (2, ["ZZ9", "'=1+1", "OCU", "'@SUM"])
    book = openpyxl.load_workbook(io.BytesIO(client.get("/authority/board.xlsx?search=ZZ9").data))
    cells = list(book.active[2])[:4]
    assert [(one.value, one.data_type) for one in cells[1:2]] == [("=1+1", "s")]


def asked(app: Flask, client: FlaskClient, url: str) -> int:
    """The queries of one page, sign-in included."""
    with app.app_context():
        engine = db.engine
    client.get(url)
    with queries(engine) as found:
        assert client.get(url).status_code == 200
    return len(found)


BOARD, HOME = 10, 20


def test_the_board_asks_the_same_for_one_review_for_three_and_for_a_thousand_units(
    app: Flask, client_for: Clients, people: People, rows: Rows
) -> None:
    client = client_for(people["officer"])
    play(rows, "commissioning")
    counts = [asked(app, client, "/authority/board")]
    for code in ("SX", "XB"):
        play(rows, "commissioning", code)
    counts.append(asked(app, client, "/authority/board"))
    with rows() as session:
        session.add_all(
            Unit(
                code=f"N{number}",
                name=f"New unit {number}",
                kind=UnitKind.OCU,
                business_group="New",
                valid_from=LONG_AGO,
            )
            for number in range(933)
        )
    counts.append(asked(app, client, "/authority/board"))
    assert len(units(client)) == 100
    assert counts == [BOARD, BOARD, BOARD]


def test_the_home_asks_the_same_for_one_review_and_for_three(
    app: Flask, client_for: Clients, people: People, rows: Rows
) -> None:
    client = client_for(people["officer"])
    play(rows, "proposed")
    one = asked(app, client, "/authority/")
    for code in ("SX", "XB"):
        play(rows, "proposed", code)
    page = soup(client.get("/authority/"))
    assert len(page.select(".met-todo__item")) == 3
    assert (one, asked(app, client, "/authority/")) == (HOME, HOME)


def test_a_home_without_tasks_says_who_acts_next_and_since_when(
    client_for: Clients, people: People, rows: Rows
) -> None:
    play(rows, "commissioning")
    for word, door in (("officer", "authority"), ("commander", "units")):
        text = soup(client_for(people[word]).get(f"/{door}/")).select_one("main").get_text(" ", strip=True)  # type: ignore[union-attr]
        assert "There is nothing for you to do." in text
        assert "It waits for the Authority’s decision maker and the Commissioner’s decision maker, by" in text
        assert "It has stood here since today." in text


def test_an_administrator_has_a_home_and_sees_no_review(client_for: Clients, people: People, rows: Rows) -> None:
    play(rows, "commissioning")
    client = client_for(people["administrator"])
    home = client.get("/authority/")
    assert (home.status_code, "Camden" in home.get_data(as_text=True)) == (200, False)
    reference = f"MSR-{clock.today().year}-0001"
    closed = ["/authority/board", "/authority/board.csv", f"/authority/reviews/{reference}", "/authority/followup"]
    assert [client.get(url).status_code for url in closed] == [403] * 4


def test_a_national_scheme_turns_pages_and_a_page_that_is_not_there_is_the_last(
    client_for: Callable[[Person | None], FlaskClient], people: dict[str, Person], rows: Rows
) -> None:
    """The Met's units stand on one page; 150 more make three, and nobody is answered with an empty one."""
    with rows() as session:
        for number in range(150):
            session.add(
                Unit(
                    code=f"X{number}", name=f"Unit {number}", kind=UnitKind.OCU, business_group="Far",
                    valid_from=LONG_AGO,
                )
            )  # fmt: skip
    client = client_for(people["officer"])
    counts = [
        len(soup(client.get(f"/authority/board?page={page}")).select("table.met-board tbody th[scope=row]"))
        for page in ("1", "3", "99", "x")
    ]
    assert counts == [100, 17, 17, 100]
