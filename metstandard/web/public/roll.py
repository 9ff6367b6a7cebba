"""The roll of honour: the list, one award, the announcement of a day, the events; all of it from queries/roll.py."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from metstandard.common import clock, words
from metstandard.common.errors import NotFound
from metstandard.documents import citation, sheet
from metstandard.documents import events as calendars
from metstandard.documents.badged import issues
from metstandard.documents.listing import Line, Listing
from metstandard.documents.sheet import Sheet
from metstandard.documents.store import kept
from metstandard.queries import roll as reads
from metstandard.queries.roll import Entry
from metstandard.web.public.door import door
from metstandard.web.public.formats import (
    FRESH,
    LONGEST,
    PAPERS_PER_ADDRESS,
    chosen,
    offer,
    offers,
    sheet_docx,
    sheet_pdf,
)
from metstandard.web.shared import limits
from metstandard.web.shared.access import found, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.downloads import attachment
from metstandard.web.shared.headers import cacheable
from metstandard.web.shared.limits import limiter
from metstandard.web.shared.papers import pdf_file

PAGE = 50
FILTERS = ("search", "year", "scheme", "category", "body", "sort")
FIELDS = (
    "number", "status", "scheme", "scheme_title", "category", "category_title", "names", "team", "organisations",
    "posthumous", "year", "announced_at", "changed_at", "text", "citation", "url",
)  # fmt: skip
NOT_NAMED = "Not named"
_REVOKED = "This award was revoked."


def _entries() -> list[Entry]:
    return reads.roll(session(), **{name: request.args.get(name, "")[:LONGEST] for name in FILTERS})


@door.get("/roll")
@open_to_public
def roll() -> str:
    """Everybody who was honoured, the newest first."""
    cacheable(FRESH)
    entries, every = _entries(), reads.public(session())
    pages = max(1, -(-len(entries) // PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "pages/public/roll.html",
        entries=entries[(page - 1) * PAGE : page * PAGE],
        count=len(entries),
        years=sorted({str(one.year) for one in every}, reverse=True),
        schemes=sorted({(one.scheme, one.scheme_title) for one in every}, key=lambda one: one[1]),
        categories=sorted({(one.category, one.category_title) for one in every}, key=lambda one: one[1]),
        chosen={name: request.args.get(name, "")[:LONGEST] for name in FILTERS},
        offers=offers("roll", FILTERS),
        page=page,
        pages=pages,
    )


def facts_of(one: Entry) -> dict[str, Any]:
    """What is public of one award, for machines."""
    return {name: getattr(one, name) for name in FIELDS if name not in {"announced_at", "changed_at", "url"}} | {
        "names": list(one.names),
        "organisations": list(one.organisations),
        "announced_at": one.announced_at.isoformat(),
        "changed_at": one.changed_at.isoformat(),
        "url": url_for("public.award", number=one.number, _external=True),
    }


def _line(one: Entry) -> Line:
    who = _REVOKED if one.revoked else one.who or NOT_NAMED
    kind = f"{one.scheme_title}: {one.category_title}"
    return Line(
        facts=facts_of(one),
        words=(one.number, who, one.scheme_title, one.category_title, ", ".join(one.organisations), words.day(one.day)),
        title=f"{kind}, {who}" if not one.revoked else f"{kind}, {one.number}",
        summary=_REVOKED if one.revoked else one.text,
        address=url_for("public.award", number=one.number, _external=True),
        changed_at=one.changed_at,
    )


def listing() -> Listing:
    """The awards that the address asks for, for every format."""
    return Listing(
        word="roll",
        many="awards",
        title="Roll of honour",
        summary="People, teams and partners who were honoured, with what they did.",
        address=url_for("public.roll", _external=True, **chosen(FILTERS)),
        fields=FIELDS,
        columns=("Award", "Who", "Scheme", "Category", "Unit or organisation", "Announced on"),
        none="No award passes this search.",
        lines=tuple(_line(one) for one in _entries()),
        changed_at=max((one.changed_at for one in reads.public(session())), default=clock.at_local(clock.today(), 0)),
    )


offer("/roll", "roll", listing, dated=False)


def _found(number: str) -> Entry:
    return found(reads.by_number(session(), number))


@door.get("/awards/<number>")
@open_to_public
def award(number: str) -> ResponseReturnValue:
    """One award; a revoked one says so and names nobody."""
    cacheable(FRESH)
    entry = _found(number)
    if number != entry.number:
        return redirect(url_for("public.award", number=entry.number), code=301)
    badges = issues(current_app.config["METSTANDARD"]) and not entry.revoked
    return render_template("pages/public/award.html", entry=entry, badges=badges)


@door.get("/awards/<number>.json")
@open_to_public
def award_json(number: str) -> Response:
    """The same facts for machines."""
    cacheable(FRESH)
    return jsonify(facts_of(_found(number)))


@door.get("/awards/<number>.pdf")
@limiter.limit(PAPERS_PER_ADDRESS, key_func=limits.address)
@open_to_public
def award_pdf(number: str) -> Response:
    """The certificate with its citation, signed where this installation signs."""
    cacheable(FRESH)
    entry = _found(number)
    page = citation.html(citation.paper(entry))
    return pdf_file(kept(page, identity=citation.identity(entry)), f"award-{entry.number}")


@door.get("/awards/<number>.docx")
@limiter.limit(PAPERS_PER_ADDRESS, key_func=limits.address)
@open_to_public
def award_docx(number: str) -> Response:
    """What the award's page says, as Word file."""
    cacheable(FRESH)
    entry = _found(number)
    return sheet_docx(award_sheet(entry), f"award-{entry.number}")


