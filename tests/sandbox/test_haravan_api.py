"""Every endpoint of the simulated Haravan once, its door, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from syncd.sandbox.haravan.shop import HaravanShop
from tests.sandbox.haravan_kit import Kit

JSON = {"content-type": "application/json"}


def _played() -> tuple[Kit, dict[str, int]]:
    """A shop in which something of everything has happened, and the ids by name."""
    kit = Kit()
    order_id = kit.buy((kit.shirt, 2), (kit.jeans, 1))
    parcel_id = kit.shop.ship(order_id, [(kit.line_ids(order_id)[0], 2)])
    payment_id = kit.shop.mark_paid(order_id, 100_000)
    refund_id = kit.shop.refund(order_id, [(kit.line_ids(order_id)[0], 1)], restock=True, amount=50_000)
    slip_id = kit.shop.staff_adjust(kit.main, [(kit.jeans, 3)], "đếm lại")
    return kit, {
        "order": order_id,
        "parcel": parcel_id,
        "payment": payment_id,
        "refund": refund_id,
        "slip": slip_id,
        "line": kit.line_ids(order_id)[1],
        "location": kit.main,
        "second": kit.second,
        "product": kit.product_of(kit.shirt),
        "variant": kit.shirt,
        "customer": next(iter(kit.shop.memory.customers)),
        "event": kit.shop.memory.events[0]["id"],
        "user": 200_000_497_867,
    }


READS = [
    ("shop", "shop"),
    ("locations", "locations"),
    ("locations/count", "count"),
    ("locations/{location}", "location"),
    ("users", "users"),
    ("users/groups", "user_groups"),
    ("users/{user}", "user"),
    ("customers/groups", "customer_groups"),
    ("events/{event}", "event"),
    ("orders", "orders"),
    ("orders/count", "count"),
    ("orders/{order}", "order"),
    ("orders/{order}/transactions", "transactions"),
    ("orders/{order}/transactions/count", "count"),
    ("orders/{order}/transactions/{payment}", "transaction"),
    ("orders/{order}/refunds", "refunds"),
    ("orders/{order}/refunds/{refund}", "refund"),
    ("orders/{order}/fulfillments", "fulfillments"),
    ("orders/{order}/fulfillments/count", "count"),
    ("orders/{order}/fulfillments/{parcel}", "fulfillment"),
    ("orders/{order}/events", "events"),
    ("events", "events"),
    ("events/count", "count"),
    ("products", "products"),
    ("products/count", "count"),
    ("products/{product}", "product"),
    ("products/{product}/variants", "variants"),
    ("products/{product}/variants/count", "count"),
    ("variants/{variant}", "variant"),
    ("inventory_locations", "inventory_locations"),
    ("inventories/adjustments", "adjustments"),
    ("inventories/adjustments/count", "count"),
    ("inventories/adjustments/{slip}", "adjustment"),
    ("customers", "customers"),
    ("customers/count", "count"),
    ("customers/search", "customers"),
    ("customers/{customer}", "customer"),
]


@pytest.mark.parametrize(("path", "envelope"), READS)
def test_every_read_answers_its_envelope_with_something_in_it(path: str, envelope: str) -> None:
    kit, ids = _played()
    answer = kit.get(path.format(**ids))
    assert list(answer) == [envelope]
    assert answer[envelope]


ORDER = {"email": "mau@example.com", "line_items": [{"variant_id": 5_061_514_001, "quantity": 1}]}
WRITES: list[tuple[str, str, Any, int, str | None]] = [
    ("POST", "orders", {"order": ORDER}, 201, "order"),
    ("PUT", "orders/{order}", {"order": {"note": "gọi trước"}}, 200, "order"),
    ("POST", "orders/{order}/confirm", {}, 200, "order"),
    ("POST", "orders/{order}/close", {}, 200, "order"),
    ("POST", "orders/{order}/open", {}, 200, "order"),
    ("POST", "orders/{order}/cancel", {}, 200, "order"),
    ("POST", "orders/{order}/tags", {"tags": "a,b"}, 200, "tags"),
    ("DELETE", "orders/{order}/tags", {"tags": "a"}, 200, "tags"),
    ("POST", "orders/{order}/assign", {"location_id": 963_415}, 200, "order"),
    ("POST", "orders/{order}/transactions", {"transaction": {"kind": "Capture", "amount": 1}}, 201, "transaction"),
    ("POST", "orders/{order}/refunds", {"refund": {"note": "đổi ý", "refund_line_items": []}}, 201, "refund"),
    ("POST", "orders/{order}/fulfillments", {"fulfillment": {"tracking_number": "T1"}}, 201, "fulfillment"),
    ("PUT", "orders/{order}/fulfillments/{parcel}", {"fulfillment": {"tracking_number": "T2"}}, 200, "fulfillment"),
    ("PUT", "orders/{order}/fulfillments/{parcel}/carrier_status/delivering", None, 200, "fulfillment"),
    ("PUT", "orders/{order}/fulfillments/{parcel}/cod_status/receipt", None, 200, "fulfillment"),
    ("POST", "products", {"product": {"title": "Nón"}}, 201, "product"),
    ("PUT", "products/{product}", {"product": {"title": "Áo mới"}}, 200, "product"),
    ("POST", "products/{product}/tags", {"tags": "a"}, 200, "tags"),
    ("DELETE", "products/{product}/tags", {"tags": "a"}, 200, "tags"),
    ("POST", "products/{product}/variants", {"variant": {"sku": "AO-02", "option1": "L"}}, 201, "variant"),
    ("PUT", "variants/{variant}", {"variant": {"price": 120_000}}, 200, "variant"),
    ("DELETE", "products/{product}/variants/{variant}", None, 200, None),
    ("DELETE", "products/{product}", None, 200, None),
    ("POST", "customers", {"customer": {"first_name": "Mới", "phone": "0900000009"}}, 201, "customer"),
    ("PUT", "customers/{customer}", {"customer": {"note": "khách quen"}}, 200, "customer"),
    ("POST", "customers/{customer}/tags", {"tags": "VIP"}, 200, "tags"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "envelope"), WRITES)
def test_every_write_answers_as_documented(
    method: str, path: str, body: Any, status: int, envelope: str | None
) -> None:
    kit, ids = _played()
    answer = kit.call(method, path.format(**ids), body)
    assert answer.status_code == status, answer.text
    assert answer.json() == [] if envelope is None else list(answer.json()) == [envelope]


def test_the_table_of_this_module_misses_no_endpoint() -> None:
    shop = HaravanShop(Kit().clock)
    tried = {("GET", path) for path, _ in READS} | {(method, path) for method, path, *_ in WRITES}
    tried.add(("POST", "inventories/adjustorset"))
    shapes = {(method, _shape(path)) for method, path in tried}
    missing = []
    for route in shop._routes._routes:
        path = route.pattern.pattern.removesuffix(r"\.json").removeprefix("/").replace("\\", "")
        shape = (route.method, path.replace("(d+)", "{}"))
        if shape not in shapes and "_status/" not in path:
            missing.append(shape)
    assert missing == []


def _shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


@pytest.mark.parametrize("status", ["picking", "delivering", "delivered", "cancel", "return"])
def test_carriers_report_through_their_own_endpoints(status: str) -> None:
    kit, ids = _played()
    path = f"orders/{ids['order']}/fulfillments/{ids['parcel']}/carrier_status/{status}"
    assert kit.send("PUT", path)["fulfillment"]["carrier_status_code"] == status


@pytest.mark.parametrize(
    ("word", "code"), [("not_meet_customer", "notmeetcustomer"), ("waiting_for_return", "waitingforreturn")]
)
def test_the_long_carrier_words_become_codes_without_underscores(word: str, code: str) -> None:
    kit, ids = _played()
    answer = kit.send("PUT", f"orders/{ids['order']}/fulfillments/{ids['parcel']}/carrier_status/{word}")
    assert answer["fulfillment"]["carrier_status_code"] == code


def test_the_old_admin_prefix_works_as_well() -> None:
    kit = Kit()
    assert kit.http.get("http://haravan.test/admin/shop.json").status_code == 200


def test_a_wrong_or_missing_token_gets_401() -> None:
    kit = Kit()
    for header in ("Bearer wrong", "Basic abc", ""):
        kit.http.headers["authorization"] = header
        assert kit.refused("GET", "shop") == 401


def test_a_revoked_token_gets_401_until_the_owner_restores_it() -> None:
    kit = Kit()
    kit.shop.revoke_token()
    assert kit.refused("GET", "shop") == 401
    kit.shop.restore_token()
    assert kit.get("shop")


def test_a_missing_permission_gets_403_and_writing_includes_reading() -> None:
    kit = Kit()
    order_id = kit.buy()
    kit.shop.deny("com.write_orders")
    assert kit.get("orders")
    assert kit.refused("POST", f"orders/{order_id}/tags", {"tags": "a"}) == 403
    kit.shop.deny("com.read_orders")
    assert kit.refused("GET", "orders") == 403
    kit.shop.grant("com.write_orders")
    assert kit.get("orders")


def test_a_write_with_a_wrong_content_type_gets_400() -> None:
    kit = Kit()
    path = f"/orders/{kit.buy()}/tags.json"
    assert kit.http.post(path, content=b'{"tags": "a"}', headers={"content-type": "text/plain"}).status_code == 400
    assert kit.http.post(path, content=b'{"tags": ', headers=JSON).status_code == 400
    assert kit.http.post(path, content=b"[1]", headers=JSON).status_code == 400
    assert kit.http.post(path, content=b'{"tags": "a"}', headers=JSON).status_code == 200


def test_a_body_with_the_wrong_things_in_it_gets_400_and_no_crash() -> None:
    kit = Kit()
    order_id = kit.buy()
    assert kit.refused("POST", f"orders/{order_id}/refunds", {"refund": {"refund_line_items": [{"x": 1}]}}) == 400
    assert kit.refused("POST", f"orders/{order_id}/transactions", {"transaction": {"amount": "nhiều"}}) == 400
    assert kit.refused("POST", "orders", {"order": {"line_items": [{"quantity": 1, "variant_id": "x"}]}}) == 400


@pytest.mark.parametrize("path", ["nothing", "orders/1", "products/1", "variants/1", "locations/1", "users/1"])
def test_what_does_not_exist_gets_404(path: str) -> None:
    assert Kit().refused("GET", path) == 404


def test_the_bucket_holds_80_calls_and_leaks_4_a_second() -> None:
    kit = Kit()
    answers = [kit.http.get("/shop.json") for _ in range(81)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert answers[0].headers["X-Haravan-Api-Call-Limit"] == "1/80"
    assert answers[-1].headers["Retry-After"] == "2.0"
    kit.clock.advance(1.0)
    assert [kit.http.get("/shop.json").status_code for _ in range(5)] == [200] * 4 + [429]


def test_an_order_made_by_api_is_delivered_at_once_without_dates_or_money() -> None:
    kit = Kit()
    body = {**ORDER, "is_cod_gateway": True, "fulfillment_status": "fulfilled"}
    order = kit.send("POST", "orders", {"order": body})["order"]
    (parcel,) = order["fulfillments"]
    assert (order["gateway_code"], order["source_name"], order["transactions"]) == ("COD", None, [])
    assert (parcel["carrier_status_code"], parcel["carrier_cod_status_code"]) == ("delivered", "none")
    assert parcel["delivered_date"] is None


def test_an_order_made_by_api_can_be_paid_confirmed_and_priced_freely() -> None:
    kit = Kit()
    body = {
        "customer": {"first_name": "Bình", "phone": "0900000001"},
        "shipping_address": {"address1": "2 Đường Mẫu"},
        "financial_status": "paid",
        "is_confirm": True,
        "source_name": "pos",
        "line_items": [
            {"variant_id": kit.shirt, "quantity": 2, "price": 90_000, "properties": [{"name": "Màu", "value": "Đỏ"}]},
            {"title": "Gói quà", "quantity": 1, "price": 5_000},
        ],
        "shipping_lines": [{"code": "Giao nhanh", "price": 15_000}],
        "discount_codes": [{"code": "HE", "amount": 10_000}],
        "note_attributes": [{"name": "a", "value": "b"}],
    }
    order = kit.send("POST", "orders", {"order": body})["order"]
    assert order["total_price"] == 190_000
    assert (order["financial_status"], order["confirmed_status"]) == ("paid", "confirmed")
    assert order["line_items"][1]["variant_id"] is None
    assert order["customer"]["phone"] == order["shipping_address"]["phone"] == "0900000001"


def test_a_taken_email_is_refused_for_a_new_customer() -> None:
    kit = Kit()
    kit.send("POST", "customers", {"customer": {"first_name": "A", "email": "a@example.com"}})
    assert kit.refused("POST", "customers", {"customer": {"first_name": "B", "email": "a@example.com"}}) == 422
    assert len(kit.get("customers/search", query="A@EXAMPLE")["customers"]) == 1


def test_an_order_that_is_refused_leaves_no_trace() -> None:
    kit = Kit()
    body = {**ORDER, "customer": {"id": 999}}
    assert kit.refused("POST", "orders", {"order": body}) == 404
    assert kit.order_ids(status="any") == []
    assert kit.figures() == (10, 0, 10)
