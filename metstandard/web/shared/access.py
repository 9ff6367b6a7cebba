"""Who may enter stands beside the route: `@open_to("programme_officer")`. A route that says nothing stays shut."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from flask import Flask, Response, g, jsonify, make_response, redirect, request, url_for
from flask import session as browser_session
from sqlmodel import col

from metstandard.common import clock, ids
from metstandard.common.errors import NotFound, NotYours
from metstandard.records.accounts import Appointment, KeptForm, Person
from metstandard.records.bodies import ReviewerProfile
from metstandard.records.reviews import Deputy
from metstandard.records.seats import HOLDING, Seat
from metstandard.web.shared.database import session
from metstandard.web.shared.kept import after_end_of_session

P = ParamSpec("P")
R = TypeVar("R")

PUBLIC = "public"
SIGNED_IN = "signed_in"
IN_POOL = "in_pool"
FRESH = timedelta(minutes=15)
_SECRET = ("password", "csrf", "token", "secret")


def open_to(*parts: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let in people who hold one of `parts` anywhere; the action still asks for the part in the record.

    `key` stands for every key and principal of any party, `signed_in` for everybody with an account.
    """

    def enter(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            person = g.get("person")
            if person is None:
                return _to_sign_in()  # type: ignore[return-value]
            if SIGNED_IN not in parts and not held() & set(parts):
                raise NotYours("This page is for others")
            return view(*args, **kwargs)

        guarded.audience = frozenset(parts)  # type: ignore[attr-defined]
        return guarded

    return enter


def open_to_public(view: Callable[P, R]) -> Callable[P, R]:
    """Let everybody in, without a cookie."""
    view.audience = frozenset({PUBLIC})  # type: ignore[attr-defined]
    return view


def held() -> frozenset[str]:
    """The parts that the signed-in person holds anywhere today; found once per request."""
    if "held" not in g:
        g.held = parts_anywhere(g.person)
    found: frozenset[str] = g.held
    return found


def _anywhere() -> sa.CompoundSelect[tuple[str]]:
    """One query for all parts, made once: every page asks it."""
    person, today = sa.bindparam("person", type_=sa.Integer), sa.bindparam("today", type_=sa.Date)
    parts = sa.select(col(Appointment.part)).where(
        col(Appointment.person_id) == person,
        col(Appointment.from_on) <= today,
        col(Appointment.until_on).is_(None) | (col(Appointment.until_on) >= today),
    )
    seat = sa.exists().where(col(Seat.person_id) == person, col(Seat.status).in_(HOLDING))
    deputy = sa.exists().where(col(Deputy.person_id) == person, col(Deputy.ended_on).is_(None))
    pool = sa.exists().where(col(ReviewerProfile.person_id) == person)
    return sa.union_all(
        parts,
        sa.select(sa.literal("reviewer")).where(seat),
        sa.select(sa.literal("deputy")).where(deputy),
        sa.select(sa.literal(IN_POOL)).where(pool),
    )


_ANYWHERE = _anywhere()


def parts_anywhere(person: Person) -> frozenset[str]:
    """Standing parts, `reviewer` for a seat on any panel, `deputy` for any deputyship, `key` for any party's key.

    `in_pool` is every reviewer who could be asked, seated or not.
    """
    if not person.active:
        return frozenset()
    given = {"person": person.key, "today": clock.today()}
    found = set(session().execute(_ANYWHERE, given).scalars())
    if any(part.endswith(("_key", "_principal")) for part in found):
        found.add("key")
    return frozenset(found)


def may_open(app: Flask, endpoint: str) -> bool:
    """Whether the present person may follow a link to an endpoint."""
    audience: Iterable[str] = getattr(app.view_functions.get(endpoint), "audience", ())
    if PUBLIC in audience:
        return True
    if g.get("person") is None:
        return False
    return SIGNED_IN in audience or bool(held() & set(audience))


def fresh() -> bool:
    """Whether the person has given the password within the last 15 minutes (security.md)."""
    at = browser_session.get("confirmed_at")
    return at is not None and clock.now().timestamp() - float(at) <= FRESH.total_seconds()


def confirm_first() -> Response | None:
    """Before a sign-off: None when the sign-in is recent, else the way to the page that asks for the password again.

    What was posted is kept and offered again afterwards.
    """
    if fresh():
        return None
    browser_session["kept"] = keep_form(g.person)
    return make_response(redirect(url_for("account.confirm", next=request.referrer and request.path)))


def keep_form(person: Person | None) -> str:
    """Keep what was posted, server-side, and give the token by which it is found again."""
    token = ids.token()
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(word in name.lower() for word in _SECRET)
    ]
    rows = session()
    rows.rollback()
    rows.add(
        KeptForm(
            token_hash=ids.token_hash(token), person_id=person.key if person else None, path=request.path,
            fields=json.dumps(fields),
        )
    )  # fmt: skip
    rows.commit()
    return token


def _to_sign_in() -> Response:
    if request.accept_mimetypes.best == "application/json":
        return make_response(jsonify({"error": "You are signed out. Sign in in another tab; we keep trying."}), 401)
    kept = after_end_of_session() if request.method == "POST" else None
    if kept is not None:
        return kept
    return make_response(redirect(url_for("account.sign_in", next=request.full_path.rstrip("?"))))


def found(record: R | None) -> R:
    """The record, or the same 404 for one that is not there and one that this person may not know of."""
    if record is None:
        raise NotFound("We could not find that page")
    return record


def register_access(app: Flask) -> None:
    """Know the person before each request, and refuse every route that declares no audience."""

    @app.before_request
    def know_person() -> None:
        from flask_login import current_user  # noqa: PLC0415 (a proxy bound to the request)

        user: Any = current_user._get_current_object() if current_user else None  # noqa: SLF001
        g.person = user if isinstance(user, Person) and user.active else None
        g.may_open = lambda endpoint: may_open(app, endpoint)

    @app.before_request
    def declared() -> None:
        endpoint = request.endpoint
        if endpoint is None or endpoint == "static":
            return
        if not hasattr(app.view_functions[endpoint], "audience"):
            raise NotFound("We could not find that page")
