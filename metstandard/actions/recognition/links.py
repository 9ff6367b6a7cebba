"""Links of letters, by which people without an account act in one nomination: given, opened, ended.

Only the hash of a link is kept. A link opens one part in one nomination, until its day or until it is ended.
"""

from datetime import timedelta

from sqlmodel import Session, col, select

from metstandard.common import clock, ids
from metstandard.common.settings import settings
from metstandard.records.recognition import Nomination, NominationLink
from metstandard.rules.editions import workflow_of

# The first part of a link's address, by the part that it was sent for.
PATHS = {"nominator": "nominations", "seconder": "second", "nominee": "consent"}


def give(session: Session, nomination: Nomination, part: str, *, about_id: int | None = None) -> str:
    """A new link for a part; its secret is never kept. `about_id` is the row of a seconder or nominee."""
    secret = ids.token()
    days = workflow_of(session, nomination).number("D2-link")
    session.add(
        NominationLink(
            nomination_id=nomination.key, part=part, about_id=about_id, token_hash=ids.token_hash(secret),
            expires_at=clock.now() + timedelta(days=days),
        )
    )  # fmt: skip
    session.flush()
    return secret


def opened(session: Session, secret: str, part: str) -> NominationLink | None:
    """The link that a secret opens now for a part; None for one that is unknown, over, ended or another part's."""
    found = session.exec(
        select(NominationLink).where(NominationLink.token_hash == ids.token_hash(secret), NominationLink.part == part)
    ).first()
    if found is None or found.ended_at is not None or found.expires_at <= clock.now():
        return None
    return found


def end(session: Session, nomination: Nomination, part: str, *, about_id: int | None = None) -> None:
    """End the links of a part, or only those about one seconder or nominee."""
    query = select(NominationLink).where(
        NominationLink.nomination_id == nomination.key,
        NominationLink.part == part,
        col(NominationLink.ended_at).is_(None),
    )
    if about_id is not None:
        query = query.where(NominationLink.about_id == about_id)
    for one in session.exec(query).all():
        one.ended_at = clock.now()
        session.add(one)
    session.flush()


def address(secret: str, part: str) -> str:
    """The whole address for a letter."""
    return f"{settings().base_url}/{PATHS[part]}/{secret}"
