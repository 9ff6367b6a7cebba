"""Checks: clear, not clear or hold and nothing more, by each employer about its own people."""

import pytest
from sqlmodel import Session, select

from metstandard.actions.recognition import allotting, checks
from metstandard.actions.recognition.nominees import Named
from metstandard.common.errors import NotFound, NotNow, NotYours
from metstandard.records.journal import JournalLine, JournalNote
from metstandard.records.recognition import Check, CheckResult, Hold, Shown
from metstandard.rules.recognition import nominees_of
from metstandard.workflow.machine import NotOpen
from tests.factories.judged import answer_all, judged_to
from tests.factories.nominations import incident, nominated, recognisers
from tests.factories.programme import Programme

JOINT = (
    Named("Fay Fire", role="Firefighter", service="lfb", email="fay@example.com"),
    Named("Pat Police", role="Constable", service="met", email="pat@example.com"),
)


def test_nothing_but_the_answer_who_and_when_is_kept(programme: Programme, session: Session) -> None:
    assert set(Check.model_fields) == {"id", "nominee_id", "asked_of", "result", "checked_by_id", "checked_at"}
    one = nominated(recognisers(programme).session)
    answer_all(programme, one, CheckResult.NOT_CLEAR)
    line = session.exec(select(JournalLine).where(JournalLine.act == "answer_check")).one()
    nominee = nominees_of(session, one)[0]
    assert line.data == {"nominee": nominee.key, "asked_of": "standards_officer"}
    assert session.exec(select(JournalNote).where(JournalNote.line_id == line.key)).all() == []


def test_a_sponsor_answers_about_their_own_service_only(programme: Programme, session: Session) -> None:
    one = nominated(recognisers(programme).session, scheme="blue_lights", named=JOINT)
    fay, pat = nominees_of(session, one)
    names = {
        word: [(who.name, asked) for who, asked in checks.answers_for(session, programme[word], one)]
        for word in ("sponsor", "metsponsor", "standards", "officer")
    }
    assert names == {
        "sponsor": [("Fay Fire", "sponsor")],
        "metsponsor": [("Pat Police", "sponsor")],
        "standards": [("Fay Fire", "standards_officer"), ("Pat Police", "standards_officer")],
        "officer": [],
    }
    with pytest.raises(NotFound):
        checks.answer_check(
            session, one, by=programme["sponsor"], nominee=pat.key, asked_of="sponsor", result=CheckResult.CLEAR
        )
    with pytest.raises(NotYours):
        checks.answer_check(
            session, one, by=programme["officer"], nominee=fay.key, asked_of="sponsor", result=CheckResult.CLEAR
        )


def test_only_when_every_answer_is_clear_does_a_nomination_go_on(programme: Programme, session: Session) -> None:
    one = nominated(recognisers(programme).session)
    for result in (CheckResult.HOLD, CheckResult.NOT_CLEAR):
        answer_all(programme, one, result)
        with pytest.raises(NotOpen, match="A check is not answered with clear"):
            checks.clear_checks(session, one, by=programme["officer"])
        session.rollback()
    answer_all(programme, one)
    checks.clear_checks(session, one, by=programme["officer"])
    assert (one.state, len(session.exec(select(Check)).all())) == ("sifted", 3)


def test_the_same_answer_again_is_no_second_answer(programme: Programme, session: Session) -> None:
    one = nominated(recognisers(programme).session)
    answer_all(programme, one)
    answer_all(programme, one)
    assert len(session.exec(select(Check)).all()) == 1


@pytest.mark.parametrize("state", ["moderated", "consented", "embargoed"])
def test_an_answer_that_changes_later_blocks_what_follows(programme: Programme, session: Session, state: str) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), state)
    answer_all(programme, one, CheckResult.NOT_CLEAR)
    following = {"moderated": "decided", "consented": "embargoed", "embargoed": "announced"}[state]
    with pytest.raises(NotOpen):
        judged_to(programme, one, following)
    session.rollback()
    session.refresh(one)
    assert one.state == state


def test_proceedings_hold_every_nomination_of_their_incident(programme: Programme, session: Session) -> None:
    shared = incident(recognisers(programme).session)
    one = nominated(session, scheme="blue_lights", named=JOINT[:1], shared=shared)
    other = nominated(session, scheme="blue_lights", named=JOINT[1:], shared=shared)
    checks.hold(session, one, by=programme["officer"], reason="An inquest is open.", proceedings=Hold.INQUEST)
    answer_all(programme, other)
    with pytest.raises(NotOpen, match="on hold for proceedings"):
        checks.clear_checks(session, other, by=programme["officer"])
    session.rollback()
    with pytest.raises(NotOpen, match="on hold for proceedings"):
        checks.release(session, one, by=programme["officer"], reason="Over.")
    session.rollback()
    shared.hold = None
    session.add(shared)
    session.commit()
    checks.release(session, one, by=programme["officer"], reason="The inquest is over.")
    assert one.state == "checks"


def test_how_an_award_is_shown_changes_with_a_reason_and_voids_the_press_check(
    programme: Programme, session: Session
) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "embargoed")
    checks.change_publication(session, one, by=programme["officer"], shown=Shown.ANONYMOUS, reason="A covert role.")
    assert (one.shown, one.press_checked_at, one.embargo_until) == (Shown.ANONYMOUS, None, None)
    with pytest.raises(NotYours):
        checks.change_publication(session, one, by=programme["press"], shown=Shown.NAMED, reason="No.")


def test_judges_come_after_the_checks(programme: Programme, session: Session) -> None:
    one = nominated(recognisers(programme).session)
    with pytest.raises(NotNow):
        allotting.allot(session, one, by=programme["officer"], seen=allotting.proposal(session, one).digest)
