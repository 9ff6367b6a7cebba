"""Signing papers: which key, where it comes from, and the one function that signs a PDF.

The process that renders a paper signs it. Without a key in the settings papers stay unsigned and every start says so;
a demonstration makes a key of its own. A key that is configured and cannot be used stops the paper: nothing leaves
unsigned by accident.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from metstandard.common import clock
from metstandard.common.errors import BadSetting, MetStandardError
from metstandard.common.settings import Settings, settings
from metstandard.documents import keys
from metstandard.documents.identity import Identity

if TYPE_CHECKING:
    from metstandard.documents.pades import Pades

UNSIGNED = "Papers are not signed: METSTANDARD_SIGNING_KEY and METSTANDARD_SIGNING_MODULE are empty."
DEMONSTRATION = "Met Standard demonstration"
_AGES = timedelta(days=3650)


class SigningFailed(MetStandardError):
    """A paper could not be signed; `detail` is for the log of the operator."""

    def __init__(self, detail: str) -> None:
        super().__init__("The document could not be made: the key that signs it did not answer.")
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Signer:
    """The key of this installation's papers. `certificate` is DER; `fingerprint` its SHA-256."""

    pades: Pades
    certificate: bytes
    fingerprint: str

    def sign(self, pdf: bytes, identity: Identity) -> bytes:
        """The signed paper. Raises SigningFailed."""
        try:
            return self.pades.sign(pdf, str(identity), at=clock.now())
        except Exception as failed:
            raise SigningFailed(f"{type(failed).__name__}: {failed}") from failed


def signer() -> Signer | None:
    """The signer of this process's settings, opened once; None where papers stay unsigned. Raises BadSetting."""
    with _Opening.lock:
        return _opened(settings())


class _Opening:
    """Two threads must not open one token: it lets nobody log in twice."""

    lock = threading.Lock()


@lru_cache(maxsize=2)
def _opened(chosen: Settings) -> Signer | None:
    if not signs(chosen):
        return None
    from metstandard.documents import pades  # noqa: PLC0415 (slow to load)

    if chosen.signing_module:
        made = pades.from_token(
            chosen.signing_module, token=chosen.signing_token, label=chosen.signing_label, pin=chosen.signing_pin
        )
    else:
        made = pades.from_file(_file(chosen))
    return Signer(made, made.certificate, keys.fingerprint(made.certificate))


def _after_fork() -> None:
    """A token's session belongs to the process that opened it: a forked web process opens its own."""
    _Opening.lock = threading.Lock()
    _opened.cache_clear()


os.register_at_fork(after_in_child=_after_fork)


def signs(chosen: Settings) -> bool:
    """Whether these settings sign papers."""
    return bool(chosen.signing_key or chosen.signing_module or chosen.demo)


def check(chosen: Settings) -> None:
    """Refuse a start with keys that cannot be used, before the first paper is asked for. Raises BadSetting.

    A token is only looked for: it is opened by the process that signs.
    """
    if chosen.signing_key and chosen.signing_module:
        raise BadSetting("METSTANDARD_SIGNING_KEY and METSTANDARD_SIGNING_MODULE are both set: leave one empty")
    if chosen.signing_module:
        if not Path(chosen.signing_module).is_file():
            raise BadSetting(f"METSTANDARD_SIGNING_MODULE: there is no file {chosen.signing_module}")
        if not chosen.signing_label:
            raise BadSetting("METSTANDARD_SIGNING_LABEL must name the key in the token")
    elif chosen.signing_key:
        _file(chosen)
    former(chosen)
    if chosen.badge_key:
        badge_key(chosen)


def _file(chosen: Settings) -> keys.KeyFile:
    own = chosen.data / "signing-key.pem"
    if not chosen.signing_key:
        now = clock.now()
        _make(own, lambda: keys.signing_pem(DEMONSTRATION, since=now - _AGES, until=now + _AGES))
    return keys.signing_file(
        Path(chosen.signing_key or own), chosen.signing_passphrase, setting="METSTANDARD_SIGNING_KEY"
    )


def _make(file: Path, text: Callable[[], bytes]) -> None:
    """A demonstration's own key; of two processes that make one at once, the first one's stays."""
    if not file.exists():
        with suppress(keys.KeyExists):
            keys.keep(text(), file)


def former(chosen: Settings) -> dict[str, bytes]:
    """The certificates that signed before, as DER by fingerprint. Raises BadSetting."""
    if not chosen.signing_former:
        return {}
    found = keys.certificates_file(Path(chosen.signing_former), setting="METSTANDARD_SIGNING_FORMER")
    return {keys.fingerprint(keys.der(one)): keys.der(one) for one in found}


def trusted() -> dict[str, bytes]:
    """Every certificate whose signature counts as ours, as DER by fingerprint: the former ones and the present one."""
    own = signer()
    return former(settings()) | ({own.fingerprint: own.certificate} if own else {})


def badge_key(chosen: Settings) -> bytes | None:
    """The PEM text of the key that signs badges; None where none are issued. Raises BadSetting."""
    own = chosen.data / "badge-key.pem"
    if chosen.badge_key:
        return keys.badge_file(Path(chosen.badge_key), setting="METSTANDARD_BADGE_KEY")
    if not chosen.demo:
        return None
    _make(own, keys.badge_pem)
    return keys.badge_file(own, setting="METSTANDARD_BADGE_KEY")
