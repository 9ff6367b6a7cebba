"""The process that renders: same bytes, own limits, and a named refusal whatever a document does to it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import weasyprint

from metstandard.documents import render
from metstandard.documents.failures import Failure, RenderFailed
from metstandard.documents.render import Limits, Renderer
from tests.documents import reading

SMALL = '<html lang="en-GB"><title>Small</title><p>One line.</p></html>'


def page(body: str) -> str:
    return f'<html lang="en-GB"><title>A page</title><body style="font-family: \'Source Sans 3\'">{body}</body></html>'


def endless() -> str:
    """A page that takes minutes to lay out: nothing about it is malformed."""
    return page("<table>" + "<tr><td>word<td>word<td>word" * 60_000 + "</table>")


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as made:
        yield made


def test_the_same_page_gives_the_same_bytes_in_another_process(renderer: Renderer) -> None:
    first = renderer.pdf(SMALL)
    renderer.close()
    assert renderer.pdf(SMALL) == first
    assert reading.pages(first) == ["One line."]
    assert renderer.pdf(SMALL.replace("One", "Another")) != first


def test_threads_queue_up_and_each_gets_its_own_document(renderer: Renderer) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda number: renderer.pdf(page(f"<p>Number {number}")), range(8)))
    assert [reading.text(pdf) for pdf in made] == [f"Number {number}" for number in range(8)]


def test_the_child_is_replaced_after_so_many_documents() -> None:
    with Renderer(limits=Limits(documents=2)) as renderer:
        seen = []
        for _ in range(4):
            seen.append(renderer._ready().process.pid)
            renderer.pdf(SMALL)
    assert seen[0] == seen[1] != seen[2] == seen[3]


def test_a_document_that_takes_too_long_is_refused_and_the_next_one_works() -> None:
    with Renderer(limits=Limits(seconds=1.5)) as renderer:
        renderer.pdf(SMALL)
        with pytest.raises(RenderFailed, match="took longer than is allowed") as failed:
            renderer.pdf(endless())
        assert failed.value.why is Failure.TOO_SLOW
        assert renderer.process_id is None
        assert reading.text(renderer.pdf(SMALL)) == "One line."


def test_a_document_that_burns_too_much_cpu_is_refused_and_the_next_one_works() -> None:
    with Renderer(limits=Limits(cpu_seconds=1)) as renderer:
        with pytest.raises(RenderFailed) as failed:
            renderer.pdf(endless())
        assert failed.value.why is Failure.TOO_SLOW
        assert reading.text(renderer.pdf(SMALL)) == "One line."


def test_a_document_that_swells_is_refused_and_the_next_one_works() -> None:
    with Renderer(limits=Limits(megabytes=600)) as renderer:
        renderer.pdf(SMALL)
        with pytest.raises(RenderFailed) as failed:
            renderer.pdf(page("<p>" + "many words " * 2_000_000))
        assert failed.value.why is Failure.TOO_LARGE
        assert reading.text(renderer.pdf(SMALL)) == "One line."


def test_a_child_killed_at_work_is_a_named_failure_and_the_next_document_works(renderer: Renderer) -> None:
    renderer.pdf(SMALL)
    child = renderer.process_id
    assert child is not None
    threading.Timer(0.3, os.kill, (child, signal.SIGKILL)).start()
    with pytest.raises(RenderFailed, match="the process that renders it stopped") as failed:
        renderer.pdf(endless())
    assert (failed.value.why, failed.value.detail[:8]) == (Failure.CRASHED, "exit -9;")
    assert reading.text(renderer.pdf(SMALL)) == "One line."


def test_a_child_killed_while_idle_costs_nothing(renderer: Renderer) -> None:
    renderer.pdf(SMALL)
    child = renderer._ready()
    child.process.kill()
    child.process.wait()
    assert reading.text(renderer.pdf(SMALL)) == "One line."
    assert not child.home.exists()


def test_closing_ends_the_process_and_removes_its_folder(renderer: Renderer) -> None:
    renderer.pdf(SMALL)
    child = renderer._ready()
    assert child.home.exists()
    renderer.close()
    assert child.process.returncode == -signal.SIGKILL
    assert not child.home.exists()


def test_the_child_inherits_no_setting_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METSTANDARD_SECRET_KEY", "sealed-words-of-this-test")
    with Renderer() as renderer:
        renderer.pdf(SMALL)
        its = Path(f"/proc/{renderer.process_id}/environ").read_bytes()
    assert b"FONTCONFIG_FILE" in its
    assert b"sealed-words" not in its


def test_a_forked_process_gets_a_child_of_its_own() -> None:
    mine = render.pdf(SMALL)
    child = render._shared().process_id
    assert child is not None
    reader, writer = os.pipe()
    fork = os.fork()
    if fork == 0:
        try:
            same = render.pdf(SMALL) == mine and render._shared().process_id != child
            render._shared().close()
            os.write(writer, b"same" if same else b"not the same")
        finally:
            os._exit(0)
    os.close(writer)
    assert os.waitpid(fork, 0)[1] == 0
    with os.fdopen(reader, "rb") as pipe:
        assert pipe.read() == b"same"
    assert render.pdf(SMALL) == mine
    assert render._shared().process_id == child


@pytest.fixture
def visits() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine: its address, and the paths it was asked for."""
    asked: list[str] = []

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/css")
            self.end_headers()
            self.wfile.write(b'p::after { content: " fetched" }')

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - the library's names
            return

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def test_nothing_is_fetched_from_the_network(renderer: Renderer, visits: tuple[str, list[str]]) -> None:
    address, asked = visits
    html = page(f'<link rel="stylesheet" href="{address}/style.css"><p>Line')
    bare = weasyprint.HTML(string=html).write_pdf()
    assert (reading.text(bare), asked) == ("Line fetched", ["/style.css"]), "the bare library does fetch it"
    with pytest.raises(RenderFailed) as failed:
        renderer.pdf(html)
    assert (failed.value.why, asked) == (Failure.REFUSED, ["/style.css"])
    assert address in failed.value.detail
    assert address not in str(failed.value)


