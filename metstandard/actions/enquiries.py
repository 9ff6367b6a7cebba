"""What the public asks and tells us: taken in, given to somebody, answered or closed with a reason, and forgotten."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, delete, select, update

from metstandard.common import clock, ids
from metstandard.common.characters import clean, one_line
from metstandard.common.errors import Invalid, NotFound, NotNow, NotYours, Stale
from metstandard.common.settings import settings
from metstandard.outbox import compose
from metstandard.queries import enquiries as reads
from metstandard.records.accounts import Person
from metstandard.records.enquiries import About, Enquiry, EnquiryKind, EnquiryState, Format
from metstandard.records.journal import JournalLine, append
from metstandard.records.outbox import Letter, LetterStatus
from metstandard.records.units import Unit
from metstandard.rules import markings
from metstandard.rules.parts import standing
from metstandard.workflow import calendar

KIND = "enquiry"
OFFICER = "programme_officer"
_MONTH = timedelta(days=30.5)
_REMOVED = "Removed with the rest when the time for keeping it was over."


@dataclass(frozen=True)
class Message:
    """What somebody sent: already read from a form, not yet cleaned."""

    kind: EnquiryKind
    about: About
    text: str
    unit: Unit | None = None
    item: str = ""
    format: Format | None = None
    name: str = ""
    email: str = ""
    postal: str = ""


def take_in(session: Session, message: Message, *, once: str) -> Enquiry:
    """Keep a message under a new reference, and confirm it by letter where an address was given.

    `once` is the form's own token: the same form sent again finds the same enquiry. Raises Invalid naming the field.
    """
    seen = ids.token_hash(once)
    known = session.exec(select(Enquiry).where(Enquiry.once == seen)).first()
    if known is not None:
        return known
    _refuse_gaps(message)
    days = settings().format_working_days if message.kind is EnquiryKind.FORMAT else settings().reply_working_days
    enquiry = Enquiry(
        reference=f"E-{ids.readable_code(groups=2)}",
        once=seen,
        kind=message.kind,
        about=message.about,
        unit_id=message.unit.key if message.unit else None,
        item=one_line(message.item),
        format=message.format,
        text=clean(message.text),
        name=one_line(message.name),
        email=message.email.strip(),
        postal=clean(message.postal),
        due_on=calendar.add_working_days(clock.today(), days),
    )
    session.add(enquiry)
    session.flush()
    _line(session, enquiry, "take_in", part="public", before="")
    _letter(session, enquiry, "enquiry_received")
    return enquiry


def _refuse_gaps(message: Message) -> None:
    if message.about is About.UNIT and message.unit is None:
        raise Invalid("Choose the unit", field="unit")
    if message.kind is EnquiryKind.FORMAT:
        if message.format is None:
            raise Invalid("Choose a format", field="format")
        if not one_line(message.email) and not clean(message.postal).strip():
            raise Invalid("Enter an e-mail address or a postal address, so that we can send it", field="postal")
    elif not clean(message.text).strip():
        raise Invalid("Enter your comment", field="text")


def give(session: Session, enquiry: Enquiry, to: Person, *, by: Person, revision: int) -> None:
    """Put an open enquiry into the hands of a programme officer. Raises NotYours, NotNow, Stale, Invalid."""
    before = _begin(session, enquiry, by, revision)
    if not reads.may_read(session, to, enquiry):
        raise Invalid("Choose a programme officer who may read this", field="to")
    enquiry.assigned_to_id = to.key
    enquiry.state = EnquiryState.IN_WORK
    _line(session, enquiry, "give", by=by, before=before, to=to.key)


def answer(session: Session, enquiry: Enquiry, text: str, *, by: Person, revision: int) -> None:
    """Reply to a comment, or say how the paper was sent; a letter goes out where an address was given.

    Raises NotYours, NotNow, Stale, Invalid.
    """
    before = _begin(session, enquiry, by, revision)
    enquiry.reply = clean(text).strip()
    if not enquiry.reply:
        raise Invalid("Enter what you tell the person", field="text")
    _end(session, enquiry, EnquiryState.ANSWERED)
    _line(session, enquiry, "answer", by=by, before=before)
    _letter(session, enquiry, "enquiry_answered", lines=enquiry.reply)


def close(session: Session, enquiry: Enquiry, reason: str, *, by: Person, revision: int) -> None:
    """End an enquiry with a reason that the person is told. Raises NotYours, NotNow, Stale, Invalid."""
    before = _begin(session, enquiry, by, revision)
    enquiry.reason = clean(reason).strip()
    if not enquiry.reason:
        raise Invalid("Give the reason", field="reason")
    _end(session, enquiry, EnquiryState.CLOSED)
    _line(session, enquiry, "close", by=by, before=before)
    _letter(session, enquiry, "enquiry_closed", lines=enquiry.reason)


def _begin(session: Session, enquiry: Enquiry, by: Person, revision: int) -> str:
    """Lock the row, read it afresh, and see whether this person may act on it now. The state as it was."""
    session.refresh(enquiry, with_for_update=True)
    if all(one.part != OFFICER for one in standing(session, by)):
        raise NotYours("The programme office answers the public")
    if not reads.may_read(session, by, enquiry):
        raise NotFound("We could not find that page")
    if not enquiry.open:
        raise NotNow("This was answered or closed already")
    if enquiry.version != revision:
        raise Stale("Somebody else has changed this since you opened the page")
    return enquiry.state.value


def _end(session: Session, enquiry: Enquiry, state: EnquiryState) -> None:
    enquiry.state, enquiry.ended_at = state, clock.now()
    session.add(enquiry)
    session.flush()


def _line(
    session: Session, enquiry: Enquiry, act: str, *, before: str, by: Person | None = None, part: str = OFFICER,
    to: int | None = None,
) -> None:  # fmt: skip
    session.add(enquiry)
    session.flush()
    line = JournalLine(
        record_kind=KIND, record_id=enquiry.key, seq=0, at=clock.now(), act=act, part=part,
        person_id=by.key if by else None, before=before, after=enquiry.state.value,
        data={"to": to} if to else {}, previous="", hash="",
    )  # fmt: skip
    append(session, line)


def _letter(session: Session, enquiry: Enquiry, name: str, *, lines: str = "") -> None:
    """A letter to whoever gave an address. What was typed goes out as plain text, without links or mark-up."""
    if not enquiry.email:
        return
    letter = compose.owe(
        session,
        name,
        to=compose.Stranger(enquiry.name or "reader", enquiry.email),
        once=f"{name}:{enquiry.reference}",
        facts={
            "marking": markings.profile().lowest.value,
            "reference": enquiry.reference,
            "unit": "",
            "due": enquiry.due_on,
            "wanted": "paper" if enquiry.kind is EnquiryKind.FORMAT else "comment",
            "lines": [compose.plain(line) for line in lines.split("\n") if line.strip()],
            "link": f"{settings().base_url}/contact/{enquiry.reference}",
        },
    )
    if letter is not None:
        letter.record_kind, letter.record_id = KIND, enquiry.key
        session.add(letter)
        session.flush()


def erase_ended(session: Session) -> int:
    """Forget who wrote what, so many months after it ended; how many enquiries. The caller commits.

    That something came, what about, when it ended and who answered stays. Letters of the enquiry lose their words too.
    """
    before = clock.now() - settings().enquiry_months * _MONTH
    old = session.exec(
        select(Enquiry.id).where(col(Enquiry.ended_at) <= before, col(Enquiry.erased_at).is_(None))
    ).all()
    if not old:
        return 0
    for number in old:
        enquiry = session.get_one(Enquiry, number)
        enquiry.name = enquiry.email = enquiry.postal = enquiry.text = enquiry.reply = ""
        enquiry.reason = _REMOVED if enquiry.reason else ""
        enquiry.item = ""
        enquiry.erased_at = clock.now()
        _line(session, enquiry, "erase", before=enquiry.state.value, part="clock")
    about = (col(Letter.record_kind) == KIND, col(Letter.record_id).in_(old))
    session.exec(delete(Letter).where(*about, col(Letter.status) == LetterStatus.OWED))
    session.exec(update(Letter).where(*about).values(address="", text=_REMOVED, html=_REMOVED))
    return len(old)
