"""The story of a product's stock holds whatever of Haravan cannot be read just now."""

from __future__ import annotations

from typing import Any

import pytest

from syncd.cycles.stock_story import Place, StockStory, unseen_orders
from syncd.policies import order_policy, stock_policy
from tests.rig import Rig
from tests.stock.kit import LEVELS, cure, doctor, fail, sell


@pytest.fixture
def published(rig: Rig) -> Rig:
    """A shop whose shirt was sold once more since its stock was published."""
    rig.once()
    sell(rig, "AO-01", 2)
    return rig


def story(rig: Rig) -> Place:
    shop, remotes = rig.shop, rig.shop.remotes
    index = shop.catalogue.index()
    unseen = unseen_orders(remotes.haravan, shop.store, order_policy(rig.settings))
    teller = StockStory(
        remotes.haravan, remotes.kiotviet, shop.store, stock_policy(rig.settings), rig.clock, reserves=True
    )
    (place,) = teller.tell(index.by_variant[rig.sandbox.variants["AO-01"]], index, unseen).places
    return place


def test_an_order_that_no_cycle_saw_is_counted_and_where_orders_cannot_be_read_left_out(published: Rig) -> None:
    published.place(("AO-01", 3))
    here = story(published)
    assert [order.pieces for order in here.pending] == [3]
    fail(published, "status", "/com/orders", "haravan")
    here = story(published)
    assert (here.pending, here.difference) == ((), 18 - 17), "Haravan took the pieces; the order is not known of yet"


def test_what_kiotviet_no_longer_reserves_is_told_with_the_order_that_needs_it(published: Rig) -> None:
    published.place(("AO-01", 3))
    published.once()
    assert story(published).pending == ()
    published.kiotviet.staff_complete_order(published.kiotviet.orders()[-1]["id"])
    (waits,) = story(published).pending
    assert (waits.pieces, waits.why.key) == (3, "pending_doubted")


def test_a_location_whose_goods_are_on_the_road_is_not_written_as_far_as_haravan_says_so(published: Rig) -> None:
    assert "18 is written" in story(published).next.said("en")
    published.haravan.change_location(published.location, kind="ontheroad")
    assert "on the road" in story(published).next.said("en")
    fail(published, "status", "/locations", "haravan")
    assert "18 is written" in story(published).next.said("en")


def test_a_level_that_cannot_be_understood_is_no_level(published: Rig) -> None:
    def spoil(payload: dict[str, Any]) -> None:
        for row in payload["inventory_locations"]:
            row["qty_available"] = "nhiều"

    doctor(published, "haravan", LEVELS, spoil)
    here = story(published)
    assert (here.level, here.difference, bool(here.level_error)) == (None, None, True)
    assert "Haravan" in here.next.said("en")
    cure(published)
    assert story(published).difference == -2
