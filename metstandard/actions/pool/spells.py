"""Spells and registers of a reviewer: when they cannot sit, postings, interests, gifts; and supplies of companies.

Reviewers keep their own periods, interests and gifts; the programme office keeps everybody's, and postings.
"""

from datetime import date, timedelta

from sqlmodel import Session, select

from metstandard.actions.people import OFFICER, only
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotYours, RuleBroken
from metstandard.records.accounts import Person, Posting
from metstandard.records.bodies import Employer, EmployerKind, Supply
from metstandard.records.pool import Gift, Period, PeriodKind, StandingInterest
from metstandard.records.seats import Interest
from metstandard.records.units import Unit
from metstandard.rules.calibration import in_pool
from metstandard.rules.parts import standing

SUPPLY_ROLES = ("supplier", "bidder", "sponsor")
_LONGEST = timedelta(days=800)


def _may_keep(session: Session, person: Person, by: Person) -> None:
    """Raise NotYours unless somebody keeps what is their own, or is a programme officer; nobody outside the pool."""
    officer = any(one.part == OFFICER for one in standing(session, by))
    if (person.key != by.key and not officer) or in_pool(session, person) is None:
        raise NotYours("Only the reviewer and the programme office keep this")


def _in_order(since: date, until: date | None, field: str = "until_on") -> None:
    if until is not None and until < since:
        raise Invalid("The last day must not be before the first", field=field)


def add_period(
    session: Session, person: Person, *, by: Person, kind: PeriodKind, from_on: date, until_on: date, note: str = ""
) -> Period:
    """Enter a spell in which a reviewer cannot sit; the same spell twice is one. Raises Invalid for a past one."""
    _may_keep(session, person, by)
    _in_order(from_on, until_on)
    if until_on < clock.today():
        raise Invalid("The last day has passed", field="until_on")
    if until_on - from_on > _LONGEST:
        raise Invalid("A period lasts two years at most", field="until_on")
    same = session.exec(
        select(Period).where(
            Period.person_id == person.key, Period.kind == kind, Period.from_on == from_on, Period.until_on == until_on
        )
    ).first()
    made = same or Period(person_id=person.key, kind=kind, from_on=from_on, until_on=until_on, note=note.strip())
    session.add(made)
    session.flush()
    return made


def remove_period(session: Session, period: Period, *, by: Person) -> None:
    """Take a spell out again."""
    _may_keep(session, session.get_one(Person, period.person_id), by)
    session.delete(period)
    session.flush()


def add_interest(
    session: Session, person: Person, unit: Unit, *, by: Person, interest: Interest, detail: str
) -> StandingInterest:
    """Enter an interest that holds for every review of a unit from today (COI-7, COI-12)."""
    _may_keep(session, person, by)
    if interest is Interest.NONE:
        raise Invalid("Choose whether the interest is personal or prejudicial", field="interest", rule="COI-9")
    if not detail.strip():
        raise Invalid("Say what the interest is", field="detail", rule="COI-8")
    made = StandingInterest(
        person_id=person.key, unit_id=unit.key, interest=interest, detail=detail.strip(), from_on=clock.today()
    )
    session.add(made)
    session.flush()
    return made


def end_interest(session: Session, interest: StandingInterest, *, by: Person) -> None:
    """An interest that no longer holds: it stays in the register with its last day."""
    _may_keep(session, session.get_one(Person, interest.person_id), by)
    interest.until_on = interest.until_on or max(interest.from_on, clock.today())
    session.add(interest)
    session.flush()


def enter_gift(
    session: Session, person: Person, *, by: Person, giver: Unit | str, what: str, value: int, accepted: bool,
    offered_on: date,
) -> Gift:  # fmt: skip
    """Enter a gift or hospitality, accepted or refused; `value` in pence. Nothing leaves the register (COI-11)."""
    _may_keep(session, person, by)
    name = giver.title if isinstance(giver, Unit) else giver.strip()
    if offered_on > clock.today():
        raise Invalid("The day must not be in the future", field="offered_on")
    if not name:
        raise Invalid("Enter who gave it", field="giver", rule="COI-11")
    if not what.strip():
        raise Invalid("Say what was offered", field="what", rule="COI-11")
    made = Gift(
        person_id=person.key, unit_id=giver.key if isinstance(giver, Unit) else None, giver=name, what=what.strip(),
        value=value, accepted=accepted, offered_on=offered_on,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def add_posting(
    session: Session, person: Person, unit: Unit, *, by: Person, from_on: date, until_on: date | None,
    command_team: bool,
) -> Posting:  # fmt: skip
    """Enter a former or present posting; the same one twice is one (COI-2, COI-3)."""
    only(session, by, OFFICER, "Only a programme officer keeps postings")
    if person.key == by.key:
        raise RuleBroken("You cannot keep your own postings: ask a colleague", field="unit", rule="B3")
    _in_order(from_on, until_on)
    same = session.exec(
        select(Posting).where(Posting.person_id == person.key, Posting.unit_id == unit.key, Posting.from_on == from_on)
    ).first()
    made = same or Posting(person_id=person.key, unit_id=unit.key, from_on=from_on)
    made.until_on, made.command_team = until_on, command_team
    session.add(made)
    session.flush()
    return made


def add_supply(
    session: Session, employer: Employer, *, by: Person, role: str, from_on: date, until_on: date | None
) -> Supply:
    """Enter a spell of a company as supplier, bidder or sponsor; the same one twice is one (COI-5)."""
    only(session, by, OFFICER, "Only a programme officer keeps the register of suppliers")
    if role not in SUPPLY_ROLES:
        raise Invalid("Choose supplier, bidder or sponsor", field="role", rule="COI-5")
    if employer.kind is not EmployerKind.COMPANY:
        raise Invalid("Only a company supplies, bids or sponsors", field="employer", rule="COI-5")
    _in_order(from_on, until_on)
    same = session.exec(
        select(Supply).where(Supply.employer_id == employer.key, Supply.role == role, Supply.from_on == from_on)
    ).first()
    made = same or Supply(employer_id=employer.key, role=role, from_on=from_on)
    made.until_on = until_on
    session.add(made)
    session.flush()
    return made
