"""Where log lines go: the systemd journal with fields of its own, or a stream, one line each."""

from __future__ import annotations

import json
import os
import re
import threading
import weakref
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

from logging_journald import JournaldTransport

# syslog's numbers, which journald and sd-daemon's "<n>" share.
_PRIORITIES = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2}
_NOT_IN_A_FIELD = re.compile(r"[^A-Z0-9_]")
_LONGEST_FIELD = 64
# PRIORITY and MESSAGE have them.
_NOT_FIELDS = frozenset({"level", "text"})


class StreamSink:
    """Writes finished lines to a stream; safe to share between threads."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`."""
        self._stream = stream
        self._lock = threading.Lock()

    def msg(self, line: str) -> None:
        """Write one line; a stream that is gone must not stop the shop's synchronisation."""
        try:
            with self._lock:
                self._stream.write(f"{line}\n")
                self._stream.flush()
        except (OSError, ValueError):
            return

    debug = info = warning = error = critical = msg


class JournalSink:
    """Sends fields to journald, or lines to the stream (which journald reads too) while its socket is away."""

    def __init__(self, transport: JournaldTransport, spare: StreamSink) -> None:
        """Send through `transport`."""
        self._transport = transport
        self._spare = spare
        self._lock = threading.Lock()
        weakref.finalize(self, transport.socket.close)

    def msg(self, event: Mapping[str, Any]) -> None:
        """Send one event."""
        try:
            with self._lock:
                self._transport.send(list(journal_fields(event).items()))
        except OSError:
            self._spare.msg(prefixed_line(event))

    debug = info = warning = error = critical = msg


def open_journal() -> JournaldTransport | None:
    """A way to journald that survives its restarts; None where its socket does not exist."""
    # Not connected: a failed connect() leaks the library's socket, and each send then finds journald's newest socket.
    return JournaldTransport(connected=False) if JournaldTransport.SOCKET_PATH.exists() else None


def is_journal(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether `stream` is the one that systemd connected to the journal, by its device and inode."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


def journal_fields(event: Mapping[str, Any]) -> dict[str, str | int]:
    """An event as journald fields: MESSAGE for people, SYNCD_EVENT and SYNCD_<KEY> for `journalctl SYNCD_ORDER=...`."""
    fields: dict[str, str | int] = {
        "MESSAGE": message(event),
        "PRIORITY": _priority(event),
        "SYSLOG_IDENTIFIER": "syncd",
    }
    for key, value in event.items():
        if key not in _NOT_FIELDS and value is not None:
            name = _NOT_IN_A_FIELD.sub("_", f"SYNCD_{key.upper()}")[:_LONGEST_FIELD]
            fields[name] = _plain(value)
    return fields


def message(event: Mapping[str, Any]) -> str:
    """An event as words: its sentence, else its name and what it is about; and a traceback on lines of its own."""
    trace = event.get("exception")
    return (str(event.get("text", "")) or _unlisted(event)) + (f"\n{trace}" if trace else "")


def _unlisted(event: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in event.items() if key not in ("event", "level", "at", "exception")}
    return " ".join([str(event.get("event", "")), *(f"{key}={_plain(value)}" for key, value in rest.items())])


def json_line(event: Mapping[str, Any]) -> str:
    """An event as one line of JSON, the time, level and name first."""
    first = {key: event[key] for key in ("at", "level", "event") if key in event}
    return json.dumps({**first, **event}, ensure_ascii=False, default=str)


def prefixed_line(event: Mapping[str, Any]) -> str:
    """The same with sd-daemon's priority, for a journal that only reads our stream."""
    return f"<{_priority(event)}>{json_line(event)}"


def render_journal(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """A structlog renderer that hands the whole event to a `JournalSink`."""
    return (event,), {}


def render_json(logger: object, method: str, event: MutableMapping[str, Any]) -> str:
    """A structlog renderer for a file, a pipe or a collector."""
    return json_line(event)


def render_prefixed(logger: object, method: str, event: MutableMapping[str, Any]) -> str:
    """A structlog renderer for a journal that only reads our stream."""
    return prefixed_line(event)


def _priority(event: Mapping[str, Any]) -> int:
    return _PRIORITIES.get(str(event.get("level")), 6)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
