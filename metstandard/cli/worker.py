"""`metstandard worker`: the background work alone, where the web runs elsewhere."""

from __future__ import annotations

import threading

import click

from metstandard.common.settings import settings


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@click.option("--as-child", is_flag=True, hidden=True, help="Stop when the process that started this one dies.")
def worker(*, once: bool, as_child: bool) -> None:
    """Send letters, let the clock move what is due, remind, and clear away what has ended, until SIGTERM."""
    from metstandard.cli.processes import end_with_parent, stop_on_signal
    from metstandard.common.logs import configure_logs
    from metstandard.jobs.worker import Worker

    chosen = settings()
    chosen.check()
    configure_logs(chosen.log_level)
    stop = threading.Event()
    if as_child:
        end_with_parent()
    stop_on_signal(stop)
    made = Worker(chosen, stop)
    try:
        if once:
            made.everything()
        else:
            made.run()
    finally:
        made.close()
