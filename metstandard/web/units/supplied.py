"""Using again what the unit supplied to its other reviews."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue
from wtforms import SelectMultipleField

from metstandard.actions import supplied
from metstandard.common import clock, words
from metstandard.queries import supplied as reads
from metstandard.rules import markings
from metstandard.rules.editions import rubric_of
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.links import Links
from metstandard.web.shared.saving import accepted, saved
from metstandard.web.units.door import door
from metstandard.web.units.evidence import frame, one_of

# So many criteria are told as a number.
_MANY = 12


class AgainForm(Form):
    """Which items, and what they speak to now."""

    chosen = SelectMultipleField("What you supplied already", coerce=int, validate_choice=False)
    criteria = Links("Criteria they speak to (optional)")


@door.route("/reviews/<reference>/evidence/supplied", methods=["GET", "POST"])
@open_to("commander", "unit_author", "deputy")
def supplied_evidence(reference: str) -> ResponseReturnValue:
    """What the unit supplied to its other reviews, to be ticked and used again."""
    one = one_of(reference)
    found = reads.offers(session(), one, g.person)
    form = AgainForm()
    form.criteria.offer(rubric_of(session(), one), one.not_applicable)
    form.chosen.choices = [(each.item.key, each.item.title) for each in found]
    used: list[object] = []

    def use() -> None:
        used.extend(
            supplied.use_again(session(), one, by=g.person, chosen=form.chosen.data or [], criteria=form.criteria.data)
        )

    if accepted(form, use):
        said = f"{words.count(len(used), 'item is', 'items are')} used again." if used else "These were added already."
        return saved(said, "units.review_evidence", reference=reference)
    page = render_template(
        "pages/units/supplied.html", form=form, offers=found, hints={each.item.key: _hint(each) for each in found},
        **frame(one) | {"marking": markings.highest([one.marking, *(each.item.marking for each in found)]).value},
    )  # fmt: skip
    return (page, 422) if form.errors else page


def _hint(offer: reads.Offer) -> str:
    """Where an item stood, on one line."""
    day = words.day(clock.local_date(offer.item.added_at))
    listed = words.listed(list(offer.criteria)) if len(offer.criteria) < _MANY else f"{len(offer.criteria)} criteria"
    speaks = f"spoke to {listed}" if offer.criteria else "choose its criteria below"
    file = offer.item.file_name if offer.file else "no file"
    kind = offer.item.kind.value.replace("_", " ").capitalize()
    return f"{kind}, {file}. Supplied to review {offer.reference} on {day}; {speaks}."
