"""What the tree of files must and must not hold."""

from __future__ import annotations

import ast
import re
import tomllib

from tests.house import tree

LONGEST = 300
# A table of wrong ways may run on: cutting it would hide which way is missing.
LONGEST_TEST = 400
# Longer files, each with its reason.
LONG = {
    "metstandard/records/migrations/versions/0001_whole_review.py": "every column of every table, once",
}
STRAY = re.compile(r"(^|/|_)(utils?|helpers?|misc|managers?)(_|\.|/|$)")
LEFT_OPEN = re.compile("|".join(["TO" + "DO", "FIX" + "ME", r"\bX" + r"XX\b", "NotImplemented" + "Error"]))
# Folders of a developer's machine, and hosts that packages come from.
OF_ONE_MACHINE = re.compile(
    "|".join([r"(?<![\w.])/wo" + r"rk/", r"(?<![\w.])/ro" + r"ot/", r"(?<![\w.])/ho" + r"me/[a-z]+/"])
    + "|"
    + "|".join(re.escape(host) for host in ["pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org", "pkg" + ".dev"])
)
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}
NOT_RUN = {"skip", "skipif", "skipIf", "xfail", "importorskip"}


def test_the_patterns_find_what_they_look_for() -> None:
    assert all(STRAY.search(name) for name in ("web/helpers.py", "tests/utils/a.py", "cli/seat_manager.py", "misc.py"))
    assert not any(STRAY.search(name) for name in ("rules/reutilise.py", "web/management.py"))
    assert all(OF_ONE_MACHINE.search(line) for line in ("cd /wo" + "rk/a", "/ro" + "ot/b", "https://pypi" + ".org/x"))
    assert not OF_ONE_MACHINE.search("https://example.org/work/1 ./work/ a/home/b/")
    assert LEFT_OPEN.search("# TO" + "DO later")


def test_no_room_is_named_for_nothing() -> None:
    assert [tree.name(path) for path in tree.files(".py") if STRAY.search(tree.name(path))] == []


def test_files_stay_short_or_say_why_not() -> None:
    lengths = {tree.name(path): len(tree.lines(path)) for path in tree.files(".py")}
    limits = {name: LONGEST_TEST if name.startswith("tests/") else LONGEST for name in lengths}
    assert {name: length for name, length in lengths.items() if length > limits[name] and name not in LONG} == {}
    assert [name for name in LONG if lengths.get(name, 0) <= LONGEST] == [], "no longer long"


def test_nothing_is_left_open() -> None:
    found = [
        f"{tree.name(path)}:{number}"
        for path in tree.files(".py", ".html", ".txt", ".yaml", ".js", ".css", ".md", under="")
        if not tree.name(path).startswith("requirements/")
        for number, line in enumerate(tree.lines(path), 1)
        if LEFT_OPEN.search(line)
    ]
    assert found == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{tree.name(path)}:{number}: {line.strip()[:80]}"
        for path in tree.files()
        for number, line in enumerate(tree.lines(path), 1)
        if OF_ONE_MACHINE.search(line)
    ]
    assert found == []


def test_pinned_requirements_carry_hashes_and_no_address() -> None:
    pinned = tree.files(".txt", under="requirements/")
    assert [tree.name(path) for path in pinned] == [f"requirements/{kind}.txt" for kind in ("build", "run", "test")]
    for path in pinned:
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        assert re.findall(r"^(?!\S+==\S+ \\$|    --hash=sha256:[0-9a-f]{64}(?: \\)?$).+$", text, re.MULTILINE) == []


def test_what_runs_is_pinned_alike_for_running_and_for_testing() -> None:
    pins = {
        kind: set(re.findall(r"^(\S+==\S+) \\$", (tree.ROOT / f"requirements/{kind}.txt").read_text(), re.MULTILINE))
        for kind in ("run", "test")
    }
    assert pins["run"] - pins["test"] == set()


def test_only_the_clock_tells_the_time() -> None:
    found = [
        f"{tree.name(path)}:{node.lineno}"
        for folder in ("metstandard/", "benchmarks/")
        for path in tree.files(".py", under=folder)
        if tree.name(path) != "metstandard/common/clock.py"
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Attribute) and (_last_name(node.value), node.attr) in CLOCKS
    ]
    assert found == []


def test_no_other_name_for_the_machine_time_is_imported() -> None:
    found = [
        f"{tree.name(path)}:{node.lineno}"
        for path in tree.files(".py", under="metstandard/")
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.ImportFrom)
        and node.module == "time"
        and {alias.name for alias in node.names} & {"time", "time_ns"}
    ]
    assert found == []


def test_every_test_runs() -> None:
    found = [
        f"{tree.name(path)}:{node.lineno}"
        for path in tree.files(".py", under="tests/")
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in NOT_RUN and _last_name(node.value) in ("pytest", "mark")
    ]
    assert found == []


def test_no_test_mocks_our_own_rooms() -> None:
    found = [
        f"{tree.name(path)}:{node.lineno}"
        for path in tree.files(".py", under="tests/")
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and "mock" in " ".join([getattr(node, "module", None) or "", *(alias.name for alias in node.names)])
    ]
    assert found == []


def test_every_ignored_lint_rule_has_its_reason() -> None:
    text = (tree.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lint = tomllib.loads(text)["tool"]["ruff"]["lint"]
    ignored = {rule for rules in [lint["ignore"], *lint["per-file-ignores"].values()] for rule in rules}
    reasoned = set(re.findall(r'^    "([A-Z]+[0-9]+)", +# \S', text, re.MULTILINE))
    assert ignored == reasoned


def _last_name(node: ast.expr) -> str:
    """`datetime` of both `datetime.now` and `datetime.datetime.now`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
