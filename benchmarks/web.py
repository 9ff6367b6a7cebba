"""Requests a second and p95 of the pages that people wait for, beside a bare Flask page on the same server settings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from itsdangerous import URLSafeTimedSerializer
from sqlmodel import Session

from benchmarks import load
from benchmarks.row import Row
from metstandard.common import clock, ids
from metstandard.common.settings import settings
from metstandard.records import database
from metstandard.records.accounts import Person, SignedIn
from metstandard.records.units import Unit, UnitKind
from metstandard.rules.editions import rubric_of
from tests.factories.programme import programme
from tests.factories.stages import played_to
from tests.servers.mail import free_port

SECONDS = 4.0
UNITS = 1000
_WORKERS = 2
_KEY = "k9Jt2vQz7LmX4sWb8RnY3cPf6HdG1aTe"


@dataclass(frozen=True)
class Prepared:
    """What the product is asked for: the review, its domain and criteria, and a signed-in token for each person."""

    reference: str
    domain: str
    criteria: tuple[str, ...]
    tokens: dict[str, str]
    csrf: str


def run() -> list[Row]:
    """Measure, one pair after the other, so that both feel the same weather."""
    with tempfile.TemporaryDirectory() as folder:
        return _run(Path(folder))


def _run(folder: Path) -> list[Row]:
    environment = {
        **os.environ, "METSTANDARD_DATA": str(folder), "METSTANDARD_SECRET_KEY": _KEY, "METSTANDARD_LOG_LEVEL": "ERROR",
        "METSTANDARD_TRUSTED_HOSTS": "127.0.0.1",
    }  # fmt: skip
    os.environ.update(environment)
    settings.cache_clear()
    prepared = _prepare(folder)
    with _served("metstandard.cli.web", environment) as port, _bare(folder, environment) as peer:
        return [*_reading(port, peer, prepared), _saving(port, peer, prepared)]


def _prepare(folder: Path) -> Prepared:
    engine = database.engine(f"sqlite:///{folder / 'metstandard.db'}")
    from metstandard.records import schema  # noqa: PLC0415

    schema.upgrade(engine)
    with Session(engine) as session:
        people = programme(session)
        play = played_to(people, "scoring", began=clock.now() - timedelta(days=120))
        for number in range(UNITS - 67):
            session.add(
                Unit(
                    code=f"X{number}", name=f"Bench unit {number}", kind=UnitKind.OCU, business_group="Bench",
                    valid_from=date(2020, 1, 1),
                )
            )  # fmt: skip
        tokens = {word: _sign_in(session, people[word]) for word in ("peer1", "officer")}
        domain = next(iter(rubric_of(session, play.review).domains.values()))
        prepared = Prepared(play.review.reference, domain.code, tuple(domain.criteria), tokens, _csrf())
        session.commit()
    engine.dispose()
    return prepared


def _sign_in(session: Session, person: Person) -> str:
    token = ids.token()
    data = {"_user_id": person.fs_uniquifier, "_fresh": True, "person_id": person.key, "csrf_token": "bench"}
    session.add(
        SignedIn(
            token_hash=ids.token_hash(token), person_id=person.key, data=json.dumps(data),
            expires_at=clock.now() + timedelta(hours=2),
        )
    )  # fmt: skip
    return token


def _csrf() -> str:
    """The token that a form of these sessions carries."""
    return str(URLSafeTimedSerializer(_KEY, salt="wtf-csrf-token").dumps("bench"))


@contextmanager
def _served(module: str, environment: dict[str, str]) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", module, "127.0.0.1", str(port), str(_WORKERS)]
    with _started(command, environment, port):
        yield port


@contextmanager
def _bare(folder: Path, environment: dict[str, str]) -> Iterator[int]:
    """The bare pages on the same server: gunicorn, as many workers and threads."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "-w", str(_WORKERS), "--threads", "4", "-k", "gthread", "--keep-alive", "5",
        "--log-level", "error", "-b", f"127.0.0.1:{port}", "benchmarks.bare:create_app()",
    ]  # fmt: skip
    with _started(command, {**environment, "METSTANDARD_BENCH_DATABASE": f"sqlite:///{folder / 'bare.db'}"}, port):
        yield port


@contextmanager
def _started(command: list[str], environment: dict[str, str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(process, port)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise RuntimeError("the server did not start")
        try:
            # The first answers pay for imports; what is measured later does not.
            load.run(port, lambda _connection, _number: load.request("GET", "/sign-in", headers={}), seconds=0.5)
        except RuntimeError as refused:
            if "status 404" in str(refused):
                return
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server did not answer within a minute")


def _reading(port: int, peer: int, prepared: Prepared) -> list[Row]:
    sheet = f"/reviewers/reviews/{prepared.reference}/scoring/{prepared.domain}"
    pages = (
        ("open the score sheet", sheet, "peer1", 1 / 8),
        (f"board with {UNITS} units", "/authority/board", "officer", 1 / 25),
        ("home", "/authority/", "officer", 1 / 25),
    )
    rows = []
    hello = load.request("GET", "/", headers={})
    for name, path, who, target in pages:
        asked = load.request("GET", path, headers={"Cookie": f"metstandard={prepared.tokens[who]}"})
        bare = load.run(peer, _always(hello), seconds=SECONDS)
        ours = load.run(port, _always(asked), seconds=SECONDS)
        rows.append(_row(name, ours, bare, target))
    return rows


def _always(asked: bytes) -> Callable[[int, int], bytes]:
    """The same request again and again."""
    return lambda _connection, _number: asked


def _saving(port: int, peer: int, prepared: Prepared) -> Row:
    """Each save is a new text at the newest revision of its own criterion: one connection for each."""
    commit = load.request("POST", "/commit", headers={}, body=b"x=1")
    bare = load.run(peer, _always(commit), seconds=SECONDS)
    base = f"/reviewers/reviews/{prepared.reference}/scoring/{prepared.domain}"
    headers = {
        "Cookie": f"metstandard={prepared.tokens['peer1']}", "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip

    def save(connection: int, number: int) -> bytes:
        code = prepared.criteria[connection]
        fields = {
            f"revision-{code}": str(number), f"level-{code}": str(number % 5), f"strengths-{code}": f"Seen {number}",
            f"confidence-{code}": "high", "csrf_token": prepared.csrf,
        }  # fmt: skip
        return load.request("POST", f"{base}/{code}", headers=headers, body=urllib.parse.urlencode(fields).encode())

    return _row("save one mark", load.run(port, save, seconds=SECONDS), bare, 1 / 3)


def _row(name: str, ours: load.Load, bare: load.Load, target: float) -> Row:
    shown = f"{name} (p95 {ours.p95:.0f} ms, bare {bare.p95:.0f} ms)"
    return Row(shown, ours.rate, "req/s", bare.rate, ours.rate / bare.rate, target, less_is_better=False)
