"""Two schemes of protective markings, and who may see what."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from metstandard.common.errors import Invalid
from metstandard.common.settings import settings
from metstandard.records.accounts import Person
from metstandard.records.base import Marking
from metstandard.rules import markings
from metstandard.rules.markings import OF_2009, TODAY

M = Marking


@pytest.fixture(params=["official", "2009"])
def scheme(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Each scheme in force."""
    monkeypatch.setenv("METSTANDARD_MARKINGS", request.param)
    settings.cache_clear()
    yield str(request.param)
    settings.cache_clear()


def somebody(clearance: Marking | None = None) -> Person:
    return Person(name="Somebody", email="somebody@example.org", clearance=clearance)


def test_the_two_schemes_are_those_of_the_rules() -> None:
    """Rules.md B9, lowest first."""
    assert TODAY.ladder == (M.OFFICIAL, M.OFFICIAL_SENSITIVE)
    assert OF_2009.ladder == (M.NOT_PROTECTIVELY_MARKED, M.PROTECT, M.RESTRICTED, M.CONFIDENTIAL)
    assert {*TODAY.ladder, *OF_2009.ladder} == set(M)


def test_a_setting_says_which_is_in_force(scheme: str) -> None:
    assert markings.profile().name == scheme
    assert markings.profile().lowest == {"official": M.OFFICIAL, "2009": M.NOT_PROTECTIVELY_MARKED}[scheme]


@pytest.mark.parametrize(
    ("marking", "today"),
    [(M.NOT_PROTECTIVELY_MARKED, M.OFFICIAL), (M.PROTECT, M.OFFICIAL_SENSITIVE), (M.RESTRICTED, M.OFFICIAL_SENSITIVE),
     (M.CONFIDENTIAL, None), (M.OFFICIAL, M.OFFICIAL)],
)  # fmt: skip
def test_an_old_marking_has_its_equal_today_but_for_confidential(marking: Marking, today: Marking | None) -> None:
    """CONFIDENTIAL has no equal: somebody must choose."""
    assert markings.equivalent(marking, TODAY) is today


def test_todays_markings_have_their_equal_in_the_old_scheme() -> None:
    assert [markings.equivalent(one, OF_2009) for one in TODAY.ladder] == [M.NOT_PROTECTIVELY_MARKED, M.RESTRICTED]


def test_the_highest_of_several_wins_and_of_equals_the_one_in_force(scheme: str) -> None:
    assert markings.highest(OF_2009.ladder) is M.CONFIDENTIAL
    assert markings.highest([M.OFFICIAL_SENSITIVE, M.CONFIDENTIAL]) is M.CONFIDENTIAL
    assert markings.highest([M.RESTRICTED, M.OFFICIAL_SENSITIVE]) is (
        M.OFFICIAL_SENSITIVE if scheme == "official" else M.RESTRICTED
    )


def test_lowering_is_told_from_raising_over_both_schemes() -> None:
    assert [markings.lowers(*pair) for pair in (
        (M.CONFIDENTIAL, M.OFFICIAL_SENSITIVE), (M.OFFICIAL_SENSITIVE, M.OFFICIAL), (M.RESTRICTED, M.PROTECT),
        (M.PROTECT, M.RESTRICTED), (M.RESTRICTED, M.OFFICIAL_SENSITIVE), (M.OFFICIAL, M.OFFICIAL),
    )] == [True, True, True, False, False, False]  # fmt: skip


@pytest.mark.parametrize("text", ["SECRET", "top  secret", "Secret"])
def test_secret_and_above_are_refused_by_name(scheme: str, text: str) -> None:
    with pytest.raises(Invalid, match="may be kept here") as refused:
        markings.read(text)
    assert (refused.value.field, refused.value.rule) == ("marking", "B9")


def test_only_markings_of_the_scheme_in_force_are_read(scheme: str) -> None:
    assert [markings.read(one.value.lower()) for one in markings.profile().ladder] == [*markings.profile().ladder]
    other = OF_2009 if scheme == "official" else TODAY
    for one in other.ladder:
        with pytest.raises(Invalid, match="Choose a protective marking"):
            markings.read(one.value)


def test_whoever_was_given_no_clearance_has_that_of_the_scheme(scheme: str) -> None:
    unseen = set(M) - set(markings.seen_by(somebody()))
    assert unseen == {M.CONFIDENTIAL}
    assert markings.clearance_of(somebody()) is {"official": M.OFFICIAL_SENSITIVE, "2009": M.RESTRICTED}[scheme]


def test_a_clearance_opens_all_below_it_of_both_schemes() -> None:
    assert markings.seen_by(somebody(M.OFFICIAL)) == [M.OFFICIAL, M.NOT_PROTECTIVELY_MARKED]
    assert set(markings.seen_by(somebody(M.PROTECT))) == {M.OFFICIAL, M.NOT_PROTECTIVELY_MARKED, M.PROTECT}
    assert set(markings.seen_by(somebody(M.CONFIDENTIAL))) == set(M)


def test_nobody_marks_a_thing_beyond_their_own_clearance() -> None:
    markings.check(somebody(M.OFFICIAL), M.OFFICIAL)
    with pytest.raises(Invalid, match="You are not cleared for OFFICIAL-SENSITIVE"):
        markings.check(somebody(M.OFFICIAL), M.OFFICIAL_SENSITIVE)
