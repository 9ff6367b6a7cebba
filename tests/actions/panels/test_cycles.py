"""A cycle written down for the solver, and its answer turned into invitations: every rule asked, nothing by halves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from metstandard.actions import panels
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotNow, NotYours
from metstandard.common.settings import settings
from metstandard.jobs.panels import Panels
from metstandard.panels.instance import Instance
from metstandard.records.accounts import Posting
from metstandard.records.bodies import Employer, EmployerKind, Supply
from metstandard.records.cycles import Offered, PanelProposal, ProposalStatus
from metstandard.records.pool import Period, PeriodKind, Reserve
from metstandard.records.reviews import Review
from metstandard.records.seats import Interest, Seat, SeatStatus
from metstandard.rules.instances import Wishes, instance_of, number_of, person_id
from tests.factories.cycle import asked, forming, profile_of, solved
from tests.factories.programme import LONG_AGO, Programme

Change = Callable[[Programme, Review], None]


def cycle(programme: Programme, *codes: str) -> list[Review]:
    return forming(programme, *(codes or ("EK", "SX")))


def in_camden(programme: Programme, _review: Review) -> None:
    profile_of(programme, "peer1").unit_id = programme.unit("EK").key


def was_in_camden(programme: Programme, review: Review) -> None:
    left = review.starts_on - timedelta(days=300)
    programme.session.add(
        Posting(person_id=programme["peer1"].key, unit_id=review.unit_id, from_on=LONG_AGO, until_on=left)
    )  # fmt: skip


def of_its_council(programme: Programme, _review: Review) -> None:
    employer = Employer(name="The council of Camden", kind=EmployerKind.COUNCIL, borough="Camden")
    programme.session.add(employer)
    programme.session.flush()
    profile_of(programme, "council1").employer_id = employer.key


def supplying(programme: Programme, _review: Review) -> None:
    employer = profile_of(programme, "company1").employer_id
    programme.session.add(Supply(employer_id=employer or 0, role="supplier", from_on=LONG_AGO))


def untrained(programme: Programme, _review: Review) -> None:
    profile_of(programme, "peer1").trained_until = clock.today()


def unvetted(programme: Programme, _review: Review) -> None:
    profile_of(programme, "council1").vetted_until = clock.today()


def also_moderator(programme: Programme, _review: Review) -> None:
    programme.appoint("company1", "moderator", seat="independent")


@pytest.mark.parametrize(
    ("change", "word", "rule"),
    [
        (in_camden, "peer1", "COI-1"),
        (was_in_camden, "peer1", "COI-2"),
        (of_its_council, "council1", "COI-4"),
        (supplying, "company1", "COI-5"),
        (untrained, "peer1", "REV-1"),
        (unvetted, "council1", "REV-4"),
        (also_moderator, "company1", "B3"),
    ],
)
def test_whom_a_hard_rule_keeps_out_is_blocked_with_the_rules_id(
    programme: Programme, change: Change, word: str, rule: str
) -> None:
    reviews = cycle(programme, "EK")
    change(programme, reviews[0])
    programme.session.commit()
    written = instance_of(programme.session, reviews)
    assert [(one.reviewer, one.review, one.rule) for one in written.blocked] == [
        (person_id(programme[word].key), reviews[0].reference, rule)
    ]


def test_what_both_keys_may_waive_is_an_interest_that_the_solver_may_name(programme: Programme) -> None:
    """COI-6: the peer of Greenwich shares the line commander of every borough."""
    reviews = cycle(programme)
    written = instance_of(programme.session, reviews)
    assert {one.id: one.interests for one in written.reviewers if one.interests} == {
        person_id(programme["peer3"].key): ("EK", "SX")
    }
    assert written.blocked == ()


def test_weeks_seats_domains_load_and_absence_are_written_as_they_are(programme: Programme) -> None:
    reviews = cycle(programme)
    day = reviews[1].starts_on
    programme.session.add(
        Period(person_id=programme["peer1"].key, kind=PeriodKind.UNAVAILABLE, from_on=day, until_on=day)
    )
    profile_of(programme, "council1").capacity = 1
    programme.session.commit()
    written = instance_of(programme.session, reviews)
    assert [(one.id, one.unit, one.week) for one in written.reviews] == [
        (reviews[0].reference, "EK", 0), (reviews[1].reference, "SX", 3),
    ]  # fmt: skip
    assert [each.value for each in written.reviews[0].slots] == ["peer", "la", "private"]
    people = {one.id: one for one in written.reviewers}
    assert people[person_id(programme["peer1"].key)].unavailable == (3,)
    assert people[person_id(programme["council1"].key)].capacity == 1
    assert Instance.parse(written.to_json()) == written


def test_seats_accepted_stand_invitations_cost_and_who_declined_is_not_asked_again(programme: Programme) -> None:
    reviews = cycle(programme, "EK")
    session, review, officer = programme.session, reviews[0], programme["officer"]
    for word, kind in (("peer1", "peer"), ("council1", "local_authority"), ("company1", "private")):
        panels.seat(session, review, person=programme[word], kind=kind, lead=word == "peer1", by=officer)
    panels.declare_interests(session, review, by=programme["peer1"], interest=Interest.NONE)
    panels.accept_seat(session, review, by=programme["peer1"])
    panels.decline_seat(session, review, by=programme["council1"], reason="No time")
    session.commit()
    words = {person_id(person.key): word for word, person in programme.people.items()}
    earlier = instance_of(session, reviews).previous
    assert [(one.slot.value, words[one.reviewer], one.status.value) for one in earlier] == [
        ("peer", "peer1", "accepted"), ("la", "council1", "declined"), ("private", "company1", "invited"),
    ]  # fmt: skip
    plan = solved(programme, reviews)
    seated = Instance.parse(plan.instance), plan.solution
    assert f'"slot": "peer", "reviewer": "{person_id(programme["peer1"].key)}"' in seated[1]
    assert f'"slot": "la", "reviewer": "{person_id(programme["council1"].key)}"' not in seated[1]


def test_only_a_programme_officer_proposes_and_only_panels_that_are_forming(programme: Programme) -> None:
    reviews = cycle(programme, "EK")
    with pytest.raises(NotYours, match="Only a programme officer plans panels"):
        panels.propose_panels(programme.session, reviews, by=programme["authority"])
    with pytest.raises(Invalid, match="Choose at least one review"):
        panels.propose_panels(programme.session, [], by=programme["officer"])
    reviews[0].state = "scoping"
    with pytest.raises(Invalid, match="The panel of MSR-2026-0001 is no longer being formed"):
        panels.propose_panels(programme.session, reviews, by=programme["officer"])


def test_a_double_click_is_one_proposal(programme: Programme) -> None:
    reviews = cycle(programme, "EK")
    assert asked(programme, reviews).key == asked(programme, reviews).key


def offer(programme: Programme, plan: PanelProposal, review: Review) -> tuple[Offered, str]:
    row = panels.offer_seats(programme.session, plan, review, by=programme["officer"])
    programme.session.commit()
    return row.offered, row.said


def seats(programme: Programme) -> list[tuple[str, str]]:
    rows = programme.session.exec(select(Seat).where(Seat.status == SeatStatus.INVITED)).all()
    return [(one.kind, one.status.value) for one in rows]


def test_publication_offers_three_seats_with_one_lead_and_keeps_the_reserves(programme: Programme) -> None:
    reviews = cycle(programme, "EK")
    plan = solved(programme, reviews)
    assert offer(programme, plan, reviews[0]) == (Offered.OFFERED, "")
    assert offer(programme, plan, reviews[0]) == (Offered.OFFERED, "")
    rows = programme.session.exec(select(Seat)).all()
    assert (len(rows), sum(one.lead for one in rows)) == (3, 1)
    assert [one.rank for one in programme.session.exec(select(Reserve).where(Reserve.kind == "private")).all()] == [
        1,
        2,
    ]
    assert panels.close_publication(programme.session, plan, by=programme["officer"])
    assert plan.status is ProposalStatus.PUBLISHED


def test_a_seat_that_a_rule_refuses_meanwhile_leaves_its_review_without_any_and_says_which(
    programme: Programme,
) -> None:
    """The company of one review becomes a supplier after the plan was made; the other review is published."""
    reviews = cycle(programme)
    plan = solved(programme, reviews)
    of_first = next(line for line in plan.solution.splitlines() if reviews[0].reference in line and '"private"' in line)
    number = number_of(of_first.split('"reviewer": "')[1].split('"')[0])
    for one in (reviews[1],):
        assert offer(programme, plan, one)[0] is Offered.OFFERED
    before = seats(programme)
    word = next(word for word, person in programme.people.items() if person.key == number)
    supplying_word(programme, word)
    found = offer(programme, plan, reviews[0])
    assert found[0] is Offered.REFUSED
    assert found[1].endswith("is a supplier to the Authority or the service (COI-5)")
    assert seats(programme) == before


def supplying_word(programme: Programme, word: str) -> None:
    employer = profile_of(programme, word).employer_id
    programme.session.add(Supply(employer_id=employer or 0, role="supplier", from_on=LONG_AGO))
    programme.session.commit()


def test_whoever_was_seated_by_hand_meanwhile_is_not_pushed_out(programme: Programme) -> None:
    reviews = cycle(programme, "EK")
    plan = solved(programme, reviews)
    panels.seat(
        programme.session, reviews[0], person=programme["company3"], kind="private", lead=False, by=programme["officer"]
    )
    programme.session.commit()
    assert offer(programme, plan, reviews[0]) == (
        Offered.REFUSED,
        "Private sector reviewer 3 (Albion Retail) holds a seat that the plan did not know of: propose again",
    )
    assert seats(programme) == [("private", "invited")]


def test_a_what_if_is_never_published(programme: Programme) -> None:
    reviews = cycle(programme, "EK")
    plan = solved(programme, reviews, what_if=True, wishes=Wishes(without=frozenset({programme["peer1"].key})))
    assert person_id(programme["peer1"].key) not in plan.instance
    with pytest.raises(NotNow, match="can be published"):
        offer(programme, plan, reviews[0])


def test_a_worker_that_dies_leaves_a_proposal_that_another_takes_up(programme: Programme) -> None:
    """A second worker leaves alone what the first one solves; whatever gives no sign of life is asked again."""
    number = asked(programme, cycle(programme, "EK")).key
    programme.session.commit()
    engine = programme.session.get_bind()
    assert isinstance(engine, Engine)
    first, second, third, stop = Panels(), Panels(), Panels(), threading.Event()
    first.sweep(engine, settings(), stop)
    second.sweep(engine, settings(), stop)
    second.close(engine)
    assert status_of(engine, number) is ProposalStatus.SOLVING
    first.close(engine)
    assert status_of(engine, number) is ProposalStatus.QUEUED
    second.sweep(engine, settings(), stop)
    with clock.pinned_to(clock.now() + timedelta(minutes=5)):
        third.sweep(engine, settings(), stop)
        heard = heard_of(engine, number)
    assert heard > clock.now() + timedelta(minutes=4)
    second.close(engine)
    third.close(engine)


def heard_of(engine: Engine, number: int) -> datetime:
    with Session(engine) as session:
        found = session.get_one(PanelProposal, number).heard_at
        assert found is not None
        return found.replace(tzinfo=UTC)


def status_of(engine: Engine, number: int) -> ProposalStatus:
    with Session(engine) as session:
        return session.get_one(PanelProposal, number).status
