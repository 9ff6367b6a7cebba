"""What the public sends is kept once, answered by the programme office, and forgotten when its time is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlmodel import Session, select

from metstandard.actions import enquiries
from metstandard.actions.enquiries import Message
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow, NotYours, Stale
from metstandard.queries import enquiries as reads
from metstandard.queries import journal
from metstandard.queries.tasks import open_tasks
from metstandard.records.enquiries import About, Enquiry, EnquiryKind, EnquiryState, Format
from metstandard.records.journal import JournalLine
from metstandard.records.outbox import Letter, LetterStatus
from metstandard.records.seats import Seat, SeatStatus
from metstandard.workflow import calendar
from tests.factories.counting import queries
from tests.factories.programme import Programme
from tests.factories.stages import played_to

COMMENT = Message(EnquiryKind.COMMENT, About.SERVICE, "Well done.", name="Reader", email="reader@example.org")
BRAILLE = Message(
    EnquiryKind.FORMAT, About.PAPER, "", item="Certificate MS-0001", format=Format.BRAILLE, postal="1 Street\nTown"
)
HOSTILE = "<a href='http://evil.example'>x</a> www.evil.example me@evil.example\x00\x08\u202emoc\nBcc: a@b.example"


def letters(session: Session) -> list[tuple[str, str, int | None]]:
    """Name, address and person of every letter."""
    return [(one.name, one.address, one.person_id) for one in session.exec(select(Letter).order_by("id")).all()]


def acts(session: Session) -> list[tuple[str, str, str, str]]:
    """The journal of enquiries."""
    rows = session.exec(select(JournalLine).where(JournalLine.record_kind == "enquiry").order_by("id")).all()
    return [(one.act, one.part, one.before, one.after) for one in rows]


def test_a_comment_is_kept_confirmed_and_answered(programme: Programme, session: Session) -> None:
    one = enquiries.take_in(session, COMMENT, once="form-1")
    assert (one.state, one.due_on) == (EnquiryState.RECEIVED, calendar.add_working_days(clock.today(), 15))
    enquiries.give(session, one, programme["officer"], by=programme["officer"], revision=one.version)
    enquiries.answer(session, one, "Thank you.\n\nWe agree.", by=programme["officer"], revision=one.version)
    assert (one.state, one.reply, one.ended_at is not None) == (EnquiryState.ANSWERED, "Thank you.\n\nWe agree.", True)
    assert letters(session) == [
        ("enquiry_received", "reader@example.org", None), ("enquiry_answered", "reader@example.org", None),
    ]  # fmt: skip
    text = session.exec(select(Letter).where(Letter.name == "enquiry_answered")).one().text
    assert text.splitlines()[2:11] == [
        "Dear Reader,", "", "This is our answer to your comment.", "", "Thank you.", "", "We agree.", "",
        "If you want to write again, give your reference.",
    ]  # fmt: skip
    assert acts(session) == [
        ("take_in", "public", "", "received"), ("give", "programme_officer", "received", "in_work"),
        ("answer", "programme_officer", "in_work", "answered"),
    ]  # fmt: skip
    assert isinstance(journal.verify(session), journal.Whole)


def test_the_same_form_sent_twice_is_one_enquiry_with_one_letter(programme: Programme, session: Session) -> None:
    first = enquiries.take_in(session, COMMENT, once="form-1")
    assert enquiries.take_in(session, replace(COMMENT, text="Again"), once="form-1").reference == first.reference
    assert len(session.exec(select(Enquiry)).all()) == 1
    assert len(letters(session)) == 1
    assert enquiries.take_in(session, COMMENT, once="form-2").reference != first.reference


def test_somebody_without_an_address_gets_no_letter(programme: Programme, session: Session) -> None:
    one = enquiries.take_in(session, replace(COMMENT, email="", name=""), once="form-1")
    enquiries.answer(session, one, "Thank you.", by=programme["officer"], revision=one.version)
    assert letters(session) == []


def test_a_request_for_braille_needs_somewhere_to_send_it_and_may_be_refused(
    programme: Programme, session: Session
) -> None:
    with pytest.raises(Invalid) as refused:
        enquiries.take_in(session, replace(BRAILLE, postal=" \x00 "), once="form-1")
    assert refused.value.field == "postal"
    one = enquiries.take_in(session, BRAILLE, once="form-2")
    assert one.due_on == calendar.add_working_days(clock.today(), 20)
    enquiries.close(session, one, "We do not publish this.", by=programme["officer"], revision=one.version)
    assert (one.state, one.reason) == (EnquiryState.CLOSED, "We do not publish this.")


@pytest.mark.parametrize(
    ("message", "field"),
    [
        (replace(COMMENT, text="\x00 \n"), "text"), (replace(COMMENT, about=About.UNIT), "unit"),
        (replace(BRAILLE, format=None), "format"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(programme: Programme, session: Session, message: Message, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        enquiries.take_in(session, message, once="form-1")
    assert refused.value.field == field


def test_only_the_programme_office_acts_once_and_on_what_it_saw(programme: Programme, session: Session) -> None:
    one = enquiries.take_in(session, COMMENT, once="form-1")
    for word in ("authority", "administrator", "commander", "peer1", "press"):
        with pytest.raises(NotYours):
            enquiries.answer(session, one, "Mine", by=programme[word], revision=one.version)
    with pytest.raises(Invalid):
        enquiries.give(session, one, programme["commander"], by=programme["officer"], revision=one.version)
    with pytest.raises(Stale):
        enquiries.answer(session, one, "Late", by=programme["officer"], revision=one.version - 1)
    enquiries.answer(session, one, "First", by=programme["officer"], revision=one.version)
    for again in (enquiries.answer, enquiries.close):
        with pytest.raises(NotNow):
            again(session, one, "Second", by=programme["officer"], revision=one.version)


def test_who_sits_on_a_units_panel_reads_no_comment_about_it(programme: Programme, session: Session) -> None:
    """Even somebody who was made an officer later; once the seat is given up, the comment can be read."""
    played_to(programme, "scoping")
    programme.appoint("peer1", "programme_officer")
    reviewer = programme["peer1"]
    one = enquiries.take_in(session, replace(COMMENT, about=About.UNIT, unit=programme.unit("EK")), once="form-1")
    other = enquiries.take_in(session, COMMENT, once="form-2")

    def read() -> list[str]:
        return [line.enquiry.reference for line in reads.enquiries(session, reviewer).lines]

    assert read() == [other.reference]
    assert reads.one(session, reviewer, one.reference) is None
    with pytest.raises(NotFound):
        enquiries.answer(session, one, "Mine", by=reviewer, revision=one.version)
    assert reads.enquiries(session, programme["officer"]).total == 2
    seat = session.exec(select(Seat).where(Seat.person_id == reviewer.key)).one()
    seat.status, seat.accepted_at = SeatStatus.UNSEATED, None
    session.flush()
    assert read() == [one.reference, other.reference]


def test_hostile_words_are_plain_in_the_letter(programme: Programme, session: Session) -> None:
    one = enquiries.take_in(session, replace(COMMENT, name=HOSTILE[:100], text=HOSTILE), once="form-1")
    assert "\x00" not in one.name + one.text
    assert "\u202e" not in one.name + one.text
    enquiries.answer(session, one, HOSTILE, by=programme["officer"], revision=one.version)
    for letter in session.exec(select(Letter)).all():
        page = BeautifulSoup(letter.html, "html.parser")
        link = f"http://127.0.0.1:8000/contact/{one.reference}"
        assert [each["href"] for each in page.find_all("a")] == [link]
        said = letter.text.replace(link, "")
        assert [bad for bad in ("http://", "evil.example", "me@evil", "\u202e") if bad in said] == []
        assert "Bcc" not in letter.subject


def test_after_its_time_an_enquiry_loses_its_names_and_words_and_keeps_its_dates(
    programme: Programme, session: Session
) -> None:
    old = enquiries.take_in(session, COMMENT, once="form-1")
    enquiries.close(session, old, "Because of Reader.", by=programme["officer"], revision=old.version)
    waiting = enquiries.take_in(session, COMMENT, once="form-2")
    for letter in session.exec(select(Letter)).all():
        letter.status = LetterStatus.SENT
    with clock.pinned_to(clock.now() + timedelta(days=700)):
        assert enquiries.erase_ended(session) == 0
    with clock.pinned_to(clock.now() + timedelta(days=740)):
        assert enquiries.erase_ended(session) == 1
        assert enquiries.erase_ended(session) == 0
    session.expire_all()
    assert (old.name, old.email, old.text, old.reason.startswith("Removed")) == ("", "", "", True)
    assert old.ended_at is not None
    assert (waiting.name, waiting.text) == ("Reader", "Well done.")
    kept = {(one.record_id, one.address) for one in session.exec(select(Letter)).all()}
    assert kept == {(old.key, ""), (waiting.key, "reader@example.org")}
    assert isinstance(journal.verify(session), journal.Whole)


def test_the_office_finds_it_among_what_it_needs_to_do_until_it_is_answered(
    programme: Programme, session: Session
) -> None:
    one = enquiries.take_in(session, COMMENT, once="form-1")
    two = enquiries.take_in(session, BRAILLE, once="form-2")
    programme.add("other", "Other officer")
    programme.appoint("other", "programme_officer")
    enquiries.give(session, one, programme["other"], by=programme["officer"], revision=one.version)

    def tasks(word: str) -> list[tuple[str, str]]:
        return [(task.text, task.where) for task in open_tasks(session, programme[word])]

    assert tasks("other") == [("Answer a comment", one.reference), ("Send a paper in another format", two.reference)]
    assert tasks("officer") == [("Send a paper in another format", two.reference)]
    assert tasks("authority") == []
    enquiries.answer(session, one, "Thank you.", by=programme["other"], revision=one.version)
    assert tasks("other") == [("Send a paper in another format", two.reference)]


def test_the_list_asks_the_same_for_one_and_for_three(programme: Programme, session: Session) -> None:
    counts = []
    for number in range(3):
        enquiries.take_in(session, replace(COMMENT, about=About.UNIT, unit=programme.unit("EK")), once=f"form-{number}")
        with queries(session.get_bind()) as asked:  # type: ignore[arg-type]
            assert len(reads.enquiries(session, programme["officer"]).lines) == number + 1
        counts.append(len(asked))
    assert counts == [3, 3, 3]
