"""Every name that a workflow or rubric file may use is explained in the vocabulary beside those files."""

from __future__ import annotations

import re

import pytest

from metstandard.rules import vocabulary
from tests.house import tree

EXPLAINED = re.compile(r"`([a-z_]+)`")


@pytest.mark.parametrize("kind", ["GUARDS", "PARTS", "ACTS", "DATES"])
def test_workflows_readme_explains_every_name(kind: str) -> None:
    explained = set(EXPLAINED.findall((tree.ROOT / "workflows/README.md").read_text(encoding="utf-8")))
    names: frozenset[str] = getattr(vocabulary, kind)
    assert sorted(names - explained) == []


def test_workflows_readme_explains_every_letter() -> None:
    explained = set(EXPLAINED.findall((tree.ROOT / "workflows/README.md").read_text(encoding="utf-8")))
    assert sorted(vocabulary.letters() - explained) == []