@pytest.mark.parametrize(
    "body",
    [
        '<link rel="stylesheet" href="{file}"><p>Line',
        "<style>@import url({file})</style><p>Line",
        '<p style="background: url({file})">Line',
        '<img src="{file}" alt="">',
        '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><image href="{file}" width="9" height="9"/></svg>',
        '<object data="{file}"></object>',
        '<link rel="attachment" href="{file}"><p>Line',
        '<img src="data:image/png;base64,iVBORw0KGgo=" alt="">',
        '<img src="asset:../../rubrics/met-standard-1.yaml" alt="">',
    ],
)
def test_no_file_of_the_machine_gets_into_a_document(renderer: Renderer, tmp_path: Path, body: str) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text('p::after { content: " sealed" }', encoding="utf-8")
    html = page(body.replace("{file}", secret.as_uri()))
    if "stylesheet" in body:
        assert "sealed" in reading.text(weasyprint.HTML(string=html).write_pdf()), "the bare library does read it"
    with pytest.raises(RenderFailed) as failed:
        renderer.pdf(html)
    assert failed.value.why is Failure.REFUSED


def test_only_the_bundled_fonts_are_used(renderer: Renderer) -> None:
    html = page('<p style="font-family: Liberation Serif, monospace">Plain <b>bold</b> سلام ✓')
    assert reading.fonts(renderer.pdf(html)) == {"DejaVu-Sans", "Source-Sans-3,", "Source-Sans-3-Semi-Bold"}


def test_a_paper_with_something_missing_is_no_paper(renderer: Renderer) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>{}</svg>'
    assert renderer.pdf(page(drawing.format('<path d="M0 0H9"/>')))
    with pytest.raises(RenderFailed) as failed:
        renderer.pdf(page(drawing.format('<image href="asset:certificate/none.svg" width="9" height="9"/>')))
    assert "Failed to render SVG image" in failed.value.detail
    with pytest.raises(RenderFailed) as failed:
        renderer.pdf("<title>Without a language</title><p>Line")
    assert "lang" in failed.value.detail
