"""structlog set-up, nothing else.

An event is a past-tense name and fields: `log.info("order_created", order="100020")`. Names and fields are public: an
admin searches for them (`journalctl SYNCD_EVENT=order_created`). `core.events` lists them all. What a person reads is
the event's sentence in the shop's language, which `speak` sets once the config is known.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.contextvars import bound_contextvars as context
from structlog.typing import FilteringBoundLogger

from syncd.core import events
from syncd.core.texts import text
from syncd.errors import SyncdError
from syncd.logs.noise import HELD_BACK, Noise
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

__all__ = ["configure", "context", "get_logger", "masked", "processors", "register_secret", "speak"]

# They log every request, some with its URL; set apart from the root so that no library can turn itself up.
_CHATTY = ("apscheduler", "asyncio", "httpcore", "httpx", "peewee", "stamina", "transitions", "uvicorn")
# Of what a line carries anyway, this is not part of what it says.
_NOT_TOLD = frozenset({"event", "level", "at", "exception"})

_language = "en"


def get_logger(**fields: object) -> FilteringBoundLogger:
    """A logger that says `fields` with every event; may be made before `configure` runs."""
    logger: FilteringBoundLogger = structlog.get_logger(**fields)
    return logger


def speak(language: str) -> None:
    """Say events and errors in `vi` or `en` from now on: English until a config is known."""
    global _language
    _language = language


def configure(
    *,
    stream: TextIO | None = None,
    environ: Mapping[str, str] = os.environ,
    verbose: bool = False,
    quiet: bool = False,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Send all logs, our own and the libraries', to where people look for them.

    That is the journal with its fields under systemd, colours on a terminal, else JSON lines. `stream` is stderr unless
    given; `verbose` adds debug events and what is held back else because it was said often enough; `quiet` leaves
    warnings and errors only. `monotonic` gives the seconds by which that is judged.
    """
    render, sink = _end(stream or sys.stderr, environ)
    structlog.configure(
        processors=[*processors(), _Patience(monotonic, verbose=verbose), render],
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
        _tell_errors,
        redact,
        _tell_text,
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


def _tell_errors(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An error of ours in a field is a sentence in the shop's language."""
    for key, value in event.items():
        if isinstance(value, SyncdError):
            event[key] = value.said(_language)
    return event


def _tell_text(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What a person reads of it, from fields that hold nothing any more that may not be read."""
    fields = {key: value for key, value in event.items() if key not in _NOT_TOLD}
    said = events.told(str(event.get("event")), fields, _language)
    if said:
        event["text"] = said
    return event


class _Patience:
    """The processor that holds back what was said often enough."""

    def __init__(self, monotonic: Callable[[], float], *, verbose: bool) -> None:
        self._monotonic, self._verbose = monotonic, verbose
        self._noise, self._guard = Noise(), threading.Lock()

    def __call__(self, logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        with self._guard:
            held = self._noise.hear(event, self._monotonic())
        if held == HELD_BACK:
            if not self._verbose:
                raise structlog.DropEvent
            event["level"] = "debug"
        elif held:
            event["repeated"] = held
            if "text" in event:
                event["text"] = text("said_again", said=event["text"], count=held).said(_language)
        return event


def _exception(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, tuple):
        exc_info = exc_info[1]
    if exc_info and not isinstance(exc_info, BaseException):
        exc_info = sys.exc_info()[1]
    return exc_info if isinstance(exc_info, BaseException) else None


def _chain(error: BaseException) -> str:
    said = error.said(_language) if isinstance(error, SyncdError) else str(error)
    told = f"{type(error).__name__}: {said}"
    return f"{told} (from {_chain(error.__cause__)})" if error.__cause__ else told


class _Forward(logging.Handler):
    """Hands what a library says through the standard library to our own chain, redaction included."""

    def emit(self, record: logging.LogRecord) -> None:
        get_logger().log(
            min(record.levelno, logging.CRITICAL) // 10 * 10,
            "library_message_logged",
            logger=record.name,
            message=record.getMessage(),
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
