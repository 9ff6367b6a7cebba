"""Good practice of a published review starts a nomination; nothing sealed goes along."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session, select

from metstandard.actions.recognition import findings
from metstandard.common.errors import NotFound, NotNow
from metstandard.records.base import Marking
from metstandard.records.evidence import Evidence, EvidenceLink, EvidenceType
from metstandard.records.recognition import Nomination
from metstandard.records.reviews import Review
from metstandard.records.sheets import Finding
from metstandard.rubric.shapes import Grade
from tests.factories.kept import database_at
from tests.factories.programme import Programme


def good(session: Session) -> Finding:
    """The review's finding of good practice, made so where it named none."""
    review = session.exec(select(Review)).one()
    found = session.exec(select(Finding).where(Finding.review_id == review.key)).first()
    lead = Programme.of(session)["peer1"]
    if found is None or found.grade is not Grade.GOOD:
        found = Finding(
            review_id=review.key, criterion="2.2", grade=Grade.GOOD, text="Neighbours run the desk.",
            raised_by_id=lead.key,
        )  # fmt: skip
        session.add(found)
    kinds = {
        "Minutes of the desk": {}, "Secret plan": {"marking": Marking.OFFICIAL_SENSITIVE},
        "What a witness said": {"by_unit": False}, "Hidden from the unit": {"unit_may_see": False},
    }  # fmt: skip
    for title, other in kinds.items():
        row = Evidence(
            review_id=review.key, kind=EvidenceType.DOCUMENT, title=title, added_by_id=lead.key, **other,  # type: ignore[arg-type]
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add(EvidenceLink(evidence_id=row.key, criterion=found.criterion))
    session.commit()
    return found


def test_before_publication_nothing_starts_from_a_finding(data: Path, session: Session) -> None:
    """The panel and the officer are told to wait; a stranger finds nothing."""
    database_at("reporting", data / "metstandard.db")
    people, finding = Programme.of(session), good(session)
    for word in ("peer1", "officer"):
        with pytest.raises((NotNow, NotFound)):
            findings.from_finding(session, finding, by=people[word])
    assert session.exec(select(Nomination)).all() == []


def test_published_good_practice_is_taken_over_without_what_is_sealed(data: Path, session: Session) -> None:
    """Pressed twice it is one draft; only open titles of the unit's own evidence go along."""
    database_at("published", data / "metstandard.db")
    people, finding = Programme.of(session), good(session)
    made = findings.from_finding(session, finding, by=people["peer1"])
    again = findings.from_finding(session, finding, by=people["peer1"])
    assert (made.key, made.finding_id, made.nominator_id) == (again.key, finding.key, people["peer1"].key)
    assert made.account == finding.text
    assert "- Minutes of the desk" in made.evidence
    hidden = ("Secret plan", "What a witness said", "Hidden from the unit")
    assert [title for title in hidden if title in made.evidence] == []


def test_neither_a_stranger_nor_another_grade_starts_a_nomination(data: Path, session: Session) -> None:
    """A reviewer of no seat, the commander, and a finding that is no good practice."""
    database_at("published", data / "metstandard.db")
    people, finding = Programme.of(session), good(session)
    for word in ("peer3", "commander"):
        with pytest.raises(NotFound):
            findings.from_finding(session, finding, by=people[word])
    finding.grade = Grade.MINOR
    session.add(finding)
    session.commit()
    with pytest.raises(NotFound):
        findings.from_finding(session, finding, by=people["officer"])
