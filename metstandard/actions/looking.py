"""Saying to have read what a signature covers: from then on the page shows what has changed since (interface.md 26).

A look is an act of its own and no page view: opening a page twice, or a link that a mail program follows, must not take
the marked changes away (security.md: a GET never consumes). A signature is a look, too.
"""

from sqlmodel import Session, select

from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotYours
from metstandard.records.accounts import Person
from metstandard.records.looks import Look
from metstandard.records.reviews import Review
from metstandard.rules.case import Record, kind_of
from metstandard.rules.content import content, hashed, plain
from metstandard.rules.editions import workflow_of
from metstandard.rules.parts import part_for

# The act by which each purpose is signed; whoever may do it may say to have read what it covers.
READ = {"commissioning": "turn_key", "moderation": "sign_moderation", "decision": "turn_key"}


def have_read(session: Session, review: Review, purpose: str, *, by: Person, seen: str) -> Look:
    """Say to have read exactly what was shown under the hash `seen`. Saying it twice is one look.

    Raises NotFound outside the stage that signs it, NotYours for whoever cannot sign, Invalid when it has changed.
    """
    session.refresh(review, with_for_update=True)
    act = READ.get(purpose)
    if act is None or review.state != purpose:
        raise NotFound("There is nothing here to read and sign")
    moves = workflow_of(session, review).moves_from(review.state, act)
    if part_for(session, by, review, [part for one in moves for part in one.by]) is None:
        raise NotYours("This is not yours to sign")
    if seen != hashed(content(session, review, purpose)):
        raise Invalid("It has changed since this page was opened. Read it again", field="seen")
    return keep_look(session, review, purpose, by)


def keep_look(session: Session, record: Record, purpose: str, by: Person) -> Look:
    """Keep what stands now as what a person looked at last. The caller holds the record's lock."""
    now = content(session, record, purpose)
    found = session.exec(
        select(Look).where(
            Look.record_kind == kind_of(record), Look.record_id == record.key, Look.purpose == purpose,
            Look.person_id == by.key,
        )
    ).first()  # fmt: skip
    found = found or Look(
        record_kind=kind_of(record), record_id=record.key, purpose=purpose, person_id=by.key, digest=""
    )
    # Marks are locked: they cannot differ later, and are the greater part of it.
    kept = {name: value for name, value in plain(now).items() if name != "marks"}
    found.digest, found.content, found.looked_at = hashed(now), kept, clock.now()
    session.add(found)
    session.flush()
    return found
