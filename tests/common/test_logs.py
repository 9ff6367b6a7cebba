"""What a line of the log holds, and what it never holds."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from metstandard.common.logs import configure_logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Logging of the test process is put back."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What was logged, as data."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_lines_are_json_in_utc_whoever_logs(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", plain=False)
    structlog.get_logger("metstandard.worker").info("done", job="letters", count=3)
    logging.getLogger("library").warning("slow %s", "disk")
    found = lines(capsys)
    assert [one.pop("at").endswith("Z") for one in found] == [True, True]
    assert found == [
        {"event": "done", "job": "letters", "count": 3, "level": "info", "logger": "metstandard.worker"},
        {"event": "slow disk", "level": "warning", "logger": "library"},
    ]


def test_the_level_is_that_of_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("warning", plain=False)
    structlog.get_logger("metstandard.worker").info("done")
    logging.getLogger("library").info("done")
    structlog.get_logger("metstandard.worker").warning("slow")
    assert [one["event"] for one in lines(capsys)] == ["slow"]


def test_what_sounds_secret_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", plain=False)
    structlog.get_logger("x").warning(
        "cannot connect", password="hunter2", csrf_token="hunter2", url="smtp://met:hunter2@mail.example:587"
    )
    (one,) = lines(capsys)
    assert "hunter2" not in json.dumps(one)
    assert one["url"] == "smtp://(not logged)@mail.example:587"


@pytest.mark.parametrize("plain", [True, False])
def test_a_traceback_tells_where_and_not_with_which_values(capsys: pytest.CaptureFixture[str], *, plain: bool) -> None:
    configure_logs("INFO", plain=plain)
    typed = "what somebody typed"
    try:
        int(typed[:0])
    except ValueError:
        structlog.get_logger("x").exception("failed")
    said = capsys.readouterr().err
    assert "test_a_traceback_tells_where" in said
    assert "ValueError" in said
    assert "what somebody typed" not in said.replace('typed = "what somebody typed"', "")


def test_configuring_twice_logs_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", plain=False)
    configure_logs("INFO", plain=False)
    structlog.get_logger("x").info("once")
    assert [one["event"] for one in lines(capsys)] == ["once"]
