"""The clock of immediate risks: who is reminded on the last day, and what goes up the day after."""

from __future__ import annotations

import threading
from datetime import date

from sqlalchemy.engine import Engine
from sqlmodel import col, select

from metstandard.actions import commissioning, risks
from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.jobs import risks as job
from metstandard.queries.risks import risks_of
from metstandard.queries.tasks import open_tasks
from metstandard.records.accounts import Person
from metstandard.records.journal import JournalLine
from metstandard.records.outbox import Letter
from metstandard.records.risks import ImmediateRisk
from metstandard.workflow.calendar import add_working_days
from tests.factories.stages import Play
from tests.jobs.conftest import AtStage

RUN_ON = threading.Event()
ABOVE = ["authority", "chair", "commander", "commissioner", "officer", "topcop"]


def raised(play: Play) -> tuple[ImmediateRisk, date]:
    """A risk and the day on which it was raised."""
    for word, part in (("chair", "authority_principal"), ("topcop", "commissioner_principal")):
        play.programme.add(word, f"The {word}")
        play.programme.appoint(word, part)
    made = play.act(risks.raise_immediate_risk, play.review, by=play["peer1"], text="The cell alarm does not ring.")
    assert isinstance(made, ImmediateRisk)
    return made, clock.local_date(play.now)


def swept(play: Play, on: date) -> int:
    """One sweep in the morning of a day."""
    engine = play.session.get_bind()
    assert isinstance(engine, Engine)
    play.session.commit()
    play.now = max(play.now, clock.at_local(on, 6))
    with clock.pinned_to(clock.at_local(on, 6)):
        return job.sweep(engine, settings(), RUN_ON)


def told(play: Play, letter: str) -> list[str]:
    query = select(Person.email).join(Letter).where(Letter.name == letter).order_by(col(Letter.id))
    return sorted(one.split("@")[0] for one in play.session.exec(query).all())


def todo(play: Play, word: str, on: date) -> list[str]:
    with clock.pinned_to(clock.at_local(on, 7)):
        return [one.text for one in open_tasks(play.session, play[word]) if "risk" in one.text]


def test_who_has_not_read_it_is_reminded_on_the_last_day_and_passed_over_the_day_after(at_stage: AtStage) -> None:
    play = at_stage("on_site")
    risk, day = raised(play)
    play.act(risks.acknowledge_risk, play.review, risk, by=play["authority"])
    last = add_working_days(day, 1)
    late = add_working_days(day, 2)
    assert [swept(play, one) for one in (day, last, last, late, late)] == [0, 2, 0, 1, 0]
    assert told(play, "risk_reminder") == ["commander", "commissioner"]
    assert told(play, "risk_escalated") == ABOVE
    assert [todo(play, word, late) for word in ("topcop", "chair", "officer")] == [
        ["Read an immediate risk"], [], ["See that an immediate risk is answered"],
    ]  # fmt: skip
    play.act(risks.acknowledge_risk, play.review, risk, by=play["topcop"])
    assert risks_of(play.session, play.review)[0].unread == ("commander",)
    line = play.session.exec(select(JournalLine).where(JournalLine.act == "escalate_risk")).one()
    assert (line.part, line.person_id, line.data) == ("clock", None, {"risk": risk.key, "late": "reading"})


def test_the_commander_is_reminded_to_contain_it_and_then_it_goes_up_once_more(at_stage: AtStage) -> None:
    play = at_stage("on_site")
    risk, day = raised(play)
    for word in ("commander", "authority", "commissioner"):
        play.act(risks.acknowledge_risk, play.review, risk, by=play[word])
    last = add_working_days(day, 5)
    days = [add_working_days(day, 1), add_working_days(day, 2), last, last, add_working_days(last, 1)]
    assert [swept(play, one) for one in days] == [0, 0, 1, 0, 1]
    assert (told(play, "risk_reminder"), told(play, "risk_escalated")) == (["commander"], ABOVE)
    play.act(risks.contain_risk, play.review, risk, by=play["commander"], text="The alarm was replaced.")
    assert swept(play, add_working_days(last, 2)) == 0


def test_a_contained_risk_and_a_paused_review_are_left_alone(at_stage: AtStage) -> None:
    play = at_stage("on_site")
    risk, day = raised(play)
    play.act(commissioning.pause, play.review, by=play["officer"], reason="A major incident.")
    assert swept(play, add_working_days(day, 5)) == 0
    play.act(commissioning.resume, play.review, by=play["officer"])
    assert swept(play, add_working_days(day, 5)) == 0
    play.act(risks.contain_risk, play.review, risk, by=play["commander"], text="The alarm was replaced.")
    assert swept(play, add_working_days(day, 3)) == 0
    assert told(play, "risk_escalated") == []
