"""A small site made of the shell and its parts, without database or accounts: what every page is made of."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, g, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from flask_wtf.file import MultipleFileField
from werkzeug.serving import make_server
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from metstandard.common.errors import Invalid, NotNow, Stale
from metstandard.web.shared.errors import register_errors, wants_json
from metstandard.web.shared.fields import DateParts, Pounds
from metstandard.web.shared.forms import Form, Words
from metstandard.web.shared.headers import register_headers
from metstandard.web.shared.pages import STATIC, prepare_pages

SAMPLES = Path(__file__).parent / "samples"
A_MOMENT = datetime(2026, 10, 14, 16, 0, tzinfo=UTC)


class Proposal(Form):
    """One of most kinds of field."""

    title = StringField("Title", [InputRequired("Enter a title")], description="As in the register of units")
    level = RadioField("Level", [InputRequired("Choose a level")], choices={"1": "1 Developing", "2": "2 Set"})
    begins = DateParts("First day on site", [InputRequired("Enter the first day on site")])
    cost = Pounds("Cost", [Optional()])
    reasons = TextAreaField("Reasons", [InputRequired("Enter your reasons"), Words(20)])
    agreed = BooleanField("I have read the terms", [InputRequired("Confirm that you have read the terms")])


class Papers(Form):
    """Several files."""

    papers = MultipleFileField("Papers", description="PDF or Word.")


class Site:
    """The site, what it was sent, and what it is told to answer next."""

    def __init__(self) -> None:
        self.saved: list[dict[str, str]] = []
        self.posted = 0
        self.arrived: list[str] = []
        self.answer = "saved"
        self.app = self._made()

    def _made(self) -> Flask:
        app = Flask("parts", static_folder=str(STATIC), template_folder=None)
        app.config.update(SECRET_KEY="k" * 40, WTF_CSRF_TIME_LIMIT=None, METSTANDARD_DEMO=True)
        CSRFProtect(app)
        prepare_pages(app, SAMPLES)
        register_errors(app)
        register_headers(app, https=False)
        app.before_request(self._person)
        app.add_url_rule("/review", view_func=lambda: render_template("pages/sample/review.html", at=A_MOMENT))
        app.add_url_rule("/board", "board", lambda: render_template("pages/sample/board.html"))
        app.add_url_rule("/form", "form", self._form, methods=["GET", "POST"])
        app.add_url_rule("/save", "save", self._save, methods=["POST"])
        app.add_url_rule("/upload", "upload", self._upload, methods=["GET", "POST"])
        app.add_url_rule("/refused", "refused", self._refused, methods=["GET", "POST"])
        return app

    def _person(self) -> None:
        g.person = SimpleNamespace(name="Programme officer", key=1)

    def _form(self) -> str:
        self.posted += request.method == "POST"
        if self.answer == "stale" and request.method == "POST":
            raise self._stale()
        form = Proposal()
        form.validate_on_submit()
        return render_template("pages/sample/form.html", form=form)

    def _save(self) -> ResponseReturnValue:
        if self.answer == "stale":
            raise self._stale()
        if self.answer == "invalid":
            raise Invalid("Title is too long", field="title")
        if self.answer == "signed out":
            return jsonify(error="You are signed out."), 401
        self.saved.append({name: request.form[name] for name in ("title", "revision")})
        return jsonify(saved_at="2:03pm", revision=len(self.saved) + 1)

    def _stale(self) -> Stale:
        return Stale("The lead saved this after you had opened it", theirs={"title": "Their title", "revision": 9})

    def _upload(self) -> ResponseReturnValue:
        if request.method == "GET":
            return render_template("pages/sample/upload.html", form=Papers(), names=self.arrived)
        if self.answer == "busy":
            self.answer = "saved"
            return jsonify(error="The service is busy"), 503
        self.arrived += [str(one.filename) for one in request.files.getlist("papers")]
        return jsonify(name=self.arrived[-1], saved_at="2:03pm") if wants_json() else redirect("/upload")

    def _refused(self) -> str:
        raise NotNow("The decision waits for the Commissioner's key")


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application on a port of its own; gives its address."""
    server: Any = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
