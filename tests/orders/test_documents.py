"""What is written on KiotViet's documents: surcharge, discount, totals, delivery."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.orders.kit import assert_ended_well, live_invoices, live_orders, whole_life
from tests.rig import Rig

CODE = "THKSHIPPINGWEB"


def charges(document: dict[str, Any]) -> list[Any]:
    return [row["price"] for row in document.get("invoiceOrderSurcharges", [])]


def surcharge_posts(rig: Rig) -> int:
    return rig.writes().count("POST /surchages")


def test_shipping_is_a_surcharge_that_is_made_once(rig: Rig) -> None:
    rig.place()
    rig.place()
    rig.orders()
    assert [charges(row) for row in live_orders(rig)] == [[30_000], [30_000]]
    assert surcharge_posts(rig) == 1


def test_a_surcharge_that_the_shop_has_is_used(rig: Rig) -> None:
    known = rig.kiotviet.add_surcharge(CODE, "Phí giao hàng")
    rig.place()
    rig.orders()
    assert live_orders(rig)[0]["invoiceOrderSurcharges"][0]["surchargeId"] == known
    assert surcharge_posts(rig) == 0


def test_free_shipping_needs_no_surcharge(rig: Rig) -> None:
    order_id = rig.place(shipping=0)
    whole_life(rig, order_id)
    rig.orders()
    assert surcharge_posts(rig) == 0
    assert_ended_well(rig, order_id)


def test_an_inactive_surcharge_holds_what_needs_it_and_says_what_to_do(rig: Rig) -> None:
    rig.kiotviet.add_surcharge(CODE, "Phí giao hàng", active=False)
    held, free = rig.place(), rig.place(shipping=0)
    rig.orders()
    assert (rig.hold(held), rig.state(free)) == ("rejected", "ordered")
    (shown,) = rig.shop.store.reports.held()
    assert CODE in shown.hold.reason
    assert "activate" in shown.hold.reason


def test_a_surcharge_that_people_replaced_is_looked_up_again(rig: Rig) -> None:
    rig.place()
    rig.orders()
    known = next(iter(rig.kiotviet._books.surcharges.values()))
    known.active, known.code = False, "CU"
    order_id = rig.place()
    rig.later()
    rig.orders()
    assert rig.hold(order_id) == "rejected"
    rig.shop.store.orders.ask_retry(order_id, rig.clock.now())
    rig.orders()
    assert (rig.state(order_id), rig.hold(order_id)) == ("ordered", "")


@pytest.mark.parametrize(
    ("prices", "discount", "shipping"),
    [
        ([(1, "290000")], 0, 0),
        ([(3, "96666.6667")], 0, 30_000),
        ([(2, "290000"), (1, "289999")], 50_000, 30_000),
        ([(7, "14285.7143"), (3, "33333.3333")], 12_345, 1),
        ([(1, "0")], 0, 30_000),
        ([(2, "150000")], 300_000, 0),
    ],
)
def test_both_documents_come_to_haravans_total(
    rig: Rig, prices: list[tuple[int, str]], discount: int, shipping: int
) -> None:
    variant = rig.sandbox.variants["AO-01"]
    lines = [{"variant_id": variant, "quantity": count, "price": price} for count, price in prices]
    order_id = rig.haravan.place_order(lines, discount=discount, shipping=shipping)
    total = rig.haravan.find_order(order_id).total
    rounded = round(total)
    rig.haravan.corrupt(order_id, {"total_price": rounded})
    whole_life(rig, order_id)
    rig.orders()
    assert rig.state(order_id) == "completed", rig.shop.store.reports.held()
    assert live_orders(rig)[0]["total"] == live_invoices(rig)[0]["total"] == rounded
    assert len(live_orders(rig)[0]["orderDetails"]) == 1


def test_an_address_travels_to_the_delivery(rig: Rig) -> None:
    order_id = rig.place(address={"address1": "5 Ngõ Thử", "ward": "Phường 1", "district": "Quận 3", "province": "HCM"})
    rig.haravan.ship(order_id)
    rig.orders()
    delivery = live_orders(rig)[0]["orderDelivery"]
    assert delivery["address"] == "5 Ngõ Thử"
    assert (delivery["wardName"], delivery["locationName"]) == ("Phường 1", "HCM - Quận 3")


def test_money_can_be_booked_on_a_bank_account(tmp_path: Path) -> None:
    rig = Rig(tmp_path, cod_method="Transfer", cod_account_id=None)
    account = int(next(iter(rig.kiotviet._books.entries["account"].values())).id)
    rig.close()
    rig = Rig(tmp_path, cod_method="Transfer", cod_account_id=account)
    order_id = rig.place()
    whole_life(rig, order_id)
    rig.orders()
    (payment,) = live_invoices(rig)[0]["payments"]
    assert (payment["method"], payment["amount"]) == ("Transfer", 320_000)
    assert_ended_well(rig, order_id)
    rig.close()


def test_never_sent_are_code_status_purchase_date_and_partner(rig: Rig) -> None:
    order_id = rig.place()
    whole_life(rig, order_id)
    rig.orders()
    bodies = [call.body for call in rig.journal.writes("kiotviet") if call.path in ("/orders", "/invoices")]
    assert len(bodies) == 2
    for body in bodies:
        assert isinstance(body, dict)
        assert not {"code", "status", "purchaseDate", "Partner"} & set(body)
