"""A real PostgreSQL in a temporary folder, reached through a socket file, with a database of its own per test."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from metstandard.records import database

INSTALL = "PostgreSQL is missing: apt-get install postgresql"
PATIENCE = 30.0
INITDB = ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]


def programs() -> Path:
    """The folder of `initdb` and `postgres`, newest release first. Fails the test when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    if elsewhere is None:
        pytest.fail(INSTALL)
    return Path(elsewhere).resolve().parent


class PostgreSQL:
    """One server. `durable` keeps fsync and synchronous commits on, for tests that kill it or measure it."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self.durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        # PostgreSQL refuses to run as root; Debian's package brings this user.
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            shutil.chown(folder, account.pw_uid, account.pw_gid)
            self._user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def url(self, name: str) -> str:
        """The SQLAlchemy address of a database of this server."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def make(self) -> None:
        """Make the empty cluster."""
        subprocess.run(
            [str(programs() / "initdb"), "-D", "data", "-U", "postgres", *INITDB],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            **self._user,
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        careless = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = {
            "unix_socket_directories": str(self.folder),
            "listen_addresses": "",
            "max_connections": "60",
            "shared_buffers": "64MB",
            "autovacuum": "off",
            **({} if self.durable else careless),
        }
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [programs() / "postgres", "-D", "data", *(f"--{name}={value}" for name, value in options.items())],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                **self._user,
            )
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.connect("postgres").close()
            except psycopg.OperationalError:
                if time.monotonic() > until or self._process.poll() is not None:
                    pytest.fail(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends at once and cleanly, SIGQUIT as a crash would."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE)
            self._process = None

    def connect(self, name: str) -> psycopg.Connection[tuple[Any, ...]]:
        """A plain connection that commits each statement."""
        return psycopg.connect(dbname=name, host=str(self.folder), user="postgres", autocommit=True)

    def create(self, *, template: str = "template0", name: str = "") -> str:
        """A new database copied from `template`; its name."""
        made = name or f"test_{secrets.token_hex(6)}"
        with self.connect("postgres") as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(made), sql.Identifier(template))
            )
        return made

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        with self.connect("postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def running(*, durable: bool = False) -> Iterator[PostgreSQL]:
    """A server for the length of a block, and nothing left of it afterwards."""
    # A socket file's path has at most 107 characters, so pytest's long temporary folders will not do.
    folder = Path(tempfile.mkdtemp(prefix="met-pg-"))
    server = PostgreSQL(folder, durable=durable)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """A server shared by the tests of this process. It forgets on a power cut; nothing here cuts the power."""
    with running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgreSQL) -> Iterator[str]:
    """The address of an empty database for this test alone."""
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def _tables(postgres: PostgreSQL) -> str:
    name = postgres.create(name="template_tables")
    engine = database.engine(postgres.url(name))
    database.create_all(engine)
    engine.dispose()
    return name


@pytest.fixture
def postgres_tables_url(postgres: PostgreSQL, _tables: str) -> Iterator[str]:
    """The address of a database for this test alone that has every table and no row."""
    name = postgres.create(template=_tables)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def durable_postgres_url() -> Iterator[str]:
    """The address of an empty database on a server of its own that loses nothing it confirmed."""
    with running(durable=True) as server:
        yield server.url(server.create())
