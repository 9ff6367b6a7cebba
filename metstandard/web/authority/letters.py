"""Letters owed and sent; in the demonstration they are read here instead of in a mailbox."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from metstandard.common.errors import NotFound
from metstandard.common.settings import settings
from metstandard.queries import letters as reads
from metstandard.records.outbox import Letter
from metstandard.web.authority.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session

_STAFF = ("programme_officer", "administrator")
# The letter's own styles are inline, so its page has a policy of its own: nothing runs, nothing is fetched or framed.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'; "
    "sandbox allow-top-navigation-by-user-activation"
)


@door.get("/letters", endpoint="letters")
@open_to(*_STAFF)
def letters_page() -> str:
    """Every letter, newest first, filtered as the address says."""
    asked = {name: request.args.get(name, "").strip() for name in ("search", "status", "name")}
    number = request.args.get("page", "1")
    page = int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 1  # noqa: PLR2004
    names = [("", "Any"), *((name, name.replace("_", " ").capitalize()) for name in reads.names(session()))]
    return render_template(
        "pages/authority/letters.html", found=reads.letters(session(), **asked, page=page), chosen=asked, names=names
    )


@door.get("/letters/<int:number>")
@open_to(*_STAFF)
def letter(number: int) -> str:
    """One letter with its text; a text that opens an account is shown in the demonstration only."""
    one, to = found(reads.one(session(), number))
    return render_template("pages/authority/letter.html", letter=one, to=to, readable=_readable(one))


@door.get("/letters/<int:number>/html", endpoint="letter_html")
@open_to(*_STAFF)
def html_part(number: int) -> Response:
    """The HTML part as a mail program would show it."""
    one, _ = found(reads.one(session(), number))
    if not _readable(one):
        raise NotFound("We could not find that page")
    answer = make_response(one.html)
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer


def _readable(one: Letter) -> bool:
    return settings().demo or not reads.holds_a_secret(one)
