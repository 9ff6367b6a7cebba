"""The files of the project as git sees them: tracked, or about to be."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Taken whole from elsewhere, with their licence beside them.
VENDORED = ("tests/browser/axe", "metstandard/web/static/govuk/", "templates/documents/fonts/")


@cache
def files(*suffixes: str, under: str = "") -> tuple[Path, ...]:
    """Our own text files below `under`, with one of the suffixes when some are given."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    return tuple(
        ROOT / name
        for name in sorted(set(listed))
        if name.startswith(under)
        and not name.startswith(VENDORED)
        and (not suffixes or name.endswith(suffixes))
        and (ROOT / name).is_file()
    )


def name(path: Path) -> str:
    """A path as people write it, from the project's folder."""
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> list[str]:
    """The lines of a text file; none for a file that is not text."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=name(path))
