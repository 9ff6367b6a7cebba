"""The form of one item of evidence, at the unit's door and at the reviewers'."""

from __future__ import annotations

from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation

from metstandard.actions import items
from metstandard.actions.interviews import TALKS, Talk
from metstandard.actions.items import Details
from metstandard.queries import interviews
from metstandard.queries.evidence import Item
from metstandard.records.accounts import Person
from metstandard.records.evidence import EvidenceType, Maker
from metstandard.records.reviews import Review
from metstandard.rules import markings
from metstandard.rules.editions import rubric_of
from metstandard.web.shared.database import session
from metstandard.web.shared.fields import DateParts
from metstandard.web.shared.forms import Form
from metstandard.web.shared.links import Links
from metstandard.web.shared.sending import Sending

_MAKERS = {Maker.PANEL: "The panel saw or heard it itself", Maker.UNIT: "The unit", Maker.OUTSIDE: "Somebody else"}
_MOST_PEOPLE = 5000


class ItemForm(Form):
    """What is said of one item, but for its file."""

    title = StringField("Title", [InputRequired("Enter a title")])
    kind = SelectField(
        "Type of evidence", choices={one.value: one.value.replace("_", " ").capitalize() for one in EvidenceType}
    )
    maker = RadioField("Who made it", [InputRequired("Choose who made it")], validate_choice=False)
    source = StringField("Source", [Optional()], description="Where it comes from or is found.")
    author = StringField("Author", [Optional()], description="A role or body. Nobody who was interviewed.")
    dated_on = DateParts("Date", [Optional()])
    period = StringField("Period it covers", [Optional()])
    outcome_years = IntegerField("Years of outcome data", [Optional(), NumberRange(0, 50, "Enter a number of years")])
    note = TextAreaField("Note", [Optional()], description="Nobody who was interviewed may be recognised.")
    marking = RadioField(
        "Protective marking", [InputRequired("Choose a protective marking")], validate_choice=False,
        description="Only people cleared for it will know that this item is here.",
    )  # fmt: skip
    criteria = Links("Criteria it speaks to", [InputRequired("Choose at least one criterion")])

    def offer(self, one: Review, person: Person, *, panel: bool) -> None:
        """The criteria of the review, the markings that the person is cleared for, and who may have made it."""
        self.criteria.offer(rubric_of(session(), one), one.not_applicable)
        ladder = [each for each in markings.profile().ladder if markings.may_see(person, each)]
        self.marking.choices = [(each.value, each.value) for each in ladder]
        self.maker.choices = [(each.value, said) for each, said in _MAKERS.items() if panel or each is not Maker.PANEL]

    @property
    def meanings(self) -> dict[str, str]:
        """What each marking means, for the hints beside the choices."""
        return {one.value: said for one, said in markings.profile().meanings.items()}

    def talk(self) -> Talk | None:
        """Whoever was talked to; only reviewers are asked."""
        return None

    def details(self) -> Details:
        """What was typed. Raises Invalid for a marking that is none of the scheme in force."""
        maker = self.maker.data if self.maker.data in {one.value for one in Maker} else Maker.OUTSIDE
        return Details(
            EvidenceType(self.kind.data), self.title.data or "", Maker(maker), markings.read(self.marking.data or ""),
            self.source.data or "", self.author.data or "", self.dated_on.data, self.period.data or "",
            self.note.data or "", self.outcome_years.data or 0, self.unit_sees(), self.talk(),
        )  # fmt: skip

    def unit_sees(self) -> bool:
        """Whether the unit may see the item: its own always."""
        return True

    def show(self, item: Item) -> None:
        """Fill the form with an item as it stands; a marking without an equal in the scheme in force is left open."""
        row = item.evidence
        for name in ("title", "source", "author", "period", "outcome_years", "note"):
            self[name].data = getattr(row, name)
        self.kind.data, self.maker.data = row.kind.value, row.maker.value
        self.dated_on.process(None, row.dated_on)
        self.criteria.data = dict(item.places)
        same = markings.equivalent(row.marking, markings.profile())
        self.marking.data = same.value if same else None


