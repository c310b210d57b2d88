"""A list of Haravan's whose pages never end is read for a while, and then nothing is concluded from it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from syncd.clients.pages import OrderPage, ProductPage
from syncd.clock import ManualClock
from syncd.cycles import backlog
from syncd.cycles.backlog import open_backlog
from syncd.cycles.poll import PAGE, poll
from syncd.cycles.product_lists import read_variants
from syncd.cycles.product_news import MOST_CHANGED, TooMuch, WebFeed
from syncd.errors import IncompleteScan
from syncd.store import Store
from tests.core.build import NOW, order

LONG_AGO = NOW - timedelta(days=30)


def full(*updated_at: datetime) -> OrderPage:
    """A full page; of the orders that could be read, what matters is when they changed."""
    shown = tuple(replace(order(), id=number, updated_at=at) for number, at in enumerate(updated_at, 1))
    return OrderPage(shown, (), PAGE, {})


@dataclass
class Endless:
    """A Haravan that has another full page whatever it is asked for."""

    page: OrderPage
    ascending: bool = True
    asked: int = 0

    def orders_newest_first(self, page: int) -> OrderPage:
        self.asked += 1
        return self.page

    def orders_updated_from(self, since: datetime, page: int) -> OrderPage:
        return self.orders_newest_first(page)

    def orders_count_updated_from(self, since: datetime) -> int:
        return self.orders_count()

    def open_orders(self, page: int, fulfillment_status: str) -> OrderPage:
        return self.orders_newest_first(page)

    def open_orders_count(self, fulfillment_status: str) -> int:
        return self.orders_count()

    def products_after(self, since_id: int) -> ProductPage:
        self.asked += 1
        return ProductPage((), (), PAGE, since_id + 1, self.ascending)

    def products_page(self, page: int) -> ProductPage:
        return self.products_after(page)

    def products_updated_from(self, since: datetime, since_id: int) -> ProductPage:
        return self.products_after(since_id)

    def products_count_from(self, since: datetime) -> int:
        return MOST_CHANGED

    def orders_count(self) -> int:
        return 1_000_000


@pytest.mark.parametrize("page", [full(NOW), full(NOW - timedelta(hours=1), NOW)], ids=["sorted", "unsorted"])
def test_a_list_of_orders_without_an_end_keeps_the_cursor(page: OrderPage) -> None:
    haravan: Any = Endless(page)
    polled = poll(haravan, None, LONG_AGO, NOW)
    assert (polled.complete, str(polled.why)) == (False, "Haravan's order list does not end")


def test_a_backlog_without_an_end_is_given_up_once_a_page_shows_nothing_new() -> None:
    haravan: Any = Endless(full(NOW))
    assert sum(page.rows for page in open_backlog(haravan)) == haravan.asked * PAGE == 2 * 3 * 2 * PAGE


def test_a_backlog_that_always_shows_something_new_is_given_up_after_so_many_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backlog, "_MOST_PAGES", 5)
    haravan: Any = Endless(full(NOW))
    haravan.open_orders = lambda page, _: replace(full(NOW), orders=(replace(order(), id=page),))
    assert len(list(open_backlog(haravan))) == 2 * 3 * 4


@pytest.mark.parametrize("ascending", [True, False])
def test_a_list_of_products_without_an_end_is_no_list(ascending: bool) -> None:
    haravan: Any = Endless(full(NOW), ascending)
    with pytest.raises(IncompleteScan, match="does not end"):
        read_variants(haravan)


@pytest.mark.parametrize("ascending", [True, False])
def test_changed_products_without_an_end_or_an_order_are_left_to_a_whole_reading(
    tmp_path: Path, ascending: bool
) -> None:
    haravan: Any = Endless(full(NOW), ascending)
    with closing(Store(tmp_path / "syncd.db")) as store:
        feed = WebFeed(haravan, store, ManualClock(NOW))
        feed.start_at(NOW, timedelta())
        with pytest.raises(TooMuch):
            feed.read()
        assert (feed.calls, haravan.asked) == ((11, 10) if ascending else (1, 1))
        asked = haravan.asked
        assert feed.read().variants == (), "nothing more is asked before the next whole reading"
        assert haravan.asked == asked
