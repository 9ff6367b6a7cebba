"""What people do with accounts: invite, choose a password, disable. The web hashes; nothing here sees a password."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, func, select, update

from metstandard.common import clock, ids
from metstandard.common.errors import Invalid, NotNow, NotYours
from metstandard.common.settings import settings
from metstandard.outbox import compose
from metstandard.records.accounts import AccountLink, Person, SignedIn
from metstandard.records.outbox import Letter, LetterStatus
from metstandard.rules import markings
from metstandard.rules.parts import standing

INVITATION = "invitation"
RESET = "password_reset"
LASTS = {INVITATION: timedelta(days=14), RESET: timedelta(hours=1)}
_KEEPER = "administrator"


def add_person(session: Session, *, by: Person, email: str, name: str, title: str = "") -> Person:
    """Open an account and invite its person by letter. Raises NotYours, or Invalid for an address in use."""
    _keeper(session, by)
    if session.exec(select(Person.id).where(func.lower(Person.email) == email.lower())).first() is not None:
        raise Invalid("Somebody with this e-mail address has an account already", field="email")
    person = Person(email=email, name=name, title=title)
    session.add(person)
    session.flush()
    invite(session, person, by=by)
    return person


def invite(session: Session, person: Person, *, by: Person) -> None:
    """Send an invitation, again if need be; earlier links stop working. Raises NotYours, NotNow."""
    _keeper(session, by)
    if not person.active:
        raise NotNow("This account is disabled: enable it before you invite the person")
    if person.password:
        raise NotNow("This person has chosen a password already")
    person.invited_at = clock.now()
    _send_link(session, person, INVITATION)


def send_reset(session: Session, person: Person | None) -> None:
    """Send a letter with a link to choose a new password; nothing for nobody, as the page says the same either way.

    Who has not accepted the invitation gets that again: both lead to the same page.
    """
    if person is not None and person.active:
        _send_link(session, person, RESET)


def _send_link(session: Session, person: Person, purpose: str) -> None:
    token = ids.token()
    until = clock.now() + LASTS[purpose]
    _spend_links(session, person, purpose)
    session.add(AccountLink(person_id=person.key, purpose=purpose, token_hash=ids.token_hash(token), expires_at=until))
    session.flush()
    facts: dict[str, str | datetime] = {
        "link": f"{settings().base_url}/link/{token}", "until": until, "marking": markings.profile().lowest.value,
    }  # fmt: skip
    compose.owe(session, purpose, to=person, once=f"{purpose}:{ids.token_hash(token)[:32]}", facts=facts)


def _spend_links(session: Session, person: Person, *purposes: str) -> None:
    session.exec(
        update(AccountLink)
        .where(
            col(AccountLink.person_id) == person.key,
            col(AccountLink.purpose).in_(purposes),
            col(AccountLink.used_at).is_(None),
        )
        .values(used_at=clock.now())
    )


def open_link(session: Session, token: str) -> tuple[AccountLink, Person] | None:
    """The link of a token and its person, when it is unused, in time, and the account is enabled."""
    link = session.exec(select(AccountLink).where(AccountLink.token_hash == ids.token_hash(token))).first()
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        return None
    person = session.get_one(Person, link.person_id)
    return (link, person) if person.active else None


def choose_password(session: Session, token: str, *, hashed: str) -> Person:
    """Store the password chosen over a link, spend every link of the person, end all their sessions. Raises NotNow."""
    found = open_link(session, token)
    if found is None:
        raise NotNow("This link has been used, or it is too old: ask for a new one")
    _, person = found
    _spend_links(session, person, INVITATION, RESET)
    _store(session, person, hashed)
    person.confirmed_at = person.confirmed_at or clock.now()
    return person


def change_password(session: Session, person: Person, *, hashed: str) -> None:
    """Store a new password of a signed-in person; all their sessions end, the web begins a new one."""
    _store(session, person, hashed)


def _store(session: Session, person: Person, hashed: str) -> None:
    person.password = hashed
    # The sessions carry the old mark: none of them knows this person any more.
    person.fs_uniquifier = ids.token()
    end_sessions(session, person)


def end_sessions(session: Session, person: Person, *, but: str = "") -> int:
    """End every session of a person, but for one by its hash; gives how many ended."""
    query = delete(SignedIn).where(col(SignedIn.person_id) == person.key)
    if but:
        query = query.where(col(SignedIn.token_hash) != but)
    return int(session.exec(query).rowcount)


def end_session(session: Session, person: Person, number: str) -> bool:
    """End one session of a person by the first 16 digits of its hash. False when there is none."""
    query = delete(SignedIn).where(
        col(SignedIn.person_id) == person.key, func.substr(SignedIn.token_hash, 1, 16) == number
    )
    return bool(session.exec(query).rowcount)


def sessions_of(session: Session, person: Person) -> list[SignedIn]:
    """The sessions of a person that have not run out, newest first."""
    query = select(SignedIn).where(SignedIn.person_id == person.key, SignedIn.expires_at > clock.now())
    return list(session.exec(query.order_by(col(SignedIn.created_at).desc())).all())


def disable(session: Session, person: Person, *, by: Person) -> None:
    """Shut an account from the next request on. Raises NotYours, or NotNow for one's own."""
    _keeper(session, by)
    if person.key == by.key:
        raise NotNow("You cannot disable your own account: ask another administrator")
    person.active = False
    person.fs_uniquifier = ids.token()
    _spend_links(session, person, INVITATION, RESET)
    end_sessions(session, person)


def enable(session: Session, person: Person, *, by: Person) -> None:
    """Open a disabled account again; the person signs in with the password they had. Raises NotYours."""
    _keeper(session, by)
    person.active = True


def choose_letters(session: Session, person: Person, *, daily: bool) -> None:
    """Get letters each at once, or as one letter a day (interface.md 30); what waited for the morning then goes now."""
    person.daily_digest = daily
    session.add(person)
    if not daily:
        waiting = update(Letter).where(
            col(Letter.person_id) == person.key, col(Letter.status) == LetterStatus.OWED, col(Letter.attempts) == 0
        )
        session.exec(waiting.values(next_try_at=clock.now()))
    session.flush()


def _keeper(session: Session, by: Person) -> None:
    if not any(one.part == _KEEPER for one in standing(session, by)):
        raise NotYours("Only an administrator keeps accounts")
