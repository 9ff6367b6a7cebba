"""The Authority decides on exactly what it was shown; an award takes its number then and is not public."""

import pytest
from sqlmodel import Session, select

from metstandard.actions.recognition import deciding
from metstandard.common.errors import Invalid, NotYours, RuleBroken
from metstandard.queries.judging import judgements
from metstandard.records.accounts import Appointment
from metstandard.records.certificates import Series
from metstandard.records.journal import last_line
from metstandard.records.judging import Award, Judgement
from metstandard.records.reviews import Signature
from metstandard.rules.content import digest
from tests.factories.judged import decide, judged_to, judges_of
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import LONG_AGO, Programme


def test_an_award_takes_its_number_and_the_journals_head_at_the_decision(
    programme: Programme, session: Session
) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "moderated")
    assert session.exec(select(Award)).all() == []
    decide(programme, one)
    award = session.exec(select(Award)).one()
    line = last_line(session, "nomination", one.key)
    assert line is not None
    assert (award.title, award.journal_head, one.state, one.awarded) == ("MA-0001", line.hash, "decided", True)
    signed = session.exec(select(Signature).where(Signature.record_kind == "nomination")).one()
    assert (signed.part, signed.digest, line.data["digest"]) == (
        "authority_key", digest(session, one, "decide"), signed.digest,
    )  # fmt: skip


def test_the_same_decision_sent_twice_is_taken_once(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "moderated")
    seen = digest(session, one, "decide")
    given = {"by": programme["authority"], "award": True, "reason": "For courage.", "seen": seen}
    first = deciding.decide(session, one, **given)  # type: ignore[arg-type]
    assert deciding.decide(session, one, **given) == first  # type: ignore[arg-type]
    assert session.get_one(Series, "award").last == 1


def test_what_changed_since_it_was_shown_is_not_decided(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "moderated")
    seen = digest(session, one, "decide")
    mark = session.exec(select(Judgement)).all()[0]
    mark.level = "0"
    session.add(mark)
    session.commit()
    with pytest.raises(Invalid, match="has changed since this page was opened"):
        deciding.decide(session, one, by=programme["authority"], award=True, reason="Why.", seen=seen)


def test_a_decision_has_a_reason_and_is_the_key_holders_alone(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "moderated")
    seen = digest(session, one, "decide")
    with pytest.raises(Invalid, match="Give the reason"):
        deciding.decide(session, one, by=programme["authority"], award=True, reason=" ", seen=seen)
    session.rollback()
    for word in ("officer", "chair", "committee", "commissioner"):
        with pytest.raises(NotYours):
            deciding.decide(session, one, by=programme[word], award=True, reason="Mine.", seen=seen)
        session.rollback()


def test_a_judge_does_not_decide(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "moderated")
    judge = judges_of(session, one)[0]
    session.add(Appointment(person_id=judge.key, part="authority_key", from_on=LONG_AGO))
    session.commit()
    with pytest.raises(RuleBroken, match="A judge of this nomination does not decide"):
        deciding.decide(
            session, one, by=judge, award=True, reason="Mine.", seen=digest(session, one, "decide")
        )  # fmt: skip


def test_no_award_takes_no_number(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "moderated")
    decide(programme, one, award=False)
    assert (one.state, one.awarded, session.exec(select(Award)).all()) == ("archived", False, [])
    assert len(judgements(session, one)) == 3
