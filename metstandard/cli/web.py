"""The web half of `metstandard serve`: gunicorn, as `python -m metstandard.cli.web HOST PORT WORKERS`.

Where web and worker run on different machines, `gunicorn wsgi:app` does the same with an operator's own options.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from metstandard.cli.processes import end_with_parent
from metstandard.common.logs import configure_logs
from metstandard.common.settings import settings

THREADS = 4
_DRAIN = 30


class Logs(Logger):  # type: ignore[misc]
    """Gunicorn's own lines go the way of all others."""

    def setup(self, cfg: Any) -> None:
        """Leave the handlers to the root logger."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True
        self.error_log.setLevel(logging.WARNING)


class Web(BaseApplication):  # type: ignore[misc]
    """The application under gunicorn, loaded once and forked."""

    def __init__(self, host: str, port: int, workers: int) -> None:
        self._options = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "threads": THREADS,
            "worker_class": "gthread",
            "preload_app": True,
            "graceful_timeout": _DRAIN,
            "timeout": 60,
            "keepalive": 5,
            "logger_class": Logs,
            "control_socket_disable": True,
            "forwarded_allow_ips": "127.0.0.1",
        }
        super().__init__()

    def load_config(self) -> None:
        """Gunicorn's name; called by its constructor."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Gunicorn's name; called once, before it forks."""
        from metstandard.app import create_app

        return create_app()


def main() -> None:
    """Serve until SIGTERM; requests that have begun are answered first."""
    host, port, workers = sys.argv[1:]
    end_with_parent()
    configure_logs(settings().log_level)
    Web(host, int(port), int(workers)).run()


if __name__ == "__main__":
    main()
