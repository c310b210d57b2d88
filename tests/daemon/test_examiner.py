"""The daemon's examination runs beside its cycles, and nobody waits for it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from tests.daemon.kit import tower


def test_it_looks_at_once_and_each_minute(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        looks = _count(daemon)
        daemon.until(lambda: len(looks) >= 1 and daemon.orders.runs >= 1 and daemon.idle())
        daemon.clock.advance(59)
        daemon.settle()
        assert len(looks) == 1
        daemon.clock.advance(1)
        daemon.until(lambda: len(looks) == 2)


def test_one_that_hangs_or_fails_stops_no_cycle(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        release, inside = threading.Event(), threading.Event()

        def hang() -> None:
            inside.set()
            release.wait(30)
            raise RuntimeError("an examination with a bug")

        daemon.shops[-1].examination.look = hang  # type: ignore[method-assign]
        daemon.until(inside.is_set)
        daemon.until(lambda: daemon.orders.runs >= 1 and daemon.idle())
        runs = daemon.orders.runs
        daemon.after(600, runs + 1)
        release.set()
        daemon.after(600, runs + 2)


def _count(daemon: Any) -> list[float]:
    looks: list[float] = []
    daemon.shops[-1].examination.look = lambda: looks.append(daemon.clock.monotonic())
    return looks
