"""What people do in the simulated shop's own screens, as the API then shows it."""

from __future__ import annotations

import json
import threading
from decimal import Decimal

import pytest

from syncd.sandbox.http import Request
from tests.sandbox.kiotviet_kit import Kit


def test_a_counter_sale_is_a_paid_invoice_even_of_sold_out_goods() -> None:
    kit = Kit()
    invoice = kit.get(f"/invoices/{kit.shop.counter_sale(kit.main, [(kit.jeans, 6)])}")
    assert (invoice["status"], invoice["total"], invoice["totalPayment"]) == (1, 1500000, 1500000)
    assert kit.stock(kit.jeans) == (-1, 0)


def test_an_order_entered_edited_and_cancelled_by_hand() -> None:
    kit = Kit()
    order_id = kit.shop.staff_create_order(kit.main, [(kit.shirt, 2)], description="gọi điện", discount=1000)
    assert kit.get(f"/orders/{order_id}")["total"] == 199000
    kit.shop.staff_edit_order(order_id, lines=[(kit.shirt, 3)], description="đổi")
    order = kit.get(f"/orders/{order_id}")
    assert (order["total"], order["description"], kit.stock()) == (299000, "đổi", (10, 3))
    kit.shop.staff_cancel_order(order_id)
    assert kit.get(f"/orders/{order_id}")["status"] == 4


def test_an_edit_by_hand_keeps_our_prices() -> None:
    kit = Kit()
    order = kit.order(2)
    kit.shop.staff_edit_order(order["id"], lines=[(kit.shirt, 1)])
    assert kit.get(f"/orders/{order['id']}")["total"] == 90000


def test_an_order_served_by_hand() -> None:
    kit = Kit()
    order = kit.order(orderDelivery={"receiver": "Người mẫu"}, totalPayment=0)
    cod = kit.shop.staff_invoice_order(order["id"], using_cod=True)
    invoice = kit.get(f"/invoices/{cod}")
    assert (invoice["orderCode"], invoice["status"], invoice["invoiceDelivery"]["status"]) == (order["code"], 3, 1)
    other = kit.order()
    paid = kit.shop.staff_invoice_order(other["id"], paid=True)
    assert kit.get(f"/invoices/{paid}")["totalPayment"] == 180000


def test_an_invoice_edited_by_hand_lives_on_under_a_new_id() -> None:
    kit = Kit()
    order = kit.order()
    old = kit.cod_invoice(orderId=order["id"])
    same = kit.shop.staff_edit_invoice(old["id"], description="ghi chú mới")
    new = kit.shop.staff_edit_invoice(old["id"], lines=[(kit.shirt, 1)])
    assert (same, new != old["id"]) == (old["id"], True)
    fresh = kit.get(f"/invoices/{new}")
    assert (fresh["code"], fresh["total"], fresh["orderCode"]) == ("HD000001.01", 90000, order["code"])


def test_an_invoice_voided_by_hand_reopens_its_order() -> None:
    kit = Kit()
    order = kit.order()
    invoice = kit.post("/invoices", kit.invoice_body(orderId=order["id"], totalPayment=180000))
    kit.shop.staff_void_invoice(invoice["id"])
    assert kit.get(f"/orders/{order['id']}")["status"] == 1
    assert kit.get(f"/invoices/{invoice['id']}", includePayment=True)["payments"][0]["statusValue"] == "Đã hủy"


def test_documents_are_easily_counted() -> None:
    kit = Kit()
    kit.order()
    kit.shop.staff_cancel_order(kit.order()["id"])
    invoice = kit.cod_invoice()
    assert [order["status"] for order in kit.shop.orders()] == [1, 4]
    assert [(each["id"], each["orderId"]) for each in kit.shop.invoices()] == [(invoice["id"], None)]
    assert kit.shop.customers() == []


def test_a_closed_branch_is_outside_the_tokens_list() -> None:
    kit = Kit()
    kit.shop.close_branch(kit.second)
    assert [row["id"] for row in kit.get("/branches")["data"]] == [kit.main]
    assert kit.refused("POST", "/orders", kit.order_body(branchId=kit.second))["message"] == "Chi nhánh không tồn tại"


def test_unknown_settings_are_named() -> None:
    with pytest.raises(ValueError, match="SellAllowOrder"):
        Kit().shop.setting("SellAlowOrder", True)


def test_the_whole_state_is_json() -> None:
    kit = Kit()
    kit.cod_invoice(orderId=kit.order()["id"])
    state = json.loads(json.dumps(kit.shop.state(), default=float))
    assert [order["status"] for order in state["orders"]] == [3]
    assert {"code": "AO-01", "on_hand": 8.0}.items() <= state["stock"][0].items()


def test_barcodes_and_deleted_products() -> None:
    kit = Kit()
    kit.shop.set_barcode(kit.shirt, "8930000000017")
    assert kit.get(f"/products/{kit.shirt}")["barCode"] == "8930000000017"
    order = kit.order()
    kit.shop.delete_product(kit.shirt)
    assert kit.get(f"/orders/{order['id']}")["orderDetails"][0]["productId"] == kit.shirt


def test_many_threads_never_lose_an_order() -> None:
    kit = Kit()
    body = json.dumps(kit.order_body(1)).encode()
    headers = {"authorization": kit.http.headers["Authorization"], "retailer": kit.shop.retailer}

    def send() -> None:
        for _ in range(25):
            kit.shop.handle(Request("POST", "/orders", (), headers, body))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len({order["code"] for order in kit.shop.orders()}) == 100
    assert kit.stock() == (Decimal(10), Decimal(100))


def test_a_shop_is_the_same_every_time() -> None:
    def story() -> object:
        kit = Kit()
        kit.cod_invoice(orderId=kit.order()["id"])
        return kit.shop.state(), kit.http.headers["Authorization"]

    assert story() == story()
