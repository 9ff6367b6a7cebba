"""The mail server of the tests takes letters as a real one does, and fails as a real one does."""

from __future__ import annotations

import smtplib
import time
from email.message import EmailMessage

import pytest

from tests.servers.mail import MailServer


def letter(*to: str) -> EmailMessage:
    """A small letter with a letter of two bytes in it."""
    message = EmailMessage()
    message["From"] = "authority@example.org"
    message["To"] = ", ".join(to)
    message["Subject"] = "Your certificate"
    message.set_content("The fee is £0.\n")
    return message


def send(server: MailServer, *to: str) -> None:
    with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client:
        client.send_message(letter(*to))


def test_what_was_delivered_can_be_read_whole(smtp_server: MailServer) -> None:
    send(smtp_server, "one@example.org", "two@example.org")
    [got] = smtp_server.took
    assert (got.sender, got.recipients) == ("authority@example.org", ("one@example.org", "two@example.org"))
    assert (got.message["Subject"], got.message.get_content()) == ("Your certificate", "The fee is £0.\n")


def test_it_refuses_as_told_and_then_takes_again(smtp_server: MailServer) -> None:
    smtp_server.answers = ["451 Try later", "554 Never"]
    for code in (451, 554):
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(smtp_server, "one@example.org")
        assert refused.value.smtp_code == code
    send(smtp_server, "one@example.org")
    assert (smtp_server.tried, len(smtp_server.took)) == (3, 1)


def test_one_bad_recipient_does_not_stop_the_others(smtp_server: MailServer) -> None:
    smtp_server.bad_recipients = {"gone@example.org"}
    with smtplib.SMTP("127.0.0.1", smtp_server.port, timeout=5) as client:
        refused = client.send_message(letter("one@example.org", "gone@example.org"))
    assert (list(refused), smtp_server.took[0].recipients) == (["gone@example.org"], ("one@example.org",))


def test_it_can_be_slow(smtp_server: MailServer) -> None:
    smtp_server.seconds = 0.3
    began = time.monotonic()
    send(smtp_server, "one@example.org")
    assert time.monotonic() - began >= 0.3


def test_it_can_be_down_and_come_back_on_the_same_port(smtp_server: MailServer) -> None:
    smtp_server.down()
    with pytest.raises(ConnectionRefusedError):
        send(smtp_server, "one@example.org")
    smtp_server.up()
    send(smtp_server, "one@example.org")
    assert len(smtp_server.took) == 1
