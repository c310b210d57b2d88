"""Every open question about KiotViet, in each position: what a client sees changes with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from syncd.sandbox.declare import declared
from syncd.sandbox.kiotviet import KiotVietSwitches
from tests.sandbox.kiotviet_kit import Kit

SWITCHES = declared("kiotviet", KiotVietSwitches)


def _fresh_documents(kit: Kit) -> object:
    order = kit.order()
    kit.cod_invoice()
    by_id = kit.get(f"/orders/{order['id']}")["id"] == order["id"]
    at_once = (kit.get("/orders")["total"], kit.get("/invoices")["total"])
    kit.clock.advance(45)
    return by_id, at_once, (kit.get("/orders")["total"], kit.get("/invoices")["total"])


def _client_code(kit: Kit) -> object:
    first = kit.order(code="HRV-1")["code"]
    again = kit.http.post("/orders", json=kit.order_body(code="HRV-1")).status_code
    return first, again


def _bounds(kit: Kit) -> tuple[str, str]:
    """Half an hour before and after the present, as a naive local and as a UTC instant."""
    order = kit.order()
    kit.clock.advance(1)
    kit.shop.staff_edit_order(order["id"], description="x")
    return "2026-11-23T09:30:00", "2026-11-23T03:30:00Z"


def _query_clock(kit: Kit) -> object:
    earlier, later = _bounds(kit)
    return [kit.get("/orders", lastModifiedFrom=text)["total"] for text in (earlier, later)]


def _modified_bound(kit: Kit) -> object:
    kit.order()
    return kit.get("/orders", lastModifiedFrom="2026-11-23T03:00:00Z")["total"]


def _never_modified(kit: Kit) -> object:
    kit.order()
    return kit.get("/orders", lastModifiedFrom="2026-11-23T02:00:00Z")["total"]


def _order_stamp(kit: Kit) -> object:
    order = kit.order()
    kit.clock.advance(5)
    invoice = kit.cod_invoice(orderId=order["id"])
    invoiced = kit.get(f"/orders/{order['id']}")
    kit.clock.advance(5)
    kit.put(f"/invoices/{invoice['id']}", {"deliveryDetail": {"status": 2}})
    delivered = kit.get(f"/orders/{order['id']}")
    assert invoiced["status"] == delivered["status"] == 3
    return invoiced.get("modifiedDate"), delivered.get("modifiedDate")


def _orders_reserve(kit: Kit) -> object:
    kit.order()
    rows = {row["id"]: row for row in kit.get("/productOnHands")["data"]}
    return rows[kit.shirt]["inventories"][0]["reserved"]


def _void_effect(kit: Kit) -> object:
    order = kit.order()
    invoice = kit.cod_invoice(orderId=order["id"])
    kit.delete("/invoices", {"id": invoice["id"]})
    again = kit.http.post("/invoices", json=kit.invoice_body(1, orderId=order["id"])).status_code
    return kit.stock(), again


def _delete_with_invoices(kit: Kit) -> object:
    order = kit.order(3)
    invoice = kit.cod_invoice(2, orderId=order["id"])
    status = kit.http.delete(f"/orders/{order['id']}").status_code
    return status, kit.get(f"/orders/{order['id']}")["status"], kit.get(f"/invoices/{invoice['id']}")["status"]


def _put_order(kit: Kit) -> object:
    order = kit.order(discount=5000, customer={"name": "Người mẫu"})
    changed = kit.put(f"/orders/{order['id']}", {"description": "mới"})
    return changed["total"], "customerId" in changed, changed["description"]


def _put_status(kit: Kit) -> object:
    order = kit.order()
    return kit.put(f"/orders/{order['id']}", kit.order_body(status=3))["status"], kit.stock()


def _total(kit: Kit) -> object:
    charge = {"id": kit.shop.add_surcharge("SHIP", "Phí"), "price": 30000}
    return kit.order(surchages=[charge])["total"], kit.post("/invoices", kit.invoice_body(surchages=[charge]))["total"]


def _customer_names(kit: Kit) -> object:
    kit.order(customer={"name": "Nguyễn Văn Mẫu", "contactNumber": "0900000001"})
    customer = kit.get("/customers")["data"][0]
    return customer["name"], customer.get("contactNumber"), kit.get("/orders")["data"][0]["customerName"]


def _rate_limit_answer(kit: Kit) -> object:
    while True:
        answer = kit.http.get("/settings")
        if "RateLimited" in answer.text:
            return answer.status_code, "retry-after" in answer.headers


def _array_parameters(kit: Kit) -> object:
    kit.order()
    kit.post("/orders", kit.order_body(branchId=kit.second))
    third = kit.shop.add_branch("Chi nhánh 3")
    kit.shop.staff_create_order(third, [(kit.shirt, 1)])
    comma = kit.get("/orders", branchIds=f"{kit.main},{kit.second}")["total"]
    repeated = kit.http.get("/orders", params=[("branchIds", kit.main), ("branchIds", kit.second)]).json()["total"]
    return comma, repeated, kit.get("/orders", branchIds=kit.main)["total"]


def _ignored_filter(kit: Kit) -> object:
    order = kit.order()
    kit.shop.counter_sale(kit.second, [(kit.shirt, 1)])
    kit.cod_invoice(orderId=order["id"])
    filters: list[dict[str, Any]] = [{"branchIds": kit.main}, {"orderId": order["id"]}, {"status": 3}]
    return [kit.get("/invoices", **params)["total"] for params in filters]


def _contact_filter(kit: Kit) -> object:
    for phone in ("0912345678", "84912345678", "0912 345 678"):
        kit.shop.add_customer("Người mẫu", phone)
    return [kit.get("/customers", contactNumber=text)["total"] for text in ("0912345678", "912345678", "0912")]


def _post_answers(kit: Kit) -> object:
    customer = kit.post("/customers", {"name": "Người mẫu"})
    return "data" in kit.order(), "data" in customer, "data" in kit.post("/surchages", {"name": "Phí", "code": "A"})


def _on_hand_spelling(kit: Kit) -> object:
    return sorted(kit.get("/productOnHands")["data"][0]["inventories"][0])


def _key_case(kit: Kit) -> object:
    return sorted(kit.get("/branches")), sorted(kit.order())[0]


def _inactive_figures(kit: Kit) -> object:
    kit.shop.deactivate(kit.shirt, kit.second)
    return [(row["branchId"], row["isActive"]) for row in kit.get(f"/products/{kit.shirt}")["inventories"]]


def _unit_figures(kit: Kit) -> object:
    box = kit.shop.add_product("THUNG", "Áo", 1, unit="Thùng", master_unit_id=kit.shirt, conversion=4)
    kit.order(1)
    row = kit.get(f"/products/{box}")["inventories"][0]
    return row["onHand"], row["reserved"]


def _combo_figures(kit: Kit) -> object:
    combo = kit.shop.add_product("COMBO", "Bộ", 1, kind=1, formula=[(kit.shirt, 1)])
    return "inventories" in kit.get(f"/products/{combo}")


def _description_limit(kit: Kit) -> object:
    return len(kit.order(description="HRV#1 " + "x" * 994)["description"])


def _token_life(kit: Kit) -> object:
    life = kit.sign_in().json()["expires_in"]
    kit.clock.advance(3600)
    return life, kit.http.get("/settings").status_code


def _status_texts(kit: Kit) -> object:
    confirmed, cancelled, partly = (kit.order(2)["id"] for _ in range(3))
    kit.shop.staff_confirm_order(confirmed)
    kit.shop.staff_cancel_order(cancelled)
    kit.post("/invoices", kit.invoice_body(1, orderId=partly))
    shown = [kit.get(f"/orders/{each}") for each in (confirmed, cancelled, partly)]
    return [(order["status"], order["statusValue"]) for order in shown]


def _staff_completion(kit: Kit) -> object:
    order = kit.order()
    kit.shop.staff_complete_order(order["id"])
    return kit.get(f"/orders/{order['id']}")["status"], kit.get("/invoices")["total"], kit.stock()


def _cancelled_orders(kit: Kit) -> object:
    order = kit.order()
    kit.shop.staff_cancel_order(order["id"])
    return kit.get("/orders")["total"], kit.http.get(f"/orders/{order['id']}").status_code


def _closed_feature(kit: Kit) -> object:
    order = kit.order()
    kit.shop.setting("SellAllowOrder", False)
    reads = kit.http.get(f"/orders/{order['id']}").status_code
    return reads, kit.http.post("/orders", json=kit.order_body()).status_code


def _put_invoice(kit: Kit) -> object:
    invoice = kit.cod_invoice()
    slip = kit.put(f"/invoices/{invoice['id']}", {"deliveryDetail": {"status": 2}})
    lines = kit.put(f"/invoices/{slip['id']}", kit.invoice_body(1))
    return slip["code"], lines["code"], kit.stock()


def _shared_budget(kit: Kit) -> object:
    return sum(kit.http.get("/settings").status_code == 200 for _ in range(5001))


# fmt: off
SEEN: dict[str, tuple[Callable[[Kit], object], dict[str, object]]] = {
    "fresh_documents": (_fresh_documents, {
        "at_once": (True, (1, 1), (1, 1)), "late": (True, (0, 0), (1, 1))}),
    "client_code": (_client_code, {"ignored": ("DH000001", 200), "honoured": ("HRV-1", 420)}),
    "query_clock": (_query_clock, {"converted": [1, 0], "offset_dropped": [1, 1], "naive_is_utc": [0, 0]}),
    "modified_bound": (_modified_bound, {"inclusive": 1, "exclusive": 0}),
    "never_modified": (_never_modified, {"by_creation": 1, "left_out": 0}),
    "order_stamp": (_order_stamp, {
        "moves": ("2026-11-23T10:00:05.0000000", "2026-11-23T10:00:10.0000000"), "stays": (None, None)}),
    "orders_reserve": (_orders_reserve, {"yes": 2, "no": 0}),
    "void_effect": (_void_effect, {
        "reopens": ((9, 1), 200), "reopens_unreserved": ((9, 0), 200), "stays_closed": ((10, 0), 420)}),
    "delete_with_invoices": (_delete_with_invoices, {"refused": (420, 2, 3), "order_only": (200, 4, 3)}),
    "put_order": (_put_order, {"full": (180000, False, "mới"), "partial": (175000, True, "mới")}),
    "put_status": (_put_status, {"ignored": (1, (10, 2)), "accepted": (3, (10, 0))}),
    "total": (_total, {"with_surcharges": (210000, 210000), "without_surcharges": (180000, 180000)}),
    "customer_names": (_customer_names, {
        "plain": ("Nguyễn Văn Mẫu", "0900000001", "Nguyễn Văn Mẫu"), "masked": ("N******u", None, "N******u")}),
    "rate_limit_answer": (_rate_limit_answer, {
        "429": (429, True), "420": (420, False), "400": (400, False), "200": (200, False)}),
    "array_parameters": (_array_parameters, {"both": (2, 2, 1), "comma": (2, 1, 1), "repeated": (3, 2, 1)}),
    "ignored_filter": (_ignored_filter, {
        "none": [1, 1, 1], "branchIds": [2, 1, 1], "orderId": [1, 2, 1], "status": [1, 1, 2]}),
    "contact_filter": (_contact_filter, {
        "part": [1, 2, 2], "start": [1, 0, 2], "exact": [1, 0, 0], "digits": [2, 3, 2]}),
    "post_answers": (_post_answers, {
        "as_seen": (False, True, True), "flat": (False, False, False), "wrapped": (True, True, True)}),
    "on_hand_spelling": (_on_hand_spelling, {
        "onhand": ["branchId", "onhand", "reserved"], "onHand": ["branchId", "onHand", "reserved"]}),
    "key_case": (_key_case, {
        "camel": (["data", "pageSize", "timestamp", "total"], "PriceBookId"),
        "pascal": (["Data", "PageSize", "Timestamp", "Total"], "BranchId")}),
    "inactive_figures": (_inactive_figures, {"shown": [(1001, True), (1002, False)], "left_out": [(1001, True)]}),
    "unit_figures": (_unit_figures, {"per_unit": (2.5, 0.25), "base": (10, 1)}),
    "combo_figures": (_combo_figures, {"left_out": False, "zeros": True}),
    "description_limit": (_description_limit, {"none": 1000, "255": 255, "40": 40}),
    "token_life": (_token_life, {"86400": (86400, 200), "3600": (3600, 401)}),
    "status_texts": (_status_texts, {
        "observed": [(5, "Đã xác nhận"), (4, "Đã hủy"), (2, "Đang giao hàng")],
        "processing": [(5, "Đã xác nhận"), (4, "Đã hủy"), (2, "Đang xử lý")],
        "swapped": [(4, "Đã xác nhận"), (5, "Đã hủy"), (2, "Đang giao hàng")]}),
    "staff_completion": (_staff_completion, {"ends_open": (3, 0, (10, 0)), "makes_invoice": (3, 1, (8, 0))}),
    "cancelled_orders": (_cancelled_orders, {"listed": (1, 200), "by_id_only": (0, 200), "gone": (0, 420)}),
    "closed_feature": (_closed_feature, {"all_calls": (420, 420), "writes_only": (200, 420)}),
    "put_invoice": (_put_invoice, {
        "on_line_change": ("HD000001", "HD000001.01", (9, 0)),
        "always_new": ("HD000001.01", "HD000001.02", (9, 0)),
        "in_place": ("HD000001", "HD000001", (9, 0))}),
    "shared_budget": (_shared_budget, {"own": 5000, "shared": 1000}),
}
# fmt: on


@pytest.mark.parametrize(
    ("name", "position"), [(known.name, position) for known in SWITCHES for position in known.positions]
)
def test_a_switch_changes_what_a_client_sees(name: str, position: str) -> None:
    probe, seen = SEEN[name]
    assert probe(Kit(**{name: position})) == seen[position]


def test_no_two_positions_of_a_switch_look_the_same() -> None:
    for known in SWITCHES:
        _, seen = SEEN[known.name]
        assert set(seen) == set(known.positions)
        looks = [repr(seen[position]) for position in known.positions]
        assert len(set(looks)) == len(looks), known.name


def test_every_open_question_has_a_switch() -> None:
    items = {known.item for known in SWITCHES}
    assert items == {f"U{number}" for number in range(1, 22)}
    assert all(re.fullmatch(r"[A-Z].*\.", known.about) for known in SWITCHES)


def test_switches_can_be_turned_while_the_shop_runs() -> None:
    kit = Kit()
    kit.order()
    kit.shop.switches = kit.shop.switches.turned(orders_reserve="no", post_answers="wrapped")
    assert kit.stock() == (10, 0)
    assert "data" in kit.order()
    kit.shop.switches = kit.shop.switches.turned(orders_reserve="yes")
    assert kit.stock() == (10, 4)


def test_an_unknown_position_is_refused() -> None:
    with pytest.raises(ValueError, match="no position"):
        Kit(orders_reserve="perhaps")
