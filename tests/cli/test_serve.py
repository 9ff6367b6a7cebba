"""`metstandard serve`: what it says, what it refuses, and that its processes start and stop together."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from metstandard.cli import main
from metstandard.common.settings import settings
from tests.servers.product import Served

CHILDREN = "/proc/{}/task/{}/children"


def run(*arguments: str) -> Result:
    """The command as it is typed."""
    settings.cache_clear()
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "", "error: METSTANDARD_SECRET_KEY must have at least 32 characters\n"),
        (
            "SECRET_KEY",
            "a" * 40,
            "error: METSTANDARD_SECRET_KEY repeats too few characters: make one with `metstandard secret`\n",
        ),
        (
            "SECRET_KEY",
            "please-change-me-0192837465-qwerty",
            "error: METSTANDARD_SECRET_KEY looks like an example: make one with `metstandard secret`\n",
        ),
    ],
)
def test_an_unsafe_setting_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"METSTANDARD_{name}", value)
    for command in (["serve"], ["worker"]):
        result = run(*command)
        assert (result.exit_code, result.stderr, result.stdout) == (2, said, "")


def test_a_demonstration_over_https_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METSTANDARD_DEMO", "1")
    monkeypatch.setenv("METSTANDARD_BASE_URL", "https://met.example")
    result = run("serve")
    assert result.exit_code == 2
    assert result.stderr == "error: METSTANDARD_DEMO must not be set on a site served over HTTPS\n"


def test_a_port_that_is_taken_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", "--port", str(taken.getsockname()[1]))
    assert result.exit_code == 2
    assert result.stderr.endswith("Address already in use\n")
    assert not (tmp_path / "metstandard.db").exists()


def children(process: int) -> list[int]:
    """The processes that a process started."""
    return [int(one) for one in Path(CHILDREN.format(process, process)).read_text().split()]


def runs(process: int) -> bool:
    """Whether a process is there and no corpse."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def name_of(process: int) -> str:
    """What a process was started as."""
    return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")


def gone(processes: list[int]) -> bool:
    """Whether all of them end within ten seconds."""
    until = time.monotonic() + 10
    while any(runs(one) for one in processes) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(runs(one) for one in processes)


def test_web_and_worker_start_together_and_a_worker_that_dies_comes_back(served_app: Served) -> None:
    served = served_app(demo="1")
    assert "This is a demonstration" in served.log
    web, worker = sorted(children(served.process.pid), key=lambda one: "worker" in name_of(one))
    assert ("cli.web" in name_of(web), "cli worker" in name_of(worker)) == (True, True)
    os.kill(worker, signal.SIGKILL)
    until = time.monotonic() + 30
    while len(now := [one for one in children(served.process.pid) if runs(one)]) < 2 or worker in now:
        assert time.monotonic() < until
        time.sleep(0.1)
    everybody = [*now, *children(web)]
    assert served.stop(signal.SIGINT) == 0
    assert gone(everybody)


def test_a_web_that_dies_ends_all_with_a_failure(served_app: Served) -> None:
    served = served_app()
    web = next(one for one in children(served.process.pid) if "cli.web" in name_of(one))
    everybody = children(served.process.pid)
    os.kill(web, signal.SIGKILL)
    assert served.process.wait(40) == 1
    assert gone(everybody)


def test_killed_without_warning_it_leaves_no_process_behind(served_app: Served) -> None:
    served = served_app()
    everybody = [one for child in children(served.process.pid) for one in (child, *children(child))]
    assert len(everybody) >= 4, "web with two processes of its own, and the worker"
    served.stop(signal.SIGKILL)
    assert gone(everybody)
