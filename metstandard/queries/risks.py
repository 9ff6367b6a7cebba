"""Immediate risks as those who must know read them: what was found, who has read it, what was done, what is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.records.accounts import Appointment, Person
from metstandard.records.reviews import Review
from metstandard.records.risks import Containment, ImmediateRisk, RiskNotice, RiskReading
from metstandard.rules.editions import workflow_of
from metstandard.rules.parts import standing_in
from metstandard.rules.risks import COMMANDER, addressee, addressees

WORDS = {COMMANDER: "The commander", "authority": "The Authority’s key", "commissioner": "The Commissioner’s key"}


@dataclass(frozen=True)
class Reading:
    """Who read a risk, for whom, and when."""

    who: str
    name: str
    at: datetime


@dataclass(frozen=True)
class RiskLine:
    """One risk with its clock; `unread` are the addressees for whom nobody has read it."""

    risk: ImmediateRisk
    notice: RiskNotice | None
    readings: tuple[Reading, ...]
    unread: tuple[str, ...]
    containment: Containment | None

    @property
    def missing(self) -> list[str]:
        """Who has not read it, in words."""
        return [words_of(one) for one in self.unread]

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.notice is not None and self.notice.withdrawn_at is None and self.containment is None

    @property
    def state(self) -> tuple[str, str]:
        """How it stands, in words, and the kind of tag."""
        if self.notice is None:
            return "Told", "done"
        if self.notice.withdrawn_at is not None:
            return "Taken back by the panel", ""
        if self.containment is not None:
            return "Contained", "done"
        late = (self.unread and self.notice.read_by < clock.today()) or self.notice.contain_by < clock.today()
        if late:
            return "Overdue", "stopped"
        return ("To be read", "waiting") if self.unread else ("To be contained", "waiting")


def risks_of(session: Session, review: Review) -> list[RiskLine]:
    """Every risk of a review, newest first; three queries whatever their number."""
    workflow = workflow_of(session, review)
    rows = session.exec(
        select(ImmediateRisk, RiskNotice, Containment)
        .join(RiskNotice, col(RiskNotice.risk_id) == ImmediateRisk.id, isouter=True)
        .join(Containment, col(Containment.risk_id) == ImmediateRisk.id, isouter=True)
        .where(ImmediateRisk.review_id == review.key)
        .order_by(col(ImmediateRisk.id).desc())
    ).all()
    read = session.exec(
        select(RiskReading, Person)
        .join(Person, col(Person.id) == RiskReading.person_id)
        .where(col(RiskReading.risk_id).in_([one.key for one, _, _ in rows]))
        .order_by(col(RiskReading.id))
    ).all()
    found = []
    for risk, notice, containment in rows:
        mine = [(each, person) for each, person in read if each.risk_id == risk.key]
        answered = {addressee(workflow, each.part) for each, _ in mine}
        found.append(
            RiskLine(
                risk, notice,
                tuple(
                    Reading(words_of(addressee(workflow, each.part)), person.name, each.read_at)
                    for each, person in mine
                ),
                tuple(one for one in addressees(workflow) if one not in answered),
                containment,
            )
        )  # fmt: skip
    return found


def words_of(one: str) -> str:
    """An addressee in words."""
    return WORDS.get(one, one.replace("_", " ").capitalize())


def risk_of(session: Session, review: Review, number: int) -> ImmediateRisk | None:
    """One risk of a review by its number."""
    return session.exec(
        select(ImmediateRisk).where(ImmediateRisk.review_id == review.key, ImmediateRisk.id == number)
    ).first()


@dataclass(frozen=True)
class RiskTask:
    """What somebody has to do about a risk: the review, the page, the last day."""

    text: str
    review: Review
    endpoint: str
    due_on: date
    since: date

    @property
    def values(self) -> dict[str, str]:
        """What makes the address of the page."""
        return {"reference": self.review.reference}


def tasks_for(session: Session, reviews: Iterable[Review], appointments: Sequence[Appointment]) -> list[RiskTask]:
    """What immediate risks ask of somebody with these appointments, in these reviews; one query for all of them."""
    by_key = {one.key: one for one in reviews if not one.paused}
    rows = session.exec(
        select(RiskNotice, ImmediateRisk, RiskReading.part)
        .join(ImmediateRisk, col(ImmediateRisk.id) == RiskNotice.risk_id)
        .join(RiskReading, col(RiskReading.risk_id) == ImmediateRisk.id, isouter=True)
        .where(
            col(ImmediateRisk.review_id).in_(by_key),
            col(RiskNotice.withdrawn_at).is_(None),
            col(ImmediateRisk.id).not_in(select(Containment.risk_id)),
        )
        .order_by(col(ImmediateRisk.id))
    ).all()
    read: dict[int, set[str]] = {}
    notices: dict[int, tuple[RiskNotice, ImmediateRisk]] = {}
    for notice, risk, part in rows:
        notices[risk.key] = (notice, risk)
        read.setdefault(risk.key, set()).update([part] if part else [])
    found = []
    for key, (notice, risk) in notices.items():
        review = by_key[risk.review_id]
        task = _task(session, review, notice, read[key], appointments)
        if task is not None:
            found.append(RiskTask(task[0], review, task[1], task[2], clock.local_date(risk.raised_at)))
    return found


def _task(
    session: Session, review: Review, notice: RiskNotice, read: set[str], appointments: Sequence[Appointment]
) -> tuple[str, str, date] | None:
    """The words, the page and the last day of what is to be done; None where it is others' to do."""
    workflow = workflow_of(session, review)
    answered = {addressee(workflow, part) for part in read}
    parts = {one.part for one in appointments if one.unit_id in (None, review.unit_id)}
    if COMMANDER in parts:
        if COMMANDER not in answered:
            return "Read an immediate risk", "units.review_risks", notice.read_by
        return "Record how an immediate risk is contained", "units.review_risks", notice.contain_by
    for part in sorted(parts):
        party = standing_in(workflow, part)
        asked = party is not None and (part.endswith("_key") or notice.escalated_at is not None)
        if asked and party not in answered:
            return "Read an immediate risk", "authority.review_risks", notice.read_by
    if "programme_officer" in parts and (notice.escalated_at or notice.chased_at):
        return (
            "See that an immediate risk is answered", "authority.review_risks",
            notice.contain_by if notice.chased_at else notice.read_by,
        )  # fmt: skip
    return None
