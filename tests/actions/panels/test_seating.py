"""Seating a panel by hand: who is asked, which rule refuses whom, when the panel goes before the unit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from metstandard.actions import panels
from metstandard.common import clock
from metstandard.common.errors import Invalid, MetStandardError, NotFound, NotNow, NotYours, RuleBroken
from metstandard.records import database
from metstandard.records.accounts import Person, Posting
from metstandard.records.bodies import Employer, Supply
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat, SeatStatus
from tests.factories.panel import At, acts, answer, ask, held, letters, profile, standing
from tests.factories.programme import LONG_AGO, Programme, programme
from tests.factories.stages import SEATS, Play, played_to


@pytest.fixture
def play(at: At) -> Play:
    """A review of Camden BOCU whose panel is being formed."""
    return at("panel_forming")


def refused(play: Play, word: str, kind: str, *, lead: bool = False) -> str:
    with pytest.raises(Invalid) as found:
        ask(play, word, kind, lead=lead)
    play.session.rollback()
    return str(found.value)


def test_an_invitation_is_a_seat_a_line_in_the_journal_and_a_letter(play: Play) -> None:
    ask(play, "peer1", "peer", lead=True)
    assert standing(play) == {"peer": ("peer1", True, "invited")}
    assert acts(play) == ["seat"]
    assert letters(play, "peer1") == ["seat_offered"]


def test_asking_the_same_person_again_is_one_invitation(play: Play) -> None:
    """A double click."""
    first = ask(play, "peer1", "peer", lead=True)
    assert ask(play, "peer1", "peer", lead=True).key == first.key
    assert (acts(play), letters(play, "peer1")) == (["seat"], ["seat_offered"])


def test_a_taken_seat_a_second_lead_and_an_unknown_seat_are_refused(play: Play) -> None:
    """PAN-1, PAN-2."""
    ask(play, "peer1", "peer", lead=True)
    assert refused(play, "peer2", "peer") == "This seat is taken: unseat its holder first (PAN-1)"
    assert refused(play, "council1", "local_authority", lead=True) == "This panel already has a lead reviewer (PAN-2)"
    assert refused(play, "council1", "chair") == "This workflow has no seat “chair” (PAN-1)"
    assert standing(play) == {"peer": ("peer1", True, "invited")}


def in_the_pool_of(seat: str) -> Callable[[Play], None]:
    return lambda play: setattr(profile(play, "peer1"), "seat", seat)


def of_camden(play: Play) -> None:
    profile(play, "peer1").unit_id = play.review.unit_id


def once_of_camden(play: Play) -> None:
    play.session.add(Posting(person_id=play["peer1"].key, unit_id=play.review.unit_id, from_on=LONG_AGO))


def visited_by_camden(play: Play) -> None:
    """A reviewer of Camden BOCU sits on the panel of the peer's own unit."""
    play.programme.add("other", "Peer from Camden")
    play.programme.pool("other", "peer", unit="EK")
    values = play.review.model_dump(exclude={"id", "reference", "version"})
    visit = Review(**values | {"reference": "OLD", "unit_id": play.programme.unit("SCD5").key, "state": "scoping"})
    play.session.add(visit)
    play.session.flush()
    play.session.add(Seat(review_id=visit.key, kind="peer", person_id=play["other"].key, invited_at=clock.now()))


def lapsed(field: str) -> Callable[[Play], None]:
    def lapse(play: Play) -> None:
        setattr(profile(play, "peer1"), field, play.review.starts_on)

    return lapse


def deciding(play: Play) -> None:
    play.programme.appoint("peer1", "commissioner_key")


