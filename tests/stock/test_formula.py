"""The figure that is published, in every case of the formula, from one shop's shelf to the other's page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig import Rig
from tests.stock.kit import adjusts, available, count, free, lines, link, sell, settings, slips


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path, two_branches=True)
    yield made
    made.close()


def test_a_counter_sale_shows_in_haravan(rig: Rig) -> None:
    sell(rig, "AO-01", 3)
    rig.stock()
    assert available(rig, "AO-01") == free(rig, "AO-01") == 17


def test_a_purchase_shows_in_haravan(rig: Rig) -> None:
    rig.kiotviet.purchase(rig.branch, [(rig.sandbox.products["AO-02"], 15)])
    rig.stock()
    assert available(rig, "AO-02") == 35


def test_a_return_at_the_counter_shows_in_haravan(rig: Rig) -> None:
    invoice = sell(rig, "AO-01", 3)
    rig.stock()
    rig.kiotviet.return_goods(invoice, [(rig.sandbox.products["AO-01"], 2)])
    rig.stock()
    assert available(rig, "AO-01") == 19


def test_a_count_shows_in_haravan(rig: Rig) -> None:
    count(rig, "AO-03", 8)
    rig.stock()
    assert available(rig, "AO-03") == 8


def test_goods_between_two_branches_are_in_neither(two: Rig) -> None:
    first, second = two.sandbox.branches
    slip = two.kiotviet.transfer(first, second, [(two.sandbox.products["AO-01"], 5)], received=False)
    two.stock()
    assert [available(two, "AO-01", at) for at in two.sandbox.locations] == [15, 20]
    two.kiotviet.receive_transfer(slip)
    two.stock()
    assert [available(two, "AO-01", at) for at in two.sandbox.locations] == [15, 25]


def test_a_negative_shelf_is_published_as_nothing(rig: Rig) -> None:
    count(rig, "AO-01", -4)
    rig.stock()
    assert available(rig, "AO-01") == 0


def test_a_negative_available_in_haravan_is_brought_to_the_figure(rig: Rig) -> None:
    rig.haravan.set_stock(rig.sandbox.variants["AO-01"], rig.location, -7)
    rig.stock()
    assert available(rig, "AO-01") == 20


@pytest.mark.parametrize(("on_hand", "published"), [(7.9, 7), (0.4, 0), (-0.5, 0), (3, 3)])
def test_half_a_piece_is_not_for_sale(rig: Rig, on_hand: float, published: int) -> None:
    count(rig, "AO-01", on_hand)
    rig.stock()
    assert available(rig, "AO-01") == published


def test_safety_stock_is_kept_back_and_never_below_zero(rig: Rig) -> None:
    link(rig, (rig.location, (rig.branch,), 18))
    count(rig, "AO-02", 5)
    settings(rig, max_change_percent=100)
    rig.stock()
    assert (available(rig, "AO-01"), available(rig, "AO-02")) == (2, 0)


def test_two_branches_feed_one_location_with_their_sum(two: Rig) -> None:
    link(two, (two.location, tuple(two.sandbox.branches), 0))
    count(two, "AO-01", 0.6)
    count(two, "AO-01", 0.6, two.sandbox.branches[1])
    two.stock()
    assert available(two, "AO-01") == 1, "the sum is rounded, not its parts"
    assert available(two, "AO-02") == 40
    assert available(two, "AO-02", two.sandbox.locations[1]) == 20, "an unlinked location is never written"


def test_a_deficit_in_one_branch_lowers_the_sum(two: Rig) -> None:
    link(two, (two.location, tuple(two.sandbox.branches), 0))
    count(two, "AO-01", -6)
    two.stock()
    assert available(two, "AO-01") == 14


def test_one_branch_may_feed_two_locations(two: Rig) -> None:
    first, second = two.sandbox.locations
    link(two, (first, (two.branch,), 0), (second, (two.branch,), 5))
    sell(two, "AO-01", 2)
    settings(two, max_change_percent=100)
    two.stock()
    assert (available(two, "AO-01", first), available(two, "AO-01", second)) == (18, 13)


def test_a_branch_where_the_product_is_inactive_adds_nothing(two: Rig) -> None:
    link(two, (two.location, tuple(two.sandbox.branches), 0))
    two.stock()
    two.kiotviet.deactivate(two.sandbox.products["AO-01"], two.sandbox.branches[1])
    two.stock()
    assert available(two, "AO-01") == 20


@pytest.mark.parametrize("figures", ["shown", "left_out"])
def test_an_inactive_branch_adds_nothing_whether_it_is_shown_or_not(two: Rig, figures: str) -> None:
    two.sandbox.turn(kiotviet_inactive_figures=figures)
    link(two, (two.location, tuple(two.sandbox.branches), 0))
    two.kiotviet.deactivate(two.sandbox.products["AO-01"], two.sandbox.branches[1])
    two.stock()
    assert available(two, "AO-01") == 20


@pytest.mark.parametrize("figures", ["shown", "left_out"])
def test_a_product_that_is_sold_elsewhere_only_is_published_as_nothing(two: Rig, figures: str) -> None:
    two.sandbox.turn(kiotviet_inactive_figures=figures)
    two.kiotviet.deactivate(two.sandbox.products["AO-01"], two.branch)
    two.stock()
    assert available(two, "AO-01") == 0
    assert available(two, "AO-01", two.sandbox.locations[1]) == 20


@pytest.mark.parametrize("figures", ["shown", "left_out"])
def test_a_branch_that_stops_selling_a_product_is_noticed_by_the_daemon(two: Rig, figures: str) -> None:
    two.sandbox.turn(kiotviet_inactive_figures=figures)
    two.stock()
    two.kiotviet.deactivate(two.sandbox.products["AO-01"], two.branch)
    two.later(3700)
    two.shop.stock.run()
    assert available(two, "AO-01") == 0


def test_a_product_that_is_inactive_everywhere_is_published_as_nothing(rig: Rig) -> None:
    rig.kiotviet.deactivate(rig.sandbox.products["AO-01"])
    rig.stock()
    assert available(rig, "AO-01") == 0
    rig.kiotviet.activate(rig.sandbox.products["AO-01"])
    rig.stock()
    assert available(rig, "AO-01") == 20


@pytest.mark.parametrize("figures", ["per_unit", "base"])
def test_a_unit_is_counted_from_its_base(rig: Rig, figures: str) -> None:
    rig.sandbox.turn(kiotviet_unit_figures=figures)
    base = rig.sandbox.products["AO-01"]
    rig.kiotviet.add_product("AO-01-LO", "Lốc 6 áo", 1_600_000, unit="Lốc", master_unit_id=base, conversion=6)
    (pack,) = rig.haravan.add_product("Lốc 6 áo", [{"sku": "AO-01-LO", "barcode": "AO-01-LO"}])
    rig.stock()
    assert rig.haravan.level(pack, rig.location)["available"] == 3
    sell(rig, "AO-01", 3)
    rig.stock()
    assert (rig.haravan.level(pack, rig.location)["available"], available(rig, "AO-01")) == (2, 17)


def test_an_unlinked_untracked_combo_service_or_lot_product_is_never_written(rig: Rig) -> None:
    shop, base = rig.kiotviet, rig.sandbox.products["AO-01"]
    shop.add_product("BO-1", "Bộ đôi", 500_000, kind=1, formula=[(base, 2)])
    shop.add_product("GOI-1", "Gói quà", 20_000, kind=3)
    shop.add_product("LO-1", "Kem", 90_000, stock={rig.branch: 9})
    shop.add_product("KHONG-1", "Thiệp", 9_000, stock={rig.branch: 9})
    wanted = [("BO-1", {}), ("GOI-1", {}), ("LO-1", {"lot_support": True}), ("KHONG-1", {"tracked": False})]
    ids = [rig.haravan.add_product(sku, [{"sku": sku, "barcode": sku, **more}])[0] for sku, more in wanted]
    (orphan,) = rig.haravan.add_product("Lạ", [{"sku": "LA-1", "barcode": "LA-1"}])
    rig.stock()
    assert slips(rig) == []
    assert {rig.haravan.level(variant, rig.location)["available"] for variant in [*ids, orphan]} == {0}


def test_a_variant_with_packing_units_is_left_to_people(rig: Rig) -> None:
    rig.kiotviet.add_product("SUA-1", "Sữa", 30_000, stock={rig.branch: 48})
    units = [{"unit": "Lon", "sku": "SUA-1", "ratio": 1}, {"unit": "Thùng", "sku": "SUA-T", "ratio": 24}]
    rig.haravan.add_product("Sữa", [{"sku": "SUA-1", "barcode": "SUA-1", "units": units}])
    rig.stock()
    assert adjusts(rig) == []


def test_a_location_on_the_road_is_never_written_and_the_admin_is_told(rig: Rig) -> None:
    road = rig.haravan.add_location("Kho đang chuyển", kind="ontheroad")
    link(rig, (rig.location, (rig.branch,), 0), (road, (rig.branch,), 0))
    sell(rig, "AO-01")
    report = rig.stock()
    assert {call.body["inventory"]["location_id"] for call in adjusts(rig)} == {rig.location}  # type: ignore[index]
    assert [text for text in report.failures if str(road) in text]


def test_only_what_differs_is_written_and_a_quiet_cycle_writes_nothing(rig: Rig) -> None:
    sell(rig, "AO-01", 2)
    sell(rig, "AO-02", 1)
    assert rig.stock().written == 2
    (call,) = adjusts(rig)
    assert {line["quantity"] for line in lines(call)} == {-2, -1}
    before = len(rig.writes())
    assert rig.stock().written == 0
    assert len(rig.writes()) == before


def test_a_new_product_of_both_sides_is_published(rig: Rig) -> None:
    rig.stock()
    (variant,) = rig.haravan.add_product("Ví da", [{"sku": "VI-01", "barcode": "VI-01"}])
    rig.kiotviet.add_product("VI-01", "Ví da", 250_000, stock={rig.branch: 6})
    rig.later(600)
    rig.shop.stock.run()
    assert rig.haravan.level(variant, rig.location)["available"] == 6


def test_what_was_never_stocked_in_haravan_gets_its_first_figure(two: Rig) -> None:
    (variant,) = two.haravan.add_product("Ví da", [{"sku": "VI-01", "barcode": "VI-01"}])
    two.kiotviet.add_product("VI-01", "Ví da", 250_000, stock=dict.fromkeys(two.sandbox.branches, 6))
    two.stock()
    assert [two.haravan.level(variant, at)["available"] for at in two.sandbox.locations] == [6, 6]


def test_a_location_where_nothing_was_ever_stocked_is_filled(rig: Rig) -> None:
    new = rig.haravan.add_location("Kho mới")
    link(rig, (rig.location, (rig.branch,), 0), (new, (rig.branch,), 0))
    report = rig.stock()
    assert report.failures == []
    assert {available(rig, sku, new) for sku in rig.sandbox.variants} == {20}


def test_apply_false_writes_nothing(rig: Rig) -> None:
    settings(rig, apply=False)
    sell(rig, "AO-01", 5)
    report = rig.stock()
    assert (report.written, rig.writes()) == (0, [])
    assert available(rig, "AO-01") == 20


def test_drift_made_by_hand_in_haravan_is_repaired(rig: Rig) -> None:
    rig.stock()
    rig.haravan.staff_adjust(rig.location, [(rig.sandbox.variants["AO-01"], 9)])
    rig.stock()
    assert available(rig, "AO-01") == 20


def test_drift_made_by_hand_is_repaired_by_the_daemon_within_the_reconcile_time(rig: Rig) -> None:
    rig.shop.stock.run()
    rig.haravan.staff_adjust(rig.location, [(rig.sandbox.variants["AO-01"], 9)])
    rig.later(rig.settings.poll.reconcile_seconds + 1)
    rig.shop.stock.run()
    assert available(rig, "AO-01") == 20


@pytest.mark.parametrize("means", ["on_hand", "available"])
def test_what_a_set_would_mean_does_not_matter(tmp_path: Path, means: str) -> None:
    rig = Rig(tmp_path, switches={"haravan_set_means": means})
    rig.place(("AO-01", 2))
    rig.once()
    sell(rig, "AO-01", 3)
    rig.once()
    assert available(rig, "AO-01") == free(rig, "AO-01") == 15
    rig.close()
