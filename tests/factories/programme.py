"""A small programme: reference data, one person for each part, a pool of reviewers, and no review yet."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlmodel import Session, select

from metstandard.actions import reference
from metstandard.common import clock
from metstandard.records.accounts import Appointment, Person, Posting
from metstandard.records.bodies import Committee, Employer, EmployerKind, ReviewerProfile
from metstandard.records.units import Unit

LONG_AGO = date(2009, 6, 1)


@dataclass
class Programme:
    """The people by a short word, the session they live in, and shortcuts."""

    session: Session
    people: dict[str, Person] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> "Programme":
        """The programme that a database already holds; short words are the first halves of the addresses."""
        people = session.exec(select(Person)).all()
        return cls(session, {one.email.split("@")[0]: one for one in people})

    def __getitem__(self, word: str) -> Person:
        return self.people[word]

    def unit(self, code: str) -> Unit:
        """A unit of the reference data by its code."""
        return self.session.exec(select(Unit).where(Unit.code == code)).one()

    def committee(self, code: str = "SOP") -> Committee:
        """A committee by its code."""
        return self.session.exec(select(Committee).where(Committee.code == code)).one()

    def add(self, word: str, name: str) -> Person:
        """One more person with an account and no part."""
        person = Person(email=f"{word}@example.org", name=name, confirmed_at=clock.now())
        self.session.add(person)
        self.session.flush()
        self.people[word] = person
        return person

    def appoint(self, word: str, part: str, *, unit: str = "", seat: str = "", since: date | None = None) -> None:
        """Give a person a standing part."""
        self.session.add(
            Appointment(
                person_id=self[word].key, part=part, unit_id=self.unit(unit).key if unit else None, seat=seat,
                from_on=since or LONG_AGO,
            )
        )  # fmt: skip
        self.session.flush()

    def pool(self, word: str, seat: str, *, unit: str = "", employer: str = "", rank: int | None = 4) -> None:
        """Put a person into the pool of reviewers, trained and vetted for years."""
        employed = self.session.exec(select(Employer).where(Employer.name == employer)).first() if employer else None
        if employer and employed is None:
            employed = Employer(name=employer, kind=EmployerKind.COMPANY)
            self.session.add(employed)
            self.session.flush()
        later = clock.today() + timedelta(days=1500)
        self.session.add(
            ReviewerProfile(
                person_id=self[word].key, seat=seat, unit_id=self.unit(unit).key if unit else None,
                employer_id=employed.key if employed else None, rank=rank if seat == "peer" else None, can_lead=True,
                trained_until=later, calibrated_until=later, vetted_until=later, terms_signed_on=clock.today(),
                observed_on=clock.today(),
            )
        )  # fmt: skip
        if unit:
            self.session.add(Posting(person_id=self[word].key, unit_id=self.unit(unit).key, from_on=LONG_AGO))
        self.session.flush()


def programme(session: Session) -> Programme:
    """Everybody that one review of Camden BOCU (code EK) needs, and two reserves for each seat."""
    reference.load(session)
    made = Programme(session)
    staff = {
        "officer": ("Programme officer", "programme_officer", ""),
        "authority": ("Authority key holder", "authority_key", ""),
        "commissioner": ("Commissioner's key holder", "commissioner_key", ""),
        "member": ("Moderator, Authority member", "moderator", "authority_member"),
        "senior": ("Moderator, senior officer", "moderator", "senior_officer"),
        "independent": ("Moderator, independent", "moderator", "independent"),
        "administrator": ("Administrator", "administrator", ""),
        "press": ("Press officer", "press_officer", ""),
    }
    for word, (name, part, seat) in staff.items():
        made.add(word, name)
        made.appoint(word, part, seat=seat)
    made.add("link", "Link member for Camden")
    made.appoint("link", "link_member")
    made.add("commander", "Commander of Camden BOCU")
    made.appoint("commander", "commander", unit="EK")
    made.add("author", "Staff officer of Camden BOCU")
    made.appoint("author", "unit_author", unit="EK")
    for number, code in enumerate(("SCD5", "CO11", "RG"), start=1):
        made.add(f"peer{number}", f"Peer reviewer {number} ({code})")
        made.pool(f"peer{number}", "peer", unit=code)
    for number, council in enumerate(("Hackney Council", "Ealing Council", "Sutton Council"), start=1):
        made.add(f"council{number}", f"Local authority reviewer {number} ({council})")
        made.pool(f"council{number}", "local_authority", employer=council)
    for number, company in enumerate(("Harbour Logistics", "Northgate Rail", "Albion Retail"), start=1):
        made.add(f"company{number}", f"Private sector reviewer {number} ({company})")
        made.pool(f"company{number}", "private", employer=company)
    session.commit()
    return made
