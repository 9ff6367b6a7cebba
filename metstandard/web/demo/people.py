"""Signing in as anybody with one click."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from sqlmodel import col, select
from werkzeug.wrappers import Response

from metstandard.common.errors import NotFound
from metstandard.records.accounts import Appointment, Person
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat
from metstandard.records.units import Unit
from metstandard.web.demo.door import door
from metstandard.web.shared import security
from metstandard.web.shared.access import open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.redirects import start_page

STAFF = (
    "programme_officer", "authority_key", "commissioner_key", "authority_principal", "commissioner_principal",
    "moderator", "link_member", "press_officer", "administrator",
)  # fmt: skip
RECOGNITION = ("judge", "judging_chair", "standards_officer", "sponsor", "committee_key")


@dataclass(frozen=True)
class Choice:
    """One person to sign in as, and why one would."""

    person: Person
    why: str


@door.get("")
@open_to_public
def home() -> str:
    """Everybody worth being, by door: staff, panels of open reviews, commanders with something to do, the pool."""
    return render_template(
        "pages/demo/home.html", staff=_with(STAFF), recognition=_with(RECOGNITION), reviewers=_reviewers(),
        units=_units(), others=_other_commanders(),
    )  # fmt: skip


def _with(parts: tuple[str, ...]) -> list[Choice]:
    rows = (
        session()
        .exec(
            select(Person, Appointment)
            .join(Appointment, col(Appointment.person_id) == Person.id)
            .where(col(Appointment.part).in_(parts), col(Person.active).is_(True))
            .order_by(col(Person.id))
        )
        .all()
    )
    return [Choice(person, one.part.replace("_", " ")) for person, one in rows]


def _reviewers() -> list[Choice]:
    rows = (
        session()
        .exec(
            select(Person, Seat, Review, Unit)
            .join(Seat, col(Seat.person_id) == Person.id)
            .join(Review, col(Review.id) == Seat.review_id)
            .join(Unit, col(Unit.id) == Review.unit_id)
            .where(col(Seat.status).in_(HOLDING), col(Review.state).not_in(("closed", "cancelled")))
            .order_by(col(Review.id), col(Seat.lead).desc())
        )
        .all()
    )
    return [
        Choice(
            person,
            f"{'lead reviewer' if seat.lead else seat.kind.replace('_', ' ')}, {unit.title} ({review.reference})",
        )
        for person, seat, review, unit in rows
    ]


def _units() -> list[Choice]:
    rows = (
        session()
        .exec(
            select(Person, Appointment, Review)
            .join(Appointment, col(Appointment.person_id) == Person.id)
            .join(Review, col(Review.unit_id) == Appointment.unit_id)
            .where(col(Appointment.part).in_(("commander", "unit_author")))
            .order_by(col(Review.id), col(Appointment.part).desc())
        )
        .all()
    )
    return [Choice(person, f"{one.part.replace('_', ' ')}, review {review.reference}") for person, one, review in rows]


def _other_commanders() -> list[Choice]:
    reviewed = select(Review.unit_id)
    rows = (
        session()
        .exec(
            select(Person, Unit)
            .join(Appointment, col(Appointment.person_id) == Person.id)
            .join(Unit, col(Unit.id) == Appointment.unit_id)
            .where(Appointment.part == "commander", col(Appointment.unit_id).not_in(reviewed))
            .order_by(Unit.name)
        )
        .all()
    )
    return [Choice(person, "no review yet") for person, _ in rows]


@door.post("/sign-in")
@open_to_public
def sign_in() -> Response:
    """Be somebody else."""
    number = request.form.get("person", "")
    person = session().get(Person, int(number)) if number.isdigit() else None
    if person is None or not person.active:
        raise NotFound("There is no such person in this demonstration")
    security.begin(person)
    return redirect(start_page() or url_for("demo.home"), code=303)
