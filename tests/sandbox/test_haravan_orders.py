"""The life of an order in the simulated Haravan, as its payload shows it."""

from __future__ import annotations

from typing import Any

import pytest

from syncd.sandbox.haravan.floor import Refusal
from tests.sandbox.haravan_kit import START, Kit


def test_a_new_web_cod_order_shows_what_the_buyer_owes() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 2), (kit.jeans, 1), discount=50_000, note="Gọi trước khi giao")
    order = kit.get(f"orders/{order_id}")["order"]
    (owed,) = order["transactions"]
    assert (order["source_name"], order["gateway_code"]) == ("web", "COD")
    assert order["total_price"] == 450_000 + 30_000 - 50_000 == owed["amount"]
    assert (owed["kind"], order["financial_status"], order["fulfillments"]) == ("pending", "pending", [])
    assert (order["confirmed_status"], order["fulfillment_status"]) == ("unconfirmed", "notfulfilled")
    assert order["subtotal_price"] == order["total_line_items_price"] == 450_000
    assert order["shipping_address"]["phone"] == order["customer"]["phone"]
    assert order["id"] == order["number"] > 2**32
    assert order["created_at"] == "2026-11-23T03:00:00Z"


def test_money_is_written_as_a_number_with_a_point() -> None:
    kit = Kit()
    text = kit.call("GET", f"orders/{kit.buy()}").text
    assert '"total_price": 130000.0' in text


def test_the_whole_way_from_new_to_paid() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 1))
    kit.shop.confirm(order_id)
    parcel_id = kit.shop.ship(order_id, tracking="GHN1")
    parcel = _parcel(kit, order_id)
    assert (parcel["carrier_status_code"], parcel["carrier_cod_status_code"]) == ("readytopick", "codpending")
    assert (parcel["tracking_number"], parcel["cod_amount"], parcel["status"]) == ("GHN1", 130_000, "success")
    assert kit.shop.order(order_id)["fulfillment_status"] == "fulfilled"
    for status, date in (
        ("picking", "picking_date"),
        ("delivering", "delivering_date"),
        ("delivered", "delivered_date"),
    ):
        kit.clock.advance(3600)
        kit.shop.carrier(order_id, parcel_id, status)
        parcel = _parcel(kit, order_id)
        assert parcel["carrier_status_code"] == status
        assert parcel[date] == parcel["updated_at"] == kit.shop.order(order_id)["updated_at"]
    kit.shop.cod(order_id, parcel_id, "codpaid")
    assert kit.shop.order(order_id)["financial_status"] == "pending"
    kit.shop.cod(order_id, parcel_id, "codreceipt")
    order = kit.shop.order(order_id)
    assert order["financial_status"] == "paid"
    assert [row["kind"] for row in order["transactions"]] == ["capture", "pending"]
    assert order["transactions"][0]["parent_id"] == order["transactions"][1]["id"]


def test_a_delivery_that_fails_goes_back() -> None:
    kit = Kit()
    order_id = kit.buy()
    parcel_id = kit.shop.ship(order_id)
    for status, name in (
        ("delivering", "Đang giao hàng"),
        ("not_meet_customer", "Không gặp khách"),
        ("waiting_for_return", "Chờ chuyển hoàn"),
        ("return", "Chuyển hoàn"),
    ):
        kit.shop.carrier(order_id, parcel_id, status)
        assert _parcel(kit, order_id)["carrier_status_name"] == name
    with pytest.raises(Refusal, match="there is no carrier status 'lost'"):
        kit.shop.carrier(order_id, parcel_id, "lost")


def test_two_parcels_share_the_money_to_collect() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 1), (kit.jeans, 1), discount=7_001)
    first_line, second_line = kit.line_ids(order_id)
    kit.shop.ship(order_id, [(first_line, 1)])
    assert kit.shop.order(order_id)["fulfillment_status"] == "partial"
    assert kit.shop.order(order_id)["line_items"][1]["fulfillable_quantity"] == 1
    kit.shop.ship(order_id, [(second_line, 1)])
    order = kit.shop.order(order_id)
    shares = [parcel["cod_amount"] for parcel in order["fulfillments"]]
    assert sum(shares) == order["total_price"]
    assert min(shares) > 100_000


def test_a_parcel_made_anew_collects_all_again() -> None:
    kit = Kit()
    order_id = kit.buy()
    kit.shop.carrier(order_id, kit.shop.ship(order_id), "cancel")
    assert kit.shop.order(order_id)["fulfillment_status"] == "notfulfilled"
    kit.shop.ship(order_id)
    new, old = kit.shop.order(order_id)["fulfillments"]
    assert (old["carrier_status_code"], new["carrier_status_code"]) == ("cancel", "readytopick")
    assert old["cancel_date"]
    assert old["cod_amount"] == new["cod_amount"] == 130_000


