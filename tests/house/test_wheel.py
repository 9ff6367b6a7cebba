"""A built wheel is whole: it carries workflows, rubrics and templates, and judges them where no checkout is."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house import tree


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=tree.ROOT,
        check=True,
        capture_output=True,
    )
    [built] = folder.glob("*.whl")
    return built


def test_the_wheel_carries_the_program_and_its_files(wheel: Path) -> None:
    carried = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    ours = {tree.name(path) for path in tree.files(under="metstandard/")}
    bundled = {
        f"metstandard/bundled/{tree.name(path)}"
        for folder in ("workflows/", "rubrics/", "templates/")
        for path in tree.files(under=folder)
    }
    assert (ours | bundled) - carried == set()
    assert {name for name in carried if not name.startswith("metstandard/")} == set()


def test_check_works_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(wheel).extractall(unpacked)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("METSTANDARD_")}
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "import metstandard, metstandard.cli as c; print(metstandard.__file__); c.main()",
            "check",
        ],
        cwd=tmp_path,
        env=clean | {"PYTHONPATH": str(unpacked), "METSTANDARD_SECRET_KEY": "", "METSTANDARD_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    first, *said = ran.stdout.splitlines()
    assert Path(first).parent == unpacked / "metstandard"
    assert [line.split(":")[0] for line in said] == [
        "action 1", "assessment 1", "certificate 1", "nomination 1", "met-standard 1", "recognition 1",
    ]  # fmt: skip
