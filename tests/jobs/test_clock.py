"""What happens by itself when a day has passed: windows close, certificates expire, each effect once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select
from structlog.testing import capture_logs

from metstandard.actions import commissioning, panels
from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.jobs import clock as clock_moves
from metstandard.records import database
from metstandard.records.certificates import Certificate
from metstandard.records.editions import Edition
from metstandard.records.journal import JournalLine
from metstandard.records.outbox import Letter
from metstandard.records.reviews import Review, Timer
from metstandard.records.seats import Seat
from tests.factories.programme import Programme
from tests.factories.programme import programme as make_programme
from tests.factories.stages import Play, played_to
from tests.jobs.conftest import BEGAN, AtStage

RUN_ON = threading.Event()
LONG_AGO = date(2020, 1, 1)


def swept(play: Play, on: date, *, hour: int = 6) -> int:
    """One sweep in the morning of a day."""
    engine = play.session.get_bind()
    assert isinstance(engine, Engine)
    play.session.commit()
    with clock.pinned_to(clock.at_local(on, hour)):
        done = clock_moves.sweep(engine, settings(), RUN_ON)
    play.session.expire_all()
    return done


def due(play: Play, name: str) -> date:
    """The due date of a timer of the review."""
    query = select(Timer).where(Timer.record_kind == "review", Timer.record_id == play.review.key, Timer.name == name)
    return play.session.exec(query).one().due_on


def by_the_clock(play: Play) -> list[tuple[str, str, str]]:
    """The journal lines of the clock: act, before, after. The first is the panel's confirmation."""
    lines = play.session.exec(select(JournalLine).order_by(col(JournalLine.id))).all()
    return [(one.act, one.before, one.after) for one in lines if one.part == "clock"]


def told(play: Play, name: str) -> int:
    """How many letters of a name are owed."""
    return len(play.session.exec(select(Letter.id).where(Letter.name == name)).all())


def test_silence_in_the_objection_window_confirms_the_panel_the_day_after(at_stage: AtStage) -> None:
    play = at_stage("panel_confirming")
    last = due(play, "confirm_panel")
    assert swept(play, last, hour=23) == 0
    assert play.review.state == "panel_confirming"
    assert swept(play, last + timedelta(days=1), hour=0) == 1
    assert (play.review.state, by_the_clock(play)) == ("scoping", [("confirm_panel", "panel_confirming", "scoping")])
    line = play.session.exec(select(JournalLine).where(JournalLine.act == "confirm_panel")).one()
    assert (line.person_id, line.data) == (None, {"silence_is_consent": True})
    assert told(play, "panel_confirmed") == 5, "three reviewers, the commander, the link member"


def test_a_day_ends_at_midnight_in_london_also_in_summer(programme: Programme) -> None:
    play = played_to(programme, "panel_confirming", began=datetime.fromisoformat("2027-06-07T09:00+01:00"))
    last = due(play, "confirm_panel")
    engine = play.session.get_bind()
    assert isinstance(engine, Engine)
    play.session.commit()
    done = []
    for minute in ("22:59", "23:00"):  # UTC; London is an hour ahead
        with clock.pinned_to(datetime.fromisoformat(f"{last}T{minute}+00:00")):
            done.append(clock_moves.sweep(engine, settings(), RUN_ON))
    assert done == [0, 1]


def test_the_factual_accuracy_window_closes_by_itself(at_stage: AtStage) -> None:
    play = at_stage("factual_accuracy")
    day = due(play, "close_window") + timedelta(days=1)
    assert swept(play, day) == 1
    assert by_the_clock(play)[1:] == [("close_window", "factual_accuracy", "moderation")]
    assert (play.review.state, play.review.accuracy_closed_on) == ("moderation", day)


def test_the_appeal_window_closes_by_itself_once_and_the_review_stays(at_stage: AtStage) -> None:
    play = at_stage("appeal_window")
    day = due(play, "close_window") + timedelta(days=1)
    assert [swept(play, day), swept(play, day), swept(play, day + timedelta(days=1))] == [1, 0, 0]
    assert by_the_clock(play)[1:] == [("close_window", "appeal_window", "appeal_window")]
    assert (play.review.state, play.review.appeal_closed_on) == ("appeal_window", day)
    assert told(play, "publication_due") == 1


