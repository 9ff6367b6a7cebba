"""Judgements: interests first, alone, sealed, and immutable after the lock; the chair changes no mark."""

from fractions import Fraction

import pytest
from sqlmodel import Session, select

from metstandard.actions.recognition import allotting, checks, judging
from metstandard.actions.recognition.nominees import Named
from metstandard.common.errors import Invalid, NotFound, NotNow, NotYours, RuleBroken, Stale
from metstandard.queries import judging as reads
from metstandard.records.accounts import Appointment
from metstandard.records.judging import Allotment, Judgement
from metstandard.records.recognition import Nomination
from metstandard.records.seats import Interest
from metstandard.workflow.machine import NotOpen
from tests.factories.judged import judged_to, judges_of, moderate, write
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import Programme


@pytest.fixture
def shortlisted(programme: Programme) -> Nomination:
    """A nomination before its judges."""
    return judged_to(programme, nominated(recognisers(programme).session), "shortlisted")


def _save(session: Session, one: Nomination, word_of: object, level: str = "2", revision: int = 0) -> Judgement:
    return judging.save_judgement(session, one, by=word_of, criterion="J1", level=level, revision=revision)  # type: ignore[arg-type]


def test_nothing_is_marked_before_interests_are_declared(session: Session, shortlisted: Nomination) -> None:
    judge = judges_of(session, shortlisted)[0]
    with pytest.raises(NotNow, match="Declare your interests first"):
        _save(session, shortlisted, judge)


def test_a_prejudicial_interest_ends_the_allotment_at_once(session: Session, shortlisted: Nomination) -> None:
    judge = judges_of(session, shortlisted)[0]
    with pytest.raises(Invalid, match="Describe the interest"):
        judging.declare_interests(session, shortlisted, by=judge, interest=Interest.PREJUDICIAL)
    session.rollback()
    judging.declare_interests(session, shortlisted, by=judge, interest=Interest.PREJUDICIAL, words="My brother.")
    session.commit()
    assert judge.key not in {one.key for one in judges_of(session, shortlisted)}
    assert reads.for_judge(session, judge, shortlisted.reference) is None
    with pytest.raises(NotYours):
        _save(session, shortlisted, judge)
    assert judge.key not in {one.person.key for one in allotting.proposal(session, shortlisted).judges}


def test_two_tabs_get_both_versions_and_the_same_twice_is_one(session: Session, shortlisted: Nomination) -> None:
    judge = judges_of(session, shortlisted)[0]
    judging.declare_interests(session, shortlisted, by=judge, interest=Interest.NONE)
    assert _save(session, shortlisted, judge, "2").revision == 1
    assert _save(session, shortlisted, judge, "2").revision == 1
    with pytest.raises(Stale) as stale:
        _save(session, shortlisted, judge, "4")
    assert stale.value.mine == {"level": "4", "words": ""}
    assert stale.value.theirs == {"level": "2", "words": "", "revision": 1}
    assert _save(session, shortlisted, judge, "4", revision=1).revision == 2


def test_a_judgement_is_locked_whole_and_never_changed_again(session: Session, shortlisted: Nomination) -> None:
    judge = judges_of(session, shortlisted)[0]
    judging.declare_interests(session, shortlisted, by=judge, interest=Interest.NONE)
    _save(session, shortlisted, judge)
    with pytest.raises(Invalid, match="4 criteria have no mark: J2 first"):
        judging.lock_judgement(session, shortlisted, by=judge)
    session.rollback()
    write(session, shortlisted, judge)
    first = judging.lock_judgement(session, shortlisted, by=judge).locked_at
    session.commit()
    assert judging.lock_judgement(session, shortlisted, by=judge).locked_at == first
    with pytest.raises(NotNow, match="Your judgement is locked"):
        _save(session, shortlisted, judge, "0", revision=1)
    session.rollback()
    for refused in (Interest.NONE, Interest.PREJUDICIAL):
        with pytest.raises(NotNow):
            judging.declare_interests(session, shortlisted, by=judge, interest=refused, words="Late.")
        session.rollback()
    with pytest.raises(NotNow):
        judging.stand_down(session, shortlisted, by=judge, reason="Late.")


