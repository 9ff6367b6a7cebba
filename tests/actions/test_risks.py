"""Risks that cannot wait: raised, read, contained, and the notices of critical findings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from metstandard.actions import consensus, risks
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow, NotYours
from metstandard.queries.risks import RiskLine, risks_of
from metstandard.queries.tasks import open_tasks
from metstandard.records.accounts import Person
from metstandard.records.journal import JournalLine
from metstandard.records.outbox import Letter
from metstandard.records.risks import Containment, ImmediateRisk
from metstandard.rubric.shapes import Grade
from metstandard.workflow.calendar import add_working_days
from tests.factories.kept import playing
from tests.factories.stages import Play

TEXT = "The cell alarm of Camden does not ring."


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """The panel is on site."""
    with playing(data, "on_site") as made:
        yield made


@pytest.fixture
def agreeing(data: Path) -> Iterator[Play]:
    """The panel is in consensus."""
    with playing(data, "apart") as made:
        yield made


def raised(play: Play, **given: Any) -> ImmediateRisk:
    made = play.act(risks.raise_immediate_risk, play.review, by=play["peer1"], **({"text": TEXT} | given))
    assert isinstance(made, ImmediateRisk)
    return made


def line(play: Play) -> RiskLine:
    """The newest risk, as its readers see it."""
    with play.at():
        return risks_of(play.session, play.review)[0]


def told(play: Play, letter: str) -> list[str]:
    """Who got a letter, by short words."""
    query = select(Person.email).join(Letter).where(Letter.name == letter).order_by(col(Letter.id))
    return [one.split("@")[0] for one in play.session.exec(query).all()]


def todo(play: Play, word: str) -> list[str]:
    with play.at():
        return [one.text for one in open_tasks(play.session, play[word]) if "risk" in one.text]


def test_a_risk_is_told_at_once_with_a_day_to_read_it_and_a_day_to_contain_it(play: Play) -> None:
    raised(play)
    today = clock.local_date(play.now)
    notice = line(play).notice
    assert notice is not None
    assert (notice.read_by, notice.contain_by) == (add_working_days(today, 1), add_working_days(today, 5))
    assert told(play, "immediate_risk") == ["commander", "authority", "commissioner", "officer"]
    assert {word: todo(play, word) for word in ("commander", "authority", "commissioner", "officer", "peer1")} == {
        "commander": ["Read an immediate risk"], "authority": ["Read an immediate risk"],
        "commissioner": ["Read an immediate risk"], "officer": [], "peer1": [],
    }  # fmt: skip
    text = play.session.exec(select(Letter.text).where(Letter.name == "immediate_risk")).first()
    assert text is not None
    assert TEXT not in text


def test_a_second_press_raises_no_second_risk(play: Play) -> None:
    assert raised(play).key == raised(play).key
    assert len(told(play, "immediate_risk")) == 4


def test_who_read_it_and_when_is_kept_once_for_each(play: Play) -> None:
    risk = raised(play)
    for word in ("commander", "authority", "authority", "commissioner"):
        play.act(risks.acknowledge_risk, play.review, risk, by=play[word])
    found = line(play)
    assert [one.who for one in found.readings] == [
        "The commander", "The Authority’s key", "The Commissioner’s key",
    ]  # fmt: skip
    assert (found.unread, found.state) == ((), ("To be contained", "waiting"))
    assert [todo(play, word) for word in ("commander", "authority")] == [
        ["Record how an immediate risk is contained"], [],
    ]  # fmt: skip
    acts = play.session.exec(select(JournalLine.act).order_by(col(JournalLine.id).desc()).limit(4)).all()
    assert acts == ["acknowledge_risk"] * 3 + ["raise_immediate_risk"]


def test_others_cannot_answer_for_those_who_must(play: Play) -> None:
    risk = raised(play)
    for word in ("peer1", "officer", "author"):
        with pytest.raises(NotYours):
            play.act(risks.acknowledge_risk, play.review, risk, by=play[word])
        play.session.rollback()
        with pytest.raises(NotYours):
            play.act(risks.contain_risk, play.review, risk, by=play[word], text="Done.")
        play.session.rollback()


def test_containing_counts_as_reading_and_tells_keys_and_panel(play: Play) -> None:
    risk = raised(play)
    with pytest.raises(Invalid, match="Write what was done"):
        play.act(risks.contain_risk, play.review, risk, by=play["commander"], text=" ")
    play.session.rollback()
    for _ in range(2):
        play.act(risks.contain_risk, play.review, risk, by=play["commander"], text="The alarm was replaced.")
    with pytest.raises(NotNow, match="recorded already"):
        play.act(risks.contain_risk, play.review, risk, by=play["commander"], text="Another story.")
    play.session.rollback()
    found = line(play)
    assert (found.state, [one.who for one in found.readings]) == (("Contained", "done"), ["The commander"])
    assert sorted(told(play, "risk_contained")) == [
        "authority", "commissioner", "company1", "council1", "officer", "peer1",
    ]  # fmt: skip
    assert play.session.exec(select(Containment.text)).all() == ["The alarm was replaced."]


def test_a_matter_for_professional_standards_needs_an_answer_about_them(play: Play) -> None:
    risk = raised(play, standards=True)
    with pytest.raises(Invalid, match="Say where it went in professional standards, or why it did not"):
        play.act(risks.contain_risk, play.review, risk, by=play["commander"], text="Two officers were moved.")
    play.session.rollback()
    play.act(
        risks.contain_risk, play.review, risk, by=play["commander"], text="Two officers were moved.",
        referral="Directorate of Professional Standards, DPS/2026/11.",
    )  # fmt: skip
    assert line(play).state == ("Contained", "done")


def test_the_review_goes_on_meanwhile(play: Play) -> None:
    from tests.factories.stages import STAGES  # noqa: PLC0415 (one stage, in this test alone)

    risk = raised(play)
    STAGES["scoring"](play)
    play.act(risks.acknowledge_risk, play.review, risk, by=play["commander"])
    assert (play.review.state, line(play).unread) == ("scoring", ("authority", "commissioner"))


def test_a_critical_finding_is_told_outside_the_report_without_any_level(agreeing: Play) -> None:
    play = agreeing
    given: dict[str, Any] = {"criterion": "2.2", "text": "Prisoners wait unseen.", "recommendation": "Staff the desk."}
    for grade in Grade:
        play.act(consensus.add_finding, play.review, by=play["peer1"], grade=grade, **given)
    with play.at():
        found = risks_of(play.session, play.review)
    assert [one.risk.text for one in found] == ["Critical finding on 2.2: Prisoners wait unseen."]
    assert told(play, "immediate_risk") == ["commander", "authority", "commissioner", "officer"]
    assert play.review.state == "consensus"


def test_other_words_of_a_critical_finding_are_told_again_and_a_milder_grade_ends_the_notice(agreeing: Play) -> None:
    play = agreeing
    given: dict[str, Any] = {"by": play["peer1"], "criterion": "2.2", "grade": Grade.CRITICAL, "recommendation": "Act."}
    first = play.act(consensus.add_finding, play.review, text="Prisoners wait unseen.", **given)
    same = given | {"recommendation": "Staff the desk."}
    second = play.act(consensus.change_finding, play.review, first, text="Prisoners wait unseen.", **same)
    assert len(told(play, "immediate_risk")) == 4
    third = play.act(consensus.change_finding, play.review, second, text="Prisoners wait unheard.", **same)
    assert len(told(play, "immediate_risk")) == 8
    play.act(
        consensus.change_finding, play.review, third, text="Prisoners wait unheard.", **same | {"grade": Grade.MAJOR}
    )
    with play.at():
        assert [one.state[0] for one in risks_of(play.session, play.review)] == ["Taken back by the panel"] * 2
    assert todo(play, "commander") == []


def test_a_risk_of_another_review_or_one_taken_back_cannot_be_answered(agreeing: Play) -> None:
    play = agreeing
    made = play.act(
        consensus.add_finding, play.review, by=play["peer1"], criterion="2.2", grade=Grade.CRITICAL,
        text="Prisoners wait unseen.", recommendation="Act.",
    )  # fmt: skip
    risk = play.session.exec(select(ImmediateRisk)).one()
    play.act(consensus.remove_finding, play.review, made, by=play["council1"])
    with pytest.raises(NotNow, match="took this risk back"):
        play.act(risks.acknowledge_risk, play.review, risk, by=play["commander"])
    play.session.rollback()
    stranger = ImmediateRisk(id=99, review_id=play.review.key + 1, text="Elsewhere.", raised_by_id=play["peer1"].key)
    with pytest.raises(NotFound):
        play.act(risks.acknowledge_risk, play.review, stranger, by=play["commander"])
