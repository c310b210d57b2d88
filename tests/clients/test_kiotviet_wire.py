"""KiotViet's JSON becomes values without loss, whichever way its keys, dates and statuses are written."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from syncd.clients.kiotviet_goods_wire import (
    parse_bank_account,
    parse_branch,
    parse_on_hand,
    parse_product,
    parse_settings,
    parse_surcharge,
)
from syncd.clients.kiotviet_wire import (
    parse_customer,
    parse_invoice,
    parse_order,
    parse_page,
    parse_return,
    unwrapped,
)
from syncd.core.model import (
    UNDATED,
    BranchStock,
    InvoiceStatus,
    OrderStatus,
    PosLine,
    PosSettings,
    PosSurcharge,
    ProductKind,
    Surcharge,
)
from syncd.errors import BadPayload
from tests.clients.answers import sample


def test_orders_of_a_list_are_read_with_every_status() -> None:
    page = parse_page(sample("kiotviet/orders_list.json"), 0, parse_order)
    assert (page.bad, page.total, page.received, page.next_offset) == ((), 5, 5, None)
    assert [order.status for order in page.rows] == [
        OrderStatus.DRAFT,
        OrderStatus.CONFIRMED,
        OrderStatus.PARTLY_INVOICED,
        OrderStatus.COMPLETED,
        OrderStatus.CANCELLED,
    ]
    first = page.rows[0]
    assert first.created_at == datetime(2026, 5, 3, 10, 20, 1, 417000, tzinfo=UTC)
    assert first.modified_at is None
    assert first.description == "HRV#8100001 | Giao giờ hành chính  "
    assert (first.total, first.discount, first.customer_id, first.branch_id) == (775000, 20000, 1009000001, 1001)
    assert first.lines[1] == PosLine(2002, "TUI-DEN", Decimal(1), Decimal(320000))


def test_a_trimmed_order_and_invoice_are_still_read() -> None:
    (order,) = parse_page(sample("kiotviet/orders_list_trimmed.json"), 0, parse_order).rows
    assert order.created_at == datetime(2026, 5, 1, 1, 21, 36, tzinfo=UTC)
    assert order.lines[0].discount == Decimal(65000)
    page = parse_page(sample("kiotviet/invoices_list_trimmed.json"), 0, parse_invoice)
    assert (page.rows[0].branch_id, page.rows[0].total, page.next_offset) == (0, Decimal(175000), 1)


def test_an_order_by_id_has_its_surcharges() -> None:
    order = parse_order(unwrapped(sample("kiotviet/order_get.json")))
    assert order.surcharges == (PosSurcharge(71, Decimal(25000)),)
    assert order.status_text == "Đã xác nhận"


def test_invoices_are_read_with_delivery_and_every_status() -> None:
    page = parse_page(sample("kiotviet/invoices_list.json"), 0, parse_invoice)
    assert page.bad == ()
    assert [invoice.status for invoice in page.rows] == [
        InvoiceStatus.PROCESSING,
        InvoiceStatus.PROCESSING,
        InvoiceStatus.CANCELLED,
        InvoiceStatus.UNDELIVERED,
        InvoiceStatus.COMPLETED,
    ]
    first, edited = page.rows[0], page.rows[1]
    assert first.delivery is not None
    assert (first.delivery.code, first.delivery.status, first.delivery.cod_amount) == ("VD8200001", 1, 775000)
    assert first.delivery.raw["partnerDelivery"] == {"code": "MAU2020", "name": "Vận chuyển Mẫu"}
    assert (first.order_code, first.sold_by_id, first.lines[1].discount) == ("DH000777", 55001, Decimal(20000))
    assert (edited.code, edited.order_code, edited.delivery, edited.discount) == ("HD000320.01", "", None, Decimal(0))


def test_a_write_answer_calls_the_delivery_by_its_other_name() -> None:
    voided = parse_invoice(unwrapped(sample("kiotviet/invoice_voided.json")))
    assert voided.status is InvoiceStatus.CANCELLED
    assert voided.delivery is not None
    assert voided.delivery.status == 6


@pytest.mark.parametrize(
    ("changes", "status", "text"),
    [
        ({"status": 4, "statusValue": "Đã huỷ"}, OrderStatus.CANCELLED, "Đã huỷ"),
        ({"status": "4", "statusValue": None}, OrderStatus.CANCELLED, "4"),
        ({"status": 2, "statusValue": "Đang xử lý"}, OrderStatus.PARTLY_INVOICED, "Đang xử lý"),
        ({"status": 2, "statusValue": "Chờ gì đó"}, OrderStatus.PARTLY_INVOICED, "Chờ gì đó"),
        ({"status": 4, "statusValue": "Hoàn thành"}, OrderStatus.UNKNOWN, "4 Hoàn thành"),
        ({"status": 9, "statusValue": "Hoàn thành"}, OrderStatus.UNKNOWN, "9 Hoàn thành"),
        ({"status": None, "statusValue": "Hoàn thành"}, OrderStatus.UNKNOWN, "Hoàn thành"),
    ],
)
def test_the_number_decides_and_a_contradicting_text_makes_it_unknown(
    changes: dict[str, Any], status: OrderStatus, text: str
) -> None:
    order = parse_order(sample("kiotviet/order_get.json") | changes)
    assert (order.status, order.status_text) == (status, text)


def test_an_order_text_is_not_mistaken_for_an_invoice_text() -> None:
    invoice = parse_invoice(sample("kiotviet/invoice_get.json") | {"status": 2, "statusValue": "Đang xử lý"})
    assert invoice.status is InvoiceStatus.UNKNOWN


def test_keys_in_any_case_are_the_same_order() -> None:
    plain = sample("kiotviet/order_get.json")
    pascal = {key[:1].upper() + key[1:]: value for key, value in plain.items()}
    assert parse_order(pascal) == parse_order(plain)


def test_an_empty_page_omits_its_data() -> None:
    page = parse_page(sample("kiotviet/empty_page.json"), 300, parse_order)
    assert (page.rows, page.total, page.received, page.next_offset) == ((), 0, 0, None)


@pytest.mark.parametrize("key", ["removedIds", "removeId", "removeIds"])
def test_removed_ids_come_under_three_names(key: str) -> None:
    page = parse_page({"total": 0, key: [5, "6", None, "x"]}, 0, parse_order)
    assert page.removed_ids == (5, 6)


@pytest.mark.parametrize("payload", [None, [], {}, {"data": []}, {"total": "many"}, {"total": 1, "data": {}}])
def test_what_is_not_a_list_is_refused_whole(payload: object) -> None:
    with pytest.raises(BadPayload):
        parse_page(payload, 0, parse_order)


def test_a_bad_row_costs_only_itself() -> None:
    rows = sample("kiotviet/orders_list.json")["data"]
    page = parse_page({"total": 3, "data": [rows[0], rows[1] | {"total": None}, 7]}, 0, parse_order)
    assert len(page.rows) == 1
    assert [bad.id for bad in page.bad] == [4100002, None]
    assert str(page.bad[0].reason) == "KiotViet order DH000778: total: expected a number, found nothing"


def test_return_slips_count_only_when_they_say_so() -> None:
    answer = sample("kiotviet/returns_list.json")
    nameless = {"id": 604, "status": 1, "createdDate": "2026-05-21T10:00:01", "returnDetails": [{"productId": 9011}]}
    page = parse_page(answer | {"data": [*answer["data"], nameless]}, 0, parse_return)
    assert [(slip.code, slip.invoice_id, slip.done) for slip in page.rows] == [
        ("TH000001", 57800003, True),
        ("TH000002", 57800003, False),
        ("TH000003", None, True),
    ]
    assert page.rows[0].created_at == datetime(2026, 5, 20, 3, 0, 1, tzinfo=UTC)
    assert page.rows[1].modified_at == datetime(2026, 5, 20, 4, 0, 0, 500000, tzinfo=UTC)
    assert page.rows[0].lines == (PosLine(9010, "AO-DO-M", Decimal(2), Decimal(300000)),)
    assert [bad.id for bad in page.bad] == [604]


@pytest.mark.parametrize(
    ("said", "returned"), [({"returnQuantity": 2}, 2), ({}, None), ({"returnQuantity": "?"}, None)]
)
def test_what_an_invoice_says_was_returned_is_read_where_it_can_be(said: dict[str, Any], returned: int | None) -> None:
    line = {"productId": 9, "productCode": "AO", "quantity": 3, "price": 1000, **said}
    row = {"id": 1, "code": "HD1", "total": 3000, "status": 1, "createdDate": "2026-05-20T10:00:01"}
    assert parse_invoice(row | {"invoiceDetails": [line]}).lines[0].returned == returned


def test_customers_are_read_masked_and_wrapped() -> None:
    known, masked = parse_page(sample("kiotviet/customers_list.json"), 0, parse_customer).rows
    assert (known.code, known.phone, known.branch_id) == ("HRV3200001", "0900111222", 1001)
    assert (masked.phone, masked.branch_id) == ("", None)
    flat = parse_customer(unwrapped(sample("kiotviet/customer_created_flat.json")))
    assert parse_customer(unwrapped(sample("kiotviet/customer_created_wrapped.json"))) == flat


def test_products_units_combos_and_services_are_told_apart() -> None:
    page = parse_page(sample("kiotviet/products_list.json"), 0, parse_product)
    assert (page.bad, page.removed_ids) == ((), (1999,))
    by_code = {product.code: product for product in page.rows}
    assert by_code["GIAY-39"].stock == (
        BranchStock(1001, Decimal(12), Decimal(3), True),
        BranchStock(1002, Decimal("-1.5"), Decimal(0), False),
    )
    assert (by_code["GIAY-39"].barcode, by_code["GIAY-39"].name) == ("8930000000116", "Giày vải trắng - 39")
    assert (by_code["NUOC-T"].master_unit_id, by_code["NUOC-T"].conversion) == (2004, Decimal(24))
    assert by_code["COMBO"].kind is ProductKind.COMBO
    assert (by_code["GOI QUA"].kind, by_code["GOI QUA"].active) == (ProductKind.SERVICE, False)


def test_both_spellings_of_on_hand_are_read_and_a_missing_one_is_unknown() -> None:
    page = parse_page(sample("kiotviet/product_on_hands.json"), 0, parse_on_hand)
    assert page.rows[0].stock[0] == BranchStock(1001, Decimal(12), Decimal(3))
    assert page.rows[1].stock == (BranchStock(1001, Decimal(5), Decimal(1)), BranchStock(1002, None, Decimal(0)))


@pytest.mark.parametrize(
    "broken",
    [
        {"type": 7},
        {"type": None},
        {"code": ""},
        {"inventories": [{"onHand": 1}]},
        {"inventories": [{"branchId": 1, "onHand": Decimal("1e13")}]},
        {"inventories": [{"branchId": 1, "onHand": 1, "reserved": -(10**13)}]},
        {"conversionValue": 10**7},
        {"conversionValue": Decimal("1e-7")},
    ],
)
def test_a_product_that_would_have_to_be_guessed_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        parse_product(sample("kiotviet/products_list.json")["data"][0] | broken)


def test_the_lists_of_the_shop_are_read() -> None:
    branches = parse_page(sample("kiotviet/branches.json"), 0, parse_branch).rows
    assert [(branch.id, branch.name) for branch in branches] == [(1001, "Chi nhánh chính"), (1002, "Chi nhánh 2")]
    (account,) = parse_page(sample("kiotviet/bank_accounts.json"), 0, parse_bank_account).rows
    assert account.id == 81
    expected = Surcharge(71, "THKSHIPPINGWEB", "Phí giao hàng web")
    assert parse_page(sample("kiotviet/surchages.json"), 0, parse_surcharge).rows == (expected,)
    assert parse_surcharge(unwrapped(sample("kiotviet/surcharge_created.json"))) == expected


def test_settings_that_are_not_said_are_unknown() -> None:
    assert parse_settings(sample("kiotviet/settings.json")) == PosSettings(True, True, True, None, False)


def test_a_product_says_when_it_changed_and_an_odd_date_does_not_cost_it() -> None:
    row = {"id": 1, "code": "A", "type": 2, "createdDate": "2026-11-01T07:00:00.1230000"}
    made = parse_product(row)
    assert (made.created_at, made.modified_at) == (datetime(2026, 11, 1, 0, 0, 0, 123000, tzinfo=UTC), None)
    edited = parse_product(row | {"modifiedDate": "2026-11-02T07:00:00", "createdDate": "hôm qua"})
    assert (edited.created_at, edited.modified_at) == (UNDATED, datetime(2026, 11, 2, 0, 0, tzinfo=UTC))
