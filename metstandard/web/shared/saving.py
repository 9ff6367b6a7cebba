"""The end of an act in a browser: refused beside its field, or committed, said on the next page, and a fresh GET."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from metstandard.common.errors import Invalid
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form


def accepted(form: Form, act: Callable[[], object]) -> bool:
    """Whether a posted form is valid and its act was done. Nothing is left of a refused one but the words beside it."""
    if not form.validate_on_submit():
        return False
    try:
        act()
    except Invalid as wrong:
        session().rollback()
        form.refuse(wrong)
        return False
    return True


def saved(said: str, endpoint: str, **values: Any) -> Response:
    """Commit and go to a page, where `said` is read once."""
    session().commit()
    flash(said, "success")
    return redirect(url_for(endpoint, **values), code=303)
