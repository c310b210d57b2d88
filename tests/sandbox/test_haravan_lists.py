"""Paging, filters and order of the simulated Haravan's lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from syncd.sandbox.haravan.times import iso, read_filter
from tests.sandbox.haravan_kit import START, Kit


def test_a_page_holds_at_most_50_rows_however_many_are_asked_for() -> None:
    kit = Kit()
    for _ in range(55):
        kit.buy()
    assert len(kit.order_ids(limit=250)) == 50
    assert len(kit.order_ids(limit=250, page=2)) == 5
    assert kit.order_ids(page=3) == []
    assert len(kit.order_ids(limit=7)) == 7
    assert kit.get("orders/count") == {"count": 55}


def test_products_page_by_number_and_by_since_id() -> None:
    kit = Kit()
    for position in range(60):
        kit.shop.add_product(f"Hàng {position}")
    by_page = [row["id"] for page in (1, 2) for row in kit.get("products", page=page)["products"]]
    by_id: list[int] = []
    while rows := kit.get("products", since_id=by_id[-1] if by_id else 0)["products"]:
        by_id += [row["id"] for row in rows]
    assert by_page == by_id == sorted(by_id)
    assert len(by_id) == 62 == kit.get("products/count")["count"]


def test_orders_sort_by_either_instant_in_either_direction() -> None:
    kit = Kit()
    first, second, third = (_buy_later(kit) for _ in range(3))
    kit.clock.advance(60)
    kit.shop.edit_note(first, "đổi ý")
    assert kit.order_ids(order="updated_at desc") == [first, third, second]
    assert kit.order_ids(order="updated_at asc") == [second, third, first]
    assert kit.order_ids(order="created_at desc") == [third, second, first]
    assert kit.order_ids(order="created_at asc") == [first, second, third]
    assert kit.order_ids(order="name desc") == kit.order_ids() == [third, second, first]


def test_since_id_and_ids_pick_orders() -> None:
    kit = Kit()
    first, second, third = (kit.buy() for _ in range(3))
    assert kit.order_ids(since_id=first) == [second, third]
    assert kit.order_ids(ids=f"{third},{first}") == [third, first]
    assert kit.get("orders/count", ids=second) == {"count": 1}
    assert kit.refused("GET", "orders", ids="abc") == 400


def test_status_tells_open_closed_and_cancelled_orders_apart() -> None:
    kit = Kit()
    opened, closed, cancelled = (kit.buy() for _ in range(3))
    kit.shop.close(closed)
    kit.shop.cancel(cancelled)
    assert kit.order_ids() == kit.order_ids(status="open") == [opened]
    assert kit.order_ids(status="closed") == [closed]
    assert kit.order_ids(status="cancelled") == [cancelled]
    assert kit.order_ids(status="any") == [cancelled, closed, opened]
    kit.shop.reopen(closed)
    assert kit.order_ids() == [closed, opened]


def test_money_and_shipping_states_are_filters() -> None:
    kit = Kit()
    new, partly, shipped = (kit.buy((kit.shirt, 1), (kit.jeans, 1)) for _ in range(3))
    kit.shop.ship(partly, [(kit.line_ids(partly)[0], 1)])
    kit.shop.ship(shipped)
    kit.shop.mark_paid(shipped)
    kit.shop.mark_paid(partly, 1_000)
    assert kit.order_ids(fulfillment_status="unshipped") == [new]
    assert kit.order_ids(fulfillment_status="partial") == [partly]
    assert kit.order_ids(fulfillment_status="shipped") == [shipped]
    assert kit.order_ids(financial_status="paid") == [shipped]
    assert kit.order_ids(financial_status="partially_paid") == [partly]
    assert kit.order_ids(financial_status="pending") == [new]


def test_fields_trim_the_payload_but_keep_the_id() -> None:
    kit = Kit()
    kit.buy()
    (row,) = kit.get("orders", fields="name,created_at")["orders"]
    assert set(row) == {"id", "name", "created_at"}
    assert set(kit.get("products", fields="id,title,variants")["products"][0]) == {"id", "title", "variants"}


def test_products_are_found_by_sku_barcode_and_type() -> None:
    kit = Kit()
    shirt = [kit.product_of(kit.shirt)]
    for query in ({"sku": "AO-01"}, {"barcode": "AO-01"}, {"ids": shirt[0]}):
        assert [row["id"] for row in kit.get("products", **query)["products"]] == shirt
    assert kit.get("products", sku="không có")["products"] == []
    assert kit.get("products/count", vendor="Khác")["count"] == 2
    assert kit.get("products/count", product_type="Giày")["count"] == 0


def test_product_filters_by_time_take_both_bounds() -> None:
    kit = Kit(filter_clock="utc")
    kit.clock.advance(3600)
    (late,) = kit.shop.add_product("Nón")
    split = iso(START + timedelta(minutes=30))
    assert [row["id"] for row in kit.get("products", created_at_min=split)["products"]] == [kit.product_of(late)]
    assert kit.get("products/count", published_at_max=split)["count"] == 2
    assert kit.refused("GET", "products", updated_at_min="hôm qua") == 400


def test_inventory_rows_are_asked_by_variants_and_locations() -> None:
    kit = Kit()
    kit.shop.set_stock(kit.shirt, kit.second, 3)
    rows = kit.get("inventory_locations", location_ids=f"{kit.main},{kit.second}", variant_ids=kit.shirt)
    assert [(row["loc_id"], row["qty_onhand"]) for row in rows["inventory_locations"]] == [
        (kit.main, 10),
        (kit.second, 3),
    ]
    never = kit.get("inventory_locations", location_ids=kit.second, vatiant_ids=kit.jeans)
    assert never["inventory_locations"] == []


def test_more_than_50_variants_or_locations_are_refused() -> None:
    kit = Kit()
    many = ",".join(str(number) for number in range(1, 52))
    assert kit.refused("GET", "inventory_locations", variant_ids=many, location_ids=kit.main) == 422
    assert kit.refused("GET", "inventory_locations", location_ids=many, variant_ids=kit.shirt) == 422


def test_inventory_rows_page_by_since_id_250_at_most() -> None:
    kit = Kit()
    for position in range(255):
        (variant,) = kit.shop.add_product(f"Hàng {position}")
        kit.shop.set_stock(variant, kit.main, 1)
    first = kit.get("inventory_locations", limit=900, order="id", direction="asc")["inventory_locations"]
    rest = kit.get("inventory_locations", since_id=first[-1]["id"])["inventory_locations"]
    assert (len(first), len(rest)) == (250, 7)
    assert kit.get("inventory_locations", order="id", direction="desc")["inventory_locations"][0] == rest[-1]


def test_slips_come_newest_first_and_page_by_since_id() -> None:
    kit = Kit()
    first, second = (kit.shop.staff_adjust(kit.main, [(kit.shirt, 1)]) for _ in range(2))
    elsewhere = kit.shop.staff_adjust(kit.second, [(kit.shirt, 1)])
    assert [row["id"] for row in kit.get("inventories/adjustments")["adjustments"]] == [elsewhere, second, first]
    assert [row["id"] for row in kit.get("inventories/adjustments", since_id=first)["adjustments"]] == [
        second,
        elsewhere,
    ]
    assert kit.get("inventories/adjustments/count", location_id=kit.main) == {"count": 2}


@pytest.mark.parametrize(
    ("text", "clock", "hours"),
    [
        ("2026-11-23T10:00:00", "local", 3),
        ("2026-11-23T10:00:00Z", "local", 3),
        ("2026-11-23T10:00:00.123Z", "local", 3),
        ("2026-11-23T17:00:00+07:00", "local", 3),
        ("2026-11-23T10:00:00Z", "utc", 10),
        ("2026-11-23T10:00:00", "utc", 10),
        ("2026-11-23T10:00:00+07:00", "utc", 3),
        ("2026-11-23 10:00", "utc", 10),
        ("2026-11-23", "utc", 0),
    ],
)
def test_a_time_filter_reads_its_digits_by_either_clock(text: str, clock: str, hours: int) -> None:
    assert read_filter(text, clock).replace(microsecond=0) == START.replace(hour=hours)


@pytest.mark.parametrize(
    ("micro", "digit", "text"),
    [(0, 0, ":00Z"), (100_000, 0, ":00.1Z"), (23_018, 6, ":00.0230186Z"), (512_000, 0, ":00.512Z")],
)
def test_stamps_are_utc_with_as_many_digits_as_needed(micro: int, digit: int, text: str) -> None:
    assert iso(START.replace(microsecond=micro), digit) == f"2026-11-23T03:00{text}"


def _buy_later(kit: Kit) -> int:
    kit.clock.advance(60)
    return kit.buy()


def test_a_list_shows_each_order_as_it_is_now_whatever_changed() -> None:
    kit = Kit()
    first, second = kit.buy((kit.shirt, 2), (kit.jeans, 1)), kit.buy((kit.jeans, 1))
    parcel = kit.shop.ship(first, tracking="GHN1")
    changes: list[Callable[[], object]] = [
        lambda: kit.shop.edit_note(first, "Gọi trước"),
        lambda: kit.shop.add_tags(first, "gấp"),
        lambda: kit.shop.edit_address(first, phone="0912345678"),
        lambda: kit.shop.carrier(first, parcel, "delivering"),
        lambda: kit.shop.cod(first, parcel, "codpaid"),
        lambda: kit.shop.corrupt(second, {"total_price": None}),
        lambda: kit.shop.close(second),
        lambda: setattr(kit.shop.memory.locations[kit.main], "name", "Kho mới"),
        lambda: setattr(kit.shop, "switches", replace(kit.shop.switches, status_spelling="joined")),
        lambda: kit.shop.refund(first, amount=10_000),
        lambda: kit.shop.reorder(second),
    ]
    for change in changes:
        before = kit.get("orders", status="any")
        change()
        shown = kit.get("orders", status="any")
        assert shown["orders"] == [kit.get(f"orders/{one['id']}")["order"] for one in shown["orders"]]
        assert shown != before
        assert kit.get("orders", status="any") == shown
