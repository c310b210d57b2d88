"""Time and memory of the parts of a whole stock cycle, taken inside the process that runs it."""

from __future__ import annotations

import atexit
import functools
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from syncd.core import stock as core_stock
from syncd.cycles import stock as stock_cycle
from syncd.cycles.catalogue import Catalogue
from syncd.cycles.publishing import Publisher
from syncd.cycles.sweep import Reader
from tests.bench.processes import memory_mb

PLAN: Final = "plan, among all that such a shop keeps in memory"
END: Final = "end"
STAGES: Final[dict[str, tuple[Any, str]]] = {
    "both catalogues read and linked": (Catalogue, "refresh"),
    "sweep: KiotViet's figures read": (Reader, "whole"),
    "Haravan's rows read": (stock_cycle, "read_levels"),
    PLAN: (core_stock, "plan"),
    "publish: written and read back": (Publisher, "publish"),
}
"""By name: what holds the function and what it is called there."""


def watch(into: Path) -> None:
    """Measure each stage from now on, and keep what was seen in a file of JSON.

    By name: the sums of `seconds` and `cpu_seconds`, and `peak_mb`, the most memory while it ran; `before_mb` is the
    most since the stage before it began. `END` has what was most after the last of them.
    """
    found: dict[str, dict[str, float]] = {}
    atexit.register(lambda: into.write_text(json.dumps(found | {END: {"before_mb": _peak_mb()}}), encoding="utf-8"))
    for name, (owner, attribute) in STAGES.items():
        setattr(owner, attribute, _watched(name, getattr(owner, attribute), found, into))


def _watched(
    name: str, function: Callable[..., Any], found: dict[str, dict[str, float]], into: Path
) -> Callable[..., Any]:
    @functools.wraps(function)
    def measured(*arguments: Any, **keywords: Any) -> Any:
        before_mb = _peak_mb()
        _forget_peak()
        began, cpu = time.monotonic(), time.process_time()
        try:
            return function(*arguments, **keywords)
        finally:
            seen = found.setdefault(name, dict.fromkeys(("seconds", "cpu_seconds", "peak_mb", "before_mb"), 0.0))
            seen["seconds"] += time.monotonic() - began
            seen["cpu_seconds"] += time.process_time() - cpu
            seen["peak_mb"] = max(seen["peak_mb"], _peak_mb())
            seen["before_mb"] = max(seen["before_mb"], before_mb)
            into.write_text(json.dumps(found), encoding="utf-8")

    return measured


def _peak_mb() -> float:
    return memory_mb(os.getpid(), "VmHWM")


def _forget_peak() -> None:
    """Let the kernel measure the most memory from now on. Source: proc(5), `/proc/pid/clear_refs`, value 5."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
