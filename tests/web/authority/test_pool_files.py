"""Lists of reviewers through the pages: looked at first, imported whole, exported without a formula."""

from __future__ import annotations

import io
from collections.abc import Callable

from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlmodel import col, select
from werkzeug.test import TestResponse

from metstandard.actions.pool.rows import columns
from metstandard.records.accounts import KeptForm, Person
from metstandard.records.bodies import ReviewerProfile
from tests.factories.browser import filled, form_of, soup
from tests.web.conftest import Rows, first_error, heading

Clients = Callable[[Person | None], FlaskClient]
People = dict[str, Person]
GOOD = "email,name,seat,unit,rank\nnew.peer@example.org,Peer of Hackney,peer,GD,4\n"


def send(client: FlaskClient, text: str, name: str = "list.csv") -> TestResponse:
    """Choose a file and look at it."""
    form = filled(form_of(soup(client.get("/authority/pool/import")), "Look at the list"))
    return client.post("/authority/pool/import", data={**form, "upload": (io.BytesIO(text.encode()), name)})


def test_a_list_is_looked_at_and_then_imported_once(client_for: Clients, people: People, rows: Rows) -> None:
    client = client_for(people["officer"])
    preview = send(client, GOOD)
    assert heading(preview) == "Check the list"
    with rows() as session:
        assert session.exec(select(Person).where(Person.email == "new.peer@example.org")).first() is None
    confirm = filled(form_of(soup(preview), "Import the whole list"))
    first = client.post("/authority/pool/import/confirm", data=confirm, follow_redirects=True)
    assert "The list is imported: 1 new, 0 changed, 0 as they were." in first.get_data(as_text=True)
    second = client.post("/authority/pool/import/confirm", data=confirm, follow_redirects=True)
    assert "This list was imported already" in second.get_data(as_text=True)
    with rows() as session:
        assert len(session.exec(select(Person).where(Person.email == "new.peer@example.org")).all()) == 1
        assert session.exec(select(KeptForm)).all() == []


def test_a_list_with_a_bad_cell_names_it_and_cannot_be_imported(client_for: Clients, people: People) -> None:
    answer = send(client_for(people["officer"]), GOOD + "nobody,,peer,XX,\n")
    assert (answer.status_code, heading(answer)) == (422, "The list has errors")
    assert first_error(answer) == "3 cells to put right. Nothing is imported."
    cells = [one.get_text(strip=True) for one in soup(answer).select("tbody tr th")]
    assert cells == [
        "list.csv, row 3, column A (email)", "list.csv, row 3, column B (name)", "list.csv, row 3, column D (unit)",
    ]  # fmt: skip
    assert soup(answer).find("input", {"name": "token"}) is None


def test_no_file_and_a_wrong_file_are_refused_beside_the_field(client_for: Clients, people: People) -> None:
    client = client_for(people["officer"])
    form = filled(form_of(soup(client.get("/authority/pool/import")), "Look at the list"))
    empty = client.post("/authority/pool/import", data=form)
    assert (empty.status_code, first_error(empty)) == (422, "Choose a file")
    assert first_error(send(client, "email,seat,email\n")) == "The column “email” is there twice: see C"


def test_a_colleague_cannot_confirm_what_another_looked_at(client_for: Clients, people: People, rows: Rows) -> None:
    confirm = filled(form_of(soup(send(client_for(people["officer"]), GOOD)), "Import the whole list"))
    other = client_for(people["administrator"])
    token = soup(other.get("/authority/people/new")).find("input", {"name": "csrf_token"})["value"]  # type: ignore[index]
    assert other.post("/authority/pool/import/confirm", data=confirm | {"csrf_token": token}).status_code == 403
    with rows() as session:
        assert session.exec(select(Person).where(Person.email == "new.peer@example.org")).first() is None


def test_the_export_holds_no_formula_and_the_template_every_column(
    client_for: Clients, people: People, rows: Rows
) -> None:
    with rows() as session:
        one = session.exec(select(Person).where(col(Person.email) == "peer1@example.org")).one()
        one.name = '=HYPERLINK("http://example.org")'
        session.add(one)
        assert len(session.exec(select(ReviewerProfile)).all()) == 9
    client = client_for(people["officer"])
    csv = client.get("/authority/pool/export.csv").get_data(as_text=True)
    assert "'=HYPERLINK" in csv
    book = load_workbook(io.BytesIO(client.get("/authority/pool/export.xlsx").get_data()))
    cells = [cell for row in book["Reviewers"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.data_type == "f"] == []
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    template = load_workbook(io.BytesIO(client.get("/authority/pool/template.xlsx").get_data()))
    assert [cell.value for cell in template["Reviewers"][1]] == list(columns())
