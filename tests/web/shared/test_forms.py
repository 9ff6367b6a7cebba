"""What every form does: strip, limit, keep, and bring an action's refusal back to its field."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, request
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired

from metstandard.common.errors import Invalid, RuleBroken
from metstandard.web.shared.forms import Form, Problem, Words, problems, typed_values


class Note(Form):
    """A form of ours."""

    title = StringField("Title", [InputRequired("Enter a title")])
    text = TextAreaField("Text", [Words(3)])
    secret = PasswordField("Password")


@pytest.fixture(autouse=True)
def sent(request: pytest.FixtureRequest) -> Iterator[None]:
    """A request that carries the values of the test's marker-free parameter `values`."""
    app = Flask("forms")
    app.config.update(SECRET_KEY="k" * 40, WTF_CSRF_ENABLED=False)
    values = getattr(request, "param", {})
    with app.test_request_context("/", method="POST", data=values):
        yield


@pytest.mark.parametrize("sent", [{"title": "  A \r\n", "text": " one\r\ntwo ", "secret": " s "}], indirect=True)
def test_texts_are_stripped_and_passwords_are_not() -> None:
    form = Note()
    assert form.validate() is True
    assert (form.title.data, form.text.data, form.secret.data) == ("A", "one\ntwo", " s ")


@pytest.mark.parametrize("sent", [{"title": "x" * 201, "text": "a b c d"}], indirect=True)
def test_texts_have_a_longest_length_and_words_are_counted() -> None:
    form = Note()
    assert form.validate() is False
    assert problems(form) == [
        Problem("Title must be 200 characters or fewer", "#title"),
        Problem("Text must be 3 words or fewer: it is 1 word too long", "#text"),
    ]


@pytest.mark.parametrize("sent", [{"title": "A"}], indirect=True)
def test_a_refusal_stands_beside_its_field_or_at_the_top() -> None:
    form = Note()
    assert form.validate() is True
    form.refuse(RuleBroken("Somebody of the same borough cannot be seated", field="title", rule="COI-1"))
    form.refuse(Invalid("The cycle is closed", field="nothing"))
    assert problems(form) == [
        Problem("The cycle is closed", ""),
        Problem("Somebody of the same borough cannot be seated (COI-1)", "#title"),
    ]


@pytest.mark.parametrize(
    "sent",
    [{"title": "A", "text": " ", "secret_word": "s", "csrf_token": "t", "revision": "3", "new_password": "p"}],
    indirect=True,
)
def test_what_was_typed_is_shown_without_secrets_and_blanks() -> None:
    assert typed_values(request.form) == {"title": "A"}
