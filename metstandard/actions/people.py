"""What people may play: the parts that administrators give and end. Reviewers' profiles are kept in pool/."""

from datetime import date, timedelta

import structlog
from sqlmodel import Session, col, select

from metstandard.common import clock, words
from metstandard.common.errors import Invalid, NotNow, NotYours, RuleBroken
from metstandard.records.accounts import Appointment, Person
from metstandard.records.base import Marking
from metstandard.records.units import Unit
from metstandard.rules.duties import UNIT_PARTS, apart
from metstandard.rules.editions import newest_rubric, newest_workflow
from metstandard.rules.parts import standing
from metstandard.rules.recognition import JUDGES, OF_A_SERVICE
from metstandard.workflow.definition import Workflow

log = structlog.get_logger("metstandard.people")

ADMINISTRATOR = "administrator"
OFFICER = "programme_officer"
_MAIN = "assessment"
_NOMINATION = "nomination"
_RECOGNITION = "recognition-1"


def parts_to_give() -> tuple[str, ...]:
    """The standing parts that can be given: keys and principals are those of the workflows' parties."""
    workflow, nominations = main_workflow(), newest_workflow(_NOMINATION)[0]
    keys = dict.fromkeys((*workflow.keys, *workflow.principals, *nominations.keys, *nominations.principals))
    return (
        OFFICER, *keys, "moderator", "link_member", "press_officer", *OF_A_SERVICE, *JUDGES, *UNIT_PARTS, ADMINISTRATOR,
    )  # fmt: skip


def services() -> dict[str, str]:
    """The services that judges come from, and for whose nominees sponsors and professional standards answer."""
    section = newest_rubric(_RECOGNITION)[0].recognition
    return {word: one.title for word, one in section.services.items()} if section else {}


def moderator_seats() -> tuple[str, ...]:
    """The seats of the moderation panel."""
    return main_workflow().moderators


def reviewer_seats() -> tuple[str, ...]:
    """The seats of a review's panel."""
    panel = main_workflow().panel
    return panel.seats if panel else ()


def main_workflow() -> Workflow:
    """The newest edition of the workflow whose seats and parties people are kept for."""
    return newest_workflow(_MAIN)[0]


def give_part(
    session: Session, person: Person, part: str, *, by: Person, from_on: date, until_on: date | None = None,
    unit: Unit | None = None, seat: str = "",
) -> Appointment:  # fmt: skip
    """Appoint a person to a standing part, for a unit or a moderator's seat where the part asks for one.

    Raises NotYours unless an administrator asks, NotNow for a disabled account, Invalid naming the field, and
    RuleBroken (B3) when somebody would appoint themself, or hold duties that every review keeps apart.
    """
    only(session, by, ADMINISTRATOR, "Only an administrator gives a part")
    if person.key == by.key:
        raise RuleBroken("You cannot give a part to yourself: ask another administrator", field="part", rule="B3")
    if not person.active:
        raise NotNow("This account is disabled: enable it before you give it a part")
    if part not in parts_to_give():
        raise Invalid("Choose a part", field="part")
    if until_on is not None and until_on < from_on:
        raise Invalid("The last day must not be before the first", field="until_on")
    _check_place(part, unit, seat)
    made = Appointment(
        person_id=person.key, part=part, unit_id=unit.key if unit else None, seat=seat, from_on=from_on,
        until_on=until_on,
    )  # fmt: skip
    _check_free(session, made)
    session.add(made)
    session.flush()
    return made


def _check_place(part: str, unit: Unit | None, seat: str) -> None:
    """A commander has a unit, a moderator a seat, a sponsor a service; judges and standards officers may have one."""
    if part in UNIT_PARTS and unit is None:
        raise Invalid("Choose the unit", field="unit")
    if part not in UNIT_PARTS and unit is not None:
        raise Invalid("Only a commander or an author of a unit belongs to a unit", field="unit")
    if part == "moderator" and seat not in moderator_seats():
        raise Invalid("Choose the seat on the moderation panel", field="seat")
    if part in (*OF_A_SERVICE, *JUDGES):
        if (seat or part == "sponsor") and seat not in services():
            raise Invalid("Choose the service", field="seat")
    elif part != "moderator" and seat:
        raise Invalid("Only a moderator has a seat, and only a judge, sponsor or officer a service", field="seat")


