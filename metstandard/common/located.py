"""YAML that remembers its lines: errors in an organisation's own files name the file and the line.

PyYAML composes the nodes; duplicate keys, aliases and tags are refused. Pydantic's errors are brought back to lines by
their location path.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from metstandard.common.errors import BadFile

ModelT = TypeVar("ModelT", bound=BaseModel)
Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Located:
    """The plain data of a YAML text, with the line of every key and item by its path."""

    file: str
    text: str
    data: Any
    lines: dict[Path_, int]

    def line(self, *path: str | int) -> int | None:
        """The line of a path, or of its nearest ancestor that has one."""
        here: Path_ = path
        while here:
            if here in self.lines:
                return self.lines[here]
            here = here[:-1]
        return self.lines.get(())

    def error(self, message: str, *path: str | int) -> BadFile:
        """A BadFile at the line of a path, to be raised by the caller."""
        return BadFile(message, file=self.file, line=self.line(*path))

    def parse(self, model: type[ModelT]) -> ModelT:
        """The data as a strict pydantic model. Raises BadFile with the line of the first error."""
        try:
            return model.model_validate(self.data)
        except ValidationError as failed:
            first = failed.errors()[0]
            where = [part for part in first["loc"] if self._known(part)]
            name = ".".join(str(part) for part in first["loc"])
            raise self.error(f"{name}: {first['msg']}", *where) from None

    def _known(self, part: str | int) -> bool:
        return any(part in path for path in self.lines)


def read(file: Path, *, text: str | None = None) -> Located:
    """Read a YAML file (or `text` under its name). Raises BadFile for anything that is not plain YAML."""
    try:
        source = file.read_text(encoding="utf-8") if text is None else text
    except (OSError, UnicodeDecodeError) as failed:
        raise BadFile(f"cannot be read: {failed}", file=file) from None
    try:
        node = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.YAMLError as failed:
        mark = getattr(failed, "problem_mark", None)
        problem = getattr(failed, "problem", None) or "is not YAML"
        raise BadFile(problem, file=file, line=mark.line + 1 if mark else None) from None
    if node is None:
        raise BadFile("is empty", file=file, line=1)
    lines: dict[Path_, int] = {}
    data = _plain(node, (), lines, str(file), set())
    return Located(str(file), source, data, lines)


def _plain(node: yaml.Node, path: Path_, lines: dict[Path_, int], file: str, seen: set[int]) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if not isinstance(node, yaml.ScalarNode):
        if id(node) in seen:
            raise BadFile("aliases (&, *) are not allowed", file=file, line=line)
        seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value in node.value:
            key = str(key_node.value)
            here = (*path, key)
            if key in found:
                raise BadFile(f"{key} is given twice", file=file, line=key_node.start_mark.line + 1)
            lines[here] = key_node.start_mark.line + 1
            found[key] = _plain(value, here, lines, file, seen)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, number), lines, file, seen) for number, item in enumerate(node.value)]
    if not node.tag.startswith("tag:yaml.org,2002:"):
        raise BadFile(f"the tag {node.tag} is not allowed", file=file, line=line)
    try:
        return yaml.SafeLoader("").construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError) as failed:
        raise BadFile(f"cannot be read as a value: {failed}", file=file, line=line) from None
