"""The Authority's decision about one nomination, over the hash of exactly what was shown (recognition.md D2)."""

from sqlmodel import Session, select

from metstandard.actions import moving
from metstandard.actions.commissioning import check_seen, next_number
from metstandard.actions.recognition import consent
from metstandard.actions.signing import sign
from metstandard.common import clock, ids
from metstandard.common.errors import Invalid
from metstandard.records.accounts import Person
from metstandard.records.journal import last_line
from metstandard.records.judging import Award
from metstandard.records.recognition import Nomination
from metstandard.rules.content import digest


def award_of(session: Session, nomination: Nomination) -> Award | None:
    """The award that a nomination led to."""
    return session.exec(select(Award).where(Award.nomination_id == nomination.key)).first()


def decide(
    session: Session, nomination: Nomination, *, by: Person, award: bool, reason: str, seen: str
) -> Award | None:
    """Award or not, with the reason. An award takes its number now, and its nominees are asked for consent.

    Nothing of it is public before the embargo is over. The same decision sent twice is taken once. Raises Invalid
    when what was shown has changed, RuleBroken for a judge, NotOpen while a check is not clear.
    """
    session.flush()
    session.refresh(nomination, with_for_update=True)
    newest = last_line(session, "nomination", nomination.key)
    if newest is not None and (newest.act, newest.person_id) == ("decide", by.key) and nomination.awarded is award:
        return award_of(session, nomination)
    turn = moving.begin(session, nomination, "decide", by=by)
    if not reason.strip():
        raise Invalid("Give the reason", field="reason")
    check_seen(seen, digest(session, nomination, "decide"))
    nomination.awarded, nomination.decided_on = award, clock.today()
    session.add(nomination)
    session.flush()
    signature = sign(session, nomination, "decide", by=by, part=turn.part, reason=reason)
    line = turn.finish(note=reason, data={"digest": signature.digest, "awarded": award})
    if not award:
        return None
    made = Award(
        number=next_number(session, "award"), code=ids.readable_code(), nomination_id=nomination.key,
        issued_at=clock.now(), journal_head=line.hash,
    )  # fmt: skip
    session.add(made)
    session.flush()
    consent.ask(session, nomination)
    return made
