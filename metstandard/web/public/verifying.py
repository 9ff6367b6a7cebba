"""Whether a file that somebody shows is a paper of ours: the upload beside the field for a code."""

from __future__ import annotations

from contextlib import closing

from flask import current_app, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from metstandard.documents import signing, verifying
from metstandard.documents.standing import standing
from metstandard.web.public.door import door
from metstandard.web.shared import limits
from metstandard.web.shared.access import found, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.limits import limiter

_JUDGEMENTS = "10 per minute"
_ROOM = 64 * 1024  # what a form adds around the file


@door.record_once
def without_token(state: BlueprintSetupState) -> None:
    """A judgement needs no CSRF token: it changes nothing and knows nobody, and a token would need a cookie."""
    state.app.extensions["csrf"].exempt(f"{__name__}.verify_paper")


def papers_are_signed() -> bool:
    """Whether there is a key to judge files by."""
    chosen = current_app.config["METSTANDARD"]
    return signing.signs(chosen) or bool(chosen.signing_former)


@door.post("/verify")
@limiter.limit(_JUDGEMENTS, key_func=limits.address)
@open_to_public
def verify_paper() -> ResponseReturnValue:
    """The judgement of the file sent, which is read once and not kept."""
    found(papers_are_signed() or None)
    request.max_content_length = verifying.LARGEST + _ROOM
    if (request.content_length or 0) > request.max_content_length:
        raise RequestEntityTooLarge  # before any of it is read
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        page = render_template(
            "pages/public/verify.html", typed="", asked=False, signed=True, no_file=True, errors_on_page=True
        )
        return page, 422
    with closing(sent):
        body = sent.stream.read(verifying.LARGEST + 1)
    judgement = verifying.judge(body, trusted=signing.trusted(), standing=lambda paper: standing(session(), paper))
    return render_template("pages/public/judged.html", judgement=judgement)
