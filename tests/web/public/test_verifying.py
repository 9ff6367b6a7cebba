"""A file that somebody shows is judged on a page that needs no account, no cookie and no script."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from metstandard.app import create_app
from metstandard.common.settings import settings
from metstandard.documents import verifying
from metstandard.records.certificates import Certificate
from tests.documents import signed
from tests.factories.browser import client_for, form_of, soup
from tests.web.conftest import Rows, heading


@pytest.fixture
def app(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application with a key that signs papers."""
    signed.use(monkeypatch, signing_key=str(signed.key_file(tmp_path)))
    made = create_app(settings())
    made.config["TESTING"] = True
    return made


@pytest.fixture
def paper(app: Flask) -> bytes:
    """The certificate as the public gets it."""
    return bytes(client_for(app, None).get("/certificates/MS-0001.pdf").data)


def sent(app: Flask, body: bytes, url: str = "/verify") -> TestResponse:
    """What the page says of a file."""
    mark, form = encode_multipart({"file": FileStorage(io.BytesIO(body), "paper.pdf")})
    return client_for(app, None).post(url, data=form, content_type=f'multipart/form-data; boundary="{mark}"')


def test_a_certificate_is_genuine_until_it_is_withdrawn(app: Flask, paper: bytes, rows: Rows) -> None:
    answer = sent(app, paper)
    assert (answer.status_code, heading(answer)) == (200, "Genuine")
    text = " ".join(soup(answer).get_text(" ").split())
    assert "Certificate MS-0001 About Camden BOCU The register says Current Valid until" in text
    assert soup(answer).find("a", href="/certificates/MS-0001") is not None
    with rows() as session:
        session.exec(select(Certificate)).one().state = "withdrawn"
    assert heading(sent(app, paper)) == "Genuine when it was signed, revoked since"


def test_a_translation_is_ours_too(app: Flask) -> None:
    """Whoever was handed the Arabic paper is not told that it is none of ours."""
    arabic = bytes(client_for(app, None).get("/ar/certificates/MS-0001.pdf").data)
    assert heading(sent(app, arabic)) == "Genuine"
    assert heading(sent(app, arabic.replace(b"/Lang (ar)", b"/Lang (en)") + b"\n")) == "Altered"


def test_what_was_altered_or_is_not_ours_is_called_so(app: Flask, paper: bytes) -> None:
    assert heading(sent(app, paper + b"\n")) == "Altered"
    for body in (b"", b"hello", b"%PDF-1.7\n" + b"[" * 100_000):
        answer = sent(app, body)
        assert (answer.status_code, heading(answer)) == (200, "Not one of our papers")


def test_the_form_stands_on_the_page_without_a_token_and_no_answer_sets_a_cookie(app: Flask, paper: bytes) -> None:
    page = client_for(app, None).get("/verify")
    form = form_of(soup(page), "Check the file")
    assert (form["method"], form["enctype"], form["action"]) == ("post", "multipart/form-data", "/verify")
    assert [one["name"] for one in form.find_all("input")] == ["file"]
    answers = [page, sent(app, paper), client_for(app, None).post("/verify", data={})]
    assert [one.status_code for one in answers] == [200, 200, 422]
    assert [one.headers.getlist("Set-Cookie") for one in answers] == [[], [], []]
    assert [one.headers["Cache-Control"].split("=")[0] for one in answers] == [
        "public, max-age",
        "no-store",
        "no-store",
    ]
    assert soup(answers[2]).select_one("#file-error") is not None


def test_a_file_that_is_too_large_is_not_read(app: Flask) -> None:
    body = b"%PDF-1.7" + b" " * verifying.LARGEST
    assert "larger than any paper of ours" in sent(app, body).get_data(as_text=True)
    assert sent(app, body + b" " * 100_000).status_code == 413


def test_judgements_are_slowed_down(app: Flask) -> None:
    client = client_for(app, None)
    # Twice as many and one more: a minute may end in between, and the count then begins anew.
    statuses = [client.post("/verify", data={"file": (io.BytesIO(b"x"), "x.pdf")}).status_code for _ in range(21)]
    assert (statuses[:10], statuses[-1]) == ([200] * 10, 429)


def test_without_a_key_there_is_nothing_to_judge_by(app: Flask, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Check the file" in client_for(app, None).get("/verify").get_data(as_text=True)
    signed.use(monkeypatch, signing_key="")
    unsigned = create_app(settings())
    assert "Check the file" not in client_for(unsigned, None).get("/verify").get_data(as_text=True)
    assert sent(unsigned, b"%PDF-1.7").status_code == 404