def closed(play: Play) -> None:
    play["peer1"].active = False


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (in_the_pool_of("private"), "PAN-1"),
        (closed, "PAN-1"),
        (of_camden, "COI-1"),
        (once_of_camden, "COI-2"),
        (visited_by_camden, "COI-3"),
        (lapsed("trained_until"), "REV-1"),
        (lapsed("vetted_until"), "REV-4"),
        (deciding, "B3"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_hard_rule_keeps_a_peer_out_and_is_named(play: Play, spoil: Callable[[Play], None], rule: str) -> None:
    spoil(play)
    play.session.commit()
    with pytest.raises(RuleBroken) as found:
        ask(play, "peer1", "peer")
    assert found.value.rule == rule
    assert str(found.value).endswith(f"({rule})")
    play.session.rollback()
    assert (standing(play), acts(play), letters(play, "peer1")) == ({}, [], [])


def test_a_hard_rule_keeps_council_and_company_out_and_is_named(play: Play) -> None:
    """COI-4, COI-5, REV-4 for those from outside."""
    camden = play.session.exec(select(Employer).where(Employer.name == "Camden Council")).one()
    profile(play, "council1").employer_id = camden.key
    play.session.add(Supply(employer_id=profile(play, "company1").employer_id or 0, role="sponsor", from_on=LONG_AGO))
    profile(play, "company2").terms_signed_on = None
    play.session.commit()
    council, firm, second = (play[word].name for word in ("council1", "company1", "company2"))
    assert refused(play, "council1", "local_authority") == (
        f"{council} comes from the council that shares its borough with Camden BOCU (COI-4)"
    )
    assert refused(play, "company1", "private") == (
        "Harbour Logistics is a sponsor to the Authority or the service (COI-5)"
    )
    assert refused(play, "company2", "private") == f"{second} has not signed the terms of confidentiality (REV-4)"
    assert firm != council


def test_one_person_cannot_hold_two_seats(play: Play) -> None:
    """PAN-1: even with a second entry in the pool, the person stays one."""
    ask(play, "company1", "private")
    profile(play, "company1").seat = "peer"
    play.session.commit()
    assert refused(play, "company1", "peer") == f"{play['company1'].name} already holds a seat of this panel (PAN-1)"


def test_a_warning_does_not_keep_anybody_from_being_asked_but_keeps_the_panel_from_the_unit(play: Play) -> None:
    """COI-6 for the peer of another territorial unit."""
    words = SEATS | {"peer": "peer3"}
    for kind, word in words.items():
        ask(play, word, kind, lead=kind == "peer")
    answer(play, *words.values())
    with pytest.raises(NotNow) as found:
        play.act(panels.publish_panel, play.review, by=play["officer"])
    assert str(found.value) == "A conflict of interest stands that is neither resolved nor waived by both keys."


@pytest.mark.parametrize("word", ["authority", "member", "peer2", "commander", "administrator", "press", "link"])
def test_only_the_programme_office_asks(play: Play, word: str) -> None:
    with pytest.raises(NotYours):
        ask(play, "peer1", "peer", by=word)


def test_nobody_is_asked_before_the_commission_or_after_the_panel_was_shown(at: At) -> None:
    play = at("commissioning")
    with pytest.raises(NotNow):
        ask(play, "peer1", "peer")
    play.session.rollback()
    later = played_to(play.programme, "panel_confirming", unit="ZD")
    with pytest.raises(NotNow):
        ask(later, "peer2", "peer")


def test_taking_somebody_off_needs_a_reason_tells_them_and_keeps_the_seat_in_the_record(play: Play) -> None:
    seat = ask(play, "peer1", "peer", lead=True)
    with pytest.raises(Invalid, match="Give a reason"):
        play.act(panels.unseat, play.review, seat, by=play["officer"], reason="  ")
    play.session.rollback()
    play.act(panels.unseat, play.review, seat, by=play["officer"], reason="Not free in May.")
    play.act(panels.unseat, play.review, seat, by=play["officer"], reason="Not free in May.")
    assert standing(play) == {}
    assert (seat.status, seat.reason) == (SeatStatus.UNSEATED, "Not free in May.")
    assert acts(play) == ["seat", "unseat"]
    assert letters(play, "peer1") == ["seat_offered", "seat_withdrawn"]
    ask(play, "peer2", "peer", lead=True)
    assert standing(play) == {"peer": ("peer2", True, "invited")}


def test_a_seat_of_another_review_cannot_be_ended_here(play: Play) -> None:
    other = played_to(play.programme, "panel_confirming", unit="ZD")
    theirs = panels.holding(other.session, other.review)[0]
    with pytest.raises(NotFound):
        play.act(panels.unseat, play.review, theirs, by=play["officer"], reason="Wrong door.")


def test_a_panel_goes_before_the_unit_complete_accepted_declared_and_led(play: Play) -> None:
    """Each guard in turn."""
    kinds = list(SEATS.items())
    seats_wanted = "Every seat of the panel must be accepted, and one of them leads."
    for kind, word in kinds[:2]:
        ask(play, word, kind)
        answer(play, word)
    ask(play, "company1", "private")
    assert unmet(play) == seats_wanted
    answer(play, "company1")
    assert unmet(play) == seats_wanted
    play.act(panels.unseat, play.review, held(play, "peer"), by=play["officer"], reason="Somebody must lead.")
    ask(play, "peer1", "peer", lead=True)
    answer(play, "peer1")
    play.act(panels.publish_panel, play.review, by=play["officer"])
    assert (play.review.state, play.review.panel_published_at) == ("panel_confirming", play.now)
    assert letters(play, "commander")[-1] == "panel_published"


def unmet(play: Play) -> str:
    """The sentences with which the panel is kept from the unit."""
    with pytest.raises(NotNow) as found:
        play.act(panels.publish_panel, play.review, by=play["officer"])
    play.session.rollback()
    return str(found.value)


def test_silence_of_the_unit_is_consent_after_five_working_days(at: At) -> None:
    play = at("panel_confirming")
    with pytest.raises(NotNow, match="The unit may still object"):
        play.act(panels.confirm_panel, play.review, by=play["officer"])
    play.session.rollback()
    play.later(working_days=6)
    play.act(panels.confirm_panel, play.review, by=None)
    line = play.session.exec(select(JournalLine).where(JournalLine.act == "confirm_panel")).one()
    assert (play.review.state, line.part, line.data) == ("scoping", "clock", {"silence_is_consent": True})


def test_what_has_changed_since_the_panel_was_shown_is_judged_again_before_it_is_confirmed(
    at: At,
) -> None:
    """A contract signed during the window bars its company (COI-5)."""
    play = at("panel_confirming")
    play.session.add(Supply(employer_id=profile(play, "company1").employer_id or 0, role="supplier", from_on=LONG_AGO))
    play.session.commit()
    play.later(working_days=6)
    with pytest.raises(NotNow, match="A conflict of interest stands"):
        play.act(panels.confirm_panel, play.review, by=None)


def at_once(engine: Engine, review: int, jobs: list[tuple[str, str, str]]) -> list[str]:
    """Several officers ask at the same moment: (officer, person, seat); what each was told."""
    start = threading.Barrier(len(jobs))

    def one(job: tuple[str, str, str]) -> str:
        officer, word, kind = (f"{name}@example.org" if "@" not in name else name for name in job)
        with Session(engine) as session:
            people = {each.email: each.key for each in session.exec(select(Person)).all()}
            session.rollback()
            start.wait()
            try:
                panels.seat(
                    session, session.get_one(Review, review), person=session.get_one(Person, people[word]),
                    kind=kind.split("@")[0], lead=False, by=session.get_one(Person, people[officer]),
                )  # fmt: skip
                session.commit()
            except MetStandardError as refusal:
                session.rollback()
                return str(refusal)
            return "seated"

    with ThreadPoolExecutor(len(jobs)) as officers:
        return sorted(officers.map(one, jobs))


def race(session: Session, made: Programme) -> None:
    """Two officers fill one seat at once; then one person is asked for two seats at once."""
    made.add("second", "Second programme officer")
    made.appoint("second", "programme_officer")
    play = played_to(made, "panel_forming")
    profile(play, "company2").seat = "peer"
    profile(play, "company2").unit_id = made.unit("GD").key
    session.commit()
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    number = play.review.key
    session.rollback()
    same_seat = [("officer", "council1", "local_authority"), ("second", "council2", "local_authority")]
    assert at_once(engine, number, same_seat) == ["This seat is taken: unseat its holder first (PAN-1)", "seated"]
    same_person = [("officer", "company1", "private"), ("second", "company1", "peer")]
    told = at_once(engine, number, same_person)
    assert "seated" in told
    assert len(told) == 2
    with Session(engine) as fresh:
        rows = fresh.exec(select(Seat).where(Seat.review_id == number)).all()
        assert sorted(one.kind for one in rows) == ["local_authority", "private"]


def test_two_officers_at_once_fill_a_seat_once(session: Session, programme: Programme) -> None:
    race(session, programme)


@pytest.mark.postgresql
def test_two_officers_at_once_fill_a_seat_once_on_postgresql(postgres_tables_url: str) -> None:
    engine = database.engine(postgres_tables_url)
    with Session(engine) as session:
        race(session, programme(session))
    engine.dispose()


def test_the_tables_own_refusal_becomes_a_named_one(play: Play) -> None:
    """Behind the review's lock stand two unique indexes: a colleague's row slips in at the last moment."""
    colleague = play["council2"].key

    def slip_in(flushing: Session, *_: object) -> None:
        mine = next((one for one in flushing.new if isinstance(one, Seat)), None)
        if mine is not None and len(flushing.new) == 1:
            flushing.add(Seat(review_id=mine.review_id, kind=mine.kind, person_id=colleague, invited_at=clock.now()))

    sa.event.listen(play.session, "before_flush", slip_in)
    told = refused(play, "council1", "local_authority")
    sa.event.remove(play.session, "before_flush", slip_in)
    assert told == "This seat or this person was taken a moment ago (PAN-1)"
    assert standing(play) == {}


def test_a_review_far_ahead_needs_training_that_lasts(play: Play) -> None:
    """REV-1: to the planned publication, not only to the visit."""
    profile(play, "council1").trained_until = play.review.ends_on + timedelta(days=91)
    profile(play, "council2").trained_until = play.review.ends_on + timedelta(days=92)
    play.session.commit()
    assert refused(play, "council1", "local_authority").endswith("(REV-1)")
    ask(play, "council2", "local_authority")