def test_prepaid_orders_have_nothing_to_collect() -> None:
    kit = Kit()
    order_id = kit.buy(cod=False, paid=True)
    kit.shop.ship(order_id)
    assert kit.shop.order(order_id)["financial_status"] == "paid"
    assert (_parcel(kit, order_id)["carrier_cod_status_code"], _parcel(kit, order_id)["cod_amount"]) == ("none", 0)


def test_more_than_is_open_cannot_be_shipped() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 2))
    line_id = kit.line_ids(order_id)[0]
    with pytest.raises(Refusal, match="are not open"):
        kit.shop.ship(order_id, [(line_id, 3)])
    kit.shop.ship(order_id)
    assert kit.refused("POST", f"orders/{order_id}/fulfillments", {"fulfillment": {}}) == 422
    with pytest.raises(Refusal, match="nothing left to ship"):
        kit.shop.ship(order_id)


def test_cancelling_an_unpaid_order_keeps_it_pending_with_an_empty_refund() -> None:
    kit = Kit()
    order_id = kit.buy()
    order = kit.send("POST", f"orders/{order_id}/cancel", {})["order"]
    assert (order["cancelled_status"], order["cancel_reason"]) == ("cancelled", "customer")
    assert (order["financial_status"], order["line_items"][0]["fulfillable_quantity"]) == ("pending", 1)
    (refund,) = order["refunds"]
    assert (refund["note"], refund["refund_line_items"], refund["restock"]) == ("Khách hủy", None, None)
    assert kit.refused("POST", f"orders/{order_id}/cancel", {}) == 422


def test_cancelling_a_paid_order_may_keep_its_shipment() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 2))
    kit.shop.ship(order_id)
    kit.shop.mark_paid(order_id)
    body = {"amount": "52000", "restock": True, "ignore_cancel_fulfillment": True}
    order = kit.send("POST", f"orders/{order_id}/cancel", body)["order"]
    assert (order["financial_status"], order["fulfillment_status"]) == ("partially_refunded", "fulfilled")
    assert (order["line_items"][0]["fulfillment_status"], order["line_items"][0]["fulfillable_quantity"]) == (
        "restock",
        0,
    )
    assert (order["refunds"][0]["restock"], order["refunds"][0]["transactions"][0]["amount"]) == (True, -52_000)
    assert order["fulfillments"][0]["carrier_status_code"] == "readytopick"


def test_cancelling_with_refunded_lines_cancels_the_shipment() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 2))
    kit.shop.ship(order_id)
    kit.shop.mark_paid(order_id)
    refund = {
        "refund_line_items": [{"line_item_id": kit.line_ids(order_id)[0], "quantity": 1}],
        "transactions": [{"amount": "230000", "kind": "refund"}],
    }
    order = kit.send("POST", f"orders/{order_id}/cancel", {"refund": refund})["order"]
    assert order["financial_status"] == "refunded"
    assert order["refunds"][0]["refund_line_items"][0]["line_item"]["id"] == 0
    assert (order["fulfillments"][0]["carrier_status_code"], order["fulfillments"][0]["cancel_date"] is None) == (
        "cancel",
        False,
    )


def test_a_refund_shows_its_money_twice_under_one_id() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 2))
    kit.shop.ship(order_id)
    kit.shop.mark_paid(order_id)
    kit.shop.refund(order_id, [(kit.line_ids(order_id)[0], 1)], restock=True, amount=100_000)
    order = kit.shop.order(order_id)
    assert order["financial_status"] == "partially_refunded"
    assert order["transactions"][0] == order["refunds"][0]["transactions"][0]
    with pytest.raises(Refusal, match="Số lượng"):
        kit.shop.refund(order_id, [(kit.line_ids(order_id)[0], 2)])


def test_captures_are_not_idempotent() -> None:
    kit = Kit()
    order_id = kit.buy()
    body = {"transaction": {"kind": "Capture", "amount": 65_000}}
    first = kit.send("POST", f"orders/{order_id}/transactions", body)["transaction"]
    assert (first["kind"], first["status"]) == ("Capture", "success")
    assert kit.shop.order(order_id)["financial_status"] == "partiallypaid"
    kit.send("POST", f"orders/{order_id}/transactions", body)
    assert kit.shop.order(order_id)["financial_status"] == "paid"
    assert kit.refused("POST", f"orders/{order_id}/transactions", {"transaction": {"kind": "Refund"}}) == 422


