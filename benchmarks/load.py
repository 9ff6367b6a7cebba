"""Sending requests to a server on this machine: a few connections kept open, times of each answer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

CONNECTIONS = 4
_HEAD_END = b"\r\n\r\n"


@dataclass
class Load:
    """What came of a run: how many answers a second, and the time below which 95 of 100 stayed, in milliseconds."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    @property
    def p95(self) -> float:
        """The 95th percentile in milliseconds."""
        return sorted(self.times)[int(len(self.times) * 0.95)] * 1000


def request(method: str, path: str, *, headers: dict[str, str], body: bytes = b"") -> bytes:
    """One HTTP/1.1 request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + _HEAD_END + body


def run(port: int, make: Callable[[int, int], bytes], *, seconds: float) -> Load:
    """Send what `make(connection, number)` gives on four connections for some seconds.

    Raises RuntimeError for an error answer.
    """
    load, failed = Load(), list[str]()
    ends = time.monotonic() + seconds

    def one(connection: int) -> None:
        number = 0
        try:
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while time.monotonic() < ends:
                    began = time.monotonic()
                    line.sendall(make(connection, number))
                    number += 1
                    status = _answer(line)
                    load.times.append(time.monotonic() - began)
                    if status >= 400:
                        failed.append(f"status {status}")
                        return
        except OSError as broken:
            failed.append(repr(broken))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(CONNECTIONS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.seconds = time.monotonic() - began
    if failed or not load.times:
        raise RuntimeError(f"the server answered {failed[0] if failed else 'nothing'}")
    return load


def _answer(line: socket.socket) -> int:
    """Read one answer to its end; the status."""
    data = b""
    while _HEAD_END not in data:
        piece = line.recv(65536)
        if not piece:
            raise ConnectionResetError("the server closed the connection")
        data += piece
    head, rest = data.split(_HEAD_END, 1)
    length = next(
        int(one.split(b":", 1)[1]) for one in head.split(b"\r\n")[1:] if one.lower().startswith(b"content-length:")
    )
    while len(rest) < length:
        rest += line.recv(65536)
    return int(head.split(b" ", 2)[1])
