"""`plan` goes the whole way of a cycle and sends nothing: what it shows is what the next cycle does."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from syncd.cycles.planning import PlannedWrite
from tests.rig import Rig
from tests.stock.kit import count, deliver, sell, settings, ship


def planned(rig: Rig) -> list[PlannedWrite]:
    """All writes that a plan shows; none may be sent."""
    before = len(rig.journal.writes())
    with rig.plan() as shop:
        shop.orders.run(full=True)
        shop.stock.run(full=True)
        assert shop.planned is not None
        found = list(shop.planned.writes)
    assert len(rig.journal.writes()) == before, "a plan sends no write"
    return found


def operations(rig: Rig) -> list[str]:
    return [write.operation for write in planned(rig)]


def test_nothing_to_do_plans_nothing(rig: Rig) -> None:
    rig.once()
    assert planned(rig) == []


def test_a_new_order_needs_a_customer_a_surcharge_and_an_order(rig: Rig) -> None:
    order = rig.place(("AO-01", 2))
    writes = planned(rig)
    assert Counter(write.operation for write in writes) == {
        "create_customer": 1,
        "create_surcharge": 1,
        "create_order": 1,
    }
    assert {write.target for write in writes} == {"kiotviet"}
    assert [write.haravan_id for write in writes if write.operation == "create_order"] == [order]


def test_an_order_seen_delivered_and_paid_is_planned_to_its_end(rig: Rig) -> None:
    order = rig.place(("AO-01", 2), shipping=0)
    deliver(rig, order)
    assert operations(rig) == ["create_customer", "create_order", "create_invoice", "complete_invoice"]


def test_a_shipment_plans_the_invoice_of_a_real_order(rig: Rig) -> None:
    order = rig.place(("AO-01", 2))
    rig.once()
    ship(rig, order)
    assert operations(rig) == ["create_invoice"]


def test_money_plans_the_completion_of_a_real_invoice(rig: Rig) -> None:
    order = rig.place(("AO-01", 2))
    rig.once()
    shipment = ship(rig, order)
    rig.once()
    rig.haravan.carrier(order, shipment, "delivered")
    rig.haravan.cod(order, shipment, "codreceipt")
    assert operations(rig) == ["complete_invoice"]


@pytest.mark.parametrize("reserve", ["yes", "no"])
def test_a_cancellation_plans_a_cancellation_and_no_stock(tmp_path: Path, reserve: str) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_orders_reserve": reserve})
    order = rig.place(("AO-01", 2))
    rig.once()
    rig.haravan.cancel(order)
    assert operations(rig) == ["cancel_order"]
    rig.close()


def test_a_difference_of_stock_is_shown_with_its_location_and_variant(rig: Rig) -> None:
    sell(rig, "AO-01", 3)
    (write,) = planned(rig)
    assert (write.target, write.operation, write.haravan_id) == ("haravan", "adjust_stock", None)
    assert str(rig.location) in write.detail
    assert str(rig.sandbox.variants["AO-01"]) in write.detail
    assert "-3" in write.detail


@pytest.mark.parametrize("setting", ["auto", "right"])
@pytest.mark.parametrize("reserve", ["yes", "no"])
@pytest.mark.parametrize("status", ["", "readytopick", "delivering"])
def test_a_plan_of_stock_takes_the_planned_documents_into_account(
    tmp_path: Path, reserve: str, setting: str, status: str
) -> None:
    """Otherwise it would show adjustments that the real cycle does not make."""
    rig = Rig(tmp_path, switches={"kiotviet_orders_reserve": reserve})
    settings(rig, orders_reserve="auto" if setting == "auto" else reserve)
    first = rig.place(("AO-02", 1))
    rig.once()
    order = rig.place(("AO-01", 2), ("AO-02", 3))
    if status:
        ship(rig, order, status)
        ship(rig, first, status)
    shown = planned(rig)
    assert [write.operation for write in shown if write.target == "haravan"] == []
    before = len(rig.journal.writes())
    rig.once()
    assert Counter(write.target for write in shown) == Counter(call.remote for call in rig.journal.writes()[before:])
    rig.close()


def test_a_plan_does_not_say_what_kiotviet_reserves(rig: Rig) -> None:
    rig.place(("AO-01", 2))
    planned(rig)
    rig.once()
    assert rig.shop.reserve.known == "yes", "found out from the real order, not from the planned one"


def test_a_plan_shows_writes_although_applying_is_off(rig: Rig) -> None:
    settings(rig, apply=False)
    rig.settings = replace(rig.settings, orders=replace(rig.settings.orders, apply=False))
    rig.place(("AO-01", 2))
    sell(rig, "AO-02", 1)
    assert {"create_order", "adjust_stock"} <= set(operations(rig))
    rig.once()
    assert rig.writes() == []


def test_a_plan_that_would_be_refused_says_so_with_examples(rig: Rig) -> None:
    rig.once()
    for sku in list(rig.sandbox.products)[:6]:
        count(rig, sku, 1)
    with rig.plan() as shop:
        report = shop.stock.run(full=True)
        assert shop.planned is not None
        assert shop.planned.writes == []
    assert "AO-01 from 20 to 1" in report.refusal


def test_a_plan_works_without_a_database_and_makes_none(rig: Rig) -> None:
    rig.place(("AO-01", 2))
    assert "create_order" in operations(rig)
    assert not rig.settings.database.exists()


def tables(path: Path) -> Iterator[tuple[str, str]]:
    """The digest of every table but the one that counts calls."""
    with closing(sqlite3.connect(path)) as database:
        names = [
            name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        for name in names:
            rows = database.execute(f"SELECT * FROM {name}").fetchall()
            yield name, hashlib.sha256(repr(rows).encode()).hexdigest()


def test_a_plan_leaves_the_store_as_it_was_but_for_the_counted_calls(rig: Rig) -> None:
    order = rig.place(("AO-01", 2))
    rig.once()
    rig.close()
    before = dict(tables(rig.settings.database))
    ship(rig, order)
    rig.place(("AO-02", 1))
    sell(rig, "AO-03", 2)
    rig.later(120)
    assert planned(rig)
    after = dict(tables(rig.settings.database))
    assert {name for name in before if before[name] != after[name]} == {"calls"}


def test_a_plan_while_the_daemon_runs_sees_what_it_recorded(rig: Rig) -> None:
    rig.place(("AO-01", 2))
    rig.once()
    rig.place(("AO-02", 1))
    assert operations(rig).count("create_order") == 1


def test_what_is_planned_is_what_is_done(rig: Rig) -> None:
    rig.place(("AO-01", 2))
    other = rig.place(("AO-02", 1), buyer={"name": "Trần Thị Mẫu", "phone": "0900000123"})
    deliver(rig, other)
    sell(rig, "AO-03", 2)
    shown = Counter(write.operation for write in planned(rig))
    rig.once()
    done = Counter(
        {
            "create_customer": len(rig.kiotviet.customers()),
            "create_order": len(rig.kiotviet.orders()),
            "create_invoice": len(rig.kiotviet.invoices()) - 1,
            "complete_invoice": sum(1 for i in rig.kiotviet.invoices() if i.get("orderId") and i["status"] == 1),
            "create_surcharge": 1,
            "adjust_stock": len(rig.haravan.slips()),
        }
    )
    assert shown == done


def test_goods_that_come_back_are_planned_to_their_end_and_nothing_is_sent(tmp_path: Path) -> None:
    rig = Rig(tmp_path, on_return="void_invoice")
    order_id = rig.place()
    shipment_id = rig.haravan.ship(order_id)
    rig.haravan.carrier(order_id, shipment_id, "delivering")
    rig.once()
    rig.haravan.carrier(order_id, shipment_id, "return")
    rig.later()
    rig.journal.clear()
    with rig.plan() as plan:
        plan.orders.run(full=True)
        assert plan.planned is not None
        assert [write.operation for write in plan.planned.writes] == ["void_invoice", "cancel_order"]
    assert rig.journal.writes() == []
    rig.orders()
    assert [path.split(" ")[0] for path in rig.writes()] == ["DELETE", "DELETE"]
    rig.close()
