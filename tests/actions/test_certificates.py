"""Certificates after they were issued: two keys for each act, one extension, the clock, and the next certificate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from metstandard.actions import certificates
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotNow, NotYours
from metstandard.records import database
from metstandard.records.certificates import Certificate
from metstandard.records.journal import JournalLine
from metstandard.records.outbox import Letter
from metstandard.records.reviews import Timer
from metstandard.rules.content import digest
from metstandard.workflow.calendar import add_months
from tests.factories.certified import certified
from tests.factories.programme import Programme


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A database with Camden's certificate."""
    file = tmp_path / "metstandard.db"
    file.write_bytes(certified())
    engine = database.engine(f"sqlite:///{file}")
    with Session(engine) as made:
        yield made
    engine.dispose()


@pytest.fixture
def one(session: Session) -> Certificate:
    """The certificate."""
    return session.exec(select(Certificate)).one()


def both(session: Session, programme: Programme, one: Certificate, act: str) -> None:
    """Both key holders agree."""
    assert not certificates.joint_act(session, one, act, by=programme["authority"], reason="We think so.")
    assert certificates.joint_act(session, one, act, by=programme["commissioner"], reason="We agree.")


def lines(session: Session, one: Certificate) -> list[tuple[str, str, str]]:
    """The certificate's journal as act, part and state after."""
    query = select(JournalLine).where(JournalLine.record_kind == "certificate", JournalLine.record_id == one.key)
    return [(line.act, line.part, line.after) for line in session.exec(query.order_by(col(JournalLine.seq))).all()]


def letters(session: Session, name: str) -> list[str]:
    """To whom a letter is owed."""
    return sorted(one.address for one in session.exec(select(Letter).where(Letter.name == name)).all())


def test_a_certificate_is_valid_for_36_months_from_the_decision_and_tells_the_commander(
    session: Session, one: Certificate
) -> None:
    """B8: issued at publication with number 1; its head is the journal's line of the publication."""
    assert (one.title, one.state, one.valid_until) == ("MS-0001", "current", add_months(one.decided_on, 36))
    assert letters(session, "certificate_issued") == ["commander@example.org"]
    published = session.exec(select(JournalLine).where(JournalLine.act == "publish")).one()
    assert one.journal_head == published.hash


@pytest.mark.parametrize("act", ["suspend", "withdraw", "extend"])
@pytest.mark.parametrize("word", ["authority", "commissioner"])
def test_one_key_alone_changes_nothing_but_the_journal(
    session: Session, programme: Programme, one: Certificate, act: str, word: str
) -> None:
    """However often the same person agrees: one line, one letter to the other key, the same state and last day."""
    until = one.valid_until
    for _ in range(3):
        assert not certificates.joint_act(session, one, act, by=programme[word], reason="Because.")
    assert (one.state, one.valid_until, one.extended) == ("current", until, False)
    assert lines(session, one)[1:] == [(act, f"{word}_key", "current")]
    other = {"authority": "commissioner", "commissioner": "authority"}[word]
    assert letters(session, "key_to_join") == [f"{other}@example.org"]


def test_both_keys_suspend_and_both_keys_reinstate(session: Session, programme: Programme, one: Certificate) -> None:
    """The commander and the programme office are told each time."""
    both(session, programme, one, "suspend")
    assert one.state == "suspended"
    both(session, programme, one, "reinstate")
    assert one.state == "current"
    assert lines(session, one)[1:] == [
        ("suspend", "authority_key", "current"), ("suspend", "commissioner_key", "suspended"),
        ("reinstate", "authority_key", "suspended"), ("reinstate", "commissioner_key", "current"),
    ]  # fmt: skip
    told = ["commander@example.org", "officer@example.org"]
    assert (letters(session, "certificate_suspended"), letters(session, "certificate_reinstated")) == (told, told)


def test_a_suspension_must_be_settled_within_six_months(
    session: Session, programme: Programme, one: Certificate
) -> None:
    """B8: the timer is set, and the certificate still ends on its last day."""
    both(session, programme, one, "suspend")
    timers = session.exec(select(Timer).where(Timer.record_kind == "certificate")).all()
    assert {timer.name: timer.due_on for timer in timers} == {
        "suspension": add_months(clock.today(), 6), "expire": one.valid_until,
    }  # fmt: skip


