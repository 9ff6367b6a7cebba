"""Keeping accounts: who may, and what ends when an account is disabled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from metstandard.actions import accounts
from metstandard.common import clock, ids
from metstandard.common.errors import Invalid, NotNow, NotYours
from metstandard.records.accounts import AccountLink, Person, SignedIn
from metstandard.records.outbox import Letter
from tests.factories.programme import Programme


@pytest.fixture
def guest(session: Session, programme: Programme) -> Person:
    """Somebody who was just invited."""
    return accounts.add_person(session, by=programme["administrator"], email="guest@example.org", name="Guest")


def test_an_invitation_is_one_letter_with_a_link_for_two_weeks(session: Session, guest: Person) -> None:
    letters = session.exec(select(Letter)).all()
    assert [(letter.name, letter.address) for letter in letters] == [("invitation", "guest@example.org")]
    link = session.exec(select(AccountLink)).one()
    assert timedelta(days=13, hours=23) < link.expires_at - clock.now() <= timedelta(days=14)
    assert "/link/" in letters[0].text


def test_a_second_invitation_makes_the_first_useless(session: Session, programme: Programme, guest: Person) -> None:
    accounts.invite(session, guest, by=programme["administrator"])
    assert [link.used_at is None for link in session.exec(select(AccountLink).order_by("id")).all()] == [False, True]


def test_an_address_has_one_account_whatever_its_capitals(
    session: Session, programme: Programme, guest: Person
) -> None:
    with pytest.raises(Invalid, match="has an account already") as refused:
        accounts.add_person(session, by=programme["administrator"], email="GUEST@example.org", name="Guest again")
    assert refused.value.field == "email"


ACTS: list[Callable[[Session, Person, Person], object]] = [
    lambda session, _guest, by: accounts.add_person(session, by=by, email="x@example.org", name="X"),
    lambda session, guest, by: accounts.invite(session, guest, by=by),
    lambda session, guest, by: accounts.disable(session, guest, by=by),
    lambda session, guest, by: accounts.enable(session, guest, by=by),
]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("word", ["officer", "authority", "commander", "peer1", "press"])
def test_only_administrators_keep_accounts(
    session: Session, programme: Programme, guest: Person, act: Callable[[Session, Person, Person], object], word: str
) -> None:
    with pytest.raises(NotYours):
        act(session, guest, programme[word])


def test_disabling_ends_sessions_and_links(session: Session, programme: Programme, guest: Person) -> None:
    token = ids.token_hash("t")
    session.add(SignedIn(token_hash=token, person_id=guest.key, expires_at=clock.now() + timedelta(hours=1)))
    session.flush()
    accounts.disable(session, guest, by=programme["administrator"])
    assert session.exec(select(SignedIn)).all() == []
    assert session.exec(select(AccountLink).where(AccountLink.used_at == None)).all() == []  # noqa: E711
    with pytest.raises(NotNow, match="disabled"):
        accounts.invite(session, guest, by=programme["administrator"])
    accounts.enable(session, guest, by=programme["administrator"])
    assert guest.active is True


def test_nobody_disables_their_own_account(session: Session, programme: Programme) -> None:
    with pytest.raises(NotNow, match="your own account"):
        accounts.disable(session, programme["administrator"], by=programme["administrator"])


def test_who_has_a_password_is_not_invited_again(session: Session, programme: Programme, guest: Person) -> None:
    guest.password = "hash"
    with pytest.raises(NotNow, match="chosen a password"):
        accounts.invite(session, guest, by=programme["administrator"])


def test_a_reset_for_nobody_and_for_the_disabled_sends_nothing(session: Session, guest: Person) -> None:
    guest.active = False
    accounts.send_reset(session, None)
    accounts.send_reset(session, guest)
    assert [letter.name for letter in session.exec(select(Letter)).all()] == ["invitation"]


def test_a_used_link_chooses_no_second_password(session: Session, guest: Person) -> None:
    letter = session.exec(select(Letter)).one()
    token = letter.text.split("/link/")[1].split()[0]
    accounts.choose_password(session, token, hashed="first")
    with pytest.raises(NotNow, match="has been used"):
        accounts.choose_password(session, token, hashed="second")
    assert (guest.password, guest.confirmed_at is not None) == ("first", True)
