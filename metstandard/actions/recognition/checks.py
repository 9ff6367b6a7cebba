"""Checks by the employer: clear, not clear or hold, and never why; how an award may be shown (recognition.md D2)."""

from sqlmodel import Session, select

from metstandard.actions import moving
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotYours
from metstandard.records.accounts import Appointment, Person
from metstandard.records.recognition import Check, CheckResult, Hold, Incident, Nomination, Nominee, Shown
from metstandard.rules.guards.recognition import newest_checks, wanted_checks
from metstandard.rules.parts import running

HOLDS = {
    Hold.SUB_JUDICE: "A court case", Hold.INQUEST: "An inquest", Hold.CONDUCT: "A conduct case",
}  # fmt: skip


def answers_for(session: Session, person: Person, nomination: Nomination) -> list[tuple[Nominee, str]]:
    """The nominees about whom a person may answer, each with the part in which: those of their own service only.

    The service of an appointment is its seat; an empty seat of professional standards is every service. A sponsor
    always belongs to one service (D3).
    """
    rows = session.exec(
        select(Appointment.part, Appointment.seat).where(Appointment.person_id == person.key, running())
    ).all()
    return [
        (nominee, asked)
        for nominee, asked in wanted_checks(session, nomination)
        if (asked, nominee.service) in rows or (asked == "standards_officer" and (asked, "") in rows)
    ]


def answer_check(
    session: Session, nomination: Nomination, *, by: Person, nominee: int, asked_of: str, result: CheckResult
) -> Check:
    """Answer about one nominee of one's own service; a later answer takes the place of an earlier one.

    The journal tells that an answer was given and by whom, never what it was. Raises NotFound for a nominee of another
    service; RuleBroken for one's own nomination.
    """
    turn = moving.begin(session, nomination, "answer_check", by=by)
    mine = {(one.key, asked) for one, asked in answers_for(session, by, nomination)}
    if (nominee, asked_of) not in mine:
        raise NotFound("We could not find that page")
    newest = newest_checks(session, nomination).get((nominee, asked_of))
    if newest is not None and (newest.result, newest.checked_by_id) == (result, by.key):
        return newest
    made = Check(nominee_id=nominee, asked_of=asked_of, result=result, checked_by_id=by.key, checked_at=clock.now())
    session.add(made)
    turn.finish(data={"nominee": nominee, "asked_of": asked_of})
    return made


def clear_checks(session: Session, nomination: Nomination, *, by: Person) -> None:
    """Go on to the sift once every answer is clear, families were asked, and no proceedings are pending."""
    moving.move(session, nomination, "clear_checks", by=by)


def close_nomination(session: Session, nomination: Nomination, *, by: Person, reason: str) -> None:
    """End a nomination without an award before it is shortlisted, with a reason that the office keeps."""
    moving.move(session, nomination, "close_nomination", by=by, note=reason)


def hold(session: Session, nomination: Nomination, *, by: Person, reason: str, proceedings: Hold | None = None) -> None:
    """Put a nomination on hold; `proceedings` also holds every other nomination of the same incident (D3)."""
    turn = moving.begin(session, nomination, "hold", by=by)
    if proceedings is not None:
        if nomination.incident_id is None:
            raise Invalid("Only an incident has proceedings: group this nomination first", field="proceedings")
        incident = session.get_one(Incident, nomination.incident_id)
        incident.hold = proceedings
        session.add(incident)
    void_press_check(nomination)
    turn.finish(note=reason)


def release(session: Session, nomination: Nomination, *, by: Person, reason: str) -> None:
    """End a hold: the nomination goes back to its checks. Raises NotOpen while proceedings are pending."""
    moving.move(session, nomination, "release", by=by, note=reason)


def change_publication(session: Session, nomination: Nomination, *, by: Person, shown: Shown, reason: str) -> None:
    """Show an award by name, without names, or not at all: a covert role, a protected witness (D2, safety).

    Before the announcement it voids the press check, since the words may name somebody who must not be named.
    """
    turn = moving.begin(session, nomination, "change_publication", by=by)
    if not reason.strip():
        raise Invalid("Give a reason", field="reason")
    if nomination.shown is not shown:
        nomination.shown = shown
        if nomination.state in {"consented", "embargoed"}:
            void_press_check(nomination)
    turn.finish(note=reason, data={"shown": shown.value})


def void_press_check(nomination: Nomination) -> None:
    """What was checked has changed: nothing is announced before the press officer has looked again."""
    nomination.press_checked_at = None
    nomination.press_checked_by_id = None
    nomination.embargo_until = None


def only_officer(session: Session, by: Person) -> None:
    """Raises NotYours unless a programme officer acts: for what is prepared beside the workflow."""
    query = select(Appointment.id).where(
        Appointment.person_id == by.key, Appointment.part == "programme_officer", running()
    )
    if not by.active or session.exec(query).first() is None:
        raise NotYours("This is not yours to do")
