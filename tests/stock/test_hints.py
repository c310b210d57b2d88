"""Hints from outside are remembered until a cycle takes them; a flood of them is harmless."""

from __future__ import annotations

import threading

from syncd.cycles.hints import Hints

FLOOD = 10_000


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
