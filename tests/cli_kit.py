"""The real command line against a sandbox on loopback sockets."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from syncd.cli import run
from syncd.cli.sandbox import write_config
from syncd.clock import SystemClock
from syncd.sandbox.http import Request
from syncd.sandbox.serving import Served
from syncd.sandbox.world import Sandbox

_MOST_SECONDS = 60


@dataclass
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Desk:
    """A served sandbox, a config that points at it, and commands to run."""

    served: Served
    config: Path
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def sandbox(self) -> Sandbox:
        return self.served.sandbox

    def edit(self, old: str, new: str) -> None:
        text = self.config.read_text(encoding="utf-8")
        assert old in text
        self.config.write_text(text.replace(old, new), encoding="utf-8")

    def place(self, *lines: tuple[str, int], **keywords: Any) -> int:
        chosen = lines or (("AO-01", 1),)
        pairs = [(self.sandbox.variants[sku], quantity) for sku, quantity in chosen]
        return self.sandbox.haravan.place_order(pairs, **keywords)

    def __call__(self, command: str, *arguments: str) -> Outcome:
        """Run a command in this process."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run([command, "-c", str(self.config), *arguments])
        return Outcome(code, out.getvalue(), err.getvalue())

    def start(self, command: str, *arguments: str) -> subprocess.Popen[str]:
        """Start a command as a process of its own."""
        line = [sys.executable, "-m", "syncd", command, "-c", str(self.config), *arguments]
        process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.processes.append(process)
        return process

    def process(self, command: str, *arguments: str) -> Outcome:
        """Run a command as a process of its own, to its end."""
        process = self.start(command, *arguments)
        out, err = process.communicate(timeout=_MOST_SECONDS)
        return Outcome(process.returncode, out, err)

    def kill_at(self, method: str, path: str, *, after_effect: bool, process_of: list[int]) -> None:
        """Send SIGKILL to the process in `process_of` when the sandbox is about to do, or has just done, a write."""

        def strike(_: str, request: Request) -> None:
            if process_of and request.method == method and path in request.path:
                os.kill(process_of.pop(), signal.SIGKILL)

        for gate in (self.sandbox.haravan_gate, self.sandbox.kiotviet_gate):
            (gate.after_effect if after_effect else gate.before_effect).append(strike)

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=_MOST_SECONDS)


@contextlib.contextmanager
def open_desk(folder: Path, *, lookup_wait_seconds: int = 0, two_branches: bool = False) -> Iterator[Desk]:
    """A desk on a small shop; look-ups wait `lookup_wait_seconds` of real time."""
    make = Sandbox.two_branch_shop if two_branches else Sandbox.small_shop
    with Served(make(SystemClock())) as served:
        desk = Desk(served, write_config(served, folder))
        desk.edit("lookup_wait_seconds: 5", f"lookup_wait_seconds: {lookup_wait_seconds}")
        try:
            yield desk
        finally:
            desk.stop()
