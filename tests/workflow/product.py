"""The product's own workflow files, loaded with its own names."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from metstandard.rules.vocabulary import vocabulary
from metstandard.workflow.definition import Workflow
from metstandard.workflow.load import load_folder

FOLDER = Path(__file__).parents[2] / "workflows"
NAMES = ["action", "assessment", "certificate", "nomination"]


@lru_cache(maxsize=1)
def loaded() -> dict[str, Workflow]:
    """Every workflow by its name, read once."""
    return load_folder(FOLDER, vocabulary())
