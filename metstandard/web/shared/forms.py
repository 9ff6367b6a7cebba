"""Conventions of every form: typed text is stripped and kept, lengths are limited, errors stand beside the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, StringField, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.fields.form import FormField
from wtforms.fields.list import FieldList
from wtforms.form import BaseForm
from wtforms.validators import Length, ValidationError

from metstandard.common.errors import Invalid
from metstandard.web.shared.fields import DateParts
from metstandard.web.shared.languages import gettext, marked, ngettext

LONGEST_LINE = 200
LONGEST_TEXT = 20_000


# What the library says by itself, for the catalogues.
BUILT_IN = (
    marked("This field is required."),
    marked("Not a valid choice."),
    marked("Invalid email address."),
    marked("Not a valid integer value."),
)


class _Translations:
    """The library's own sentences out of our catalogues; its own know half of the languages."""

    gettext = staticmethod(gettext)
    ngettext = staticmethod(ngettext)


def strip(value: Any) -> Any:
    """Typed text without white space around it and with plain line ends; anything else as it is."""
    return value.replace("\r\n", "\n").replace("\r", "\n").strip() if isinstance(value, str) else value


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A form of ours. Every text field is stripped (never a password) and has a longest length, given or not."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How fields are bound, and in which words they complain."""

        def get_translations(self, form: BaseForm) -> _Translations:  # noqa: ARG002  the signature is WTForms' own
            """Our catalogues."""
            return _Translations()

        def bind_field(self, form: BaseForm, unbound_field: UnboundField[Any], options: dict[str, Any]) -> Field:
            """Add the stripping filter, without touching the class's own field."""
            if issubclass(unbound_field.field_class, StringField) and not issubclass(
                unbound_field.field_class, PasswordField
            ):
                filters = [*unbound_field.kwargs.get("filters", []), strip]
                unbound_field = UnboundField(
                    unbound_field.field_class, *unbound_field.args, **{**unbound_field.kwargs, "filters": filters}
                )
            bound: Field = unbound_field.bind(form=form, **options)
            return bound

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            if isinstance(field, StringField) and not any(isinstance(v, Length) for v in field.validators):
                longest = LONGEST_TEXT if isinstance(field, TextAreaField) else LONGEST_LINE
                message = gettext(
                    "%(label)s must be %(number)s characters or fewer", label=field.label.text, number=f"{longest:,}"
                )
                field.validators = [*field.validators, Length(max=longest, message=message)]

    def refuse(self, error: Invalid) -> None:
        """Put an action's refusal beside the field that it names, or at the top when the form has no such field."""
        field = self._fields.get(error.field)
        if field is None:
            self.form_errors.append(str(error))
        else:
            field.errors = [*field.errors, str(error)]


@dataclass(frozen=True)
class Words:
    """Refuse a text of more than `most` words. The page shows the count while one types."""

    most: int

    def __call__(self, form: BaseForm, field: Field) -> None:  # noqa: ARG002  the signature is WTForms' own
        """Raise ValidationError saying by how many words the text is too long."""
        used = len(str(field.data or "").split())
        if used > self.most:
            raise ValidationError(
                ngettext(
                    "%(label)s must be %(most)s words or fewer: it is %(num)s word too long",
                    "%(label)s must be %(most)s words or fewer: it is %(num)s words too long",
                    used - self.most,
                    label=field.label.text,
                    most=self.most,
                )
            )


@dataclass(frozen=True)
class Problem:
    """One line of the error summary: the message, and the address of the field to focus."""

    text: str
    href: str


def problems(form: object) -> list[Problem]:
    """Every error of a form in the order of its fields, each with the id of the input to focus."""
    if not isinstance(form, BaseForm):
        return []
    whole = [Problem(str(error), "") for error in getattr(form, "form_errors", [])]
    return [*whole, *(found for field in form for found in _of_field(field))]


def _of_field(field: Field) -> Iterator[Problem]:
    if isinstance(field, FieldList):
        for entry in field.entries:
            yield from _of_field(entry)
    elif isinstance(field, FormField):
        for inner in field.form:
            yield from _of_field(inner)
        return
    found: list[Any] = list(field.errors)
    for error in found:
        if not isinstance(error, (list, tuple, dict)):
            yield Problem(str(error), f"#{_focus(field)}")


def _focus(field: Field) -> str:
    if isinstance(field, DateParts):
        return f"{field.id}-{(field.wrong_parts or ['day'])[0]}"
    return str(field.id)


def typed_values(form: Mapping[str, Any]) -> dict[str, str]:
    """What a person typed into a form that was refused, fit to show again: no secrets, no machine fields, no blanks."""
    hidden = ("csrf", "password", "token", "secret", "revision", "whose_form")
    return {
        name: str(value)
        for name, value in form.items()
        if str(value).strip() and not any(word in name.lower() for word in hidden)
    }
