"""The walk back through Haravan's orders, page by page, whatever its list does meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from syncd.clients.pages import OrderPage
from syncd.core.model import BadRecord, WebOrder
from syncd.cycles.poll import GLANCE, OVERLAP, PAGE, Polled, glance, poll
from syncd.errors import Rejected
from tests.core.build import NOW, order

OLDEST = NOW - timedelta(days=30)


def web_order(number: int) -> WebOrder:
    """One that changed so many minutes ago."""
    return replace(order(), id=number, updated_at=NOW - timedelta(minutes=number))


@dataclass
class Lists:
    """Haravan's order lists of some orders; `sorted_` as it is asked to, `meanwhile` is done after the first page."""

    shown: list[WebOrder]
    sorted_: bool = True
    counts: bool = True
    meanwhile: Callable[[Lists], None] = lambda lists: None
    failing: set[int] = field(default_factory=set)
    asked: int = 0

    def orders_newest_first(self, page: int) -> OrderPage:
        return self._page(sorted(self.shown, key=lambda one: one.updated_at, reverse=self.sorted_), page)

    def orders_changed_last(self, most: int) -> OrderPage:
        page = self.orders_newest_first(1)
        rows = page.orders[:most]
        return OrderPage(rows, page.bad, len(rows) + len(page.bad), page.digests)

    def orders_updated_from(self, since: datetime, page: int) -> OrderPage:
        return self._page([one for one in self.shown if one.updated_at >= since], page)

    def orders_count_updated_from(self, since: datetime) -> int:
        return self.orders_count() - sum(one.updated_at < since for one in self.shown)

    def orders_count(self) -> int:
        if not self.counts:
            raise Rejected("Haravan: refused", status=404)
        return len(self.shown)

    def _page(self, rows: list[WebOrder], number: int) -> OrderPage:
        self.asked += 1
        found = () if self.asked in self.failing else tuple(rows[(number - 1) * PAGE : number * PAGE])
        if self.asked == 1:
            self.meanwhile(self)
        return OrderPage(found, (), len(found), {one.id: str(one.updated_at) for one in found})


def walked(
    lists: Lists, cursor: datetime | None = None, *, proved: bool = True, seen: datetime | None = None
) -> Polled:
    haravan: Any = lists
    return poll(haravan, cursor, OLDEST, NOW, sort_proved=proved, seen=seen)


def some(numbers: Iterable[int]) -> list[WebOrder]:
    return [web_order(number) for number in numbers]


