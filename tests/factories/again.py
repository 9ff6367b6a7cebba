"""A second review of the same unit, under way while the first is known: for what a unit supplies twice."""

from __future__ import annotations

from sqlmodel import Session

from metstandard.records.reviews import Review

REFERENCE = "MSR-2030-0001"


def reviewed_again(session: Session, first: Review, *, state: str = "self_assessment") -> Review:
    """Another review of the unit, at a stage at which evidence is added, without any of the first one's."""
    known = first.model_dump(exclude={"id", "reference", "state", "version"})
    made = Review(**known, reference=REFERENCE, state=state)
    session.add(made)
    session.commit()
    return made
