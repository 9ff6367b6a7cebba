"""Equality monitoring is read in totals, and nobody can work out a small number from what is shown."""

import itertools

import pytest
from sqlmodel import Session

from metstandard.queries import equality
from metstandard.records.judging import Monitoring
from tests.factories.judged import judged_to
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import Programme

SMALL = 5


def test_large_numbers_are_shown() -> None:
    assert equality.withheld({"a": (20, 10, 5), "b": (30, 20, 10)}, SMALL) == (
        {"a": (20, 10, 5), "b": (30, 20, 10)}, (50, 30, 15),
    )  # fmt: skip


def test_one_small_number_takes_another_with_it_that_the_total_would_give_away() -> None:
    shown, totals = equality.withheld({"a": (3,), "b": (30,), "c": (20,)}, SMALL)
    assert (shown, totals) == ({"a": (None,), "b": (30,), "c": (None,)}, (53,))


def test_a_number_that_differs_little_from_the_wider_group_is_withheld() -> None:
    shown, _ = equality.withheld({"a": (20, 18), "b": (30, 12), "c": (40, 20)}, SMALL)
    assert shown == {"a": (20, None), "b": (30, None), "c": (40, 20)}


def test_a_whole_group_that_is_small_or_leaves_few_is_withheld() -> None:
    assert equality.withheld({"a": (2,), "b": (2,)}, SMALL) == ({"a": (None,), "b": (None,)}, (None,))
    assert equality.withheld({"a": (20, 19), "b": (20, 20)}, SMALL)[1] == (40, None)


@pytest.mark.parametrize("small", [3, SMALL])
def test_no_withheld_number_follows_from_those_shown(small: int) -> None:
    """Of every table of three answers up to 9: what is hidden has at least two possible values each."""
    for numbers in itertools.product(range(10), repeat=3):
        shown, totals = equality.withheld(dict(zip("abc", ((n,) for n in numbers), strict=True)), small)
        hidden = [word for word in "abc" if shown[word][0] is None]
        assert all(number >= small for number in (shown[word][0] for word in "abc") if number is not None)
        if totals[0] is not None and hidden:
            known = sum(number for (number,) in shown.values() if number is not None)
            assert len(hidden) > 1
            assert totals[0] - known >= small


def test_the_pages_totals_count_answers_by_how_far_their_nomination_came(
    programme: Programme, session: Session
) -> None:
    waiting = nominated(recognisers(programme).session, title="Waiting")
    won = judged_to(programme, nominated(session, title="Won"), "decided")
    for one, count in ((waiting, 6), (won, 7)):
        session.add_all([Monitoring(nomination_id=one.key, answers={"sex": "Female"}) for _ in range(count)])
    session.commit()
    tables, small = equality.tables(session)
    sex = next(one for one in tables if one.question == "sex")
    assert (small, sex.totals, sex.rows["Female"], sex.rows["Male"]) == (5, (13, 7, 7), (None, None, None), (None,) * 3)
