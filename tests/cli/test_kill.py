"""`kill -9` of a real `syncd once` around each write, run again: one effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli_kit import Desk, open_desk

# Between two looks a lost write counts as absent; a killed process may need as many runs as there are looks and steps.
RUNS = 6


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def _new(desk: Desk) -> int:
    return desk.place(("AO-01", 2), ("NON-01", 1), shipping=30000)


def _shipped(desk: Desk) -> int:
    order = _new(desk)
    assert desk("once").code == 0
    shipment = desk.sandbox.haravan.ship(order)
    desk.sandbox.haravan.carrier(order, shipment, "delivering")
    return order


def _paid(desk: Desk) -> int:
    order = _shipped(desk)
    assert desk("once").code == 0
    (shipment,) = [row["id"] for row in desk.sandbox.haravan.order(order)["fulfillments"]]
    desk.sandbox.haravan.carrier(order, shipment, "delivered")
    desk.sandbox.haravan.cod(order, shipment, "codreceipt")
    return order


def _cancelled(desk: Desk) -> int:
    order = _new(desk)
    assert desk("once").code == 0
    desk.sandbox.haravan.cancel(order)
    return order


def _brought_back(desk: Desk) -> int:
    desk.edit("lookup_wait_seconds: 0", "lookup_wait_seconds: 0\n  on_return: void_invoice")
    order = _shipped(desk)
    assert desk("once").code == 0
    (shipment,) = [row["id"] for row in desk.sandbox.haravan.order(order)["fulfillments"]]
    desk.sandbox.haravan.carrier(order, shipment, "return")
    return order


def _tagged(desk: Desk) -> int:
    desk.edit("lookup_wait_seconds: 0", "lookup_wait_seconds: 0\n  tags: true")
    return _new(desk)


def _sold(desk: Desk) -> int:
    order = _new(desk)
    assert desk("once").code == 0
    desk.sandbox.kiotviet.counter_sale(desk.sandbox.branches[0], [(desk.sandbox.products["AO-01"], 3)])
    return order


POINTS: tuple[tuple[str, Callable[[Desk], int], str, str, str], ...] = (
    ("create customer", _new, "POST", "/customers", "ordered"),
    ("create surcharge", _new, "POST", "/surchages", "ordered"),
    ("create order", _new, "POST", "/orders", "ordered"),
    ("create invoice", _shipped, "POST", "/invoices", "shipping"),
    ("complete invoice", _paid, "PUT", "/invoices/", "completed"),
    ("cancel order", _cancelled, "DELETE", "/orders/", "cancelled"),
    ("void invoice", _brought_back, "DELETE", "/invoices", "returned"),
    ("cancel what is left open", _brought_back, "DELETE", "/orders/", "returned"),
    ("tag order", _tagged, "POST", "/tags", "ordered"),
    ("adjust stock", _sold, "POST", "/adjustorset", "ordered"),
)


def _told(desk: Desk, order: int) -> tuple[object, object, object]:
    story = desk("explain", str(order), "--json").json
    return story["state"], story["hold"], story["in_doubt"]


@pytest.mark.parametrize("after_effect", [False, True], ids=["before the effect", "after the effect"])
@pytest.mark.parametrize(("situation", "method", "path", "end"), [p[1:] for p in POINTS], ids=[p[0] for p in POINTS])
def test_a_killed_run_leaves_one_effect_once_it_is_run_again(
    desk: Desk, situation: Callable[[Desk], int], method: str, path: str, end: str, after_effect: bool
) -> None:
    order = situation(desk)
    victim: list[int] = []
    desk.kill_at(method, path, after_effect=after_effect, process_of=victim)
    process = desk.start("once")
    victim.append(process.pid)
    process.communicate(timeout=60)
    assert process.returncode == -9, "the process was not killed at the write"

    for _ in range(RUNS):
        assert "Traceback" not in desk("once").err
        told = _told(desk, order)
        if told == (end, None, []):
            break
    assert told == (end, None, [])
    kiotviet = desk.sandbox.kiotviet
    assert len(kiotviet.customers()) == 1
    assert len([o for o in kiotviet.orders() if o["status"] != 4]) == (0 if end in ("cancelled", "returned") else 1)
    live = [invoice for invoice in kiotviet.invoices() if invoice["status"] != 2 and invoice.get("usingCod")]
    assert len(live) == (1 if end in ("shipping", "completed") else 0)
    assert all(sum(p["amount"] for p in i.get("payments", [])) in (0, i["total"]) for i in live)
    level = desk.sandbox.haravan.level(desk.sandbox.variants["AO-01"], desk.sandbox.locations[0])
    on_hand, reserved = kiotviet.stock(desk.sandbox.products["AO-01"], desk.sandbox.branches[0])
    assert level["available"] == on_hand - reserved

    desk.sandbox.journal.clear()
    assert desk("once").code == 0
    assert desk.sandbox.journal.writes() == []
