"""The forms of a reviewer's periods, interests and gifts, the same at the reviewers' and the Authority's door."""

from __future__ import annotations

from datetime import date
from typing import Self

from sqlmodel import Session, col, select
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, Optional

from metstandard.actions.pool import spells
from metstandard.common.errors import Invalid
from metstandard.records.accounts import Person
from metstandard.records.pool import PeriodKind
from metstandard.records.seats import Interest
from metstandard.records.units import Unit
from metstandard.web.shared.fields import DateParts, Pounds
from metstandard.web.shared.forms import Form


class SpellForm(Form):
    """One of several forms of a page, empty or as it was posted."""

    word = ""

    @classmethod
    def blank(cls, session: Session) -> Self:
        """Nothing typed in it."""
        return cls(formdata=None, prefix=cls.word).offering(session)

    @classmethod
    def filled(cls, session: Session) -> Self:
        """As it was posted."""
        return cls(prefix=cls.word).offering(session)

    def offering(self, session: Session) -> Self:
        """The same form with its choices."""
        if "unit" in self._fields:
            units = session.exec(select(Unit).where(col(Unit.valid_until).is_(None)).order_by(Unit.kind, Unit.name))
            self.unit.choices = [("", "None"), *((each.code, each.title) for each in units.all())]
        return self


class PeriodForm(SpellForm):
    """Days on which somebody cannot sit."""

    word = "period"
    kind = RadioField(
        "What can you do in these days?",
        [InputRequired("Choose what is possible in these days")],
        choices=[
            SelectChoice(PeriodKind.UNAVAILABLE.value, "Nothing: not available"),
            SelectChoice(PeriodKind.CAN_FINISH.value, "Finish what is under way, and take nothing new"),
        ],
    )
    from_on = DateParts("First day", [InputRequired("Enter the first day")])
    until_on = DateParts("Last day", [InputRequired("Enter the last day")])
    note = StringField("Note", [Optional()])


class InterestForm(SpellForm):
    """An interest in a unit."""

    word = "interest"
    unit = SelectField("Unit", [InputRequired("Choose the unit")])
    interest = RadioField(
        "Kind of interest",
        [InputRequired("Choose the kind of interest")],
        choices=[
            SelectChoice(Interest.PERSONAL.value, "Personal: may be waived by both keys"),
            SelectChoice(Interest.PREJUDICIAL.value, "Prejudicial: keeps out of every review of the unit"),
        ],
    )
    detail = TextAreaField("What the interest is", [InputRequired("Say what the interest is")])


class GiftForm(SpellForm):
    """A gift or hospitality."""

    word = "gift"
    unit = SelectField("Unit that gave it", [Optional()])
    giver = StringField("Or who else gave it", [Optional(), Length(max=160)])
    what = StringField("What was offered", [InputRequired("Say what was offered")])
    value = Pounds("Value in pounds", [InputRequired("Enter the value: 0 if it has none")])
    answer = RadioField(
        "What was done",
        [InputRequired("Choose whether it was accepted")],
        choices=[SelectChoice("accepted", "Accepted"), SelectChoice("refused", "Refused")],
    )
    offered_on = DateParts("Day", [InputRequired("Enter the day")])


FORMS: dict[str, type[SpellForm]] = {one.word: one for one in (PeriodForm, InterestForm, GiftForm)}


def day_of(field: DateParts) -> date:
    """The day of a field that must have one. Raises Invalid naming it."""
    if field.data is None:
        raise Invalid("Enter the day", field=field.short_name)
    return field.data


def enter(session: Session, form: Form, person: Person, *, by: Person) -> None:
    """Write what a valid form says about a person. Raises Invalid naming its field."""
    unit = None
    if "unit" in form._fields and form.unit.data:
        unit = session.exec(select(Unit).where(Unit.code == form.unit.data)).first()
    match form:
        case PeriodForm():
            spells.add_period(
                session, person, by=by, kind=PeriodKind(form.kind.data), from_on=day_of(form.from_on),
                until_on=day_of(form.until_on), note=form.note.data or "",
            )  # fmt: skip
        case InterestForm() if unit is not None:
            spells.add_interest(
                session, person, unit, by=by, interest=Interest(form.interest.data), detail=form.detail.data or ""
            )
        case GiftForm():
            spells.enter_gift(
                session, person, by=by, giver=unit or form.giver.data or "", what=form.what.data or "",
                value=form.value.data or 0, accepted=form.answer.data == "accepted", offered_on=day_of(form.offered_on),
            )  # fmt: skip
