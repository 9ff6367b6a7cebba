"""Settings that would only fail later are refused at the start, by the name of their variable."""

from __future__ import annotations

import pytest

from metstandard.common.errors import BadSetting
from metstandard.common.settings import Settings, settings


@pytest.mark.parametrize("address", ["", "127.0.0.1:3310", "[::1]:3310", "scanner.example:3310", "/run/clamd.ctl"])
def test_a_scanner_has_a_port_or_a_socket(address: str) -> None:
    Settings(clamd=address).check()


@pytest.mark.parametrize("address", ["localhost", ":3310", "localhost:clamd", "/"])
def test_an_address_of_a_scanner_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(BadSetting, match=r"^METSTANDARD_CLAMD must be host:port, or the path of a socket$"):
        Settings(clamd=address).check()


def test_options_of_the_store_are_an_object_or_nothing() -> None:
    assert Settings().store_options == {}
    assert Settings(evidence_options='{"endpoint_url": "https://s3.example.org"}').store_options == {
        "endpoint_url": "https://s3.example.org"
    }
    for wrong in ("[1]", "endpoint", "{"):
        with pytest.raises(BadSetting, match=r"^METSTANDARD_EVIDENCE_OPTIONS must be a JSON object$"):
            Settings(evidence_options=wrong).check()


def test_settings_can_be_a_key_of_what_is_kept_for_them() -> None:
    assert hash(settings()) == hash(Settings())
