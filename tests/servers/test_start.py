"""`make run` after the installing: one key per machine, the data kept, a loading that was cut short begun anew."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.house.tree import ROOT
from tests.servers.mail import free_port
from tests.servers.product import clean_environment

PATIENCE = 90.0


@contextmanager
def started(data: Path, port: int, until: Callable[[str], bool]) -> Iterator[str]:
    """`deploy/start` running on `data`; what it has said once that is enough."""
    output = data.with_suffix(".out")
    with output.open("w") as said:
        process = subprocess.Popen(
            [ROOT / "deploy/start", str(port)],
            env=clean_environment() | {"METSTANDARD_DATA": str(data)},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        limit = time.monotonic() + PATIENCE
        while not until(output.read_text(encoding="utf-8")):
            assert process.poll() is None, output.read_text(encoding="utf-8")
            assert time.monotonic() < limit, output.read_text(encoding="utf-8")
            time.sleep(0.1)
        yield output.read_text(encoding="utf-8")
    finally:
        os.killpg(process.pid, 15)
        process.wait(PATIENCE)


def answering(port: int) -> Callable[[str], bool]:
    """Whether the first page comes, whatever was said."""

    def answers(_said: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    return answers


def test_a_start_makes_a_key_of_its_own_and_keeps_it_and_the_data(demonstration_copy: Path) -> None:
    port = free_port()
    with started(demonstration_copy, port, answering(port)) as said:
        key = (demonstration_copy / "secret-key").read_text(encoding="ascii").strip()
        assert "Making a secret key" in said
        assert "Loading" not in said
        assert f"Met Standard is at http://127.0.0.1:{port}\n" in said
    assert len(key) >= 48
    assert (demonstration_copy / "secret-key").stat().st_mode & 0o777 == 0o600
    port = free_port()
    with started(demonstration_copy, port, answering(port)) as said:
        assert "Making a secret key" not in said
    assert (demonstration_copy / "secret-key").read_text(encoding="ascii").strip() == key


def test_a_loading_that_was_cut_short_begins_anew(tmp_path: Path) -> None:
    data = tmp_path / "var"
    data.mkdir()
    (data / "loading").touch()
    (data / "metstandard.db").write_text("half a database")
    with started(data, free_port(), lambda said: "People: " in said) as said:
        assert "loaded anew" in said
    assert (data / "loading").exists(), "cut short again, and known to be"


def test_a_port_that_is_no_number_is_refused() -> None:
    ran = subprocess.run([ROOT / "deploy/start", "eighty"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (2, "PORT must be a number, such as 8000; got 'eighty'\n")
