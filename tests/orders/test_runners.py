"""Many orders at once on a few threads: each exactly once, one customer a person, and a death in the middle."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from syncd.cycles.runner import InlineRunner, PoolRunner
from syncd.errors import SyncdError
from syncd.sandbox.faults import Fault
from syncd.wiring import Outside
from tests.orders.kit import Killed, assert_quiet, live_invoices, live_orders, settle, whole_life
from tests.orders.mortality import Fuse, wire
from tests.rig import Rig

COUNT = 60


class PoolRig(Rig):
    """The rig with orders on threads, as the daemon has them."""

    def outside(self) -> Outside:
        """As for the rig, but not inline."""
        return replace(super().outside(), inline=False)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[PoolRig]:
    made = PoolRig(tmp_path)
    yield made
    made.close()


def flash_sale(rig: Rig) -> list[int]:
    """Sixty orders of twenty people."""
    for sku in ("NON-01", "AO-02"):
        rig.kiotviet.set_stock(rig.sandbox.products[sku], rig.branch, 500)
    people = [{"first_name": f"Khách {i}", "phone": f"09055500{i:02d}"} for i in range(20)]
    return [rig.place(("NON-01", 1), ("AO-02", 1), buyer=people[i % 20]) for i in range(COUNT)]


def assert_each_once(rig: Rig, orders: list[int]) -> None:
    marked = Counter(row["description"].split()[0] for row in live_orders(rig))
    assert marked == Counter(f"HRV#{order_id}" for order_id in orders)
    assert len(rig.kiotviet.customers()) == 20
    assert len({row["code"] for row in rig.kiotviet.customers()}) == 20


def test_sixty_orders_at_once_are_each_made_once_with_one_customer_a_person(rig: Rig) -> None:
    orders = flash_sale(rig)
    report = rig.orders()
    assert (report.changed, report.failures) == (COUNT, [])
    assert rig.shop.store.reports.counts() == {"ordered": COUNT}
    assert_each_once(rig, orders)
    assert rig.writes().count("POST /surchages") == 1
    assert_quiet(rig)


def test_sixty_whole_lives_at_once_end_well(rig: Rig) -> None:
    orders = flash_sale(rig)
    for order_id in orders:
        whole_life(rig, order_id)
    rig.orders()
    assert rig.shop.store.reports.counts() == {"completed": COUNT}
    assert_each_once(rig, orders)
    assert [row["status"] for row in live_invoices(rig)] == [1] * COUNT
    assert_quiet(rig)


def test_lost_answers_among_many_orders_have_one_effect_each(rig: Rig) -> None:
    for nth in (3, 17, 40):
        rig.faults.add(Fault("lose_answer", remote="kiotviet", method="POST", path="/orders$", nth=nth))
        rig.faults.add(Fault("lose_request", remote="kiotviet", method="POST", path="/orders$", nth=nth + 5))
        rig.faults.add(Fault("status", remote="kiotviet", method="POST", path="/customers$", nth=nth // 3))
    orders = flash_sale(rig)
    settle(rig, 5)
    assert rig.shop.store.reports.counts() == {"ordered": COUNT}
    assert_each_once(rig, orders)
    assert_quiet(rig)


def test_a_spent_budget_stops_all_threads_and_the_rest_follows(rig: Rig) -> None:
    orders = flash_sale(rig)
    rig.faults.add(
        Fault("rate_limited", remote="kiotviet", method="POST", path="/orders$", nth=20, times=0, status=429)
    )
    with pytest.raises(SyncdError):
        rig.orders()
    assert 0 < len(live_orders(rig)) < COUNT
    rig.faults.clear()
    rig.later(600)
    settle(rig, 2)
    assert_each_once(rig, orders)


@pytest.mark.parametrize("at", [150, 700])
def test_a_process_that_dies_in_the_middle_of_the_pool_leaves_one_effect_each(rig: Rig, at: int) -> None:
    orders = flash_sale(rig)
    fuse = Fuse(at)
    with pytest.MonkeyPatch.context() as patch:
        wire(rig, fuse, patch)
        fuse.stays_dead = True
        with pytest.raises(Killed):
            rig.orders()
        rig.reopen()
        fuse.lit = False
    assert 0 <= len(live_orders(rig)) < COUNT
    settle(rig, 4)
    assert rig.shop.store.reports.counts() == {"ordered": COUNT}
    assert_each_once(rig, orders)
    assert_quiet(rig)


def test_a_broken_order_on_a_thread_never_delays_the_others_and_is_told_at_the_end() -> None:
    done: list[int] = []
    runner = PoolRunner(4)

    def job(number: int) -> None:
        if number == 3:
            raise ZeroDivisionError("our own mistake")
        done.append(number)

    with pytest.raises(ZeroDivisionError):
        runner.run([lambda n=n: job(n) for n in range(10)])  # type: ignore[misc]
    assert sorted(done) == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    runner.close()


def test_the_inline_runner_keeps_the_order_given_and_its_own_thread() -> None:
    seen: list[tuple[int, str]] = []
    InlineRunner().run([lambda n=n: seen.append((n, threading.current_thread().name)) for n in range(5)])  # type: ignore[misc]
    assert seen == [(n, threading.current_thread().name) for n in range(5)]


def test_a_stop_falls_between_orders(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    orders = flash_sale(rig)
    stops = iter([False] * 5)
    rig.shop.orders._stop = lambda: next(stops, True)
    rig.orders()
    assert len(live_orders(rig)) == 5
    rig.reopen()
    rig.orders()
    assert_each_once(rig, orders)
    rig.close()
