"""Stories of awards: a partner, a joint rescue in which somebody died, a declined consent, a revoked award."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from metstandard.actions.recognition import allotting, announcing, checks, consent, judging, revoking
from metstandard.actions.recognition.nominees import Named
from metstandard.common import clock
from metstandard.common.errors import NotFound, NotNow, RuleBroken
from metstandard.queries import roll
from metstandard.queries.announcements import to_announce
from metstandard.queries.journal import Broken, verify
from metstandard.queries.judging import told
from metstandard.queries.tasks import open_tasks
from metstandard.records.accounts import Person
from metstandard.records.journal import JournalLine
from metstandard.records.judging import Award
from metstandard.records.outbox import Letter
from metstandard.records.recognition import CheckResult, Consent, Hold, Nomination
from metstandard.rules.content import digest
from metstandard.rules.recognition import nominees_of
from metstandard.workflow.machine import NotOpen
from tests.factories.judged import answer_all, judged_to, judges_of, write
from tests.factories.nominations import incident, nominated, recognisers
from tests.factories.programme import Programme

RESCUERS = (
    Named("Fay Fallen", role="Firefighter", service="lfb", email="family@example.com", died=True),
    Named("Pat Police", role="Constable", service="met", email="pat@example.com"),
    Named("Ann Ambulance", role="Paramedic", service="las", email="ann@example.com"),
)


CLUB = (Named("The boxing club", body="The boxing club", email="club@example.com"),)


def _acts(session: Session, one: Nomination) -> list[str]:
    query = select(JournalLine).where(JournalLine.record_kind == "nomination", JournalLine.record_id == one.key)
    return [line.after for line in session.exec(query.order_by(JournalLine.seq)).all() if line.after != line.before]  # type: ignore[arg-type]


def _board(programme: Programme) -> None:
    """A judge of each service, and two who belong to none of those that took part."""
    for word, service in (("fire", "lfb"), ("medic", "las"), ("constable", "met"), ("rail", "btp"), ("coast", "rnli")):
        programme.add(word, f"Judge of {service}")
        programme.appoint(word, "judge", seat=service)
    programme.session.commit()


def test_a_joint_rescue_in_which_somebody_died_is_awarded_with_the_family_asked_first(
    programme: Programme, session: Session
) -> None:
    _board(recognisers(programme))
    shared = incident(session, title="The bridge", died=True, hold=Hold.INQUEST)
    one = nominated(session, scheme="blue_lights", named=RESCUERS, shared=shared, posthumous=True)
    office = programme["officer"]

    # Each service answers about its own; the inquest and the family hold the rest.
    answer_all(programme, one)
    who_answered = {
        word: [
            nominee.name for nominee, asked in checks.answers_for(session, programme[word], one) if asked == "sponsor"
        ]
        for word in ("sponsor", "metsponsor", "sponsor-las")
    }
    assert who_answered == {
        "sponsor": ["Fay Fallen"], "metsponsor": ["Pat Police"], "sponsor-las": ["Ann Ambulance"],
    }  # fmt: skip
    for unmet, change in (("families_asked", "families_asked_on"), ("nothing_pending", "hold")):
        with pytest.raises(NotOpen) as refused:
            checks.clear_checks(session, one, by=office)
        assert refused.value.unmet == (unmet,)
        session.rollback()
        setattr(shared, change, clock.today() if change == "families_asked_on" else None)
        session.add(shared)
        session.commit()
    judged_to(programme, one, "sifted")

    # Nobody of the three services judges it; the host of the year is shown; the chair belongs to no service.
    assert told(session, one).host
    free = {each.person.email.split("@")[0] for each in allotting.candidates(session, one)}
    assert free == {"judge1", "judge2", "judge3", "rail", "coast"}
    judged_to(programme, one, "shortlisted")
    leaving = judges_of(session, one)[0]
    write(session, one, leaving, "1")
    judging.stand_down(session, one, by=leaving, reason="I was on the bridge.")
    seen = allotting.proposal(session, one).digest
    allotting.allot(session, one, by=office, seen=seen)
    judged_to(programme, one, "decided")

    # The family answers before the others are asked.
    fay, pat, ann = nominees_of(session, one)
    assert [each.consent for each in (fay, pat, ann)] == [Consent.ASKED, Consent.NOT_ASKED, Consent.NOT_ASKED]
    consent.answer(session, one, fay, by=None, given=True)
    consent.answer(session, one, pat, by=None, given=True, anonymous=True)
    consent.answer(session, one, ann, by=office, given=True, note="By telephone.")
    session.commit()
    judged_to(programme, one, "embargoed")
    line = to_announce(session, programme["press"])[0]
    assert (line.named, line.unnamed) == (("Fay Fallen", "Ann Ambulance"), 1)
    judged_to(programme, one, "announced")
    family = session.exec(select(Letter).where(Letter.address == "family@example.com")).all()
    assert [each.name for each in family] == ["consent_asked", "award_given"]
    assert "We are sorry for your loss" in family[0].text
    assert _acts(session, one)[-8:] == [
        "sifted", "shortlisted", "judged", "moderated", "decided", "consented", "embargoed", "announced",
    ]  # fmt: skip
    assert not isinstance(verify(session), Broken)


def test_a_partner_is_checked_judged_and_stands_on_the_roll_from_the_second_on(
    programme: Programme, session: Session
) -> None:
    """A body of no service is checked too, by whoever answers for every service."""
    club = {"scheme": "partner", "nominee_kind": "partner_body", "category": "partnership", "named": CLUB}
    one = nominated(recognisers(programme).session, **club)  # type: ignore[arg-type]
    with pytest.raises(NotOpen) as refused:
        checks.clear_checks(session, one, by=programme["officer"])
    assert refused.value.unmet == ("every_check_clear",)
    session.rollback()
    judged_to(programme, one, "embargoed")
    until = one.embargo_until
    assert until is not None
    with clock.pinned_to(until - timedelta(seconds=1)):
        assert roll.public(session) == []
    with clock.pinned_to(until):
        (shown,) = roll.public(session)
        assert (shown.number, shown.names) == ("MA-0001", ("The boxing club",))
    judged_to(programme, one, "presented")
    assert not isinstance(verify(session), Broken)


def test_an_award_that_everybody_declines_is_never_public(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session, scheme="team"), "embargoed")
    until = one.embargo_until
    assert until is not None
    for each in nominees_of(session, one):
        consent.answer(session, one, each, by=None, given=False)
    session.commit()
    assert one.state == "declined_by_nominee"
    with clock.pinned_to(until + timedelta(days=1)):
        assert announcing.due(session) == []
        with pytest.raises(NotNow):
            announcing.announce(session, one)
    session.rollback()
    told_ = session.exec(select(Letter.address).where(Letter.name == "consent_declined")).all()
    assert sorted(told_) == ["officer@example.org", "press@example.org"]
    assert session.exec(select(Award.number)).all() == [1]
    with pytest.raises(NotNow):
        revoking.revoke(session, one, by=programme["authority"], reason="Why.", seen=digest(session, one, "revoke"))


def test_an_award_is_revoked_by_both_keys_and_keeps_its_number(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "presented")
    seen = digest(session, one, "revoke")
    with pytest.raises(NotNow):
        checks.answer_check(
            session, one, by=programme["standards"], nominee=nominees_of(session, one)[0].key,
            asked_of="standards_officer", result=CheckResult.NOT_CLEAR,
        )  # fmt: skip
    session.rollback()
    assert not revoking.revoke(session, one, by=programme["committee"], reason="It was another who did it.", seen=seen)
    assert [each.text for each in open_tasks(session, programme["authority"])] == ["Join or leave: revoke an award"]
    assert open_tasks(session, programme["committee"]) == []
    assert revoking.revoke(session, one, by=programme["authority"], reason="It was another who did it.", seen=seen)
    assert (one.state, session.exec(select(Award.number)).all()) == ("revoked", [1])
    letters = session.exec(select(Letter).where(Letter.name == "award_revoked")).all()
    people = {each.key: each.email for each in session.exec(select(Person)).all()}
    assert sorted(people[each.person_id or 0] for each in letters) == ["officer@example.org", "press@example.org"]
    assert "another who did it" not in "".join(each.text for each in letters)


def test_a_judge_of_a_nominees_service_is_kept_out_even_if_a_row_says_otherwise(
    programme: Programme, session: Session
) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "shortlisted")
    judge = judges_of(session, one)[0]
    write(session, one, judge)
    programme.appoint(judge.email.split("@")[0], "judge", seat="met")
    session.commit()
    with pytest.raises((RuleBroken, NotFound), match="own service"):
        judging.lock_judgement(session, one, by=judge)
