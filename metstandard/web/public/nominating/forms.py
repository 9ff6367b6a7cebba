"""The questions of a nomination, one form a page; the names of the fields are those of the columns."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from metstandard.rubric.recognition import Recognition
from metstandard.web.shared.fields import DateParts
from metstandard.web.shared.forms import Form, Words
from metstandard.web.shared.languages import gettext, lazy_gettext

NO_SERVICE = "none"
_LONGEST = 8000
_MOST_WORDS = 300
_AN_ADDRESS = lazy_gettext("Enter an e-mail address, such as name@example.org")
_ANSWER = lazy_gettext("Enter this answer")


def _needed(message: Any = _ANSWER, *, longest: int = 120) -> list[Any]:
    return [InputRequired(message), Length(max=longest)]


class PageForm(Form):
    """Any page of a draft. `revision` tells whether another tab has saved the page since it was opened."""

    revision = HiddenField(default="0")


class AwardForm(PageForm):
    """Which award."""

    scheme = RadioField(lazy_gettext("Which award is it for?"), [InputRequired(lazy_gettext("Choose an award"))])


class KindForm(PageForm):
    """Which kind of nominee."""

    nominee_kind = RadioField(
        lazy_gettext("Who do you nominate?"),
        [InputRequired(lazy_gettext("Choose a kind of nominee of this award"))],
    )


class CategoryForm(PageForm):
    """Which category."""

    category = RadioField(
        lazy_gettext("Which category fits best?"), [InputRequired(lazy_gettext("Choose a category of this award"))]
    )


class TeamForm(PageForm):
    """The name of a team."""

    body = StringField(
        lazy_gettext("What is the team called?"), _needed(lazy_gettext("Enter the name of the team"), longest=160)
    )


class NomineeForm(PageForm):
    """One nominee."""

    name = StringField(lazy_gettext("Full name"), _needed(lazy_gettext("Enter the name")))
    role = StringField(lazy_gettext("Rank, job or role"), [Optional(), Length(max=120)])
    body = StringField(lazy_gettext("Organisation, station or place"), [Optional(), Length(max=160)])
    service = SelectField(lazy_gettext("Emergency service"), [InputRequired(lazy_gettext("Choose a service"))])
    unit = SelectField(lazy_gettext("Unit of the Metropolitan Police, if you know it"), [Optional()])
    email = EmailField(
        lazy_gettext("E-mail address, or that of the family of somebody who died"),
        [Optional(), Length(max=254), Email(_AN_ADDRESS)],
        description=lazy_gettext("We write to it only after an award was decided, to ask for consent."),
    )
    died = BooleanField(lazy_gettext("This person has died"))


class MemberForm(NomineeForm):
    """One member of a team."""

    from_on = DateParts(lazy_gettext("First day in the team"), [InputRequired(lazy_gettext("Enter the date"))])
    until_on = DateParts(lazy_gettext("Last day in the team, for somebody who has left"), [Optional()])


class WhenForm(PageForm):
    """The day."""

    happened_on = DateParts(
        lazy_gettext("When did it happen?"),
        [InputRequired(lazy_gettext("Enter the date"))],
        description=lazy_gettext("For something that took longer, give the last day."),
    )


class TitleForm(PageForm):
    """The achievement in a few words."""

    title = StringField(
        lazy_gettext("What did they do, in a few words?"),
        _needed(longest=160),
        description=lazy_gettext("For example: saved a child from the canal. Give no names here."),
    )


class AccountForm(PageForm):
    """What happened."""

    account = TextAreaField(
        lazy_gettext("What happened?"),
        _needed(longest=_LONGEST),
        description=lazy_gettext("Tell it in order, and say what this person or team did."),
    )


class EffectForm(PageForm):
    """The effect."""

    effect = TextAreaField(
        lazy_gettext("What came of it, and who was helped?"), [*_needed(longest=_LONGEST), Words(_MOST_WORDS)]
    )


class DifficultyForm(PageForm):
    """Difficulty or risk."""

    difficulty = TextAreaField(
        lazy_gettext("What was difficult or dangerous about it?"), [*_needed(longest=_LONGEST), Words(_MOST_WORDS)]
    )


class EvidenceForm(PageForm):
    """Evidence and witnesses."""

    evidence = TextAreaField(
        lazy_gettext("What shows that it happened?"),
        [*_needed(longest=_LONGEST), Words(_MOST_WORDS)],
        description=lazy_gettext("Reports, figures, letters: say where we can find them."),
    )
    witnesses = TextAreaField(
        lazy_gettext("Who saw it?"),
        [Optional(), Length(max=_LONGEST), Words(_MOST_WORDS)],
        description=lazy_gettext("Give an address only with their consent."),
    )


class CitationForm(PageForm):
    """The words that are read aloud."""

    citation = TextAreaField(
        lazy_gettext("Write the citation"),
        _needed(longest=_LONGEST),
        description=lazy_gettext("These words are read aloud when the award is presented, and published."),
    )


class IncidentForm(PageForm):
    """The incident."""

    incident_words = TextAreaField(
        lazy_gettext("Was it part of a larger incident?"),
        [Optional(), Length(max=500)],
        description=lazy_gettext("Say which, where, and who else took part. Leave it empty if there was none."),
    )


class EarlierForm(PageForm):
    """Earlier awards."""

    earlier_awards = TextAreaField(
        lazy_gettext("Which awards were given or asked for before, for the same thing?"),
        [Optional(), Length(max=_LONGEST), Words(_MOST_WORDS)],
        description=lazy_gettext("Leave it empty if there were none, or you do not know."),
    )


class SeconderForm(PageForm):
    """Somebody of another unit or body."""

    name = StringField(lazy_gettext("Full name"), _needed(lazy_gettext("Enter the name")))
    email = EmailField(
        lazy_gettext("E-mail address"), [InputRequired(_AN_ADDRESS), Length(max=254), Email(_AN_ADDRESS)]
    )
    body = StringField(
        lazy_gettext("Unit or organisation"),
        _needed(longest=160),
        description=lazy_gettext("Another one than the nominee’s and your own. In the police name the unit."),
    )


class YouForm(PageForm):
    """The nominator."""

    nominator_name = StringField(lazy_gettext("Your full name"), _needed(lazy_gettext("Enter your name")))
    nominator_body = StringField(
        lazy_gettext("Your unit or organisation, if you have one"), [Optional(), Length(max=160)]
    )
    nominator_relation = StringField(lazy_gettext("How do you know the nominee?"), _needed(longest=160))
    may_contact = BooleanField(lazy_gettext("The programme office may contact me with questions"))


FORMS: dict[str, type[PageForm]] = {
    "award": AwardForm, "kind": KindForm, "category": CategoryForm, "nominee": NomineeForm, "team": TeamForm,
    "when": WhenForm, "title": TitleForm, "account": AccountForm, "effect": EffectForm,
    "difficulty": DifficultyForm, "evidence": EvidenceForm, "citation": CitationForm, "incident": IncidentForm,
    "earlier": EarlierForm, "seconder": SeconderForm, "you": YouForm,
}  # fmt: skip


def fill_choices(form: PageForm, known: Recognition, scheme: str, units: list[tuple[str, str]]) -> None:
    """Give a page its choices, which are data of the rubric file."""
    award = known.schemes.get(scheme)
    if isinstance(form, AwardForm):
        form.scheme.choices = [(word, gettext(one.title)) for word, one in known.schemes.items()]
    if isinstance(form, KindForm):
        kinds = award.nominees if award else ()
        form.nominee_kind.choices = [(word, gettext(known.nominees[word].title)) for word in kinds]
    if isinstance(form, CategoryForm):
        words = award.categories if award else ()
        form.category.choices = [(word, gettext(known.categories[word].title)) for word in words]
    if isinstance(form, NomineeForm):
        form.service.choices = [
            ("", gettext("Choose")),
            *((word, gettext(one.title)) for word, one in known.services.items()),
            (NO_SERVICE, gettext("None of these")),
        ]
        form.unit.choices = [("", gettext("Not known, or none")), *units]
