"""What systemd hears from a daemon, on a real socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.core.problems import Problem
from syncd.cycles.orders import OrdersReport
from syncd.cycles.stock import StockReport
from syncd.daemon.turns import Ending
from syncd.daemon.vitals import is_well, status_line
from syncd.daemon.worker import Pulse
from syncd.errors import ConfigError, Transient, Unusable
from tests.daemon.kit import PATIENCE_SECONDS, Manager, Tower, manager, tower
from tests.rig import START


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Manager]:
    with manager(str(tmp_path / "notify")) as made:
        yield made


class Stuck:
    """A cycle that waits until the test ends it."""

    def __init__(self) -> None:
        self.entered, self.go_on = threading.Event(), threading.Event()

    def __call__(self) -> OrdersReport:
        self.entered.set()
        assert self.go_on.wait(PATIENCE_SECONDS)
        return OrdersReport()


def pets(systemd: Manager) -> int:
    return systemd.lines.count("WATCHDOG=1")


def test_ready_is_said_once_when_the_first_cycle_was_tried(tmp_path: Path, systemd: Manager) -> None:
    with tower(tmp_path, environ=systemd.environ) as daemon:
        assert "READY=1" not in systemd.lines
        daemon.until(lambda: "READY=1" in systemd.lines)
        assert daemon.orders.runs + daemon.stock.runs >= 1
        daemon.after(15, runs=2)
        assert systemd.lines.count("READY=1") == 1


def test_a_first_cycle_that_fails_was_tried_too(tmp_path: Path, systemd: Manager) -> None:
    with tower(tmp_path, environ=systemd.environ) as daemon:
        for script in (daemon.orders, daemon.stock):
            script.fail(Transient("Haravan GET /orders.json: answered 502"))
        daemon.until(lambda: "READY=1" in systemd.lines)


def test_a_first_cycle_that_lasts_does_not_outlast_the_patience_with_a_start(tmp_path: Path, systemd: Manager) -> None:
    with tower(tmp_path, environ=systemd.environ) as daemon:
        stuck = daemon.orders.act = daemon.stock.act = Stuck()
        daemon.until(stuck.entered.is_set)
        daemon.clock.advance(29)
        daemon.settle()
        assert "READY=1" not in systemd.lines
        daemon.clock.advance(1)
        daemon.until(lambda: "READY=1" in systemd.lines)
        stuck.go_on.set()


def test_the_watchdog_hears_of_every_finished_cycle(tmp_path: Path, systemd: Manager) -> None:
    with tower(tmp_path, environ=systemd.environ) as daemon:
        daemon.until(lambda: daemon.idle() and daemon.orders.runs and daemon.stock.runs)
        daemon.supervisor.tick()
        before = pets(systemd)
        daemon.settle()
        assert pets(systemd) == before, "no cycle ended and no time passed"
        daemon.after(15, runs=2)
        daemon.until(lambda: pets(systemd) > before)


def test_a_cycle_that_is_stuck_for_ten_minutes_is_left_to_the_watchdog(tmp_path: Path, systemd: Manager) -> None:
    with tower(tmp_path, environ=systemd.environ) as daemon:
        stuck = daemon.orders.act = Stuck()
        daemon.until(lambda: stuck.entered.is_set() and daemon.stock.runs == 1)
        daemon.clock.advance(590)
        daemon.until(lambda: daemon.stock.runs == 2 and daemon.idle_but("orders"))
        daemon.supervisor.tick()
        alive = pets(systemd)
        assert alive > 0
        daemon.clock.advance(30)
        daemon.until(lambda: daemon.stock.runs == 3 and daemon.idle_but("orders"))
        daemon.settle()
        assert pets(systemd) == alive, "stock goes on, but orders do not"
        stuck.go_on.set()
        daemon.until(lambda: pets(systemd) > alive)


def test_a_long_pause_between_cycles_is_not_taken_for_death(tmp_path: Path, systemd: Manager) -> None:
    with tower(tmp_path, environ=systemd.environ) as daemon:
        daemon.poll(orders_seconds=7200, stock_seconds=7200)
        daemon.flags.ask_reload()
        daemon.until(lambda: len(daemon.shops) == 2 and daemon.orders.runs >= 1 and daemon.idle())
        before = pets(systemd)
        for _ in range(5):
            daemon.clock.advance(1000)
            daemon.settle(1)
        assert pets(systemd) == before + 5


@pytest.mark.parametrize(("allowed", "seconds"), [("6000000", 2), ("600000000", 20), ("", 20), ("soon", 20)])
def test_the_watchdog_is_told_thrice_in_the_time_that_systemd_allows(
    tmp_path: Path, systemd: Manager, allowed: str, seconds: int
) -> None:
    with tower(tmp_path, environ={**systemd.environ, "WATCHDOG_USEC": allowed}) as daemon:
        stuck = daemon.orders.act = daemon.stock.act = Stuck()
        daemon.until(stuck.entered.is_set)
        before = pets(systemd)
        daemon.clock.advance(seconds - 0.5)
        daemon.settle(2)
        assert pets(systemd) == before
        daemon.clock.advance(0.5)
        daemon.settle(1)
        assert pets(systemd) == before + 1
        stuck.go_on.set()


def test_the_status_says_how_both_cycles_ended(tmp_path: Path, systemd: Manager) -> None:
    with tower(tmp_path, environ=systemd.environ) as daemon:
        daemon.orders.act = lambda: OrdersReport(seen=2, changed=1)
        daemon.stock.act = lambda: StockReport(refusal="11 of 12 figures would change")
        daemon.until(lambda: daemon.orders.runs and daemon.stock.runs and daemon.idle())
        daemon.supervisor.tick()
        status = [line for line in systemd.lines if line.startswith("STATUS=")][-1]
        assert status == (
            "STATUS=shopmau: orders ok 2026-11-23 02:00:00Z (2 seen, 1 changed, 0 held); "
            "stock FAILED 2026-11-23 02:00:00Z: 11 of 12 figures would change"
        )


def test_a_reload_is_announced_with_the_instant_and_ends_in_ready(tmp_path: Path, systemd: Manager) -> None:
    with tower(tmp_path, environ=systemd.environ) as daemon:
        daemon.until(lambda: "READY=1" in systemd.lines and daemon.idle())
        daemon.flags.ask_reload()
        daemon.until(lambda: systemd.lines.count("READY=1") == 2)
        (reloading,) = [datagram for datagram in systemd.heard if datagram.startswith("RELOADING=1")]
        assert reloading.split("\n")[1].partition("=")[0] == "MONOTONIC_USEC"
        assert int(reloading.split("\n")[1].partition("=")[2]) > 0


def test_a_refused_reload_ends_in_ready_too_and_says_why(tmp_path: Path, systemd: Manager) -> None:
    with tower(tmp_path, environ=systemd.environ) as daemon:
        daemon.until(lambda: "READY=1" in systemd.lines and daemon.idle())
        daemon.refusal = ConfigError([Problem("config.yaml", 7, "shop", "a name", "nothing")])
        daemon.flags.ask_reload()
        daemon.until(lambda: systemd.lines.count("READY=1") == 2)
        assert "STATUS=the old config stays: config.yaml:7: shop: expected a name, found nothing" in systemd.lines


def test_the_end_is_announced_before_it_is_waited_for(tmp_path: Path, systemd: Manager) -> None:
    with tower(tmp_path, environ=systemd.environ) as daemon:
        daemon.until(lambda: daemon.orders.runs and daemon.idle())
    assert "STOPPING=1" in systemd.lines


def test_a_daemon_that_cannot_start_leaves_the_reason_in_its_status(tmp_path: Path, systemd: Manager) -> None:
    daemon = Tower(tmp_path, environ=systemd.environ, unusable=Unusable("syncd.db: is damaged"))
    with pytest.raises(Unusable):
        daemon.supervisor.open()
    assert systemd.lines == ["STATUS=syncd.db: is damaged"]


@pytest.mark.parametrize(("age", "well"), [(0.0, True), (-300.0, True), (599.0, True), (600.0, False)])
def test_a_run_or_an_overdue_wait_of_ten_minutes_is_no_progress(age: float, well: bool) -> None:
    for running in (True, False):
        assert is_well(Pulse(running, 1000.0 - age, 3, None, None), 1000.0) is well


def test_a_job_that_was_not_tried_yet_has_a_status_too() -> None:
    pulses = {
        "orders": Pulse(True, 0.0, 0, None, None),
        "stock": Pulse(False, 0.0, 1, Ending(error="x" * 500), START),
    }
    line = status_line("my-shop", pulses)
    assert line.startswith("my-shop: orders not tried yet; stock FAILED 2026-11-23 02:00:00Z: xxx")
    assert len(line) < 300
