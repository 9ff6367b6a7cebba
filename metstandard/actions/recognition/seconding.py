"""Seconding: somebody of another unit or body confirms by letter what exactly they were shown, or declines."""

from sqlmodel import Session, select

from metstandard.actions import moving
from metstandard.actions.recognition import letters
from metstandard.common import clock
from metstandard.common.characters import clean, one_line
from metstandard.common.errors import Invalid, NotNow, RuleBroken
from metstandard.records.accounts import Person
from metstandard.records.recognition import Nomination, Seconder, Seconding
from metstandard.rules import seconders
from metstandard.rules.guards.recognition import seconder_of

MOST = 5


def name_seconder(
    session: Session, nomination: Nomination, *, by: Person | None, name: str, email: str, body: str
) -> Seconder:
    """Ask somebody else to second a nomination that was sent in; the link of the one before ends.

    Raises Invalid for somebody of the same unit or body (D2), or when so many were asked already.
    The same person named again is not written to again.
    """
    turn = moving.begin(session, nomination, "name_seconder", by=by, bearer="nominator")
    before = seconder_of(session, nomination)
    name, email, body = one_line(name), email.strip(), one_line(body)
    if before is not None and before.answer is Seconding.ASKED and before.email.casefold() == email.casefold():
        return before
    if before is not None and before.answer is Seconding.CONFIRMED:
        raise NotNow("The seconder has confirmed this nomination already")
    refused = seconders.clash(session, nomination, email=email, body=body)
    if refused is not None:
        raise Invalid(refused[1], field=refused[0], rule="D2")
    if len(session.exec(select(Seconder.id).where(Seconder.nomination_id == nomination.key)).all()) >= MOST:
        raise Invalid(f"{MOST} people were asked already. Please write to the programme office", field="email")
    row = Seconder(nomination_id=nomination.key, name=name, email=email, body=body)
    session.add(row)
    turn.finish()
    letters.to_seconder(session, nomination, row)
    return row


def second(
    session: Session, nomination: Nomination, seconder: Seconder, *, confirm: bool, words: str, seen: str
) -> None:
    """The answer of the seconder who came by their link. `seen` is the hash of what they were shown.

    An answer given twice counts once. Raises NotNow for another answer afterwards or for a seconder who was replaced,
    Invalid when the content changed, RuleBroken for somebody of the same unit (D2).
    """
    turn = moving.begin(session, nomination, "second", by=None, bearer="seconder")
    answer = Seconding.CONFIRMED if confirm else Seconding.DECLINED
    newest = seconder_of(session, nomination)
    if newest is None or newest.key != seconder.key:
        raise NotNow("Somebody else was asked to second this nomination")
    if newest.answer is answer:
        return
    if newest.answer is not Seconding.ASKED:
        raise NotNow("You have answered already")
    if seen != seconders.seconded_digest(session, nomination):
        raise Invalid("The nomination has changed since this page was opened. Read it again", field="seen")
    if confirm and seconders.serves_there(session, nomination, newest.email):
        raise RuleBroken("A seconder comes from another unit than the nominee and the nominator", rule="D2")
    newest.answer, newest.words, newest.answered_at = answer, clean(words).strip(), clock.now()
    session.add(newest)
    turn.finish(data={"seconder": newest.key, "answer": answer.value, "content": seen})
    if not confirm:
        letters.to_nominator(session, nomination, "seconder_declined")
