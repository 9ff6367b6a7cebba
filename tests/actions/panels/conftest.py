"""Reviews that stand at a stage, played once per run and copied."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.factories.kept import playing
from tests.factories.panel import At


@pytest.fixture
def at(data: Path) -> Iterator[At]:
    """A review of Camden at a stage, on this test's own database."""
    with ExitStack() as opened:
        yield lambda stage: opened.enter_context(playing(data, stage))
