"""People who were interviewed stand apart from the notes, and are forgotten in time (rules.md B5, B9)."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from sqlmodel import Session, col, delete, select

from metstandard.common import clock
from metstandard.common.errors import Invalid
from metstandard.queries.interviews import mentions, smallest_group
from metstandard.records.accounts import Person
from metstandard.records.evidence import Activity, ActivityKind, Evidence, EvidenceType, Interview, Interviewee
from metstandard.records.reviews import Review
from metstandard.rules.editions import workflow_of
from metstandard.workflow.calendar import add_months

log = structlog.get_logger("metstandard.evidence")

# Evidence and lines of the log in which people spoke in confidence.
TALKS = (EvidenceType.INTERVIEW, EvidenceType.FOCUS_GROUP)
_LOGGED = (ActivityKind.INTERVIEW, ActivityKind.FOCUS_GROUP)


@dataclass(frozen=True)
class Talk:
    """How many were talked to, in what role, and who they were: `names` are for the writer and the lead only."""

    people: int
    group: str = ""
    names: tuple[str, ...] = ()


def check(session: Session, review: Review, talk: Talk, texts: Mapping[str, str]) -> None:
    """A note tells nobody who said it: neither by name nor, of a small group, by its role.

    `texts` is what others read, by field. Raises Invalid naming the field (B5).
    """
    least = smallest_group(session, review)
    if talk.people < 1:
        raise Invalid("Enter how many people were talked to", field="people", rule="B5")
    if len(talk.names) > talk.people:
        raise Invalid("There are more names than people", field="names", rule="B5")
    for field, text in {**texts, "group": talk.group}.items():
        if any(mentions(text, one) for one in talk.names):
            raise Invalid("Leave out the name of whoever was interviewed", field=field, rule="B5")
    if talk.people >= least:
        return
    for field, text in texts.items():
        if mentions(text, talk.group):
            said = f"Leave out “{talk.group.strip()}”: a group of fewer than {least} is not told by its role"
            raise Invalid(said, field=field, rule="B5")


def keep(session: Session, item: Evidence, talk: Talk | None, *, by: Person) -> None:
    """Keep how many were talked to with an item, and the names apart from it; None forgets both."""
    row = session.exec(select(Interview).where(Interview.evidence_id == item.key)).first()
    session.exec(delete(Interviewee).where(col(Interviewee.evidence_id) == item.key))
    if talk is None:
        if row is not None:
            session.delete(row)
    else:
        row = row or Interview(evidence_id=item.key)
        row.people, row.group = talk.people, talk.group.strip()
        session.add(row)
        session.add_all(
            Interviewee(evidence_id=item.key, name=name.strip(), added_by_id=by.key, added_at=clock.now())
            for name in talk.names
        )
    session.flush()


def erase_ended(session: Session) -> int:
    """Forget who was interviewed and what they said, so many months after publication; how many items.

    What kind of item it was, and what it speaks to, stays: the levels rest on it. A paused review keeps everything.
    The caller commits.
    """
    gone = 0
    for review in session.exec(select(Review).where(col(Review.published_on).is_not(None))).all():
        months = workflow_of(session, review).number("B9-interviews")
        if review.published_on and not review.paused and add_months(review.published_on, months) <= clock.today():
            found = _erase(session, review)
            if found:
                log.info("interview notes erased", review=review.reference, items=found)
            gone += found
    return gone


def _erase(session: Session, review: Review) -> int:
    items = session.exec(
        select(Evidence, Interview)
        .join(Interview, col(Interview.evidence_id) == Evidence.id, isouter=True)
        .where(Evidence.review_id == review.key, col(Evidence.from_panel), col(Evidence.kind).in_(TALKS))
    ).all()
    gone = 0
    for item, talk in items:
        if not (item.note or item.file_id or (talk is not None and talk.erased_at is None)):
            continue
        session.exec(delete(Interviewee).where(col(Interviewee.evidence_id) == item.key))
        item.note, item.file_id, item.file_name = "", None, ""
        row = talk or Interview(evidence_id=item.key)
        row.group, row.erased_at = "", clock.now()
        session.add_all([item, row])
        gone += 1
    spoken = select(Activity).where(Activity.review_id == review.key, col(Activity.kind).in_(_LOGGED))
    for line in session.exec(spoken.where(Activity.note != "")).all():
        line.note = ""
        session.add(line)
    session.flush()
    return gone
