"""The start page, and the pages that every public site owes its readers."""

from __future__ import annotations

from flask import Response, current_app, make_response, render_template, url_for

from metstandard.queries import register as reads
from metstandard.rules.editions import newest_workflow
from metstandard.web.public.door import door
from metstandard.web.public.formats import FRESH
from metstandard.web.shared.access import open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.headers import cacheable

_PRIVATE = (
    "/authority/", "/reviewers/", "/units/", "/account", "/to/", "/sign-in", "/demo", "/nominations/", "/second/",
    "/consent/",
)  # fmt: skip


@door.get("/")
@open_to_public
def home() -> str:
    """What the Met Standard is, and where to go."""
    cacheable(FRESH)
    return render_template("pages/public/home.html", figures=reads.figures(session()))


@door.get("/accessibility")
@open_to_public
def accessibility() -> str:
    """How accessible the site is, and what is not."""
    cacheable(FRESH)
    return render_template("pages/public/accessibility.html")


@door.get("/privacy")
@open_to_public
def privacy() -> str:
    """What is kept about people, and the one cookie."""
    cacheable(FRESH)
    return render_template(
        "pages/public/privacy.html",
        enquiry_months=current_app.config["METSTANDARD"].enquiry_months,
        nomination_months=newest_workflow("nomination")[0].number("D2-retention"),
    )


@door.get("/help")
@open_to_public
def help_page() -> str:
    """Short answers for every kind of reader."""
    cacheable(FRESH)
    return render_template(
        "pages/public/help.html", upload_megabytes=current_app.config["METSTANDARD"].upload_megabytes
    )


@door.get("/robots.txt")
@open_to_public
def robots() -> Response:
    """The register may be indexed; nothing behind a sign-in."""
    cacheable(FRESH)
    closed = "".join(f"Disallow: {path}\n" for path in _PRIVATE)
    answer = make_response(f"User-agent: *\n{closed}\nSitemap: {url_for('public.sitemap', _external=True)}\n")
    answer.headers["Content-Type"] = "text/plain; charset=utf-8"
    return answer
