"""The store of files: whole or not there, in a folder and in a bucket of a real S3 server over HTTP."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from metstandard.common.errors import StoreAway
from metstandard.common.settings import settings
from metstandard.records import store
from tests.servers.bucket import Bucket

CONTENT = b"The plan of the unit"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
DAMAGED = "The file in the store is damaged. The people who run this service must restore it"
AWAY = "The store of files does not answer or is full. Nothing was lost: please try again"

Spoil = Callable[[bytes], None]


@pytest.fixture(params=["folder", "bucket"])
def spoil(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spoil:
    """A store of each kind; gives what changes the kept file behind our back."""
    if request.param == "folder":
        return lambda content: spoil_file(tmp_path / "evidence", content)
    bucket: Bucket = request.getfixturevalue("bucket")
    use(monkeypatch, bucket.address, bucket.options)
    return lambda content: bucket.put(f"{SHA256[:2]}/{SHA256}", content)


def spoil_file(folder: Path, content: bytes) -> None:
    (folder / SHA256[:2] / SHA256).write_bytes(content)


def use(monkeypatch: pytest.MonkeyPatch, address: str, options: dict[str, object]) -> None:
    """Settings that name this store."""
    monkeypatch.setenv("METSTANDARD_EVIDENCE_URL", address)
    monkeypatch.setenv("METSTANDARD_EVIDENCE_OPTIONS", json.dumps(options))
    settings.cache_clear()


def test_a_file_is_kept_given_back_and_removed(spoil: Spoil) -> None:
    assert store.holds(SHA256) is False
    with pytest.raises(FileNotFoundError):
        store.read(SHA256)
    store.write(SHA256, CONTENT)
    store.write(SHA256, CONTENT)
    assert (store.holds(SHA256), store.read(SHA256)) == (True, CONTENT)
    store.remove(SHA256)
    store.remove(SHA256)
    assert store.holds(SHA256) is False


@pytest.mark.parametrize("damaged", [CONTENT[:-1], b"x" + CONTENT[1:]])
def test_a_file_that_was_changed_or_cut_is_never_given_out(spoil: Spoil, damaged: bytes) -> None:
    store.write(SHA256, CONTENT)
    spoil(damaged)
    with pytest.raises(StoreAway, match=DAMAGED):
        store.read(SHA256)


def test_a_write_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    """A disk that is full: a file system of 64 kB cannot be had without root, so the limit of file sizes stands in."""
    import resource  # noqa: PLC0415 (Unix only, as this test is)
    import signal  # noqa: PLC0415

    content = b"x" * 100_000
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(StoreAway, match=AWAY):
            store.write(hashlib.sha256(content).hexdigest(), content)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert [one for one in (tmp_path / "evidence").rglob("*") if one.is_file()] == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("a file stands where the folder should be")
    with pytest.raises(StoreAway, match=AWAY):
        store.write(SHA256, CONTENT)


def test_a_bucket_that_does_not_answer_or_is_not_there_is_said(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "s3://another", bucket.options)
    with pytest.raises(StoreAway, match=AWAY):
        store.write(SHA256, CONTENT)
    once = {"config_kwargs": {"retries": {"max_attempts": 0}}}
    use(monkeypatch, bucket.address, bucket.options | {"endpoint_url": "http://127.0.0.1:9"} | once)
    with pytest.raises(StoreAway, match=AWAY):
        store.read(SHA256)
