"""What makes a person able to sit, as the programme office records it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from sqlmodel import Session, select

from metstandard.actions.people import OFFICER, main_workflow, only
from metstandard.common.errors import Invalid, RuleBroken, Stale
from metstandard.records.accounts import Person
from metstandard.records.bodies import Employer, EmployerKind, ReviewerProfile
from metstandard.records.regions import of_boroughs, region_of, unit_type
from metstandard.records.units import Unit
from metstandard.rules.content import hashed
from metstandard.rules.editions import newest_rubric, rubric_names
from metstandard.workflow.shapes import SeatFrom

_RANKS = range(1, 11)
_LEVELS = range(4)
_LIMITS = {
    "rank": _RANKS, "capacity": range(13), "reviews_before": range(501), "travel_most": range(10),
}  # fmt: skip
_SAID = {
    "rank": "The rank", "capacity": "The reviews offered in a year", "reviews_before": "The reviews done elsewhere",
    "travel_most": "The furthest distance",
}  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """What makes a reviewer able to sit (rules.md B1, B2); `expertise` is 0 to 3 by the code of a domain.

    `travel_most` is in steps between regions, empty for any distance. Calibration is no part of it: it is earned.
    """

    seat: str
    unit: str = ""
    employer: str = ""
    rank: int | None = None
    can_lead: bool = False
    can_chair: bool = False
    trained_until: date | None = None
    vetted_until: date | None = None
    terms_signed_on: date | None = None
    observed_on: date | None = None
    home_borough: str = ""
    travel_most: int | None = None
    capacity: int = 3
    reviews_before: int = 0
    expertise: Mapping[str, int] = field(default_factory=dict)
    unit_types: tuple[str, ...] = ()

    @property
    def revision(self) -> str:
        """A hash by which a stale edit is noticed."""
        values = {**asdict(self), "expertise": sorted(self.expertise.items()), "unit_types": sorted(self.unit_types)}
        return hashed({name: str(value) for name, value in values.items()})


def domains() -> dict[str, str]:
    """The domains in which a reviewer may be expert, with their titles: those of the rubric of reviews."""
    names = rubric_names()
    return {one.code: one.title for one in newest_rubric(names[-1])[0].domains.values()} if names else {}


def unit_types(session: Session) -> list[str]:
    """The types of unit that a reviewer may know."""
    return sorted({unit_type(one) for one in session.exec(select(Unit)).all()})


def boroughs() -> list[str]:
    """The boroughs in which a reviewer may live."""
    return sorted(of_boroughs())


def profile_of(session: Session, person: Person) -> Profile | None:
    """A reviewer's profile in plain values; None for somebody outside the pool."""
    row = session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == person.key)).first()
    if row is None:
        return None
    unit = session.get(Unit, row.unit_id) if row.unit_id else None
    employer = session.get(Employer, row.employer_id) if row.employer_id else None
    return plain(row, unit.code if unit else "", employer.name if employer else "")


def plain(row: ReviewerProfile, unit: str, employer: str) -> Profile:
    """A row in plain values, with the code of its unit and the name of its employer."""
    return Profile(
        seat=row.seat, unit=unit, employer=employer, rank=row.rank, can_lead=row.can_lead, can_chair=row.can_chair,
        trained_until=row.trained_until, vetted_until=row.vetted_until, terms_signed_on=row.terms_signed_on,
        observed_on=row.observed_on, home_borough=row.home_borough or "", travel_most=row.travel_most,
        capacity=row.capacity, reviews_before=row.reviews_before, expertise=dict(row.expertise),
        unit_types=tuple(row.unit_types),
    )  # fmt: skip


def save_profile(session: Session, person: Person, profile: Profile, *, by: Person, revision: str = "") -> None:
    """Put a person into the pool of reviewers, or correct what is known of one; an unknown company is added.

    Raises NotYours unless a programme officer asks, RuleBroken (B3) for one's own, Invalid naming the field, and Stale
    when somebody changed the profile since `revision` was read.
    """
    only(session, by, OFFICER, "Only a programme officer keeps reviewers’ profiles")
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
    write(session, person, profile)


