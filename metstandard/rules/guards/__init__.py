"""The facts that a workflow may ask for, by name: one short function each, no side effect."""

from metstandard.rules.guards import (  # noqa: F401 (importing a file registers its guards)
    certificates,
    commissioning,
    followup,
    panels,
    recognition,
    reporting,
    scoring,
    visit,
)
from metstandard.rules.guards.register import holds, sentence, sentences

__all__ = ["holds", "sentence", "sentences"]
