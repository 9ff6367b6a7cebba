"""What happens inside the child, without the pipes: whatever a document does becomes a reply."""

from __future__ import annotations

import io

import pytest

from metstandard.documents import assets
from metstandard.documents.child import Press, answer
from metstandard.documents.wire import Reply, received, send
from tests.documents import reading

# The library leaves its colour profile to the garbage collector to close.
pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014.icc:pytest.PytestUnraisableExceptionWarning")
PAGE = '<html lang="en-GB"><title>A page</title><p>One line{}.</p></html>'


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(assets.folders())


def test_a_page_becomes_a_pdf(press: Press) -> None:
    reply, body = answer(press, PAGE.format("").encode())
    assert (reply, reading.text(body)) == (Reply.PDF, "One line.")


def test_the_metadata_names_both_standards_and_no_moment(press: Press) -> None:
    _, body = answer(press, PAGE.format("").encode())
    metadata = reading.metadata(body)
    assert 'pdfaid:part="3" pdfaid:conformance="A"' in metadata
    assert 'pdfuaid:part="1"' in metadata
    assert "Date>" not in metadata


def test_an_address_that_is_not_bundled_is_a_refusal_and_the_next_page_works(press: Press) -> None:
    asking = PAGE.format('<img src="http://127.0.0.1:9/x.png" alt="x">')
    assert answer(press, asking.encode()) == (
        Reply.REFUSED,
        b"FatalURLFetchingError: http://127.0.0.1:9/x.png is not a bundled asset",
    )
    assert answer(press, PAGE.format("").encode())[0] is Reply.PDF


def test_bytes_that_are_no_text_are_a_refusal(press: Press) -> None:
    reply, body = answer(press, b"\xff")
    assert (reply, body[:18]) == (Reply.REFUSED, b"UnicodeDecodeError")


def test_a_lack_of_memory_is_named(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_html: str) -> bytes:
        raise MemoryError

    monkeypatch.setattr(press, "pdf", full)
    assert answer(press, b"") == (Reply.MEMORY, b"")


def test_a_message_is_whole_or_none() -> None:
    stream = io.BytesIO()
    send(stream, b"four")
    send(stream, b"")
    whole = stream.getvalue()
    stream.seek(0)
    assert (received(stream), received(stream), received(stream)) == (b"four", b"", None)
    assert received(io.BytesIO(whole[:6])) is None
    assert received(io.BytesIO(whole[:2])) is None
