"""What comes from outside as JSON: read strictly, refused by its place, never changed afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from metstandard.common.errors import BadFile

FactsT = TypeVar("FactsT", bound="Facts")


class Facts(BaseModel):
    """Strict types, never changed after reading. Keys that nobody knows are left alone."""

    model_config = ConfigDict(strict=True, frozen=True)


def text_of(file: Path) -> bytes:
    """The bytes of a file. Raises BadFile if it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as failed:
        raise BadFile(f"cannot be read: {failed.strerror}", file=file) from None


def parse_json(text: bytes | str, *, file: str) -> Any:
    """Plain data from JSON. Raises BadFile with the line for broken JSON and for a key that is given twice."""
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as failed:
        raise BadFile(f"is not JSON: {failed.msg} at column {failed.colno}", file=file, line=failed.lineno) from None
    except (ValueError, RecursionError) as failed:
        raise BadFile(f"is not JSON: {failed}", file=file) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice} is given twice in one object")
    return found


def validated(model: type[FactsT], text: bytes | str, *, file: str) -> FactsT:
    """A JSON text as a model. Raises BadFile with the path of the first error."""
    try:
        return model.model_validate_json(text)
    except ValidationError as failed:
        first = failed.errors(include_url=False)[0]
        raise BadFile(f"{path_of(first['loc'])}: {first['msg']}", file=file) from None


def path_of(loc: Iterable[int | str]) -> str:
    """`reviewers[3].capacity` for ("reviewers", 3, "capacity")."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return path.lstrip(".") or "the whole text"


def as_lines(plain: dict[str, Any]) -> str:
    """Plain data as JSON, one entry of a list on each line, so that two texts can be compared with `diff`."""
    lines = [f"  {json.dumps(key)}: {_rows(value)}" for key, value in plain.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _rows(value: object) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value, ensure_ascii=False)
    return "[\n" + ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in value) + "\n  ]"
