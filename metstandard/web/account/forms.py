"""Forms of the account's door."""

from __future__ import annotations

from dataclasses import dataclass

from wtforms import EmailField, Field, HiddenField, PasswordField, RadioField
from wtforms.form import BaseForm
from wtforms.validators import Email, EqualTo, InputRequired, Length, ValidationError

from metstandard.rules.passwords import LONGEST, weakness
from metstandard.web.shared.forms import Form

_NOT_TOO_LONG = Length(max=LONGEST, message=f"Use at most {LONGEST} characters")


@dataclass
class Strong:
    """Refuse a weak password; `about` is set by the view to the person's own words."""

    about: tuple[str, ...] = ()

    def __call__(self, form: BaseForm, field: Field) -> None:
        """Raise ValidationError saying what to do."""
        wrong = weakness(str(field.data or ""), about=getattr(form, "about", self.about))
        if wrong:
            raise ValidationError(wrong)


class HowLettersCome(Form):
    """Each at once, or one a day."""

    daily = RadioField(
        "Your letters", [InputRequired("Choose how letters come")],
        choices={"once": "Each letter at once", "day": "One letter a day"},
    )  # fmt: skip


class SignIn(Form):
    """Address and password."""

    email = EmailField("E-mail address", [InputRequired("Enter your e-mail address")])
    password = PasswordField("Password", [InputRequired("Enter your password"), _NOT_TOO_LONG])
    next = HiddenField()


class Forgotten(Form):
    """Where to send a link."""

    email = EmailField(
        "E-mail address",
        [
            InputRequired("Enter your e-mail address"),
            Email("Enter an e-mail address in the correct format, such as name@example.org"),
        ],
        description="The address that your invitation was sent to.",
    )


class NewPassword(Form):
    """A password chosen over a link."""

    password = PasswordField(
        "New password",
        [InputRequired("Enter a password"), Strong()],
        description="At least 12 characters. Three or four unusual words work well, and a password manager is welcome.",
    )
    again = PasswordField(
        "The same password again",
        [InputRequired("Enter the password again"), EqualTo("password", "The two passwords are not the same")],
    )
    about: tuple[str, ...] = ()


class ChangePassword(NewPassword):
    """A password changed by somebody who is signed in."""

    present = PasswordField("Your present password", [InputRequired("Enter your present password"), _NOT_TOO_LONG])


class Confirm(Form):
    """The password once more, before a signature."""

    password = PasswordField("Password", [InputRequired("Enter your password"), _NOT_TOO_LONG])
    next = HiddenField()


class Press(Form):
    """A form without fields: its button is the act."""
