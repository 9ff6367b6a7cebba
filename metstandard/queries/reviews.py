"""Finding one review as each kind of user; a stranger finds nothing."""

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.records.accounts import Appointment, Person
from metstandard.records.reviews import Deputy, Review
from metstandard.records.seats import HOLDING, Seat
from metstandard.rules.parts import UNIT_PARTS, standing

_STAFF = frozenset({"programme_officer", "moderator", "press_officer"})


def for_staff(session: Session, person: Person, reference: str) -> Review | None:
    """A review as programme officers, key holders, moderators and its own link member see it."""
    review = session.exec(select(Review).where(Review.reference == reference)).first()
    if review is None:
        return None
    parts = {one.part for one in standing(session, person)}
    staff = bool(parts & _STAFF) or any(part.endswith(("_key", "_principal")) for part in parts)
    return review if staff or review.link_member_id == person.key else None


def for_reviewer(session: Session, person: Person, reference: str) -> tuple[Review, Seat] | None:
    """A review and the seat that this person is asked to or does hold on its panel."""
    row = session.exec(
        select(Review, Seat)
        .join(Seat, col(Seat.review_id) == Review.id)
        .where(Review.reference == reference, Seat.person_id == person.key, col(Seat.status).in_(HOLDING))
    ).first()
    return (row[0], row[1]) if row else None


def units_of(session: Session, person: Person) -> list[int]:
    """The units that this person commands or prepares for today, and those of reviews deputised in."""
    own = [one.unit_id for one in standing(session, person) if one.part in UNIT_PARTS and one.unit_id is not None]
    lent = session.exec(
        select(Review.unit_id)
        .join(Deputy, col(Deputy.review_id) == Review.id)
        .where(Deputy.person_id == person.key, col(Deputy.ended_on).is_(None), Deputy.part == "commander")
    ).all()
    return sorted({*own, *lent})


def for_unit(session: Session, person: Person, reference: str) -> Review | None:
    """A review of a unit that this person commands or prepares for."""
    query = select(Review).where(Review.reference == reference, col(Review.unit_id).in_(units_of(session, person)))
    return session.exec(query).first()


def commander_of(session: Session, unit_id: int) -> tuple[Person, Appointment] | None:
    """A unit's commander today, with the appointment that tells since when."""
    today = clock.today()
    row = session.exec(
        select(Person, Appointment)
        .join(Appointment, col(Appointment.person_id) == Person.id)
        .where(
            Appointment.part == "commander",
            Appointment.unit_id == unit_id,
            col(Appointment.from_on) <= today,
            col(Appointment.until_on).is_(None) | (col(Appointment.until_on) >= today),
        )
        .order_by(col(Appointment.from_on).desc())
    ).first()
    return (row[0], row[1]) if row else None
