"""A real clamd is asked in its own protocol, on a socket file and on a port."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from metstandard.jobs import clamd as asking
from tests.servers.clamd import EICAR, NAME, Clamd
from tests.servers.mail import free_port


@pytest.fixture
def port(clamd: Clamd) -> Iterator[str]:
    """The same scanner behind a port: bytes go to and fro until the scanner hangs up."""
    listener = socket.create_server(("127.0.0.1", free_port()))
    ended = threading.Event()

    def pass_on() -> None:
        while not ended.is_set():
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(str(clamd.socket))
            with near, far:
                forth = threading.Thread(target=pump, args=(near, far))
                forth.start()
                pump(far, near)
                near.shutdown(socket.SHUT_RDWR)
                forth.join()

    def pump(source: socket.socket, target: socket.socket) -> None:
        while piece := source.recv(4096):
            target.sendall(piece)

    thread = threading.Thread(target=pass_on)
    thread.start()
    yield f"127.0.0.1:{listener.getsockname()[1]}"
    ended.set()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def test_a_clean_file_is_told_from_one_with_the_test_virus(clamd: Clamd, port: str) -> None:
    for address in (str(clamd.socket), port):
        assert asking.scan(address, b"The plan of the unit" * 9000) == ""
        assert asking.scan(address, b"before " + EICAR + b" after") == f"{NAME}.UNOFFICIAL"


def test_a_file_larger_than_the_scanner_takes_is_not_taken_for_clean(clamd: Clamd) -> None:
    with pytest.raises(asking.NotScanned, match="did not scan: INSTREAM size limit exceeded"):
        asking.scan(str(clamd.socket), b"x" * 3_000_000)


def test_it_says_who_scans_and_whether_anybody_does(clamd: Clamd, tmp_path: object) -> None:
    assert asking.standing(str(clamd.socket)).startswith("Files are scanned by ClamAV ")
    assert asking.standing("") == "No virus scanner is set: files are used without being scanned"
    assert asking.standing(f"{tmp_path}/none") == (
        f"The virus scanner at {tmp_path}/none does not answer: new files wait in quarantine"
    )


def hang_up(listener: socket.socket) -> None:
    """Answer one call with nothing."""
    listener.accept()[0].close()


def test_a_scanner_that_hangs_up_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        silent = threading.Thread(target=hang_up, args=[listener])
        silent.start()
        with pytest.raises(asking.ScannerAway, match=r"hung up|does not answer"):
            asking.version(f"127.0.0.1:{listener.getsockname()[1]}")
        silent.join()