def test_a_walk_goes_back_over_as_many_pages_as_changed_and_no_further() -> None:
    lists = Lists(some(range(1, 200)))
    polled = walked(lists, NOW - timedelta(minutes=100))
    assert polled.complete
    assert set(range(1, 101 + int(OVERLAP.total_seconds() // 60))) <= set(polled.orders)
    assert (polled.newest, lists.asked) == (NOW - timedelta(minutes=1), 4)


def test_a_first_page_that_reaches_back_far_enough_is_all() -> None:
    lists = Lists(some(range(1, 131)))
    polled = walked(lists, NOW - timedelta(minutes=20))
    assert (polled.complete, len(polled.orders), lists.asked) == (True, PAGE, 1)


def test_the_newer_copy_of_an_order_wins_whichever_page_shows_it() -> None:
    old, new = web_order(9), replace(web_order(9), updated_at=NOW)
    for first, second in ((old, new), (new, old)):
        polled = Polled()
        for shown in (first, second):
            polled.take(OrderPage((shown,), (), 1, {9: str(shown.updated_at)}))
        assert (polled.orders[9], polled.digests[9]) == (new, str(NOW))


def test_of_several_doubts_the_first_is_told() -> None:
    """Rows that are missing at the end and an order that was deleted meanwhile."""
    lists = Lists(some(range(1, 131)), failing={4})
    real = lists.orders_count
    counts = iter((140, 130))
    lists.orders_count = lambda: next(counts, real())  # type: ignore[method-assign]
    polled = walked(lists)
    assert not polled.complete
    assert "100 of 130" in str(polled.why)
    assert polled.short_by == 30


def test_a_page_that_shows_an_order_twice_keeps_the_cursor() -> None:
    lists = Lists(some(range(1, 131)))
    rows = sorted(lists.shown, key=lambda one: one.updated_at, reverse=True)
    shifted = [rows[0], *rows[: PAGE - 1], *rows[PAGE:]]
    lists.orders_newest_first = lambda page: lists._page(shifted, page)  # type: ignore[method-assign]
    polled = walked(lists, NOW - timedelta(minutes=60))
    assert rows[PAGE - 1].id not in polled.orders
    assert (polled.complete, "twice" in str(polled.why)) == (False, True)


def test_an_order_that_is_deleted_during_the_walk_keeps_the_cursor() -> None:
    lists = Lists(some(range(1, 131)))
    counts = iter((130, 129))
    lists.orders_count = lambda: next(counts)  # type: ignore[method-assign]
    polled = walked(lists, NOW - timedelta(minutes=60))
    assert (polled.complete, "deleted" in str(polled.why)) == (False, True)


def test_a_shop_that_does_not_count_its_orders_is_believed() -> None:
    for number in (3, 130):
        polled = walked(Lists(some(range(1, number + 1)), counts=False))
        assert (polled.complete, len(polled.orders)) == (True, number)


def test_an_order_that_comes_between_the_page_and_the_count_is_read() -> None:
    lists = Lists(some(range(2, 5)), meanwhile=lambda lists: lists.shown.append(web_order(1)))
    polled = walked(lists)
    assert (polled.complete, sorted(polled.orders)) == (True, [1, 2, 3, 4])
    assert polled.newest == NOW - timedelta(minutes=2), "what came later is left to the next poll"


def test_a_short_page_that_stays_short_of_the_count_keeps_the_cursor() -> None:
    lists = Lists(some(range(1, 5)))
    lists.orders_count = lambda: 6  # type: ignore[method-assign]
    polled = walked(lists)
    assert (polled.complete, polled.short_by) == (False, 2)


def test_a_list_that_is_not_sorted_is_read_whole_from_the_cursor_on() -> None:
    for number in (4, 130):
        polled = walked(Lists(some(range(1, number + 1)), sorted_=False))
        assert (polled.complete, len(polled.orders)) == (True, number)


def test_a_list_whose_order_breaks_on_a_later_page_is_read_anew() -> None:
    rows = some(range(1, 131))
    lists = Lists(rows, meanwhile=lambda lists: lists.shown.reverse())
    real = lists.orders_newest_first

    def later_pages_as_they_come(page: int) -> OrderPage:
        return real(page) if page == 1 else lists._page(lists.shown, page)

    lists.orders_newest_first = later_pages_as_they_come  # type: ignore[method-assign]
    polled = walked(lists)
    assert (polled.complete, len(polled.orders)) == (True, 130)


def test_a_page_that_is_empty_by_mistake_is_asked_for_twice() -> None:
    lists = Lists(some(range(1, 131)), sorted_=False, failing={4})
    polled = walked(lists)
    assert (polled.complete, len(polled.orders)) == (True, 130)


@pytest.mark.parametrize(("orders", "short_by"), [(130, None), (100, 50)])
def test_a_page_that_fails_twice_is_no_end_and_never_how_the_shop_counts_where_more_stands_beyond(
    orders: int, short_by: int | None
) -> None:
    lists = Lists(some(range(1, orders + 1)), sorted_=False, failing={4, 5})
    polled = walked(lists)
    assert (polled.complete, polled.short_by) == (False, short_by)


@pytest.mark.parametrize("orders", [30, 130])
def test_a_sorted_list_that_goes_on_behind_an_empty_page_is_not_believed_to_be_short(orders: int) -> None:
    lists = Lists(some(range(1, orders + 1)), failing={2} if orders > PAGE else {1, 2})
    polled = walked(lists)
    assert (polled.complete, polled.short_by) == (False, None if orders > PAGE else orders)


def test_an_order_that_changes_between_the_page_and_the_count_is_read() -> None:
    lists = Lists(some(range(2, 5)), sorted_=False)
    real = lists.orders_count_updated_from

    def one_more(since: datetime) -> int:
        lists.shown.append(web_order(1))
        return real(since)

    lists.orders_count_updated_from = one_more  # type: ignore[method-assign]
    polled = walked(lists)
    assert (polled.complete, sorted(polled.orders)) == (True, [1, 2, 3, 4])
    assert polled.newest == NOW - timedelta(minutes=2), "what came later is left to the next poll"


@pytest.mark.parametrize("failing", [set(), {4}])
def test_a_shop_without_sort_and_count_is_asked_twice_for_its_end(failing: set[int]) -> None:
    polled = walked(Lists(some(range(1, 131)), sorted_=False, counts=False, failing=failing))
    assert (polled.complete, len(polled.orders)) == (True, 130)


# --- while nothing has proved that the sort is honoured --------------------------------------------------------------


def as_they_came(count: int) -> list[WebOrder]:
    """Orders that changed last when they were placed: by id they stand just as by change."""
    return [replace(web_order(minutes), id=10_000 - minutes) for minutes in range(1, count + 1)]


def newest_by_id(lists: Lists) -> None:
    """A Haravan that ignores the wish for an order and shows the newest ids first."""
    rows = sorted(lists.shown, key=lambda one: -one.id)
    lists.orders_newest_first = lambda page: lists._page(rows, page)  # type: ignore[method-assign]


@pytest.mark.parametrize("minutes", [20, 70])
def test_an_old_order_that_changed_is_seen_although_the_list_only_looks_sorted(minutes: int) -> None:
    changed = replace(web_order(5), id=1)
    lists = Lists([*as_they_came(130), changed])
    newest_by_id(lists)
    polled = walked(lists, NOW - timedelta(minutes=minutes), proved=False)
    assert (polled.complete, polled.proves_sort) == (True, False)
    assert {1, *(10_000 - at for at in range(1, minutes))} <= set(polled.orders)


def test_an_order_that_is_above_one_of_a_higher_id_proves_the_sort() -> None:
    lists = Lists([*as_they_came(130), replace(web_order(5), id=1)])
    for minutes in (20, 70):
        polled = walked(lists, NOW - timedelta(minutes=minutes), proved=False)
        assert (polled.complete, polled.proves_sort, 1 in polled.orders) == (True, True, True)


@pytest.mark.parametrize(("minutes", "disproved"), [(6, False), (4, True)])
@pytest.mark.parametrize("cursor", [20, 200])
def test_a_list_that_begins_before_a_change_that_was_seen_elsewhere_is_not_sorted_any_more(
    minutes: int, disproved: bool, cursor: int
) -> None:
    lists = Lists([*as_they_came(130)[5:], replace(web_order(3), id=1)])
    newest_by_id(lists)
    polled = walked(lists, NOW - timedelta(minutes=cursor), seen=NOW - timedelta(minutes=minutes))
    assert (polled.complete, polled.disproves_sort) == (True, disproved)
    assert (1 in polled.orders) == (disproved or cursor > 130)


def test_an_empty_list_says_nothing_about_the_sort() -> None:
    assert not walked(Lists([]), NOW, seen=NOW).disproves_sort


def test_while_the_sort_is_in_doubt_a_reading_by_time_that_does_not_end_keeps_the_cursor() -> None:
    lists = Lists(as_they_came(130))
    full = lists._page(lists.shown, 1)
    lists.orders_updated_from = lambda since, page: full  # type: ignore[method-assign]
    polled = walked(lists, NOW - timedelta(minutes=20), proved=False)
    assert (polled.complete, "does not end" in str(polled.why)) == (False, True)
    assert len(polled.orders) == PAGE, "what changed before is left out"


# --- a short look ----------------------------------------------------------------------------------------------------

LONG_SINCE = NOW - timedelta(minutes=2)


def glanced(lists: Lists, cursor: datetime = LONG_SINCE) -> Polled | None:
    haravan: Any = lists
    return glance(haravan, cursor, NOW)


def some_that_changed(count: int) -> list[WebOrder]:
    """Orders as they came, of which an old one changed just now, and nothing else for long."""
    rows = [replace(order, updated_at=order.updated_at - timedelta(hours=1)) for order in as_they_came(count)]
    return [*rows, replace(web_order(1), id=1)]


def test_a_short_look_shows_what_is_new_where_it_proves_itself() -> None:
    lists = Lists(some_that_changed(130))
    polled = glanced(lists)
    assert polled is not None
    assert (len(polled.orders), 1 in polled.orders, lists.asked) == (GLANCE, True, 1)
    assert (polled.newest, polled.complete, polled.glance_does) == (NOW - timedelta(minutes=1), True, True)


def of_few_orders(lists: Lists) -> None:
    lists.shown = lists.shown[-GLANCE + 1 :]


def of_much_that_is_new(lists: Lists) -> None:
    lists.shown += some(range(2, GLANCE + 1))


def of_rows_as_they_came(lists: Lists) -> None:
    lists.shown.pop()


def of_rows_by_id(lists: Lists) -> None:
    newest_by_id(lists)


def of_rows_in_any_order(lists: Lists) -> None:
    lists.sorted_ = False


def of_one_row_twice(lists: Lists) -> None:
    lists.orders_newest_first = lambda page: lists._page([*lists.shown[-1:] * 2, *lists.shown], page)  # type: ignore[method-assign]


def of_a_row_that_cannot_be_read(lists: Lists) -> None:
    whole = lists._page(sorted(lists.shown, key=lambda one: one.updated_at, reverse=True), 1)
    spoilt = replace(whole, bad=(BadRecord(7, "no instant"),))
    lists.orders_newest_first = lambda page: spoilt  # type: ignore[method-assign]


@pytest.mark.parametrize(
    "look",
    [
        of_few_orders,
        of_much_that_is_new,
        of_rows_as_they_came,
        of_rows_by_id,
        of_rows_in_any_order,
        of_one_row_twice,
        of_a_row_that_cannot_be_read,
    ],
)
def test_a_short_look_that_does_not_prove_itself_counts_for_nothing(look: Callable[[Lists], None]) -> None:
    lists = Lists(some_that_changed(60))
    look(lists)
    assert glanced(lists) is None


@pytest.mark.parametrize("news", [1, GLANCE])
def test_a_whole_look_tells_whether_a_short_one_would_have_done(news: int) -> None:
    lists = Lists([*some_that_changed(60), *some(range(2, news + 1))])
    assert walked(lists, LONG_SINCE).glance_does is (news == 1)
