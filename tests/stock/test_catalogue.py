"""The link index: read whole or not at all, remembered, and read again when something unknown turns up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from syncd.errors import IncompleteScan, Transient
from tests.rig import Rig
from tests.stock.kit import available, cure, doctor, fail, plant, reads, sell

PRODUCTS = "/com/products.json"
KV_PRODUCTS = "/products"


def web_reads(rig: Rig) -> int:
    """Calls of whole readings; looks for what changed are cheaper."""
    calls = (call for call in rig.journal.calls("haravan") if call.path == PRODUCTS)
    return sum(1 for call in calls if "updated_at_min" not in call.query)


def test_the_links_are_remembered_across_a_restart(rig: Rig) -> None:
    rig.shop.catalogue.refresh()
    before = rig.shop.catalogue.index()
    rig.reopen()
    calls = len(rig.journal.calls())
    assert rig.shop.catalogue.index() == before
    assert len(rig.journal.calls()) == calls


def test_every_field_of_a_product_survives_the_store(rig: Rig) -> None:
    base = rig.sandbox.products["AO-01"]
    rig.kiotviet.add_product("LOC", "Lốc", 1, unit="Lốc", master_unit_id=base, conversion="2.5")
    rig.haravan.add_product("Lốc", [{"sku": "LOC", "units": [{"unit": "Lon", "ratio": 1}], "lot_support": True}])
    rig.kiotviet.set_stock(base, rig.branch, "7.25")
    rig.kiotviet.deactivate(base, rig.branch)
    fresh = rig.shop.catalogue.refresh()
    products, inactive = rig.shop.catalogue.products(), rig.shop.catalogue.inactive()
    rig.reopen()
    assert rig.shop.catalogue.index() == fresh
    assert rig.shop.catalogue.products() == products
    assert rig.shop.catalogue.inactive() == inactive != frozenset()


def test_other_settings_link_anew_without_reading(rig: Rig) -> None:
    rig.shop.catalogue.refresh()
    rig.close()
    rig.settings = replace(rig.settings, products=replace(rig.settings.products, links={"AO-01": "AO-99"}))
    calls = len(rig.journal.calls())
    assert rig.sandbox.variants["AO-01"] not in rig.shop.catalogue.index().by_variant
    assert len(rig.journal.calls()) == calls


def test_an_unknown_sku_in_an_order_has_the_products_read_again(rig: Rig) -> None:
    rig.once()
    rig.later(600)
    (variant,) = rig.haravan.add_product("Ví", [{"sku": "VI-01", "barcode": "VI-01", "price": 90_000}])
    rig.kiotviet.add_product("VI-01", "Ví", 90_000, stock={rig.branch: 5})
    order = rig.haravan.place_order([(variant, 1)])
    rig.shop.orders.run()
    assert rig.state(order) == "ordered"


def test_an_unknown_sku_does_not_have_them_read_every_cycle(rig: Rig) -> None:
    rig.once()
    (variant,) = rig.haravan.add_product("Ví", [{"sku": "VI-01", "barcode": "VI-01", "price": 90_000}])
    order = rig.haravan.place_order([(variant, 1)])
    before = web_reads(rig)
    for _ in range(40):
        rig.later(15)
        rig.shop.orders.run()
    assert rig.hold(order) == "unknown_sku"
    assert web_reads(rig) - before <= 10, "600 s, at most once a minute"


@pytest.mark.parametrize("path", [PRODUCTS, KV_PRODUCTS])
@pytest.mark.parametrize("kind", ["status", "html", "truncate", "missing_keys", "empty_page"])
def test_a_list_that_cannot_be_read_to_its_end_keeps_the_old_links(rig: Rig, path: str, kind: str) -> None:
    rig.sandbox.fill(120)
    before = rig.shop.catalogue.refresh()
    remote = "haravan" if path == PRODUCTS else "kiotviet"
    fail(rig, kind, rf"{path}$", remote)
    with pytest.raises(Transient):
        rig.shop.catalogue.refresh()
    assert rig.shop.catalogue.index() == before
    rig.reopen()
    assert rig.shop.catalogue.index() == before


def test_the_daemon_goes_on_with_old_links_while_the_products_cannot_be_read(rig: Rig) -> None:
    rig.shop.stock.run()
    fail(rig, "status", PRODUCTS, "haravan")
    sell(rig, "AO-01", 3)
    rig.later(3700)
    before = web_reads(rig)
    for _ in range(10):
        rig.later(30)
        rig.shop.stock.run()
    assert available(rig, "AO-01") == 17
    assert web_reads(rig) - before <= 18, "tried again once a minute, three times each"
    rig.faults.clear()
    (variant,) = rig.haravan.add_product("Ví", [{"sku": "VI-01", "barcode": "VI-01"}])
    rig.kiotviet.add_product("VI-01", "Ví", 1, stock={rig.branch: 4})
    rig.later(120)
    rig.shop.stock.run()
    assert rig.haravan.level(variant, rig.location)["available"] == 4


def test_a_first_reading_that_fails_publishes_nothing(rig: Rig) -> None:
    fail(rig, "empty_page", PRODUCTS, "haravan")
    with pytest.raises(IncompleteScan, match="counts 12"):
        rig.shop.stock.run()
    rig.faults.clear()
    assert rig.shop.stock.run().checked == 12


def test_one_page_that_came_back_empty_is_asked_for_again(rig: Rig) -> None:
    rig.sandbox.fill(120)
    plant(rig, "empty_page", PRODUCTS, "haravan", nth=2)
    assert len(rig.shop.catalogue.refresh().known) == 132


def test_a_count_that_never_agrees_is_not_waited_for(rig: Rig) -> None:
    """Some shops may count products that the list does not show: a second look at the end decides."""
    doctor(rig, "haravan", "/products/count", lambda payload: payload.update(count=15))
    assert len(rig.shop.catalogue.refresh().known) == 12


def test_a_shop_without_a_count_of_products_is_believed(rig: Rig) -> None:
    fail(rig, "status", "/products/count", "haravan", status=404)
    assert len(rig.shop.catalogue.refresh().known) == 12


@pytest.mark.parametrize("broken", ["variant", "product"])
def test_a_row_that_cannot_be_read_costs_only_itself_and_keeps_its_old_link(rig: Rig, broken: str) -> None:
    rig.stock()
    variant = rig.sandbox.variants["AO-01"]

    def spoil(payload: dict[str, Any]) -> None:
        for product in payload["products"]:
            if product["variants"][0]["id"] == variant:
                if broken == "product":
                    product["variants"] = "?"
                else:
                    product["variants"][0]["barcode"] = {"?": 1}

    doctor(rig, "haravan", "/products.json", spoil)
    assert variant in rig.shop.catalogue.refresh().by_variant
    sell(rig, "AO-01", 3)
    rig.stock()
    assert available(rig, "AO-01") == 17
    cure(rig)
    assert len(rig.shop.catalogue.refresh().by_variant) == 12


def test_products_whose_ids_do_not_rise_are_read_page_by_page(rig: Rig) -> None:
    rig.sandbox.fill(120)
    doctor(rig, "haravan", "/products.json", lambda payload: payload["products"].reverse())
    assert len(rig.shop.catalogue.refresh().known) == 132


@pytest.mark.parametrize("hiccups", ["error_422", "empty_page"])
def test_lists_that_fail_now_and_then_are_read_whole(tmp_path: Path, hiccups: str) -> None:
    rig = Rig(tmp_path, switches={"haravan_hiccups": hiccups})
    rig.sandbox.fill(188)
    for _ in range(8):
        assert len(rig.shop.catalogue.refresh().known) == 200
    rig.close()


def test_the_products_are_read_again_on_a_timer(rig: Rig) -> None:
    rig.shop.catalogue.refresh_if_due(timedelta(hours=1))
    before = web_reads(rig)
    rig.later(3500)
    rig.shop.catalogue.refresh_if_due(timedelta(hours=1))
    assert web_reads(rig) == before
    rig.later(200)
    rig.shop.catalogue.refresh_if_due(timedelta(hours=1))
    assert web_reads(rig) == before + 1


def test_a_clock_set_back_does_not_keep_the_links_old(rig: Rig) -> None:
    rig.shop.catalogue.refresh_if_due(timedelta(hours=1))
    before = web_reads(rig)
    rig.clock.step(-48 * 3600)
    rig.shop.catalogue.refresh_if_due(timedelta(hours=1))
    assert web_reads(rig) == before + 1


def test_a_duplicate_code_links_nothing_and_stops_nothing(rig: Rig) -> None:
    rig.haravan.add_product("Bản sao", [{"sku": "AO-01", "barcode": "AO-01"}])
    sell(rig, "AO-01", 3)
    sell(rig, "AO-02", 1)
    rig.stock()
    assert (available(rig, "AO-01"), available(rig, "AO-02")) == (20, 19)
    assert reads(rig, "/inventory_locations") > 0


def test_a_kiotviet_row_that_cannot_be_read_keeps_its_old_link(rig: Rig) -> None:
    rig.stock()

    def spoil(payload: dict[str, Any]) -> None:
        for product in payload["data"]:
            if product["code"] == "AO-01":
                product["type"] = 9

    doctor(rig, "kiotviet", KV_PRODUCTS, spoil)
    assert rig.sandbox.variants["AO-01"] in rig.shop.catalogue.refresh().by_variant
    cure(rig)


def test_figures_are_not_kept_with_the_products(rig: Rig) -> None:
    rig.shop.catalogue.refresh()
    rows = [row for product in rig.shop.catalogue.products() for row in product.stock]
    assert {(row.on_hand, row.reserved) for row in rows} == {(None, None)}
    assert len({id(product.stock) for product in rig.shop.catalogue.products()}) == 1, "alike is held once"
