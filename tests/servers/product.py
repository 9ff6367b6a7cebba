"""The program itself, started as people start it: `metstandard serve` with web and worker, on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.servers.mail import free_port

PATIENCE = 60.0
# Long, mixed and nobody's example; a served test is not a secret.
KEY = "Zq8vR3xW7nLk2TbY9mHc4JfD6sGp1VaE"


@dataclass
class Product:
    """One served program. `settings` are its environment; `log` is what its processes printed."""

    port: int
    data: Path
    settings: dict[str, str]
    options: tuple[str, ...] = ()
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Everything that web and worker printed since the first start."""
        return (self.data / "serve.log").read_text(encoding="utf-8")

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process that watches web and worker. Raises RuntimeError before the start."""
        if self._process is None:
            raise RuntimeError("start() it first")
        return self._process

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.data / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "metstandard.cli", "serve", "--port", str(self.port), *self.options],
                cwd=self.data,
                env=clean_environment() | self.settings,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + PATIENCE
        while not self.answers():
            if time.monotonic() > until or self._process.poll() is not None:
                self.stop()
                pytest.fail(f"the program did not start:\n{self.log}")
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether it answers requests; a fault of its own is no answer."""
        try:
            with urllib.request.urlopen(self.url, timeout=10) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as failed:
            with failed:
                return failed.code < 500
        except OSError:
            return False

    def listens(self) -> bool:
        """Whether anything takes connections at its port."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop it, wait until its port is free, and give its exit code. SIGKILL is a crash, without a farewell."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(PATIENCE)
        until = time.monotonic() + PATIENCE
        while self.listens():
            if time.monotonic() > until:
                pytest.fail(f"something still listens at port {self.port}:\n{self.log}")
            time.sleep(0.05)
        return code


Served = Callable[..., Product]


def clean_environment() -> dict[str, str]:
    """This process's environment without any setting of the product."""
    return {name: value for name, value in os.environ.items() if not name.startswith("METSTANDARD_")}


def product(data: Path, *, options: tuple[str, ...] = (), **settings: str) -> Product:
    """A program that is not started yet, with its data in `data`; `demo="1"` is METSTANDARD_DEMO=1."""
    port = free_port()
    chosen = {"secret_key": KEY, "data": str(data), "base_url": f"http://127.0.0.1:{port}"} | settings
    return Product(port, data, {f"METSTANDARD_{name.upper()}": value for name, value in chosen.items()}, options)


@pytest.fixture
def served_app(tmp_path: Path) -> Iterator[Served]:
    """Starts the program: `served_app(demo="1", database_url=postgres_url)`, stopped with the test.

    Without `data=` it has an empty data folder below the test's own.
    """
    started: list[Product] = []

    def serve(*, data: Path | None = None, options: tuple[str, ...] = (), **settings: str) -> Product:
        folder = data or tmp_path / f"served-{len(started)}"
        folder.mkdir(exist_ok=True)
        made = product(folder, options=options, **settings)
        started.append(made)
        made.start()
        return made

    yield serve
    for one in started:
        one.stop()
