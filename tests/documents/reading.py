"""What a reader gets from a PDF: pages, text, outline, fonts."""

from __future__ import annotations

import io
import re
import subprocess
from typing import Any

from pypdf import PdfReader
from pypdf.generic import Destination


def pages(pdf: bytes) -> list[str]:
    """The text of each page, every run of white space as one space."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def text(pdf: bytes) -> str:
    """The text of the whole document."""
    return " ".join(pages(pdf))


def outline(pdf: bytes) -> list[str]:
    """The bookmarks, deeper ones with two spaces for each level."""

    def walk(items: list[Any], depth: int) -> list[str]:
        found: list[str] = []
        for item in items:
            if isinstance(item, Destination):
                found.append("  " * depth + str(item.title))
            else:
                found += walk(item, depth + 1)
        return found

    return walk(PdfReader(io.BytesIO(pdf)).outline, 0)


def fonts(pdf: bytes) -> set[str]:
    """The names of the embedded fonts without their subset tags."""
    found: set[str] = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            found.add(str(font.get_object()["/BaseFont"]).split("+")[-1])
    return found


def metadata(pdf: bytes) -> str:
    """The XMP packet."""
    root: Any = PdfReader(io.BytesIO(pdf)).root_object
    return str(root["/Metadata"].get_object().get_data().decode())


def lowest(pdf: bytes, word: str) -> float:
    """How far below the upper edge of the first page a word ends, in millimetres; its last place counts."""
    command = ["pdftotext", "-bbox", "-l", "1", "-", "-"]
    told = subprocess.run(command, input=pdf, check=True, capture_output=True).stdout.decode()
    ends = re.findall(rf'yMax="([0-9.]+)">[^<]*{re.escape(word)}[^<]*<', told)
    return max(float(end) for end in ends) / 72 * 25.4


def size(pdf: bytes) -> tuple[int, int]:
    """Width and height of the first page in millimetres."""
    box = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)
