"""The questions asked about each reviewer after a review, as their file says (REV-5)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, StrictInt

from metstandard.common import located
from metstandard.rubric.shapes import Name, Strict, Table, Text, Texts


class Questions(Strict):
    """One edition: statements, the scale they are judged on (its first step counts 1), and a question in words.

    `remind` are working days around the last day on which whoever has not answered gets a letter.
    """

    feedback: Name
    edition: Annotated[StrictInt, Field(ge=1)]
    remind: Annotated[tuple[StrictInt, ...], Field(strict=False)] = ()
    scale: Annotated[Texts, Field(min_length=2)]
    statements: Annotated[Table[Name, Text], Field(min_length=1)]
    words: Text

    @property
    def name(self) -> str:
        """How an answer names its questions: `reviewers-1`, the file without its ending."""
        return f"{self.feedback}-{self.edition}"


def load_questions(file: Path) -> Questions:
    """The questions of a file. Raises BadFile with the line of what is wrong, or when its name is another."""
    source = located.read(file)
    found = source.parse(Questions)
    if found.name != file.stem:
        raise source.error(f"the file of these questions is called {found.name}.yaml", "edition")
    return found
