"""Whose nomination an address opens: that of a link from a letter, or of the account that made it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import abort, g, redirect, request, url_for

from metstandard.actions.recognition import links
from metstandard.common.errors import Invalid
from metstandard.queries import nominations as reads
from metstandard.records.accounts import Person
from metstandard.records.recognition import Nomination
from metstandard.web.shared.access import found
from metstandard.web.shared.database import session
from metstandard.web.shared.languages import gettext, marked

_REFERENCE = re.compile(r"N-[0-9A-Z]{4}-[0-9A-Z]{4}")
UNSENT = ("draft", "returned")

# What actions say to the public, for the catalogues.
SAID = (
    marked("Choose a category of this award"),
    marked("Choose a kind of nominee of this award"),
    marked("Choose a service"),
    marked("Choose an award"),
    marked("Enter the date"),
    marked("Enter the name"),
    marked("Enter the name of the team"),
    marked("Enter this answer"),
    marked("Enter your name"),
    marked("A nominee cannot second the nomination"),
    marked("Name a seconder from another unit or body"),
    marked("Name a seconder from another unit or body than the nominee and the nominator"),
    marked("Name at least two members of the team"),
    marked("Name the nominee"),
    marked("Nobody nominates themselves"),
    marked("The date must be today or in the past"),
    marked("The last day must be on or after the first day"),
    marked("A seconder comes from another unit than the nominee and the nominator"),
    marked("The nomination has changed since this page was opened. Read it again"),
    marked("Use 100 words or fewer"),
    marked("Use 750 words or fewer"),
    marked("The seconder has confirmed this nomination already"),
    marked("This answer is not complete"),
    marked("You cannot second your own nomination"),
)


@dataclass(frozen=True)
class Held:
    """A nomination opened by its nominator. `by` is None for somebody who came by a link, `key` what opened it."""

    nomination: Nomination
    by: Person | None
    key: str

    @property
    def unsent(self) -> bool:
        """Whether it may still be written to."""
        return self.nomination.state in UNSENT


def held(key: str) -> Held:
    """The nomination that an address opens for its nominator. Raises NotFound for any other address."""
    person: Person | None = g.get("person")
    if _REFERENCE.fullmatch(key):
        if person is None:
            abort(redirect(url_for("account.sign_in", next=request.path)))
        return Held(found(reads.for_nominator(session(), person, key)), person, key)
    link = found(links.opened(session(), key, "nominator"))
    one = session().get_one(Nomination, link.nomination_id)
    return Held(one, person if person is not None and person.key == one.nominator_id else None, key)


def translated(error: Invalid) -> Invalid:
    """An action's refusal in the language of the page."""
    return Invalid(gettext(error.sentence), field=error.field)
