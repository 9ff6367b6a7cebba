"""How letters come: each at once, or one a day."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from metstandard.actions import accounts
from metstandard.common.settings import settings
from metstandard.web.account.door import door
from metstandard.web.account.forms import HowLettersCome
from metstandard.web.shared.access import SIGNED_IN, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.saving import accepted, saved


@door.route("/account/letters", methods=["GET", "POST"])
@open_to(SIGNED_IN)
def how_letters_come() -> ResponseReturnValue:
    """Choose; what cannot wait comes at once either way."""
    form = HowLettersCome(data={"daily": "day" if g.person.daily_digest else "once"})
    if accepted(form, lambda: accounts.choose_letters(session(), g.person, daily=form.daily.data == "day")):
        return saved("Your choice is kept.", "account.home")
    page = render_template("pages/account/letters.html", form=form, hour=settings().daily_letter_hour)
    return (page, 422) if form.errors else page
