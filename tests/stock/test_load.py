"""What a shop costs: calls of a big shop's full cycle, and of ten idle minutes."""

from __future__ import annotations

import math
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.rig import Rig
from tests.stock.kit import ON_HANDS, count

PRODUCTS = 3000
LOOK_WITHOUT_ORDERS = 7
"""Two pages of orders and their count; while there is no cursor, also two lists of what waits and their counts."""


def calls(rig: Rig, since: int) -> Counter[str]:
    return Counter(f"{call.remote} {call.method}" for call in rig.journal.calls()[since:] if "token" not in call.path)


@pytest.fixture
def big(tmp_path: Path) -> Rig:
    rig = Rig(tmp_path)
    rig.sandbox.fill(PRODUCTS - 12)
    return rig


def test_a_full_cycle_of_a_big_shop_takes_the_fewest_calls_there_are(big: Rig) -> None:
    began = time.process_time()
    big.stock()
    spent = time.process_time() - began
    found = calls(big, 0)
    pages, feeds = 2 * math.ceil(PRODUCTS / 100), 5
    assert found["kiotviet GET"] == pages + feeds, "the products once, the figures once, the lists of documents"
    pages = PRODUCTS // 50 + 1 + 1
    levels = math.ceil(PRODUCTS / 50)
    others = 1 + 2 * LOOK_WITHOUT_ORDERS
    assert found["haravan GET"] <= pages + levels + others, "products and their count, levels, locations, orders"
    assert spent < 60, "nothing in it grows with the square of the shop"
    big.close()


def test_a_big_change_takes_a_call_per_hundred_and_their_read_back(big: Rig) -> None:
    big.stock()
    changed = list(big.sandbox.products)[:1000]
    for sku in changed:
        count(big, sku, 25)
    since = len(big.journal.calls())
    big.later(250)
    big.shop.stock.run()
    found = calls(big, since)
    assert found["haravan POST"] == 10
    others = 2 * LOOK_WITHOUT_ORDERS + 2
    assert found["haravan GET"] <= 20 + 20 + others, "levels, read-back, orders, a look for changed products"
    feeds = 2 * 2 + 3
    assert PRODUCTS // 100 < found["kiotviet GET"] <= PRODUCTS // 100 + feeds
    big.close()


@pytest.mark.parametrize("products", [12, 1000])
def test_ten_idle_minutes_stay_inside_both_budgets(tmp_path: Path, products: int) -> None:
    """Orders every 15 s, stock every 30 s. A busy but unchanging shop: twenty open orders, each in another state."""
    rig = Rig(tmp_path)
    rig.sandbox.fill(products - 12)
    for number in range(20):
        order = rig.place(("AO-01", 1))
        if number % 2:
            rig.haravan.carrier(order, rig.haravan.ship(order), "delivering")
    rig.once()
    rig.once()
    rig.later(60)
    since = len(rig.journal.calls())
    for tick in range(40):
        rig.later(15)
        rig.shop.orders.run()
        if tick % 2:
            rig.shop.stock.run()
    found = calls(rig, since)
    print(f"idle 10 min, {products} products, 20 open orders: {dict(found)}")  # noqa: T201 for the README's figures
    assert [call for call in rig.journal.calls()[since:] if call.write] == []
    assert found["haravan GET"] <= 160, "of the 2400 that leak away in that time"
    assert found["kiotviet GET"] <= 4000 / 6
    assert not [call for call in rig.journal.calls() if call.status == 429]
    rig.close()


def test_an_hour_on_the_smallest_budget_never_fails_for_want_of_calls(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.settings = replace(rig.settings, kiotviet=replace(rig.settings.kiotviet, gets_per_hour=100))
    rig.once()
    for tick in range(240):
        rig.later(15)
        rig.shop.orders.run()
        if tick % 2:
            rig.shop.stock.run()
    gets = Counter(call.method for call in rig.journal.calls("kiotviet"))["GET"]
    assert gets <= 100
    assert sum(1 for call in rig.journal.calls() if ON_HANDS in call.path) >= 8
    rig.close()
