"""The demonstration programme, played once per run of the tests, and the program served with it."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.product import KEY, Product, clean_environment, product


def played(folder: Path) -> None:
    """Load the demonstration into an empty data folder, as `make run` does."""
    ran = subprocess.run(
        [sys.executable, "-m", "metstandard.cli", "demo"],
        cwd=folder,
        env=clean_environment()
        | {"METSTANDARD_DATA": str(folder), "METSTANDARD_DEMO": "1", "METSTANDARD_SECRET_KEY": KEY},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        pytest.fail(f"metstandard demo failed:\n{ran.stdout}{ran.stderr}")


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A data folder with the demonstration in it, the same for all processes of a run: copy it, never write to it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "demonstration"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = folder.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            played(making)
            making.rename(folder)
    return folder


@pytest.fixture
def demonstration_copy(demonstration: Path, tmp_path: Path) -> Path:
    """A data folder with the demonstration in it for this test alone."""
    return Path(shutil.copytree(demonstration, tmp_path / "demonstration"))


@pytest.fixture(scope="session")
def served_demonstration(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demonstration served, shared by the tests of this process: look at pages, leave its reviews as they are."""
    folder = shutil.copytree(demonstration, tmp_path_factory.mktemp("served") / "demonstration")
    served = product(Path(folder), demo="1")
    served.start()
    yield served
    served.stop()
