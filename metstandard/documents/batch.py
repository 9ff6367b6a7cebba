"""Many papers in one job, such as the awards of a ceremony: one renderer, one signer, memory that does not grow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from metstandard.documents import signing
from metstandard.documents.identity import Identity
from metstandard.documents.render import Renderer

Progress = Callable[[int, int], None]


def in_one_job(
    pages: Iterable[tuple[str, Identity]], *, total: int, progress: Progress = lambda _done, _total: None
) -> Iterator[tuple[Identity, bytes]]:
    """Each page as its PDF, signed where this installation signs, one after the other as the caller takes them.

    Nothing is held back: `pages` may be a generator over rows, and the caller writes each file away. `progress` is
    told after each paper how many are done, of `total`. Raises RenderFailed and SigningFailed.
    """
    signer = signing.signer()
    with Renderer() as renderer:
        for done, (page, identity) in enumerate(pages, start=1):
            body = renderer.pdf(page)
            if signer is not None:
                body = signer.sign(body, identity)
            progress(done, total)
            yield identity, body
