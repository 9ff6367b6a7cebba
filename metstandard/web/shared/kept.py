"""What somebody sent after the session had ended is kept here, and offered again to the same person after sign-in.

Each of our forms carries a signed mark of whose form it is. Without it, or from another site, nothing is kept: a
stranger can neither fill the table nor slip a text to somebody else.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, flash, g, jsonify, make_response, redirect, request, url_for
from flask import session as browser_session
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer
from sqlmodel import Session, col, delete, select

from metstandard.common import clock, ids
from metstandard.records.accounts import KeptForm, Person
from metstandard.web.shared.database import session
from metstandard.web.shared.redirects import is_ours

MARK = "whose_form"
LASTS = timedelta(days=7)
MOST_FOR_ONE = 20
# Pages that a visitor may leave open overnight, until the session behind them has ended.
_WAYS_IN = {"account.sign_in", "account.forgotten", "account.choose_password"}
_LEFT_OUT = ("password", "csrf", "token", "secret", MARK)


def whose_form() -> str:
    """The mark that a form carries: a signed number of the person who opened it; empty for a visitor."""
    person = g.get("person")
    return str(_signer().dumps(person.key)) if person is not None else ""


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="whose-form")


def owner_of_form() -> int | None:
    """The number of the person who had opened the form that was posted; None when the mark is missing or wrong."""
    try:
        number = _signer().loads(request.form.get(MARK, ""))
    except BadSignature:
        return None
    return number if isinstance(number, int) else None


def present_person() -> Person | None:
    """Who is signed in, known even before the request has got as far as its view."""
    present = current_user._get_current_object()  # noqa: SLF001  the proxy is bound to the request
    return present if isinstance(present, Person) and present.active else None


def after_end_of_session() -> Response | None:
    """The answer to a form whose session is gone: sign in, then find everything again. None when nothing can be kept.

    A script is told to have the person sign in and to try again.
    """
    person = present_person()
    if request.accept_mimetypes.best == "application/json":
        if person is not None:
            return None
        return make_response(
            jsonify(error="You are signed out. Sign in in another tab; we keep trying.", field=""), 401
        )
    if person is None and request.endpoint in _WAYS_IN:
        flash("This page had been open for a long time. Please try again.", "message")
        return make_response(redirect(request.full_path.rstrip("?")))
    owner = owner_of_form()
    if owner is None or not _from_here() or (person is not None and person.key != owner):
        return None
    browser_session["kept"] = _keep(session(), owner)
    there = url_for("account.kept")
    return make_response(redirect(there if person is not None else url_for("account.sign_in", next=there)))


def _from_here() -> bool:
    """Whether the browser says that the form was sent from a page of this site."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(origin).netloc == request.host and request.headers.get("Sec-Fetch-Site") != "cross-site"


def _keep(rows: Session, owner: int) -> str:
    token = ids.token()
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(word in name.lower() for word in _LEFT_OUT)
    ]
    rows.rollback()
    tidy(rows, owner)
    rows.add(
        KeptForm(
            token_hash=ids.token_hash(token),
            person_id=owner,
            path=request.full_path.rstrip("?")[:500],
            fields=json.dumps(fields),
        ),
    )
    rows.commit()
    return token


def tidy(rows: Session, owner: int) -> None:
    """Forget what is older than a week, and all but the newest of one person; the caller commits."""
    rows.exec(delete(KeptForm).where(col(KeptForm.kept_at) < clock.now() - LASTS))
    newest = (
        select(KeptForm.id).where(KeptForm.person_id == owner).order_by(col(KeptForm.id).desc()).limit(MOST_FOR_ONE - 1)
    )
    rows.exec(
        delete(KeptForm).where(col(KeptForm.person_id) == owner, col(KeptForm.id).not_in(rows.exec(newest).all())),
    )


def newest_kept(rows: Session, person: Person) -> KeptForm | None:
    """The form that was kept last for a person, not older than a week."""
    query = select(KeptForm).where(KeptForm.person_id == person.key, KeptForm.kept_at >= clock.now() - LASTS)
    return rows.exec(query.order_by(col(KeptForm.id).desc())).first()


def fields_of(form: KeptForm) -> list[tuple[str, str]]:
    """The names and values that were posted, in order."""
    found: list[Any] = json.loads(form.fields)
    return [(str(name), str(value)) for name, value in found]


def page_of(form: KeptForm) -> str:
    """The page that the form came from when it can be opened; empty otherwise."""
    return form.path if is_ours(form.path) else ""
