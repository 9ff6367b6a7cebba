"""Signs add up over reviews, severity drifts between cycles, and both wait for enough reviews."""

from __future__ import annotations

from sqlmodel import Session

from metstandard.queries.statistics.drawings import severity_figure
from metstandard.queries.statistics.marks import opened
from metstandard.queries.statistics.signs import watch
from metstandard.rules.editions import newest_rubric
from metstandard.statistics.flags import Sign
from tests.factories.marked import open_review
from tests.factories.programme import Programme

SEATS = {"peer": "peer1", "local_authority": "council1", "private": "company1"}


def test_straight_lines_are_raised_over_several_reviews_and_not_before(programme: Programme, session: Session) -> None:
    """Nobody over eight ordinary reviews; one after six idle sheets."""
    for number in range(8):
        open_review(programme, number)
    line = dict.fromkeys(newest_rubric("met-standard-1")[0].criteria, "3")

    def raised() -> dict[str, set[Sign]]:
        found = watch(session, opened(session)).reviewers
        return {one.severity.name: set(one.raised) for one in found if one.raised}

    assert raised() == {}
    for number in range(8, 14):
        open_review(programme, number, seats=SEATS, given={"peer1": line})
    assert Sign.STRAIGHT_LINE in raised()[programme["peer1"].name]
    assert set(raised()) == {programme["peer1"].name}


def test_drift_is_told_between_two_cycles_with_enough_reviews(programme: Programme, session: Session) -> None:
    """A reviewer who became harsher stands out; with one cycle there is no drift."""
    for number in range(6):
        open_review(programme, number, year=2025)
    assert {one.drift for one in watch(session, opened(session)).reviewers} == {None}
    for number in range(6):
        open_review(programme, number, year=2026, severity={"council1": 1.0})
    watched = watch(session, opened(session))
    drifts = {one.severity.person_id: one.drift for one in watched.reviewers if one.drift}
    council = drifts[programme["council1"].key]
    assert (council.before, council.after) == (2025, 2026)
    assert council.z == max(one.z for one in drifts.values()) > 0
    assert [one.kind for one in watched.kinds] == ["local_authority", "peer", "private"]
    assert [one.reviewers for one in watched.kinds] == [2, 3, 3]
    assert all(one.drift is not None for one in watched.kinds)
    figure = severity_figure(watched)
    assert figure is not None
    assert len(figure.table_rows) == sum(one.severity.estimate is not None for one in watched.reviewers)
    assert {one.drift for one in watch(session, opened(session), 2025).reviewers} == {None}


def test_under_five_reviews_kinds_are_withheld_and_there_is_no_figure(programme: Programme, session: Session) -> None:
    """The same sentence as everywhere."""
    open_review(programme, 0)
    watched = watch(session, opened(session))
    assert (watched.kinds, watched.why) == ((), "Too few: 1 of at least 5 reviews.")
    assert severity_figure(watched) is None
