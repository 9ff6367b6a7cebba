"""How agreed levels read after each save, so that a colleague sees what changed since they last looked."""

from datetime import timedelta

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.records.accounts import Person
from metstandard.records.sheets import AgreedLevel, AgreedVersion

# Saves of one person that follow each other sooner are one version: autosave would otherwise keep every half sentence.
ONE_SITTING = timedelta(minutes=15)
_KEPT = ("level", "rationale", "discussion", "new_evidence", "dissent")


def remember(session: Session, row: AgreedLevel, by: Person) -> AgreedLevel:
    """Write an agreed level and how it reads now; gives the row."""
    session.add(row)
    session.flush()
    last = session.exec(
        select(AgreedVersion).where(AgreedVersion.agreed_id == row.key).order_by(col(AgreedVersion.id).desc())
    ).first()
    if last is None or last.changed_by_id != by.key or clock.now() - last.changed_at > ONE_SITTING:
        last = AgreedVersion(agreed_id=row.key, changed_by_id=by.key)
    for name in _KEPT:
        setattr(last, name, getattr(row, name))
    last.changed_at = clock.now()
    session.add(last)
    session.flush()
    return row
