"""Letters on their way to a real mail server that refuses, dawdles, falls silent and comes back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from metstandard.common import clock
from metstandard.common.settings import Settings
from metstandard.jobs import letters
from metstandard.outbox import deliver
from metstandard.outbox.server import Address, Server, ServerTrouble
from metstandard.records import database
from metstandard.records.accounts import Person
from metstandard.records.outbox import Letter
from tests.servers.mail import MailServer

NOON = datetime(2026, 10, 14, 11, tzinfo=UTC)
RUN_ON = threading.Event()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest, tmp_path: object) -> Engine:
    """An empty outbox on both databases."""
    if request.param == "postgresql":
        return database.engine(request.getfixturevalue("postgres_tables_url"))
    made = database.engine(f"sqlite:///{tmp_path}/metstandard.db")
    database.create_all(made)
    return made


@pytest.fixture(autouse=True)
def closed(engine: Engine) -> object:
    """Connections are given back before the database is dropped."""
    yield
    engine.dispose()


def owe(engine: Engine, *words: str, name: str = "reminder") -> None:
    """A letter to each of these people, owed at noon."""
    with Session(engine) as session:
        for word in words:
            person = Person(email=f"{word}@example.org", name=word)
            session.add(person)
            session.flush()
            session.add(
                Letter(
                    once=word, name=name, person_id=person.key, address=person.email,
                    subject=f"OFFICIAL: £5 for {word}",
                    text="Zoë, come.\n\nhttp://site/to/review/1", html="<p>Zoë, come.</p>", message_id=f"<{word}@met>",
                    next_try_at=NOON, owed_at=NOON,
                )
            )  # fmt: skip
        session.commit()


def swept(engine: Engine, server: MailServer, *, after: timedelta = timedelta(0)) -> int:
    """One sweep of the outbox, so long after noon."""
    with clock.pinned_to(NOON + after):
        return letters.sweep(
            engine, Settings(smtp_url=server.url, mail_from="Met Standard <no-reply@met.example>"), RUN_ON
        )


def states(engine: Engine) -> dict[str, tuple[str, int, str]]:
    """Status, tries and last error of every letter."""
    with Session(engine) as session:
        return {
            one.once: (one.status.value, one.attempts, one.last_error)
            for one in session.exec(select(Letter).order_by(Letter.id)).all()  # type: ignore[arg-type]
        }


def test_a_letter_goes_out_as_text_and_html_under_the_message_id_it_was_owed_with(
    engine: Engine, smtp_server: MailServer
) -> None:
    owe(engine, "ann")
    assert swept(engine, smtp_server) == 1
    assert swept(engine, smtp_server) == 0
    (one,) = smtp_server.took
    assert (one.sender, one.recipients) == ("no-reply@met.example", ("ann@example.org",))
    message = one.message
    assert {name: message[name] for name in ("From", "To", "Subject", "Message-ID", "Date", "Auto-Submitted")} == {
        "From": "Met Standard <no-reply@met.example>",
        "To": "ann@example.org",
        "Subject": "OFFICIAL: £5 for ann",
        "Message-ID": "<ann@met>",
        "Date": "Wed, 14 Oct 2026 11:00:00 +0000",
        "Auto-Submitted": "auto-generated",
    }
    assert message.get_content_type() == "multipart/alternative"
    assert [(part.get_content_type(), part.get_content().strip()) for part in message.iter_parts()] == [
        ("text/plain", "Zoë, come.\n\nhttp://site/to/review/1"),
        ("text/html", "<p>Zoë, come.</p>"),
    ]
    assert states(engine) == {"ann": ("sent", 1, "")}


def test_a_letter_to_somebody_without_an_account_goes_out_too(engine: Engine, smtp_server: MailServer) -> None:
    owe(engine, "ann", "bob")
    with Session(engine) as session:
        for one in session.exec(select(Letter)).all():
            person = session.get_one(Person, one.person_id)
            person.active = False
            one.person_id = None if one.once == "ann" else one.person_id
        session.commit()
    assert swept(engine, smtp_server) == 1
    assert [one.recipients for one in smtp_server.took] == [("ann@example.org",)]
    assert states(engine)["bob"] == ("failed", 1, "The account was disabled before the letter was sent")


def test_without_a_mail_server_letters_stay_owed(engine: Engine) -> None:
    owe(engine, "ann")
    with clock.pinned_to(NOON):
        assert letters.sweep(engine, Settings(smtp_url=""), RUN_ON) == 0
    assert states(engine) == {"ann": ("owed", 0, "")}


def test_one_bad_recipient_in_fifty_stops_no_other(engine: Engine, smtp_server: MailServer) -> None:
    words = [f"person{number}" for number in range(50)]
    owe(engine, *words)
    smtp_server.bad_recipients.add("person7@example.org")
    assert swept(engine, smtp_server) == 49
    assert [one.recipients[0] for one in smtp_server.took] == [
        f"{one}@example.org" for one in words if one != "person7"
    ]
    assert states(engine)["person7"] == ("failed", 1, "550 No such person here")
    assert {state for word, (state, _, _) in states(engine).items() if word != "person7"} == {"sent"}


def test_a_letter_that_is_refused_for_now_is_tried_again_later_under_the_same_message_id(
    engine: Engine, smtp_server: MailServer
) -> None:
    owe(engine, "ann", "bob")
    smtp_server.answers.append("451 Try later")
    assert swept(engine, smtp_server) == 1
    assert states(engine) == {"ann": ("owed", 1, "451 Try later"), "bob": ("sent", 1, "")}
    assert swept(engine, smtp_server, after=timedelta(seconds=59)) == 0
    assert swept(engine, smtp_server, after=timedelta(minutes=1)) == 1
    assert [one.message["Message-ID"] for one in smtp_server.took] == ["<bob@met>", "<ann@met>"]
    assert states(engine)["ann"] == ("sent", 2, "")


def test_a_letter_that_is_refused_for_good_is_not_tried_again(engine: Engine, smtp_server: MailServer) -> None:
    owe(engine, "ann")
    smtp_server.answers.append("554 Your text is refused")
    assert swept(engine, smtp_server) == 0
    assert swept(engine, smtp_server, after=timedelta(days=30)) == 0
    assert states(engine) == {"ann": ("failed", 1, "554 Your text is refused")}


def test_a_server_that_is_down_delays_letters_and_loses_none(engine: Engine, smtp_server: MailServer) -> None:
    owe(engine, "ann", "bob")
    smtp_server.down()
    assert swept(engine, smtp_server) == 0
    found = states(engine)
    assert [(state, attempts) for state, attempts, _ in found.values()] == [("owed", 1), ("owed", 0)]
    assert "refused" in found["ann"][2]
    smtp_server.up()
    assert swept(engine, smtp_server, after=timedelta(minutes=1)) == 2
    assert sorted(one.message["Message-ID"] for one in smtp_server.took) == ["<ann@met>", "<bob@met>"]


def test_after_the_last_try_a_letter_has_failed_and_says_why(engine: Engine, smtp_server: MailServer) -> None:
    owe(engine, "ann")
    smtp_server.answers += ["450 Full up"] * deliver.TRIES
    after = timedelta(0)
    for wait in (*deliver.WAITS, 0):
        assert states(engine)["ann"][0] == "owed"
        swept(engine, smtp_server, after=after)
        after += timedelta(minutes=wait)
    assert states(engine) == {"ann": ("failed", deliver.TRIES, "450 Full up")}
    assert after > timedelta(days=3), "a mail server may be away for a long weekend"


def test_a_slow_server_gets_every_letter_once(engine: Engine, smtp_server: MailServer) -> None:
    owe(engine, "ann", "bob")
    smtp_server.seconds = 0.2
    assert swept(engine, smtp_server) == 2
    assert smtp_server.tried == 2


def test_two_workers_at_once_send_each_letter_once(engine: Engine, smtp_server: MailServer) -> None:
    words = [f"person{number}" for number in range(20)]
    owe(engine, *words)
    smtp_server.seconds = 0.01
    with ThreadPoolExecutor(4) as workers:
        sent = sum(workers.map(lambda _: swept(engine, smtp_server), range(4)))
    assert sent == 20
    assert sorted(one.recipients[0] for one in smtp_server.took) == sorted(f"{one}@example.org" for one in words)


def test_a_letter_claimed_by_a_worker_that_died_is_sent_again_after_a_while(
    engine: Engine, smtp_server: MailServer
) -> None:
    owe(engine, "ann")
    with clock.pinned_to(NOON), Session(engine) as session, Server(Address.of(smtp_server.url)) as server:
        claimed = deliver.claim(session, "no-reply@met.example")
        session.commit()
        assert claimed is not None
        server.send(claimed.message, claimed.address)
        # Here the worker is killed: the server said 250, the row was not written.
    assert swept(engine, smtp_server, after=deliver.CLAIMED_FOR - timedelta(seconds=1)) == 0
    assert swept(engine, smtp_server, after=deliver.CLAIMED_FOR) == 1
    assert [one.message["Message-ID"] for one in smtp_server.took] == ["<ann@met>", "<ann@met>"]
    assert states(engine) == {"ann": ("sent", 2, "")}


def test_a_late_outcome_never_undoes_a_newer_one(engine: Engine) -> None:
    owe(engine, "ann")

    def claimed(after: timedelta) -> deliver.Claimed:
        with clock.pinned_to(NOON + after), Session(engine) as session:
            found = deliver.claim(session, "no-reply@met.example")
            session.commit()
            assert found is not None
            return found

    slow, quick = claimed(timedelta(0)), claimed(deliver.CLAIMED_FOR)
    with Session(engine) as session:
        deliver.close(session, quick, None)
        deliver.close(session, slow, ServerTrouble("timed out"))
        session.commit()
    assert states(engine) == {"ann": ("sent", 2, "")}


def test_who_was_disabled_gets_no_more_letters(engine: Engine, smtp_server: MailServer) -> None:
    owe(engine, "ann", "bob")
    with Session(engine) as session:
        session.exec(select(Person).where(Person.name == "ann")).one().active = False
        session.commit()
    assert swept(engine, smtp_server) == 1
    assert states(engine) == {
        "ann": ("failed", 1, "The account was disabled before the letter was sent"),
        "bob": ("sent", 1, ""),
    }


def test_a_link_that_stands_for_a_password_is_forgotten_once_sent(engine: Engine, smtp_server: MailServer) -> None:
    owe(engine, "ann", name="invitation")
    owe(engine, "bob", name="reminder")
    assert swept(engine, smtp_server) == 2
    assert "http://site/to/review/1" in smtp_server.took[0].message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    with Session(engine) as session:
        kept = {one.once: "http" in f"{one.text} {one.html}" for one in session.exec(select(Letter)).all()}
    assert kept == {"ann": False, "bob": True}


@pytest.mark.parametrize("field", ["subject", "address"])
def test_a_header_of_two_lines_is_never_sent(engine: Engine, smtp_server: MailServer, field: str) -> None:
    owe(engine, "ann", "bob")
    with Session(engine) as session:
        letter = session.exec(select(Letter).where(Letter.once == "ann")).one()
        setattr(letter, field, "ann@example.org\r\nBcc: eve@example.org")
        session.commit()
    assert swept(engine, smtp_server) == 1
    assert [one.recipients for one in smtp_server.took] == [("bob@example.org",)]
    assert states(engine)["ann"] == ("failed", 1, "The address or the subject of the letter is not one line")


def test_a_worker_that_is_told_to_stop_finishes_the_letter_in_hand(engine: Engine, smtp_server: MailServer) -> None:
    owe(engine, "ann", "bob", "cid")
    stop = threading.Event()
    smtp_server.seconds = 0.3
    stopper = threading.Timer(0.1, stop.set)
    stopper.start()
    with clock.pinned_to(NOON):
        sent = letters.sweep(engine, Settings(smtp_url=smtp_server.url), stop)
    stopper.join()
    assert sent == 1
    assert [state for state, _, _ in states(engine).values()] == ["sent", "owed", "owed"]
