"""structlog set-up, nothing else.

An event is a past-tense name and fields: `log.info("order_created", order="100020")`. Names and fields are public: an
admin searches for them (`journalctl SYNCD_EVENT=order_created`).
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.contextvars import bound_contextvars as context
from structlog.typing import FilteringBoundLogger

from syncd.errors import SyncdError
from syncd.logs.redaction import masked, redact, register_secret
from syncd.logs.sinks import (
    JournalSink,
    StreamSink,
    is_journal,
    open_journal,
    render_journal,
    render_json,
    render_prefixed,
)

__all__ = ["configure", "context", "get_logger", "masked", "processors", "register_secret"]

# They log every request, some with its URL; set apart from the root so that no library can turn itself up.
_CHATTY = ("apscheduler", "asyncio", "httpcore", "httpx", "peewee", "stamina", "transitions", "uvicorn")


def get_logger(**fields: object) -> FilteringBoundLogger:
    """A logger that says `fields` with every event; may be made before `configure` runs."""
    logger: FilteringBoundLogger = structlog.get_logger(**fields)
    return logger


def configure(
    *, stream: TextIO | None = None, environ: Mapping[str, str] = os.environ, verbose: bool = False, quiet: bool = False
) -> None:
    """Send all logs, our own and the libraries', to where people look for them.

    That is the journal with its fields under systemd, colours on a terminal, else JSON lines. `stream` is stderr unless
    given; `verbose` adds debug events, `quiet` leaves warnings and errors only.
    """
    render, sink = _end(stream or sys.stderr, environ)
    structlog.configure(
        processors=[*processors(), render],
        wrapper_class=structlog.make_filtering_bound_logger(_level(verbose=verbose, quiet=quiet)),
        logger_factory=lambda *args: sink,
        cache_logger_on_first_use=False,
    )
    _route_libraries()


def _level(*, verbose: bool, quiet: bool) -> int:
    if verbose:
        return logging.DEBUG
    return logging.WARNING if quiet else logging.INFO


def processors() -> list[Callable[..., Any]]:
    """The chain before the renderer: everything that decides what a line says and must not say."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _tell_exception,
        redact,
    ]


def _end(stream: TextIO, environ: Mapping[str, str]) -> tuple[Callable[..., Any], StreamSink | JournalSink]:
    lines = StreamSink(stream)
    if is_journal(stream, environ):
        transport = open_journal()
        return (render_journal, JournalSink(transport, lines)) if transport else (render_prefixed, lines)
    if stream.isatty():
        return structlog.dev.ConsoleRenderer(
            timestamp_key="at", exception_formatter=structlog.dev.plain_traceback
        ), lines
    return render_json, lines


def _tell_exception(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What we expect to go wrong is one line; anything else is a bug and needs its traceback."""
    error = _exception(event.pop("exc_info", None))
    if isinstance(error, SyncdError):
        event["error"] = _chain(error)
    elif error is not None:
        event["exception"] = "".join(traceback.format_exception(error)).rstrip()
    return event


def _exception(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, tuple):
        exc_info = exc_info[1]
    if exc_info and not isinstance(exc_info, BaseException):
        exc_info = sys.exc_info()[1]
    return exc_info if isinstance(exc_info, BaseException) else None


def _chain(error: BaseException) -> str:
    told = f"{type(error).__name__}: {error}"
    return f"{told} (from {_chain(error.__cause__)})" if error.__cause__ else told


class _Forward(logging.Handler):
    """Hands what a library says through the standard library to our own chain, redaction included."""

    def emit(self, record: logging.LogRecord) -> None:
        get_logger().log(
            min(record.levelno, logging.CRITICAL) // 10 * 10,
            "library_message_logged",
            logger=record.name,
            text=record.getMessage(),
            exc_info=record.exc_info,
        )


def _route_libraries() -> None:
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _Forward)]:
        root.removeHandler(handler)
    root.addHandler(_Forward())
    root.setLevel(logging.WARNING)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
