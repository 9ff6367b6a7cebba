"""What README.md and docs/ tell people to type, open and write works."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import NamedTuple

import click
import pytest
import yaml

from metstandard.cli import main
from metstandard.rules.vocabulary import letters
from tests.house import tree

# Programs that a reader has or is told to install; the rest of a line is theirs to know.
OTHER_PROGRAMS = {
    "apt-get", "cd", "cp", "curl", "docker", "export", "git", "install", "journalctl", "mkdir", "openssl", "pg_dump",
    "pg_restore", "pip", "python", "python3", "runuser", "sudo", "systemctl", "uv",
}  # fmt: skip
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


class Block(NamedTuple):
    """One fenced block of a page."""

    page: str
    number: int
    language: str
    text: str


def pages() -> list[Path]:
    """Every Markdown page of the project."""
    return list(tree.files(".md"))


def blocks(*languages: str) -> list[Block]:
    """The fenced blocks in one of the languages."""
    return [
        Block(tree.name(page), number, language, text)
        for page in pages()
        for number, (language, text) in enumerate(FENCE.findall(page.read_text(encoding="utf-8")), 1)
        if language in languages
    ]


def lines_to_type() -> list[tuple[str, str]]:
    """Every command of every shell block, with its page; continued lines joined, comments and `$ ` taken off."""
    return [
        (block.page, line.removeprefix("$ ").strip())
        for block in blocks("sh", "bash", "shell", "console")
        for line in block.text.replace("\\\n", " ").splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]


def targets() -> set[str]:
    """The targets of the Makefile."""
    return set(re.findall(r"^(\w+):", (tree.ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def wrong_with(line: str) -> str:
    """What is wrong with a typed line; nothing when it can be typed."""
    words = [word for word in shlex.split(line, comments=True) if not re.match(r"[A-Z_]+=", word)]
    if not words:
        return ""
    program = Path(words[0]).name
    if program == "make":
        return "".join(f"no target {word}" for word in words[1:] if "=" not in word and word not in targets())
    if program == "metstandard":
        return wrong_with_command(words[1:])
    if words[0].startswith(("deploy/", "./")):
        return "" if (tree.ROOT / words[0]).is_file() else "no such file"
    return "" if program in OTHER_PROGRAMS else f"{program} is not explained"


def wrong_with_command(words: list[str]) -> str:
    """What is wrong with a call of `metstandard`: a command or an option that does not exist."""
    command: click.Command = main
    rest = list(words)
    while isinstance(command, click.Group):
        name = next((word for word in rest if not word.startswith("-")), None)
        if name is None:
            return ""
        if name not in command.commands:
            return f"no command {name}"
        rest.remove(name)
        command = command.commands[name]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return "".join(
        f"no option {word} of {command.name}"
        for word in (word.partition("=")[0] for word in rest)
        if word.startswith("-") and word not in known | {"--help"}
    )


def commands(group: click.Group, before: str = "metstandard") -> list[str]:
    """Every command of the program as it is typed."""
    found: list[str] = []
    for name, command in group.commands.items():
        typed = f"{before} {name}"
        found += commands(command, typed) if isinstance(command, click.Group) else [typed]
    return found


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("make run PORT=8123", ""),
        ("make rum", "no target rum"),
        (".venv/bin/metstandard check", ""),
        ("metstandard chekc", "no command chekc"),
        ("metstandard check --quick", "no option --quick of check"),
        ("frobnicate all", "frobnicate is not explained"),
    ],
)
def test_a_wrong_line_would_be_found(line: str, wrong: str) -> None:
    assert wrong_with(line) == wrong


def test_what_pages_tell_to_type_exists() -> None:
    found = [f"{page}: {line}: {wrong_with(line)}" for page, line in lines_to_type() if wrong_with(line)]
    assert found == []


def test_readme_starts_with_the_two_commands() -> None:
    typed = [line for page, line in lines_to_type() if page == "README.md"]
    assert [line for line in typed if line.startswith("make")][:2] == ["make run", "make test"]


def test_data_blocks_are_whole() -> None:
    for block in blocks("json"):
        json.loads(block.text)
    for block in blocks("yaml"):
        yaml.safe_load(block.text)


def test_python_blocks_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for block in blocks("python"):
        exec(compile(block.text, f"{block.page}, block {block.number}", "exec"), {"__name__": "block"})  # noqa: S102


def test_links_and_pictures_lead_somewhere() -> None:
    found = [
        f"{tree.name(page)}: {target}"
        for page in pages()
        for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()
    ]
    assert found == []


def test_every_command_is_explained_somewhere() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages())
    assert [typed for typed in commands(main) if typed not in text] == []


def test_every_target_of_the_makefile_is_explained_somewhere() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages())
    assert sorted(name for name in targets() if f"make {name}" not in text) == []


def test_every_letter_is_explained_beside_the_workflows() -> None:
    text = (tree.ROOT / "workflows/README.md").read_text(encoding="utf-8")
    assert sorted(name for name in letters() if f"`{name}`" not in text) == []
