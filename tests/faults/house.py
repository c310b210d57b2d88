"""A whole house for planted faults: both shops behind sockets, the daemon's own station, and everybody who is told.

Everything is real but time and the alarm clock: the daemon's jobs run one after the other in this thread, each as soon
as it is due on a clock that the test moves.
"""

from __future__ import annotations

import contextlib
import html
import io
import json
import logging
import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import stamina
import structlog

from syncd.cli import run
from syncd.cli.sandbox import write_config
from syncd.cli.stores import load
from syncd.clock import ManualClock, SystemClock
from syncd.config import Settings
from syncd.daemon.flags import Flags
from syncd.daemon.supervisor import Supervisor
from syncd.logs import configure, redaction, speak
from syncd.sandbox.serving import Served
from syncd.sandbox.world import Sandbox
from syncd.wiring import Outside, Shop, open_shop
from tests.clients.http_servers import Answering, http_server
from tests.rig import START

STEP_SECONDS = 60.0
_MOST_SECONDS = 3600.0
_CONFIG = """\
poll:
  orders_seconds: 120
  stock_seconds: 120
status:
  listen: 127.0.0.1:{port}
alerts:
  no_cycle_minutes: 5
  webhook:
    url: {hook}
"""
_CONCERNS = re.compile(r'<article class="concern.*?</article>', re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")


class ShopsClock:
    """The time of both shops: right, whatever somebody does to the wall clock of syncd's machine."""

    def __init__(self, machine: ManualClock) -> None:
        self._machine, self._start = machine, machine.now()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._machine.monotonic())

    def monotonic(self) -> float:
        return self._machine.monotonic()

    def sleep(self, seconds: float) -> None:
        self._machine.sleep(seconds)


class InlineTimetable:
    """Rings for what is due by doing it at once."""

    def start(self) -> None:
        pass

    def clear(self) -> None:
        pass

    def stop(self, *, wait: bool) -> None:
        pass

    def arm(self, name: str, work: Callable[[], None], *, due_at: float, now: float) -> None:
        if due_at <= now:
            work()