def test_the_key_that_completed_an_act_may_be_pressed_twice(
    session: Session, programme: Programme, one: Certificate
) -> None:
    """A double POST has one effect and the same answer."""
    both(session, programme, one, "suspend")
    before = lines(session, one)
    assert certificates.joint_act(session, one, "suspend", by=programme["commissioner"], reason="We agree.")
    assert lines(session, one) == before


def test_agreements_from_before_a_suspension_do_not_count_after_it(
    session: Session, programme: Programme, one: Certificate
) -> None:
    """One key asked for withdrawal while it was current; after reinstatement both have to agree afresh."""
    certificates.joint_act(session, one, "withdraw", by=programme["authority"], reason="Then.")
    both(session, programme, one, "suspend")
    both(session, programme, one, "reinstate")
    assert not certificates.joint_act(session, one, "withdraw", by=programme["commissioner"], reason="Now.")
    assert one.state == "current"


def test_withdrawal_is_final(session: Session, programme: Programme, one: Certificate) -> None:
    """Nothing brings a withdrawn certificate back."""
    both(session, programme, one, "withdraw")
    assert one.state == "withdrawn"
    for act in ("suspend", "reinstate", "extend"):
        with pytest.raises(NotNow):
            certificates.joint_act(session, one, act, by=programme["authority"], reason="Back.")


def test_an_extension_adds_three_months_once(session: Session, programme: Programme, one: Certificate) -> None:
    """B8: with both keys; the timers move; a second one is refused; the commander is told."""
    until = one.valid_until
    both(session, programme, one, "extend")
    assert (one.state, one.extended, one.valid_until) == ("current", True, add_months(until, 3))
    timer = session.exec(select(Timer).where(Timer.record_kind == "certificate", Timer.name == "expire")).one()
    assert timer.due_on == one.valid_until
    assert letters(session, "certificate_extended") == ["commander@example.org", "officer@example.org"]
    assert letters(session, "key_to_join") == ["commissioner@example.org"]
    both_again = certificates.joint_act(session, one, "extend", by=programme["authority"], reason="Again.")
    assert (both_again, one.valid_until) == (True, add_months(until, 3))
    programme.add("deputy", "Second key holder of the Authority")
    programme.appoint("deputy", "authority_key")
    with pytest.raises(NotNow, match="The one extension has been used"):
        certificates.joint_act(session, one, "extend", by=programme["deputy"], reason="Again.")


def test_a_reason_is_compulsory(session: Session, programme: Programme, one: Certificate) -> None:
    """B8: blank is no reason."""
    with pytest.raises(Invalid, match="Give a reason"):
        certificates.joint_act(session, one, "suspend", by=programme["authority"], reason="  ")


def test_nobody_but_a_key_holder_agrees(session: Session, programme: Programme, one: Certificate) -> None:
    """Not the programme office, not the commander, not a reviewer."""
    for word in ("officer", "commander", "peer1", "administrator"):
        with pytest.raises(NotYours):
            certificates.joint_act(session, one, "suspend", by=programme[word], reason="I would.")


def test_what_is_signed_is_what_was_shown(session: Session, programme: Programme, one: Certificate) -> None:
    """A page opened before the certificate changed cannot be signed."""
    seen = digest(session, one, "withdraw")
    both(session, programme, one, "suspend")
    with pytest.raises(Invalid, match="has changed since this page was opened"):
        certificates.joint_act(session, one, "withdraw", by=programme["authority"], reason="Now.", seen=seen)


@pytest.mark.parametrize("suspended", [False, True])
def test_the_clock_ends_a_certificate_the_day_after_its_last(
    session: Session, programme: Programme, one: Certificate, *, suspended: bool
) -> None:
    """Whether it is current or suspended; not a day earlier."""
    if suspended:
        both(session, programme, one, "suspend")
    with clock.pinned_to(clock.at_local(one.valid_until, 23)):
        assert one.status != "expired"
        with pytest.raises(NotNow, match="still valid"):
            certificates.expire(session, one)
    with clock.pinned_to(clock.at_local(one.valid_until + timedelta(days=1), 1)):
        assert one.status == "expired"
        certificates.expire(session, one)
    assert one.state == "expired"
    assert lines(session, one)[-1] == ("expire", "clock", "expired")
    assert letters(session, "certificate_expired") == ["commander@example.org", "officer@example.org"]