def test_a_certificate_expires_the_day_after_its_last(at_stage: AtStage) -> None:
    play = at_stage("published")
    certificate = play.session.exec(select(Certificate)).one()
    last = certificate.valid_until
    assert swept(play, last) == 0
    assert swept(play, last + timedelta(days=1)) == 1
    assert by_the_clock(play)[-1] == ("expire", "current", "expired")
    assert play.session.exec(select(Certificate.state)).one() == "expired"
    assert told(play, "certificate_expired") == 2, "the commander and the programme officer"


def test_a_guard_that_does_not_hold_leaves_the_timer_for_later(at_stage: AtStage) -> None:
    play = at_stage("panel_confirming")
    seat = play.session.exec(select(Seat).where(Seat.kind == "private")).one()
    objection = play.act(
        panels.object_to_reviewer, play.review, seat, by=play["commander"], cause="A supplier of ours until May."
    )
    day = due(play, "confirm_panel") + timedelta(days=1)
    assert [swept(play, day), swept(play, day)] == [0, 0]
    assert play.review.state == "panel_confirming"
    play.to_day(day)
    for key in ("authority", "commissioner"):
        play.act(panels.rule_on_objection, play.review, objection, by=play[key], upheld=False, reason="Not a supplier.")
    assert swept(play, day) == 1
    assert play.review.state == "scoping"


def test_nothing_happens_while_a_review_is_paused(at_stage: AtStage) -> None:
    play = at_stage("factual_accuracy")
    day = due(play, "close_window") + timedelta(days=1)
    play.act(commissioning.pause, play.review, by=play["officer"], reason="A major incident.")
    assert swept(play, day) == 0
    play.to_day(day)
    play.act(commissioning.resume, play.review, by=play["officer"])
    assert due(play, "close_window") > day
    assert swept(play, day) == 0
    assert swept(play, due(play, "close_window") + timedelta(days=1)) == 1


def test_a_row_that_fails_never_stops_the_others(at_stage: AtStage) -> None:
    play = at_stage("factual_accuracy")
    day = due(play, "close_window") + timedelta(days=1)
    broken = Edition(kind="workflow", name="assessment", number=99, sha256="0" * 64, text="states: [")
    play.session.add(broken)
    play.session.flush()
    copied = play.review.model_dump(exclude={"id"}) | {"reference": "MSR-BROKEN", "workflow_edition_id": broken.key}
    review = Review(**copied)
    play.session.add(review)
    play.session.flush()
    for kind, number in (("review", review.key), ("review", 9999), ("nothing", 1)):
        play.session.add(
            Timer(record_kind=kind, record_id=number, state="factual_accuracy", name="close_window", due_on=LONG_AGO)
        )
    with capture_logs() as said:
        assert [swept(play, day), swept(play, day)] == [1, 0]
    assert play.review.state == "moderation"
    unreadable = [one["timer"] for one in said if one["event"] == "timer cannot be read"]
    assert len(unreadable) == len(set(unreadable)) == 2, "each broken row is said once, however many sweeps"


def test_two_workers_at_once_make_each_move_once(at_stage: AtStage) -> None:
    play = at_stage("appeal_window")
    day = due(play, "close_window") + timedelta(days=1)
    engine = play.session.get_bind()
    assert isinstance(engine, Engine)
    play.session.commit()
    assert at_once(engine, day) == 1
    assert by_the_clock(play)[1:] == [("close_window", "appeal_window", "appeal_window")]


@pytest.mark.postgresql
def test_two_workers_at_once_make_each_move_once_on_postgresql(postgres_tables_url: str, tmp_path: Path) -> None:
    engine = database.engine(postgres_tables_url)
    with Session(engine) as session:
        play = played_to(make_programme(session), "appeal_window", began=BEGAN)
        day = due(play, "close_window") + timedelta(days=1)
        session.commit()
        assert at_once(engine, day) == 1
        assert by_the_clock(play)[1:] == [("close_window", "appeal_window", "appeal_window")]
        session.rollback()
    engine.dispose()


def at_once(engine: Engine, day: date) -> int:
    """Four sweeps started together; how many moves they made in all."""
    start = threading.Barrier(4)

    def one(_number: int) -> int:
        with clock.pinned_to(clock.at_local(day, 6)):
            start.wait()
            return clock_moves.sweep(engine, settings(), RUN_ON)

    with ThreadPoolExecutor(4) as workers:
        return sum(workers.map(one, range(4)))
