"""From the checkout to a completed invoice: KiotViet's totals are Haravan's to the dong, wherever these come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.orders.kit import all_orders, assert_ended_well, assert_quiet, hand_over, live_orders, whole_life
from tests.rig import Rig


def item(sku: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return {"sku": sku, "quantity": quantity, **more}


def code(amount: int | str, kind: str | None = None, name: str = "GIAM") -> dict[str, Any]:
    return {"code": name, "amount": amount, "type": kind}


@dataclass(frozen=True)
class Basket:
    """What a buyer orders, and what is then laid over the payload."""

    lines: tuple[dict[str, Any], ...] = (item("AO-01"),)
    terms: dict[str, Any] = field(default_factory=dict)
    patch: dict[str, Any] = field(default_factory=dict)

    def bought(self, rig: Rig) -> int:
        wishes = [{"variant_id": rig.sandbox.variants[row["sku"]], **without(row, "sku")} for row in self.lines]
        order_id = rig.haravan.place_order(wishes, **self.terms)
        if self.patch:
            rig.haravan.corrupt(order_id, self.patch)
        return order_id


def without(row: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != key}


PROMOTED = item(
    "AO-01", 2, price=170_000, price_original=185_000, applied_discounts=[{"description": "KM", "amount": 15_000}]
)
BASKETS: dict[str, Basket] = {
    "nothing special": Basket(),
    "a line promotion": Basket((PROMOTED,)),
    "a line promotion that says 0": Basket((item("AO-01", 2, price=170_000, price_original=185_000),)),
    "a fixed code": Basket(terms={"discount_codes": [code(50_000, "fixed_amount")]}),
    "a percentage": Basket((item("AO-01", 3),), {"discount_codes": [code("43501", "percentage")]}),
    "several codes": Basket(terms={"discount_codes": [code(20_000), code(10_000, "percentage", "PHANTRAM")]}),
    "a shipping coupon": Basket(terms={"discount_codes": [code(20_000, "shipping")]}),
    "a coupon and a code": Basket(terms={"discount_codes": [code(30_000, "shipping"), code(5_000)]}),
    "a coupon larger than the fee": Basket(terms={"discount_codes": [code(50_000, "shipping")]}),
    "free shipping": Basket(terms={"shipping": 0}),
    "a gift": Basket((item("AO-01"), item("NON-01", 2, price=0))),
    "a gift of the same product": Basket((item("AO-01", 2), item("AO-01", price=0))),
    "gifts alone": Basket((item("AO-01", price=0), item("NON-01", price=0)), {"shipping": 0}),
    "gifts with shipping": Basket((item("AO-01", price=0),)),
    "one product at three prices": Basket(tuple(item("AO-01", n, price=p) for n, p in ((1, 100), (2, 50), (4, 33)))),
    "fractions that come to a whole": Basket((item("AO-01", 2, price="33333.5"),)),
    "fractions on two lines": Basket((item("AO-01", 1, price="99999.5"), item("NON-01", 1, price="0.5"))),
    "a fraction of shipping": Basket((item("AO-01", 1, price="99999.5"),), {"shipping": "30000.5"}),
    "a discount of all goods": Basket((item("AO-01", price=290_000),), {"discount": 290_000}),
    "a discount of everything": Basket((item("AO-01", price=290_000),), {"discount": 320_000}),
    "a discount that pays some shipping": Basket((item("AO-01", price=290_000),), {"discount": 300_000}),
    "a wholesaler": Basket((item("AO-01", 900_000, price=2_900_000),)),
    "tax in the prices": Basket(terms={"tax": 26_364, "taxes_included": True}),
    "no word about tax": Basket(patch={"total_tax": None, "taxes_included": None}),
    "tax as text": Basket(patch={"total_tax": "0", "taxes_included": "false"}),
    "amounts as text": Basket(
        (item("AO-01", price=290_000),),
        patch={"total_price": "320000.0000", "total_discounts": "0.0", "subtotal_price": "290000"},
    ),
}
READINGS: dict[str, dict[str, str]] = {
    "as it seems": {},
    "coupons off the shipping line, surcharges beside the total": {
        "haravan_shipping_coupon": "in_shipping_line",
        "haravan_subtotal": "after_discount",
        "kiotviet_total": "without_surcharges",
    },
    "coupons nowhere but in the total": {"haravan_shipping_coupon": "beside"},
}


@pytest.fixture(scope="module", params=READINGS.values(), ids=READINGS)
def day(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Rig, dict[str, int]]]:
    """A shop that took every basket, and the order of each; all were delivered and paid, seen at every step."""
    rig = Rig(tmp_path_factory.mktemp("money"), switches=request.param)
    for sku in ("AO-01", "NON-01"):
        rig.kiotviet.set_stock(rig.sandbox.products[sku], rig.branch, 2_000_000)
    orders = {name: basket.bought(rig) for name, basket in BASKETS.items()}
    rig.orders()
    for order_id in orders.values():
        whole_life(rig, order_id)
    rig.later()
    rig.orders()
    yield rig, orders
    rig.close()


def charged(document: dict[str, Any]) -> Decimal:
    return sum((Decimal(str(row["price"])) for row in document.get("invoiceOrderSurcharges", [])), Decimal(0))


def due(rig: Rig, document: dict[str, Any]) -> Decimal:
    """What the buyer owes by a KiotViet document, whichever of the two its total is."""
    beside = rig.sandbox.positions()["kiotviet.total"] == "without_surcharges"
    return Decimal(str(document["total"])) + (charged(document) if beside else 0)


@pytest.mark.parametrize("name", BASKETS)
def test_order_and_invoices_come_to_haravans_total(day: tuple[Rig, dict[str, int]], name: str) -> None:
    rig, orders = day
    order_id = orders[name]
    assert (rig.state(order_id), rig.hold(order_id)) == ("completed", "")
    wanted = Decimal(str(rig.haravan.order(order_id)["total_price"]))
    (document,) = all_orders(rig, order_id)
    invoices = [row for row in rig.kiotviet.invoices() if row["orderId"] == document["id"]]
    assert due(rig, document) == wanted
    assert sum(due(rig, invoice) for invoice in invoices) == wanted
    assert [invoice["status"] for invoice in invoices] == [1]
    for paper, details in ((document, "orderDetails"), (invoices[0], "invoiceDetails")):
        sums = [paper.get("discount", 0), charged(paper), *(row["price"] for row in paper[details])]
        assert all(Decimal(str(amount)) % 1 == 0 and Decimal(str(amount)) >= 0 for amount in sums)


def test_after_that_nothing_is_left_to_do(day: tuple[Rig, dict[str, int]]) -> None:
    assert_quiet(day[0])


CONTRADICTIONS: dict[str, tuple[Basket, str, str]] = {
    "more than its parts": (Basket(patch={"total_price": 333_000}), "333.000 đ", "320.000 đ"),
    "less than its parts": (Basket(patch={"total_price": 300_000}), "300.000 đ", "320.000 đ"),
    "a discount that is not in the total": (Basket(patch={"total_discounts": 20_000}), "320.000 đ", "300.000 đ"),
    "tax on top": (Basket(terms={"tax": 29_000}), "349.000 đ", "320.000 đ"),
    "no whole dong": (Basket((item("AO-01", price="290000.25"),)), "320.000,25 đ", "320.001 đ"),
    "below zero": (Basket(terms={"discount": 400_000}), "-80.000 đ", "0 đ"),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Rig, dict[str, int]]]:
    """A shop with every order that cannot be right, and one that is."""
    rig = Rig(tmp_path_factory.mktemp("contradictions"))
    orders = {name: basket.bought(rig) for name, (basket, _, _) in CONTRADICTIONS.items()}
    orders["fine"] = rig.place(("NON-01", 1))
    rig.orders()
    yield rig, orders
    rig.close()


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_amounts_that_cannot_be_equal_hold_the_order_with_both_figures(
    refused: tuple[Rig, dict[str, int]], name: str
) -> None:
    rig, orders = refused
    assert (rig.hold(orders[name]), rig.state(orders[name])) == ("total_mismatch", "received")
    (shown,) = [row for row in rig.shop.store.reports.held() if row.haravan_id == orders[name]]
    assert all(figure in shown.hold.reason for figure in CONTRADICTIONS[name][1:])
    assert live_orders(rig, orders[name]) == []


def test_such_orders_delay_no_other_and_cost_no_write(refused: tuple[Rig, dict[str, int]]) -> None:
    rig, orders = refused
    assert rig.state(orders["fine"]) == "ordered"
    rig.later()
    assert_quiet(rig)


def test_a_contradiction_that_is_mended_in_haravan_goes_on_by_itself(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    order_id = Basket(patch={"total_price": 300_000}).bought(rig)
    rig.orders()
    assert rig.hold(order_id) == "total_mismatch"
    rig.haravan.corrupt(order_id, {"total_price": 300_000, "total_discounts": 20_000})
    rig.later()
    rig.orders()
    assert (rig.hold(order_id), rig.state(order_id)) == ("", "ordered")
    assert due(rig, live_orders(rig, order_id)[0]) == 300_000
    rig.close()


def test_tax_that_is_in_the_total_already_needs_nobody(tmp_path: Path) -> None:
    rig = Rig(tmp_path, switches={"haravan_tax_total": "in_prices"})
    order_id = Basket(terms={"tax": 26_364, "discount_codes": [code(10_000)]}).bought(rig)
    whole_life(rig, order_id)
    rig.orders()
    assert_ended_well(rig, order_id)
    assert due(rig, live_orders(rig, order_id)[0]) == 310_000
    rig.close()


def test_pieces_refunded_before_they_are_shipped_are_for_a_person(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 2), ("NON-01", 1), discount=10_000)
    rig.orders()
    line = rig.haravan.order(order_id)["line_items"][1]["id"]
    rig.haravan.refund(order_id, [(line, 1)])
    hand_over(rig, order_id)
    rig.later()
    rig.orders()
    assert rig.hold(order_id) == "lines_changed"
    assert due(rig, live_orders(rig, order_id)[0]) == Decimal(str(rig.haravan.order(order_id)["total_price"]))
