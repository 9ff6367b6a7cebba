"""Atom feeds (RFC 4287) and sitemaps, as XML that cannot be broken by what people type."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from xml.etree import ElementTree as ET

from metstandard.common.characters import one_line
from metstandard.documents.listing import Line, Listing

MEDIA_TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST = 200
AUTHOR = "The Met Standard programme"

ET.register_namespace("", ATOM)


def atom(listing: Listing, *, own_address: str) -> bytes:
    """The lines that changed last, newest first. The address of a line's page is its identity for ever."""
    feed = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en-GB"})
    _text(feed, "title", listing.title)
    _text(feed, "subtitle", listing.summary)
    _text(feed, "id", listing.address)
    _text(feed, "updated", listing.changed_at.isoformat())
    _text(ET.SubElement(feed, f"{{{ATOM}}}author"), "name", AUTHOR)
    ET.SubElement(feed, f"{{{ATOM}}}link", {"rel": "self", "type": MEDIA_TYPE, "href": own_address})
    ET.SubElement(feed, f"{{{ATOM}}}link", {"rel": "alternate", "type": "text/html", "href": listing.address})
    for line in sorted(listing.lines, key=lambda one: one.changed_at, reverse=True)[:MOST]:
        _entry(feed, line)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(feed: ET.Element, line: Line) -> None:
    entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
    _text(entry, "title", line.title)
    _text(entry, "id", line.address)
    _text(entry, "updated", line.changed_at.isoformat())
    ET.SubElement(entry, f"{{{ATOM}}}link", {"rel": "alternate", "type": "text/html", "href": line.address})
    _text(entry, "summary", line.summary)


def _text(parent: ET.Element, name: str, text: str) -> None:
    """Plain text: `type` is not given, so a reader shows mark-up as the characters that were typed."""
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = one_line(text)


def sitemap(places: Iterable[tuple[str, date | None]]) -> bytes:
    """Addresses with the day of their last change where that is known."""
    found = ET.Element("urlset", {"xmlns": SITEMAP})
    for address, changed in places:
        url = ET.SubElement(found, "url")
        ET.SubElement(url, "loc").text = one_line(address)
        if changed is not None:
            ET.SubElement(url, "lastmod").text = changed.isoformat()
    return bytes(ET.tostring(found, encoding="utf-8", xml_declaration=True))
