"""Invoices in the simulated KiotViet: from orders, delivered, settled, edited and voided."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.kiotviet_kit import Kit


def test_an_invoice_from_an_order_takes_the_goods_and_finishes_the_order() -> None:
    kit = Kit()
    order = kit.order(3)
    kit.clock.advance(60)
    first = kit.post("/invoices", kit.invoice_body(1, orderId=order["id"]))
    assert first["orderCode"] == order["code"]
    assert kit.get(f"/orders/{order['id']}")["status"] == 2
    assert kit.stock() == (9, 2)
    kit.post("/invoices", kit.invoice_body(2, orderId=order["id"]))
    done = kit.get(f"/orders/{order['id']}")
    assert (done["status"], done["modifiedDate"]) == (3, "2026-11-23T10:01:00.0000000")
    assert kit.stock() == (7, 0)


def test_only_what_is_open_of_an_order_can_be_invoiced() -> None:
    kit = Kit()
    order = kit.order(2)
    kit.refused("POST", "/invoices", kit.invoice_body(3, orderId=order["id"]))
    kit.post("/invoices", kit.invoice_body(2, orderId=order["id"]))
    late = kit.refused("POST", "/invoices", kit.invoice_body(1, orderId=order["id"]))
    assert (late["errorCode"], late["message"]) == ("KvValidateOrderException", "Trạng thái đơn hàng không hợp lệ")
    cancelled = kit.order()
    kit.delete(f"/orders/{cancelled['id']}")
    kit.refused("POST", "/invoices", kit.invoice_body(1, orderId=cancelled["id"]))
    kit.refused("POST", "/invoices", kit.invoice_body(1, orderId=77))


def test_equal_lines_of_an_invoice_are_merged() -> None:
    kit = Kit()
    line = {"productId": kit.shirt, "quantity": 1, "price": 90000}
    dearer = {**line, "price": 110000}
    invoice = kit.post("/invoices", kit.invoice_body(invoiceDetails=[line, line]))
    assert [row["quantity"] for row in invoice["invoiceDetails"]] == [2]
    mixed = kit.post("/invoices", kit.invoice_body(invoiceDetails=[line, dearer]))
    assert (mixed["total"], len(mixed["invoiceDetails"])) == (200000, 1)


def test_surcharges_count_at_the_top_or_inside_the_delivery() -> None:
    kit = Kit()
    charge = {"id": kit.shop.add_surcharge("SHIP", "Phí"), "price": 30000}
    assert kit.post("/invoices", kit.invoice_body(surchages=[charge]))["total"] == 210000
    nested = kit.invoice_body(usingCod=True, deliveryDetail={"status": 1, "surchages": [charge]})
    assert kit.post("/invoices", nested)["total"] == 210000


def test_an_invoice_without_delivery_is_complete_at_once() -> None:
    kit = Kit()
    invoice = kit.post("/invoices", kit.invoice_body(totalPayment=180000, method="Cash"))
    assert (invoice["status"], invoice["statusValue"], invoice["totalPayment"]) == (1, "Hoàn thành", 180000)
    assert invoice["payments"][0]["code"] == f"TT{invoice['code']}"


def test_a_cod_invoice_is_complete_when_delivered_and_settled() -> None:
    kit = Kit()
    order = kit.order()
    invoice = kit.cod_invoice(orderId=order["id"])
    assert (invoice["status"], invoice["statusValue"]) == (3, "Đang xử lý")
    assert invoice["deliveryDetail"]["priceCodPayment"] == 180000
    path = f"/invoices/{invoice['id']}"
    assert kit.put(path, {"deliveryDetail": {"status": 2}})["status"] == 3
    assert kit.put(path, {"deliveryDetail": {"status": 3}})["status"] == 3
    settled = kit.put(path, {"codPaymentMethod": "Transfer", "codPaymentAccount": 8346})
    assert (settled["id"], settled["status"], settled["totalPayment"]) == (invoice["id"], 1, 180000)
    payment = kit.get(path, includePayment=True)["payments"][0]
    assert (payment["method"], payment["accountId"], payment["amount"]) == ("Transfer", 8346, 180000)
    assert kit.put(path, {"codPaymentMethod": "Cash", "deliveryDetail": {"status": 3}})["totalPayment"] == 180000
    assert kit.get("/cashflow")["total"] == 1
    assert kit.stock() == (8, 0)


def test_a_pancake_style_body_is_understood() -> None:
    kit = Kit()
    detail = {"Status": 1, "UsingPriceCod": 1, "PartnerDeliveryId": 2676, "Receiver": "Người mẫu", "Price": 22000}
    body = {
        "branchId": kit.main,
        "usingCod": True,
        "status": 3,
        "invoiceDetails": [{"productCode": "AO-01", "quantity": 2, "price": 90000}],
        "deliveryDetail": detail,
    }
    delivery = kit.post("/invoices", body)["deliveryDetail"]
    assert (delivery["usingPriceCod"], delivery["partnerDelivery"]["name"]) == (True, "Đối tác mẫu")


def test_settling_for_an_unknown_account_changes_nothing() -> None:
    kit = Kit()
    invoice = kit.cod_invoice()
    body = {"codPaymentMethod": "Transfer", "codPaymentAccount": 5, "deliveryDetail": {"status": 3}}
    kit.refused("PUT", f"/invoices/{invoice['id']}", body)
    assert kit.get(f"/invoices/{invoice['id']}")["invoiceDelivery"]["status"] == 1


def test_a_failed_delivery_ends_as_5() -> None:
    kit = Kit()
    path = f"/invoices/{kit.cod_invoice()['id']}"
    assert kit.put(path, {"deliveryDetail": {"status": 4}})["status"] == 3
    failed = kit.put(path, {"deliveryDetail": {"status": 5}})
    assert (failed["status"], failed["statusValue"]) == (5, "Không giao được")


def test_a_delivery_on_the_road_needs_a_partner_where_money_is_collected() -> None:
    kit = Kit()
    body = kit.invoice_body(usingCod=True, deliveryDetail={"status": 1, "usingPriceCod": True})
    path = f"/invoices/{kit.post('/invoices', body)['id']}"
    kit.refused("PUT", path, {"deliveryDetail": {"status": 3}})
    kit.put(path, {"deliveryDetail": {"status": 3, "partnerDelivery": {"name": "Haravan"}}})
    kit.refused("PUT", path, {"deliveryDetail": {"status": 13}})


@pytest.mark.parametrize(
    "delivery", [{"status": 3}, {"status": 0}, {"status": 1, "partnerDeliveryId": 5}, {"status": 1, "price": "x"}]
)
def test_a_new_delivery_starts_unshipped_or_on_the_road_with_a_known_partner(delivery: dict[str, Any]) -> None:
    kit = Kit()
    answer = kit.http.post("/invoices", json=kit.invoice_body(usingCod=True, deliveryDetail=delivery))
    assert answer.status_code in (400, 420)
    assert (kit.shop.invoices(), kit.stock()) == ([], (10, 0))


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("UseDelivery", "Thiết lập “Sử dụng tính năng giao hàng” đang không được bật"),
        ("ManageCod", "Thiết lập “Quản lý thu hộ tiền” đang không được bật"),
    ],
)
def test_delivery_settings_that_are_off_are_named(setting: str, message: str) -> None:
    kit = Kit()
    kit.shop.setting(setting, False)
    body = kit.invoice_body(usingCod=True, deliveryDetail={"status": 1, "usingPriceCod": True})
    assert kit.refused("POST", "/invoices", body)["message"] == message


def test_sold_out_goods_and_goods_promised_to_others_follow_the_settings() -> None:
    kit = Kit()
    kit.order(8)
    message = "Thiết lập “Cho phép bán hàng khi hết tồn kho” đang không được bật"
    assert kit.refused("POST", "/invoices", kit.invoice_body(11))["message"] == message
    kit.post("/invoices", kit.invoice_body(3))
    kit.shop.setting("AllowSellWhenOrderOutStock", False)
    kit.refused("POST", "/invoices", kit.invoice_body(1))
    kit.shop.setting("AllowSellWhenOutStock", True)
    kit.post("/invoices", kit.invoice_body(11))
    assert kit.stock() == (-4, 8)


def test_an_order_may_take_what_it_reserved_itself() -> None:
    kit = Kit()
    kit.shop.setting("AllowSellWhenOrderOutStock", False)
    order = kit.order(10)
    kit.post("/invoices", kit.invoice_body(10, orderId=order["id"]))
    assert kit.stock() == (0, 0)


def test_changed_lines_make_a_new_invoice_with_a_suffix() -> None:
    kit = Kit()
    order = kit.order(3)
    old = kit.cod_invoice(3, orderId=order["id"])
    new = kit.put(f"/invoices/{old['id']}", kit.invoice_body(2))
    assert (new["code"], new["id"] != old["id"]) == (f"{old['code']}.01", True)
    assert new["deliveryDetail"]["priceCodPayment"] == 270000
    assert kit.get(f"/invoices/{old['id']}")["status"] == 2
    assert kit.get(f"/orders/{order['id']}")["status"] == 2
    assert kit.stock() == (8, 1)
    last = kit.put(f"/invoices/{new['id']}", kit.invoice_body(1))
    assert last["code"] == f"{old['code']}.02"
    kit.refused("PUT", f"/invoices/{old['id']}", kit.invoice_body(1))


def test_the_same_lines_again_keep_the_invoice() -> None:
    kit = Kit()
    old = kit.cod_invoice()
    assert kit.put(f"/invoices/{old['id']}", kit.invoice_body(soldById=1351773))["id"] == old["id"]


def test_an_edit_beyond_the_stock_is_refused_and_changes_nothing() -> None:
    kit = Kit()
    old = kit.cod_invoice(2)
    kit.refused("PUT", f"/invoices/{old['id']}", kit.invoice_body(11))
    assert kit.get(f"/invoices/{old['id']}")["status"] == 3
    assert kit.stock() == (8, 0)


def test_voiding_gives_the_goods_back_and_answers_the_invoice() -> None:
    kit = Kit()
    invoice = kit.cod_invoice()
    voided = kit.delete("/invoices", {"id": invoice["id"], "isVoidPayment": True})
    assert (voided["id"], voided["status"], voided["statusValue"]) == (invoice["id"], 2, "Đã hủy")
    assert (voided["deliveryDetail"]["status"], voided["deliveryDetail"]["statusValue"]) == (6, "Đã hủy")
    assert kit.stock() == (10, 0)
    kit.refused("DELETE", "/invoices", {"id": invoice["id"]})
    kit.refused("POST", "/payments", {"invoiceId": invoice["id"], "amount": 1})


def test_a_payment_pays_the_debt_of_an_invoice() -> None:
    kit = Kit()
    invoice = kit.cod_invoice()
    kit.put(f"/invoices/{invoice['id']}", {"deliveryDetail": {"status": 3}})
    paid = kit.post(
        "/payments", {"amount": 180000, "method": "Transfer", "accountId": 8346, "invoiceId": invoice["id"]}
    )
    assert paid["DocumentCode"] == invoice["code"]
    again = kit.get(f"/invoices/{invoice['id']}", includePayment=True)
    assert (again["status"], again["totalPayment"]) == (1, 180000)
    assert again["payments"][0]["bankAccount"] == "0000000000 - NGÂN HÀNG MẪU"
    kit.refused("POST", "/payments", {"amount": 0, "invoiceId": invoice["id"]})


def test_sub_totals_follow_the_discount_per_unit() -> None:
    kit = Kit()
    line = {"productId": kit.shirt, "quantity": 2, "price": 2737000, "discount": 187000}
    invoice = kit.post("/invoices", kit.invoice_body(invoiceDetails=[line]))
    assert invoice["invoiceDetails"][0]["subTotal"] == 5100000 == invoice["total"]
    assert "discount" not in invoice


def test_the_times_of_sale_can_be_sent_only_where_allowed() -> None:
    kit = Kit()
    assert kit.post("/invoices", kit.invoice_body(purchaseDate="2026-11-23T09:00:00"))["purchaseDate"].startswith(
        "2026-11-23T09:00:00"
    )
    kit.shop.setting("ChangeSaleTime", False)
    kit.refused("POST", "/invoices", kit.invoice_body(purchaseDate="2026-11-23T09:00:00"))


def test_a_surcharge_that_became_inactive_stays_on_the_invoice_that_has_it() -> None:
    kit = Kit()
    charge = {"id": kit.shop.add_surcharge("SHIP", "Phí"), "price": 30000}
    invoice = kit.cod_invoice(surchages=[charge])
    kit.post(f"/surchages/{charge['id']}/activesurchage", {"isActive": False})
    again = kit.put(f"/invoices/{invoice['id']}", kit.invoice_body(surchages=[charge]))
    assert (again["id"], again["total"]) == (invoice["id"], 210000)
    kit.refused("POST", "/invoices", kit.invoice_body(surchages=[charge]))


def test_a_carrier_that_collects_less_than_the_total_settles_just_that() -> None:
    kit = Kit()
    delivery = {"status": 1, "usingPriceCod": True, "priceCodPayment": 100000, "partnerDelivery": {"name": "GHN"}}
    invoice = kit.post("/invoices", kit.invoice_body(usingCod=True, deliveryDetail=delivery))
    settle = {"codPaymentMethod": "Cash", "deliveryDetail": {"status": 3}}
    for _ in range(2):
        settled = kit.put(f"/invoices/{invoice['id']}", settle)
        assert (settled["status"], settled["totalPayment"]) == (1, 100000)


def test_money_moves_to_the_invoice_that_replaces_another() -> None:
    kit = Kit()
    old = kit.post("/invoices", kit.invoice_body(totalPayment=50000))
    new = kit.put(f"/invoices/{old['id']}", kit.invoice_body(1))
    assert kit.get(f"/invoices/{old['id']}")["totalPayment"] == 0
    assert new["totalPayment"] == 50000
    assert kit.get("/cashflow")["total"] == 1
