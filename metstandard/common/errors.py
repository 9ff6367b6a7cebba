"""Every refusal of the product has a name here; only the web's error pages and the command line catch them."""

from __future__ import annotations

from pathlib import Path


class MetStandardError(Exception):
    """Anything the product refuses by name. `str(error)` is a plain sentence fit for a person to read."""


class NotNow(MetStandardError):
    """The workflow does not allow this act in the present state, or one of its guards does not hold (409)."""


class NotYours(MetStandardError):
    """This person plays no part that may do this (403)."""


class NotFound(MetStandardError):
    """No such record, or none that this person may know of (404)."""


class Stale(MetStandardError):
    """Somebody else changed the same thing since this person read it (409).

    `mine` and `theirs` hold both versions, so that the page can show them and nothing typed is lost.
    """

    def __init__(self, message: str, *, mine: object = None, theirs: object = None) -> None:
        super().__init__(message)
        self.mine = mine
        self.theirs = theirs


class StoreAway(MetStandardError):
    """The store of files does not answer, is full, or gives back something else than was put in (503)."""


class Invalid(MetStandardError):
    """A value that cannot be accepted: names the field, and the rule where there is one (422)."""

    def __init__(self, message: str, *, field: str = "", rule: str = "") -> None:
        super().__init__(f"{message} ({rule})" if rule else message)
        self.field = field
        self.rule = rule
        self.sentence = message


class RuleBroken(Invalid):
    """A rule of docs/rules.md forbids it: `rule` is its id, such as COI-1."""


class BadFile(MetStandardError):
    """A workflow, rubric or import file is wrong: `str()` is `FILE:LINE: what is wrong`."""

    def __init__(self, message: str, *, file: Path | str, line: int | None = None) -> None:
        place = f"{file}:{line}" if line else f"{file}"
        super().__init__(f"{place}: {message}")
        self.file = str(file)
        self.line = line
        self.sentence = message


class BadSetting(MetStandardError):
    """A setting is missing or unsafe: names the environment variable."""
