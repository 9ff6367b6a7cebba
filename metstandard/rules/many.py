"""Who plays what in many records at once: what `parts.py` says of one, in a number of queries that does not grow."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select

from metstandard.records.accounts import Appointment, Person
from metstandard.records.reviews import Deputy, Review
from metstandard.records.seats import HOLDING, Seat
from metstandard.rules.case import Reviewed, kind_of
from metstandard.rules.duties import bound_in, unbarred
from metstandard.rules.parts import own_parts, running, standing

Key = tuple[str, int]


def key_of(record: Reviewed) -> Key:
    """What names one record of any kind."""
    return kind_of(record), record.key


def reviews_of(session: Session, records: Iterable[Reviewed]) -> dict[int, Review]:
    """The reviews behind records, by number."""
    known = {one.key: one for one in records if isinstance(one, Review)}
    missing = {one.review_id for one in records if not isinstance(one, Review)} - set(known)
    if missing:
        known |= {one.key: one for one in session.exec(select(Review).where(col(Review.id).in_(missing))).all()}
    return known


def review_id_of(record: Reviewed) -> int:
    """The number of the review behind a record."""
    return record.key if isinstance(record, Review) else record.review_id


def playable_in(session: Session, person: Person, records: Sequence[Reviewed]) -> dict[Key, frozenset[str]]:
    """The parts that a person may play in each record: those held, without those that B3 or COI-9 forbid."""
    if not person.active or not records:
        return {key_of(one): frozenset() for one in records}
    reviews = reviews_of(session, records)
    numbers = sorted(reviews)
    appointments = standing(session, person)
    seats = _seats(session, [person.key], numbers)
    lent = lent_in(session, person, reviews)
    binding = bound_in(session, numbers, [person.key])
    found = {}
    for one in records:
        review = reviews[review_id_of(one)]
        held = own_parts(person.key, one, review, appointments, seats.get((review.key, person.key)))
        if review.key in lent:
            held |= {"deputy"}
        found[key_of(one)] = unbarred(held, binding.get((review.key, person.key), frozenset()))
    return found


def _seats(session: Session, people: Sequence[int], reviews: Sequence[int]) -> dict[tuple[int, int], Seat]:
    """The seats that people hold, by review and person."""
    query = select(Seat).where(
        col(Seat.person_id).in_(people), col(Seat.review_id).in_(reviews), col(Seat.status).in_(HOLDING)
    )
    return {(one.review_id, one.person_id): one for one in session.exec(query).all()}


def lent_in(session: Session, person: Person, reviews: dict[int, Review]) -> dict[int, frozenset[str]]:
    """The parts in whose name a person prepares, by review, as long as each principal still plays the part."""
    rows = session.exec(
        select(Deputy, Person)
        .join(Person, col(Person.id) == Deputy.principal_id)
        .where(
            Deputy.person_id == person.key, col(Deputy.ended_on).is_(None), col(Deputy.review_id).in_(list(reviews)),
            col(Person.active).is_(True),
        )
    ).all()  # fmt: skip
    if not rows:
        return {}
    principals = sorted({principal.key for _, principal in rows})
    seats = _seats(session, principals, sorted(reviews))
    held: dict[int, list[Appointment]] = {}
    query = select(Appointment).where(col(Appointment.person_id).in_(principals), running())
    for one in session.exec(query).all():
        held.setdefault(one.person_id, []).append(one)
    found: dict[int, frozenset[str]] = {}
    for deputy, principal in rows:
        review, number = reviews[deputy.review_id], principal.key
        parts = own_parts(number, review, review, held.get(number, ()), seats.get((review.key, number)))
        if deputy.part in parts:
            found[review.key] = found.get(review.key, frozenset()) | {deputy.part}
    return found
