"""How a mail server is reached: its address, encryption, and never a password in the clear."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from metstandard.common.errors import BadSetting
from metstandard.outbox.server import Address, Server, ServerTrouble
from tests.servers.mail import MailServer, free_port


def letter() -> EmailMessage:
    """A small letter."""
    message = EmailMessage()
    message["From"] = "no-reply@met.example"
    message["Subject"] = "OFFICIAL: Come"
    message.set_content("Come.")
    return message


class Encrypting:
    """A server that takes letters only after STARTTLS and a password; it keeps what it saw."""

    def __init__(self, folder: Path) -> None:
        self.certificate = folder / "certificate.pem"
        key = folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(self.certificate)],
            check=True, capture_output=True,
        )  # fmt: skip
        self.port = free_port()
        self.seen: list[tuple[str, bool, list[str]]] = []
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(self.certificate, key)
        self._who = ""
        self.controller = Controller(
            self, hostname="localhost", port=self.port, tls_context=tls, require_starttls=True, auth_required=True,
            authenticator=self.judge,
        )  # fmt: skip

    def judge(self, _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, given: Any) -> AuthResult:
        """Know one user and one password."""
        known = isinstance(given, LoginPassword) and given == LoginPassword(b"met", b"a b:c")
        self._who = given.login.decode() if known else ""
        return AuthResult(success=known, handled=False)

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (hook's name)
        """Take the letter."""
        self.seen.append((self._who, bool(session.ssl), envelope.rcpt_tos))
        return "250 Taken"


@pytest.fixture(scope="module")
def encrypting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Encrypting]:
    """The encrypting server, up."""
    made = Encrypting(tmp_path_factory.mktemp("tls"))
    made.controller.start()
    yield made
    made.controller.stop()


def test_a_letter_goes_encrypted_with_user_and_password(
    encrypting: Encrypting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(encrypting.certificate))
    with Server(Address.of(f"smtp+starttls://met:a%20b%3Ac@localhost:{encrypting.port}")) as server:
        server.send(letter(), "ann@example.org")
    assert encrypting.seen == [("met", True, ["ann@example.org"])]


def test_a_server_that_nobody_vouches_for_gets_nothing(encrypting: Encrypting) -> None:
    before = len(encrypting.seen)
    with (
        Server(Address.of(f"smtp+starttls://met:a@localhost:{encrypting.port}")) as server,
        pytest.raises(ServerTrouble) as refused,
    ):
        server.send(letter(), "ann@example.org")
    assert "certificate verify failed" in str(refused.value)
    assert len(encrypting.seen) == before


def test_a_wrong_password_is_trouble_with_the_server_not_with_the_letter(
    encrypting: Encrypting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(encrypting.certificate))
    with (
        Server(Address.of(f"smtp+starttls://met:wrong@localhost:{encrypting.port}")) as server,
        pytest.raises(ServerTrouble) as refused,
    ):
        server.send(letter(), "ann@example.org")
    assert str(refused.value).startswith("535 ")
    assert "wrong" not in str(refused.value)


def test_no_password_goes_in_the_clear_to_another_machine(smtp_server: MailServer) -> None:
    # 0.0.0.0 leads to this machine, and does not count as such.
    with (
        Server(Address.of(f"smtp://met:secret@0.0.0.0:{smtp_server.port}")) as server,
        pytest.raises(ServerTrouble) as refused,
    ):
        server.send(letter(), "ann@example.org")
    assert str(refused.value) == "The server offers no encryption, so the password is not sent"
    assert smtp_server.tried == 0


def test_starttls_is_insisted_on_where_the_address_says_so(smtp_server: MailServer) -> None:
    with (
        Server(Address.of(f"smtp+starttls://127.0.0.1:{smtp_server.port}")) as server,
        pytest.raises(ServerTrouble) as refused,
    ):
        server.send(letter(), "ann@example.org")
    assert "STARTTLS extension not supported" in str(refused.value)


def test_a_connection_that_was_lost_between_two_letters_is_made_again(smtp_server: MailServer) -> None:
    with Server(Address.of(smtp_server.url)) as server:
        server.send(letter(), "ann@example.org")
        smtp_server.down()
        smtp_server.up()
        server.send(letter(), "bob@example.org")
    assert [one.recipients for one in smtp_server.took] == [("ann@example.org",), ("bob@example.org",)]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", Address("smtp", "mail.example", 25)),
        ("smtp+starttls://mail.example", Address("smtp+starttls", "mail.example", 587)),
        ("smtps://us%40er:p%3Aw@mail.example:4650", Address("smtps", "mail.example", 4650, "us@er", "p:w")),
    ],
)
def test_an_address_of_a_server_is_read(url: str, expected: Address) -> None:
    assert Address.of(url) == expected


@pytest.mark.parametrize("url", ["http://user:hunter2@mail.example", "smtp://user:hunter2@", "smtp://user:hunter2@h:x"])
def test_a_wrong_address_of_a_server_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(BadSetting) as refused:
        Address.of(url)
    assert str(refused.value).startswith("METSTANDARD_SMTP_URL ")
    assert "hunter2" not in str(refused.value)
