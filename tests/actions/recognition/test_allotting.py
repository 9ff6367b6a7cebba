"""Judges are allotted evenly, with nobody in conflict, as the page showed them."""

import pytest
from sqlmodel import Session

from metstandard.actions.recognition import allotting, judging
from metstandard.actions.recognition.nominees import Named
from metstandard.common.errors import Invalid, NotNow
from metstandard.records.accounts import Posting
from metstandard.records.recognition import Nomination
from metstandard.rules.guards.recognition import allotments
from metstandard.rules.recognition import nominees_of
from metstandard.workflow.machine import NotOpen
from tests.factories.judged import judged_to, judges_of
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import LONG_AGO, Programme


def _words(programme: Programme, nomination: Nomination) -> list[str]:
    proposed = allotting.proposal(programme.session, nomination)
    return [one.person.email.split("@")[0] for one in proposed.judges]


def _more(programme: Programme, **judges: str) -> None:
    for word, service in judges.items():
        programme.add(word, f"Judge {word}")
        programme.appoint(word, "judge", seat=service)


def test_the_same_facts_give_the_same_proposal_and_the_fewest_come_first(
    programme: Programme, session: Session
) -> None:
    _more(recognisers(programme), judge4="", judge5="", judge6="")
    counts = dict.fromkeys(("judge1", "judge2", "judge3", "judge4", "judge5", "judge6"), 0)
    for number in range(4):
        one = judged_to(programme, nominated(session, title=f"Case {number}"), "sifted")
        proposed = _words(programme, one)
        assert proposed == _words(programme, one)
        judged_to(programme, one, "shortlisted")
        for word in proposed:
            counts[word] += 1
    assert set(counts.values()) == {2}


def test_nobody_of_a_nominees_service_or_unit_and_nobody_who_nominated_is_proposed(
    programme: Programme, session: Session
) -> None:
    _more(recognisers(programme), metjudge="met", fire="lfb", camden="", nora="")
    programme["nora"].email = "nora@example.com"
    unit = programme.unit("EK")
    session.add(Posting(person_id=programme["camden"].key, unit_id=unit.key, from_on=LONG_AGO))
    one = judged_to(programme, nominated(session), "sifted")
    nominee = nominees_of(session, one)[0]
    nominee.unit_id = unit.key
    session.add(nominee)
    session.commit()
    free = {each.person.email.split("@")[0] for each in allotting.candidates(session, one)}
    assert free == {"judge1", "judge2", "judge3", "fire"}


def test_a_shared_award_is_judged_by_people_of_different_services(programme: Programme, session: Session) -> None:
    _more(recognisers(programme), las1="las", las2="las", las3="las", btp1="btp", city1="city", met1="met")
    for word in ("judge1", "judge2", "judge3"):
        programme[word].active = False
    session.commit()
    named = (Named("Fay Fire", service="lfb", email="fay@example.com"),)
    one = judged_to(programme, nominated(session, scheme="blue_lights", named=named), "sifted")
    services = [each.service for each in allotting.proposal(session, one).judges]
    assert len(services) == len(set(services)) == 3


def test_only_what_was_shown_is_confirmed(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "sifted")
    seen = allotting.proposal(session, one).digest
    with pytest.raises(Invalid, match="The proposal has changed"):
        allotting.allot(session, one, by=programme["officer"], seen="another")
    session.rollback()
    allotting.allot(session, one, by=programme["officer"], seen=seen)
    with pytest.raises(Invalid, match="The proposal has changed"):
        allotting.allot(session, one, by=programme["officer"], seen=seen)


def test_three_judges_are_needed(programme: Programme, session: Session) -> None:
    recognisers(programme)
    programme["judge3"].active = False
    session.commit()
    one = judged_to(programme, nominated(session), "sifted")
    proposed = allotting.proposal(session, one)
    assert (len(proposed.judges), proposed.missing) == (2, 1)
    allotting.allot(session, one, by=programme["officer"], seen=proposed.digest)
    with pytest.raises(NotOpen, match="Fewer judges are allotted"):
        allotting.shortlist(session, one, by=programme["officer"])


def test_a_judge_who_stands_down_is_replaced_by_the_next_who_is_free(programme: Programme, session: Session) -> None:
    _more(recognisers(programme), judge4="")
    one = judged_to(programme, nominated(session), "shortlisted")
    leaving, *staying = judges_of(session, one)
    judging.stand_down(session, one, by=leaving, reason="No time.")
    seen = allotting.proposal(session, one)
    assert len(seen.judges) == 1
    assert leaving.key not in {each.person.key for each in seen.judges}
    allotting.allot(session, one, by=programme["officer"], seen=seen.digest)
    assert [each.person_id for each in allotments(session, one)] == [
        *(each.key for each in staying), seen.judges[0].person.key,
    ]  # fmt: skip


def test_a_judge_is_taken_off_only_when_another_takes_their_place(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "shortlisted")
    silent = judges_of(session, one)[0]
    with pytest.raises(NotNow, match="Nobody is free"):
        allotting.replace(session, one, by=programme["officer"], judge=silent.key, reason="Never answers.")
    session.rollback()
    _more(programme, judge4="")
    allotting.replace(session, one, by=programme["officer"], judge=silent.key, reason="Never answers.")
    assert [each.email for each in judges_of(session, one)][-1] == "judge4@example.org"
