"""A seconder of another unit or body confirms what they were shown, once."""

from __future__ import annotations

import pytest
from sqlmodel import Session, col, select

from metstandard.actions.recognition import eligibility, seconding
from metstandard.actions.recognition.nominees import Named
from metstandard.common.errors import Invalid, NotNow, RuleBroken
from metstandard.records.outbox import Letter
from metstandard.records.recognition import Nomination, Seconder, Seconding
from metstandard.rules import seconders
from metstandard.rules.guards.recognition import seconder_of
from tests.factories.nominations import answer, confirmed, officer_of, submitted
from tests.factories.programme import Programme


def asked(session: Session, nomination: Nomination) -> Seconder:
    """The seconder who counts."""
    row = seconder_of(session, nomination)
    assert row is not None
    return row


def test_a_confirmation_lets_the_programme_office_take_it_up(session: Session, programme: Programme) -> None:
    """Before it nothing goes on; given twice it counts once."""
    one = submitted(session)
    with pytest.raises(NotNow, match="The seconder has not confirmed it"):
        eligibility.take_up(session, one, by=officer_of(session))
    session.rollback()
    for _ in range(2):
        answer(session, one)
    assert asked(session, one).answer is Seconding.CONFIRMED
    eligibility.take_up(session, one, by=officer_of(session))
    assert one.state == "eligibility"


def test_an_answer_cannot_be_turned_round(session: Session, programme: Programme) -> None:
    """Who confirmed does not decline afterwards by the same link."""
    one = confirmed(session)
    with pytest.raises(NotNow, match="You have answered already"):
        answer(session, one, confirm=False)


def test_who_declines_is_replaced_and_the_nominator_hears_of_it(session: Session, programme: Programme) -> None:
    """The new seconder gets a letter; the old one answers no more."""
    one = submitted(session)
    answer(session, one, confirm=False)
    old = asked(session, one)
    new = seconding.name_seconder(session, one, by=None, name="Una", email="una@example.com", body="Ealing Council")
    query = select(Letter.name, Letter.address).where(col(Letter.name).in_(("seconder_declined", "seconder_asked")))
    names = session.exec(query).all()
    assert sorted(names) == [
        ("seconder_asked", "sam@example.com"), ("seconder_asked", "una@example.com"),
        ("seconder_declined", "nora@example.com"),
    ]  # fmt: skip
    seen = seconders.seconded_digest(session, one)
    with pytest.raises(NotNow, match="Somebody else was asked"):
        seconding.second(session, one, old, confirm=True, words="", seen=seen)
    assert asked(session, one).key == new.key


def test_the_same_seconder_named_again_is_written_to_once(session: Session, programme: Programme) -> None:
    """A second press of the button is no second letter."""
    one = submitted(session)
    for _ in range(2):
        seconding.name_seconder(session, one, by=None, name="Una", email="una@example.com", body="Ealing Council")
    assert len(session.exec(select(Letter).where(Letter.address == "una@example.com")).all()) == 1


def test_no_more_than_five_people_are_asked(session: Session, programme: Programme) -> None:
    """A nomination cannot be used to write to the world."""
    one = submitted(session)
    for number in range(4):
        seconding.name_seconder(session, one, by=None, name="U", email=f"u{number}@example.com", body="Ealing")
    with pytest.raises(Invalid, match="5 people were asked already"):
        seconding.name_seconder(session, one, by=None, name="U", email="last@example.com", body="Ealing")


def test_what_changed_since_it_was_shown_is_not_confirmed(session: Session, programme: Programme) -> None:
    """The answer covers exactly what was read."""
    one = submitted(session)
    with pytest.raises(Invalid, match="The nomination has changed"):
        seconding.second(session, one, asked(session, one), confirm=True, words="", seen="0" * 64)


def test_a_seconder_of_the_nominees_unit_is_refused_by_name_and_by_account(
    session: Session, programme: Programme
) -> None:
    """The nominator is told only of what they typed; an account's unit is known to the seconder alone."""
    camden = programme.unit("EK")
    named = [Named("Olive Officer", service="met", unit=camden)]
    one = submitted(session, named=named)
    for body in (camden.title, camden.code.lower(), f" {camden.name.upper()} "):
        refused = seconders.clash(session, one, email="x@example.com", body=body)
        assert refused == ("body", seconders.SAME_PLACE)
    assert seconders.clash(session, one, email="x@example.com", body="Barnet BOCU") is None
    email = programme["commander"].email
    seconding.name_seconder(session, one, by=None, name="C", email=email, body="Somewhere else")
    seen = seconders.seconded_digest(session, one)
    with pytest.raises(RuleBroken, match="A seconder comes from another unit"):
        seconding.second(session, one, asked(session, one), confirm=True, words="", seen=seen)
