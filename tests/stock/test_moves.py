"""Documents say which products to read again: each kind, once per change, under each reading of KiotViet's lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.rig import Rig
from tests.stock.kit import ON_HANDS, available, count, fail, free, reads, sell, settings, ship

PRODUCTS = 250
BIG = [f"HANG-{number:05d}" for number in range(13, PRODUCTS + 1)]


def open_big(
    folder: Path, *, products: int = PRODUCTS, two_branches: bool = False, gets: int = 1700, **switches: str
) -> Rig:
    """A shop of three pages, everything published; its lists of documents are read once a minute."""
    rig = Rig(folder, two_branches=two_branches, switches=switches)
    rig.settings = replace(rig.settings, kiotviet=replace(rig.settings.kiotviet, gets_per_hour=gets))
    settings(rig, orders_reserve=switches.get("kiotviet_orders_reserve", "yes"))
    rig.sandbox.fill(products - 12)
    rig.stock()
    rig.later(61)
    rig.shop.stock.run()
    return rig


@pytest.fixture
def big(tmp_path: Path) -> Iterator[Rig]:
    made = open_big(tmp_path)
    yield made
    made.close()


def cycle(rig: Rig, seconds: float = 61) -> int:
    """One short cycle; how many pages of the stock list it read."""
    rig.later(seconds)
    before = reads(rig, ON_HANDS)
    report = rig.shop.stock.run()
    assert report.failures == []
    return reads(rig, ON_HANDS) - before


def nothing_swept(rig: Rig) -> None:
    """Let the sweep have nothing to spend, so that what is seen was named."""
    rig.shop.readings.saved_pages, rig.shop.readings.saved_at = 0.0, rig.clock.monotonic() + 1e9


SKU = BIG[150]
Act = Callable[[Rig], object]


def sold(rig: Rig) -> int:
    return sell(rig, SKU, 3)


def edit_of_a_sale(rig: Rig) -> None:
    invoice = sold(rig)
    cycle(rig)
    rig.kiotviet.staff_edit_invoice(invoice, [(rig.sandbox.products[SKU], 5)])


def void_of_a_sale(rig: Rig) -> None:
    invoice = sold(rig)
    cycle(rig)
    assert available(rig, SKU) == 17
    rig.kiotviet.staff_void_invoice(invoice)


def brought_back(rig: Rig) -> None:
    invoice = sold(rig)
    cycle(rig)
    rig.kiotviet.return_goods(invoice, [(rig.sandbox.products[SKU], 2)])


def bought(rig: Rig) -> None:
    rig.kiotviet.purchase(rig.branch, [(rig.sandbox.products[SKU], 5)])


def order_of_staff(rig: Rig) -> None:
    rig.kiotviet.staff_create_order(rig.branch, [(rig.sandbox.products[SKU], 4)])


@pytest.mark.parametrize("act", [sold, edit_of_a_sale, void_of_a_sale, brought_back, bought, order_of_staff])
def test_each_document_has_its_products_read_again(big: Rig, act: Act) -> None:
    act(big)
    nothing_swept(big)
    assert cycle(big, 241) == 1, "the one page that shows the product"
    assert available(big, SKU) == free(big, SKU)
    nothing_swept(big)
    assert cycle(big) == 0, "the overlap shows the document again, which is no news"


def test_a_product_that_was_struck_from_a_document_is_read_again_too(big: Rig) -> None:
    order_of_staff(big)
    cycle(big)
    assert available(big, SKU) == 16
    (order,) = big.kiotviet.orders()
    big.kiotviet.staff_edit_order(order["id"], [(big.sandbox.products[BIG[5]], 1)])
    nothing_swept(big)
    assert cycle(big) == 2, "the page of what was struck, and that of what took its place"
    assert (available(big, SKU), available(big, BIG[5])) == (20, 19)


def test_a_transfer_is_seen_when_it_is_sent_and_when_it_is_received(tmp_path: Path) -> None:
    rig = open_big(tmp_path, two_branches=True)
    here, there = rig.sandbox.branches
    slip = rig.kiotviet.transfer(here, there, [(rig.sandbox.products[SKU], 6)], received=False)
    nothing_swept(rig)
    cycle(rig, 241)
    first, second = rig.sandbox.locations
    assert (available(rig, SKU, first), available(rig, SKU, second)) == (14, 20)
    rig.later(60)
    rig.kiotviet.receive_transfer(slip)
    nothing_swept(rig)
    cycle(rig, 241)
    assert (available(rig, SKU, first), available(rig, SKU, second)) == (14, 26)
    rig.close()


@pytest.mark.parametrize(
    "switches",
    [
        {"kiotviet_query_clock": "offset_dropped"},
        {"kiotviet_query_clock": "naive_is_utc"},
        {"kiotviet_never_modified": "left_out"},
        {"kiotviet_modified_bound": "exclusive", "kiotviet_never_modified": "left_out"},
        {"kiotviet_key_case": "pascal", "kiotviet_on_hand_spelling": "onHand"},
    ],
    ids=str,
)
def test_a_sale_is_named_under_each_reading_of_the_lists(tmp_path: Path, switches: dict[str, str]) -> None:
    rig = open_big(tmp_path, **switches)
    sell(rig, SKU, 3)
    nothing_swept(rig)
    cycle(rig)
    assert available(rig, SKU) == 17
    rig.close()


def test_a_document_that_the_lists_show_late_is_named_late(tmp_path: Path) -> None:
    rig = open_big(tmp_path, kiotviet_fresh_documents="late")
    sell(rig, SKU, 3)
    nothing_swept(rig)
    cycle(rig, 31)
    nothing_swept(rig)
    cycle(rig, 31)
    assert available(rig, SKU) == 17
    rig.close()


@pytest.mark.parametrize("reserve", ["yes", "no"])
def test_our_own_documents_need_no_reading(tmp_path: Path, reserve: str) -> None:
    rig = open_big(tmp_path, kiotviet_orders_reserve=reserve)
    order = rig.place((SKU, 2))
    for step in (lambda: None, lambda: ship(rig, order)):
        step()
        rig.orders()
        nothing_swept(rig)
        rig.later(30)
        assert cycle(rig) == 0
    assert available(rig, SKU) == 18
    rig.close()


def test_what_staff_do_to_our_documents_has_their_products_read_again(big: Rig) -> None:
    big.place((SKU, 2))
    big.orders()
    cycle(big)
    (document,) = [row for row in big.kiotviet.orders() if row["orderDetails"][0]["productCode"] == SKU]
    big.kiotviet.staff_edit_order(document["id"], [(big.sandbox.products[SKU], 9)])
    nothing_swept(big)
    assert cycle(big) == 1


@pytest.mark.parametrize("what", ["order", "invoice"])
def test_a_document_of_ours_that_a_clerk_took_away_is_pending_before_the_orders_are_looked_at(
    big: Rig, what: str
) -> None:
    order = big.place((SKU, 2))
    if what == "invoice":
        ship(big, order)
    big.orders()
    cycle(big)
    if what == "order":
        big.kiotviet.staff_cancel_order(big.kiotviet.orders()[0]["id"])
    else:
        big.kiotviet.staff_void_invoice(big.kiotviet.invoices()[0]["id"])
        big.kiotviet.staff_cancel_order(big.kiotviet.orders()[0]["id"])
    assert free(big, SKU) == 20
    cycle(big)
    assert available(big, SKU) == 18, "the buyer has them still"


def test_after_a_restart_what_was_sold_meanwhile_is_named(big: Rig) -> None:
    big.close()
    big.later(1800)
    sell(big, SKU, 3)
    big.later(1800)
    nothing_swept(big)
    cycle(big)
    assert available(big, SKU) == 17


@pytest.mark.parametrize("kind", ["forbidden", "status"])
@pytest.mark.parametrize("path", ["/transfers", "/purchaseorders", "/returns", "/invoices"])
def test_a_list_that_cannot_be_read_stops_neither_the_others_nor_the_sweep(big: Rig, path: str, kind: str) -> None:
    fail(big, kind, path, "kiotviet")
    count(big, BIG[0], 9)
    order_of_staff(big)
    for _ in range(8):
        big.later(61)
        big.shop.stock.run()
    assert (available(big, BIG[0]), available(big, SKU)) == (9, 16)


def test_a_product_sold_as_a_unit_has_its_base_read_again(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    _, lon = rig.sandbox.add_linked("LON", "Nước ngọt lon", 10_000, stock=50)
    rig.close()
    unit = rig.kiotviet.add_product(
        "THUNG", "Nước ngọt thùng", 220_000, unit="thùng", master_unit_id=lon, conversion=24
    )
    rig.haravan.add_product("Thùng", [{"sku": "THUNG", "barcode": "THUNG", "price": 220_000}])
    rig.stock()
    assert available(rig, "LON") == 50
    rig.kiotviet.counter_sale(rig.branch, [(unit, 1)])
    nothing_swept(rig)
    cycle(rig)
    assert available(rig, "LON") == 26
    rig.close()
