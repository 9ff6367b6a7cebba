"""A named deputy prepares in another's name, in one review, and never signs."""

from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.common import clock
from metstandard.common.errors import Invalid, RuleBroken
from metstandard.records.accounts import Person
from metstandard.records.reviews import Deputy, Review
from metstandard.rules.duties import PREJUDICIAL, apart, bound, duties
from metstandard.rules.parts import parts_of

# One sentence for every refusal: who commands a unit must not find out by asking who sits on the panel.
_NOBODY = "Nobody with this address can be your deputy in this review. Ask the programme office"


def assign_deputy(session: Session, review: Review, *, by: Person, deputy: Person | None) -> Deputy:
    """Name a deputy, from today; somebody named before is named again.

    Raises NotYours, or RuleBroken (B3) for nobody, a disabled account, and whoever has a duty of their own in this
    review, all in the same words.
    """
    turn = moving.begin(session, review, "assign_deputy", by=by)
    if deputy is None or not _free(session, review, deputy, turn.part, by):
        raise RuleBroken(_NOBODY, field="deputy", rule="B3")
    row = session.exec(
        select(Deputy).where(
            Deputy.review_id == review.key, Deputy.principal_id == by.key, Deputy.person_id == deputy.key
        )
    ).first()
    row = row or Deputy(
        review_id=review.key, principal_id=by.key, person_id=deputy.key, part=turn.part, from_on=clock.today()
    )
    row.part, row.from_on, row.ended_on = turn.part, clock.today(), None
    session.add(row)
    session.flush()
    turn.finish(data={"deputy": deputy.key})
    return row


def _free(session: Session, review: Review, deputy: Person, part: str, by: Person) -> bool:
    """Whether nothing in this review keeps a person from preparing in the name of `part`."""
    if deputy.key == by.key or not deputy.active or parts_of(session, deputy, review):
        return False
    binding = bound(session, review, [deputy.key]).get(deputy.key, frozenset())
    return PREJUDICIAL not in binding and not duties(binding) - {apart(part)}


def end_deputy(session: Session, review: Review, *, by: Person, deputy: Person) -> None:
    """End what a person may prepare in one's name, at once. Raises NotYours, or Invalid for somebody not named."""
    turn = moving.begin(session, review, "assign_deputy", by=by)
    row = next((row for row, person in deputies_of(session, review, by) if person.key == deputy.key), None)
    if row is None:
        raise Invalid("This person is not your deputy", field="deputy")
    row.ended_on = clock.today()
    session.add(row)
    session.flush()
    turn.finish(data={"deputy": deputy.key, "ended": True})


def deputies_of(session: Session, review: Review, principal: Person) -> list[tuple[Deputy, Person]]:
    """The deputies that prepare in one person's name in a review, by name."""
    rows = session.exec(
        select(Deputy, Person)
        .join(Person, col(Person.id) == Deputy.person_id)
        .where(Deputy.review_id == review.key, Deputy.principal_id == principal.key, col(Deputy.ended_on).is_(None))
        .order_by(Person.name)
    ).all()
    return [(row, person) for row, person in rows]
