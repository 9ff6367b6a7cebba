"""From the outbox to the mail server: each letter once, or again under the same Message-ID when nobody can know.

A letter is claimed in a short transaction, which counts the try and puts it out of reach of other workers for a while;
it is sent without any lock; the outcome is written in a second transaction. A worker killed in between leaves the
letter owed, and it is sent again under the Message-ID it has had since it was owed, so that mail programs show it once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sqlmodel import Session, col, select, update

from metstandard.common import clock
from metstandard.outbox import compose, daily, kinds
from metstandard.outbox.server import Refused
from metstandard.records.accounts import Person
from metstandard.records.outbox import Letter, LetterStatus

# Longer than the slowest talk with a server may last, so that two workers never send the same letter at once.
CLAIMED_FOR = timedelta(minutes=15)

# Minutes between the tries: a mail server may be away for a long weekend, and every letter still arrives.
WAITS = (1, 2, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 1440)
TRIES = len(WAITS) + 1
_LONGEST_ERROR = 300
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Claimed:
    """A letter that this worker may send now; `attempt` tells its try from those of others.

    `others` are the numbers and tries of those that go out as lines of it, where somebody chose one letter a day.
    """

    number: int
    attempt: int
    name: str
    address: str
    message: EmailMessage
    others: tuple[tuple[int, int], ...] = ()


def any_due(session: Session) -> bool:
    """Whether a letter is owed and due; takes no lock."""
    query = select(Letter.id).where(Letter.status == LetterStatus.OWED, col(Letter.next_try_at) <= clock.now())
    return session.exec(query.limit(1)).first() is not None


def claim(session: Session, sender: str) -> Claimed | None:
    """Take the next letter that is owed and due; None when there is none. The caller commits at once.

    PostgreSQL skips rows that another worker is claiming; on SQLite the transaction is immediate, so claims queue.
    """
    query = (
        select(Letter)
        .where(Letter.status == LetterStatus.OWED, col(Letter.next_try_at) <= clock.now())
        .order_by(col(Letter.next_try_at), col(Letter.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    while (letter := session.exec(query).first()) is not None:
        person = session.get(Person, letter.person_id) if letter.person_id is not None else None
        together = daily.with_others(session, letter, person)
        for one in together:
            one.attempts += 1
            one.next_try_at = clock.now() + CLAIMED_FOR
        session.add_all(together)
        session.flush()
        try:
            return _claimed(letter, together, person, sender)
        except Refused as refused:
            _write(session, letter.key, letter.attempts, status=LetterStatus.FAILED, last_error=str(refused))
    return None


def _claimed(letter: Letter, together: list[Letter], person: Person | None, sender: str) -> Claimed:
    if person is not None and not person.active:
        raise Refused("The account was disabled before the letter was sent")
    if letter.attempts > TRIES:
        raise Refused(letter.last_error or "No try ended with an answer")
    said, message_id = (letter.subject, letter.text, letter.html), letter.message_id
    if person is not None and len(together) > 1:
        said, message_id = compose.of_the_day(together, person), daily.message_id(together)
    others = tuple((one.key, one.attempts) for one in together if one.key != letter.key)
    message = _message(letter, said, message_id, sender)
    return Claimed(letter.key, letter.attempts, letter.name, letter.address, message, others)


def _message(letter: Letter, said: tuple[str, str, str], message_id: str, sender: str) -> EmailMessage:
    """Subject, text and HTML to a letter's address, the same at every try. Raises Refused when a header would break."""
    subject, text, html = said
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = sender
        message["To"] = letter.address
        message["Subject"] = subject
    except ValueError:
        raise Refused("The address or the subject of the letter is not one line") from None
    message["Date"] = format_datetime(letter.owed_at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def close(session: Session, letter: Claimed, failed: Exception | None) -> LetterStatus:
    """Write what became of a try: sent, failed for good, or owed again after a while. The caller commits."""
    if failed is None:
        values: dict[str, object] = {"sent_at": clock.now(), "last_error": ""}
        if letter.name in kinds.WITH_SECRET:
            # A link that stands for a password is stored only as a hash once it has been sent.
            values |= {"text": kinds.SECRET_SENT, "html": kinds.SECRET_SENT}
        return _write_all(session, letter, LetterStatus.SENT, **values)
    if isinstance(failed, Refused) or letter.attempt >= TRIES:
        return _write_all(session, letter, LetterStatus.FAILED, last_error=str(failed))
    later = clock.now() + timedelta(minutes=WAITS[letter.attempt - 1])
    return _write_all(session, letter, LetterStatus.OWED, next_try_at=later, last_error=str(failed))


def _write_all(session: Session, letter: Claimed, status: LetterStatus, **values: object) -> LetterStatus:
    """The outcome of a try, for the letter and those that were lines of it."""
    for number, attempt in ((letter.number, letter.attempt), *letter.others):
        _write(session, number, attempt, status=status, **values)
    return status


def _write(session: Session, number: int, attempt: int, **values: object) -> None:
    """Change a letter only if this very try is still its newest: a slow worker never undoes a later one's outcome."""
    if "last_error" in values:
        values["last_error"] = _UNSAFE.sub(" ", str(values["last_error"])).strip()[:_LONGEST_ERROR]
    session.exec(update(Letter).where(col(Letter.id) == number, col(Letter.attempts) == attempt).values(**values))
