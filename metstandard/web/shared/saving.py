"""The end of an act in a browser: commit, say so on the next page, and go there with a fresh GET."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from metstandard.web.shared.database import session


def saved(said: str, endpoint: str, **values: Any) -> Response:
    """Commit and go to a page, where `said` is read once."""
    session().commit()
    flash(said, "success")
    return redirect(url_for(endpoint, **values), code=303)
