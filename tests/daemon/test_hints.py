"""Hints from outside make the daemon look sooner, and nothing else."""

from __future__ import annotations

import threading
from pathlib import Path

from syncd.cycles.orders import OrdersReport
from syncd.errors import AuthError, RateLimited, Transient
from tests.daemon.kit import PATIENCE_SECONDS, Tower, tower

FLOOD = 10_000


def first_runs(daemon: Tower) -> None:
    daemon.until(lambda: daemon.orders.runs >= 1 and daemon.stock.runs >= 1 and daemon.idle())


def test_a_hint_wakes_the_supervisor(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        daemon.supervisor._wake.clear()
        daemon.shops[-1].hints.orders()
        assert daemon.supervisor._wake.is_set()


def test_a_hint_about_orders_runs_the_orders_cycle_and_no_other(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        daemon.clock.advance(6)
        daemon.shops[-1].hints.orders()
        daemon.until(lambda: daemon.orders.runs == 2 and daemon.idle())
        daemon.settle()
        assert (daemon.orders.runs, daemon.stock.runs) == (2, 1)


def test_a_hint_about_products_runs_the_stock_cycle_and_no_other(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        daemon.clock.advance(6)
        daemon.shops[-1].hints.products([1], "webhook stock.update")
        daemon.until(lambda: daemon.stock.runs == 2 and daemon.idle())
        daemon.settle()
        assert (daemon.orders.runs, daemon.stock.runs) == (1, 2)


def test_a_flood_of_hints_runs_a_cycle_every_five_seconds_and_not_more(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        for second in range(1, 15):
            daemon.clock.advance(1)
            for _ in range(FLOOD // 14):
                daemon.shops[-1].hints.orders()
            daemon.until(lambda second=second: daemon.orders.runs == 1 + second // 5 and daemon.idle())
            daemon.settle(2)
            assert daemon.orders.runs == 1 + second // 5


def test_a_hint_in_the_middle_of_a_run_is_followed_by_another_run(tmp_path: Path) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def act() -> OrdersReport:
        entered.set()
        assert go_on.wait(PATIENCE_SECONDS)
        return OrdersReport()

    with tower(tmp_path) as daemon:
        daemon.orders.act = act
        daemon.until(entered.is_set)
        daemon.shops[-1].hints.orders()
        daemon.settle(2)
        assert daemon.orders.runs == 1
        go_on.set()
        daemon.after(5, runs=2)
        daemon.clock.advance(5)
        daemon.settle()
        assert daemon.orders.runs == 2


def test_a_hint_hurries_nothing_while_a_remote_said_wait(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        daemon.orders.fail(RateLimited("KiotViet said to wait", 100))
        first_runs(daemon)
        daemon.orders.recover()
        for _ in range(9):
            daemon.clock.advance(10)
            daemon.shops[-1].hints.orders()
            daemon.settle(2)
        assert daemon.orders.runs == 1
        daemon.after(10, runs=2)


def test_a_hint_hurries_nothing_while_the_credentials_are_refused(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        daemon.stock.fail(AuthError("KiotViet: refused", remote="kiotviet"))
        first_runs(daemon)
        daemon.stock.recover()
        daemon.clock.advance(50)
        daemon.shops[-1].hints.products([1], "webhook stock.update")
        daemon.settle()
        assert daemon.stock.runs == 1
        daemon.clock.advance(10)
        daemon.until(lambda: daemon.stock.runs == 2 and daemon.idle())


def test_a_hinted_run_that_fails_is_not_repeated_before_its_turn(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        daemon.stock.fail(Transient("KiotViet: answered 502"))
        daemon.clock.advance(6)
        daemon.shops[-1].hints.products([1], "webhook stock.update")
        daemon.until(lambda: daemon.stock.runs == 2 and daemon.idle())
        daemon.clock.advance(6)
        daemon.settle()
        assert daemon.stock.runs == 2