def _if_talked(form: BaseForm, field: IntegerField) -> None:
    """Somebody was talked to in an interview: how many decides what others may know of them (B5)."""
    if field.raw_data and str(field.raw_data[0]).strip():
        return
    field.errors = []
    if form["kind"].data in {one.value for one in TALKS}:
        raise StopValidation("Enter how many people were talked to")
    raise StopValidation


class PanelForm(ItemForm):
    """The same with what only reviewers are asked."""

    unit_may_see = BooleanField("The unit may see this item")
    people = IntegerField(
        "How many people were talked to", [_if_talked, NumberRange(1, _MOST_PEOPLE, "Enter how many people")],
        description="Only for an interview or a focus group.",
    )  # fmt: skip
    group = StringField("Their ranks, roles or shift", [Optional()], description="For example “night-duty constables”.")
    names = TextAreaField(
        "Who they were", [Optional()],
        description="One name a line. Kept apart from the note, for you and the lead reviewer only.",
    )  # fmt: skip

    def talk(self) -> Talk | None:
        """Whoever was talked to; None for evidence of another type."""
        if EvidenceType(self.kind.data) not in TALKS:
            return None
        names = tuple(one.strip() for one in (self.names.data or "").splitlines() if one.strip())
        return Talk(self.people.data or 0, self.group.data or "", names)

    def unit_sees(self) -> bool:
        """As ticked."""
        return bool(self.unit_may_see.data)

    def show(self, item: Item) -> None:
        """Fill the form; the names are filled in by the view, which knows who reads."""
        super().show(item)
        self.unit_may_see.data = item.evidence.unit_may_see
        if item.interview is not None:
            self.people.data, self.group.data = item.interview.people, item.interview.group


class _Changed(Form):
    reason = StringField(
        "Why the marking may be lower", [Optional()],
        description="Needed only where you choose a lower marking. It is shown with your name.",
    )  # fmt: skip
    revision = HiddenField()


class UnitAdds(Sending, ItemForm):
    """The unit adds items; each may have gone to another assessment before (rules.md B5)."""

    assessment = StringField(
        "Supplied already to another assessment", [Optional()], description="Its name, such as “HMIC inspection”.",
    )  # fmt: skip
    supplied_on = DateParts("When it was supplied", [Optional()])


class UnitChanges(_Changed, ItemForm):
    """The unit changes one."""


class PanelAdds(Sending, PanelForm):
    """A reviewer adds items."""


class PanelChanges(_Changed, PanelForm):
    """A reviewer changes one."""


def change(one: Review, item: Item, form: UnitChanges | PanelChanges, *, by: Person) -> None:
    """Do what a form of change asks; `revision` is that of the page on which it was typed."""
    sent = form.revision.data or ""
    items.change_evidence(
        session(), one, item.evidence, by=by, revision=int(sent) if sent.isdecimal() else -1, details=form.details(),
        places=form.criteria.data, reason=form.reason.data or "",
    )  # fmt: skip


def facts_of(one: Review, item: Item, reader: Person) -> dict[str, Any]:
    """What the page of an item tells besides the item: its adder, whoever was talked to, changes of its marking."""
    talk, least = item.interview, interviews.smallest_group(session(), one)
    knows = interviews.knows_who(session(), one, item.evidence.added_by_id, reader)
    withheld = talk is not None and bool(talk.group) and not knows and (talk.people or 0) < least
    return {
        "item": item,
        "rubric": rubric_of(session(), one),
        "added_by": session().get_one(Person, item.evidence.added_by_id),
        "talk": talk,
        "knows": knows,
        "group": "" if talk is None or withheld else talk.group,
        "withheld": withheld,
        "least": least,
        "names": interviews.interviewees(session(), one, item.evidence, reader),
    }
