"""`metstandard serve`: the web and the worker on one machine, started and stopped together."""

from __future__ import annotations

import os
import socket
import threading

import click

from metstandard.common.errors import BadSetting
from metstandard.common.settings import Settings, settings

_SHORT = 10.0
_PAUSE = 3.0
_WATCH = 0.3


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen at.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.pass_context
def serve(ctx: click.Context, port: int, host: str, workers: int) -> None:
    """Serve the site and do its background work until SIGTERM or Ctrl-C.

    The database is brought up to date first. Unsafe settings are refused with exit code 2.
    """
    from metstandard.cli.database import bring_up_to_date
    from metstandard.common.logs import configure_logs
    from metstandard.documents import signing

    chosen = _at_its_address(settings(), host, port)
    chosen.check()
    signing.check(chosen)
    configure_logs(chosen.log_level)
    _check_free(host, port)
    bring_up_to_date(chosen)
    click.echo(_greeting(chosen, host, port))
    ctx.exit(_run(host, port, workers))


def _at_its_address(chosen: Settings, host: str, port: int) -> Settings:
    """Without a public address of its own the site is reached where it listens; letters and certificates say so."""
    if "base_url" in chosen.model_fields_set:
        return chosen
    os.environ["METSTANDARD_BASE_URL"] = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    settings.cache_clear()
    return settings()


def _check_free(host: str, port: int) -> None:
    """Say that the port is taken before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as failed:
            raise BadSetting(f"Cannot listen at {host}, port {port}: {failed.strerror}") from None


def _greeting(chosen: Settings, host: str, port: int) -> str:
    from metstandard.documents import signing

    lines = [f"Met Standard is at {chosen.base_url}"]
    if not chosen.base_url.endswith(f":{port}"):
        lines.append(f"It listens at {host}, port {port}.")
    if chosen.demo:
        lines.append(f"This is a demonstration: sign in as anybody with one click at {chosen.base_url}/demo")
        lines.append("No letter is sent. The letters owed can be read by the programme officer under “Letters”.")
    if not signing.signs(chosen):
        lines.append(signing.UNSIGNED)
    lines.append("Stop it with Ctrl-C.")
    return "\n".join(lines)


def _run(host: str, port: int, workers: int) -> int:
    """Watch both until one of us is told to stop: a worker that ends is started again, a web that ends ends all."""
    from metstandard.cli.processes import Child, log, stop_on_signal

    stop = threading.Event()
    stop_on_signal(stop)
    web = Child("web", "metstandard.cli.web", host, str(port), str(workers))
    worker = Child("worker", "metstandard.cli", "worker", "--as-child")
    for child in (web, worker):
        child.start()
    while not stop.wait(_WATCH) and web.code is None:
        if worker.code is not None:
            log.error("ended", process=worker.name, code=worker.code)
            if worker.ran_for < _SHORT and stop.wait(_PAUSE):
                break
            worker.start()
    failed = web.code is not None
    if failed:
        log.error("ended", process=web.name, code=web.code)
    for child in (web, worker):
        child.ask_to_stop()
    for child in (web, worker):
        child.wait()
    return 1 if failed else 0
