"""Each KiotViet endpoint: what is asked, and what is made of the answer."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import httpx
import pytest

from syncd.clients.budget import MemoryGetBudget
from syncd.clients.kiotviet import ListQuery
from syncd.clock import ManualClock
from syncd.core.model import OrderStatus, Surcharge
from syncd.errors import BadPayload, IncompleteScan, OutcomeUnknown, RateLimited, Transient
from tests.clients.answers import START, Script, answer, kiotviet, ok, sample


@pytest.mark.parametrize(
    ("ask", "path", "file", "extra"),
    [
        (lambda c, q: c.orders_page(q), "/orders", "orders_list", {}),
        (lambda c, q: c.invoices_page(q), "/invoices", "invoices_list", {"includeInvoiceDelivery": "true"}),
        (lambda c, q: c.returns_page(q), "/returns", "returns_list", {}),
        (lambda c, q: c.products_page(q), "/products", "products_list", {"includeInventory": "true"}),
        (lambda c, q: c.on_hands_page(q), "/productOnHands", "product_on_hands", {}),
    ],
)
def test_lists_are_paged_by_offset_and_bounded_in_utc(ask: Any, path: str, file: str, extra: dict[str, str]) -> None:
    script = Script(ok(sample(f"kiotviet/{file}.json")))
    since = datetime(2026, 5, 4, 9, 30, 5, 999, timezone(timedelta(hours=7)))
    query = ListQuery(200, 50, "createdDate", True, since, {"branchIds": "1001"})
    page = ask(kiotviet(script), query)
    assert page.rows
    assert not page.bad
    assert script.requests[0].url.path == path
    assert script.queries() == [
        {
            "pageSize": "50",
            "currentItem": "200",
            "orderBy": "createdDate",
            "orderDirection": "Desc",
            "lastModifiedFrom": "2026-05-04T02:30:05Z",
            "branchIds": "1001",
        }
        | extra
    ]


def test_a_plain_list_asks_for_no_more_than_paging() -> None:
    script = Script(ok(sample("kiotviet/empty_page.json")))
    page = kiotviet(script).orders_page(ListQuery())
    assert (page.rows, page.total, page.next_offset) == ((), 0, None)
    assert script.queries() == [{"pageSize": "100", "currentItem": "0"}]


@pytest.mark.parametrize(
    ("ask", "path", "file"),
    [
        (lambda c: c.order(5), "/orders/5", "order_get"),
        (lambda c: c.invoice(5), "/invoices/5", "invoice_get"),
    ],
)
def test_documents_are_read_by_id(ask: Any, path: str, file: str) -> None:
    script = Script(ok(sample(f"kiotviet/{file}.json")))
    assert ask(kiotviet(script)).total == Decimal(775000)
    assert script.requests[0].url.path == path


def test_a_product_is_read_by_id() -> None:
    script = Script(ok(sample("kiotviet/products_list.json")["data"][0]))
    assert kiotviet(script).product(2001).code == "GIAY-39"


def test_a_record_that_cannot_be_understood_is_named() -> None:
    with pytest.raises(BadPayload) as raised:
        kiotviet(Script(ok({"id": 5, "total": "x"}))).order(5)
    assert raised.value.record_id == 5


def test_an_order_is_made_from_a_body_with_exact_numbers() -> None:
    script = Script(ok(sample("kiotviet/order_created.json")))
    body = {"branchId": 1001, "discount": Decimal("20000.0"), "orderDetails": [{"quantity": Decimal("1.5")}]}
    made = kiotviet(script).create_order(body)
    assert (made.id, made.code, made.status, made.total) == (4100001, "DH000777", OrderStatus.DRAFT, Decimal(775000))
    assert script.requests[0].content == b'{"branchId": 1001, "discount": 20000, "orderDetails": [{"quantity": 1.5}]}'
    assert script.requests[0].headers["content-type"] == "application/json"


MAKERS = [
    pytest.param(lambda c: c.create_order({}), "order_created", id="order"),
    pytest.param(lambda c: c.create_invoice({}), "invoice_get", id="invoice"),
    pytest.param(lambda c: c.update_invoice(5700001, {}), "invoice_get", id="update"),
    pytest.param(lambda c: c.create_customer({}), "customer_created_flat", id="customer"),
    pytest.param(lambda c: c.create_surcharge("C", "N"), "surcharge_created", id="surcharge"),
]


@pytest.mark.parametrize(("make", "file"), MAKERS)
def test_a_write_is_answered_flat_or_wrapped(make: Any, file: str) -> None:
    record = sample(f"kiotviet/{file}.json")
    record = record.get("data", record)
    flat = make(kiotviet(Script(ok(record))))
    assert flat.id == record["id"]
    assert make(kiotviet(Script(ok({"message": "Thành công", "data": record})))) == flat


@pytest.mark.parametrize(("make", "file"), MAKERS)
@pytest.mark.parametrize(
    "payload", [{}, [], None, {"message": "ok"}, {"data": {}}, {"data": 5}, {"id": "x"}, {"id": 0}, {"id": 1.5}]
)
def test_a_write_without_an_id_may_have_happened(make: Any, file: str, payload: object) -> None:
    with pytest.raises(OutcomeUnknown):
        make(kiotviet(Script(ok(payload))))


@pytest.mark.parametrize(("make", "file"), MAKERS)
@pytest.mark.parametrize(
    "payload", [{"id": 77}, {"id": "77", "code": "X", "total": {}}, {"data": {"id": 77, "code": []}}]
)
def test_an_id_is_all_that_a_write_needs(make: Any, file: str, payload: object) -> None:
    assert make(kiotviet(Script(ok(payload)))).id == 77


def test_an_edited_invoice_may_come_back_under_another_id() -> None:
    record = sample("kiotviet/invoice_get.json") | {"id": 5700009, "code": "HD000321.01"}
    script = Script(ok(record))
    assert kiotviet(script).update_invoice(5700001, {"a": 1}).id == 5700009
    assert (script.requests[0].method, script.requests[0].url.path) == ("PUT", "/invoices/5700001")


@pytest.mark.parametrize("reply", [ok(sample("kiotviet/order_deleted.json")), httpx.Response(204), httpx.Response(200)])
def test_cancelling_and_voiding_are_deletions(reply: httpx.Response) -> None:
    script = Script(reply)
    client = kiotviet(script)
    client.cancel_order(4100001)
    client.void_invoice(5700001)
    first, second = script.requests
    assert (first.method, first.url.path, dict(first.url.params)) == (
        "DELETE",
        "/orders/4100001",
        {"IsVoidPayment": "true"},
    )
    assert (second.method, second.url.path, second.url.query) == ("DELETE", "/invoices", b"")
    assert second.content == b'{"id": 5700001, "isVoidPayment": true}'


def test_a_customer_is_found_by_its_code_or_not_at_all() -> None:
    script = Script(ok(sample("kiotviet/customer_created_flat.json")))
    found = kiotviet(script).customer_by_code("HRV 32/1")
    assert found is not None
    assert found.id == 1009000001
    assert script.requests[0].url.raw_path == b"/customers/code/HRV%2032%2F1"
    for status in (404, 420):
        assert kiotviet(Script(answer(status, sample("kiotviet/refused_420.json")))).customer_by_code("HRV1") is None
    for nothing in ({"message": "Không tìm thấy", "data": None}, {"Data": {}}):
        assert kiotviet(Script(ok(nothing))).customer_by_code("HRV1") is None
    with pytest.raises(Transient):
        kiotviet(Script(ok({}))).customer_by_code("HRV1")


def test_customers_of_a_phone_come_as_they_are() -> None:
    script = Script(ok(sample("kiotviet/customers_list.json")))
    assert [item.phone for item in kiotviet(script).customers_by_phone("0900111222")] == ["0900111222", ""]
    assert script.queries()[0]["contactNumber"] == "0900111222"


def test_the_shops_own_lists_are_read_whole() -> None:
    script = Script(
        ok({"total": 3, "data": [{"id": 1, "branchName": "A"}, {"id": 2}]}), ok({"total": 3, "data": [{"id": 3}]})
    )
    assert [branch.id for branch in kiotviet(script).branches()] == [1, 2, 3]
    assert [query["currentItem"] for query in script.queries()] == ["0", "2"]
    assert kiotviet(Script(ok(sample("kiotviet/surchages.json")))).surcharges() == (
        Surcharge(71, "THKSHIPPINGWEB", "Phí giao hàng web"),
    )
    assert kiotviet(Script(ok(sample("kiotviet/bank_accounts.json")))).bank_accounts()[0].id == 81
    assert kiotviet(Script(ok(sample("kiotviet/settings.json")))).settings().customers_by_branch


def test_a_list_that_ends_too_early_is_incomplete() -> None:
    script = Script(ok({"total": 3, "data": [{"id": 1}]}), ok({"total": 3}))
    with pytest.raises(IncompleteScan, match="/branches: the list ended after 1 of 3 rows"):
        kiotviet(script).branches()


def test_a_surcharge_is_made_without_an_amount_of_its_own() -> None:
    script = Script(ok(sample("kiotviet/surcharge_created.json")))
    assert kiotviet(script).create_surcharge("THKSHIPPINGWEB", "Phí").id == 71
    assert script.bodies() == [{"name": "Phí", "code": "THKSHIPPINGWEB", "value": 0}]


def test_every_get_is_counted_before_it_is_sent_and_writes_are_not() -> None:
    clock = ManualClock(START)
    budget = MemoryGetBudget(3, clock)
    script = Script(answer(500, {}), ok(sample("kiotviet/order_get.json")))
    client = kiotviet(script, clock, budget=budget)
    client.order(1)
    assert budget.left() == 1
    client.create_order({})
    assert budget.left() == 1
    client.order(1)
    with pytest.raises(RateLimited):
        client.order(1)
    assert len(script.requests) == 4


def test_low_priority_reads_ask_for_what_is_left() -> None:
    budget = MemoryGetBudget(10, ManualClock(START))
    client = kiotviet(Script(ok(sample("kiotviet/product_on_hands.json"))), budget=budget)
    for _ in range(4):
        client.on_hands_page(ListQuery(), low_priority=True)
        client.on_hands_page(ListQuery(low_priority=True))
    with pytest.raises(RateLimited):
        client.on_hands_page(ListQuery(), low_priority=True)
    client.on_hands_page(ListQuery())


def test_a_refusal_by_rate_closes_the_budget_for_as_long_as_told() -> None:
    clock = ManualClock(START)
    script = Script(answer(200, sample("kiotviet/rate_limited.json")), ok(sample("kiotviet/order_get.json")))
    client = kiotviet(script, clock)
    for _ in range(3):
        with pytest.raises(RateLimited):
            client.order(1)
    assert len(script.requests) == 1
    clock.advance(300)
    assert client.order(1).id == 4100001


@pytest.mark.parametrize("payload", [{"total": None, "data": []}, {"data": []}, [], {"total": 1, "data": {}}])
def test_a_list_without_its_total_is_a_failed_page(payload: object) -> None:
    with pytest.raises(Transient):
        kiotviet(Script(ok(payload))).orders_page(ListQuery())
