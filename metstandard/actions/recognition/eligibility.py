"""Before the checks: taking a nomination up, returning or redirecting it, holding it, marking it as a duplicate."""

from sqlmodel import Session

from metstandard.actions import moving
from metstandard.actions.recognition import letters, links
from metstandard.actions.recognition.nominating import recognition_of
from metstandard.common.errors import Invalid
from metstandard.records.accounts import Person
from metstandard.records.recognition import Nomination


def take_up(session: Session, nomination: Nomination, *, by: Person) -> None:
    """Begin to look at a nomination that its seconder has confirmed."""
    moving.move(session, nomination, "take_up", by=by)


def return_nomination(session: Session, nomination: Nomination, *, by: Person, reason: str) -> None:
    """Give a nomination back to its nominator, who may change it and send it again."""
    moving.move(session, nomination, "return_nomination", by=by, note=reason)
    links.end(session, nomination, "seconder")
    letters.to_nominator(session, nomination, "nomination_returned")


def redirect(session: Session, nomination: Nomination, to: str, *, by: Person, reason: str) -> None:
    """Pass a nomination on to another award; `to` is a word of the rubric file. Raises Invalid for another word."""
    turn = moving.begin(session, nomination, "redirect", by=by)
    if to not in recognition_of(session, nomination).redirects:
        raise Invalid("Choose where the nomination goes", field="to")
    nomination.redirected_to = to
    turn.finish(note=reason, data={"to": to})
    links.end(session, nomination, "seconder")
    letters.to_nominator(session, nomination, "nomination_redirected")


def pass_eligibility(session: Session, nomination: Nomination, *, by: Person) -> None:
    """Send a nomination on to the checks. Raises NotOpen naming what is not met."""
    moving.move(session, nomination, "pass_eligibility", by=by)


def mark_duplicate(session: Session, nomination: Nomination, of: Nomination | None, *, by: Person) -> None:
    """Say that a nomination repeats another, or with None that it does not. Raises Invalid for itself or in a ring."""
    turn = moving.begin(session, nomination, "group", by=by)
    if of is not None and (of.key == nomination.key or of.duplicate_of_id is not None or of.submitted_at is None):
        raise Invalid("Choose the nomination that this one repeats", field="of")
    nomination.duplicate_of_id = of.key if of else None
    turn.finish(data={"duplicate_of": of.key if of else None})
