"""`syncd explain --stock`: the figures of both sides, the formula and its history, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from syncd.sandbox.kernel import Fault
from syncd.store import Store
from tests.cli_kit import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        opened.edit("language: vi", "language: en")
        yield opened


def story(desk: Desk, name: str = "AO-01") -> Any:
    outcome = desk("explain", "--stock", name, "--json")
    assert outcome.code == 0, outcome.err
    return outcome.json


def place(desk: Desk, name: str = "AO-01") -> Any:
    (only,) = story(desk, name)["locations"]
    return only


def sell(desk: Desk, sku: str, pieces: int) -> None:
    desk.sandbox.kiotviet.counter_sale(desk.sandbox.branches[0], [(desk.sandbox.products[sku], pieces)])


def test_both_sides_the_formula_and_the_history_are_told(desk: Desk) -> None:
    desk("once")
    sell(desk, "AO-01", 3)
    desk("once")
    sell(desk, "AO-01", 2)
    told = story(desk)
    assert (told["sku"], told["kiotviet"]["code"], told["rule"]) == ("AO-01", "AO-01", "barcode")
    (here,) = told["locations"]
    branch = {"branch_id": desk.sandbox.branches[0], "on_hand": "15", "reserved": "0", "active": True}
    assert here["kiotviet_shows"] == {"branches": [branch]}
    assert here["haravan_shows"] == {"available": 17, "on_hand": 17, "committed": 0}
    assert here["formula"] == {"sellable": 15, "pending": 0, "safety_stock": 0, "wanted": 15}
    assert here["difference"] == -2
    assert here["next"] == told["next"] == "15 is written in the next stock cycle"
    (published,) = here["publications"]
    assert (published["old"], published["wanted"], published["shown"]) == (20, 17, 17)
    assert (published["outcome"], published["reason"]) == ("written", "kiotviet_moved")
    shown = desk("explain", "--stock", "AO-01").out
    for part in (
        "linked by barcode",
        "15 sellable in KiotViet - 0 pending",
        "difference: -2",
        "20 → 17",
        published["note"],
    ):
        assert part in shown


def test_a_product_has_several_names(desk: Desk) -> None:
    (variant,) = desk.sandbox.haravan.add_product("Mũ", [{"sku": "MU", "barcode": "893001"}])
    desk.sandbox.kiotviet.add_product("893001", "Mũ", 1000, stock={desk.sandbox.branches[0]: 4})
    desk("once")
    assert {story(desk, name)["variant_id"] for name in (str(variant), "MU", "893001")} == {variant}


def test_an_unknown_product_is_refused_with_what_is_near(desk: Desk) -> None:
    desk("once")
    outcome = desk("explain", "--stock", "AO-1")
    assert outcome.code == 2
    assert "did you mean AO-0" in outcome.err
    assert desk("explain", "--stock", "ghế sofa").code == 2


def test_an_order_and_a_product_exclude_each_other(desk: Desk) -> None:
    for arguments in ([], ["#100020", "--stock", "AO-01"]):
        assert desk("explain", *arguments).code == 2


def test_orders_that_are_pending_are_named_with_why(desk: Desk) -> None:
    desk("once")
    desk.sandbox.kiotviet.deactivate(desk.sandbox.products["AO-02"])
    held, outside = desk.place(("AO-02", 2), ("AO-01", 2)), desk.place(("AO-01", 1), gateway="Chuyển khoản", cod=False)
    desk("once")
    (first, second) = place(desk)["pending_orders"]
    numbers = [desk.sandbox.haravan.order(order)["order_number"] for order in (held, outside)]
    assert [first["order_number"], second["order_number"]] == numbers
    assert (first["pieces"], first["state"], first["hold"]) == (2, "received", "rejected")
    assert "does not show its order" in first["why"]
    assert "until it is shipped" in second["why"]
    assert place(desk)["formula"] == {"sellable": 20, "pending": 3, "safety_stock": 0, "wanted": 17}
    assert place(desk)["next"] == "nothing: both sides agree"
    assert f"{numbers[0]} (rejected): 2 of AO-01" in desk("explain", "--stock", "AO-01").out


def test_an_order_that_no_cycle_has_seen_yet_is_pending_as_the_next_one_will_have_it(desk: Desk) -> None:
    desk("once")
    desk.place(("AO-01", 3))
    shown = place(desk)
    assert [(order["pieces"], order["state"]) for order in shown["pending_orders"]] == [(3, "received")]
    assert shown["next"] == "nothing: both sides agree"


def test_an_order_that_kiotviet_counts_is_pending_no_more(desk: Desk) -> None:
    desk.place(("AO-01", 2))
    desk("once")
    assert place(desk)["pending_orders"] == []
    assert place(desk)["kiotviet_shows"]["branches"][0]["reserved"] == "2"


@pytest.mark.parametrize(
    ("side", "path", "unread"),
    [("kiotviet", "/products/", "kiotviet_shows"), ("haravan", "/inventory_locations", "haravan_shows")],
)
def test_a_side_that_cannot_be_read_says_so_and_the_rest_is_shown(
    desk: Desk, side: str, path: str, unread: str
) -> None:
    desk("once")
    desk.sandbox.faults.add(Fault("status", side, path=path, times=0))
    here = place(desk)
    assert set(here[unread]) == {"error"}
    other = {"kiotviet_shows": "haravan_shows", "haravan_shows": "kiotviet_shows"}[unread]
    assert "error" not in here[other]
    assert here["difference"] is None
    assert desk("explain", "--stock", "AO-01").code == 0


def test_what_is_not_published_says_why(desk: Desk) -> None:
    haravan, kiotviet, branch = desk.sandbox.haravan, desk.sandbox.kiotviet, desk.sandbox.branches[0]
    haravan.add_product("Hàng mới", [{"sku": "MOI-01"}])
    haravan.add_product("Túi", [{"sku": "TUI-09", "tracked": False}])
    kiotviet.add_product("TUI-09", "Túi", 1000, stock={branch: 4})
    desk("once")
    assert "has no KiotViet product" in story(desk, "MOI-01")["next"]
    assert "MOI-01" in desk("explain", "--stock", "MOI-01").out
    assert "not stock-tracked" in place(desk, "TUI-09")["next"]


def test_a_product_that_kiotviet_does_not_sell_counts_nothing(desk: Desk) -> None:
    desk("once")
    desk.sandbox.kiotviet.deactivate(desk.sandbox.products["AO-01"])
    assert (place(desk)["formula"]["sellable"], place(desk)["next"]) == (0, "0 is written in the next stock cycle")
    assert "not sold there, counts 0" in desk("explain", "--stock", "AO-01").out


def test_a_refused_plan_and_a_switched_off_side_are_named(desk: Desk) -> None:
    desk("once")
    for product in desk.sandbox.products.values():
        desk.sandbox.kiotviet.set_stock(product, desk.sandbox.branches[0], 1)
    desk("once")
    assert "stock plan is refused" in place(desk)["next"]
    desk.edit("\nstock:\n", "\nstock:\n  apply: false\n")
    assert place(desk)["next"].startswith("nothing is written while stock.apply is off")


def test_a_figure_that_does_not_show_is_named_as_stuck(desk: Desk) -> None:
    desk("once")
    sell(desk, "AO-01", 1)
    desk.sandbox.turn(haravan_foreign_slips="sets_back")
    desk("once")
    assert "19 was sent and does not show" in place(desk)["next"]
    assert "not shown" in desk("explain", "--stock", "AO-01").out


def test_a_unit_is_counted_from_its_base(desk: Desk) -> None:
    haravan, kiotviet, branch = desk.sandbox.haravan, desk.sandbox.kiotviet, desk.sandbox.branches[0]
    base = kiotviet.add_product("NUOC", "Nước chai", 5000, stock={branch: 50})
    kiotviet.add_product("NUOC-24", "Nước thùng", 100_000, unit="thùng", master_unit_id=base, conversion=24)
    haravan.add_product("Nước thùng", [{"sku": "NUOC-24"}])
    desk("once")
    told = story(desk, "NUOC-24")
    assert (told["kiotviet"]["base_product_id"], told["kiotviet"]["conversion"]) == (base, "24")
    assert told["locations"][0]["formula"]["sellable"] == 2
    assert told["locations"][0]["kiotviet_shows"]["branches"][0]["on_hand"] == "50"
    assert "24 pieces of product" in desk("explain", "--stock", "NUOC-24").out


def test_looking_changes_nothing(desk: Desk) -> None:
    desk("once")
    desk.sandbox.journal.clear()
    with closing(Store(desk.config.parent / "syncd.db")) as store:
        before = store.last_seq()
    story(desk)
    with closing(Store(desk.config.parent / "syncd.db")) as store:
        assert store.last_seq() == before
    assert desk.sandbox.journal.writes() == []


def test_a_vietnamese_shop_reads_vietnamese(desk: Desk) -> None:
    desk.edit("language: en", "language: vi")
    desk("once")
    shown = desk("explain", "--stock", "AO-01").out
    assert "công thức: 20 có thể bán trong KiotViet" in shown
    assert "tiếp theo: không còn gì: hai bên khớp nhau" in shown