def _check_free(session: Session, new: Appointment) -> None:
    """Refuse a second commander, the same part twice, and duties that no review lets one person hold (B3)."""
    others = session.exec(
        select(Appointment).where(
            (col(Appointment.person_id) == new.person_id)
            | ((col(Appointment.part) == "commander") & (col(Appointment.unit_id) == new.unit_id))
        )
    ).all()
    for other in (one for one in others if _overlap(one, new)):
        same_place = (other.part, other.unit_id, other.seat) == (new.part, new.unit_id, new.seat)
        if other.person_id == new.person_id:
            if same_place:
                raise Invalid("This person has this part in these days already", field="part")
            _check_apart(other, new)
        elif new.part == "commander":
            until = f" until {words.day(other.until_on)}" if other.until_on else ""
            raise Invalid(f"The unit has a commander{until}: end that appointment first", field="from_on")


def _check_apart(other: Appointment, new: Appointment) -> None:
    """Parts held in every review at once must not be of two groups; an administrator holds no other part."""
    if ADMINISTRATOR in {other.part, new.part}:
        raise RuleBroken("An administrator holds no other part", field="part", rule="B3")
    everywhere = {one.part for one in (other, new) if one.unit_id is None}
    groups = {group for part in everywhere if (group := apart(part)) is not None}
    if len(groups) > 1:
        raise RuleBroken(f"One person is never both {words.listed(sorted(groups))}", field="part", rule="B3")
    parties = {part for part in everywhere if part.endswith(("_key", "_principal"))}
    if len({part.rsplit("_", 1)[0] for part in parties}) > 1:
        raise RuleBroken("The two keys are held by two people", field="part", rule="B7")


def _overlap(one: Appointment, other: Appointment) -> bool:
    return (one.until_on is None or one.until_on >= other.from_on) and (
        other.until_on is None or other.until_on >= one.from_on
    )


def end_part(session: Session, appointment: Appointment, *, by: Person, last_day: date | None = None) -> None:
    """End an appointment after `last_day`, or at once. What was done in the part stays in the journals.

    Raises NotYours unless an administrator asks, NotNow for the last administrator, Invalid for a day out of order.
    """
    only(session, by, ADMINISTRATOR, "Only an administrator ends a part")
    today = clock.today()
    if appointment.until_on is not None and appointment.until_on < today:
        raise NotNow("This appointment has ended already")
    if appointment.part == ADMINISTRATOR and not _others_administer(session, appointment):
        raise NotNow("Somebody must administer the accounts: appoint another administrator first")
    if last_day is None:
        last_day = today - timedelta(days=1)
    elif last_day < today:
        raise Invalid("The last day must be today or later; leave it empty to end the part at once", field="last_day")
    if last_day < appointment.from_on:
        # It ends before it has run for a day, so there is no spell to keep.
        session.delete(appointment)
    else:
        appointment.until_on = last_day
        session.add(appointment)
    session.flush()


def _others_administer(session: Session, ending: Appointment) -> bool:
    query = (
        select(Appointment.id)
        .join(Person, col(Person.id) == Appointment.person_id)
        .where(
            Appointment.part == ADMINISTRATOR,
            Appointment.person_id != ending.person_id,
            col(Appointment.from_on) <= clock.today(),
            col(Appointment.until_on).is_(None),
            col(Person.active).is_(True),
        )
    )
    return session.exec(query).first() is not None


def only(session: Session, by: Person, part: str, sentence: str) -> None:
    """Raise NotYours with a sentence unless somebody holds a part today."""
    if not any(one.part == part for one in standing(session, by)):
        raise NotYours(sentence)


def give_clearance(session: Session, person: Person, marking: Marking | None, *, by: Person) -> None:
    """Say up to which marking somebody may see evidence; None gives what the scheme in force gives everybody (B9).

    It follows vetting, so an officer may give more than they have. Raises NotYours unless one asks for somebody else.
    """
    only(session, by, OFFICER, "Only a programme officer says what somebody is cleared for")
    if person.key == by.key:
        raise NotYours("Nobody says what they are cleared for themselves")
    log.info("clearance given", person=person.key, by=by.key, before=person.clearance, after=marking)
    person.clearance = marking
    session.add(person)
    session.flush()
