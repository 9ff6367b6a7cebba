"""How pages are made: where templates are found, what every page knows, what an unknown name does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader, Undefined
from jinja2.utils import missing

from metstandard.common import clock, words
from metstandard.web.shared import navigation
from metstandard.web.shared.filters import register_filters
from metstandard.web.shared.forms import problems, typed_values
from metstandard.web.shared.headers import csp_nonce
from metstandard.web.shared.kept import whose_form
from metstandard.web.shared.languages import addresses, gettext, marked, query_values, speak_languages

STATIC = Path(__file__).resolve().parent.parent / "static"
OWN_TEMPLATES = Path(__file__).resolve().parent.parent.parent.parent / "templates"
DEMO_STEPS = (
    (1, marked("1 day")),
    (7, marked("1 week")),
    (14, marked("2 weeks")),
    (31, marked("1 month")),
    (183, marked("6 months")),
)


class Unknown(Undefined):
    """Refuses to be printed when a page misspells a name. A missing key of a dict is blank: GOV.UK's macros need it."""

    def __str__(self) -> str:
        if self._undefined_obj is missing or not isinstance(self._undefined_obj, dict):
            self._fail_with_undefined_error()
        return ""


def template_loader(folders: list[Path]) -> BaseLoader:
    """Pages from the organisation's own folder first, then ours; GOV.UK's macros under their package's name."""
    return ChoiceLoader(
        [
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            *(FileSystemLoader(folder) for folder in folders),
        ],
    )


@cache
def _fingerprint(name: str, changed: int) -> str:
    """The first digits of a file's hash; `changed` makes an edit count while one develops."""
    del changed
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file with its fingerprint, so that browsers may keep it for ever."""
    return url_for("static", filename=name, v=_fingerprint(name, (STATIC / name).stat().st_mtime_ns))


def url_with(**changes: str | int | None) -> str:
    """The address of this page with some query values changed; None takes one away. Filters thus stay."""
    values: dict[str, Any] = {**query_values(), **(request.view_args or {})}
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    return url_for(request.endpoint or "static", **values)


def sort_state(key: str) -> str:
    """The `aria-sort` of a column: the address says `?sort=key` or `?sort=-key`."""
    chosen = request.args.get("sort", "")
    return {key: "ascending", f"-{key}": "descending"}.get(chosen, "none")


def sort_url(key: str) -> str:
    """The address that sorts by a column, the other way round when it already does; back to the first page."""
    return url_with(sort=f"-{key}" if sort_state(key) == "ascending" else key, page=None)


def whole_context(app: Flask) -> dict[str, Any]:
    """What every page knows: door, navigation, person, marking, demonstration."""
    door = navigation.door_of_request()
    context: dict[str, Any] = {
        "door": door,
        "door_name": gettext(navigation.DOORS[door]),
        "languages": addresses(app) if door == "public" else [],
        "marking": "" if door == "public" or g.get("person") is None else "OFFICIAL",
        "navigation": [],
        "second_row": [],
        "other_doors": [],
        "person": None,
        "demo": _demo(app),
    }
    if not g.get("bare_page"):
        may_open: Callable[[str], bool] = g.get("may_open", lambda _endpoint: False)
        context["navigation"] = navigation.links(door, may_open=may_open)
        context["second_row"] = navigation.second_row(door, may_open=may_open)
        context["person"] = g.get("person")
        if context["person"] is not None:
            context["other_doors"] = navigation.other_doors(door, may_open=may_open)
    return context


def _demo(app: Flask) -> dict[str, Any] | None:
    if not app.config.get("METSTANDARD_DEMO"):
        return None
    return {"now": words.moment(clock.now()), "steps": DEMO_STEPS}


def prepare_pages(app: Flask, templates: Path) -> None:
    """Give the application its loader, filters and the names that every template may use. `templates` comes first."""
    folders = [templates] if templates.resolve() == OWN_TEMPLATES else [templates, OWN_TEMPLATES]
    app.jinja_options = {**app.jinja_options, "undefined": Unknown}
    speak_languages(app)
    environment = app.jinja_env
    environment.loader = template_loader([folder for folder in folders if folder.is_dir()])
    environment.undefined = Unknown
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.update(
        asset=asset,
        csp_nonce=csp_nonce,
        problems=problems,
        typed_values=typed_values,
        url_with=url_with,
        sort_state=sort_state,
        sort_url=sort_url,
        whose_form=whose_form,
    )
    register_filters(app)
    app.context_processor(lambda: whole_context(app))
