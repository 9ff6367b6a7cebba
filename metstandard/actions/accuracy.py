"""The right of reply: factual points by paragraph, the commander's statement, the window."""

from sqlmodel import Session, select

from metstandard.actions import moving
from metstandard.actions.reporting import replace_text
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow
from metstandard.queries.checking import named_in
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.sheets import Answer, Paragraph, Point


def raise_point(
    session: Session, review: Review, paragraph: Paragraph, *, by: Person, proposed: str, evidence: str
) -> Point:
    """Ask for one paragraph to be corrected: the text proposed, and the evidence for it (B7)."""
    turn = moving.begin(session, review, "raise_point", by=by)
    if paragraph.review_id != review.key:
        raise NotFound("No such paragraph in this report")
    if not proposed.strip() or proposed.strip() == paragraph.text:
        raise Invalid("Write how the paragraph should read", field="proposed", rule="B7")
    if not evidence.strip():
        raise Invalid("Say what shows that the draft is wrong", field="evidence", rule="B7")
    made = Point(
        review_id=review.key, paragraph_id=paragraph.key, before=paragraph.text, proposed=proposed.strip(),
        evidence=evidence.strip(), raised_by_id=by.key, raised_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    turn.finish(data={"point": made.key})
    return made


def answer_point(
    session: Session, review: Review, point: Point, *, by: Person, answer: Answer, reason: str = "", wording: str = ""
) -> None:
    """Accept a point, which rewrites the paragraph, or refuse it with a reason (B7).

    `wording` is the panel's own, where it accepts the point in other words than the unit's. Raises Invalid for a text
    that names somebody who was interviewed, or a member of the panel (B5).
    """
    turn = moving.begin(session, review, "answer_point", by=by)
    if point.review_id != review.key:
        raise NotFound("No such point in this review")
    if point.answer is not Answer.OPEN:
        raise NotNow("This point has been answered")
    if answer is Answer.REFUSED and not reason.strip():
        raise Invalid("Give the reason for refusing", field="reason", rule="B7")
    if answer is Answer.OPEN:
        raise Invalid("Accept or refuse", field="answer", rule="B7")
    text = wording.replace("\r\n", "\n").strip() if answer is Answer.ACCEPTED else ""
    if answer is Answer.ACCEPTED:
        _check(session, review, point, text)
    point.answer, point.reason, point.wording = answer, reason.strip(), text
    point.answered_by_id, point.answered_at = by.key, clock.now()
    session.add(point)
    if answer is Answer.ACCEPTED:
        replace_text(session, session.get_one(Paragraph, point.paragraph_id), text or point.proposed, by=by)
    turn.finish(data={"point": point.key, "answer": answer.value, "own_words": bool(text)})


def _check(session: Session, review: Review, point: Point, wording: str) -> None:
    """What an accepted point would print may not be what stood there before, and names nobody (B5, B7)."""
    if wording == point.before:
        raise Invalid("These are the words of the draft. Refuse the point instead", field="wording", rule="B7")
    if named_in(session, review, wording or point.proposed):
        raise Invalid(
            "This names somebody who was interviewed, or a member of the panel. Accept it in words of your own",
            field="wording", rule="B5",
        )  # fmt: skip


def write_statement(session: Session, review: Review, *, by: Person, statement: str) -> None:
    """The commander's statement, printed unaltered with the report; so many words at most (B7)."""
    turn = moving.begin(session, review, "write_statement", by=by)
    most = turn.workflow.number("B7-statement")
    used = len(statement.split())
    if used > most:
        raise Invalid(f"The statement has {used} words; at most {most} are printed", field="statement", rule="B7")
    review.statement = statement
    session.add(review)
    turn.finish(data={"words": used})


def close_window(session: Session, review: Review, *, by: Person | None) -> None:
    """Close the window: by the commander, or by the clock; silence is acceptance, and is logged (B7)."""
    turn = moving.begin(session, review, "close_window", by=by)
    silent = session.exec(select(Point.id).where(Point.review_id == review.key)).first() is None
    review.accuracy_closed_on = clock.today()
    session.add(review)
    turn.finish(data={"silence_is_acceptance": silent})