def test_tags_merge_and_are_taken_off_one_by_one() -> None:
    kit = Kit()
    order_id = kit.buy(tags="VIP")
    path = f"orders/{order_id}/tags"
    assert kit.send("POST", path, {"tags": "kv-synced,kv-err"}) == {"tags": "VIP,kv-synced,kv-err"}
    assert kit.send("POST", path, {"tags": "kv-synced"}) == {"tags": "VIP,kv-synced,kv-err"}
    assert kit.send("DELETE", path, {"tags": "VIP,kv-err"}) == {"tags": "kv-synced"}


def test_staff_may_edit_address_note_and_tags_which_moves_updated_at() -> None:
    kit = Kit()
    order_id = kit.buy()
    for edit in (
        lambda: kit.shop.edit_address(order_id, phone="0909999999", ward="Phường 1"),
        lambda: kit.shop.edit_note(order_id, "giao giờ hành chính"),
        lambda: kit.shop.edit_tags(order_id, "gấp, quà"),
    ):
        before = kit.shop.order(order_id)["updated_at"]
        kit.clock.advance(60)
        edit()
        assert kit.shop.order(order_id)["updated_at"] > before
    order = kit.shop.order(order_id)
    assert (order["shipping_address"]["phone"], order["note"], order["tags"]) == (
        "0909999999",
        "giao giờ hành chính",
        "gấp,quà",
    )


def test_lines_may_have_own_prices_and_no_variant() -> None:
    kit = Kit()
    order_id = kit.buy(
        {"variant_id": kit.shirt, "quantity": 2, "price": 85_000, "price_original": 100_000},
        {"title": "Gói quà", "quantity": 1, "price": 0},
        shipping=0,
        tax=8_000,
    )
    order = kit.shop.order(order_id)
    shirt, gift = order["line_items"]
    assert (shirt["price"], shirt["price_original"], gift["variant_id"], gift["price"]) == (85_000, 100_000, None, 0)
    assert (order["total_price"], order["total_tax"]) == (178_000, 8_000)
    with pytest.raises(Refusal, match="lớn hơn 0"):
        kit.buy((kit.shirt, 0))


def test_an_order_may_have_no_customer_or_an_older_date() -> None:
    kit = Kit()
    order = kit.shop.order(kit.buy(buyer=False, created_at=START.replace(year=2025)))
    assert order["customer"] is None
    assert order["created_at"] == order["updated_at"] == "2025-11-23T03:00:00Z"
    assert order["shipping_address"]["name"]


def test_the_same_buyer_is_the_same_customer() -> None:
    kit = Kit()
    first, second = kit.shop.order(kit.buy()), kit.shop.order(kit.buy())
    assert first["customer"]["id"] == second["customer"]["id"]
    assert second["customer"]["orders_count"] == 2
    other = kit.shop.order(kit.buy(buyer={"first_name": "Cường", "phone": "0900000002"}))
    assert other["customer"]["id"] != first["customer"]["id"]


def test_a_payload_can_be_spoilt_and_mended() -> None:
    kit = Kit()
    order_id = kit.buy()
    whole = kit.shop.order(order_id)
    kit.shop.corrupt(order_id, {"line_items": None, "customer": {"phone": 5}})
    spoilt = kit.get(f"orders/{order_id}")["order"]
    assert spoilt["line_items"] is None
    assert spoilt["customer"] == {**whole["customer"], "phone": 5}
    kit.shop.corrupt(order_id, {})
    assert kit.shop.order(order_id)["line_items"] == whole["line_items"]


def test_what_happens_is_in_the_event_log_in_shop_time() -> None:
    kit = Kit()
    order_id = kit.buy()
    kit.shop.confirm(order_id)
    kit.shop.cancel(order_id)
    events = kit.get(f"orders/{order_id}/events")["events"]
    assert [event["verb"] for event in events] == ["placed", "confirmed", "cancelled"]
    assert events[0]["created_at"] == "2026-11-23T10:00:00+07:00"


def test_the_state_shows_the_whole_shop() -> None:
    kit = Kit()
    kit.buy()
    state: dict[str, Any] = kit.shop.state()
    assert {name: len(rows) for name, rows in state.items()} == {
        "locations": 2,
        "products": 2,
        "levels": 2,
        "adjustments": 0,
        "orders": 1,
    }


def _parcel(kit: Kit, order_id: int) -> Any:
    return kit.shop.order(order_id)["fulfillments"][0]
