"""A shop whose daemon is a process of its own, reached through wires that can be cut.

Everything is real but the remotes: time, sockets, signals, files. The config has the shortest times that it may have.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from syncd.cli.sandbox import write_config
from syncd.clock import SystemClock
from syncd.sandbox.http import Request
from syncd.sandbox.kernel import Dropped
from syncd.sandbox.serving import Served
from syncd.sandbox.world import Sandbox
from tests.campaign.wire import Wire

LOOKUP_WAIT_SECONDS = 2
"""Longer than a wire delays: what was sent before a kill or a cut has arrived when syncd looks for it."""

PATIENCE_SECONDS = 180.0
REFUSED = 2

_MORE = """\
  max_change_percent: 100
poll:
  orders_seconds: 1
  stock_seconds: 1
  reconcile_seconds: 3
"""
_SAFETY = "safety_stock: {}"


class Trap:
    """Kills the daemon at the n-th write that a remote is about to do or has just done."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Stand at both gates, not set."""
        self._kill: Callable[[], None] | None = None
        self._when, self._left = "", 0
        self.sprung = ""
        for gate in (sandbox.haravan_gate, sandbox.kiotviet_gate):
            gate.before_effect.append(lambda remote, request: self._pass("before", remote, request))
            gate.after_effect.append(lambda remote, request: self._pass("after", remote, request))

    def set(self, when: str, nth: int, kill: Callable[[], None]) -> None:
        """Kill "before" or "after" the `nth` write from now; before, the write is lost together with the process."""
        self._when, self._left, self.sprung, self._kill = when, nth, "", kill

    def take_away(self) -> None:
        self._kill = None

    def _pass(self, when: str, remote: str, request: Request) -> None:
        kill = self._kill
        if kill is None or when != self._when or request.method == "GET" or "token" in request.path:
            return
        self._left -= 1
        if self._left:
            return
        self._kill = None
        kill()
        self.sprung = f"{when} {request.method} {request.path} at {remote}"
        if when == "before":
            raise Dropped("lost")


class House:
    """One shop; `open_house` makes it and leaves nothing of it."""

    def __init__(self, folder: Path, *, on_return: str) -> None:
        """Open both shops; no daemon runs."""
        self.folder, self.on_return, self.safety = folder, on_return, 0
        self.sandbox = Sandbox.two_branch_shop(SystemClock())
        self.served = Served(self.sandbox).start()
        self.wires = {
            "haravan": Wire(int(self.served.haravan_url.rpartition(":")[2])),
            "kiotviet": Wire(int(self.served.kiotviet_url.rpartition(":")[2])),
        }
        self.trap = Trap(self.sandbox)
        self.config = self._written()
        self.daemon: subprocess.Popen[str] | None = None
        self.logs: list[Path] = []
        self._children: list[subprocess.Popen[str]] = []

    def _written(self) -> Path:
        config = write_config(self.served, self.folder)
        words = config.read_text(encoding="utf-8")
        words = words.replace(self.served.haravan_url, self.wires["haravan"].url)
        words = words.replace(self.served.kiotviet_url, self.wires["kiotviet"].url)
        waits = f"lookup_wait_seconds: {LOOKUP_WAIT_SECONDS}\n  on_return: {self.on_return}"
        words = words.replace("lookup_wait_seconds: 5", waits)
        config.write_text(words + _MORE, encoding="utf-8")
        return config

    @property
    def database(self) -> Path:
        return self.folder / "syncd.db"

    # --- processes ---------------------------------------------------------------------------------------------------

    def run(self) -> subprocess.Popen[str]:
        """A `syncd run`, whose log is a file so that no pipe can fill."""
        self.logs.append(self.folder / f"daemon-{len(self.logs)}.log")
        with self.logs[-1].open("w") as stream:
            return self._child("run", stdout=subprocess.DEVNULL, stderr=stream)

    def start(self) -> None:
        self.daemon = self.run()

    def kill(self) -> None:
        """End the daemon with SIGKILL."""
        assert self.daemon is not None
        self.daemon.kill()
        self.daemon.wait(PATIENCE_SECONDS)

    def stop(self) -> int:
        """End the daemon as systemd does; its exit code."""
        assert self.daemon is not None
        self.daemon.send_signal(signal.SIGTERM)
        return self.daemon.wait(PATIENCE_SECONDS)

    @property
    def is_alive(self) -> bool:
        return self.daemon is not None and self.daemon.poll() is None

    def backup(self, target: Path) -> subprocess.Popen[str]:
        return self._child("backup", str(target), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def status(self) -> tuple[int, Any]:
        """What `syncd status --json` says, with its exit code."""
        child = self._child("status", "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = child.communicate(timeout=PATIENCE_SECONDS)
        return child.returncode, json.loads(out) if child.returncode in (0, 1) and out else err

    def ask(self, *arguments: str) -> str:
        """What a command prints."""
        child = self._child(*arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return child.communicate(timeout=PATIENCE_SECONDS)[0]

    def _child(self, command: str, *arguments: str, **streams: Any) -> subprocess.Popen[str]:
        line = [sys.executable, "-m", "syncd", command, "-c", str(self.config), *arguments]
        env = {name: value for name, value in os.environ.items() if name not in ("NOTIFY_SOCKET", "JOURNAL_STREAM")}
        child = subprocess.Popen(line, text=True, env=env, **streams)
        self._children.append(child)
        return child

    # --- the admin ---------------------------------------------------------------------------------------------------

    def edit_safety(self, pieces: int) -> None:
        """Another safety stock for both locations; counts from the next start or reload."""
        words = self.config.read_text(encoding="utf-8")
        words = words.replace(_SAFETY.format(self.safety), _SAFETY.format(pieces))
        self.config.write_text(words, encoding="utf-8")
        self.safety = pieces

    def restore(self, copy: Path) -> None:
        """Put a backup where the database was, as README says; no daemon runs."""
        for path in self.folder.glob("syncd.db*"):
            path.unlink()
        shutil.copy(copy, self.database)

    # --- weather -----------------------------------------------------------------------------------------------------

    def heal(self) -> None:
        """Fair weather and no trap; a daemon runs."""
        self.trap.take_away()
        self.sandbox.faults.clear()
        for wire in self.wires.values():
            if wire.mode:
                wire.heal()
        if not self.is_alive:
            self.start()

    def end(self) -> None:
        """End every process, wire and server."""
        for child in self._children:
            if child.poll() is None:
                child.kill()
            child.communicate(timeout=PATIENCE_SECONDS)
        for wire in self.wires.values():
            wire.close()
        self.served.stop()


def until(what: Callable[[], Any], seconds: float, *, pause: float = 0.05) -> bool:
    """Wait until `what` is true; whether it became so in time."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


@contextmanager
def open_house(folder: Path, *, on_return: str = "void_invoice") -> Iterator[House]:
    house = House(folder, on_return=on_return)
    try:
        yield house
    finally:
        house.end()
