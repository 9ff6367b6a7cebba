"""The press check, the embargo, and the list of what will be announced when."""

from __future__ import annotations

from datetime import datetime

from flask import g, render_template
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from metstandard.actions.recognition import announcing
from metstandard.common import clock
from metstandard.queries import announcements as lists
from metstandard.records.recognition import Consent, Nomination
from metstandard.web.authority.door import door
from metstandard.web.authority.recognition.viewing import OFFICER, frame, seen
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.fields import DateParts
from metstandard.web.shared.forms import Form
from metstandard.web.shared.saving import accepted, saved

PRESS = "press_officer"


class WordsForm(Form):
    """What will be said in public."""

    words = TextAreaField(
        "Words of the announcement",
        [InputRequired("Enter the words of the announcement"), Length(max=announcing.LONGEST)],
        description="Name only those listed above as named.",
    )


class EmbargoForm(Form):
    """The moment before which nothing is public."""

    until = DateParts("Last day of the embargo", [InputRequired("Enter the day on which the embargo ends")])
    time = StringField(
        "Time in London",
        [InputRequired("Enter the time"), Regexp(r"^([01]?\d|2[0-3]):[0-5]\d$", message="Enter a time such as 09:30")],
        description="By the 24-hour clock, such as 09:30",
    )

    @property
    def moment(self) -> datetime:
        """What was entered, as a moment."""
        hour, minute = (self.time.data or "0:0").split(":")
        return clock.at_local(self.until.data, int(hour), int(minute))  # type: ignore[arg-type]  # required above


@door.get("/announcements", endpoint="announcements")
@open_to(PRESS, OFFICER)
def announcement_list() -> str:
    """Everything that waits for its press check or for the end of its embargo, by that moment."""
    return render_template(
        "pages/authority/recognition/announcements.html", lines=lists.to_announce(session(), g.person),
        marking="OFFICIAL-SENSITIVE",
    )  # fmt: skip


@door.get("/nominations/<reference>/announcement")
@open_to(PRESS, OFFICER)
def nomination_announcement(reference: str) -> ResponseReturnValue:
    """What may be said of whom, the words, the embargo."""
    return _page(seen(reference)[0])


def _page(
    one: Nomination, *, words: WordsForm | None = None, embargo: EmbargoForm | None = None
) -> ResponseReturnValue:
    refused = words or embargo
    if words is None:
        words = WordsForm(formdata=None)
        words.words.data = one.announcement
    if embargo is None:
        given = {}
        if one.embargo_until is not None:
            local = clock.local(one.embargo_until)
            given = {"until": local.date(), "time": f"{local:%H:%M}"}
        embargo = EmbargoForm(formdata=None, data=given)
    shown = frame(one)
    nominees = shown["told"].nominees
    agreed = [each for each in nominees if each.consent is Consent.GIVEN]
    page = render_template(
        "pages/authority/recognition/announcement.html",
        named=[each for each in agreed if not each.anonymous and one.shown.value == "named"],
        unnamed=len([each for each in agreed if each.anonymous or one.shown.value != "named"]),
        declined=len(nominees) - len(agreed),
        words_form=words,
        embargo_form=embargo,
        form=refused,
        **shown,
    )
    return (page, 422) if refused is not None else page


def _back(reference: str, said: str) -> ResponseReturnValue:
    return saved(said, "authority.nomination_announcement", reference=reference)


@door.post("/nominations/<reference>/announcement/words")
@open_to(PRESS)
def check_announcement(reference: str) -> ResponseReturnValue:
    """Approve the words."""
    one, form = seen(reference)[0], WordsForm()
    if form.validate_on_submit():
        announcing.check_announcement(session(), one, by=g.person, words=form.words.data or "")
        return _back(reference, "The words are checked.")
    return _page(one, words=form)


@door.post("/nominations/<reference>/announcement/embargo")
@open_to(PRESS)
def set_embargo(reference: str) -> ResponseReturnValue:
    """Set or change the end of the embargo."""
    one, form = seen(reference)[0], EmbargoForm()
    if accepted(form, lambda: announcing.set_embargo(session(), one, by=g.person, until=form.moment)):
        return _back(reference, "The embargo is set. The award is announced at that moment by itself.")
    return _page(one, embargo=form)
