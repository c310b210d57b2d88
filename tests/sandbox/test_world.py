"""Two shops that belong to the same people."""

from __future__ import annotations

import pytest

from syncd.clock import ManualClock, SystemClock
from syncd.sandbox.control import Front
from syncd.sandbox.http import Request
from syncd.sandbox.world import GOODS, Sandbox
from tests.sandbox.haravan_kit import START


def test_the_small_shop_has_the_same_twelve_products_on_both_sides() -> None:
    sandbox = Sandbox.small_shop(ManualClock(START))
    assert (len(sandbox.locations), len(sandbox.branches)) == (1, 1)
    assert sandbox.variants.keys() == sandbox.products.keys() == {sku for sku, *_ in GOODS}
    for sku, variant_id in sandbox.variants.items():
        level = sandbox.haravan.level(variant_id, sandbox.locations[0])
        on_hand, reserved = sandbox.kiotviet.stock(sandbox.products[sku], sandbox.branches[0])
        assert (level["on_hand"], level["committed"]) == (on_hand, reserved) == (20, 0)


def test_the_two_branch_shop_keeps_stock_at_both() -> None:
    sandbox = Sandbox.two_branch_shop(ManualClock(START))
    assert (len(sandbox.locations), len(sandbox.branches)) == (2, 2)
    for location_id, branch_id in zip(sandbox.locations, sandbox.branches, strict=True):
        assert sandbox.haravan.level(sandbox.variants["AO-01"], location_id)["available"] == 20
        assert sandbox.kiotviet.stock(sandbox.products["AO-01"], branch_id) == (20, 0)


def test_a_catalogue_can_be_made_big() -> None:
    sandbox = Sandbox.small_shop(ManualClock(START))
    sandbox.fill(100)
    assert len(sandbox.variants) == len(sandbox.products) == 112


def test_switches_are_set_at_opening_and_turned_later() -> None:
    sandbox = Sandbox.small_shop(ManualClock(START), haravan_default_status="any", **{"kiotviet.orders_reserve": "no"})
    assert sandbox.positions()["haravan.default_status"] == "any"
    assert sandbox.kiotviet.switches.orders_reserve == "no"
    sandbox.turn("haravan.default_status=open", kiotviet_orders_reserve="yes")
    assert sandbox.positions()["haravan.default_status"] == "open"
    assert sandbox.kiotviet.switches.orders_reserve == "yes"


def test_a_wrong_switch_turns_none() -> None:
    sandbox = Sandbox(ManualClock(START))
    before = sandbox.positions()
    with pytest.raises(ValueError, match="there is no switch"):
        sandbox.turn("haravan.default_status=any", "haravan.weather=fine")
    assert sandbox.positions() == before


def test_both_shops_stand_behind_one_journal() -> None:
    sandbox = Sandbox(ManualClock(START))
    for remote in ("haravan", "kiotviet"):
        sandbox.gate(remote).handle(Request("GET", "/"))
    assert [call.remote for call in sandbox.journal.calls()] == ["haravan", "kiotviet"]
    with pytest.raises(ValueError, match="there is no shop 'shopee'"):
        sandbox.gate("shopee")


def test_the_machines_own_clock_cannot_be_moved() -> None:
    front = Front(Sandbox(SystemClock()), "haravan")
    answer = front.handle(Request("POST", "/_sandbox/clock", body=b'{"advance": 1}'))
    assert answer.status == 422
