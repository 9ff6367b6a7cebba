"""A client that behaves like a browser: it follows forms and carries the CSRF token."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session
from werkzeug.test import TestResponse

from metstandard.common import clock, ids
from metstandard.records.accounts import Person, SignedIn
from metstandard.web.shared.database import db


def client_for(app: Flask, person: Person | None) -> FlaskClient:
    """A client with a fresh session of `person`, as the sign-in page would leave it; None for a visitor."""
    client = app.test_client()
    if person is None:
        return client
    with app.app_context(), Session(db.engine) as session:
        token = signed_in(session, person)
        session.commit()
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], token)
    return client


def soup(response: TestResponse) -> BeautifulSoup:
    """The parsed page."""
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def form_of(page: BeautifulSoup, button: str) -> Tag:
    """The form that has a button with this text. Fails naming the buttons that are there."""
    found = []
    for form in page.find_all("form"):
        for one in form.find_all(["button", "input"]):
            text = one.get_text(strip=True) or str(one.get("value") or "")
            if one.name == "button" or one.get("type") == "submit":
                found.append(text)
                if text == button:
                    return form
    raise AssertionError(f"no button {button!r}; there are {found}")


def filled(form: Tag) -> dict[str, Any]:
    """The values that a browser would send without any typing."""
    values: dict[str, Any] = {}
    for one in form.find_all(["input", "textarea", "select"]):
        name = str(one.get("name") or "")
        kind = str(one.get("type", "text"))
        if not name or kind in {"submit", "button", "file"}:
            continue
        if one.name == "textarea":
            text = one.get_text()
            values[name] = text.removeprefix("\n")
        elif one.name == "select":
            chosen = one.find("option", selected=True) or one.find("option")
            values[name] = chosen.get("value", "") if chosen else ""
        elif kind in {"checkbox", "radio"}:
            if one.has_attr("checked"):
                values.setdefault(name, []).append(one.get("value", "on"))
        elif name in values:
            there = values[name] if isinstance(values[name], list) else [values[name]]
            values[name] = [*there, one.get("value", "")]
        else:
            values[name] = one.get("value", "")
    return values


def press(client: FlaskClient, url: str, button: str, /, *, follow: bool = True, **typed: Any) -> TestResponse:
    """Open a page, fill in its form as a person would, press a button, and follow where it leads.

    `typed` holds fields by name (files as werkzeug wants them). The button's own name and value are sent too.
    """
    opened = client.get(url, follow_redirects=True)
    assert opened.status_code == 200, f"{url} answered {opened.status_code}"
    form = form_of(soup(opened), button)
    values = filled(form) | typed
    for one in form.find_all("button"):
        if one.get_text(strip=True) == button and one.get("name"):
            values[str(one["name"])] = one.get("value", "")
    action = form.get("action") or opened.request.path
    multipart = form.get("enctype") == "multipart/form-data"
    return client.post(
        action, data=values, follow_redirects=follow,
        content_type="multipart/form-data" if multipart else "application/x-www-form-urlencoded",
    )  # fmt: skip


def signed_in(session: Session, person: Person) -> str:
    """A session as the sign-in page would leave it: the value of its cookie."""
    token, now = ids.token(), clock.now()
    data = {
        "_user_id": person.fs_uniquifier, "_fresh": True, "person_id": person.key, "confirmed_at": now.timestamp(),
        "fs_paa": now.timestamp(), "fs_cc": "set",
    }  # fmt: skip
    session.add(
        SignedIn(
            token_hash=ids.token_hash(token), person_id=person.key, data=json.dumps(data),
            expires_at=now + timedelta(hours=12),
        )
    )  # fmt: skip
    return token
