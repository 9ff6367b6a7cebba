"""Throttles: per account and per address, checked before the password is looked at.

The address is the connection's; forwarded headers count only from the proxies that the settings name. Each process
counts for itself: with several workers the true limit is that many times higher.
"""

from __future__ import annotations

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from metstandard.common.ids import token_hash

limiter = Limiter(
    key_func=get_remote_address,
    storage_uri="memory://",
    strategy="moving-window",
    headers_enabled=True,
    retry_after="delta-seconds",
)

# Every try counts for the account; only failures count for the address, since a whole office may share one.
SIGN_IN_PER_ACCOUNT = "10 per 15 minutes"
SIGN_IN_PER_ADDRESS = "60 per 15 minutes"
LETTERS_PER_ACCOUNT = "3 per hour"
LETTERS_PER_ADDRESS = "30 per hour"
LINKS_PER_ADDRESS = "60 per hour"


def typed_account() -> str:
    """The account that a form speaks of, known or not, as a key that reveals nothing."""
    return "account:" + token_hash(request.form.get("email", "").strip().lower())


def address() -> str:
    """The address that asks."""
    return "address:" + str(get_remote_address())


def failed(response: Response) -> bool:
    """Whether an attempt failed: a success leads on, a failure shows the page again."""
    return response.status_code not in {302, 303}


def register_limits(app: Flask) -> None:
    """Bind the throttles to the application, with counts of its own."""
    limiter.init_app(app)