class Places:
    """The seats, the units by code and the employers by name, read once; a company that is new is added."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.panel = main_workflow().panel
        self.seats = self.panel.seats if self.panel else ()
        self.units = {one.code: one for one in session.exec(select(Unit)).all()}
        self.employers = {one.name: one for one in session.exec(select(Employer)).all()}

    def company(self, name: str) -> Employer:
        """A company that the records do not know yet."""
        made = Employer(name=name, kind=EmployerKind.COMPANY)
        self.session.add(made)
        self.session.flush()
        self.employers[name] = made
        return made


def write(session: Session, person: Person, profile: Profile) -> None:
    """Check a profile and store it; the caller has asked who may. Raises Invalid naming the field."""
    check(profile, domains())
    places = Places(session)
    unit, employer = home(profile, places)
    row = session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == person.key)).first()
    row = row or ReviewerProfile(person_id=person.key, seat=profile.seat)
    put(row, profile, unit, employer or (places.company(profile.employer) if profile.employer else None))
    session.add(row)
    session.flush()


def put(row: ReviewerProfile, profile: Profile, unit: Unit | None, employer: Employer | None) -> None:
    """Write plain values into a row."""
    row.seat, row.rank, row.can_lead, row.can_chair = profile.seat, profile.rank, profile.can_lead, profile.can_chair
    row.unit_id, row.employer_id = unit.key if unit else None, employer.key if employer else None
    row.trained_until, row.vetted_until = profile.trained_until, profile.vetted_until
    row.terms_signed_on, row.observed_on = profile.terms_signed_on, profile.observed_on
    row.home_borough, row.region = profile.home_borough or None, region_of(profile.home_borough)
    row.travel_most, row.capacity, row.reviews_before = profile.travel_most, profile.capacity, profile.reviews_before
    row.expertise, row.unit_types = dict(profile.expertise), list(profile.unit_types)


def check(profile: Profile, known: Collection[str]) -> None:
    """Refuse numbers out of their range, and names of nothing, naming the field. `known` are the domains' codes."""
    for wrong in problems(profile, known):
        raise wrong


def problems(profile: Profile, known: Collection[str]) -> Iterator[Invalid]:
    """Everything that `check` refuses, each naming its field."""
    for name, allowed in _LIMITS.items():
        value = getattr(profile, name)
        if value is not None and value not in allowed:
            yield Invalid(f"{_SAID[name]} must be a number from {allowed[0]} to {allowed[-1]}", field=name)
    if profile.home_borough and profile.home_borough not in of_boroughs():
        yield Invalid("Choose the borough from the list", field="home_borough")
    for code, level in profile.expertise.items():
        if code not in known or level not in _LEVELS:
            yield Invalid("Expertise is a number from 0 to 3", field=f"expertise_{code}")


def _said(value: object) -> str:
    return "" if value is None else str(value)


def home(profile: Profile, places: Places) -> tuple[Unit | None, Employer | None]:
    """The unit or the employer that the kind of seat asks for: exactly one of them (COI-1, COI-4, COI-5).

    Both are None for a company that the records do not know yet.
    """
    if places.panel is None or profile.seat not in places.seats:
        raise Invalid("Choose the kind of seat", field="seat")
    origin = places.panel.origin(profile.seat)
    if origin is SeatFrom.UNIT:
        unit = places.units.get(profile.unit)
        if unit is None:
            raise Invalid("Choose the unit in which this person serves", field="unit", rule="COI-1")
        if profile.employer:
            raise Invalid("A peer comes from a unit: leave the employer empty", field="employer", rule="COI-1")
        return unit, None
    if profile.unit:
        raise Invalid("Only a peer comes from a unit: leave the unit empty", field="unit", rule="COI-1")
    if not profile.employer:
        raise Invalid("Enter the employer", field="employer")
    return None, _employer(profile.employer, origin, places)


def _employer(name: str, origin: SeatFrom, places: Places) -> Employer | None:
    found = places.employers.get(name)
    if found is None and origin is SeatFrom.COMPANY:
        return None
    if found is None or found.kind.value != origin.value:
        wanted = "a London local authority" if origin is SeatFrom.COUNCIL else "a company"
        rule = "COI-4" if origin is SeatFrom.COUNCIL else "COI-5"
        raise Invalid(f"This seat is for {wanted}: choose one from the list", field="employer", rule=rule)
    return found
