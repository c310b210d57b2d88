"""What is never concluded from a reading, and what no plan may do by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from syncd.core.stock import Change, Guard, Plan, refusal
from syncd.errors import IncompleteScan, SyncdError, Transient
from syncd.sandbox.http import Request
from tests.rig import Rig
from tests.stock.kit import (
    ADJUST,
    LEVELS,
    ON_HANDS,
    adjusts,
    available,
    count,
    cure,
    doctor,
    fail,
    link,
    plant,
    reads,
    sell,
    slips,
)


def rows_of(rig: Rig, sku: str) -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
    return lambda payload: [row for row in payload.get("data", []) if row["id"] == rig.sandbox.products[sku]]


def test_a_product_that_vanished_from_kiotviet_keeps_its_figure(rig: Rig) -> None:
    rig.stock()
    rig.kiotviet.delete_product(rig.sandbox.products["AO-01"])
    rig.stock()
    assert (available(rig, "AO-01"), adjusts(rig)) == (20, [])


def test_a_product_without_any_branch_row_is_unknown(rig: Rig) -> None:
    find = rows_of(rig, "AO-01")
    doctor(rig, "kiotviet", ON_HANDS, lambda payload: [row.pop("inventories") for row in find(payload)][:0])
    report = rig.stock()
    assert report.unknown == ("AO-01",)
    assert (available(rig, "AO-01"), adjusts(rig)) == (20, [])


def test_a_branch_row_that_only_one_list_lacks_is_unknown(tmp_path: Path) -> None:
    rig = Rig(tmp_path, two_branches=True)
    find = rows_of(rig, "AO-01")

    def lose_the_first_branch(payload: dict[str, Any]) -> None:
        for row in find(payload):
            row["inventories"] = [item for item in row["inventories"] if item["branchId"] != rig.branch]

    doctor(rig, "kiotviet", ON_HANDS, lose_the_first_branch)
    assert rig.stock().unknown == ("AO-01",)
    assert (available(rig, "AO-01"), adjusts(rig)) == (20, [])
    rig.close()


def test_a_missing_branch_of_two_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    rig = Rig(tmp_path, two_branches=True)
    link(rig, (rig.location, tuple(rig.sandbox.branches), 0))
    rig.stock()
    find = rows_of(rig, "AO-01")
    doctor(rig, "kiotviet", ON_HANDS, lambda payload: [row["inventories"].pop() for row in find(payload)][:0])
    rig.stock()
    assert available(rig, "AO-01") == 40
    rig.close()


@pytest.mark.parametrize("value", ["null", "text"])
def test_an_unreadable_figure_is_unknown_and_spoils_no_other(rig: Rig, value: str) -> None:
    find = rows_of(rig, "AO-01")

    def spoil(payload: dict[str, Any]) -> None:
        for row in find(payload):
            row["inventories"][0]["onhand"] = None if value == "null" else "nhiều"

    doctor(rig, "kiotviet", ON_HANDS, spoil)
    sell(rig, "AO-01", 4)
    sell(rig, "AO-02", 4)
    rig.stock()
    assert (available(rig, "AO-01"), available(rig, "AO-02")) == (20, 16)
    cure(rig)
    rig.stock()
    assert available(rig, "AO-01") == 16


@pytest.mark.parametrize(
    "kind", ["status", "html", "truncate", "garbage_json", "missing_keys", "empty_page", "timeout_answer"]
)
def test_a_sweep_that_is_not_complete_publishes_nothing(rig: Rig, kind: str) -> None:
    rig.sandbox.fill(120)
    rig.stock()
    sell(rig, "AO-01", 5)
    fail(rig, kind, ON_HANDS, "kiotviet", nth=2)
    with pytest.raises(Transient):
        rig.stock()
    assert (available(rig, "AO-01"), adjusts(rig)) == (20, [])
    rig.faults.clear()
    rig.stock()
    assert available(rig, "AO-01") == 15


def test_a_total_that_changes_during_the_sweep_publishes_nothing(rig: Rig) -> None:
    rig.sandbox.fill(120)
    rig.stock()
    sell(rig, "AO-01", 5)
    pages: list[int] = []

    def grow(payload: dict[str, Any]) -> None:
        pages.append(1)
        payload["total"] += len(pages) - 1

    doctor(rig, "kiotviet", ON_HANDS, grow)
    with pytest.raises(IncompleteScan):
        rig.stock()
    assert adjusts(rig) == []


def test_a_list_without_any_product_empties_nothing(rig: Rig) -> None:
    rig.stock()

    def empty(payload: dict[str, Any]) -> None:
        payload.pop("data", None)
        payload["total"] = 0

    doctor(rig, "kiotviet", ON_HANDS, empty)
    report = rig.stock()
    assert (len(report.unknown), adjusts(rig)) == (12, [])


def test_a_sold_out_product_is_published_as_zero_from_a_complete_read(rig: Rig) -> None:
    count(rig, "AO-01", 0)
    rig.stock()
    assert available(rig, "AO-01") == 0


@pytest.mark.parametrize("times", [1, 2, 0])
def test_a_levels_page_that_lost_its_rows_is_not_read_as_zero(rig: Rig, times: int) -> None:
    rig.stock()
    plant(rig, "empty_page", LEVELS, "haravan", times=times)
    sell(rig, "AO-01", 5)
    rig.stock()
    assert available(rig, "AO-01") <= 20
    rig.faults.clear()
    rig.stock()
    assert available(rig, "AO-01") == 15
    assert len(slips(rig)) == 1


def test_an_empty_levels_page_of_the_very_first_cycle_doubles_nothing(rig: Rig) -> None:
    plant(rig, "empty_page", LEVELS, "haravan")
    rig.stock()
    assert ({available(rig, sku) for sku in rig.sandbox.variants}, adjusts(rig)) == ({20}, [])


@pytest.mark.parametrize("broken", ["quantity", "name"])
def test_a_level_that_cannot_be_read_is_unknown(rig: Rig, broken: str) -> None:
    rig.stock()
    variant = rig.sandbox.variants["AO-01"]

    def spoil(payload: dict[str, Any]) -> None:
        for row in payload["inventory_locations"]:
            if row["variant_id"] == variant:
                row["qty_onhand" if broken == "quantity" else "variant_id"] = "?"

    doctor(rig, "haravan", LEVELS, spoil)
    sell(rig, "AO-01", 2)
    sell(rig, "AO-02", 2)
    report = rig.stock()
    assert available(rig, "AO-01") == 20
    assert available(rig, "AO-02") == 18
    assert report.failures


@pytest.mark.parametrize("broken", ["qty_onhand", "variant_id"])
def test_a_level_that_cannot_be_read_the_very_first_time_is_not_a_blank_one(rig: Rig, broken: str) -> None:
    variant = rig.sandbox.variants["AO-01"]

    def spoil(payload: dict[str, Any]) -> None:
        for row in payload["inventory_locations"]:
            row.update({broken: "?"} if row["variant_id"] == variant else {})

    doctor(rig, "haravan", LEVELS, spoil)
    rig.stock()
    assert (available(rig, "AO-01"), adjusts(rig)) == (20, [])


def test_a_shop_without_advanced_stock_is_left_alone_after_one_late_try(tmp_path: Path) -> None:
    rig = Rig(tmp_path, switches={"haravan_stock_mode": "basic"})
    for _ in range(3):
        report = rig.stock()
        assert adjusts(rig) == []
        assert any("12 variants, though it says that there is some" in text for text in report.failures)
        rig.later(700)
    report = rig.stock()
    assert len(adjusts(rig)) == 1
    assert slips(rig) == []
    assert any("advanced stock management" in text for text in report.failures)
    rig.close()


def lose_rows(rig: Rig, times: int) -> None:
    plant(rig, "empty_page", LEVELS, "haravan", times=times)


@pytest.mark.parametrize("times", [1, 2, 3, 4])
def test_rows_that_many_readings_lose_are_never_taken_for_stock_that_never_was(rig: Rig, times: int) -> None:
    lose_rows(rig, times)
    report = rig.stock()
    assert (available(rig, "AO-01"), adjusts(rig)) == (20, [])
    assert bool(report.failures) is (times > 2)
    rig.faults.clear()
    rig.later(60)
    sell(rig, "AO-01", 2)
    assert (rig.stock().failures, available(rig, "AO-01")) == ([], 18)


def test_a_variant_that_another_location_shows_was_never_stocked_here(tmp_path: Path) -> None:
    rig = Rig(tmp_path, two_branches=True)
    variant = rig.sandbox.variants["AO-01"]
    del rig.haravan.memory.levels[variant, rig.location]
    rig.kiotviet.set_stock(rig.sandbox.products["AO-01"], rig.branch, 7)
    assert (rig.stock().failures, available(rig, "AO-01")) == ([], 7)
    rig.close()


@pytest.mark.parametrize("said", [{"id": 1}, {"id": 1, "inventory_quantity": "much"}, None, "?"])
def test_a_variant_that_does_not_say_what_it_has_is_taken_as_it_is(rig: Rig, said: dict[str, Any] | None) -> None:
    rig.haravan.memory.levels.clear()

    def speechless(payload: dict[str, Any]) -> None:
        payload["variant"] = said

    doctor(rig, "haravan", "/variants/", speechless)
    rig.stock()
    assert available(rig, "AO-01") == 20


def change(available: int, wanted: int, variant_id: int = 1) -> Change:
    return Change(1, variant_id, 1, "S", "S", wanted, 0, 0, wanted, available)


@pytest.mark.parametrize(
    ("published", "lowered", "percent", "minimum", "refused"),
    [
        (10, 3, 30, 10, False),
        (10, 4, 30, 10, True),
        (9, 9, 30, 10, False),
        (11, 3, 30, 10, False),
        (11, 4, 30, 10, True),
        (100, 30, 30, 10, False),
        (100, 31, 30, 10, True),
        (10, 1, 0, 10, True),
        (10, 10, 100, 10, False),
        (10, 0, 0, 10, False),
    ],
)
def test_the_mass_change_guard_at_its_edges(
    published: int, lowered: int, percent: int, minimum: int, refused: bool
) -> None:
    plan = Plan(tuple(change(5, 4, number) for number in range(lowered)))
    assert bool(refusal(plan, published, Guard(percent, minimum))) is refused


def test_raising_many_figures_is_no_danger(rig: Rig) -> None:
    for sku in rig.sandbox.products:
        count(rig, sku, 50)
    assert rig.stock().written == 12


def lower_most(rig: Rig, on_hand: int = 1) -> None:
    for sku in list(rig.sandbox.products)[:6]:
        count(rig, sku, on_hand)


def test_a_plan_that_lowers_too_many_is_refused_whole(rig: Rig) -> None:
    rig.stock()
    lower_most(rig)
    count(rig, "KHAN-01", 99)
    report = rig.stock()
    assert report.refused == 7
    assert "--force-stock" in report.refusal
    assert (adjusts(rig), available(rig, "KHAN-01")) == ([], 20)


def test_many_zeros_are_refused_in_the_daemon_and_told_once(rig: Rig) -> None:
    rig.shop.stock.run()
    lower_most(rig, 0)
    with capture_logs() as logs:
        for _ in range(5):
            rig.later(30)
            assert rig.shop.stock.run().refusal
    assert [log["event"] for log in logs].count("stock_plan_refused") == 1
    assert adjusts(rig) == []


def test_a_refusal_that_goes_on_with_other_figures_is_no_news(rig: Rig) -> None:
    rig.stock()
    lower_most(rig)
    first = rig.stock().refusal
    count(rig, "KHAN-01", 2)
    with capture_logs() as logs:
        second = rig.stock().refusal
    assert first != second
    assert logs == []
    assert rig.shop.store.recall("stock_refused") == second, "the status page shows what would happen now"


def test_force_holds_for_one_run_only(rig: Rig) -> None:
    rig.stock()
    lower_most(rig)
    rig.stock()
    assert rig.stock(force=True).written == 6
    assert not rig.shop.store.recall("stock_refused")
    for sku in list(rig.sandbox.products)[6:]:
        count(rig, sku, 1)
    assert rig.stock().refusal


def test_a_refusal_ends_by_itself_when_kiotviet_shows_the_goods_again(rig: Rig) -> None:
    rig.stock()
    lower_most(rig, 0)
    assert rig.stock().refusal
    lower_most(rig, 20)
    assert not rig.stock().refusal
    assert not rig.shop.store.recall("stock_refused")


def test_products_that_are_no_longer_linked_do_not_widen_the_guard(rig: Rig) -> None:
    rig.sandbox.fill(30)
    rig.stock()
    for sku in list(rig.sandbox.variants)[12:]:
        rig.haravan.delete_variant(rig.sandbox.variants[sku])
    lower_most(rig)
    assert rig.stock().refusal, "6 of the 12 that are left"


@pytest.mark.parametrize("remote", ["haravan", "kiotviet"])
@pytest.mark.parametrize(
    "kind", ["unauthorized", "forbidden", "status", "rate_limited", "html", "timeout_request", "refuse"]
)
def test_a_side_that_cannot_be_read_ends_the_cycle_before_anything_is_written(rig: Rig, remote: str, kind: str) -> None:
    rig.stock()
    sell(rig, "AO-01", 5)
    fail(rig, kind, LEVELS if remote == "haravan" else ON_HANDS, remote)
    with pytest.raises(SyncdError):
        rig.shop.stock.run(full=True)
    assert adjusts(rig) == []
    rig.faults.clear()
    rig.later(3700)
    rig.stock()
    assert available(rig, "AO-01") == 15


def test_an_order_between_the_two_readings_is_not_given_back(rig: Rig) -> None:
    """Haravan's levels are read, then a buyer orders: the plan must not think the piece is free."""
    rig.stock()
    sell(rig, "AO-01", 1)
    placed: list[int] = []

    def order_now(remote: str, request: Request) -> None:
        if LEVELS in request.path and not placed:
            placed.append(rig.place(("AO-01", 2)))

    rig.sandbox.haravan_gate.after_effect.append(order_now)
    rig.stock()
    rig.sandbox.haravan_gate.after_effect.clear()
    assert available(rig, "AO-01") <= 17
    rig.once()
    assert available(rig, "AO-01") == 17


