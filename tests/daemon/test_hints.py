"""Hints from outside make the daemon look sooner, and nothing else."""

from __future__ import annotations

import threading
from pathlib import Path

from syncd.cycles.hints import Hints
from syncd.cycles.orders import OrdersReport
from syncd.errors import AuthError, RateLimited, Transient
from tests.daemon.kit import PATIENCE_SECONDS, Tower, tower

FLOOD = 10_000


def first_runs(daemon: Tower) -> None:
    daemon.until(lambda: daemon.orders.runs >= 1 and daemon.stock.runs >= 1 and daemon.idle())


# --- what is remembered ----------------------------------------------------------------------------------------------


def test_a_flood_is_remembered_in_bounded_memory_and_wakes_once() -> None:
    hints, woken = Hints(), []
    hints.wake = lambda: woken.append(1)
    for number in range(1, FLOOD + 1):
        hints.products([number], "webhook stock.update")
        hints.orders()
    assert len(woken) == 2
    assert hints.wants("stock")
    assert hints.wants("orders")
    taken = hints.take_products()
    assert len(taken) == 1000
    assert set(taken.values()) == {"webhook stock.update"}
    assert not hints.has_products()


def test_a_repeated_hint_costs_nothing_more() -> None:
    hints = Hints()
    for _ in range(FLOOD):
        hints.products([7, 8, 7], "webhook stock.update")
    hints.products([8], "webhook order.update")
    assert hints.take_products() == dict.fromkeys([7, 8], "webhook stock.update")


def test_each_job_is_wanted_until_it_begins_and_again_after_the_next_hint() -> None:
    hints, woken = Hints(), []
    hints.wake = lambda: woken.append(1)
    hints.orders()
    assert not hints.wants("stock")
    hints.begin("stock")
    assert hints.wants("orders")
    hints.begin("orders")
    assert not hints.wants("orders")
    hints.orders()
    assert hints.wants("orders")
    assert len(woken) == 2


def test_products_stay_until_a_cycle_takes_them() -> None:
    hints = Hints()
    hints.products([7], "webhook stock.update")
    hints.begin("stock")
    assert not hints.wants("stock")
    assert hints.has_products()


def test_naming_no_product_wakes_nobody() -> None:
    hints, woken = Hints(), []
    hints.wake = lambda: woken.append(1)
    hints.products([], "webhook stock.update")
    assert (woken, hints.wants("stock")) == ([], False)


def test_hints_from_many_threads_at_once_lose_nothing() -> None:
    hints = Hints()
    threads = [
        threading.Thread(target=lambda start=start: [hints.products([start + at], "a") for at in range(100)])
        for start in range(0, 800, 100)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hints.take_products().keys() == set(range(800))


# --- what the daemon does --------------------------------------------------------------------------------------------


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
