"""syncd as processes of its own: commands that are timed, and the daemon with its memory."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figures import median

STARTS = 11


def started(*arguments: str) -> float:
    """Wall-clock seconds from start to end of a command, the median of some."""
    took = []
    for _ in range(STARTS):
        began = time.monotonic()
        done = subprocess.run(_line(*arguments), capture_output=True, check=False)
        took.append(time.monotonic() - began)
        if done.returncode not in (0, 1):  # of a status that shows something to look at
            raise AssertionError(done.stderr.decode() + done.stdout.decode())
    return median(took)


@contextmanager
def daemon(config: Path) -> Iterator[int]:
    """`syncd run` while the body lasts: its process id."""
    line = _line("run", "-c", str(config))
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)


def memory_mb(pid: int, what: str) -> float:
    """Memory of a process: `VmRSS`, what it has now, or `VmHWM`, the most that it had."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(rf"{what}:\s+(\d+) kB", status)
    return int(found.group(1)) / 1024 if found else float("nan")


def _line(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "syncd", *arguments]