class House:
    """One shop with its daemon; `open_house` makes it and tidies up."""

    def __init__(self, folder: Path, language: str, hook: Answering, start: datetime) -> None:
        self.folder, self.language, self.hook = folder, language, hook
        self.clock = ManualClock(start)
        self.world = Sandbox.small_shop(ShopsClock(self.clock))
        self.served = Served(self.world).start()
        self.config = self._written()
        self.undo = ExitStack()
        """What is patched for a fault, until it is mended."""
        self.said_by_second = ""
        self._stream = io.StringIO()
        self._flags = Flags()
        self._supervisor = Supervisor(self._load, _open_inline, self.clock, {}, self._flags)
        timetable: Any = InlineTimetable()
        self._supervisor._timetable = timetable

    def _written(self) -> Path:
        config = write_config(self.served, self.folder)
        words = config.read_text(encoding="utf-8").replace("language: vi", f"language: {self.language}")
        words += _CONFIG.format(port=free_port(), hook=self.hook.url)
        config.write_text(words, encoding="utf-8")
        return config

    def _load(self) -> Settings:
        return load(self.config)

    # --- the daemon ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the daemon as `syncd run` does."""
        self._listen()
        self._supervisor.open()

    def live(self, minutes: float) -> None:
        """Let the daemon work for so long."""
        end = self.clock.monotonic() + minutes * 60
        while self.clock.monotonic() < end:
            self.clock.advance(STEP_SECONDS)
            self._supervisor.tick()

    def sleep(self, minutes: float) -> None:
        """Let time pass in one leap, as on a machine that was asleep."""
        self.clock.advance(minutes * 60)
        self.live(2)

    def live_until(self, what: Callable[[], Any]) -> None:
        """Let the daemon work until `what` is true, for an hour at most."""
        end = self.clock.monotonic() + _MOST_SECONDS
        while not what():
            assert self.clock.monotonic() < end, f"not within an hour; concerns: {self.kinds}, alerts: {self.alerts}"
            self.live(STEP_SECONDS / 60)

    def block(self) -> None:
        """Let nobody reach either shop any more."""
        self._ports = [int(url.rpartition(":")[2]) for url in (self.served.haravan_url, self.served.kiotviet_url)]
        self.served.stop()

    def unblock(self) -> None:
        """Let both shops be reached again where they were."""
        haravan, kiotviet = self._ports
        self.served = Served(self.world, haravan_port=haravan, kiotviet_port=kiotviet).start()

    def stop(self) -> None:
        """End the daemon and close both shops."""
        if hasattr(self._supervisor, "_station"):
            self._supervisor._shut_down()
        self.served.stop()
        self.undo.close()

    @property
    def database(self) -> Path:
        return self.folder / "syncd.db"

    @property
    def station(self) -> Any:
        return self._supervisor._station

    @property
    def kinds(self) -> set[str]:
        """What the daemon thinks a person must know."""
        return {concern.kind for concern in self.station.attention.concerns()}

    # --- the four surfaces --------------------------------------------------------------------------------------------

    def terminal(self, *arguments: str) -> str:
        """What a command prints on both streams, at the machine's time."""
        told = io.StringIO()
        with (
            patch.object(SystemClock, "now", lambda _: self.clock.now()),
            contextlib.redirect_stdout(told),
            contextlib.redirect_stderr(told),
        ):
            run([*arguments, "-c", str(self.config)])
        self._listen()
        return _flat(told.getvalue())

    def lines(self) -> list[dict[str, Any]]:
        """Every line of the journal so far."""
        return [json.loads(line) for line in self._stream.getvalue().splitlines()]

    def log(self, kinds: set[str]) -> str:
        """What the journal says when concerns of these kinds come."""
        raised = [line for line in self.lines() if line["event"] == "concern_raised" and line["kind"] in kinds]
        return _flat(" ".join(line["text"] for line in raised))

    def page(self) -> str:
        """What a person reads on the status page of what needs a person."""
        answer = httpx.get(self.station.door.status_url, timeout=10, trust_env=False, follow_redirects=True)
        concerns = _CONCERNS.findall(answer.text)
        assert answer.status_code == 200 or concerns, answer.text
        return _flat(html.unescape(_TAGS.sub(" ", " ".join(concerns))))

    @property
    def alerts(self) -> list[tuple[str, set[str]]]:
        """The messages that went out: their event with the kinds that they are about."""
        told = [posted.json for posted in self.hook.posted]
        return [(one["event"], {row["kind"] for row in one["concerns"]}) for one in told]

    def alert(self, kinds: set[str], event: str = "concerns") -> str:
        """The words of the messages about these kinds."""
        told = [posted.json for posted in self.hook.posted if posted.json["event"] == event]
        about = [one for one in told if kinds & {row["kind"] for row in one["concerns"]}]
        return _flat(" ".join(one["text"] for one in about))

    def alert_of_refused_start(self) -> str:
        """What a daemon that could not begin told; empty where each did."""
        told = [posted.json["text"] for posted in self.hook.posted if posted.json["event"] == "start_failed"]
        return _flat(" ".join(told))

    def was_told(self, kinds: set[str], event: str) -> bool:
        """Whether messages of this event were about all these kinds."""
        return kinds <= {kind for name, about in self.alerts if name == event for kind in about}

    def _listen(self) -> None:
        """Keep the log lines, also after a command has said where it wants them."""
        configure(stream=self._stream, environ={}, monotonic=self.clock.monotonic)


def _open_inline(settings: Settings, outside: Outside) -> Shop:
    return open_shop(settings, replace(outside, inline=True))


def _flat(words: str) -> str:
    return " ".join(words.split())


def free_port() -> int:
    """A port of 127.0.0.1 that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def open_house(folder: Path, language: str = "vi", *, start: datetime = START) -> Iterator[House]:
    """A house whose daemon does not run yet; afterwards nothing of it is left."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    with ExitStack() as undo:
        undo.enter_context(stamina.set_testing(True, attempts=3))
        undo.enter_context(patch.object(redaction, "_secrets", ()))
        undo.enter_context(patch.dict(os.environ, {"COLUMNS": "1000"}))
        house = House(folder, language, undo.enter_context(http_server()), start)
        undo.callback(_forget_logs, handlers, level)
        undo.callback(house.stop)
        yield house


def _forget_logs(handlers: list[logging.Handler], level: int) -> None:
    root = logging.getLogger()
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    speak("en")
