"""To-do lists over many reviews: the same as review by review, in a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from metstandard.actions import commissioning, deputies
from metstandard.common import clock
from metstandard.queries.pending import pending
from metstandard.queries.reviews import for_staff
from metstandard.queries.tasks import next_moves, open_tasks
from metstandard.records.accounts import Person
from metstandard.records.followup import Action
from metstandard.records.reviews import Review
from metstandard.rules.case import Reviewed
from metstandard.rules.content import digest
from metstandard.rules.many import key_of, playable_in
from metstandard.rules.parts import parts_of, playable
from tests.factories.counting import queries
from tests.factories.programme import Programme
from tests.factories.stages import Play, played_to


def elsewhere(programme: Programme, code: str) -> Programme:
    """The same people, with a commander and an author of another unit in the places of Camden's."""
    word = f"commander-{code.lower()}"
    programme.add(word, f"Commander of {code}")
    programme.appoint(word, "commander", unit=code)
    return Programme(programme.session, programme.people | {"commander": programme[word], "author": programme[word]})


def asked(session: Session, person: Person) -> int:
    """How many queries a to-do list asks."""
    session.commit()
    _ = person.id
    with queries(session.get_bind()) as found:  # type: ignore[arg-type]
        open_tasks(session, person)
    return len(found)


# At most: one query for each kind of fact that some stage asks for, whatever the number of reviews.
OFFICER, KEY = 17, 23


def test_the_officers_list_asks_the_same_for_one_review_and_for_three(programme: Programme) -> None:
    played_to(programme, "proposed")
    one = asked(programme.session, programme["officer"])
    for code in ("SX", "XB"):
        played_to(elsewhere(programme, code), "proposed", unit=code)
    assert len(open_tasks(programme.session, programme["officer"])) == 3
    assert (one, asked(programme.session, programme["officer"])) == (OFFICER, OFFICER)


def test_a_key_holders_list_asks_the_same_for_one_review_and_for_three(programme: Programme) -> None:
    played_to(programme, "commissioning")
    one = asked(programme.session, programme["authority"])
    for code in ("SX", "XB"):
        played_to(elsewhere(programme, code), "commissioning", unit=code)
    assert len(open_tasks(programme.session, programme["authority"])) == 3
    assert (one, asked(programme.session, programme["authority"])) == (KEY, KEY)


@pytest.fixture
def busy(programme: Programme) -> Iterator[Play]:
    """Reviews at very different stages, deputies, two people of two parts, actions under way."""
    played_to(programme, "follow_up", began=clock.now() - timedelta(days=400))
    play = played_to(elsewhere(programme, "SX"), "commissioning", unit="SX")
    play.act(
        commissioning.turn_key, play.review, by=play["authority"],
        seen=digest(play.session, play.review, "commissioning"),
    )  # fmt: skip
    third = played_to(elsewhere(programme, "XB"), "self_assessment", unit="XB", began=clock.now() - timedelta(days=60))
    programme.add("helper", "Deputy")
    third.act(deputies.assign_deputy, third.review, by=third["commander"], deputy=programme["helper"])
    programme.appoint("peer2", "unit_author", unit="XB")
    with ExitStack() as stack:
        stack.enter_context(third.at())
        yield third


def test_parts_of_many_records_are_the_parts_of_each(busy: Play) -> None:
    session = busy.session
    records: list[Reviewed] = [*session.exec(select(Review)).all(), *session.exec(select(Action)).all()]
    people = session.exec(select(Person)).all()
    many = {one.key: playable_in(session, one, records) for one in people}
    each = {
        one.key: {key_of(record): playable(session, one, record, parts_of(session, one, record)) for record in records}
        for one in people
    }
    assert many == each
    assert {part for found in many.values() for parts in found.values() for part in parts} >= {
        "programme_officer", "authority_key", "moderator", "reviewer", "lead_reviewer", "commander", "unit_author",
        "deputy", "link_member", "action_owner", "verifier",
    }  # fmt: skip


def test_a_list_says_what_each_record_says(busy: Play) -> None:
    session = busy.session
    records: list[Reviewed] = [*session.exec(select(Review)).all(), *session.exec(select(Action)).all()]
    for person in session.exec(select(Person)).all():
        listed = sorted((task.text, task.endpoint) for task in open_tasks(session, person))
        assert listed == sorted((one.text, one.endpoint) for each in records for one in pending(session, person, each))


def test_exactly_the_right_people_have_something_to_do(busy: Play) -> None:
    found = {
        person.email.split("@")[0]: [task.text for task in open_tasks(busy.session, person)]
        for person in busy.session.exec(select(Person)).all()
    }
    prepare, feedback = "Write the self-assessment and add evidence", "Give your feedback on the reviewers"
    assert {word: texts for word, texts in found.items() if texts} == {
        "commissioner": ["Turn your key on the commission"],
        "commander-xb": [prepare],
        "peer2": [prepare],
        "helper": ["Prepare the self-assessment and its evidence"],
        "author": ["Report progress on action 1"],
        **{word: [feedback] for word in ("commander", "peer1", "council1", "company1")},
    }


def test_whose_turn_it_is_next_is_told_to_those_of_the_review_only(busy: Play) -> None:
    everybody = Programme.of(busy.session)

    def told(word: str) -> list[str]:
        return [one.where.split(" (")[0] for one in next_moves(busy.session, everybody[word])]

    assert sorted(told("officer")) == ["Barnet BOCU", "Camden BOCU", "Ealing BOCU"]
    assert told("commander-xb") == ["Ealing BOCU"]
    assert told("helper") == ["Ealing BOCU"]
    assert (told("administrator"), told("press"), told("council3")) == ([], [], [])


@pytest.mark.parametrize("word", ["administrator", "press", "commander", "peer1", "council3"])
def test_the_staff_view_of_a_review_is_for_those_who_run_judge_or_decide(programme: Programme, word: str) -> None:
    play = played_to(programme, "proposed")
    reference = play.review.reference
    staff = ("officer", "authority", "commissioner", "member", "link")
    assert [for_staff(play.session, play[one], reference) is None for one in staff] == [False] * 5
    assert for_staff(play.session, play[word], reference) is None


def test_naming_an_administrator_as_link_member_opens_nothing(programme: Programme) -> None:
    play = played_to(programme, "proposed")
    play.review.link_member_id = programme["administrator"].key
    play.session.add(play.review)
    play.session.commit()
    assert for_staff(play.session, programme["administrator"], play.review.reference) is None
    assert parts_of(play.session, programme["administrator"], play.review) == {"administrator"}


def test_a_link_member_whose_appointment_ended_sees_the_review_no_more(programme: Programme) -> None:
    from metstandard.actions.people import end_part  # noqa: PLC0415
    from metstandard.rules.parts import standing  # noqa: PLC0415

    play = played_to(programme, "proposed")
    assert for_staff(play.session, play["link"], play.review.reference) is play.review
    end_part(play.session, standing(play.session, play["link"])[0], by=play["administrator"])
    assert for_staff(play.session, play["link"], play.review.reference) is None
    assert parts_of(play.session, play["link"], play.review) == frozenset()
