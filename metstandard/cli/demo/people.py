"""The people of the demonstration, named by role and unit; none is invented."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlmodel import Session, select

from metstandard.actions import reference
from metstandard.actions.samples import steady
from metstandard.cli.demo.pool import make_different
from metstandard.common import clock
from metstandard.records.accounts import Appointment, Person, Posting
from metstandard.records.bodies import Employer, EmployerKind, ReviewerProfile
from metstandard.records.units import Unit
from metstandard.rules import markings

_STAFF = (
    ("programme.officer", "Programme officer", "programme_officer", ""),
    ("programme.officer.2", "Second programme officer", "programme_officer", ""),
    ("authority.key", "Authority's decision maker", "authority_key", ""),
    ("commissioner.key", "Commissioner's decision maker", "commissioner_key", ""),
    ("authority.chair", "Chair of the Authority", "authority_principal", ""),
    ("commissioner", "Commissioner", "commissioner_principal", ""),
    ("moderator.member", "Moderator, Authority member", "moderator", "authority_member"),
    ("moderator.officer", "Moderator, senior officer", "moderator", "senior_officer"),
    ("moderator.independent", "Moderator, independent", "moderator", "independent"),
    ("press.officer", "Press officer", "press_officer", ""),
    ("committee.key", "Committee's decision maker", "committee_key", ""),
    ("standards.officer", "Professional standards", "standards_officer", ""),
    ("sponsor.met", "Sponsor, Metropolitan Police Service", "sponsor", "met"),
    ("sponsor.lfb", "Sponsor, London Fire Brigade", "sponsor", "lfb"),
    ("sponsor.las", "Sponsor, London Ambulance Service", "sponsor", "las"),
    ("judging.chair", "Chair of the judges, independent", "judging_chair", ""),
    ("judge.btp", "Judge, British Transport Police", "judge", "btp"),
    ("judge.coastguard", "Judge, HM Coastguard", "judge", "coastguard"),
    ("judge.rnli", "Judge, Royal National Lifeboat Institution", "judge", "rnli"),
    ("judge.city", "Judge, City of London Police", "judge", "city"),
    ("judge.lfb", "Judge, London Fire Brigade", "judge", "lfb"),
    ("judge.las", "Judge, London Ambulance Service", "judge", "las"),
    ("administrator", "Administrator", "administrator", ""),
)
# Cleared for less than the others: what is marked higher is not there for them (rules.md B9).
_CLEARED_FOR_LITTLE = frozenset({"press.officer", "private.media", "link.east"})
_PEERS = ("RG", "YR", "SCD5", "CO11", "GD", "SCD7", "TX", "SO18", "ZD", "CO15", "KF", "SCD1", "CO10", "SO15", "PL")
_COUNCILS = (
    "Bexley",
    "Sutton",
    "Ealing",
    "Havering",
    "Merton",
    "Redbridge",
    "Brent",
    "Bromley",
    "Harrow",
    "Barnet",
    "Enfield",
    "Lewisham",
)
_TRADES = (
    "logistics",
    "rail",
    "retail",
    "banking",
    "energy",
    "telecoms",
    "insurance",
    "construction",
    "media",
    "hotels",
    "aviation",
    "health care",
)
_LINK_MEMBERS = ("north", "south", "east", "west")


@dataclass
class Cast:
    """Everybody by the first half of the address, and the pools in a fixed order."""

    session: Session
    people: dict[str, Person] = field(default_factory=dict)
    peers: list[Person] = field(default_factory=list)
    councils: list[Person] = field(default_factory=list)
    companies: list[Person] = field(default_factory=list)

    def __getitem__(self, word: str) -> Person:
        return self.people[word]

    def commander(self, unit: Unit) -> Person:
        """The commander of a unit."""
        return self.people[f"commander.{unit.code.lower()}"]

    def author(self, unit: Unit) -> Person:
        """The staff officer who prepares for the commander."""
        return self.people[f"staff.{unit.code.lower()}"]


def cast_of(session: Session, *, began: date) -> Cast:
    """Make everybody; appointments run from `began`, commanders' from days of their own. The caller commits."""
    reference.load(session)
    cast = Cast(session)
    for word, name, part, seat in _STAFF:
        _appoint(session, _person(cast, word, name), part, began, seat=seat)
    for word in _LINK_MEMBERS:
        _appoint(session, _person(cast, f"link.{word}", f"Link member ({word} London)"), "link_member", began)
    units = session.exec(select(Unit).order_by(Unit.code)).all()
    for unit in units:
        since = began - timedelta(days=steady(unit.code) % 1500)
        _appoint(
            session,
            _person(cast, f"commander.{unit.code.lower()}", f"Commander of {unit.title}"),
            "commander",
            since,
            unit=unit,
        )
        _appoint(
            session,
            _person(cast, f"staff.{unit.code.lower()}", f"Staff officer of {unit.title}"),
            "unit_author",
            began,
            unit=unit,
        )
    _pools(cast, {unit.code: unit for unit in units}, began)
    session.flush()
    return cast


def _person(cast: Cast, word: str, name: str) -> Person:
    little = markings.profile().lowest if word in _CLEARED_FOR_LITTLE else None
    person = Person(email=f"{word}@demo.example", name=name[:120], confirmed_at=clock.now(), clearance=little)
    cast.session.add(person)
    cast.session.flush()
    cast.people[word] = person
    return person


def _appoint(
    session: Session, person: Person, part: str, since: date, *, unit: Unit | None = None, seat: str = ""
) -> None:
    session.add(
        Appointment(person_id=person.key, part=part, unit_id=unit.key if unit else None, seat=seat, from_on=since)
    )


def _pools(cast: Cast, units: dict[str, Unit], began: date) -> None:
    for code in _PEERS:
        unit = units[code]
        peer = _person(cast, f"peer.{code.lower()}", f"Peer reviewer of {unit.title}")
        cast.session.add(Posting(person_id=peer.key, unit_id=unit.key, from_on=began - timedelta(days=900)))
        _profile(cast, peer, "peer", unit=unit)
        cast.peers.append(peer)
    for borough in _COUNCILS:
        name = f"{borough} Council"
        employer = cast.session.exec(select(Employer).where(Employer.name == name)).one()
        council = _person(cast, f"council.{borough.lower()}", f"Local authority reviewer ({name})")
        _profile(cast, council, "local_authority", employer=employer)
        cast.councils.append(council)
    for trade in _TRADES:
        employer = Employer(name=f"{trade.capitalize()} company", kind=EmployerKind.COMPANY)
        cast.session.add(employer)
        cast.session.flush()
        private = _person(cast, f"private.{trade.replace(' ', '-')}", f"Private sector reviewer ({trade})")
        _profile(cast, private, "private", employer=employer)
        cast.companies.append(private)


def _profile(
    cast: Cast, person: Person, seat: str, *, unit: Unit | None = None, employer: Employer | None = None
) -> None:
    later = clock.today() + timedelta(days=1600)
    make_different(
        cast.session,
        ReviewerProfile(
            person_id=person.key, seat=seat, unit_id=unit.key if unit else None,
            employer_id=employer.key if employer else None, rank=4 if unit else None, can_lead=True,
            trained_until=later, calibrated_until=later, vetted_until=later,
            terms_signed_on=clock.today(), observed_on=clock.today(),
        ),
        person,
    )  # fmt: skip
