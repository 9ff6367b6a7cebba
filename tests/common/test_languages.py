"""Which language is spoken, and what dates, lists and sentences then say."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from metstandard.common import words
from metstandard.common.languages import (
    ENGLISH,
    TRANSLATED,
    Language,
    catalogue,
    current,
    gettext,
    marked,
    ngettext,
    speaking,
)

DAY = date(2026, 10, 14)
MOMENT = datetime(2026, 10, 14, 16, 3, tzinfo=UTC)  # an hour later in London, which keeps summer time


def test_the_twelve_of_the_source_document_are_there() -> None:
    assert sorted(TRANSLATED) == ["ar", "bn", "el", "es", "fr", "gu", "hi", "pa", "tr", "ur", "vi", "zh"]
    assert [one.code for one in TRANSLATED.values() if one.right_to_left] == ["ar", "ur"]
    assert all(one.catalogue.is_file() for one in TRANSLATED.values())


def test_english_is_spoken_until_another_language_is_and_after_it() -> None:
    """Also when the block ends with an error, and within another block."""

    def fail() -> None:
        with speaking(TRANSLATED["ar"]):
            with speaking(TRANSLATED["fr"]):
                assert current().code == "fr"
            assert current().code == "ar"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert current() is ENGLISH


@pytest.mark.parametrize(
    ("code", "day", "moment", "listed"),
    [
        ("ar", "14 أكتوبر 2026", "14 أكتوبر 2026، 5:03 م", "A وB وC"),
        ("zh", "2026年10月14日", "2026年10月14日 17:03", "A、B和C"),
        ("fr", "14 octobre 2026", "14 octobre 2026, 17:03", "A, B et C"),
        ("hi", "14 अक्टूबर 2026", "14 अक्टूबर 2026, 5:03 pm", "A, B, और C"),
        ("tr", "14 Ekim 2026", "14 Ekim 2026 17:03", "A, B ve C"),
    ],
)
def test_dates_times_and_lists_follow_the_language_with_european_digits(
    code: str, day: str, moment: str, listed: str
) -> None:
    with speaking(TRANSLATED[code]):
        said = words.day(DAY), words.moment(MOMENT).replace("\u202f", " "), words.listed(["A", "B", "C"])
    assert said == (day, moment, listed)
    assert (words.day(DAY), words.moment(MOMENT)) == ("14 October 2026", "14 October 2026 at 5:03pm")


@pytest.mark.parametrize("language", TRANSLATED.values(), ids=lambda one: one.english)
def test_no_date_has_digits_that_the_english_paper_has_not(language: Language) -> None:
    """So that a translation can be held against the original."""
    with speaking(language):
        said = words.moment(MOMENT)
    assert {char for char in said if char.isdigit()} <= set("0123456789")
    assert "14" in said
    assert "2026" in said


def test_a_sentence_without_a_translation_stays_english() -> None:
    with speaking(TRANSLATED["ar"]):
        assert gettext("%(who)s says nothing of it, 100%%", who="Nobody") == "Nobody says nothing of it, 100%"
        assert gettext("Half of it: 50%") == "Half of it: 50%"
        assert gettext("") == ""
    assert marked("As it stands") == "As it stands"


def test_a_number_chooses_its_form() -> None:
    """Arabic has six."""
    one, many = "%(num)s certificate.", "%(num)s certificates."
    assert [ngettext(one, many, number) for number in (1, 2)] == ["1 certificate.", "2 certificates."]
    with speaking(TRANSLATED["ar"]):
        assert len({ngettext(one, many, number) for number in (1, 2, 3, 11)}) == 4


def test_a_language_without_a_catalogue_speaks_english() -> None:
    """As Welsh would on its first day."""
    welsh = Language("cy", "cy", "cy", "Cymraeg", "Welsh")
    assert catalogue(welsh).ugettext("Help") == "Help"
    with speaking(welsh):
        assert words.day(DAY) == "14 Hydref 2026"
