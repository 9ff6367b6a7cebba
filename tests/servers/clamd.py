"""A real clamd with a signature database of our own, which knows the EICAR test file and nothing else.

No virus database is downloaded: `freshclam` never runs.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

INSTALL = "clamd is missing: apt-get install --no-install-recommends clamav-daemon"
PATIENCE = 60.0
# The test file that every scanner knows (eicar.org), in two pieces so that no scanner takes this file for it.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
NAME = "Met.Test.EICAR"


class Clamd:
    """One scanner in a folder, on a socket file; `up` and `down` at will."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "clamd.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Write its settings and its database: one file by hash and size, one by what stands in it."""
        (self.folder / "db").mkdir()
        (self.folder / "db" / "test.ndb").write_text(f"{NAME}:0:*:{EICAR.hex()}\n")
        (self.folder / "db" / "test.hdb").write_text(f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:{NAME}\n")  # noqa: S324 (the format's own)
        settings = {
            "Foreground": "yes", "LocalSocket": self.socket, "DatabaseDirectory": self.folder / "db",
            "LogFile": self.folder / "log", "OfficialDatabaseOnly": "no", "StreamMaxLength": "1M",
            "TemporaryDirectory": self.folder, "FixStaleSocket": "yes", "Bytecode": "no",
        }  # fmt: skip
        (self.folder / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))

    def up(self) -> None:
        """Start it and wait until it listens."""
        if self._process is not None:
            return
        found = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
        if found is None:
            pytest.fail(INSTALL)
        with (self.folder / "said").open("ab") as said:
            self._process = subprocess.Popen([found, "-c", str(self.folder / "clamd.conf")], stdout=said, stderr=said)
        until = time.monotonic() + PATIENCE
        while not self.socket.exists():
            if time.monotonic() > until or self._process.poll() is not None:
                pytest.fail(f"clamd did not start:\n{(self.folder / 'said').read_text()}")
            time.sleep(0.05)

    def down(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._process = None
            with suppress(FileNotFoundError):
                self.socket.unlink()


@pytest.fixture(scope="session")
def clamd_server() -> Iterator[Clamd]:
    """The scanner, kept for all tests of a process; each finds it up by `clamd`."""
    # A socket's path must be short, which the folders of pytest are not.
    with tempfile.TemporaryDirectory(prefix="clamd-") as folder:
        made = Clamd(Path(folder))
        made.make()
        yield made
        made.down()


@pytest.fixture
def clamd(clamd_server: Clamd) -> Clamd:
    """The scanner, up."""
    clamd_server.up()
    return clamd_server