@door.get("/awards/<number>/large-print.pdf")
@limiter.limit(PAPERS_PER_ADDRESS, key_func=limits.address)
@open_to_public
def award_large_print(number: str) -> Response:
    """What the award's page says, in large print."""
    cacheable(FRESH)
    entry = _found(number)
    return pdf_file(kept(sheet.html(award_sheet(entry), large=True)), f"award-{entry.number}-large-print")


def award_sheet(one: Entry) -> Sheet:
    """One award as a plain paper."""
    facts = (
        ("Award", one.number),
        ("Scheme", one.scheme_title),
        ("Category", one.category_title),
        ("Names", "\n".join(one.names) or NOT_NAMED),
        ("Team or body", one.team),
        ("Unit or organisation", "\n".join(one.organisations)),
        ("Announced on", words.day(one.day)),
    )
    return Sheet(
        title=f"{one.scheme_title}: award {one.number}",
        dated=clock.today(),
        lead=(_REVOKED if one.revoked else one.text,),
        closing=(one.citation,) if one.citation else (),
        facts=tuple(fact for fact in facts if fact[1] and not (one.revoked and fact[0] == "Names")),
        address=url_for("public.award", number=one.number, _external=True),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound("We could not find that page") from None


def _announced(day: str) -> tuple[date, list[Entry]]:
    when = _day(day)
    entries = reads.announced_on(session(), when)
    if not entries or day != when.isoformat():
        raise NotFound("We could not find that page")
    return when, entries


@door.get("/announcements/<day>")
@open_to_public
def announcement(day: str) -> str:
    """What was announced on one day."""
    cacheable(FRESH)
    when, entries = _announced(day)
    return render_template("pages/public/announcement.html", day=when, entries=entries)


@door.get("/announcements/<day>.pdf")
@limiter.limit(PAPERS_PER_ADDRESS, key_func=limits.address)
@open_to_public
def announcement_pdf(day: str) -> Response:
    """The announcement as a paper; in large print with `print=large`."""
    cacheable(FRESH)
    return sheet_pdf(*_announcement_sheet(day))


@door.get("/announcements/<day>.docx")
@limiter.limit(PAPERS_PER_ADDRESS, key_func=limits.address)
@open_to_public
def announcement_docx(day: str) -> Response:
    """The announcement as Word file."""
    cacheable(FRESH)
    return sheet_docx(*_announcement_sheet(day))


def _announcement_sheet(day: str) -> tuple[Sheet, str]:
    when, entries = _announced(day)
    made = Sheet(
        title=f"Awards announced on {words.day(when)}",
        dated=clock.today(),
        lead=("These awards honour people, teams and partners for what they did.",),
        columns=("Award", "Who", "Scheme and category", "For what"),
        rows=[
            (
                one.number,
                "" if one.revoked else one.who or NOT_NAMED,
                f"{one.scheme_title}: {one.category_title}",
                _REVOKED if one.revoked else one.text,
            )
            for one in entries
        ],
        address=url_for("public.announcement", day=day, _external=True),
    )
    return made, f"announcement-{when.isoformat()}"


@door.get("/events")
@open_to_public
def events() -> str:
    """Where and when awards are presented."""
    cacheable(FRESH)
    now = clock.now()
    every = reads.events(session())
    return render_template(
        "pages/public/events.html",
        ahead=[one for one in every if one.ends_at >= now],
        past=[one for one in reversed(every) if one.ends_at < now],
    )


@door.get("/events.ics")
@open_to_public
def events_ics() -> Response:
    """The same events for a calendar."""
    cacheable(FRESH)
    body = calendars.ics(reads.events(session()), address=url_for("public.events", _external=True))
    return attachment(body, f"{calendars.MEDIA_TYPE}; charset=utf-8", "events.ics")
