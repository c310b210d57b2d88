"""A stock cycle in any weather: what cannot be read or written now is left alone, told, and dealt with later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from syncd.errors import RateLimited
from syncd.sandbox.http import Request
from tests.rig import Rig
from tests.stock.kit import (
    ADJUST,
    ON_HANDS,
    adjusts,
    available,
    count,
    cure,
    doctor,
    fail,
    plant,
    reads,
    sell,
    settings,
    slips,
)
from tests.stock.test_moves import nothing_swept

SLIPS, PRODUCTS, KV_PRODUCTS = "/inventories/adjustments", "/com/products", "^/products$"


def run(rig: Rig, seconds: float = 61) -> Any:
    """One short cycle of the daemon."""
    rig.later(seconds)
    return rig.shop.stock.run()


def run_on_what_is_named(rig: Rig) -> Any:
    """A short cycle in which nothing is swept."""
    rig.later(61)
    nothing_swept(rig)
    return rig.shop.stock.run()


# --- what is read ----------------------------------------------------------------------------------------------------


def test_a_shop_without_links_reads_nothing(rig: Rig) -> None:
    settings(rig, links=())
    report = run(rig)
    assert (report.checked, rig.journal.calls()) == (0, [])


def test_before_the_first_whole_reading_it_is_not_known_how_old_the_figures_are(rig: Rig) -> None:
    rig.shop.catalogue.refresh()
    assert run_on_what_is_named(rig).failures == []
    assert rig.shop.store.recall("last_full_sweep") is None


def test_a_sale_of_what_is_not_on_the_web_names_nothing_to_read(rig: Rig) -> None:
    rig.sandbox.products["GAO"] = rig.kiotviet.add_product("GAO", "Gạo", 20_000, stock={rig.branch: 50})
    rig.stock()
    run(rig)
    sell(rig, "GAO")
    before = reads(rig, ON_HANDS)
    run_on_what_is_named(rig)
    assert reads(rig, ON_HANDS) == before


@pytest.mark.parametrize("named", [True, False])
def test_a_kiotviet_that_says_wait_ends_the_cycle_and_nothing_that_was_named_is_forgotten(
    tmp_path: Path, named: bool
) -> None:
    rig = Rig(tmp_path)
    rig.sandbox.fill(100)
    rig.stock()
    run(rig)
    if named:
        sell(rig, "AO-01", 3)
    fail(rig, "rate_limited", ON_HANDS, "kiotviet")
    rig.later(61)
    rig.shop.readings.saved_pages, rig.shop.readings.saved_at = 1.0, rig.clock.monotonic() + (1e9 if named else 0)
    with pytest.raises(RateLimited):
        rig.shop.stock.run()
    rig.faults.clear()
    rig.later(3700)
    nothing_swept(rig)
    rig.shop.stock.run()
    assert available(rig, "AO-01") == (17 if named else 20)
    rig.close()


def test_documents_that_were_read_before_kiotviet_said_wait_are_still_named(rig: Rig) -> None:
    rig.stock()
    run(rig)
    sell(rig, "AO-01", 3)
    fail(rig, "rate_limited", "^/orders$", "kiotviet")
    rig.later(61)
    nothing_swept(rig)
    with pytest.raises(RateLimited):
        rig.shop.stock.run()
    rig.faults.clear()
    rig.later(3700)
    nothing_swept(rig)
    rig.shop.stock.run()
    assert available(rig, "AO-01") == 17


@pytest.mark.parametrize(("path", "told"), [("/invoices", True), ("/returns", False)])
def test_only_a_list_of_sales_that_ends_too_early_makes_a_cycle_a_failed_one(rig: Rig, path: str, told: bool) -> None:
    rig.kiotviet.return_goods(sell(rig, "AO-01", 2), [(rig.sandbox.products["AO-01"], 1)])
    rig.stock()
    run(rig, 300)
    sell(rig, "AO-01", 3)

    def promise_more(payload: dict[str, Any]) -> None:
        payload["total"] = payload["total"] + 5

    doctor(rig, "kiotviet", path, promise_more)
    with capture_logs() as logs:
        failures = run(rig, 300).failures
    assert bool(failures) is told
    assert ("stock_feed_not_read" in [log["event"] for log in logs]) is not told
    assert available(rig, "AO-01") == 16


def test_of_very_many_documents_the_oldest_are_forgotten(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syncd.cycles.moves._MOST_REMEMBERED", 2)
    rig.stock()
    for number in range(1, 5):
        sell(rig, "AO-01")
        run_on_what_is_named(rig)
        assert available(rig, "AO-01") == 20 - number


def test_a_comparison_of_the_daemon_looks_at_every_level_again(rig: Rig) -> None:
    assert rig.shop.stock.turn(reconcile=True).checked > 0
    rig.later(61)
    assert rig.shop.stock.turn(reconcile=False).checked == 0
    rig.later(61)
    assert rig.shop.stock.turn(reconcile=True).checked > 0


def test_locations_that_haravan_refuses_to_show_are_taken_to_be_shops(rig: Rig) -> None:
    fail(rig, "status", "/locations", "haravan", status=422)
    rig.stock()
    assert available(rig, "AO-01") == 20
    sell(rig, "AO-01")
    rig.stock()
    assert available(rig, "AO-01") == 19


# --- both product lists ----------------------------------------------------------------------------------------------


def test_the_links_are_known_once_they_were_read(rig: Rig) -> None:
    assert rig.shop.catalogue.known() is None
    index = rig.shop.catalogue.index()
    assert rig.shop.catalogue.known() is index


@pytest.mark.parametrize("side", ["haravan", "kiotviet"])
def test_a_look_for_news_that_is_refused_is_not_made_again_before_the_next_whole_reading(rig: Rig, side: str) -> None:
    path = PRODUCTS if side == "haravan" else KV_PRODUCTS
    rig.stock()
    fail(rig, "status", path, side, status=422 if side == "haravan" else 420)
    with capture_logs() as logs:
        for _ in range(4):
            run(rig, 120)
    assert [log["event"] for log in logs].count("product_news_not_read") == 1
    rig.faults.clear()
    assert available(rig, "AO-01") == 20


def test_a_kiotviet_that_says_wait_while_products_are_read_ends_the_cycle(rig: Rig) -> None:
    rig.stock()
    rig.later(24 * 3600)
    fail(rig, "rate_limited", KV_PRODUCTS, "kiotviet")
    with pytest.raises(RateLimited):
        rig.shop.stock.run()
    rig.faults.clear()
    rig.later(3700)
    assert rig.shop.stock.run().failures == []


def test_lists_without_a_single_stamp_are_read_whole_and_followed_by_nothing(rig: Rig) -> None:
    def undated(payload: dict[str, Any]) -> None:
        for product in payload.get("products", ()):
            product["updated_at"] = None

    doctor(rig, "haravan", PRODUCTS, undated)
    rig.stock()
    run(rig, 120)
    assert available(rig, "AO-01") == 20


def test_a_kiotviet_without_any_product_links_nothing(rig: Rig) -> None:
    for product in rig.sandbox.products.values():
        rig.kiotviet.delete_product(product)
    assert rig.shop.catalogue.refresh().by_variant == {}


def test_a_filter_that_reads_times_otherwise_than_yesterday_still_shows_what_changed(tmp_path: Path) -> None:
    rig = Rig(tmp_path, switches={"haravan_filter_clock": "local"})
    rig.later(24 * 3600)
    rig.stock()
    for clock in ("utc", "local", "utc", "local"):
        rig.sandbox.turn(haravan_filter_clock=clock)
        for step in range(12):
            if step == 4:
                (variant,) = rig.haravan.add_product("Ví", [{"sku": f"VI-{clock}-{rig.clock.monotonic()}"}])
            run(rig, 120)
        assert rig.shop.catalogue.variant(variant) is not None
    rig.close()


# --- what is written -------------------------------------------------------------------------------------------------


@pytest.fixture
def many(tmp_path: Path) -> Rig:
    """A shop whose first publication takes two calls."""
    made = Rig(tmp_path)
    made.sandbox.fill(100)
    for sku in made.sandbox.products:
        count(made, sku, 25)
    return made


def test_a_stop_falls_between_two_calls_and_the_rest_follows(many: Rig) -> None:
    stopped: list[bool] = []

    def after(_: str, request: Request) -> None:
        if ADJUST in request.path:
            stopped.append(True)

    outside = many.outside
    many.outside = lambda: replace(outside(), stop=lambda: bool(stopped))  # type: ignore[method-assign]
    many.sandbox.haravan_gate.after_effect.append(after)
    many.stock()
    assert len(adjusts(many)) == 1
    many.sandbox.haravan_gate.after_effect.clear()
    stopped.clear()
    many.stock()
    assert len(adjusts(many)) == 2
    many.close()


def test_a_location_where_nothing_shows_is_written_once_and_not_in_every_call(tmp_path: Path) -> None:
    rig = Rig(tmp_path, switches={"haravan_stock_mode": "basic"})
    rig.sandbox.fill(100)
    rig.stock()
    rig.later(1801)
    report = rig.stock()
    assert len(adjusts(rig)) == 1
    assert len(report.failures) >= 1
    rig.close()


def test_a_refused_call_that_was_done_all_the_same_is_nothing_to_tell(rig: Rig) -> None:
    rig.stock()
    sell(rig, "AO-01", 3)
    plant(rig, "status_after", ADJUST, "haravan", status=422)
    report = rig.stock()
    assert (report.failures, available(rig, "AO-01"), len(adjusts(rig))) == ([], 17, 1)


def test_a_line_that_was_refused_rests_until_something_about_it_is_different(rig: Rig) -> None:
    rig.stock()
    sell(rig, "AO-01", 3)
    fail(rig, "status", ADJUST, "haravan", status=422)
    before = len(adjusts(rig))
    for _ in range(3):
        run(rig)
    assert len(adjusts(rig)) == before + 1
    rig.faults.clear()
    sell(rig, "AO-01", 1)
    run(rig)
    assert available(rig, "AO-01") == 16


def test_figures_that_are_set_back_where_no_slip_says_by_whom_are_told_all_the_same(rig: Rig) -> None:
    settings(rig, max_change_percent=100)
    skus = list(rig.sandbox.products)[:5]
    rig.stock()
    for sku in skus:
        sell(rig, sku, 3)
    rig.stock()
    for sku in skus:
        rig.haravan.set_stock(rig.sandbox.variants[sku], rig.location, 20)
    ours = len(slips(rig))
    rig.later(60)
    rig.stock()
    (task,) = rig.shop.store.tasks()
    assert (task.code, len(slips(rig))) == ("stock_rewritten", ours + 1)


def test_slips_that_cannot_be_read_blame_nobody(rig: Rig) -> None:
    rig.stock()
    rig.sandbox.turn(haravan_foreign_slips="sets_back")
    sell(rig, "AO-01", 5)
    fail(rig, "status", SLIPS, "haravan")
    with capture_logs() as logs:
        rig.stock()
    assert "slips_not_readable" in [log["event"] for log in logs]
    assert rig.shop.store.tasks() == []


@pytest.mark.parametrize(("path", "status", "told"), [("^/returns", 420, False), ("^/invoices", 503, True)])
def test_a_list_of_documents_that_is_refused_rests_and_one_that_fails_is_told(
    rig: Rig, path: str, status: int, told: bool
) -> None:
    rig.stock()
    run(rig, 300)
    sell(rig, "AO-01", 3)
    fail(rig, "status", path, "kiotviet", status=status)
    with capture_logs() as logs:
        failures = run(rig, 300).failures
    assert bool(failures) is told
    assert ("stock_feed_refused" in [log["event"] for log in logs]) is not told
    assert available(rig, "AO-01") == 17


def test_what_orders_hold_of_goods_that_were_not_read_is_not_counted_for_those_that_were(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.sandbox.fill(100)
    rig.place(("HANG-00110", 2), cod=False, gateway="Chuyển khoản")
    rig.once()
    run(rig)
    sell(rig, "AO-01", 3)
    run_on_what_is_named(rig)
    assert (available(rig, "AO-01"), available(rig, "HANG-00110")) == (17, 18)
    rig.close()


def test_a_location_that_shows_no_rows_is_tried_with_the_only_line_there_is(rig: Rig) -> None:
    count(rig, "AO-01", 25)
    rig.haravan.memory.levels.clear()
    doctor(rig, "kiotviet", ON_HANDS, lambda payload: payload.update(data=payload["data"][:1], total=1))
    report = rig.stock()
    assert [len(call.body["inventory"]["line_items"]) for call in adjusts(rig)] == [1]  # type: ignore[index]
    assert (report.failures, available(rig, "AO-01")) == ([], 25)


def test_changes_of_products_that_end_too_early_are_asked_for_again(rig: Rig) -> None:
    rig.stock()
    run(rig, 120)

    def promise_more(payload: dict[str, Any]) -> None:
        payload["total"] = payload.get("total", 0) + 5

    doctor(rig, "kiotviet", "/products", promise_more)
    with capture_logs() as logs:
        run(rig, 120)
    assert "product_news_not_read" in [log["event"] for log in logs]
    cure(rig)
    new = rig.kiotviet.add_product("VI-01", "Ví", 1000, stock={rig.branch: 4})
    run(rig, 120)
    assert new in {product.id for product in rig.shop.catalogue.products()}


def test_a_shop_that_only_watches_is_shown_each_figure_once(rig: Rig) -> None:
    settings(rig, apply=False)
    sell(rig, "AO-01", 3)
    with capture_logs() as logs:
        for _ in range(3):
            rig.stock()
    assert [(log["event"], log["wanted"]) for log in logs if log["event"] == "stock_shown"] == [("stock_shown", 17)]
    assert adjusts(rig) == []


def test_an_order_that_staff_takes_over_the_counter_names_its_goods(rig: Rig) -> None:
    rig.stock()
    run(rig)
    rig.kiotviet.staff_create_order(rig.branch, [(rig.sandbox.products["AO-01"], 3)])
    before = reads(rig, ON_HANDS)
    run_on_what_is_named(rig)
    assert (reads(rig, ON_HANDS) - before, available(rig, "AO-01")) == (1, 17)


def test_a_product_that_changes_again_and_again_is_followed_each_time(rig: Rig) -> None:
    rig.stock()
    product = rig.sandbox.products["AO-01"]
    for times in range(2):
        run(rig, 120)
        (rig.kiotviet.activate if times else rig.kiotviet.deactivate)(product)
        run(rig, 120)
        run(rig, 120)
        assert available(rig, "AO-01") == (20 if times else 0)
