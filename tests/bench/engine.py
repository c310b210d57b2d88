"""What syncd itself costs: CPU per order life and per idle cycle, without latency and quotas, and its commands.

An order life is three walks: received and sent to KiotViet, handed to the carrier and invoiced, delivered, paid and
settled. Each walk is made for many orders at once, as after a busy minute.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from syncd.cli.sandbox import write_config
from syncd.sandbox.serving import Served
from tests.bench.figures import Figure
from tests.bench.metered import MeteredRig, metered_rig, new_buyer
from tests.bench.processes import started

ORDERS = 400
IDLE_CYCLES = 40
GOODS = ("AO-01", "AO-02", "AO-03")
_GROUP = "Engine, without latency and quotas"


def measure(orders: int = ORDERS) -> Iterator[Figure]:
    """CPU of order lives, of idle cycles, and of the commands that people wait for."""
    with tempfile.TemporaryDirectory() as name:
        rig = metered_rig(Path(name))
        lives = _lives(rig, orders)
        yield Figure(_GROUP, "CPU per order life", lives * 1000 / orders, "ms", 15, "stated limit")
        rig.close()
    for products in (12, 1000):
        with tempfile.TemporaryDirectory() as name:
            rig = metered_rig(Path(name), products)
            for cycle, seconds in _idle(rig):
                yield Figure(_GROUP, f"idle {cycle} cycle, 20 open orders, {products} products", seconds * 1000, "ms")
            rig.close()
    yield from _commands()


def _lives(rig: MeteredRig, orders: int) -> float:
    """CPU seconds of syncd for so many lives."""
    haravan = rig.haravan
    for sku in GOODS:
        rig.kiotviet.set_stock(rig.sandbox.products[sku], rig.branch, 10 * orders)
    placed = [rig.place((GOODS[number % len(GOODS)], 1), buyer=new_buyer(number)) for number in range(orders)]
    spent = _walk(rig)
    shipments = {order_id: haravan.ship(order_id) for order_id in placed}
    for order_id, shipment in shipments.items():
        haravan.carrier(order_id, shipment, "delivering")
    spent += _walk(rig)
    for order_id, shipment in shipments.items():
        haravan.carrier(order_id, shipment, "delivered")
        haravan.cod(order_id, shipment, "codreceipt")
    spent += _walk(rig)
    states = {rig.state(order_id) for order_id in placed}
    if states != {"completed"}:
        raise AssertionError(f"not every order came to its end: {states}")
    return spent


def _walk(rig: MeteredRig) -> float:
    rig.later(30)
    with rig.metered() as spent:
        report = rig.shop.orders.run()
    if report.failures:
        raise AssertionError(report.failures[:3])
    rig.later(3700)
    return spent[0]


def _idle(rig: MeteredRig) -> Iterator[tuple[str, float]]:
    """CPU seconds of a cycle of each kind in which nothing happens."""
    for _ in range(20):
        rig.place()
    rig.once()
    rig.later(60)
    for name, cycle in (("orders", rig.shop.orders.run), ("stock", lambda: rig.shop.stock.turn(reconcile=False))):
        took = []
        for _ in range(IDLE_CYCLES):
            rig.later(15)
            with rig.metered() as spent:
                cycle()
            took.append(spent[0])
        yield name, sum(took) / len(took)


def _commands() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        rig = metered_rig(Path(name))
        rig.close()
        with Served(rig.sandbox) as served:
            config = write_config(served, Path(name))
            yield Figure(_GROUP, "syncd --help", started("--help"), "s", 0.25, "stated limit")
            yield Figure(_GROUP, "syncd status", started("status", "-c", str(config)), "s", 0.5, "stated limit")
