"""Severity and the likely score come from open sheets only, and only from enough of them (SCO-3, SCO-6, REV-5)."""

from __future__ import annotations

from sqlmodel import Session, select

from metstandard.queries.statistics import overall_of, severities, severities_of
from metstandard.records.sheets import Sheet
from tests.factories.marked import calibrated, open_review, sitting
from tests.factories.programme import Programme

HARSH = {"council1": 0.8}


def test_a_harsh_reviewer_is_found_and_a_reviewer_of_two_reviews_is_withheld(
    programme: Programme, session: Session
) -> None:
    """Nine reviews turn through nine people; three of each are needed."""
    for number in range(9):
        open_review(programme, number, severity=HARSH)
    for word in sitting(0).values():
        calibrated(programme, word, severity=int(word in HARSH))
    found = severities(session)
    harsh = found[programme["council1"].key]
    assert (harsh.kind, harsh.reviews, harsh.why) == ("local_authority", 3, "")
    assert harsh.estimate is not None
    assert harsh.estimate.value > 0.3
    assert max(one.estimate.value for one in found.values() if one.estimate) == harsh.estimate.value
    thin = {one.name.split(" (")[0]: (one.reviews, one.why) for one in found.values() if one.why}
    assert thin == {
        "Private sector reviewer 3": (2, "Too few: 2 of at least 3 reviews."),
    }
    assert len({one.group for one in found.values()}) == 1


def test_under_five_reviews_nothing_is_said(programme: Programme, session: Session) -> None:
    """Neither of a reviewer nor of a review."""
    reviews = [open_review(programme, number, severity=HARSH) for number in range(4)]
    assert {one.why for one in severities(session).values()} == {"Too few: 4 of at least 5 reviews."}
    assert overall_of(session, reviews[0]).why == "Too few: 4 of at least 5 reviews."
    reviews.append(open_review(programme, 4, severity=HARSH))
    likely = overall_of(session, reviews[0])
    assert likely.overall is not None
    assert likely.overall.low < likely.overall.score < likely.overall.high
    assert 0.0 <= likely.overall.probability <= 1.0


def test_a_sealed_review_changes_nothing_and_its_panel_is_not_named(programme: Programme, session: Session) -> None:
    """Two of three sheets are locked; once the third is, the very same figures move."""
    for number in range(9):
        open_review(programme, number, severity=HARSH)
    before = severities(session)
    sealed = open_review(programme, 9, severity={"peer1": 2.0}, unlocked=("private",))
    assert severities(session) == before
    assert severities_of(session, sealed) == []
    assert overall_of(session, sealed).why == "Its sheets are sealed."
    last = session.exec(select(Sheet).where(Sheet.locked_at.is_(None))).one()  # type: ignore[union-attr]
    last.locked_at = sealed.state_since
    session.commit()
    assert severities(session) != before
    assert [one.kind for one in severities_of(session, sealed)] == ["peer", "local_authority", "private"]
    assert overall_of(session, sealed).overall is not None


def test_a_cycle_has_its_own_reviews_and_its_own_calibration(programme: Programme, session: Session) -> None:
    """The year of the first day on site."""
    for number in range(6):
        open_review(programme, number, year=2025)
        open_review(programme, number, year=2026, severity=HARSH)
    both, earlier, later = severities(session), severities(session, 2025), severities(session, 2026)
    key = programme["council1"].key
    assert (both[key].reviews, earlier[key].reviews, later[key].reviews) == (6, 3, 3)
    before, after = earlier[key].estimate, later[key].estimate
    assert before is not None
    assert after is not None
    assert after.value > before.value + 0.2
