"""What people may play: parts that administrators give and end, reviewers' profiles that the programme office keeps."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from metstandard.common import clock, words
from metstandard.common.errors import Invalid, NotNow, NotYours, RuleBroken, Stale
from metstandard.records.accounts import Appointment, Person
from metstandard.records.bodies import Employer, EmployerKind, ReviewerProfile
from metstandard.records.units import Unit
from metstandard.rules.content import hashed
from metstandard.rules.duties import UNIT_PARTS, apart
from metstandard.rules.editions import newest_workflow
from metstandard.rules.parts import standing
from metstandard.workflow.definition import Workflow
from metstandard.workflow.shapes import SeatFrom

ADMINISTRATOR = "administrator"
OFFICER = "programme_officer"
_MAIN = "assessment"
_RANKS = range(1, 11)


def parts_to_give() -> tuple[str, ...]:
    """The standing parts that can be given: keys and principals are those of the assessment workflow's parties."""
    workflow = _workflow()
    return (
        OFFICER, *workflow.keys, *workflow.principals, "moderator", "link_member", "press_officer", *UNIT_PARTS,
        ADMINISTRATOR,
    )  # fmt: skip


def moderator_seats() -> tuple[str, ...]:
    """The seats of the moderation panel."""
    return _workflow().moderators


def reviewer_seats() -> tuple[str, ...]:
    """The seats of a review's panel."""
    panel = _workflow().panel
    return panel.seats if panel else ()


def _workflow() -> Workflow:
    return newest_workflow(_MAIN)[0]


def give_part(
    session: Session, person: Person, part: str, *, by: Person, from_on: date, until_on: date | None = None,
    unit: Unit | None = None, seat: str = "",
) -> Appointment:  # fmt: skip
    """Appoint a person to a standing part, for a unit or a moderator's seat where the part asks for one.

    Raises NotYours unless an administrator asks, NotNow for a disabled account, Invalid naming the field, and
    RuleBroken (B3) when somebody would appoint themself, or hold duties that every review keeps apart.
    """
    _only(session, by, ADMINISTRATOR, "Only an administrator gives a part")
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
    """A commander has a unit, a moderator has a seat, nobody else has either."""
    if part in UNIT_PARTS and unit is None:
        raise Invalid("Choose the unit", field="unit")
    if part not in UNIT_PARTS and unit is not None:
        raise Invalid("Only a commander or an author of a unit belongs to a unit", field="unit")
    if part == "moderator" and seat not in moderator_seats():
        raise Invalid("Choose the seat on the moderation panel", field="seat")
    if part != "moderator" and seat:
        raise Invalid("Only a moderator has a seat on the moderation panel", field="seat")


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
    _only(session, by, ADMINISTRATOR, "Only an administrator ends a part")
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


@dataclass(frozen=True)
class Profile:
    """What makes a reviewer able to sit, as the programme office records it (rules.md B1, B2)."""

    seat: str
    unit: str = ""
    employer: str = ""
    rank: int | None = None
    can_lead: bool = False
    trained_until: date | None = None
    vetted_until: date | None = None
    terms_signed_on: date | None = None
    observed_on: date | None = None

    @property
    def revision(self) -> str:
        """A hash by which a stale edit is noticed."""
        return hashed({name: str(value) for name, value in asdict(self).items()})


def profile_of(session: Session, person: Person) -> Profile | None:
    """A reviewer's profile in plain values; None for somebody outside the pool."""
    row = session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == person.key)).first()
    if row is None:
        return None
    unit = session.get(Unit, row.unit_id) if row.unit_id else None
    employer = session.get(Employer, row.employer_id) if row.employer_id else None
    return Profile(
        seat=row.seat, unit=unit.code if unit else "", employer=employer.name if employer else "", rank=row.rank,
        can_lead=row.can_lead, trained_until=row.trained_until, vetted_until=row.vetted_until,
        terms_signed_on=row.terms_signed_on, observed_on=row.observed_on,
    )  # fmt: skip


def save_profile(session: Session, person: Person, profile: Profile, *, by: Person, revision: str = "") -> None:
    """Put a person into the pool of reviewers, or correct what is known of one; an unknown company is added.

    Raises NotYours unless a programme officer asks, RuleBroken (B3) for one's own, Invalid naming the field, and Stale
    when somebody changed the profile since `revision` was read.
    """
    _only(session, by, OFFICER, "Only a programme officer keeps reviewers’ profiles")
    if person.key == by.key:
        raise RuleBroken("You cannot keep your own profile: ask a colleague", field="seat", rule="B3")
    stored = profile_of(session, person)
    now = stored.revision if stored else ""
    if now != revision:
        theirs = {name: _said(value) for name, value in asdict(stored).items()} if stored else {}
        mine = {name: _said(value) for name, value in asdict(profile).items()}
        raise Stale(
            "Somebody changed this profile while you had it open", mine=mine, theirs={**theirs, "revision": now}
        )
    unit, employer = _home(session, profile)
    if profile.rank is not None and profile.rank not in _RANKS:
        raise Invalid(f"The rank must be a number from {_RANKS[0]} to {_RANKS[-1]}", field="rank")
    row = session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == person.key)).first()
    row = row or ReviewerProfile(person_id=person.key, seat=profile.seat)
    row.seat, row.rank, row.can_lead = profile.seat, profile.rank, profile.can_lead
    row.unit_id, row.employer_id = unit.key if unit else None, employer.key if employer else None
    row.trained_until, row.vetted_until = profile.trained_until, profile.vetted_until
    row.terms_signed_on, row.observed_on = profile.terms_signed_on, profile.observed_on
    session.add(row)
    session.flush()


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _home(session: Session, profile: Profile) -> tuple[Unit | None, Employer | None]:
    """The unit or the employer that the kind of seat asks for: exactly one of them (COI-1, COI-4, COI-5)."""
    panel = _workflow().panel
    if panel is None or profile.seat not in panel.seats:
        raise Invalid("Choose the kind of seat", field="seat")
    origin = panel.origin(profile.seat)
    if origin is SeatFrom.UNIT:
        unit = session.exec(select(Unit).where(Unit.code == profile.unit)).first()
        if unit is None:
            raise Invalid("Choose the unit in which this person serves", field="unit", rule="COI-1")
        if profile.employer:
            raise Invalid("A peer comes from a unit: leave the employer empty", field="employer", rule="COI-1")
        return unit, None
    if profile.unit:
        raise Invalid("Only a peer comes from a unit: leave the unit empty", field="unit", rule="COI-1")
    if not profile.employer:
        raise Invalid("Enter the employer", field="employer")
    return None, _employer(session, profile.employer, origin)


def _employer(session: Session, name: str, origin: SeatFrom) -> Employer:
    found = session.exec(select(Employer).where(Employer.name == name)).first()
    if found is None and origin is SeatFrom.COMPANY:
        found = Employer(name=name, kind=EmployerKind.COMPANY)
        session.add(found)
        session.flush()
    if found is None or found.kind.value != origin.value:
        wanted = "a London local authority" if origin is SeatFrom.COUNCIL else "a company"
        rule = "COI-4" if origin is SeatFrom.COUNCIL else "COI-5"
        raise Invalid(f"This seat is for {wanted}: choose one from the list", field="employer", rule=rule)
    return found


def _only(session: Session, by: Person, part: str, sentence: str) -> None:
    if not any(one.part == part for one in standing(session, by)):
        raise NotYours(sentence)
