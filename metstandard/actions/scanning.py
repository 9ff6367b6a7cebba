"""What the virus scanner says of a file: it may be used, or it goes and whoever supplied it is told."""

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.outbox import compose
from metstandard.records.accounts import Person
from metstandard.records.evidence import Evidence, Scan, StoredFile
from metstandard.records.reviews import Review

LONGEST_NAME = 200


def unscanned(session: Session, most: int) -> list[StoredFile]:
    """Files that nobody has scanned: those in quarantine first, then those kept before there was a scanner."""
    query = select(StoredFile).where(col(StoredFile.scan).in_([Scan.QUARANTINED, Scan.NONE]))
    query = query.order_by((col(StoredFile.scan) == Scan.NONE), col(StoredFile.id)).limit(most)
    return list(session.exec(query).all())


def infected(session: Session) -> list[str]:
    """The hashes whose bytes must not be in the store."""
    return list(session.exec(select(StoredFile.sha256).where(StoredFile.scan == Scan.INFECTED)).all())


def take_answer(session: Session, file_id: int, virus: str) -> bool:
    """Keep what the scanner said; whether it was the first answer. A virus is told to all who supplied the file.

    The bytes are removed by the caller when this is committed; until then nobody gets them either.
    """
    stored = session.get_one(StoredFile, file_id, with_for_update=True, populate_existing=True)
    if stored.scan in (Scan.CLEAN, Scan.INFECTED):
        return False
    stored.scan = Scan.INFECTED if virus else Scan.CLEAN
    stored.virus, stored.scanned_at = virus[:LONGEST_NAME], clock.now()
    session.add(stored)
    session.flush()
    if virus:
        _tell(session, stored)
    return True


def _tell(session: Session, stored: StoredFile) -> None:
    """One letter for each review and person; it names neither the file nor the item."""
    rows = session.exec(
        select(Review, Person)
        .join(Evidence, col(Evidence.review_id) == Review.id)
        .join(Person, col(Person.id) == Evidence.added_by_id)
        .where(Evidence.file_id == stored.key, col(Person.active).is_(True))
        .order_by(col(Evidence.id))
    ).all()
    for review, person in rows:
        once = f"file_infected:{stored.key}:{review.key}:{person.key}"
        compose.owe(session, "file_infected", to=person, once=once, record=review, facts={"virus": stored.virus})
