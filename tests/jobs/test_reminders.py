"""Ladders of reminders: who hears, on which days, how often, and when it stops."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from metstandard.actions import commissioning, scoring
from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.jobs import reminders
from metstandard.records import database
from metstandard.records.accounts import Person
from metstandard.records.outbox import Letter
from metstandard.records.reviews import Timer
from metstandard.rules.content import digest
from metstandard.workflow.calendar import add_working_days
from tests.factories.programme import programme
from tests.factories.stages import Play, fill_sheet, played_to
from tests.jobs.conftest import BEGAN, AtStage

RUN_ON = threading.Event()


def engine_of(play: Play) -> Engine:
    """The database of a play, with nothing uncommitted."""
    found = play.session.get_bind()
    assert isinstance(found, Engine)
    play.session.commit()
    return found


def swept(play: Play, on: date) -> int:
    """One sweep in the morning of a day."""
    engine = engine_of(play)
    with clock.pinned_to(clock.at_local(on, 6)):
        return reminders.sweep(engine, settings(), RUN_ON)


def due(play: Play, name: str) -> date:
    """The due date of a timer of the review."""
    query = select(Timer).where(Timer.record_kind == "review", Timer.record_id == play.review.key, Timer.name == name)
    return play.session.exec(query).one().due_on


def reminded(session: Session) -> list[str]:
    """Who was reminded, in order, by short words."""
    rows = session.exec(
        select(Person.email).join(Letter).where(Letter.name == "reminder").order_by(col(Letter.id))
    ).all()
    return [one.split("@")[0] for one in rows]


def subjects(session: Session) -> list[str]:
    """The subjects of the reminders, in order, without marking and reference."""
    rows = session.exec(select(Letter.subject).where(Letter.name == "reminder").order_by(col(Letter.id))).all()
    return [one.removeprefix("OFFICIAL-SENSITIVE: Reminder: ").rsplit(" (", 1)[0] for one in rows]


def test_a_ladder_reminds_before_on_and_after_the_due_date_each_step_once(at_stage: AtStage) -> None:
    play = at_stage("commissioning")
    day = due(play, "commission")
    days = [add_working_days(day, offset) for offset in range(-3, 5)]
    assert [swept(play, one) for one in days for _ in range(2)] == [
        0, 0,  # three working days before
        2, 0,  # two before: both key holders
        0, 0,
        2, 0,  # on the day
        0, 0, 0, 0,
        2, 0,  # three after
        0, 0,
    ]  # fmt: skip
    assert reminded(play.session) == ["authority", "commissioner"] * 3
    assert subjects(play.session)[::2] == [
        f"turn your key on the commission of Camden BOCU, by {day.day} {day:%B %Y}",
        f"turn your key on the commission of Camden BOCU, by {day.day} {day:%B %Y}",
        "turn your key on the commission of Camden BOCU, overdue by 3 working days",
    ]


def test_of_steps_missed_at_once_only_the_newest_is_sent(at_stage: AtStage) -> None:
    play = at_stage("commissioning")
    late = add_working_days(due(play, "commission"), 20)
    assert [swept(play, late), swept(play, late + timedelta(days=30))] == [2, 0]
    assert subjects(play.session)[0].endswith("overdue by 20 working days")


def test_who_has_turned_a_key_is_left_in_peace(at_stage: AtStage) -> None:
    play = at_stage("commissioning")
    seen = digest(play.session, play.review, "commissioning")
    play.act(commissioning.turn_key, play.review, by=play["authority"], seen=seen)
    assert swept(play, due(play, "commission")) == 1
    assert reminded(play.session) == ["commissioner"]


def test_reminders_stop_when_the_stage_is_left(at_stage: AtStage) -> None:
    play = at_stage("commissioning")
    day = due(play, "commission")
    swept(play, day)
    for key in ("authority", "commissioner"):
        seen = digest(play.session, play.review, "commissioning")
        play.act(commissioning.turn_key, play.review, by=play[key], seen=seen)
    assert swept(play, add_working_days(day, 3)) == 0
    assert reminded(play.session) == ["authority", "commissioner"]


def test_a_reviewer_who_has_locked_is_not_reminded_and_the_others_cannot_tell(at_stage: AtStage, data: Path) -> None:
    play = at_stage("scoring")
    day = due(play, "sheets")
    fill_sheet(play, "council1")
    play.session.commit()
    shutil.copy(data / "metstandard.db", data / "before.db")
    play.act(scoring.lock_sheet, play.review, by=play["council1"])
    assert swept(play, day) == 2
    assert sorted(reminded(play.session)) == ["company1", "peer1"]
    engine = database.engine(f"sqlite:///{data / 'before.db'}")
    with clock.pinned_to(clock.at_local(day, 6)):
        assert reminders.sweep(engine, settings(), RUN_ON) == 3, "had nobody locked, all three would be reminded"
    with Session(engine) as other:
        assert letters_to(other, "peer1") == letters_to(play.session, "peer1")
    engine.dispose()


def letters_to(session: Session, word: str) -> list[tuple[str, str, str]]:
    """The reminders to a person, whole."""
    query = select(Letter).join(Person).where(Person.email == f"{word}@example.org", Letter.name == "reminder")
    return [(one.subject, one.text, one.html) for one in session.exec(query).all()]


def test_only_moderators_who_have_not_signed_and_no_lead_without_points(at_stage: AtStage) -> None:
    from metstandard.actions import moderation  # noqa: PLC0415 (beside its only use)

    play = at_stage("moderation")
    seen = digest(play.session, play.review, "moderation")
    play.act(moderation.sign_moderation, play.review, by=play["senior"], seen=seen)
    assert swept(play, due(play, "moderation")) == 2
    assert sorted(reminded(play.session)) == ["independent", "member"]


def test_the_timer_says_to_whom(at_stage: AtStage) -> None:
    play = at_stage("panel_confirming")
    assert swept(play, due(play, "confirm_panel")) == 1
    assert reminded(play.session) == ["commander"], "the stage waits for the programme officer too"


def test_nobody_is_reminded_while_a_review_is_paused_nor_of_what_lies_behind_after_it(at_stage: AtStage) -> None:
    play = at_stage("commissioning")
    day = due(play, "commission")
    assert swept(play, add_working_days(day, -2)) == 2
    play.to_day(add_working_days(day, -1))
    play.act(commissioning.pause, play.review, by=play["officer"], reason="A major incident.")
    assert swept(play, day) == 0
    play.later(days=28)
    play.act(commissioning.resume, play.review, by=play["officer"])
    again = due(play, "commission")
    assert again == day + timedelta(days=28)
    assert [swept(play, one) for one in (clock.local_date(play.now), again)] == [0, 2]
    assert len(reminded(play.session)) == 4


def test_steps_that_lie_before_the_stage_began_are_left_out(at_stage: AtStage) -> None:
    play = at_stage("commissioning")
    play.to_day(play.review.starts_on - timedelta(days=70))
    for key in ("authority", "commissioner"):
        seen = digest(play.session, play.review, "commissioning")
        play.act(commissioning.turn_key, play.review, by=play[key], seen=seen)
    day = due(play, "panel")
    assert day < clock.local_date(play.now), "the panel was due before it could be formed"
    assert swept(play, clock.local_date(play.now)) == 0
    assert swept(play, add_working_days(day, 7)) == 1


def test_certificates_and_actions_remind_too(at_stage: AtStage) -> None:
    from metstandard.records.certificates import Certificate  # noqa: PLC0415 (beside its only use)
    from metstandard.records.followup import Action  # noqa: PLC0415 (beside its only use)

    play = at_stage("follow_up")
    certificate = play.session.exec(select(Certificate)).one()
    action = play.session.exec(select(Action)).one()
    assert action.due_on is not None
    swept(play, action.due_on)
    assert "finish your action for Camden BOCU" in " ".join(subjects(play.session))
    before = len(reminded(play.session))
    swept(play, add_working_days(certificate.valid_until, -20))
    said = subjects(play.session)[before:]
    assert sum(one.startswith("renew the certificate of Camden BOCU before it ends") for one in said) == 2


def test_two_workers_at_once_remind_once(at_stage: AtStage) -> None:
    play = at_stage("commissioning")
    day = due(play, "commission")
    assert at_once(engine_of(play), day) == 2
    assert reminded(play.session) == ["authority", "commissioner"]


@pytest.mark.postgresql
def test_two_workers_at_once_remind_once_on_postgresql(postgres_tables_url: str) -> None:
    engine = database.engine(postgres_tables_url)
    with Session(engine) as session:
        play = played_to(programme(session), "commissioning", began=BEGAN)
        day = due(play, "commission")
        session.commit()
        assert at_once(engine, day) == 2
        assert reminded(session) == ["authority", "commissioner"]
        session.rollback()
    engine.dispose()


def at_once(engine: Engine, day: date) -> int:
    """Four sweeps started together; how many letters they wrote in all."""
    start = threading.Barrier(4)

    def one(_number: int) -> int:
        with clock.pinned_to(clock.at_local(day, 6)):
            start.wait()
            return reminders.sweep(engine, settings(), RUN_ON)

    with ThreadPoolExecutor(4) as workers:
        return sum(workers.map(one, range(4)))


def test_a_step_that_failed_is_taken_at_the_next_sweep_of_the_day(at_stage: AtStage) -> None:
    play = at_stage("commissioning")
    day = due(play, "commission")
    play["commissioner"].email = "commissioner@example.org\nBcc: eve@example.org"
    engine = engine_of(play)
    sweeps = reminders.Reminders()

    def one() -> int:
        with clock.pinned_to(clock.at_local(day, 6)):
            return sweeps.sweep(engine, settings(), RUN_ON)

    assert [one(), one()] == [0, 0], "one transaction for the step: nobody is reminded"
    play["commissioner"].email = "commissioner@example.org"
    engine_of(play)
    assert [one(), one()] == [2, 0]
