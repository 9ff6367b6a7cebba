"""Nominations played on from the checks, as people would: `judged_to(programme, nomination, "embargoed")`.

Programmes need the people of `tests.factories.nominations.recognisers`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlmodel import Session

from metstandard.actions.recognition import allotting, announcing, checks, consent, deciding, judging, presenting
from metstandard.common import clock
from metstandard.records.accounts import Person
from metstandard.records.recognition import CheckResult, Nomination
from metstandard.records.seats import Interest
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of
from metstandard.rules.guards.recognition import allotments
from metstandard.rules.recognition import nominees_of
from tests.factories.nominations import officer_of
from tests.factories.programme import Programme

EMBARGO = timedelta(days=7)


def answer_all(programme: Programme, nomination: Nomination, result: CheckResult = CheckResult.CLEAR) -> None:
    """Professional standards and every sponsor answer about their nominees."""
    session = programme.session
    for service in sorted({one.service for one in nominees_of(session, nomination)} - {"", "lfb", "met"}):
        if f"sponsor-{service}" not in programme.people:
            programme.add(f"sponsor-{service}", f"Sponsor of {service}")
            programme.appoint(f"sponsor-{service}", "sponsor", seat=service)
    for word in ("standards", *(one for one in programme.people if "sponsor" in one)):
        for nominee, asked in checks.answers_for(session, programme[word], nomination):
            checks.answer_check(
                session, nomination, by=programme[word], nominee=nominee.key, asked_of=asked, result=result
            )
    session.commit()


def sift(programme: Programme, nomination: Nomination) -> None:
    """Every check clear, and on to the sift."""
    answer_all(programme, nomination)
    checks.clear_checks(programme.session, nomination, by=programme["officer"])


def shortlist(programme: Programme, nomination: Nomination) -> None:
    """Judges as proposed, and before them."""
    session = programme.session
    seen = allotting.proposal(session, nomination).digest
    allotting.allot(session, nomination, by=programme["officer"], seen=seen)
    allotting.shortlist(session, nomination, by=programme["officer"])


def judges_of(session: Session, nomination: Nomination) -> list[Person]:
    """Those who judge it, in the order in which they were asked."""
    return [session.get_one(Person, one.person_id) for one in allotments(session, nomination)]


def write(session: Session, nomination: Nomination, judge: Person, level: str = "3", words: str = "As told.") -> None:
    """One judge declares that there is nothing to declare, and marks every criterion."""
    judging.declare_interests(session, nomination, by=judge, interest=Interest.NONE)
    for code in rubric_of(session, nomination).criteria:
        judging.save_judgement(session, nomination, by=judge, criterion=code, level=level, words=words, revision=0)
    session.commit()


def judge(programme: Programme, nomination: Nomination, level: str = "3") -> None:
    """Every judge marks and locks."""
    for one in judges_of(programme.session, nomination):
        write(programme.session, nomination, one, level)
        judging.lock_judgement(programme.session, nomination, by=one)


def moderate(programme: Programme, nomination: Nomination) -> None:
    """The chair passes it on."""
    judging.moderate(programme.session, nomination, by=programme["chair"])


def decide(programme: Programme, nomination: Nomination, *, award: bool = True) -> None:
    """The Authority's key holder decides on what is shown."""
    seen = digest(programme.session, nomination, "decide")
    deciding.decide(
        programme.session, nomination, by=programme["authority"], award=award, reason="For what was done.", seen=seen
    )


def agree(programme: Programme, nomination: Nomination) -> None:
    """Every nominee consents by the link of a letter, families first."""
    session = programme.session
    for one in sorted(nominees_of(session, nomination), key=lambda each: not each.died):
        consent.answer(session, nomination, one, by=None, given=True)


def embargo(programme: Programme, nomination: Nomination) -> None:
    """Press check, and an embargo of a week."""
    press = programme["press"]
    announcing.check_announcement(programme.session, nomination, by=press, words="An award for a rescue.")
    announcing.set_embargo(programme.session, nomination, by=press, until=clock.now() + EMBARGO)


def announce(programme: Programme, nomination: Nomination) -> None:
    """The embargo ends; the clock announces."""
    assert nomination.embargo_until is not None
    with clock.pinned_to(nomination.embargo_until):
        announcing.announce(programme.session, nomination)


def present(programme: Programme, nomination: Nomination) -> None:
    """The award is presented."""
    presenting.record_presentation(programme.session, nomination, by=officer_of(programme.session))


STEPS: dict[str, Callable[[Programme, Nomination], None]] = {
    "sifted": sift, "shortlisted": shortlist, "judged": judge, "moderated": moderate, "decided": decide,
    "consented": agree, "embargoed": embargo, "announced": announce, "presented": present,
}  # fmt: skip


def judged_to(programme: Programme, nomination: Nomination, state: str) -> Nomination:
    """Play a nomination on to a state, whatever state it stands in."""
    order = list(STEPS)
    begin = order.index(nomination.state) + 1 if nomination.state in order else 0
    for name in order[begin : order.index(state) + 1]:
        STEPS[name](programme, nomination)
        programme.session.commit()
    assert nomination.state == state
    return nomination
