"""A draft keeps everything typed, is sent once, and nobody nominates themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from metstandard.actions.recognition import eligibility, nominating, nominees
from metstandard.actions.recognition.nominees import Named
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotNow, NotYours, Stale
from metstandard.records.outbox import Letter
from metstandard.records.recognition import Nomination, Nominee, Seconder, Seconding
from metstandard.workflow.machine import NotOpen
from tests.factories.nominations import ALONE, NOMINATOR, answer, drafted, officer_of, submitted, taken_up
from tests.factories.programme import Programme


def kept(nomination: Nomination, page: str) -> dict[str, object]:
    """What a draft remembers of a page."""
    found: dict[str, object] = nomination.answers["pages"][page]
    return found


def test_the_same_form_begins_one_draft_and_owes_one_letter(session: Session) -> None:
    """A second press of the button changes nothing."""
    made = [
        nominating.begin_nomination(session, by=None, name=NOMINATOR[0], email=NOMINATOR[1], once="form") for _ in "ab"
    ]
    assert made[0].key == made[1].key
    assert session.exec(select(Letter.name)).all() == ["nomination_begun"]
    assert (made[0].state, made[0].nominator_id, made[0].due_on) == ("draft", None, clock.today() + timedelta(days=60))


def test_typing_that_is_not_valid_is_kept_and_its_column_is_emptied(session: Session, programme: Programme) -> None:
    """The column never says what the page no longer says."""
    one = drafted(session)
    nominating.save_page(session, one, "effect", by=None, typed={"effect": "half"}, values=None, revision=1)
    assert kept(one, "effect") == {"typed": {"effect": "half"}, "revision": 2, "valid": False}
    assert one.effect == ""
    with pytest.raises(Invalid, match="This answer is not complete") as refused:
        nominating.submit(session, one, by=None)
    assert refused.value.field == "effect"


def test_another_tab_is_told_of_what_it_would_overwrite(session: Session, programme: Programme) -> None:
    """Both versions come with the refusal; the same words twice are no conflict."""
    one = drafted(session)
    typed = {"effect": "From the first tab."}
    for _ in range(2):
        nominating.save_page(session, one, "effect", by=None, typed=typed, values=typed, revision=1)
    mine = {"effect": "From the second tab."}
    with pytest.raises(Stale) as refused:
        nominating.save_page(session, one, "effect", by=None, typed=mine, values=mine, revision=1)
    assert (refused.value.mine, refused.value.theirs) == (mine, typed | {"revision": 2})


@pytest.mark.parametrize(
    ("page", "values", "said"),
    [
        ("award", {"scheme": "knighthood"}, "Choose an award"),
        ("kind", {"nominee_kind": "team"}, "Choose a kind of nominee of this award"),
        ("category", {"category": "gallantry"}, "Choose a category of this award"),
        ("when", {"happened_on": clock.today() + timedelta(days=1)}, "The date must be today or in the past"),
        ("when", {"happened_on": clock.today() - timedelta(days=800)}, "The date must be within the last 24 months"),
        ("citation", {"citation": "word " * 101}, "Use 100 words or fewer"),
        ("account", {"account": "word " * 751}, "Use 750 words or fewer"),
    ],
)
def test_what_the_scheme_does_not_know_is_refused(
    session: Session, programme: Programme, page: str, values: dict[str, object], said: str
) -> None:
    """Each refusal stands beside its field."""
    one = drafted(session)
    with pytest.raises(Invalid, match=said) as refused:
        nominating.save_page(session, one, page, by=None, typed={}, values=values, revision=1)
    assert refused.value.field == next(iter(values))


def test_a_nomination_is_sent_once_and_then_locked(session: Session, programme: Programme) -> None:
    """Neither its pages nor its nominees can be written to afterwards."""
    one = submitted(session)
    assert (one.state, one.round, one.posthumous) == ("submitted", 1, False)
    assert one.submitted_at is not None
    with pytest.raises(NotOpen):
        nominating.submit(session, one, by=None)
    with pytest.raises(NotOpen):
        nominating.save_page(session, one, "effect", by=None, typed={}, values={"effect": "More."}, revision=1)
    with pytest.raises(NotOpen):
        nominees.save_nominee(session, one, "nominee", by=None, typed={}, named=ALONE[0], revision=1)


def test_nobody_nominates_themselves(session: Session, programme: Programme) -> None:
    """The same address on both sides is refused, in capitals too."""
    one = drafted(session, named=[Named("Nora", service="met", email=NOMINATOR[1].upper())], seconder={
        "name": "Sam", "email": "sam@example.com", "body": "Elsewhere",
    })  # fmt: skip
    with pytest.raises(Invalid, match="Nobody nominates themselves"):
        nominating.submit(session, one, by=None)


def test_a_team_needs_a_name_and_two_members(session: Session, programme: Programme) -> None:
    """One member is no team."""
    one = drafted(session, scheme="team", named=[Named("Tess Team", service="met")])
    assert nominating.unfinished(session, one) == {"members": "Name at least two members of the team"}


def test_a_team_that_becomes_one_person_asks_again_who_it_is(session: Session, programme: Programme) -> None:
    """Members of a team that is none any more are no nominees."""
    one = drafted(session, scheme="team")
    for page, values in (("award", {"scheme": "individual"}), ("kind", {"nominee_kind": "staff"})):
        nominating.save_page(session, one, page, by=None, typed=values, values=values, revision=1)
    assert session.exec(select(Nominee)).all() == []


def test_only_the_account_that_made_it_writes_to_a_nomination(session: Session, programme: Programme) -> None:
    """Another account is refused, whatever it knows."""
    one = drafted(session, by=programme["commander"])
    assert (one.nominator_name, one.nominator_email) != NOMINATOR
    with pytest.raises(NotYours):
        nominating.save_page(session, one, "effect", by=programme["author"], typed={}, values=None, revision=1)


def test_what_is_sent_again_is_seconded_again(session: Session, programme: Programme) -> None:
    """The answer to the first version does not count for the second."""
    one = taken_up(session)
    eligibility.return_nomination(session, one, by=officer_of(session), reason="Please name the bridge.")
    nominating.submit(session, one, by=None)
    rows = session.exec(select(Seconder).order_by(col(Seconder.id))).all()
    assert [(each.email, each.answer) for each in rows] == [
        ("sam@example.com", Seconding.CONFIRMED), ("sam@example.com", Seconding.ASKED),
    ]  # fmt: skip
    assert one.round == 2
    with pytest.raises(NotNow, match="The seconder has not confirmed it"):
        eligibility.take_up(session, one, by=officer_of(session))
    answer(session, one)
    eligibility.take_up(session, one, by=officer_of(session))


def test_a_seconder_who_had_not_answered_is_asked_again_about_the_new_version(
    session: Session, programme: Programme
) -> None:
    """The link to the first version ends, and a new letter goes out."""
    one = submitted(session)
    eligibility.return_nomination(session, one, by=officer_of(session), reason="Please name the bridge.")
    nominating.submit(session, one, by=None)
    asked = session.exec(select(Letter.address).where(Letter.name == "seconder_asked")).all()
    assert asked == ["sam@example.com", "sam@example.com"]
    assert len(session.exec(select(Seconder)).all()) == 1


def test_lost_links_go_to_the_address_and_nowhere_else(session: Session, programme: Programme) -> None:
    """An unknown address gets nothing, and the same form is one letter."""
    one = submitted(session)
    assert [nominating.send_links(session, email, once="a") for email in ("NORA@example.com", "x@example.com")] == [
        1,
        0,
    ]
    nominating.send_links(session, "nora@example.com", once="a")
    sent = session.exec(select(Letter).where(Letter.name == "nomination_link")).all()
    assert [(each.address, each.record_id) for each in sent] == [("nora@example.com", one.key)]


def test_a_withdrawal_asks_why_and_ends_the_seconders_link(session: Session, programme: Programme) -> None:
    """The officer's withdrawal is told to the nominator, the nominator's own is not."""
    one, other = submitted(session), submitted(session, email="other@example.com")
    with pytest.raises(Invalid, match="Give a reason"):
        nominating.withdraw(session, one, by=None, reason=" ")
    nominating.withdraw(session, one, by=None, reason="It was somebody else.")
    nominating.withdraw(session, other, by=officer_of(session), reason="It repeats another.")
    assert [each.state for each in (one, other)] == ["withdrawn", "withdrawn"]
    told = session.exec(select(Letter.address).where(Letter.name == "nomination_withdrawn")).all()
    assert told == ["other@example.com"]
