"""Finding one review as each kind of user; a stranger finds nothing."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.records.accounts import Appointment, Person
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat
from metstandard.rules.duties import UNIT_PARTS
from metstandard.rules.many import lent_in
from metstandard.rules.parts import standing

_STAFF = frozenset({"programme_officer", "moderator"})


def sees_every_review(parts: Iterable[str]) -> bool:
    """Whether standing parts let somebody see every review: officers, key holders and principals, moderators.

    An administrator has no part in the domain (B3). A press officer sees what is decided: see `for_staff`.
    """
    return any(part in _STAFF or part.endswith(("_key", "_principal")) for part in parts)


def for_staff(session: Session, person: Person, reference: str) -> Review | None:
    """A review as programme officers, key holders and moderators see it, and as its own link member does.

    A press officer sees a review from its publication on. Nobody else does, whatever the review says of them.
    """
    review = session.exec(select(Review).where(Review.reference == reference)).first()
    if review is None:
        return None
    parts = {one.part for one in standing(session, person)}
    linked = "link_member" in parts and review.link_member_id == person.key
    press = "press_officer" in parts and review.published_on is not None
    return review if sees_every_review(parts) or linked or press else None


def for_reviewer(session: Session, person: Person, reference: str) -> tuple[Review, Seat] | None:
    """A review and the seat that this person is asked to or does hold on its panel."""
    row = session.exec(
        select(Review, Seat)
        .join(Seat, col(Seat.review_id) == Review.id)
        .where(Review.reference == reference, Seat.person_id == person.key, col(Seat.status).in_(HOLDING))
    ).first()
    return (row[0], row[1]) if row else None


def units_of(session: Session, person: Person) -> list[int]:
    """The units that this person commands or prepares for today."""
    return sorted(
        {one.unit_id for one in standing(session, person) if one.part in UNIT_PARTS and one.unit_id is not None}
    )


def for_unit(session: Session, person: Person, reference: str) -> Review | None:
    """A review of a unit that this person commands or prepares for; for a deputy of its commander only that review."""
    query = select(Review).where(Review.reference == reference, col(Review.unit_id).in_(units_of(session, person)))
    return session.exec(query).first() or for_deputy(session, person, reference, "commander")


def for_deputy(session: Session, person: Person, reference: str, part: str) -> Review | None:
    """A review that this person prepares in the name of somebody who still plays `part` in it."""
    review = session.exec(select(Review).where(Review.reference == reference)).first()
    if review is None or not person.active:
        return None
    return review if part in lent_in(session, person, {review.key: review}).get(review.key, ()) else None


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
