"""The scanner of the tests knows one virus and can be stopped and started."""

from __future__ import annotations

from metstandard.jobs import clamd as asking
from tests.servers.clamd import EICAR, Clamd


def test_it_is_down_and_up_again(clamd: Clamd) -> None:
    clamd.down()
    assert asking.standing(str(clamd.socket)).endswith("does not answer: new files wait in quarantine")
    clamd.up()
    assert asking.scan(str(clamd.socket), EICAR)
