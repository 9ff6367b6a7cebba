"""Press check, embargo, and the announcement by the clock, to the second; thanks to those not chosen (D2)."""

from datetime import datetime

from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.actions.recognition import links
from metstandard.actions.recognition.checks import only_officer
from metstandard.actions.recognition.consent import PART, addressee
from metstandard.actions.recognition.letters import to_nominator
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotNow
from metstandard.outbox import compose
from metstandard.records.accounts import Person
from metstandard.records.outbox import Letter
from metstandard.records.recognition import Consent, Nomination, Nominee, Shown
from metstandard.rules.recognition import nominees_of

LONGEST = 4_000


def check_announcement(session: Session, nomination: Nomination, *, by: Person, words: str) -> None:
    """Approve the words of the announcement. Raises Invalid when there are none or too many."""
    turn = moving.begin(session, nomination, "check_announcement", by=by)
    text = words.strip()
    if not text:
        raise Invalid("Enter the words of the announcement", field="words")
    if len(text) > LONGEST:
        raise Invalid(f"Write at most {LONGEST:,} characters", field="words")
    nomination.announcement = text
    nomination.press_checked_at, nomination.press_checked_by_id = clock.now(), by.key
    turn.finish()


def set_embargo(session: Session, nomination: Nomination, *, by: Person, until: datetime) -> None:
    """Set or change the moment before which nothing is public. Raises Invalid unless it lies in the future."""
    turn = moving.begin(session, nomination, "set_embargo", by=by)
    if until <= clock.now():
        raise Invalid("The end of the embargo must be in the future", field="until")
    if nomination.press_checked_at is not None:
        nomination.embargo_until = until
    turn.finish(data={"until": until.isoformat()})


def due(session: Session) -> list[int]:
    """The numbers of the nominations whose embargo is over and which the clock has not announced; locks nothing."""
    query = select(Nomination.id).where(Nomination.state == "embargoed", col(Nomination.embargo_until) <= clock.now())
    return [one for one in session.exec(query.order_by(col(Nomination.embargo_until))).all() if one is not None]


def announce(session: Session, nomination: Nomination) -> None:
    """The clock ends an embargo; nominator and nominees get their letters. Raises NotOpen while a guard fails."""
    moving.begin(session, nomination, "announce", by=None).finish()
    public = nomination.shown is not Shown.UNPUBLISHED
    to_nominator(session, nomination, "award_news", once="announced")
    for one in nominees_of(session, nomination):
        if one.email and one.consent is Consent.GIVEN:
            secret = links.give(session, nomination, PART, about_id=one.key)
            compose.owe(
                session, "award_given", to=addressee(one), part=PART, record=nomination,
                once=f"nomination:{nomination.key}:announced:{one.key}",
                facts={"link": links.address(secret, PART), "family": one.died, "public": public},
            )  # fmt: skip


def thanked(session: Session, nomination: Nomination) -> bool:
    """Whether feedback and thanks have gone out."""
    query = select(Letter.id).where(
        Letter.record_kind == "nomination", Letter.record_id == nomination.key,
        col(Letter.name).in_(("nomination_feedback", "nomination_thanks")),
    )  # fmt: skip
    return session.exec(query).first() is not None


def thank(session: Session, nomination: Nomination, *, by: Person, feedback: str, nominees: bool = True) -> None:
    """Feedback to the nominator of a nomination that was not chosen, and thanks to its nominees, once.

    Nobody thanks the family of one who died by a form letter. Raises NotYours, NotNow, Invalid without feedback.
    """
    only_officer(session, by)
    if nomination.state != "archived" or nomination.awarded is True or nomination.erased_at is not None:
        raise NotNow("Feedback is for nominations that were not chosen")
    if not feedback.strip():
        raise Invalid("Enter your feedback", field="feedback")
    if thanked(session, nomination):
        return
    lines = [compose.plain(one) for one in feedback.splitlines() if one.strip()]
    to_nominator(session, nomination, "nomination_feedback", once="feedback", facts={"lines": lines})
    for one in nominees_of(session, nomination) if nominees else []:
        if one.email and not one.died:
            _thank(session, nomination, one)


def _thank(session: Session, nomination: Nomination, nominee: Nominee) -> None:
    secret = links.give(session, nomination, PART, about_id=nominee.key)
    compose.owe(
        session, "nomination_thanks", to=addressee(nominee), part=PART, record=nomination,
        once=f"nomination:{nomination.key}:thanks:{nominee.key}", facts={"link": links.address(secret, PART)},
    )  # fmt: skip
