"""docs/settings.md lists exactly the settings there are."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic_core import PydanticUndefined

from metstandard.common.settings import Settings
from tests.house import tree

READS = re.compile(r"""(environ\.get\(|getenv\(|environ\[)f?["']METSTANDARD_[^\]]*(\)|\](?! = ))""")


def shown(default: object) -> str:
    """A default as the table writes it."""
    if default is PydanticUndefined:
        return "the one that comes with the program"
    if isinstance(default, bool):
        return "`1`" if default else "`0`"
    if isinstance(default, Path | int):
        return f"`{default}`"
    return f"`{default}`" if default else "empty"


def test_the_table_is_that_of_the_settings() -> None:
    expected = [
        f"| `METSTANDARD_{name.upper()}` | {shown(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    rows = [line for line in tree.lines(tree.ROOT / "docs/settings.md") if line.startswith("| `")]
    assert rows == expected


def test_reading_past_the_table_would_be_found() -> None:
    assert READS.search('os.environ["METSTANDARD_DEMO"]')
    assert READS.search('os.environ.get("METSTANDARD_DEMO", "")')
    assert READS.search('os.getenv("METSTANDARD_DEMO")')
    assert not READS.search('os.environ["METSTANDARD_BASE_URL"] = "http://example.org"')


def test_code_reads_no_setting_past_the_table() -> None:
    found = [
        f"{tree.name(path)}:{number}"
        for path in tree.files(".py", under="metstandard/")
        if tree.name(path) != "metstandard/common/settings.py"
        for number, line in enumerate(tree.lines(path), 1)
        if READS.search(line)
    ]
    assert found == []
