"""A real S3 server on this machine: moto's, spoken to over HTTP as any other. One bucket for each test."""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import fsspec
import pytest

from tests.servers.mail import free_port

PATIENCE = 30.0


@dataclass(frozen=True)
class Bucket:
    """A bucket: its address for METSTANDARD_EVIDENCE_URL, and what METSTANDARD_EVIDENCE_OPTIONS must say."""

    name: str
    options: dict[str, Any]

    @property
    def address(self) -> str:
        """The folder of the bucket that files go to."""
        return f"s3://{self.name}/evidence"

    def put(self, path: str, content: bytes) -> None:
        """Write an object behind the program's back."""
        fsspec.filesystem("s3", **self.options).pipe_file(f"{self.name}/evidence/{path}", content)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The server; gives its address."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait_for(process, port)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


def wait_for(process: subprocess.Popen[Any], port: int) -> None:
    """Wait until a server that was started answers on its port. Fails the test when it never does."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > until or process.poll() is not None:
                pytest.fail("The S3 server of the tests (moto) did not start")
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def bucket(s3_server: str) -> Bucket:
    """An empty bucket of this test's own."""
    options = {"endpoint_url": s3_server, "key": "somebody", "secret": "opens-the-bucket"}
    made = Bucket(f"test-{secrets.token_hex(6)}", options)
    fsspec.filesystem("s3", **options).mkdir(made.name)
    return made
