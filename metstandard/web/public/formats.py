"""A list of the public door in every format: page, PDF, large print, Word, JSON, CSV and Atom feed.

`offer()` gives a list its files once; each keeps the filters of the page's address. No file sets a cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Response, jsonify, make_response, request, url_for

from metstandard.documents import feed, sheet, word
from metstandard.documents.listing import Listing, as_csv, as_data, as_sheet
from metstandard.documents.sheet import Sheet
from metstandard.documents.store import kept
from metstandard.web.public.conditional import changed
from metstandard.web.public.door import door
from metstandard.web.shared import limits
from metstandard.web.shared.access import open_to_public
from metstandard.web.shared.downloads import attachment
from metstandard.web.shared.headers import cacheable
from metstandard.web.shared.languages import gettext
from metstandard.web.shared.limits import limiter
from metstandard.web.shared.papers import pdf_file

FRESH = 60  # seconds for which a shared cache may keep what the public door says
PAPERS_PER_ADDRESS = "60 per minute"  # a file that no cache holds yet costs a rendering
LARGE = "large"
LONGEST = 100  # letters of a filter that are looked at


@dataclass(frozen=True)
class Offer:
    """A link to the same list or paper in another format."""

    text: str
    href: str


def offer(path: str, endpoint: str, make: Callable[[], Listing], *, dated: bool = True) -> None:
    """Give the list at `path` its files: `path`.json and so on, with endpoints such as `register_json`.

    `dated`: the list says when it last changed. One from which lines may vanish says it by its ETag alone.
    """
    for form, answer in ANSWERS.items():
        view = _view(make, answer, dated=dated)
        if form in _RENDERED:
            view = limiter.limit(PAPERS_PER_ADDRESS, key_func=limits.address)(view)
        door.add_url_rule(f"{path}.{form}", f"{endpoint}_{form}", open_to_public(view), methods=["GET"])


def _view(make: Callable[[], Listing], answer: Callable[[Listing], Response], *, dated: bool) -> Callable[[], Response]:
    def view() -> Response:
        cacheable(FRESH)
        listing = make()
        changed(listing.changed_at if dated else None)
        return answer(listing)

    # The limiter counts by the name of a view.
    view.__name__ = view.__qualname__ = f"{answer.__name__}_{make.__name__}"
    return view


def chosen(filters: tuple[str, ...]) -> dict[str, str]:
    """The filters that the address uses, and nothing else of it."""
    return {name: request.args[name][:LONGEST] for name in filters if request.args.get(name)}


def offers(endpoint: str, filters: tuple[str, ...]) -> list[Offer]:
    """The links that a list's page shows, each with the filters of this address."""
    asked: dict[str, Any] = dict(chosen(filters))
    links: list[tuple[str, str, dict[str, Any]]] = [
        (gettext("PDF"), "pdf", {}),
        (gettext("PDF in large print"), "pdf", {"print": LARGE}),
        (gettext("Word"), "docx", {}),
        (gettext("CSV"), "csv", {}),
        (gettext("JSON"), "json", {}),
        (gettext("Atom feed"), "atom", {}),
    ]
    return [Offer(text, url_for(f"public.{endpoint}_{form}", **asked, **more)) for text, form, more in links]


def sheet_pdf(made: Sheet, name: str) -> Response:
    """A plain paper as PDF; in large print where the address says `print=large`."""
    large = request.args.get("print") == LARGE
    return pdf_file(kept(sheet.html(made, large=large)), f"{name}-large-print" if large else name)


def sheet_docx(made: Sheet, name: str) -> Response:
    """A plain paper as Word file."""
    return attachment(word.docx(made), word.MEDIA_TYPE, f"{name}.docx")


def _pdf(listing: Listing) -> Response:
    return sheet_pdf(as_sheet(listing), listing.word)


def _docx(listing: Listing) -> Response:
    return sheet_docx(as_sheet(listing), listing.word)


def _json(listing: Listing) -> Response:
    return jsonify(as_data(listing))


def _csv(listing: Listing) -> Response:
    return attachment(as_csv(listing), "text/csv; charset=utf-8", f"{listing.word}.csv")


def _atom(listing: Listing) -> Response:
    query = urlsplit(listing.address).query
    address = url_for(request.endpoint or "", _external=True) + (f"?{query}" if query else "")
    answer = make_response(feed.atom(listing, own_address=address))
    answer.headers["Content-Type"] = f"{feed.MEDIA_TYPE}; charset=utf-8"
    return answer


ANSWERS: dict[str, Callable[[Listing], Response]] = {
    "pdf": _pdf,
    "docx": _docx,
    "json": _json,
    "csv": _csv,
    "atom": _atom,
}
_RENDERED = {"pdf", "docx"}
