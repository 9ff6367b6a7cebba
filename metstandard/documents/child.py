"""The process that turns HTML into PDF, started by render.py and never by hand.

One font configuration lives as long as the process: a document costs a third of what a fresh one costs. Limits on
memory and CPU are set here; the clock on the wall is watched by the parent. wire.py says how the two talk.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import resource
import sys
from pathlib import Path

import pydyf
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from metstandard.documents.bundled import AssetRefused, asset
from metstandard.documents.fonts import printable
from metstandard.documents.wire import Reply, received, send

UA_IDENTIFIER = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


class BundledOnly(URLFetcher):  # type: ignore[misc]  # the library is untyped
    """Serves `asset:` addresses and stops the document for any other, so that no template can reach out unseen."""

    def __init__(self, places: tuple[Path, ...]) -> None:
        super().__init__(allowed_protocols={"asset"})
        self._places = places

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002 - theirs
        """The bundled file behind an address. Raises FatalURLFetchingError for everything else."""
        try:
            body, media_type = asset(url, self._places)
        except AssetRefused as refusal:
            raise FatalURLFetchingError(str(refusal)) from refusal
        return URLFetcherResponse(url, body, {"Content-Type": media_type})


def accessible(_document: weasyprint.Document, pdf: pydyf.PDF) -> None:
    """Name PDF/UA-1 beside PDF/A-3a in the metadata; PDF/A wants the schema of that name explained."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.extra.get("Type") == "/Metadata":
            item.stream = [item.stream[0].replace(b"</rdf:RDF>", UA_IDENTIFIER + b"</rdf:RDF>")]


class Incomplete(Exception):
    """The library left something out of a document and only logged it: a drawing, an alternative text, the language."""


class Complaints(logging.Handler):
    """Errors that the library logs instead of raising, even a lack of memory inside a drawing."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self.heard.append(record.getMessage())


class Press:
    """Makes one PDF after another. The same HTML gives the same bytes."""

    def __init__(self, places: tuple[Path, ...]) -> None:
        self._fonts = FontConfiguration()
        self._fetcher = BundledOnly(places)
        self._printable = printable(places)
        self._complaints = Complaints()
        weasyprint.LOGGER.addHandler(self._complaints)

    def pdf(self, html: str) -> bytes:
        """A PDF that is PDF/A-3a and PDF/UA-1 at once; its identifier is a hash of the HTML.

        Raises Incomplete rather than print a paper with something missing.
        """
        self._complaints.heard.clear()
        document = weasyprint.HTML(string=self._printable(html), base_url="asset:", url_fetcher=self._fetcher)
        made = document.write_pdf(
            pdf_variant="pdf/a-3a",
            pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
            font_config=self._fonts,
            finisher=accessible,
        )
        if self._complaints.heard:
            raise Incomplete("; ".join(self._complaints.heard))
        return bytes(made)


def limit(megabytes: int) -> None:
    """Address space of this process, and no core file: a document may be restricted."""
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_cpu(seconds: int) -> None:
    """CPU seconds from now on; beyond them the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def answer(press: Press, html: bytes) -> tuple[Reply, bytes]:
    """Reply and body for one document. Nothing that a document does may end the process without a word."""
    try:
        return Reply.PDF, press.pdf(html.decode())
    except MemoryError:
        return Reply.MEMORY, b""
    except (Exception, FatalURLFetchingError) as error:  # noqa: BLE001 - whatever it was, the parent names it
        return Reply.REFUSED, f"{type(error).__name__}: {error}".encode()


def main(order: str) -> None:
    """Serve documents until the parent closes the pipe. `order` is JSON: places, megabytes, cpu_seconds."""
    wanted = json.loads(order)
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up between two replies
    press = Press(tuple(Path(place) for place in wanted["places"]))
    limit(wanted["megabytes"])
    send(replies, Reply.READY.value)
    while (html := received(sys.stdin.buffer)) is not None:
        limit_cpu(wanted["cpu_seconds"])
        reply, body = answer(press, html)
        send(replies, reply.value + body)


if __name__ == "__main__":
    main(sys.argv[1])
