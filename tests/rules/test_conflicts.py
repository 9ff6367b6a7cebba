"""The facts of conflicts as the records hold them, and what a joint waiver covers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from metstandard.actions import panels
from metstandard.common import clock
from metstandard.records.accounts import Appointment, Person, Posting
from metstandard.records.bodies import Employer, EmployerKind, ReviewerProfile, Supply
from metstandard.records.reviews import Review
from metstandard.records.seats import Interest, Seat, SeatStatus
from metstandard.rules import conflicts
from tests.factories.counting import queries
from tests.factories.panel import At
from tests.factories.programme import LONG_AGO, Programme
from tests.factories.stages import Play, affirm

KINDS = ("peer", "local_authority", "private")


def judged(play: Play, word: str, kind: str = "") -> list[tuple[str, str]]:
    """Every rule in the way of somebody, with its kind."""
    seat = kind or profile(play.programme, word).seat
    with play.at():
        found = conflicts.judged(play.session, play.review, play[word], seat)
    return [(one.rule, one.kind.value) for one in found]


def profile(programme: Programme, word: str) -> ReviewerProfile:
    query = select(ReviewerProfile).where(ReviewerProfile.person_id == programme[word].key)
    return programme.session.exec(query).one()


@pytest.fixture
def play(at: At) -> Play:
    """A review of Camden BOCU whose panel is being formed."""
    return at("panel_forming")


def ago(play: Play, months: int) -> date:
    """A day so many months before the first day on site."""
    return play.review.starts_on - timedelta(days=round(months * 30.44))


def earlier_review(play: Play, unit: str, seats: dict[str, str], *, on: date, decided: bool = True) -> Review:
    """Another review with people seated, written as history was."""
    values = play.review.model_dump(exclude={"id", "reference", "version"})
    other = Review(**values | {
        "reference": f"OLD-{unit}-{on.year}", "unit_id": play.programme.unit(unit).key, "starts_on": on,
        "ends_on": on + timedelta(days=4), "state": "closed", "decided_on": on if decided else None,
        "outcome": "ACHIEVED" if decided else None,
    })  # fmt: skip
    play.session.add(other)
    play.session.flush()
    for kind, word in seats.items():
        play.session.add(
            Seat(
                review_id=other.key, kind=kind, person_id=play[word].key, lead=kind == "peer",
                status=SeatStatus.ACCEPTED, invited_at=clock.now(), accepted_at=clock.now(),
            )
        )  # fmt: skip
    play.session.flush()
    return other


def test_of_the_small_programme_only_the_peer_of_the_same_group_has_a_rule_in_the_way(play: Play) -> None:
    """COI-6: Greenwich BOCU answers to the same business group as Camden BOCU."""
    words = [f"{seat}{number}" for seat in ("peer", "council", "company") for number in (1, 2, 3)]
    none: dict[str, list[tuple[str, str]]] = {word: [] for word in words}
    assert {word: judged(play, word) for word in words} == none | {"peer3": [("COI-6", "waivable")]}


def test_service_is_read_from_postings_commands_and_staff_appointments(play: Play) -> None:
    """COI-2: whoever prepared for the unit has served there, too."""
    camden = play.programme.unit("EK").key
    play.session.add(Posting(person_id=play["council1"].key, unit_id=camden, from_on=LONG_AGO, until_on=ago(play, 35)))
    play.session.add(Posting(person_id=play["council2"].key, unit_id=camden, from_on=LONG_AGO, until_on=ago(play, 37)))
    spells = [("company1", "commander", 59), ("company2", "commander", 61), ("company3", "unit_author", 35)]
    for word, part, months in spells:
        play.session.add(
            Appointment(
                person_id=play[word].key, part=part, unit_id=camden, from_on=LONG_AGO, until_on=ago(play, months)
            )
        )
    found = {word: judged(play, word) for word in ("council1", "council2", "company1", "company2", "company3")}
    barred = [("COI-2", "hard")]
    assert found == {"council1": barred, "council2": [], "company1": barred, "company2": [], "company3": barred}


def test_the_head_of_a_business_group_belongs_to_no_unit(play: Play) -> None:
    """A posting to a group says nothing about service in one of its units."""
    play.session.add(Posting(person_id=play["company1"].key, business_group="Territorial Policing", from_on=LONG_AGO))
    assert judged(play, "company1") == []


def test_a_return_visit_is_found_by_where_the_reviewer_was_posted_at_the_time(play: Play) -> None:
    """COI-3: moving to another unit afterwards does not hide it."""
    camden, rail = play.programme.unit("EK").key, play.programme.unit("SCD5").key
    mover = play.programme.add("mover", "Once of Camden")
    play.programme.pool("mover", "peer", unit="GD")
    profile(play.programme, "mover").unit_id = play.programme.unit("GD").key
    visit = ago(play, 10)
    play.session.add(Posting(person_id=mover.key, unit_id=camden, from_on=date(2008, 1, 1), until_on=visit))
    first = play.session.exec(
        select(Posting).where(Posting.person_id == mover.key, Posting.unit_id == play.programme.unit("GD").key)
    ).one()
    first.from_on = visit + timedelta(days=1)
    earlier_review(play, "SCD5", {"peer": "mover"}, on=visit)
    assert profile(play.programme, "peer1").unit_id == rail
    assert judged(play, "peer1") == [("COI-3", "hard")]
    assert judged(play, "peer2") == []


def test_the_council_of_the_borough_is_read_from_the_reference_data(play: Play) -> None:
    """COI-4."""
    camden = play.session.exec(select(Employer).where(Employer.name == "Camden Council")).one()
    profile(play.programme, "council1").employer_id = camden.key
    assert judged(play, "council1") == [("COI-4", "hard")]


def test_a_council_made_of_thin_air_is_none(play: Play) -> None:
    """COI-4: a company in the pool of the councils."""
    profile(play.programme, "council1").employer_id = profile(play.programme, "company1").employer_id
    assert judged(play, "council1") == [("COI-4", "hard")]


def test_supplies_are_read_from_the_register(play: Play) -> None:
    """COI-5."""
    firms = {word: profile(play.programme, word).employer_id or 0 for word in ("company1", "company2", "company3")}
    play.session.add(Supply(employer_id=firms["company1"], role="supplier", from_on=LONG_AGO))
    play.session.add(Supply(employer_id=firms["company2"], role="bidder", from_on=LONG_AGO, until_on=ago(play, 20)))
    play.session.add(Supply(employer_id=firms["company3"], role="sponsor", from_on=LONG_AGO, until_on=ago(play, 26)))
    assert {word: judged(play, word) for word in firms} == {
        "company1": [("COI-5", "hard")], "company2": [("COI-5", "waivable")], "company3": [],
    }  # fmt: skip


def test_the_rank_of_the_commander_is_compared_where_it_is_known(play: Play) -> None:
    """PAN-3."""
    assert judged(play, "peer1") == []
    play.session.add(ReviewerProfile(person_id=play["commander"].key, seat="", rank=6))
    assert judged(play, "peer1") == [("PAN-3", "waivable")]


def test_the_last_panel_is_that_of_the_last_decided_review(play: Play) -> None:
    """PAN-5 and PAN-2; nobody on the new panel being new to the unit is a warning of its own."""
    earlier_review(play, "EK", {"peer": "peer1", "private": "company1"}, on=ago(play, 80))
    earlier_review(play, "EK", {"peer": "peer2", "local_authority": "council2"}, on=ago(play, 40))
    found = {word: judged(play, word) for word in ("peer1", "peer2", "peer3", "council2", "company1")}
    assert found == {
        "peer1": [], "peer2": [("PAN-5", "hard")], "peer3": [("COI-6", "waivable")],
        "council2": [("PAN-5", "hard")], "company1": [],
    }  # fmt: skip
    with play.at():
        leading = conflicts.judged(play.session, play.review, play["peer1"], "peer", lead=True)
    assert [(one.rule, one.kind.value) for one in leading] == [("PAN-2", "waivable")]


def test_a_fourth_review_in_a_year_is_one_too_many(play: Play) -> None:
    """PAN-5: planned reviews of other units count; a cancelled one does not."""
    for number, unit in enumerate(("GD", "KF", "YR")):
        made = earlier_review(play, unit, {"peer": "peer1"}, on=ago(play, number + 1), decided=False)
        made.state = "scoping"
    assert judged(play, "peer1") == [("PAN-5", "hard")]
    made.state = "cancelled"
    assert judged(play, "peer1") == []


@pytest.mark.parametrize(
    ("field", "rule"), [("trained_until", "REV-1"), ("vetted_until", "REV-4"), ("terms_signed_on", "REV-4")]
)
def test_training_vetting_and_terms_are_read_from_the_profile(play: Play, field: str, rule: str) -> None:
    setattr(profile(play.programme, "council1"), field, None)
    assert judged(play, "council1") == [(rule, "hard")]


def test_whoever_observed_none_is_warned_about(play: Play) -> None:
    """REV-3."""
    profile(play.programme, "council1").observed_on = None
    assert judged(play, "council1") == [("REV-3", "waivable")]


@pytest.mark.parametrize(
    ("part", "unit", "duty"),
    [
        ("programme_officer", "", "programme officer"),
        ("authority_key", "", "decision maker"),
        ("commissioner_key", "", "decision maker"),
        ("commissioner_principal", "", "decision maker"),
        ("moderator", "", "moderator"),
        ("appeal_member", "", "appeal member"),
        ("commander", "EK", "the assessed unit"),
        ("unit_author", "EK", "the assessed unit"),
    ],
)
def test_whoever_holds_another_duty_cannot_sit(play: Play, part: str, unit: str, duty: str) -> None:
    """B3: whether they have acted in this review or not."""
    play.programme.appoint("company1", part, unit=unit)
    with play.at():
        found = conflicts.judged(play.session, play.review, play["company1"], "private")
    sentence = f"{play['company1'].name} has another duty in this review: {duty}"
    assert ("B3", sentence) in [(one.rule, one.sentence) for one in found]
    assert [one.rule for one in found if one.rule != "COI-2"] == ["B3"]


def test_the_commander_of_another_unit_may_be_a_peer(play: Play) -> None:
    """B3 speaks of one review."""
    play.programme.appoint("peer1", "commander", unit="SCD5")
    assert judged(play, "peer1") == []


def test_somebody_who_is_in_no_pool_has_a_name_for_it(play: Play) -> None:
    with play.at():
        found = conflicts.judged(play.session, play.review, play["press"], "private")
    assert (found[0].rule, found[0].sentence) == ("PAN-1", "Press officer is not in the pool of reviewers")


def test_a_pool_is_ordered_by_what_stands_in_the_way(play: Play) -> None:
    """Fewest hard rules, then fewest warnings, then the name; closed accounts are left out."""
    profile(play.programme, "peer1").vetted_until = None
    profile(play.programme, "peer2").observed_on = None
    play.programme.add("gone", "A peer who left").active = False
    play.programme.pool("gone", "peer", unit="GD")
    play.session.flush()
    with play.at():
        found = conflicts.judged_pool(play.session, play.review, ["peer"])["peer"]
    names = [(one.candidate.name, [each.rule for each in one.conflicts]) for one in found]
    assert names == [
        (play["peer2"].name, ["REV-3"]), (play["peer3"].name, ["COI-6"]), (play["peer1"].name, ["REV-4"]),
    ]  # fmt: skip


def test_a_pool_takes_the_same_few_queries_whatever_its_size(play: Play) -> None:
    def asked() -> int:
        play.session.flush()
        with play.at(), queries(play.session.get_bind()) as sent:  # type: ignore[arg-type]
            found = conflicts.judged_pool(play.session, play.review, KINDS)
        assert sum(map(len, found.values())) == len(play.session.exec(select(ReviewerProfile)).all())
        return len(sent)

    asked()  # the workflow is read once and kept
    few = asked()
    for number in range(30):
        play.programme.add(f"more{number}", f"Another {number}")
        play.programme.pool(f"more{number}", "private", employer=f"Company {number}")
    assert (few, asked()) == (17, 17)


def test_a_thousand_candidates_are_judged_in_the_same_few_queries(play: Play) -> None:
    """All of one kind, each with a posting and a past review."""
    later = play.review.starts_on + timedelta(days=900)
    past = earlier_review(play, "GD", {}, on=ago(play, 30))
    units = [play.programme.unit(code).key for code in ("SCD5", "CO11", "RG", "KF", "YR")]
    people = [Person(email=f"p{number}@example.org", name=f"Peer {number}") for number in range(1000)]
    play.session.add_all(people)
    play.session.flush()
    for number, one in enumerate(people):
        home = units[number % 5]
        play.session.add(
            ReviewerProfile(
                person_id=one.key,
                seat="peer",
                unit_id=home,
                rank=4,
                trained_until=later,
                vetted_until=later,
                calibrated_until=later,
            )
        )
        play.session.add(Posting(person_id=one.key, unit_id=home, from_on=LONG_AGO))
        play.session.add(
            Seat(
                review_id=past.key, kind=f"peer{number}", person_id=one.key, status=SeatStatus.ACCEPTED,
                invited_at=clock.now(), accepted_at=clock.now(),
            )
        )  # fmt: skip
    play.session.flush()
    with play.at(), queries(play.session.get_bind()) as sent:  # type: ignore[arg-type]
        found = conflicts.judged_pool(play.session, play.review, ["peer"])["peer"]
    assert (len(found), len(sent) <= 18) == (1003, True)


class TestWaivers:
    """What two keys can waive, and for how long."""

    @pytest.fixture
    def seated(self, play: Play) -> Play:
        """A peer who has observed no review is asked to sit; the waiver has been asked for."""
        profile(play.programme, "peer1").observed_on = None
        play.session.commit()
        play.act(panels.seat, play.review, person=play["peer1"], kind="peer", lead=True, by=play["officer"])
        self.ask(play, "REV-3", "The first cohort has nobody to observe.")
        return play

    def ask(self, play: Play, rule: str, reason: str) -> None:
        play.act(panels.waive_conflict, play.review, person=play["peer1"], rule=rule, by=play["officer"], reason=reason)

    def agree(self, play: Play, *words: str, rule: str = "REV-3") -> None:
        for word in words:
            play.act(panels.waive_conflict, play.review, person=play["peer1"], rule=rule, by=play[word])

    def open(self, play: Play) -> list[str]:
        with play.at():
            found = conflicts.unresolved(play.session, play.review)
        return [one.rule for each in found.values() for one in each]

    def test_a_warning_stands_until_both_keys_have_waived_it(self, seated: Play) -> None:
        assert self.open(seated) == ["REV-3"]
        self.agree(seated, "authority")
        assert self.open(seated) == ["REV-3"]
        self.agree(seated, "commissioner")
        assert self.open(seated) == []

    def test_a_new_reason_voids_what_was_agreed(self, seated: Play) -> None:
        self.agree(seated, "authority", "commissioner")
        self.ask(seated, "REV-3", "Another reason.")
        assert self.open(seated) == ["REV-3"]
        self.agree(seated, "authority", "commissioner")
        assert self.open(seated) == []

    def test_a_waiver_still_counts_at_later_stages(self, seated: Play) -> None:
        """It is printed in the report, long after the panel was formed."""
        self.agree(seated, "authority", "commissioner")
        self.fill(seated)
        seated.act(panels.publish_panel, seated.review, by=seated["officer"])
        affirm(seated)
        seated.later(working_days=6)
        seated.act(panels.confirm_panel, seated.review, by=None)
        assert seated.review.state == "scoping"
        with seated.at():
            assert [one.granted for one in conflicts.waivers(seated.session, seated.review)] == [True]
        assert self.open(seated) == []

    def fill(self, play: Play) -> None:
        for kind, word in (("local_authority", "council1"), ("private", "company1")):
            play.act(panels.seat, play.review, person=play[word], kind=kind, lead=False, by=play["officer"])
        for word in ("peer1", "council1", "company1"):
            play.act(panels.declare_interests, play.review, by=play[word], interest=Interest.NONE)
            play.act(panels.accept_seat, play.review, by=play[word])

    def test_a_waiver_of_one_personal_interest_does_not_cover_the_next(self, seated: Play) -> None:
        """COI-12."""
        self.agree(seated, "authority", "commissioner")
        self.declare(seated, "A cousin works there.")
        assert self.open(seated) == ["COI-12"]
        self.ask(seated, "COI-12", "A distant cousin, in another building.")
        self.agree(seated, "authority", "commissioner", rule="COI-12")
        assert self.open(seated) == []
        self.declare(seated, "A cousin works there.")
        assert self.open(seated) == []
        self.declare(seated, "My brother works there, too.")
        assert self.open(seated) == ["COI-12"]
        self.ask(seated, "COI-12", "Cousin and brother both work in the museum.")
        self.agree(seated, "authority", "commissioner", rule="COI-12")
        assert self.open(seated) == []

    def declare(self, play: Play, detail: str) -> None:
        play.act(panels.declare_interests, play.review, by=play["peer1"], interest=Interest.PERSONAL, detail=detail)

    def test_a_hard_finding_stays_whatever_was_waived_under_the_same_rule(self, seated: Play) -> None:
        """COI-5 past is waivable, COI-5 current is not."""
        play = seated
        firm = profile(play.programme, "company1").employer_id or 0
        play.session.add(Supply(employer_id=firm, role="supplier", from_on=LONG_AGO, until_on=ago(play, 20)))
        play.session.commit()
        play.act(panels.seat, play.review, person=play["company1"], kind="private", lead=False, by=play["officer"])
        for word, reason in (("officer", "The contract ended."), ("authority", ""), ("commissioner", "")):
            play.act(
                panels.waive_conflict, play.review, person=play["company1"], rule="COI-5", by=play[word], reason=reason
            )
        self.agree(play, "authority", "commissioner")
        assert self.open(play) == []
        play.session.add(Supply(employer_id=firm, role="bidder", from_on=LONG_AGO))
        play.session.commit()
        assert self.open(play) == ["COI-5"]


def test_employers_of_the_pool_are_of_known_kinds(play: Play) -> None:
    """What the tests above rest on."""
    kinds = play.session.exec(select(Employer.kind).where(Employer.name == "Harbour Logistics")).one()
    assert kinds is EmployerKind.COMPANY
