"""Why a document could not be made: closed words, so that pages and logs say the same thing."""

from __future__ import annotations

from enum import StrEnum

from metstandard.common.errors import MetStandardError


class Failure(StrEnum):
    """What went wrong in the process that renders."""

    CRASHED = "crashed"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    REFUSED = "refused"


_SENTENCES = {
    Failure.CRASHED: "The document could not be made: the process that renders it stopped.",
    Failure.TOO_SLOW: "The document could not be made: rendering took longer than is allowed.",
    Failure.TOO_LARGE: "The document could not be made: rendering needed more memory than is allowed.",
    Failure.REFUSED: "The document could not be made: its content was refused.",
}


class RenderFailed(MetStandardError):
    """A PDF could not be made. The next document gets a fresh process; nothing needs to be restarted by hand.

    `why` is a closed word; `detail` is for the log of the operator and may name an address or an exception.
    """

    def __init__(self, why: Failure, detail: str = "") -> None:
        super().__init__(_SENTENCES[why])
        self.why = why
        self.detail = detail
