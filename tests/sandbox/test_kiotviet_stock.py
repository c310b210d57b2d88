"""Stock in the simulated KiotViet: what each event does to on hand and reserved, and what stamps it moves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.kiotviet_kit import Kit


def _events(kit: Kit, name: str) -> None:
    order = kit.order(3)
    if name == "confirmed":
        kit.shop.staff_confirm_order(order["id"])
    elif name == "cancelled":
        kit.delete(f"/orders/{order['id']}")
    elif name == "invoiced":
        kit.cod_invoice(2, orderId=order["id"])
    elif name == "voided":
        invoice = kit.cod_invoice(2, orderId=order["id"])
        kit.delete("/invoices", {"id": invoice["id"]})
    elif name == "other invoice":
        kit.cod_invoice(2)
    elif name == "ended":
        kit.shop.staff_complete_order(order["id"])


@pytest.mark.parametrize(
    ("event", "on_hand", "reserved"),
    [
        ("created", 10, 3),
        ("confirmed", 10, 3),
        ("cancelled", 10, 0),
        ("invoiced", 8, 1),
        ("voided", 10, 3),
        ("other invoice", 8, 3),
        ("ended", 10, 0),
    ],
)
def test_each_event_moves_the_figures_it_should(event: str, on_hand: int, reserved: int) -> None:
    kit = Kit()
    _events(kit, event)
    assert kit.stock() == (on_hand, reserved)
    row = {row["id"]: row for row in kit.get("/productOnHands", branchIds=kit.main)["data"]}[kit.shirt]
    assert row["inventories"] == [{"branchId": kit.main, "onhand": on_hand, "reserved": reserved}]


def test_units_and_combos_draw_on_their_base() -> None:
    kit = Kit()
    box = kit.shop.add_product("THUNG", "Áo thun", 900000, unit="Thùng", master_unit_id=kit.shirt, conversion=4)
    combo = kit.shop.add_product("COMBO", "Bộ", 300000, kind=1, formula=[(kit.shirt, 2), (kit.jeans, 1)])
    service = kit.shop.add_product("DV", "Gói quà", 5000, kind=3)
    lines = [{"productId": each, "quantity": 1, "price": 1} for each in (box, combo, service)]
    order = kit.order(orderDetails=lines)
    assert (kit.stock(), kit.stock(kit.jeans)) == ((10, 6), (5, 1))
    kit.post("/invoices", {"branchId": kit.main, "orderId": order["id"], "invoiceDetails": lines})
    assert (kit.stock(), kit.stock(kit.jeans)) == ((4, 0), (4, 0))
    assert kit.stock(box) == (1, 0)


def test_stock_may_be_fractional_and_negative() -> None:
    kit = Kit()
    kit.shop.set_stock(kit.shirt, kit.main, "2.5")
    kit.shop.counter_sale(kit.main, [(kit.shirt, 0.1), (kit.jeans, 7)])
    assert (kit.stock(), kit.stock(kit.jeans)) == ((Decimal("2.4"), 0), (-2, 0))
    rows = {row["id"]: row["inventories"][0]["onhand"] for row in kit.get("/productOnHands")["data"]}
    assert (rows[kit.shirt], rows[kit.jeans]) == (2.4, -2)


def test_a_counted_unit_counts_its_base() -> None:
    kit = Kit()
    box = kit.shop.add_product(
        "THUNG", "Áo", 1, unit="Thùng", master_unit_id=kit.shirt, conversion=4, stock={kit.second: 2}
    )
    assert (kit.stock(box, kit.second), kit.stock(branch_id=kit.second)) == ((2, 0), (8, 0))


def test_goods_on_their_way_are_at_neither_branch() -> None:
    kit = Kit()
    slip = kit.shop.transfer(kit.main, kit.second, [(kit.shirt, 3)], received=False)
    assert (kit.stock(), kit.stock(branch_id=kit.second)) == ((7, 0), (4, 0))
    kit.shop.receive_transfer(slip)
    assert kit.stock(branch_id=kit.second) == (7, 0)


def test_purchases_sales_and_returns_move_the_shelf() -> None:
    kit = Kit()
    kit.shop.purchase(kit.main, [(kit.shirt, 5)])
    sale = kit.shop.counter_sale(kit.main, [(kit.shirt, 4)])
    kit.shop.return_goods(sale, [(kit.shirt, 1)])
    assert kit.stock() == (12, 0)
    kit.shop.return_goods(sale)
    assert kit.stock() == (15, 0)
    row = kit.get(f"/invoices/{sale}")
    assert (row["status"], row["totalPayment"], row["invoiceDetails"][0]["returnQuantity"]) == (1, 400000, 4)


@pytest.mark.parametrize(
    ("move", "on_hands"), [("sale", 0), ("purchase", 0), ("count", 0), ("transfer", 1), ("return", 1)]
)
def test_only_transfers_and_returns_show_in_incremental_stock_reads(move: str, on_hands: int) -> None:
    kit = Kit()
    sold = kit.shop.counter_sale(kit.main, [(kit.shirt, 1)])
    kit.clock.advance(3600)
    moves: dict[str, Any] = {
        "sale": lambda: kit.shop.counter_sale(kit.main, [(kit.shirt, 1)]),
        "purchase": lambda: kit.shop.purchase(kit.main, [(kit.shirt, 1)]),
        "count": lambda: kit.shop.set_stock(kit.shirt, kit.main, 1),
        "transfer": lambda: kit.shop.transfer(kit.main, kit.second, [(kit.shirt, 1)]),
        "return": lambda: kit.shop.return_goods(sold),
    }
    moves[move]()
    since = {"lastModifiedFrom": "2026-11-23T03:30:00Z"}
    assert kit.get("/productOnHands", **since)["total"] == on_hands
    assert kit.get("/products", **since)["total"] == 0


def test_a_renamed_product_shows_in_incremental_product_reads() -> None:
    kit = Kit()
    kit.clock.advance(3600)
    kit.shop.rename_product(kit.shirt, "Áo thun mới", code="AO-99")
    found = kit.get("/products", lastModifiedFrom="2026-11-23T03:30:00Z")["data"]
    assert [(row["code"], row["name"]) for row in found] == [("AO-99", "Áo thun mới")]
    kit.refused("GET", "/products/code/AO-01")


def test_an_order_at_another_branch_reserves_there() -> None:
    kit = Kit()
    kit.post("/orders", kit.order_body(branchId=kit.second))
    assert (kit.stock(), kit.stock(branch_id=kit.second)) == ((10, 0), (4, 2))
