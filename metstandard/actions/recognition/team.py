"""Who was part of a team, and when: a late joiner, a leaver, a correction; each with a reason (recognition.md D2)."""

from datetime import date

from sqlmodel import Session

from metstandard.actions import moving
from metstandard.actions.moving import Turn
from metstandard.actions.recognition.nominating import kind_of_nominee
from metstandard.actions.recognition.nominees import Named, write
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow
from metstandard.records.accounts import Person
from metstandard.records.recognition import Nomination, Nominee
from metstandard.rules.recognition import nominees_of

# From here on a name may be public: nobody joins who was not asked for consent before.
_TOO_LATE = frozenset({"announced", "presented"})


def _begin(session: Session, nomination: Nomination, by: Person, reason: str, *, team: bool = True) -> Turn:
    turn = moving.begin(session, nomination, "change_team", by=by)
    if not reason.strip():
        raise Invalid("Give a reason", field="reason")
    kind = kind_of_nominee(session, nomination)
    if team and (kind is None or not kind.members):
        raise NotNow("Only a team has members")
    return turn


def _own(session: Session, nomination: Nomination, nominee: Nominee) -> Nominee:
    found = next((one for one in nominees_of(session, nomination) if one.key == nominee.key), None)
    if found is None:
        raise NotFound("We could not find that page")
    return found


def join(session: Session, nomination: Nomination, named: Named, *, by: Person, reason: str) -> Nominee:
    """Add a member who was left out. Checks and consent are asked for them as for everybody.

    Raises NotNow once the award was announced, Invalid without a first day or for somebody who is a member already.
    """
    turn = _begin(session, nomination, by, reason)
    if nomination.state in _TOO_LATE:
        raise NotNow("The award was announced: nobody joins the team any more")
    if named.from_on is None:
        raise Invalid("Enter the first day in the team", field="from_on")
    if any(one.name.casefold() == named.name.strip().casefold() for one in nominees_of(session, nomination)):
        raise Invalid("Somebody of that name is in the team already", field="name")
    made = write(session, nomination, Nominee(nomination_id=nomination.key, name=""), named)
    turn.finish(note=reason, data={"joined": made.key})
    return made


def correct(
    session: Session, nomination: Nomination, nominee: Nominee, named: Named, *, by: Person, reason: str
) -> None:
    """Correct what is known of a nominee, alone or in a team: name, role, service, unit, address, dates."""
    turn = _begin(session, nomination, by, reason, team=False)
    write(session, nomination, _own(session, nomination, nominee), named)
    turn.finish(note=reason, data={"corrected": nominee.key})


def left_team(
    session: Session, nomination: Nomination, nominee: Nominee, *, by: Person, until_on: date, reason: str
) -> None:
    """Record the last day of a member who left the team. They keep their place in the nomination."""
    turn = _begin(session, nomination, by, reason)
    row = _own(session, nomination, nominee)
    if until_on > clock.today() or (row.from_on is not None and until_on < row.from_on):
        raise Invalid("The last day must be after the first day and not in the future", field="until_on")
    row.until_on = until_on
    session.add(row)
    turn.finish(note=reason, data={"left_team": row.key, "until_on": until_on.isoformat()})


def take_out(session: Session, nomination: Nomination, nominee: Nominee, *, by: Person, reason: str) -> None:
    """Take a member out of the nomination; what was is kept. Raises NotNow for the last one."""
    turn = _begin(session, nomination, by, reason)
    row = _own(session, nomination, nominee)
    if len(nominees_of(session, nomination)) == 1:
        raise NotNow("The last member stays: withdraw the nomination instead")
    row.left_at, row.left_reason = clock.now(), reason.strip()
    session.add(row)
    turn.finish(note=reason, data={"taken_out": row.key})