def test_the_last_lock_opens_every_judgement(programme: Programme, session: Session, shortlisted: Nomination) -> None:
    for judge in judges_of(session, shortlisted):
        assert (shortlisted.state, reads.judgements(session, shortlisted)) == ("shortlisted", [])
        assert reads.mean(session, shortlisted) is None
        write(session, shortlisted, judge, "4" if judge.email.startswith("judge1") else "2")
        judging.lock_judgement(session, shortlisted, by=judge)
    assert shortlisted.state == "judged"
    assert sorted(one.score for one in reads.judgements(session, shortlisted)) == [50, 50, 100]
    assert reads.mean(session, shortlisted) == Fraction(200, 3)


def test_marks_of_a_judge_who_left_do_not_count(programme: Programme, session: Session) -> None:
    programme_ = recognisers(programme)
    programme_.add("judge4", "Judge four")
    programme_.appoint("judge4", "judge")
    one = judged_to(programme, nominated(session), "shortlisted")
    leaving = judges_of(session, one)[0]
    write(session, one, leaving, "0")
    judging.lock_judgement(session, one, by=leaving)
    allotting.replace(session, one, by=programme["officer"], judge=leaving.key, reason="Came to know a nominee.")
    session.commit()
    for judge in judges_of(session, one):
        write(session, one, judge, "4")
        judging.lock_judgement(session, one, by=judge)
    assert (one.state, reads.mean(session, one)) == ("judged", Fraction(100))


def test_nobody_else_can_judge(programme: Programme, session: Session, shortlisted: Nomination) -> None:
    for word in ("officer", "chair", "authority", "press"):
        with pytest.raises(NotYours):
            _save(session, shortlisted, programme[word])
        with pytest.raises(NotFound):
            judging.lock_judgement(session, shortlisted, by=programme[word])
        session.rollback()


def _two(programme: Programme, **words: str) -> tuple[Nomination, Nomination]:
    recognisers(programme)
    made = [
        judged_to(programme, nominated(programme.session, title=title, **words), "judged")  # type: ignore[arg-type]
        for title in ("First", "Second")
    ]
    return made[0], made[1]


def test_a_tie_is_ordered_by_the_chair_with_a_reason(programme: Programme, session: Session) -> None:
    first, second = _two(programme)
    with pytest.raises(NotOpen, match="A tie has not been ruled on"):
        moderate(programme, first)
    session.rollback()
    places = {first.reference: 2, second.reference: 1}
    for wrong, why in (({first.reference: 1}, "Reason."), (places | {first.reference: 1}, "Reason."), (places, " ")):
        with pytest.raises(Invalid):
            judging.rule_on_tie(session, first, by=programme["chair"], places=wrong, reason=why)
        session.rollback()
    judging.rule_on_tie(session, first, by=programme["chair"], places=places, reason="Greater danger.")
    session.commit()
    marks = session.exec(select(Judgement.level)).all()
    moderate(programme, first)
    moderate(programme, second)
    assert (first.state, second.state) == ("moderated", "moderated")
    assert [one.place for one in reads.rulings(session, first)] == [2]
    assert session.exec(select(Judgement.level)).all() == marks


def test_the_chair_of_a_shared_award_belongs_to_no_service(programme: Programme, session: Session) -> None:
    recognisers(programme)
    named = (Named("Fay Fire", service="lfb", email="fay@example.com"),)
    one = judged_to(programme, nominated(session, scheme="blue_lights", named=named), "judged")
    chair = session.exec(select(Appointment).where(Appointment.part == "judging_chair")).one()
    chair.seat = "las"
    session.add(chair)
    session.commit()
    with pytest.raises(RuleBroken, match="belongs to no service"):
        moderate(programme, one)
    session.rollback()
    chair.seat = ""
    session.add(chair)
    session.commit()
    moderate(programme, one)
    assert one.state == "moderated"


def test_after_a_hold_locked_judgements_stand_and_are_confirmed(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "judged")
    checks.hold(session, one, by=programme["officer"], reason="A court case.")
    checks.release(session, one, by=programme["officer"], reason="It is over.")
    checks.clear_checks(session, one, by=programme["officer"])
    allotting.shortlist(session, one, by=programme["officer"])
    session.commit()
    locked = [each.locked_at for each in session.exec(select(Allotment)).all()]
    judging.lock_judgement(session, one, by=judges_of(session, one)[0])
    assert one.state == "judged"
    assert [each.locked_at for each in session.exec(select(Allotment)).all()] == locked
