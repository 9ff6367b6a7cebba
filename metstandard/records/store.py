"""Where the bytes of files lie: a local folder, or any address that fsspec knows, such as `s3://bucket/evidence`.

A file has its hash for a name and is whole or not there: locally it is written under another name, forced to the disk
and renamed; a bucket shows an object only when all of it has arrived. What is read is held against its hash.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from metstandard.common import ids
from metstandard.common.errors import StoreAway
from metstandard.common.settings import settings

_AWAY = "The store of files does not answer or is full. Nothing was lost: please try again"


def write(sha256: str, content: bytes) -> None:
    """Keep bytes under their hash. Raises StoreAway when they could not be kept, all of them."""
    try:
        with _store(sha256) as (system, path):
            if isinstance(system, LocalFileSystem):
                _write_locally(Path(path), content)
            else:
                system.pipe_file(path, content)
    except FileNotFoundError as fault:
        raise StoreAway(_AWAY) from fault


def read(sha256: str) -> bytes:
    """The bytes of a hash. Raises FileNotFoundError when they are gone, StoreAway for a damaged file or store."""
    with _store(sha256) as (system, path):
        content: bytes = system.cat_file(path)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StoreAway("The file in the store is damaged. The people who run this service must restore it")
    return content


def holds(sha256: str) -> bool:
    """Whether the store has bytes of that hash. Raises StoreAway when it cannot be asked."""
    with _store(sha256) as (system, path):
        return bool(system.exists(path))


def remove(sha256: str) -> None:
    """Take bytes out of the store; nothing when they are gone already. Raises StoreAway when that failed."""
    with _store(sha256) as (system, path):
        if system.exists(path):
            system.rm_file(path)


@contextmanager
def _store(sha256: str) -> Iterator[tuple[Any, str]]:
    """The file system with the path of a hash in it. Each kind of store has failures of its own; all become one."""
    address = f"{settings().evidence.rstrip('/')}/{sha256[:2]}/{sha256}"
    try:
        yield fsspec.core.url_to_fs(address, **settings().store_options)
    except (FileNotFoundError, StoreAway):
        raise
    except Exception as fault:
        raise StoreAway(_AWAY) from fault


def _write_locally(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{ids.token()}")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
