"""What syncd itself costs: CPU per order life and per idle cycle, without latency and quotas, and its commands.

An order life is three walks: received and sent to KiotViet, handed to the carrier and invoiced, delivered, paid and
settled. Each walk is made for many orders at once, as after a busy minute.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, median
from tests.bench.metered import MeteredRig, metered_rig

ORDERS = 400
IDLE_CYCLES = 40
STARTS = 11
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
    placed = [
        rig.place(
            (GOODS[number % len(GOODS)], 1),
            buyer={"first_name": "Khách", "last_name": f"Số {number}", "phone": f"09{number:08d}"},
        )
        for number in range(orders)
    ]
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
        config = Path(name) / "config.yaml"
        _write_config(rig, config)
        rig.close()
        yield Figure(_GROUP, "syncd --help", started("--help"), "s", 0.25, "stated limit")
        yield Figure(_GROUP, "syncd status", started("status", "-c", str(config)), "s", 0.5, "stated limit")


def _write_config(rig: MeteredRig, path: Path) -> None:
    settings = rig.settings
    (path.parent / "haravan-token").write_text(settings.haravan.token.reveal(), encoding="utf-8")
    (path.parent / "kiotviet-secret").write_text(settings.kiotviet.client_secret.reveal(), encoding="utf-8")
    for name in ("haravan-token", "kiotviet-secret"):
        (path.parent / name).chmod(0o600)
    path.write_text(
        "\n".join(
            [
                f"shop: {settings.shop}",
                f"database: {settings.database}",
                "language: en",
                "haravan: {base_url: 'http://127.0.0.1:9', token_file: haravan-token}",
                "kiotviet:",
                f"  retailer: {settings.kiotviet.retailer}",
                f"  client_id: {settings.kiotviet.client_id}",
                "  client_secret_file: kiotviet-secret",
                "  base_url: http://127.0.0.1:9",
                "  token_url: http://127.0.0.1:9/connect/token",
                f"orders: {{apply: true, branch_id: {rig.branch}, since: 2026-11-01}}",
                "stock: {links: []}",
            ]
        )
        + "\n",
        encoding="utf-8",
    )


def started(*arguments: str) -> float:
    """Wall-clock seconds from start to end of a command, the median of some."""
    line = [sys.executable, "-m", "syncd", *arguments]
    took = []
    for _ in range(STARTS):
        began = time.monotonic()
        done = subprocess.run(line, capture_output=True, check=False)
        took.append(time.monotonic() - began)
        if done.returncode not in (0, 1):  # of a status that shows something to look at
            raise AssertionError(done.stderr.decode() + done.stdout.decode())
    return median(took)
