"""One mail server, spoken to over one connection for many letters."""

from __future__ import annotations

import contextlib
import ipaddress
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from metstandard.common.errors import BadSetting, MetStandardError

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_TIMEOUT = 30.0
_OK = 250
_PERMANENT = 500


class Refused(MetStandardError):
    """The server will never take this letter: nobody of that address, or its content is refused."""


class Postponed(MetStandardError):
    """The server does not take this letter now, and may later."""


class ServerTrouble(MetStandardError):
    """The server cannot be reached, does not know us, or takes no letter at all just now: not one letter's fault."""


@dataclass(frozen=True)
class Address:
    """A mail server as METSTANDARD_SMTP_URL names it.

    `smtp` uses STARTTLS where the server offers it, `smtp+starttls` insists on it, `smtps` is encrypted from the start.
    """

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str) -> Self:
        """Read an address. Raises BadSetting without repeating it: it may hold a password."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            raise BadSetting("METSTANDARD_SMTP_URL has a port that is no port") from None
        if parts.scheme not in _PORTS or not parts.hostname:
            schemes = ", ".join(f"{one}://" for one in _PORTS)
            raise BadSetting(f"METSTANDARD_SMTP_URL must begin with one of {schemes} and name a host")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    @property
    def local(self) -> bool:
        """Whether the server is on this machine, where nobody listens in and certificates are seldom real."""
        if self.host == "localhost":
            return True
        with contextlib.suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return False


class Server:
    """A context manager that connects at the first letter, and again after a connection was lost."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._drop()

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Hand over one message to one recipient.

        Raises Refused or Postponed for this letter alone, ServerTrouble when no other would fare better.
        """
        connection = self._connected()
        try:
            connection.send_message(message, to_addrs=[recipient])
        except smtplib.SMTPRecipientsRefused as failed:
            code, answer = next(iter(failed.recipients.values()))
            raise _judged(code, answer) from None
        except smtplib.SMTPDataError as failed:
            raise _judged(failed.smtp_code, failed.smtp_error) from None
        except (smtplib.SMTPNotSupportedError, ValueError) as failed:
            self._drop()
            raise Refused(_said(failed)) from None
        except (smtplib.SMTPException, OSError) as failed:
            self._drop()
            raise ServerTrouble(_said(failed)) from None

    def _connected(self) -> smtplib.SMTP:
        """The connection in use, or a new one where the server has closed it meanwhile."""
        if self._connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                if self._connection.noop()[0] == _OK:
                    return self._connection
            self._drop()
        try:
            self._connection = self._connect()
        except (smtplib.SMTPException, OSError) as failed:
            raise ServerTrouble(_said(failed)) from None
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        address, trusted = self._address, ssl.create_default_context()
        made = (
            smtplib.SMTP_SSL(address.host, address.port, timeout=_TIMEOUT, context=trusted)
            if address.scheme == "smtps"
            else smtplib.SMTP(address.host, address.port, timeout=_TIMEOUT)
        )
        try:
            made.ehlo_or_helo_if_needed()
            offered = address.scheme == "smtp" and made.has_extn("starttls") and not address.local
            if offered or address.scheme == "smtp+starttls":
                made.starttls(context=trusted)
            if address.user:
                self._log_in(made)
        except BaseException:
            made.close()
            raise
        return made

    def _log_in(self, made: smtplib.SMTP) -> None:
        if not isinstance(made.sock, ssl.SSLSocket) and not self._address.local:
            raise ServerTrouble("The server offers no encryption, so the password is not sent")
        made.login(self._address.user, self._address.password)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _judged(code: int, answer: bytes | str) -> Refused | Postponed:
    sentence = f"{code} {_text(answer)}"
    return Refused(sentence) if code >= _PERMANENT else Postponed(sentence)


def _said(failed: Exception) -> str:
    """What went wrong in one line, in the server's words where it spoke."""
    if isinstance(failed, smtplib.SMTPResponseException):
        return f"{failed.smtp_code} {_text(failed.smtp_error)}"
    return f"{type(failed).__name__}: {failed}"


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
