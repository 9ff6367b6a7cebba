"""Short words for tests of panels: ask somebody, let them answer, look at what is held, owed and written down."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import col, select

from metstandard.actions import panels
from metstandard.records.bodies import ReviewerProfile
from metstandard.records.journal import JournalLine
from metstandard.records.outbox import Letter
from metstandard.records.seats import Interest, Seat
from tests.factories.stages import Play

# `at("scoring")`: the small programme with one review of Camden at that stage.
At = Callable[[str], Play]


def ask(play: Play, word: str, kind: str, *, lead: bool = False, by: str = "officer") -> Seat:
    """A programme officer asks somebody to sit."""
    seat = play.act(panels.seat, play.review, person=play[word], kind=kind, lead=lead, by=play[by])
    assert isinstance(seat, Seat)
    return seat


def answer(play: Play, *words: str) -> None:
    """Each declares that there is nothing to declare, and accepts."""
    for word in words:
        play.act(panels.declare_interests, play.review, by=play[word], interest=Interest.NONE)
        play.act(panels.accept_seat, play.review, by=play[word])


def acts(play: Play) -> list[str]:
    """The acts of the review's journal since the panel began to form: the first four are the commission's."""
    query = select(JournalLine.act).where(JournalLine.record_kind == "review").order_by(col(JournalLine.seq))
    return list(play.session.exec(query).all())[4:]


def letters(play: Play, word: str) -> list[str]:
    """The letters owed to somebody, oldest first."""
    query = select(Letter.name).where(Letter.person_id == play[word].key).order_by(col(Letter.id))
    return list(play.session.exec(query).all())


def standing(play: Play) -> dict[str, tuple[str, bool, str]]:
    """Who holds each seat, whether they lead, and how it stands."""
    words = {person.key: word for word, person in play.programme.people.items()}
    return {
        one.kind: (words[one.person_id], one.lead, one.status.value)
        for one in panels.holding(play.session, play.review)
    }


def held(play: Play, kind: str) -> Seat:
    """The seat of a kind as it is now held."""
    return next(one for one in panels.holding(play.session, play.review) if one.kind == kind)


def profile(play: Play, word: str) -> ReviewerProfile:
    """What makes somebody able to sit."""
    return play.session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == play[word].key)).one()
