"""A backup made at any instant of a busy day and restored in the evening: nothing is doubled, everything goes on."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from syncd.sandbox.http import Request
from syncd.store import copies
from tests.orders.kit import deliver, hand_over, settle, whole_life
from tests.rig import Rig

SAMPLES = Path(__file__).parents[1] / "samples" / "store"
EVERY = int(os.environ.get("SYNCD_EVERY_BACKUP", "4"))
"""One in so many of the day's backups is restored; 1 tries them all."""


def restore(rig: Rig, copy: Path) -> None:
    """As README says: stop, take the database and its log away, put the copy there, start."""
    rig.lose_store()
    shutil.copy(copy, rig.settings.database)


def documents(rig: Rig) -> dict[str, Any]:
    """Everything of which there could be two."""
    orders, invoices = rig.kiotviet.orders(), rig.kiotviet.invoices()
    return {
        "orders": [(row["id"], row["status"], row["total"]) for row in orders],
        "invoices": [(row["id"], row["status"], row["total"], row["totalPayment"]) for row in invoices],
        "customers": [row["id"] for row in rig.kiotviet.customers()],
        "stock": {sku: rig.available(sku) for sku in rig.sandbox.variants},
    }


def backups_at_each_write(rig: Rig) -> list[Path]:
    """Have a backup made whenever a remote has just done what it was told; the growing list of them."""
    made: list[Path] = []

    def strike(_: str, request: Request) -> None:
        if request.method != "GET" and "token" not in request.path:
            made.append(rig.folder / f"copy-{len(made)}.db")
            copies.back_up(rig.settings.database, made[-1])

    for gate in (rig.sandbox.haravan_gate, rig.sandbox.kiotviet_gate):
        gate.after_effect.append(strike)
    return made


def cycle(rig: Rig) -> None:
    rig.once()
    rig.later()


def busy_day(rig: Rig) -> tuple[int, int]:
    """New orders, parcels on the road, money, a cancellation, sales and purchases; an order and its shipment."""
    first, second = rig.place(("AO-01", 2)), rig.place(("NON-01", 1), shipping=30_000)
    whole_life(rig, rig.place(("AO-02", 1)))
    cycle(rig)
    shipment = hand_over(rig, first)
    rig.kiotviet.counter_sale(rig.branch, [(rig.sandbox.products["AO-02"], 1)])
    cycle(rig)
    rig.haravan.cancel(second)
    deliver(rig, first, shipment)
    last = rig.place(("AO-02", 1))
    rig.kiotviet.purchase(rig.branch, [(rig.sandbox.products["NON-01"], 5)])
    cycle(rig)
    road = hand_over(rig, last)
    cycle(rig)
    return last, road


def test_a_backup_of_any_instant_of_the_day_doubles_nothing(rig: Rig) -> None:
    made = backups_at_each_write(rig)
    last, road = busy_day(rig)
    copied, evening = len(made), documents(rig)
    assert copied >= 10
    for copy in made[:copied:EVERY]:
        restore(rig, copy)
        rig.journal.clear()
        for _ in range(2):
            cycle(rig)
        assert (copy.name, rig.writes(), documents(rig)) == (copy.name, [], evening)
    # the next morning, with the oldest of them
    restore(rig, made[0])
    new = rig.place(("AO-01", 1))
    deliver(rig, last, road)
    settle(rig, 3)
    cycle(rig)
    after = documents(rig)
    assert (len(after["orders"]), len(after["invoices"])) == (len(evening["orders"]) + 1, len(evening["invoices"]))
    assert [row for row in after["invoices"] if row[1] != 1] == [], "all money has come in"
    assert (rig.state(last), rig.state(new), rig.shop.store.reports.held()) == ("completed", "ordered", [])
    rig.journal.clear()
    cycle(rig)
    assert rig.writes() == []


def test_a_backup_of_an_older_version_is_brought_up_to_date_and_doubles_nothing(tmp_path: Path) -> None:
    """The sample is the dump of a store with migrations up to 0003, after this very day."""
    rig = Rig(tmp_path, language="vi")
    (rig.sandbox.variants["MOI-01"],) = rig.haravan.add_product(
        "Hàng MOI-01", [{"sku": "MOI-01", "barcode": "MOI-01", "price": 99_000}]
    )
    held = rig.place(("MOI-01", 1))
    busy_day(rig)
    evening = documents(rig)
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as made:
        made.executescript((SAMPLES / "0003.sql").read_text(encoding="utf-8"))
    restore(rig, old)
    store = rig.shop.store
    assert store.reports.counts() == {"received": 1, "completed": 2, "cancelled": 1, "shipping": 1}
    assert [one.haravan_id for one in store.reports.held()] == [held]
    rig.journal.clear()
    for _ in range(2):
        cycle(rig)
    assert (rig.writes(), documents(rig)) == ([], evening)
    assert rig.hold(held) == "unknown_sku"
    rig.close()
