"""What was promised before, beside or without syncd is not sold again; and what KiotViet reserves is found out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from syncd.sandbox.kernel import Fault
from syncd.store.reports import OUTSIDE_SHIPPED
from tests.orders.kit import assert_quiet, live_orders, withdrawn
from tests.rig import START, Rig


def test_an_open_order_from_before_since_keeps_its_pieces_off_the_web(tmp_path: Path) -> None:
    rig = Rig(tmp_path, since=date(2026, 11, 20))
    old = rig.place(("AO-01", 3), created_at=datetime(2026, 10, 2, tzinfo=UTC))
    rig.clock.advance(timedelta(days=30).total_seconds())
    rig.once()
    assert (rig.state(old), live_orders(rig)) == ("ignored", [])
    assert rig.available("AO-01") == 17


def test_an_order_outside_the_filter_is_told_of_once_it_is_shipped(rig: Rig) -> None:
    order = rig.place(("AO-01", 2), cod=False, gateway="Chuyển khoản")
    rig.once()
    assert rig.available("AO-01") == 18
    shipment = rig.haravan.ship(order)
    rig.haravan.carrier(order, shipment, "delivering")
    rig.later()
    rig.orders()
    rig.later()
    rig.orders()
    told = [event for event in rig.shop.store.events_of(order) if event.event == OUTSIDE_SHIPPED]
    assert len(told) == 1


def test_what_stock_learns_of_an_order_is_still_news_for_the_orders_cycle(rig: Rig) -> None:
    rig.orders()
    order = rig.place()
    rig.stock()
    cursor = rig.shop.store.recall("orders_cursor")
    assert cursor is None or datetime.fromisoformat(str(cursor)) < START + timedelta(hours=1)
    rig.later(3600)
    rig.shop.orders.run()
    assert rig.state(order) == "ordered"


@pytest.mark.parametrize(("position", "answer", "available"), [("yes", "yes", 18), ("no", "no", 18)])
def test_a_lost_store_finds_out_again_what_kiotviet_reserves(
    tmp_path: Path, position: str, answer: str, available: int
) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_orders_reserve": position})
    rig.place(("AO-01", 2))
    rig.once()
    rig.lose_store()
    rig.later()
    rig.once()
    assert (rig.shop.reserve.known, rig.available("AO-01")) == (answer, available)


def test_a_doubtful_reading_of_what_kiotviet_reserves_is_no_answer(rig: Rig) -> None:
    rig.place(("AO-01", 2))
    rig.orders()
    product = rig.sandbox.products["AO-01"]
    rig.lose_store()
    rig.kiotviet.staff_create_order(rig.branch, [(product, 5)])
    rig.kiotviet.staff_confirm_order(live_orders(rig)[0]["id"])
    rig.later()
    rig.orders()
    assert rig.shop.reserve.known in (None, "yes")


def test_orders_that_kiotviet_switched_off_are_not_taken_for_gone(rig: Rig) -> None:
    order = rig.place()
    rig.once()
    rig.haravan.cancel(order)
    rig.kiotviet.setting("SellAllowOrder", False)
    rig.later()
    rig.orders()
    assert rig.hold(order) == "rejected"
    rig.kiotviet.setting("SellAllowOrder", True)
    rig.later(3700)
    rig.orders()
    assert rig.state(order) == "cancelled"
    assert live_orders(rig) == []


def test_a_kiotviet_without_a_settings_page_still_gets_its_customers(rig: Rig) -> None:
    rig.faults.add(Fault("status", remote="kiotviet", path="^/settings$", status=404, times=0))
    order = rig.place()
    rig.orders()
    assert rig.state(order) == "ordered"


def kiotviet_order_lists(rig: Rig) -> int:
    """Searches of KiotViet's orders; what the watch asks for is only what changed."""
    calls = rig.journal.calls("kiotviet", write=False)
    asked = [call.query for call in calls if call.path == "/orders"]
    return len([query for query in asked if "lastModifiedFrom" not in query])


def test_an_order_that_is_held_for_weeks_makes_no_cycle_search_kiotviet_back_to_it(rig: Rig) -> None:
    (variant,) = rig.haravan.add_product("Hàng lạ", [{"sku": "LA-1", "price": 10_000}])
    held = rig.haravan.place_order([(variant, 1)])
    rig.orders()
    assert rig.hold(held) == "unknown_sku"
    product = rig.sandbox.products["AO-02"]
    for _ in range(130):
        rig.kiotviet.staff_create_order(rig.branch, [(product, 1)])
    rig.later(timedelta(days=20).total_seconds())
    rig.shop.orders.run()
    rig.later(7200)
    rig.journal.clear()
    rig.shop.orders.run()
    assert kiotviet_order_lists(rig) == 0, "it asks nothing of KiotViet while its SKU is unknown"
    for _ in range(2):
        rig.place()
        rig.shop.orders.run()
        rig.later()
    rig.journal.clear()
    new = rig.place()
    rig.shop.orders.run()
    assert rig.state(new) == "ordered"
    assert kiotviet_order_lists(rig) == 1, "the search for a new order goes back to that order only"


def test_a_doubt_about_what_a_void_reserved_again_ends_while_the_order_waits(tmp_path: Path) -> None:
    """The parcel is withdrawn and no other made yet; what KiotViet reserves cannot be read just then."""
    rig = Rig(tmp_path, on_return="void_invoice")
    order = withdrawn(rig)
    rig.faults.add(Fault("status", remote="kiotviet", method="GET", path=r"/products/\d+", times=0, status=503))
    rig.later()
    rig.orders()
    rig.faults.clear()
    rig.stock()
    assert (rig.state(order), rig.hold(order), rig.available("AO-01")) == ("shipping", "", 16), "not sold in doubt"
    rig.later()
    rig.once()
    assert rig.available("AO-01") == 18
    assert_quiet(rig)
