"""What a store that has grown costs: idle cycles, memory, file size, `status` and `explain`.

The same shop with a hundred open orders, and so many orders of former years beside them: written into its database in
one go, with four events each. The daemon's memory is that of `syncd run` beside simulated shops behind sockets.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from syncd.cli.sandbox import write_config
from syncd.clock import SystemClock
from syncd.sandbox.serving import Served
from syncd.sandbox.world import Sandbox
from syncd.store import Store
from tests.bench.figures import Figure
from tests.bench.metered import MeteredRig
from tests.bench.page import FIRST_ID, fill_store
from tests.bench.processes import daemon, memory_mb, started

SIZES = (1_000, 100_000, 1_000_000)
OPEN = 100
CYCLES = 40
DAEMON_SECONDS = 45.0
FLAT = 1.2
_GROUP = "Growth, 100 open orders beside those of former years"


def measure(sizes: tuple[int, ...] = SIZES) -> Iterator[Figure]:
    """Each figure by size; the smallest store is what the others are compared with."""
    first: dict[str, float] = {}
    for size in sizes:
        for name, value, unit, stated in _of(size):
            smallest = first.setdefault(name, value)
            flat = None if size == sizes[0] or unit == "bytes" else smallest * FLAT
            limit, against = (stated, "stated limit") if stated else (flat, f"1.2 × that of {sizes[0]:,}")
            yield Figure(_GROUP, f"{name}, {size:,} orders", value, unit, limit, against if limit else "")


def _of(size: int) -> Iterator[tuple[str, float, str, float | None]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rig = _grown(folder, size)
        for what, cycle in (("orders", rig.shop.orders.run), ("stock", lambda: rig.shop.stock.turn(reconcile=False))):
            yield f"idle {what} cycle", _idle(rig, cycle) * 1000, "ms CPU", None
        rig.close()
    with tempfile.TemporaryDirectory() as name:
        yield from _beside_a_daemon(Path(name), size)


def _grown(folder: Path, size: int) -> MeteredRig:
    rig = MeteredRig(folder)
    for sku in ("AO-01", "AO-02"):
        rig.kiotviet.set_stock(rig.sandbox.products[sku], rig.branch, 10_000)
    for number in range(OPEN):
        rig.place((("AO-01", "AO-02")[number % 2], 1))
    rig.once()
    rig.later(3700)
    fill_store(rig.shop.store, size)
    rig.once()
    rig.later(60)
    return rig


def _idle(rig: MeteredRig, cycle: object) -> float:
    """CPU seconds of syncd for a cycle in which nothing happens, the re-reading of open orders among them."""
    assert callable(cycle)
    took = 0.0
    for _ in range(CYCLES):
        rig.later(15)
        with rig.metered() as spent:
            cycle()
        took += spent[0]
    return took / CYCLES


def _beside_a_daemon(folder: Path, size: int) -> Iterator[tuple[str, float, str, float | None]]:
    """File size, commands, and the memory of a daemon that has run for a while."""
    sandbox = Sandbox.small_shop(SystemClock())
    with Served(sandbox) as served:
        config = write_config(served, folder)
        order_id = sandbox.haravan.place_order([(next(iter(sandbox.variants.values())), 1)], source="web")
        store = Store(folder / "syncd.db")
        fill_store(store, size)
        store.end()
        with daemon(config) as pid:
            time.sleep(DAEMON_SECONDS)
            yield "memory of the daemon", memory_mb(pid, "VmRSS"), "MB", 80
            yield "syncd status", started("status", "-c", str(config)), "s", 0.5 if size == SIZES[-1] else None
            yield "syncd explain of an old order", started("explain", "-c", str(config), str(FIRST_ID)), "s", None
            yield "syncd explain of a new one", started("explain", "-c", str(config), str(order_id)), "s", None
        yield "file size per order", (folder / "syncd.db").stat().st_size / size, "bytes", None
