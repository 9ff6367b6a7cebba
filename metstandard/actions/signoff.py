"""The joint decision, its notice, the appeal window, and publication."""

from sqlmodel import Session, select

from metstandard.actions import certificates, feedback, followup, moving
from metstandard.actions.commissioning import check_seen
from metstandard.actions.reporting import check_report
from metstandard.actions.signing import sign
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotNow, RuleBroken
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review, Timer
from metstandard.records.seats import Declaration, Interest
from metstandard.records.sheets import DecisionArithmetic
from metstandard.rubric.shapes import Outcome
from metstandard.rules import award
from metstandard.rules.content import digest
from metstandard.rules.departures import Departure, departure


def choose_outcome(session: Session, review: Review, *, by: Person, outcome: Outcome, exception: str = "") -> None:
    """Say what the keys are turned on, without turning one: the rules' outcome, or an exception with its reason.

    Any earlier signature stops counting, since what it covered has changed. A departure has a reason, which is printed
    in the report (B7). Upwards, or further down than DEFERRED, each key must agree to the exception when it is turned.
    """
    moving.allow(session, review, "turn_key", by=by)
    computed = award.result(session, review).outcome
    if computed is None:
        raise NotNow("The rules allow no decision: evidence or process is incomplete (R7, R8)")
    if outcome.value != computed.value and not exception.strip():
        raise Invalid("Give the reason for departing from the rules' outcome", field="exception", rule="B7")
    review.chosen_outcome = outcome
    review.exception_reason = exception.strip() if outcome.value != computed.value else ""
    session.add(review)
    session.flush()


def decide(session: Session, review: Review, *, by: Person, seen: str, exception_agreed: bool = False) -> None:
    """Turn one's key on the decision as shown, declaring no interest; with both keys the review is decided (B7).

    A joint exception needs `exception_agreed` of each key; its reason then stands on both signatures. Raises RuleBroken
    when the outcome was chosen before the rules' outcome became another.
    """
    turn = moving.begin(session, review, "turn_key", by=by)
    if review.chosen_outcome is None:
        raise NotNow("Choose the outcome first")
    by_rule = award.result(session, review).outcome
    departs = departure(by_rule, review.chosen_outcome)
    if by_rule is not None and (departs is Departure.NONE) != (not review.exception_reason):
        raise RuleBroken(
            "The rules’ outcome is another one since the outcome was written down. Write it down again",
            field="outcome", rule="B7",
        )  # fmt: skip
    if departs is Departure.EXCEPTION and not exception_agreed:
        raise RuleBroken(
            "Say that you agree to the joint exception, or return the review", field="exception_agreed", rule="B7"
        )
    check_seen(seen, digest(session, review, "decision"))
    session.add(
        Declaration(
            review_id=review.key, person_id=by.key, stage="decision", interest=Interest.NONE, declared_at=clock.now()
        )
    )
    reason = review.exception_reason if departs is Departure.EXCEPTION else ""
    signature = sign(session, review, "decision", by=by, part=turn.part, reason=reason)
    line = turn.finish(
        data={
            "digest": signature.digest, "outcome": review.chosen_outcome.value,
            "by_rule": by_rule.value if by_rule else "", "departure": departs.value,
        }
    )  # fmt: skip
    if line.after != line.before:
        _record(session, review)


def _record(session: Session, review: Review) -> None:
    """Keep the outcome with each rule's arithmetic, as both keys saw it."""
    result = award.result(session, review)
    overall = f"{result.overall.numerator}/{result.overall.denominator}"
    review.outcome, review.decided_on, review.overall = review.chosen_outcome, clock.today(), overall
    kept = session.exec(select(DecisionArithmetic).where(DecisionArithmetic.review_id == review.key)).first()
    kept = kept or DecisionArithmetic(review_id=review.key, overall=overall)
    kept.overall, kept.computed_at = overall, clock.now()
    kept.result = result.as_json() | {
        "rules": [
            {"id": one.id, "title": one.title, "met": one.met, "arithmetic": one.arithmetic} for one in result.rules
        ]
    }
    session.add(review)
    session.add(kept)
    session.flush()


def notify(session: Session, review: Review, *, by: Person) -> None:
    """Tell the unit its result; the appeal window opens."""
    turn = moving.begin(session, review, "notify", by=by)
    review.notified_on = clock.today()
    turn.finish()


def close_appeal_window(session: Session, review: Review, *, by: Person | None = None) -> None:
    """The clock closes the window to appeal; publication is then open."""
    turn = moving.begin(session, review, "close_window", by=by)
    timer = session.exec(
        select(Timer).where(Timer.record_kind == "review", Timer.record_id == review.key, Timer.name == "close_window")
    ).first()
    if timer is None or clock.today() <= timer.due_on:
        raise NotNow("The unit may still appeal")
    if review.appeal_closed_on is not None:
        return
    review.appeal_closed_on = clock.today()
    timer.fired_at = clock.now()
    session.add(timer)
    turn.finish()


def publish(session: Session, review: Review, *, by: Person) -> None:
    """Publish the report; issue the certificate where the outcome brings one; make an action of each recommendation."""
    turn = moving.begin(session, review, "publish", by=by)
    check_report(session, review)
    review.published_on = clock.today()
    session.add(review)
    line = turn.finish()
    followup.open_actions(session, review, by=by)
    certificates.issue_if_due(session, review, by=by, journal_head=line.hash)
    feedback.ask(session, review)