def test_an_order_cancelled_between_the_two_readings_is_not_given_back_twice(rig: Rig) -> None:
    order = rig.place(("AO-01", 2), source="pos")
    rig.once()
    sell(rig, "AO-01", 1)
    seen: list[int] = []

    def cancel_now(remote: str, request: Request) -> None:
        if LEVELS in request.path and not seen:
            seen.append(1)
            rig.haravan.cancel(order)

    rig.sandbox.haravan_gate.after_effect.append(cancel_now)
    rig.stock()
    rig.sandbox.haravan_gate.after_effect.clear()
    assert seen
    assert available(rig, "AO-01") <= 19
    rig.once()
    assert available(rig, "AO-01") == 19


def test_sweeps_of_a_big_shop_are_as_far_apart_as_the_hourly_budget_asks(rig: Rig) -> None:
    rig.sandbox.fill(988)
    rig.stock()
    before = reads(rig, ON_HANDS)
    for _ in range(20):
        rig.later(30)
        rig.shop.stock.run()
    pages = reads(rig, ON_HANDS) - before
    assert 200 <= pages <= 400, "600 s at 2400 GETs an hour"


def test_the_adjusting_path_is_the_only_write_there_is(rig: Rig) -> None:
    sell(rig, "AO-01")
    rig.stock()
    assert {call.path for call in rig.journal.writes()} == {f"/com{ADJUST}.json"}


def test_no_stock_is_published_before_the_orders_of_a_lost_store_were_read_to_the_end(rig: Rig) -> None:
    for _ in range(3):
        rig.place(("AO-01", 1), source="pos")
    rig.once()
    assert available(rig, "AO-01") == 17
    rig.lose_store()
    count(rig, "AO-01", 30)
    rig.later()
    plant(rig, "empty_page", "/orders.json", "haravan", times=0)
    with pytest.raises(IncompleteScan, match="no stock is published"):
        rig.stock()
    assert (available(rig, "AO-01"), adjusts(rig)) == (17, [])
    rig.faults.clear()
    rig.stock()
    assert available(rig, "AO-01") == 27
