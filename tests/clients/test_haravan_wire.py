"""Haravan's JSON becomes values without loss, and what cannot be understood costs only itself."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from syncd.clients.haravan_goods_wire import (
    parse_level,
    parse_levels,
    parse_location,
    parse_product_page,
    parse_shop,
    parse_slips,
)
from syncd.clients.haravan_wire import digest, parse_order, parse_order_page
from syncd.core.model import AdjustLine, CarrierStatus, CodStatus, Discounts, RefundLine, ShipmentLine
from syncd.errors import BadPayload
from tests.clients.answers import sample, stages

STAGES = dict(stages())


def changed(stage: str = "01_new_unconfirmed", **changes: Any) -> dict[str, Any]:
    return copy.deepcopy(STAGES[stage]) | changes


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_keeps_lines_money_and_times(stage: str) -> None:
    order = parse_order(STAGES[stage])
    assert (order.id, order.number, order.source, order.gateway_code) == (8100001, "#200345", "web", "COD")
    assert [(line.sku, line.quantity, line.price) for line in order.lines] == [
        ("GIAY-39", 1, Decimal(450000)),
        ("TUI-DEN", 1, Decimal(320000)),
    ]
    assert (order.total_price, order.shipping, order.weight_grams) == (Decimal(775000), Decimal(25000), Decimal(500))
    assert order.created_at == datetime(2026, 5, 3, 10, 11, 12, 345000, tzinfo=UTC)
    assert order.address.phone == "0900111222"
    assert order.address.street == "25 Đường Thử Nghiệm"
    assert (order.buyer.id, order.buyer.name) == (3200001, "Lê Thị Ví Dụ")
    assert order.note == "Giao giờ hành chính"


C, M = CarrierStatus, CodStatus


@pytest.mark.parametrize(
    ("stage", "shipments", "reached_road", "financial"),
    [
        ("01_new_unconfirmed", [], [], "pending"),
        ("02_confirmed", [], [], "pending"),
        ("03_readytopick", [(C.READY_TO_PICK, M.PENDING)], [False], "pending"),
        ("04_delivering", [(C.DELIVERING, M.PENDING)], [True], "pending"),
        ("05_delivered_cod_pending", [(C.DELIVERED, M.PENDING)], [True], "pending"),
        ("06_delivered_cod_paid", [(C.DELIVERED, M.PAID)], [True], "pending"),
        ("07_cod_received_paid", [(C.DELIVERED, M.RECEIPT)], [True], "paid"),
        ("08_closed", [(C.DELIVERED, M.RECEIPT)], [True], "paid"),
        ("09_partial_return_restocked", [(C.DELIVERED, M.RECEIPT)], [True], "partiallyrefunded"),
        ("10_alt_marked_paid_by_staff", [(C.DELIVERED, M.PENDING)], [True], "paid"),
        ("11_alt_notmeetcustomer", [(C.NOT_MEET_CUSTOMER, M.PENDING)], [True], "pending"),
        ("12_alt_waitingforreturn", [(C.WAITING_FOR_RETURN, M.PENDING)], [True], "pending"),
        ("13_alt_returned", [(C.RETURN, M.PENDING)], [True], "pending"),
        ("14_alt_cancelled_restocked", [(C.RETURN, M.PENDING)], [True], "pending"),
        ("15_alt_cancelled_before_shipping", [], [], "pending"),
        ("16_alt_partial_one_shipment", [(C.DELIVERED, M.PENDING)], [True], "pending"),
        ("17_alt_two_shipments", [(C.DELIVERED, M.PENDING), (C.READY_TO_PICK, M.PENDING)], [True, False], "pending"),
        ("18_alt_reshipped", [(C.CANCEL, M.PENDING), (C.READY_TO_PICK, M.PENDING)], [False, False], "pending"),
    ],
)
def test_every_stage_shows_its_shipments_oldest_first(
    stage: str, shipments: list[tuple[CarrierStatus, CodStatus]], reached_road: list[bool], financial: str
) -> None:
    order = parse_order(STAGES[stage])
    assert [(item.carrier_status, item.cod_status) for item in order.shipments] == shipments
    assert [item.reached_road for item in order.shipments] == reached_road
    assert all(item.has_dates for item in order.shipments)
    assert order.financial_status == financial


@pytest.mark.parametrize("stage", STAGES)
def test_cancellation_and_confirmation_show_by_stage(stage: str) -> None:
    order = parse_order(STAGES[stage])
    assert (order.cancelled_at is not None) == ("cancelled" in stage)
    assert order.confirmed == (stage != "01_new_unconfirmed")


def test_a_refund_that_appears_twice_counts_once() -> None:
    order = parse_order(STAGES["09_partial_return_restocked"])
    assert sorted((item.kind, item.amount) for item in order.transactions) == [
        ("capture", Decimal(775000)),
        ("pending", Decimal(775000)),
        ("refund", Decimal(-320000)),
    ]
    (refund,) = order.refunds
    assert refund.lines == (RefundLine(7100002, 1),)
    assert (refund.restocked, refund.amount, refund.location_id) == (True, Decimal(320000), 910001)


def test_a_refund_without_lines_or_money_is_empty_and_not_restocked() -> None:
    (refund,) = parse_order(STAGES["15_alt_cancelled_before_shipping"]).refunds
    assert (refund.lines, refund.restocked, refund.amount) == ((), False, Decimal(0))


def test_a_partial_shipment_holds_only_its_lines() -> None:
    (shipment,) = parse_order(STAGES["16_alt_partial_one_shipment"]).shipments
    assert shipment.lines == (ShipmentLine(7100001, 1),)
    assert shipment.cod_amount == Decimal(455000)
    assert shipment.tracking_numbers == ("VD8200002",)
    assert (shipment.carrier_code, shipment.carrier_name) == ("mau2020", "Vận chuyển Mẫu")


def test_older_and_foreign_orders_of_a_list_are_read_as_well() -> None:
    page = parse_order_page(sample("haravan/orders_list.json")["orders"])
    assert (page.bad, page.rows, set(page.digests)) == ((), 3, {8100001, 8100002, 8100003})
    new, old, pos = page.orders
    assert (new.assigned_location_id, new.previous_order_id) == (910002, None)
    assert (old.gateway_code, old.financial_status, old.number) == ("", "partiallypaid", "A-200346-B")
    assert old.tags == ("VIP", "hẹn giờ")
    assert (old.buyer.id, old.buyer.name, old.buyer.phone, old.buyer.email) == (None, "Lê Thị Ví Dụ", "0900111222", "")
    assert (old.address.name, old.address.phone) == ("Lê Thị Ví Dụ", "0900111222")
    assert (pos.source, pos.buyer.id, pos.previous_order_id, pos.address.phone) == ("pos", None, 8000001, "")
    assert pos.lines[0].variant_id is None
    (shipment,) = pos.shipments
    assert (shipment.has_dates, shipment.reached_road, shipment.cod_status) == (False, True, CodStatus.NONE)


@pytest.mark.parametrize("code", ["waitingforreturn", "waiting_for_return", "Waiting-For Return"])
def test_a_status_is_known_in_every_spelling(code: str) -> None:
    order = changed("04_delivering")
    order["fulfillments"][0]["carrier_status_code"] = code
    assert parse_order(order).shipments[0].carrier_status is CarrierStatus.WAITING_FOR_RETURN


def test_an_unknown_status_is_kept_as_text() -> None:
    order = changed("03_readytopick")
    order["fulfillments"][0] |= {"carrier_status_code": "lost_at_sea", "carrier_cod_status_code": "codstolen"}
    (shipment,) = parse_order(order).shipments
    assert shipment.carrier_status is CarrierStatus.UNKNOWN
    assert shipment.carrier_status_text == "lost_at_sea"
    assert shipment.cod_status is CodStatus.UNKNOWN
    assert not shipment.reached_road


def test_a_missing_cod_code_means_nothing_to_collect_only_with_a_zero_amount() -> None:
    order = changed("03_readytopick")
    order["fulfillments"][0] |= {"carrier_cod_status_code": None}
    assert parse_order(order).shipments[0].cod_status is CodStatus.UNKNOWN
    order["fulfillments"][0] |= {"cod_amount": 0}
    assert parse_order(order).shipments[0].cod_status is CodStatus.NONE


@pytest.mark.parametrize(
    ("status", "dates", "expected"),
    [
        ("picking", {"return_date": "2026-10-20T08:00:00Z"}, False),
        ("readytopick", {"return_date": "2026-10-20T08:00:00Z", "delivering_date": "2026-10-19T08:00:00Z"}, False),
        ("pending", {"return_date": "2026-10-20T08:00:00Z", "delivering_date": "2026-10-21T08:00:00Z"}, True),
        ("picking", {"return_date": None, "delivering_date": "2026-10-19T08:00:00Z"}, True),
        ("cancel", {"return_date": "2026-10-20T08:00:00Z"}, True),
        ("return", {"return_date": None}, True),
    ],
)
def test_goods_that_came_back_and_wait_again_are_in_the_shop(
    status: str, dates: dict[str, str | None], expected: bool
) -> None:
    order = changed("03_readytopick")
    order["fulfillments"][0] |= {"carrier_status_code": status, **dates}
    assert parse_order(order).shipments[0].reached_road is expected


def test_a_date_of_the_road_tells_even_when_the_status_went_back() -> None:
    order = changed("04_delivering")
    order["fulfillments"][0]["carrier_status_code"] = "cancel"
    assert parse_order(order).shipments[0].reached_road


def test_cancelled_status_alone_counts_at_the_last_change() -> None:
    order = parse_order(changed("15_alt_cancelled_before_shipping", cancelled_at=None))
    assert order.cancelled_at == order.updated_at


def test_keys_in_any_case_and_numbers_as_text_are_the_same_order() -> None:
    plain = STAGES["04_delivering"]
    shouting = {key.upper(): value for key, value in plain.items()}
    assert parse_order(shouting) == parse_order(plain)
    assert parse_order(plain | {"id": "8100001", "total_price": "775000.0000"}) == parse_order(plain)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-05-03T10:11:12Z", datetime(2026, 5, 3, 10, 11, 12, tzinfo=UTC)),
        ("2026-05-03T10:11:12.1Z", datetime(2026, 5, 3, 10, 11, 12, 100000, tzinfo=UTC)),
        ("2026-05-03T10:11:12.0230186Z", datetime(2026, 5, 3, 10, 11, 12, 23018, tzinfo=UTC)),
        ("2026-05-03T10:11:12.345", datetime(2026, 5, 3, 10, 11, 12, 345000, tzinfo=UTC)),
        ("2026-05-03T17:11:12+07:00", datetime(2026, 5, 3, 10, 11, 12, tzinfo=UTC)),
    ],
)
def test_times_are_utc_with_up_to_seven_digits(written: str, read: datetime) -> None:
    assert parse_order(changed(updated_at=written)).updated_at == read


@pytest.mark.parametrize(
    "damage",
    [
        {"id": None},
        {"id": True},
        {"id": 1.5},
        {"id": 2**70},
        {"updated_at": None},
        {"updated_at": "yesterday"},
        {"updated_at": "0001-01-01T00:00:00Z"},
        {"updated_at": "9999-12-31T23:59:59-23:00"},
        {"updated_at": "9999-12-31T23:59:59Z"},
        {"updated_at": "0001-01-02T00:00:00Z"},
        {"total_price": None},
        {"total_price": "NaN"},
        {"total_price": Decimal("1e30")},
        {"total_price": "1_000"},
        {"total_price": True},
        {"line_items": None},
        {"line_items": {}},
        {"line_items": ["a line"]},
        {"fulfillments": 7},
        {"customer": []},
        {"tags": {}},
        {"taxes_included": "perhaps"},
    ],
)
def test_a_damaged_order_is_refused_and_costs_only_itself(damage: dict[str, Any]) -> None:
    page = parse_order_page([changed(**damage), changed(id=8100099)])
    assert [order.id for order in page.orders] == [8100099]
    (bad,) = page.bad
    assert bad.id == (None if "id" in damage else 8100001)
    assert "expected" in str(bad.reason)


@pytest.mark.parametrize("quantity", [1.5, None, "two", -1, 10**12 + 1])
def test_a_fraction_of_a_piece_is_refused(quantity: object) -> None:
    order = changed()
    order["line_items"][0]["quantity"] = quantity
    with pytest.raises(BadPayload, match="Haravan order #200345: line: quantity"):
        parse_order(order)


def test_a_refusal_never_shows_the_value() -> None:
    with pytest.raises(BadPayload) as refused:
        parse_order(changed(shipping_address="0900111222, 25 Đường Thử Nghiệm"))
    assert "0900111222" not in str(refused.value)


def test_the_digest_moves_with_content_and_not_with_noise() -> None:
    plain = changed()
    noise = changed(updated_at="2026-06-01T00:00:00Z", tags="kv-synced", client_details={"browser_ip": "127.0.0.1"})
    noise["customer"] = noise["customer"] | {"orders_count": 9, "total_spent": 5.0}
    noise["total_price"] = Decimal("775000.0000")
    assert digest(noise) == digest(plain)
    assert len({digest(order) for order in STAGES.values()}) == len(STAGES)
    assert digest(changed(note="khác")) != digest(plain)
    assert digest(plain | {"customer": plain["customer"] | {"phone": "0900111333"}}) != digest(plain)


@pytest.mark.parametrize(
    ("said", "tax", "included"),
    [
        ({"total_tax": None, "taxes_included": None}, 0, False),
        ({"total_tax": "0", "taxes_included": "false"}, 0, False),
        ({"total_tax": "", "taxes_included": True}, 0, True),
        ({"total_tax": "70454.5455", "taxes_included": "true"}, "70454.5455", True),
        ({"total_tax": 8000, "tax_lines": "VAT"}, 8000, False),
    ],
)
def test_tax_comes_as_nothing_number_or_text(said: dict[str, Any], tax: int | str, included: bool) -> None:
    order = parse_order(changed(**said))
    assert (order.tax, order.taxes_included) == (Decimal(tax), included)


def test_amounts_may_be_text_and_what_is_only_a_display_decides_nothing() -> None:
    plain = parse_order(changed())
    line = copy.deepcopy(STAGES["01_new_unconfirmed"]["line_items"])
    line[0] |= {"price": "450000.0000", "price_original": "cao", "total_discount": None, "applied_discounts": "không"}
    odd = parse_order(
        changed(
            line_items=line,
            total_price="775000.0000",
            total_discounts="20000.0",
            shipping_lines=[{"price": "25000.0000"}, {"price": None}],
            subtotal_price="x",
            discount_codes=[{"amount": "20000"}, "GIAM", {"amount": "nhiều", "type": "percentage"}],
        )
    )
    assert (odd.lines[0].price, odd.total_price, odd.shipping) == (Decimal(450000), plain.total_price, plain.shipping)
    assert odd.discounts == Discounts(Decimal(20000), Decimal(20000), None, Decimal(30000))


def test_what_an_order_says_of_discounts_is_kept_apart_by_kind() -> None:
    lines = copy.deepcopy(STAGES["01_new_unconfirmed"]["line_items"])
    lines[0] |= {"quantity": 2, "price_original": 465000, "total_discount": 15000}
    lines[1] |= {"price_original": 0, "applied_discounts": [{"amount": 5000}, {"amount": "1000"}]}
    codes = [{"amount": 30000, "type": "Shipping"}, {"amount": 5000, "type": None}]
    order = parse_order(changed(total_discounts=5000, discount_codes=codes, line_items=lines))
    assert order.discounts == Discounts(Decimal(5000), Decimal(5000), Decimal(30000), Decimal(36000))
    assert parse_order(changed(total_discounts=None, discount_codes=None)).discounts.stated is None
    with pytest.raises(BadPayload, match="total_discounts"):
        parse_order(changed(total_discounts="nhiều"))


def test_products_become_variants() -> None:
    page = parse_product_page(sample("haravan/products_list.json")["products"])
    assert (page.bad, page.rows, page.last_id, page.ascending) == ((), 4, 5100004, True)
    by_sku = {variant.sku: variant for variant in page.variants}
    assert set(by_sku) == {"GIAY-39", "GIAY-40", "TUI-DEN", "NUOC", "SUA", ""}
    assert by_sku["GIAY-39"].title == "Giày vải trắng - Trắng / 39"
    assert by_sku["TUI-DEN"].title == "Túi đeo chéo"
    assert [(unit.sku, unit.ratio, unit.base) for unit in by_sku["NUOC"].units] == [
        ("NUOC", Decimal(1), True),
        ("NUOC-T", Decimal(24), False),
    ]
    assert by_sku["SUA"].lots
    assert not by_sku[""].tracked
    assert by_sku["NUOC"].tracked


def test_a_bad_variant_costs_itself_and_a_bad_product_its_variants() -> None:
    products = sample("haravan/products_list.json")["products"]
    products[0]["variants"][0]["variant_units"] = "box"
    products[1]["variants"] = "none"
    page = parse_product_page([*products, 5])
    assert [bad.id for bad in page.bad] == [6100001, 5100002, None]
    assert len(page.variants) == 4
    assert not page.ascending


@pytest.mark.parametrize(("since_id", "ids"), [(0, [3, 2]), (0, [3, 3]), (9, [3])])
def test_ids_that_do_not_rise_are_noticed(since_id: int, ids: list[int]) -> None:
    rows = [{"id": item, "title": "", "variants": []} for item in ids]
    assert not parse_product_page(rows, since_id).ascending


def test_an_empty_product_page_keeps_the_place() -> None:
    page = parse_product_page([], 77)
    assert (page.rows, page.last_id, page.ascending) == (0, 77, True)


def test_stock_rows_may_be_negative_and_are_whole() -> None:
    page = parse_levels(sample("haravan/inventory_locations.json")["inventory_locations"])
    assert page.bad == ()
    assert [(row.variant_id, row.on_hand, row.committed, row.available) for row in page.levels] == [
        (6100001, 12, 3, 9),
        (6100002, -3, 12, -15),
    ]


@pytest.mark.parametrize(
    "broken", [{"qty_onhand": None}, {"qty_available": 1.5}, {"qty_commited": "many"}, {"loc_id": 0}]
)
def test_an_unknown_quantity_is_refused_and_named_by_its_variant(broken: dict[str, Any]) -> None:
    rows = sample("haravan/inventory_locations.json")["inventory_locations"]
    page = parse_levels([rows[0] | broken, rows[1]])
    assert [bad.id for bad in page.bad] == [6100001]
    assert len(page.levels) == 1


def test_available_is_computed_where_it_is_not_said() -> None:
    row = sample("haravan/inventory_locations.json")["inventory_locations"][1] | {"qty_available": None}
    assert parse_level(row).available == -15


def test_locations_shop_and_slips_are_read() -> None:
    kinds = [parse_location(row) for row in sample("haravan/locations.json")["locations"]]
    assert [(item.id, item.kind, item.unavailable) for item in kinds] == [
        (910001, "default", False),
        (910003, "ontheroad", True),
    ]
    shop = parse_shop(sample("haravan/shop.json")["shop"])
    assert (shop.id, shop.currency, shop.timezone) == (200000900001, "VND", "(GMT+07:00) Hanoi")
    slips = parse_slips(sample("haravan/adjustments.json")["adjustments"])
    assert [(slip.id, slip.note) for slip in slips] == [(1300009, "KiotViet sync r42"), (1300001, "")]
    assert slips[0].lines == (AdjustLine(5100001, 6100001, -3),)


def test_a_page_says_when_each_product_changed() -> None:
    rows = [
        {"id": 1, "variants": [], "updated_at": "2026-11-01T00:00:00.1Z"},
        {"id": 2, "variants": [], "updated_at": "?"},
        {"id": 3, "variants": "?", "updated_at": "2026-11-01T00:00:00Z"},
    ]
    page = parse_product_page(rows)
    assert page.changed_at == {1: datetime(2026, 11, 1, 0, 0, 0, 100000, tzinfo=UTC), 2: None}
    assert [bad.id for bad in page.bad] == [3]
