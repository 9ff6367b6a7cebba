"""Flask-Security for accounts: its store, its password hashing (Argon2id) and its sign-in; the pages are our own."""

from __future__ import annotations

import secrets
from functools import cache
from typing import Any

from flask import Flask, g
from flask import session as browser_session
from flask_security import FSQLALiteUserDatastore, Security
from flask_security.utils import hash_password, login_user, logout_user, verify_password
from sqlmodel import Session, func, select

from metstandard.common import clock
from metstandard.records.accounts import Person, Role
from metstandard.web.shared.database import db
from metstandard.web.shared.limits import register_limits

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200


def register_security(app: Flask) -> None:
    """Configure Flask-Security without its blueprint. Sessions are the server's; no token, no remember-me cookie."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  the name of a scheme
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        # Argon2id salts by itself; a second, keyed hash would tie every password to the secret key.
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_PASSWORD_LENGTH_MIN=SHORTEST_PASSWORD,
        # The default factory is naive, and the first sign-in answers 500 (stack: verified by running it).
        SECURITY_DATETIME_FACTORY=clock.now,
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        # A change of address or browser does not end a session: trains and mobile networks change both.
        SESSION_PROTECTION=None,
    )
    Security(app, FSQLALiteUserDatastore(db, Person, Role), register_blueprint=False)
    # A token in an address or a header opens nothing.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    register_limits(app)


@cache
def _no_ones_password() -> str:
    """A hash that nothing matches: an unknown address costs as much time as a known one."""
    return str(hash_password(secrets.token_urlsafe(32)))


def hashed(password: str) -> str:
    """What is stored of a password (Argon2id)."""
    return str(hash_password(password))


def matches(person: Person | None, password: str) -> bool:
    """Whether the password is this person's; the same work for nobody, for the disabled and for the uninvited."""
    stored = person.password if person is not None and person.password and person.active else None
    right = bool(verify_password(password[:LONGEST_PASSWORD], stored or _no_ones_password()))
    return right and stored is not None


def person_of(rows: Session, email: str) -> Person | None:
    """The account of an address, whatever its capitals."""
    return rows.exec(select(Person).where(func.lower(Person.email) == email.strip().lower())).first()


def begin(person: Person) -> None:
    """Sign a person in: a new session token, nothing of the old session."""
    browser_session.clear()
    login_user(person)
    browser_session["person_id"] = person.key
    confirm()
    mine: Any = browser_session
    mine.rotate = True
    g.person = person
    g.pop("held", None)


def confirm() -> None:
    """Note that the person has just given the password."""
    browser_session["confirmed_at"] = clock.now().timestamp()


def finish() -> None:
    """Sign out: the session's row goes, its token is worthless from now on."""
    logout_user()
    browser_session.clear()
