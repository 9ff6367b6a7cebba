"""Which passwords are refused."""

from __future__ import annotations

import pytest

from metstandard.rules.passwords import weakness

GUESSED = "This password is easy to guess: choose one that others do not use"
OWN = "Choose a password that is not your name or address"


@pytest.mark.parametrize(
    "password",
    [
        "seven green otters sing",
        "kT7-pplm 44 wq",
        "ünïcode wörter zählen",
        "metropolitan otter railway",
        "a" * 60 + "bcdef",
    ],
)
def test_long_and_unusual_passwords_are_taken(password: str) -> None:
    assert weakness(password, about=("Programme officer", "officer@example.org")) is None


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "P@ssw0rd123456",
        "123456789012",
        "abcdefghijklm",
        "qwertyuiop[]12",
        "Metstandard2026!",
        "Summer-2026-2026",
        "4321098765432",
    ],
)
def test_passwords_that_others_use_are_refused(password: str) -> None:
    assert weakness(password) == GUESSED


def test_the_reason_says_what_to_do() -> None:
    assert weakness("short") == "Use at least 12 characters; three or four unusual words work well"
    assert weakness("x" * 201) == "Use at most 200 characters"
    assert weakness("aaaaaaaabbbb") == "Use at least 5 different characters"


@pytest.mark.parametrize("password", ["Programme officer 1", "officer@example.org", "1234officerorg99"])
def test_a_password_made_of_the_persons_own_words_is_refused(password: str) -> None:
    assert weakness(password, about=("Programme officer", "", "officer@example.org")) == OWN
