"""Logs: one JSON object a line on standard error, in UTC; plain lines where a person watches a terminal.

Nobody logs secrets, bodies, addresses of people or which letter went to whom; `_without_secrets` is only the last net.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

_SECRET = re.compile(r"password|secret|token|cookie|authorization|smtp_url|database_url", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")

# Tracebacks without the values of variables: a form's fields are among them.
_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))

# Chatty at INFO, and of no use to whoever runs the service.
_QUIET = ("alembic", "fontTools", "weasyprint", "PIL", "asyncio")


def configure_logs(level: str = "INFO", *, plain: bool | None = None) -> None:
    """Send everything that is logged in this process through one formatter; may be called again.

    `plain` prints lines for people; by default where standard error is a terminal.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    watched = sys.stderr.isatty() if plain is None else plain
    rendered: list[Processor] = (
        [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
        if watched
        else [_TRACEBACKS, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_shared(), structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _without_secrets, *rendered],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]


def _without_secrets(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank values under names that sound secret, and the credentials inside an address."""
    for name, value in line.items():
        if _SECRET.search(name):
            line[name] = "(not logged)"
        elif isinstance(value, str):
            line[name] = _IN_ADDRESS.sub("(not logged)", value)
    return line
