"""Sending a file: always an attachment, and what others uploaded never rendered by the browser."""

from __future__ import annotations

from flask import Response, make_response

from metstandard.common.errors import NotFound
from metstandard.queries.evidence import Item
from metstandard.records import files


def evidence_file(item: Item) -> Response:
    """The stored bytes under the name that was sent, with a policy that lets nothing in it run."""
    if item.file is None:
        raise NotFound("This item has no file")
    answer = make_response(files.content_of(item.file))
    answer.headers["Content-Type"] = item.file.media_type
    answer.headers.set("Content-Disposition", "attachment", filename=files.safe_name(item.evidence.file_name))
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def attachment(body: bytes, media_type: str, name: str) -> Response:
    """A file to keep, under a name of ours."""
    answer = make_response(body)
    answer.headers["Content-Type"] = media_type
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
