"""Certificates: issued at publication; suspended, reinstated, withdrawn, extended jointly; expired by the clock."""

from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.actions.commissioning import check_seen, keep_edition, next_number
from metstandard.actions.signing import sign
from metstandard.common import clock, ids
from metstandard.common.errors import Invalid
from metstandard.outbox import compose
from metstandard.records.accounts import Person
from metstandard.records.certificates import Certificate
from metstandard.records.journal import last_line
from metstandard.records.reviews import Review
from metstandard.rules.content import digest
from metstandard.rules.editions import newest_workflow, rubric_of
from metstandard.rules.parts import people_with
from metstandard.rules.signatures import both_parties, counting
from metstandard.workflow.calendar import add_months


def issue_if_due(session: Session, review: Review, *, by: Person, journal_head: str) -> Certificate | None:
    """Issue the certificate that the outcome brings, taking the next number; None when it brings none."""
    award = rubric_of(session, review).award
    meaning = award.outcomes.get(review.outcome) if award and review.outcome else None
    if meaning is None or meaning.certificate is None or review.decided_on is None:
        return None
    _supersede(session, review, by=by)
    definition, text = newest_workflow("certificate")
    commanders = people_with(session, "commander", review)
    made = Certificate(
        workflow="certificate",
        workflow_edition_id=keep_edition(session, "workflow", "certificate", definition.edition, text).key,
        state=definition.starts,
        number=next_number(session, "certificate"),
        code=ids.readable_code(),
        review_id=review.key,
        unit_id=review.unit_id,
        commander_name=commanders[0].name if commanders else "",
        scope=review.scope,
        decided_on=review.decided_on,
        issued_at=clock.now(),
        valid_until=add_months(review.decided_on, meaning.certificate.months),
        journal_head=journal_head,
    )
    session.add(made)
    session.flush()
    moving.start(session, made, "issue", by=by, part="programme_officer", data={"number": made.number})
    for person in commanders:
        compose.owe(
            session,
            "certificate_issued",
            to=person,
            part="commander",
            record=made,
            once=f"certificate:{made.key}:issued",
        )
    return made


def _supersede(session: Session, review: Review, *, by: Person) -> None:
    earlier = session.exec(
        select(Certificate).where(
            Certificate.unit_id == review.unit_id, col(Certificate.state).in_(("current", "suspended"))
        )
    ).all()
    for one in earlier:
        moving.move(session, one, "supersede", by=by)


def joint_act(
    session: Session, certificate: Certificate, act: str, *, by: Person, reason: str, seen: str | None = None
) -> bool:
    """Agree to `suspend`, `reinstate`, `withdraw` or `extend`; true once both keys agreed and it happened (B8).

    The same person agreeing again changes nothing and gets the same answer. `seen` is the hash that the page showed.
    """
    session.flush()
    session.refresh(certificate, with_for_update=True)
    before = _answered_before(session, certificate, act, by)
    if before is not None:
        return before
    turn = moving.begin(session, certificate, act, by=by)
    if not reason.strip():
        raise Invalid("Give a reason", field="reason", rule="B8")
    if seen is not None:
        check_seen(seen, digest(session, certificate, act))
    sign(session, certificate, act, by=by, part=turn.part, reason=reason)
    if act == "extend" and both_parties(session, certificate, act):
        _extend(session, certificate, turn, reason)
        return True
    line = turn.finish(note=reason)
    return line.after != line.before


def _answered_before(session: Session, certificate: Certificate, act: str, by: Person) -> bool | None:
    """What this person's earlier agreement to the same act led to; None when there is none that still counts."""
    newest = last_line(session, "certificate", certificate.key)
    if newest is not None and (newest.act, newest.person_id) == (act, by.key) and newest.after != newest.before:
        return True
    if by.key in {one.person_id for one in counting(session, certificate, act)}:
        return act == "extend" and certificate.extended
    return None


def _extend(session: Session, certificate: Certificate, turn: moving.Turn, reason: str) -> None:
    """The one extension: so many months after the day on which it would have ended."""
    until = add_months(certificate.valid_until, turn.workflow.number("B8-extension"))
    turn.finish(note=reason, data={"valid_until": until.isoformat()})
    certificate.valid_until = until
    certificate.extended = True
    session.add(certificate)
    moving.set_timers(session, certificate, turn.workflow)
    session.flush()


def expire(session: Session, certificate: Certificate, *, by: Person | None = None) -> None:
    """The clock ends a certificate the day after its last."""
    moving.move(session, certificate, "expire", by=by)
