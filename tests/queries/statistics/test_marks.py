"""Which marks statistics are made from: open sheets, levels only, and everybody's first try at the references."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from metstandard.actions import calibration
from metstandard.queries.statistics.files import anchors, means, ratings
from metstandard.queries.statistics.marks import opened
from metstandard.rules.calibration import cases_in_use
from tests.factories.marked import calibrated, open_review
from tests.factories.programme import Programme


def test_a_calibration_counts_once_it_is_sent_and_only_the_first(programme: Programme, session: Session) -> None:
    """Afterwards the agreed levels are known: a second try says nothing about severity."""
    cases, _ = cases_in_use()
    attempt = calibration.start(session, programme["peer1"], by=programme["peer1"])
    session.commit()
    assert opened(session).tried == ()
    session.delete(attempt)
    calibrated(programme, "peer1", severity=1)
    calibrated(programme, "peer1", severity=0)
    tried = opened(session).tried
    assert [one.case for one in tried] == [f"{cases.name}:{word}" for word in cases.reviews]
    assert {one.person_id for one in tried} == {programme["peer1"].key}
    assert all(one.mean < one.agreed for one in tried)


def test_what_has_no_level_and_what_was_cancelled_is_left_out(programme: Programme, session: Session) -> None:
    """NE and NA are no levels; a criterion set aside at scoping is nobody's."""
    first = open_review(programme, 0, given={"peer1": {"1.1": "NE", "1.2": "NA"}})
    second = open_review(programme, 1)
    first.not_applicable = {"1.3": "Not done here."}
    second.state = "cancelled"
    session.commit()
    found = opened(session)
    assert [len(one.levels) for one in found.sheets] == [25, 27, 27]
    assert {name.split(":")[0] for name, _, _ in ratings(found)} == {first.reference}


def test_files_name_kinds_and_numbers_and_never_a_person(programme: Programme, session: Session) -> None:
    """The unit is review and criterion, or a whole sheet."""
    review = open_review(programme, 0)
    calibrated(programme, "peer1")
    found = opened(session)
    assert list(ratings(found))[0][:2] == (f"{review.reference}:1.1", "peer")  # noqa: RUF015
    rows = list(means(found))
    assert [row[:2] for row in rows[2:]] == [
        (review.reference, f"reviewer-{programme[word].key}") for word in ("peer1", "council1", "company1")
    ]
    given = {row[0]: float(row[2]) for row in rows[:2]}
    assert given == pytest.approx(anchors(found))
    assert list(means(found, 1999)) == []


def test_marks_are_read_once_while_no_other_sheet_opens(programme: Programme, session: Session) -> None:
    """A locked sheet never changes, so the very same object is kept."""
    open_review(programme, 0)
    before = opened(session)
    assert opened(session) is before
    open_review(programme, 1, unlocked=("peer",))
    assert opened(session) is before
    open_review(programme, 2)
    assert opened(session) is not before
