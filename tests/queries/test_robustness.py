"""How firmly an outcome stands, told to moderators."""

from __future__ import annotations

from pathlib import Path

from metstandard.actions import scoring
from metstandard.queries import robustness
from metstandard.queries.robustness import firmness
from metstandard.queries.statistics.severity import ReviewerSeverity
from metstandard.rubric.shapes import Outcome
from metstandard.statistics.estimates import Estimate
from tests.factories.kept import playing
from tests.factories.stages import SEATS, fill_sheet, reporting_

GATEWAYS = ["1.1", "2.1", "7.1", "7.2", "7.3"]


def test_nothing_is_said_while_sheets_are_sealed_or_levels_are_missing(data: Path) -> None:
    with playing(data, "scoring") as play:
        for word in ("peer1", "council1"):
            fill_sheet(play, word)
            play.act(scoring.lock_sheet, play.review, by=play[word])
        assert firmness(play.session, play.review) is None
        fill_sheet(play, "company1")
        play.act(scoring.lock_sheet, play.review, by=play["company1"])
        assert firmness(play.session, play.review) is None


def test_with_threes_everywhere_only_a_gateway_a_level_lower_changes_the_outcome(data: Path) -> None:
    """28 levels, each up and down; a single mark moves no median; severities of one review are withheld."""
    with playing(data, "moderation") as play:
        found = firmness(play.session, play.review)
    assert found is not None
    assert (found.outcome, found.tried, found.marks_tried) == (Outcome.ACHIEVED, 56, 168)
    assert [(one.key, one.before, one.after, one.outcome) for one in found.levels] == [
        (code, 3, 2, Outcome.DEFERRED) for code in GATEWAYS
    ]
    assert found.marks == ()
    assert [(one.seat, one.severity and one.severity.estimate, one.correction) for one in found.corrected] == [
        (seat, None, None) for seat in ("Peer", "Local authority", "Private")
    ]
    assert (found.likely.overall, found.likely.why) == (None, "Too few: 1 of at least 5 reviews.")


def test_a_mark_in_the_middle_of_three_moves_the_agreed_level_with_it(data: Path) -> None:
    """On 1.1 stand 3, 3 and 2: were either 3 a 2, the level of the gateway would be a 2 as well."""
    with playing(data, "scoring") as play:
        for word in SEATS.values():
            fill_sheet(play, word, levels={"1.1": 2} if word == "company1" else {})
            play.act(scoring.lock_sheet, play.review, by=play[word])
        reporting_(play)
        found = firmness(play.session, play.review)
    assert found is not None
    assert [(one.seat, one.criterion, one.before, one.after, one.outcome) for one in found.marks] == [
        ("Peer", "1.1", 3, 2, Outcome.DEFERRED), ("Local authority", "1.1", 3, 2, Outcome.DEFERRED),
    ]  # fmt: skip


def test_a_severity_that_is_known_is_put_right_and_the_others_are_left() -> None:
    """The lenient first reviewer's 3 is worth a 2, and with it the middle of 3, 3 and 2."""
    marks = {(1, "1.1"): 3, (2, "1.1"): 3, (3, "1.1"): 2}
    known = {
        1: ReviewerSeverity(1, "One", "peer", 9, Estimate(-1.0), "", 1),
        2: ReviewerSeverity(2, "Two", "private", 1, None, "Too few.", 1),
    }
    shifted = robustness._shifted({"1.1": 3}, marks, lambda levels: Outcome.ACHIEVED if levels["1.1"] > 2 else None, 4)
    first, second, third = robustness._corrected(known, {1: "Peer", 2: "Private", 3: "Other"}, marks, shifted, 4)
    assert first.correction is not None
    assert (first.correction.before, first.correction.after) == (Outcome.ACHIEVED, None)
    assert (second.severity, second.correction) == (known[2], None)
    assert (third.severity, third.correction) == (None, None)
