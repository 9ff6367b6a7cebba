"""What a file may hold at most, and the refusal of one that holds more or cannot be read."""

from dataclasses import dataclass

from metstandard.common.errors import Invalid


class Unfit(Invalid):
    """A file that cannot be taken. The sentence goes on after the file's name: "is damaged", "holds macros"."""


@dataclass
class Limits:
    """Pixels of one picture, and the bytes and parts that all of a packed file may unfold to; counted down."""

    pixels: int
    unpacked: int
    parts: int = 10_000

    def take(self, size: int) -> None:
        """Count one part of `size` bytes. Raises Unfit when it is one too many."""
        self.unpacked -= size
        self.parts -= 1
        if self.unpacked < 0 or self.parts < 0:
            raise Unfit("unfolds to more than we can take: save it in smaller pieces")

    def look(self, width: int, height: int) -> None:
        """Hold a picture against its limit. Raises Unfit for one that is too large or has no size at all."""
        if width < 1 or height < 1:
            raise Unfit("is damaged: its picture has no size")
        if width * height > self.pixels:
            most = self.pixels // 1_000_000
            raise Unfit(f"has {width} by {height} pixels, more than {most} million: make the picture smaller")
