"""Risks that cannot wait for the report: raised, read by those who must know, contained, passed up by the clock (B6).

Nothing here waits for the review, and the review waits for nothing here. No level and no mark is ever told.
"""

from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.actions.panels import own_seat
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.risks import Containment, ImmediateRisk, RiskNotice, RiskReading
from metstandard.records.sheets import Finding
from metstandard.rules.risks import CONTAIN, READ
from metstandard.workflow.calendar import add_working_days

LONGEST = 20_000
# What of a critical finding is told: a change of anything else tells nobody again.
_TOLD = ("criterion", "grade", "text")


def raise_immediate_risk(
    session: Session, review: Review, *, by: Person, text: str, standards: bool = False, finding: Finding | None = None
) -> ImmediateRisk:
    """Tell the commander and both keys at once of a risk that cannot wait for the report, and start its clock (B6).

    The same text twice by one person is one risk. `finding` is the critical finding behind it, if there is one.
    """
    turn = moving.begin(session, review, "raise_immediate_risk", by=by)
    own_seat(session, review, by)
    text = _text(text, "risk", "Describe the risk")
    same = None if finding is not None else _standing(session, review, by, text)
    if same is not None:
        return same
    made = ImmediateRisk(review_id=review.key, text=text, raised_by_id=by.key, raised_at=clock.now())
    session.add(made)
    session.flush()
    numbers, today = turn.workflow.numbers, clock.today()
    facts = {}
    # An edition from before there was a clock has no number for it: such a review tells, and counts nothing.
    if READ in numbers:
        read_by = add_working_days(today, numbers[READ])
        session.add(
            RiskNotice(
                risk_id=made.key, finding_id=finding.key if finding else None, standards=standards, read_by=read_by,
                contain_by=add_working_days(today, numbers[CONTAIN]),
            )
        )  # fmt: skip
        facts = {"answer_by": read_by}
    turn.finish(data={"risk": made.key}, facts=facts)
    return made


def _text(value: str, field: str, otherwise: str) -> str:
    text = value.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid(otherwise, field=field, rule="B6")
    if len(text) > LONGEST:
        raise Invalid(f"Write at most {LONGEST:,} characters", field=field)
    return text


def _standing(session: Session, review: Review, by: Person, text: str) -> ImmediateRisk | None:
    """The same risk, raised by the same person and not yet contained: a second press."""
    return session.exec(
        select(ImmediateRisk).where(
            ImmediateRisk.review_id == review.key, ImmediateRisk.raised_by_id == by.key, ImmediateRisk.text == text,
            col(ImmediateRisk.id).not_in(select(Containment.risk_id)),
        )
    ).first()  # fmt: skip


def acknowledge_risk(session: Session, review: Review, risk: ImmediateRisk, *, by: Person) -> None:
    """Say that one has read it, as commander or for one's party (B6). A second press changes nothing."""
    turn = moving.begin(session, review, "acknowledge_risk", by=by)
    _notice(session, review, risk)
    if _read(session, risk, by, turn.part):
        turn.finish(data={"risk": risk.key})


def contain_risk(
    session: Session, review: Review, risk: ImmediateRisk, *, by: Person, text: str, referral: str = ""
) -> Containment:
    """Record what was done at once, and where a matter for professional standards went (B6); it counts as read.

    Raises Invalid when the panel noted professional standards and nothing is said of them, NotNow for a second record.
    """
    turn = moving.begin(session, review, "contain_risk", by=by)
    notice = _notice(session, review, risk)
    text = _text(text, "text", "Write what was done to contain the risk")
    if notice.standards:
        referral = _text(referral, "referral", "Say where it went in professional standards, or why it did not")
    earlier = session.exec(select(Containment).where(Containment.risk_id == risk.key)).first()
    if earlier is not None and (earlier.text, earlier.referral) == (text, referral.strip()):
        return earlier
    if earlier is not None:
        raise NotNow("How this risk was contained is recorded already")
    _read(session, risk, by, turn.part)
    made = Containment(
        risk_id=risk.key, text=text, referral=referral.strip(), recorded_by_id=by.key, recorded_at=clock.now()
    )
    session.add(made)
    session.flush()
    turn.finish(data={"risk": risk.key})
    return made


def _notice(session: Session, review: Review, risk: ImmediateRisk) -> RiskNotice:
    """The clock of a risk that stands. Raises NotFound for another review's, NotNow once it was taken back."""
    found = session.exec(select(RiskNotice).where(RiskNotice.risk_id == risk.key)).first()
    if risk.review_id != review.key or found is None:
        raise NotFound("No such risk in this review")
    if found.withdrawn_at is not None:
        raise NotNow("The panel took this risk back")
    return found


def _read(session: Session, risk: ImmediateRisk, by: Person, part: str) -> bool:
    """Note who has read it and when; False when it is noted already."""
    query = select(RiskReading.id).where(RiskReading.risk_id == risk.key, RiskReading.person_id == by.key)
    if session.exec(query).first() is not None:
        return False
    session.add(RiskReading(risk_id=risk.key, person_id=by.key, part=part, read_at=clock.now()))
    session.flush()
    return True


def follow_finding(session: Session, before: Finding, after: Finding | None) -> bool:
    """A critical finding was taken back, or reads otherwise now: its notice ends, or goes on with the new row.

    True when it goes on: who was told keeps what they were told as long as criterion, grade and words are the same.
    """
    same = after is not None and all(getattr(before, one) == getattr(after, one) for one in _TOLD)
    rows = session.exec(
        select(RiskNotice).where(RiskNotice.finding_id == before.key, col(RiskNotice.withdrawn_at).is_(None))
    ).all()
    for notice in rows:
        if after is not None and same:
            notice.finding_id = after.key
        else:
            notice.withdrawn_at = clock.now()
        session.add(notice)
    session.flush()
    return same and bool(rows)


def escalate_risk(session: Session, review: Review, risk: ImmediateRisk, *, contained: bool) -> None:
    """The clock passes a risk up to both principals: nobody read it in time, or nobody contained it (B6).

    Raises NotNow while the review is paused. Once for each of the two.
    """
    turn = moving.begin(session, review, "escalate_risk", by=None)
    notice = _notice(session, review, risk)
    if contained:
        notice.chased_at = clock.now()
    else:
        notice.escalated_at = clock.now()
    session.add(notice)
    turn.finish(data={"risk": risk.key, "late": "containment" if contained else "reading"})
