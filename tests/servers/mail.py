"""A real mail server that remembers what it took, and that can refuse, dawdle or be down."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Delivered:
    """One message the server said 250 to."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


@dataclass
class MailServer:
    """What tests tell the server to do (`answers`, `bad_recipients`, `seconds`), and what it `took`."""

    port: int
    took: list[Delivered] = field(default_factory=list)
    tried: int = 0
    """How often a client got as far as sending the message itself."""
    answers: list[str] = field(default_factory=list)
    """Answers to the next messages, first one first, such as `451 Try later`; afterwards 250 again."""
    bad_recipients: set[str] = field(default_factory=set)
    """Addresses refused with 550."""
    seconds: float = 0.0
    """How long each message waits for its answer."""
    _controller: Controller | None = None

    @property
    def url(self) -> str:
        """The address for METSTANDARD_SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def up(self) -> None:
        """Start, or start again on the same port."""
        if self._controller is None:
            self._controller = Controller(_Handler(self), hostname="127.0.0.1", port=self.port)
            self._controller.start()

    def down(self) -> None:
        """Stop: connections are refused."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


class _Handler:
    """The hooks that aiosmtpd calls."""

    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_RCPT(  # noqa: N802 (the hook's name)
        self, _smtp: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.server.bad_recipients:
            return "550 No such person here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (the hook's name)
        self, _smtp: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.server.tried += 1
        if self.server.seconds:
            await asyncio.sleep(self.server.seconds)
        if self.server.answers:
            answer = self.server.answers.pop(0)
            if not answer.startswith("2"):
                return answer
        content: Any = envelope.content
        message = message_from_bytes(content.replace(b"\r\n", b"\n"), policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.server.took.append(Delivered(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        return "250 Taken"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def smtp_server() -> Iterator[MailServer]:
    """A mail server for this test alone, up and willing."""
    server = MailServer(free_port())
    server.up()
    yield server
    server.down()
