"""What each person has to do about nominations: the right people, nobody else, in a fixed number of queries."""

import pytest
from sqlmodel import Session

from metstandard.actions.recognition import checks, consent, judging
from metstandard.queries.recognition_tasks import to_check
from metstandard.queries.tasks import open_tasks, whose_move
from metstandard.records.recognition import CheckResult
from metstandard.records.seats import Interest
from metstandard.rules.parts import standing
from metstandard.rules.recognition import nominees_of
from tests.factories.counting import queries
from tests.factories.judged import answer_all, decide, judged_to, judges_of
from tests.factories.nominations import confirmed, nominated, recognisers, taken_up
from tests.factories.programme import Programme

EVERYBODY = (
    "officer", "standards", "sponsor", "judge1", "judge2", "judge3", "chair", "authority", "commissioner", "committee",
    "press", "member", "administrator", "commander",
)  # fmt: skip
JUDGES = ("judge1", "judge2", "judge3")


def _tasks(programme: Programme) -> dict[str, list[str]]:
    found = {word: [one.text for one in open_tasks(programme.session, programme[word])] for word in EVERYBODY}
    return {word: texts for word, texts in found.items() if texts}


def test_the_right_people_have_the_right_task_at_every_state(programme: Programme, session: Session) -> None:
    one = nominated(recognisers(programme).session)
    check = {"standards": ["Check the nominees of your service"]}
    assert _tasks(programme) == check
    answer_all(programme, one, CheckResult.HOLD)
    assert _tasks(programme) == {"officer": ["Look at a check that is not clear"]}
    wanted = {
        "sifted": {"officer": ["Allot judges and shortlist a nomination"]},
        "shortlisted": {word: ["Declare your interests in a nomination"] for word in JUDGES},
        "judged": {"chair": ["Moderate a judged nomination"]},
        "moderated": {"authority": ["Decide on a nomination"]},
        "decided": {},
        "consented": {"press": ["Check an announcement and set its embargo"]},
        "embargoed": {},
        "announced": {"officer": ["Present the award and record it"]},
        "presented": {"officer": ["Archive the award"]},
    }
    for state, tasks in wanted.items():
        judged_to(programme, one, state)
        assert (state, _tasks(programme)) == (state, tasks)


def test_before_the_checks_the_office_has_it(programme: Programme, session: Session) -> None:
    recognisers(programme)
    confirmed(session)
    assert _tasks(programme) == {"officer": ["Take up a nomination"]}
    taken_up(session, title="Another")
    assert sorted(_tasks(programme)["officer"]) == ["Decide whether a nomination is eligible", "Take up a nomination"]


def test_a_judge_who_has_locked_has_nothing_to_do_and_others_are_not_told(
    programme: Programme, session: Session
) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "shortlisted")
    judge = judges_of(session, one)[0]
    before = {word: texts for word, texts in _tasks(programme).items() if programme[word].key != judge.key}
    judging.declare_interests(session, one, by=judge, interest=Interest.NONE)
    assert [each.text for each in open_tasks(session, judge)] == ["Judge a nomination and lock your marks"]
    for code in ("J1", "J2", "J3", "J4", "J5"):
        judging.save_judgement(session, one, by=judge, criterion=code, level="2", revision=0)
    judging.lock_judgement(session, one, by=judge)
    assert open_tasks(session, judge) == []
    assert {word: texts for word, texts in _tasks(programme).items() if programme[word].key != judge.key} == before
    judging.stand_down(session, one, by=judges_of(session, one)[1], reason="No time.")
    assert _tasks(programme)["officer"] == ["Ask another judge"]


def test_what_was_not_chosen_waits_for_thanks(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "moderated")
    decide(programme, one, award=False)
    assert _tasks(programme) == {"officer": ["Thank those of a nomination not chosen"]}


def test_a_voided_press_check_and_a_hold_come_back_as_tasks(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session, scheme="team"), "embargoed")
    consent.answer(session, one, nominees_of(session, one)[0], by=None, given=False)
    assert _tasks(programme) == {"press": ["Check an announcement again: something has changed"]}
    checks.hold(session, one, by=programme["officer"], reason="A court case.")
    assert _tasks(programme) == {"officer": ["Look again at a nomination on hold"]}


def test_nobody_has_a_task_in_a_nomination_of_their_own(programme: Programme, session: Session) -> None:
    one = nominated(recognisers(programme).session)
    nominee = nominees_of(session, one)[0]
    nominee.person_id = programme["standards"].key
    session.add(nominee)
    session.commit()
    assert _tasks(programme) == {}


def test_whose_move_it_is_is_said_without_names_or_counts(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "shortlisted")
    assert whose_move(session, one)[0].startswith("It waits for the judges, by ")


@pytest.mark.parametrize("word", ["officer", "standards", "judge1", "press", "authority"])
def test_three_nominations_take_as_many_queries_as_one(programme: Programme, session: Session, word: str) -> None:
    recognisers(programme)
    person = programme[word]
    found = []
    for number in range(3):
        judged_to(
            programme, nominated(session, title=f"Case {number}"), "shortlisted" if word == "judge1" else "sifted"
        )
        session.expire_all()
        open_tasks(session, person)
        session.expire_all()
        with queries(session.connection().engine) as asked:
            to_check(session, person, standing(session, person))
            open_tasks(session, person)
        found.append(len(asked))
    assert found[0] == found[2]
