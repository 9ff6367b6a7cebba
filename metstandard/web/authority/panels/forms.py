"""The forms of the panel's page. Each stands beside one seat, waiver or objection, which its prefix names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired

from metstandard.web.shared.forms import Form

F = TypeVar("F", bound=Form)


class InviteForm(Form):
    """Whom to ask for which seat; `lead` says which button was pressed."""

    kind = StringField("Seat", [InputRequired("Choose the seat")])
    person = IntegerField("Person", [InputRequired("Choose somebody to invite")])
    lead = StringField("Lead reviewer")
    though_away = StringField("Although they have said that they are away")


class UnseatForm(Form):
    """Why somebody is taken off."""

    reason = TextAreaField("Why is this reviewer taken off the panel?", [InputRequired("Enter your reason")])


class WaiverForm(Form):
    """Why a rule is to be waived for one person."""

    reason = TextAreaField(
        "Reason for the waiver", [InputRequired("Enter the reason for the waiver")],
        description="Both keys must agree to it. It is printed in the published report.",
    )  # fmt: skip


class AgreeForm(Form):
    """A key holder's agreement to exactly what is shown."""

    seen = HiddenField()


class RulingForm(Form):
    """One key's ruling on an objection."""

    ruling = RadioField(
        "Your ruling",
        [InputRequired("Choose whether you uphold or refuse the objection")],
        choices=[
            SelectChoice("uphold", "Uphold: the reviewer leaves the panel"),
            SelectChoice("refuse", "Refuse: the reviewer stays"),
        ],
    )
    reason = TextAreaField("Reason", [InputRequired("Enter your reason")], description="The unit will read it.")


class KeyForReplacementForm(Form):
    """One key's agreement to a substitute."""

    reason = TextAreaField("Why must this reviewer be replaced?", [InputRequired("Enter your reason")])


class SubstituteForm(Form):
    """Who takes a seat over, and why."""

    substitute = SelectField(
        "Substitute", [InputRequired("Choose the substitute")], coerce=int, validate_choice=False,
        description="Only people whom no hard rule keeps out are listed.",
    )  # fmt: skip
    reason = TextAreaField("Why is the reviewer replaced?", [InputRequired("Enter your reason")])


FORMS = {
    one.__name__: one
    for one in (UnseatForm, WaiverForm, AgreeForm, RulingForm, KeyForReplacementForm, SubstituteForm)
}  # fmt: skip


def made(kind: type[F], key: str) -> F:
    """A form for one thing on the page, as it was posted or empty."""
    return kind(prefix=key)


def forms_with(refused: Form | None) -> Callable[[str, str], Form]:
    """What the page asks for each form it shows: the refused one with all that was typed, else a fresh one."""

    def form_for(kind: str, key: str) -> Form:
        if refused is not None and type(refused).__name__ == kind and refused._prefix.rstrip("-") == key:  # noqa: SLF001
            return refused
        return FORMS[kind](formdata=None, prefix=key)

    return form_for
