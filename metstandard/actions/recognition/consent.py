"""Consent before anything is published: by the link of a letter, or recorded by the programme office (D2).

Where somebody died their family is asked first; the others are asked when every family has answered (D3).
"""

from sqlmodel import Session

from metstandard.actions import moving
from metstandard.actions.recognition import links
from metstandard.actions.recognition.checks import void_press_check
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow
from metstandard.outbox import compose
from metstandard.records.accounts import Person
from metstandard.records.recognition import Consent, Nomination, NominationLink, Nominee
from metstandard.rules.recognition import nominees_of

UNANSWERED = (Consent.NOT_ASKED, Consent.ASKED)
PART = "nominee"


def families_open(nominees: list[Nominee]) -> bool:
    """Whether the family of somebody who died has not answered yet."""
    return any(one.died and one.consent in UNANSWERED for one in nominees)


def ask(session: Session, nomination: Nomination) -> None:
    """Ask those whose turn it is, by letter where an address is known; the programme office asks the others."""
    nominees = nominees_of(session, nomination)
    first = families_open(nominees)
    for one in nominees:
        if one.consent is Consent.NOT_ASKED and (one.died or not first):
            one.consent = Consent.ASKED
            session.add(one)
            session.flush()
            _letter(session, nomination, one)


def _letter(session: Session, nomination: Nomination, nominee: Nominee, *, again: str = "") -> None:
    if not nominee.email:
        return
    secret = links.give(session, nomination, PART, about_id=nominee.key)
    compose.owe(
        session, "consent_asked", to=addressee(nominee), part=PART, record=nomination,
        once=f"nomination:{nomination.key}:consent:{nominee.key}:{again}",
        facts={"link": links.address(secret, PART), "family": nominee.died},
    )  # fmt: skip


def addressee(nominee: Nominee) -> compose.Stranger:
    """Who reads a nominee's letters: the nominee, or the family of one who died."""
    return compose.Stranger(f"family of {nominee.name}" if nominee.died else nominee.name, nominee.email)


def ask_again(session: Session, nomination: Nomination, nominee: Nominee, *, by: Person) -> None:
    """A new letter with a new link; earlier links end. Raises NotNow before their turn, Invalid without an address."""
    turn = moving.begin(session, nomination, "answer_consent", by=by)
    if nominee.consent is Consent.NOT_ASKED:
        raise NotNow("Families are asked first: it is not this nominee’s turn yet")
    if not nominee.email:
        raise Invalid("No address is known: ask them yourself and record the answer", field="email")
    links.end(session, nomination, PART, about_id=nominee.key)
    _letter(session, nomination, nominee, again=clock.now().isoformat())
    turn.finish(data={"nominee": nominee.key, "asked_again": True})


def nominee_by_link(session: Session, secret: str) -> tuple[NominationLink, Nomination, Nominee] | None:
    """What a nominee's link opens; None for one that opens nothing."""
    link = links.opened(session, secret, PART)
    nominee = session.get(Nominee, link.about_id) if link is not None and link.about_id is not None else None
    if link is None or nominee is None or nominee.left_at is not None:
        return None
    return link, session.get_one(Nomination, nominee.nomination_id), nominee


def answer(
    session: Session, nomination: Nomination, nominee: Nominee, *, by: Person | None, given: bool,
    anonymous: bool = False, note: str = "",
) -> None:  # fmt: skip
    """Consent, without being named if they wish, or decline; it may change until the announcement.

    `by` is None when the nominee, or the family, came by the link of a letter, which the caller has opened. A
    programme officer answers on somebody's behalf with a note of how they were asked. A change during press check or
    embargo voids the press check, so that nothing is announced before the words were looked at again.
    Raises NotNow before their turn, NotFound for a nominee of another nomination.
    """
    turn = moving.begin(session, nomination, "answer_consent", by=by, bearer=PART if by is None else "")
    session.refresh(nominee)
    if nominee.nomination_id != nomination.key or nominee.left_at is not None:
        raise NotFound("We could not find that page")
    if nominee.consent is Consent.NOT_ASKED:
        raise NotNow("Families are asked first: it is not this nominee’s turn yet")
    if by is not None and not note.strip():
        raise Invalid("Say how and when they answered", field="note")
    wanted = (Consent.GIVEN if given else Consent.DECLINED, given and anonymous)
    if (nominee.consent, nominee.anonymous) == wanted:
        return
    nominee.consent, nominee.anonymous = wanted
    nominee.consent_at = clock.now()
    session.add(nominee)
    if nomination.state != "decided":
        void_press_check(nomination)
    session.flush()
    turn.finish(note=note, data={"nominee": nominee.key, "by_letter": by is None})
    if nomination.state == "decided":
        ask(session, nomination)
