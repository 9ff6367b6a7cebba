"""Every public page by its address, for search engines: nothing is in it that the pages themselves do not show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask import Response, make_response, url_for

from metstandard.common import clock
from metstandard.documents import feed
from metstandard.queries import register as reads
from metstandard.queries import roll
from metstandard.web.public.door import door
from metstandard.web.public.formats import FRESH
from metstandard.web.shared.access import open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.headers import cacheable

PAGES = (
    "home", "register", "roll", "events", "verify", "other_formats", "easy_read", "contact", "ask_format", "languages",
    "accessibility", "privacy", "help_page",
)  # fmt: skip


@door.get("/sitemap.xml")
@open_to_public
def sitemap() -> Response:
    """The standing pages, every certificate with its unit, every award and every day of an announcement."""
    cacheable(FRESH)
    answer = make_response(feed.sitemap(_places()))
    answer.headers["Content-Type"] = "application/xml; charset=utf-8"
    return answer


def _places() -> Iterator[tuple[str, date | None]]:
    for page in PAGES:
        yield url_for(f"public.{page}", _external=True), None
    units: dict[str, date] = {}
    days: dict[date, date] = {}
    for entry in reads.register(session(), sort="number"):
        day = clock.local_date(entry.changed_at)
        yield url_for("public.certificate", number=entry.certificate.title, _external=True), day
        units[entry.unit.code] = max(day, units.get(entry.unit.code, day))
    for code, day in units.items():
        yield url_for("public.register_unit", code=code, _external=True), day
    for one in roll.public(session()):
        changed = clock.local_date(one.changed_at)
        yield url_for("public.award", number=one.number, _external=True), changed
        days[one.day] = max(changed, days.get(one.day, changed))
    for announced, day in days.items():
        yield url_for("public.announcement", day=announced.isoformat(), _external=True), day
