"""The form in which reviewers, moderators and decision makers declare their interests in a unit (COI-7 to COI-9)."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired

from metstandard.records.seats import Interest
from metstandard.web.shared.forms import Form

# What COI-7 names, in the words of the person who declares.
LINKS = (
    "a member of your family, your partner or a close friend works there",
    "you have a business or money interest that the work of the unit touches",
    "you have a complaint, a grievance or a claim against the unit or its people, or they have one against you",
    "you are part of an investigation that concerns the unit",
    "you have applied for a job there, or mean to",
    "you have worked there, or for somebody who commands it",
)


class DeclarationForm(Form):
    """Three answers; none is chosen beforehand, and a blank is refused (COI-8)."""

    stage = HiddenField()
    interest = RadioField(
        "Do you have an interest in this unit?",
        [InputRequired("Choose one: leaving it blank does not count as “nothing to declare”")],
        choices=[
            SelectChoice(Interest.NONE.value, "I have nothing to declare"),
            SelectChoice(Interest.PERSONAL.value, "I have a personal interest"),
            SelectChoice(Interest.PREJUDICIAL.value, "I have a prejudicial interest"),
        ],
    )
    detail = TextAreaField(
        "What is the interest?",
        description="Needed if you have one. Only the programme office and the key holders read it.",
    )
