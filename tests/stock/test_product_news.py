"""What changes in either product list is seen within minutes, for a call or two, however its filter reads the time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from syncd.cycles import product_news
from syncd.sandbox.http import Request, Response
from tests.rig import Rig
from tests.stock.kit import available, cure, doctor, fail

MINUTES = 3


def pass_minutes(rig: Rig, minutes: float = MINUTES) -> None:
    """The stock cycle as the daemon runs it; no order comes."""
    for _ in range(int(minutes * 2)):
        rig.later(30)
        rig.shop.stock.run()


def whole_readings(rig: Rig) -> int:
    calls = (call for call in rig.journal.calls("haravan") if call.path == "/com/products.json")
    return sum(1 for call in calls if "updated_at_min" not in call.query)


@pytest.fixture
def settled(rig: Rig) -> Rig:
    """A shop that was read whole an hour ago and looked at since."""
    rig.later(24 * 3600)
    rig.stock()
    pass_minutes(rig, 10)
    return rig


def add_pair(rig: Rig, sku: str, stock: int = 5) -> int:
    (variant,) = rig.haravan.add_product("Ví", [{"sku": sku, "barcode": sku}])
    rig.kiotviet.add_product(sku, "Ví", 1, stock={rig.branch: stock})
    return variant


CLOCKS = [
    {"haravan_filter_clock": web, "kiotviet_query_clock": pos, "kiotviet_never_modified": never}
    for web in ("local", "utc")
    for pos, never in (("converted", "by_creation"), ("offset_dropped", "left_out"))
]


@pytest.mark.parametrize("clocks", CLOCKS)
def test_a_new_product_is_published_within_minutes_without_a_whole_reading(
    tmp_path: Path, clocks: dict[str, str]
) -> None:
    rig = Rig(tmp_path, switches=clocks)
    rig.later(24 * 3600)
    rig.stock()
    for number in range(2):
        pass_minutes(rig, 10)
        before = whole_readings(rig)
        rig.haravan.add_product("Áo", [{"sku": f"KHAC-{number}"}])
        first = rig.kiotviet.add_product(f"VI-{number}", "Ví", 1, stock={rig.branch: 5})
        pass_minutes(rig, 5)
        (variant,) = rig.haravan.add_product("Ví", [{"sku": f"VI-{number}"}])
        pass_minutes(rig)
        assert rig.haravan.level(variant, rig.location)["available"] == 5
        assert first in {product.id for product in rig.shop.catalogue.products()}
        assert whole_readings(rig) - before <= 1, "the sweep may have asked for one"
    rig.close()


def test_a_changed_sku_is_seen(settled: Rig) -> None:
    variant = settled.sandbox.variants["AO-01"]
    settled.haravan.change_variant(variant, sku="AO-01-CU", barcode="")
    pass_minutes(settled)
    assert variant not in settled.shop.catalogue.index().by_variant
    settled.haravan.change_variant(variant, sku="AO-01")
    pass_minutes(settled)
    assert settled.shop.catalogue.index().by_variant[variant].code == "AO-01"


def test_a_variant_that_becomes_tracked_is_published(settled: Rig) -> None:
    (variant,) = settled.haravan.add_product("Ví", [{"sku": "VI-01", "tracked": False}])
    settled.kiotviet.add_product("VI-01", "Ví", 1, stock={settled.branch: 5})
    pass_minutes(settled)
    assert settled.shop.catalogue.index().by_variant[variant].no_stock is not None
    settled.haravan.change_variant(variant, tracked=True)
    pass_minutes(settled)
    assert settled.haravan.level(variant, settled.location)["available"] == 5


def test_a_deleted_variant_is_dropped_with_its_link(settled: Rig) -> None:
    one, two = settled.haravan.add_product("Ví", [{"sku": "VI-01", "option1": "S"}, {"sku": "VI-02", "option1": "M"}])
    pass_minutes(settled)
    assert {one, two} <= settled.shop.catalogue.index().known
    settled.haravan.delete_variant(two)
    pass_minutes(settled)
    assert settled.shop.catalogue.index().known & {one, two} == {one}
    settled.reopen()
    assert settled.shop.catalogue.index().known & {one, two} == {one}


def test_a_deleted_product_is_missed_by_the_count(settled: Rig) -> None:
    variant = settled.sandbox.variants["AO-01"]
    pass_minutes(settled, 6)
    settled.haravan.delete_product(settled.haravan.find_variant(variant).product_id)
    pass_minutes(settled, 8)
    assert variant not in settled.shop.catalogue.index().known


def test_renamed_deleted_and_deactivated_products_of_kiotviet_are_seen(settled: Rig) -> None:
    products, variants, catalogue = settled.sandbox.products, settled.sandbox.variants, settled.shop.catalogue
    settled.kiotviet.rename_product(products["AO-01"], code="AO-01-MOI")
    settled.kiotviet.delete_product(products["AO-02"])
    settled.kiotviet.deactivate(products["AO-03"], settled.branch)
    pass_minutes(settled, 5)
    assert {variants["AO-01"], variants["AO-02"]} & catalogue.index().by_variant.keys() == set()
    assert (products["AO-03"], settled.branch) in catalogue.inactive()
    assert available(settled, "AO-03") == 0
    assert available(settled, "AO-01") == available(settled, "AO-02") == 20, "absence is not zero"


def test_a_restart_goes_on_from_the_mark(settled: Rig) -> None:
    settled.close()
    variant = add_pair(settled, "VI-01")
    settled.later(600)
    settled.shop.stock.run()
    assert variant in settled.shop.catalogue.index().by_variant
    assert settled.haravan.level(variant, settled.location)["available"] == 5


@pytest.mark.parametrize("kind", ["status", "html", "missing_keys", "truncate"])
@pytest.mark.parametrize(("path", "remote"), [("/com/products", "haravan"), ("/products$", "kiotviet")])
def test_a_look_that_fails_changes_nothing_and_the_next_one_finds_all(
    settled: Rig, kind: str, path: str, remote: str
) -> None:
    before = settled.shop.catalogue.index()
    fail(settled, kind, path, remote)
    variant = add_pair(settled, "VI-01")
    pass_minutes(settled)
    assert settled.shop.catalogue.index().by_variant.keys() == before.by_variant.keys()
    settled.faults.clear()
    pass_minutes(settled, 5)
    assert variant in settled.shop.catalogue.index().by_variant


def test_an_unreadable_row_costs_only_itself(settled: Rig) -> None:
    variant = settled.sandbox.variants["AO-01"]

    def spoil(payload: dict[str, Any]) -> None:
        for product in payload.get("products", ()):
            if product["variants"][0]["id"] == variant:
                product["variants"][0]["barcode"] = {"?": 1}

    settled.haravan.change_variant(variant, price=1)
    doctor(settled, "haravan", "/products.json", spoil)
    pass_minutes(settled)
    assert variant in settled.shop.catalogue.index().by_variant
    cure(settled)


class Unfiltered:
    """A remote whose change filter does nothing."""

    def __init__(self, app: Any, name: str) -> None:
        self.app, self.name, self.switches = app, name, app.switches

    def __getattr__(self, name: str) -> Any:
        return getattr(self.app, name)

    def handle(self, request: Request) -> Response:
        query = tuple(pair for pair in request.query if pair[0] != self.name)
        return self.app.handle(replace(request, query=query))  # type: ignore[no-any-return]


@pytest.mark.parametrize(("remote", "name"), [("haravan", "updated_at_min"), ("kiotviet", "lastModifiedFrom")])
def test_a_list_that_does_not_filter_is_not_asked_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remote: str, name: str
) -> None:
    monkeypatch.setattr(product_news, "MOST_CHANGED", 40)
    rig = Rig(tmp_path)
    rig.sandbox.fill(60)
    rig.later(24 * 3600)
    add_pair(rig, "VI-01")
    gate = rig.sandbox.gate(remote)
    gate.app = Unfiltered(gate.app, name)
    rig.stock()
    since = len(rig.journal.calls())
    pass_minutes(rig, 20)
    asked = [call for call in rig.journal.calls(remote)[since:] if name in call.query and "roducts" in call.path]
    assert len(asked) <= 6
    cure(rig)
    rig.close()


def test_a_mass_edit_costs_a_call_or_two_and_is_seen_with_the_next_whole_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(product_news, "MOST_CHANGED", 40)
    rig = Rig(tmp_path)
    rig.sandbox.fill(60)
    rig.later(24 * 3600)
    rig.stock()
    pass_minutes(rig, 5)
    for sku in list(rig.sandbox.variants):
        rig.haravan.change_variant(rig.sandbox.variants[sku], price=2)
        rig.kiotviet.set_barcode(rig.sandbox.products[sku], "x")
    since = len(rig.journal.calls())
    pass_minutes(rig, 30)
    looks = [call for call in rig.journal.calls()[since:] if "updated_at_min" in call.query and "product" in call.path]
    assert len(looks) == 2, "a page, and how many there are"
    pass_minutes(rig, 35)
    rig.haravan.change_variant(rig.sandbox.variants["AO-01"], sku="AO-01-CU", barcode="")
    pass_minutes(rig)
    assert rig.sandbox.variants["AO-01"] not in rig.shop.catalogue.index().by_variant
    rig.close()


@pytest.mark.parametrize("moves", ["moves", "stays"])
def test_idle_looks_cost_about_a_call_a_minute_on_each_side(tmp_path: Path, moves: str) -> None:
    rig = Rig(tmp_path, switches={"haravan_stock_moves_product": moves})
    rig.later(24 * 3600)
    rig.stock()
    pass_minutes(rig, 10)
    rig.journal.clear()
    pass_minutes(rig, 30)
    web = sum(1 for call in rig.journal.calls("haravan") if "/products" in call.path)
    pos = sum(1 for call in rig.journal.calls("kiotviet") if call.path == "/products")
    assert 30 <= web <= 40
    assert 5 <= pos <= 16
    rig.close()
