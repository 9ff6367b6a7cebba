"""The public door is tested on a review that was published and brought a certificate."""

from pathlib import Path

import pytest

from tests.factories.certified import certified


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with Camden's certificate MS-0001 in it."""
    (tmp_path / "metstandard.db").write_bytes(certified())
    return tmp_path
