"""One list, several readers: each gets every row, and what one could not deal with comes again to it alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from syncd.clients.pages import ListQuery, Page
from syncd.clock import ManualClock
from syncd.core.model import PosReturn
from syncd.cycles.feed import Feed, SharedFeed
from syncd.errors import Transient
from syncd.store import Store
from tests.rig import START


class List:
    """A list of slips, and how often it was asked."""

    def __init__(self) -> None:
        self.rows: list[PosReturn] = []
        self.asked = 0
        self.broken = False
        self.filters, self.early = True, timedelta()

    def add(self, number: int) -> None:
        self.rows.append(PosReturn(number, f"TH{number}", None, True, START + timedelta(minutes=number), None, ()))

    def page(self, query: ListQuery) -> Page[PosReturn]:
        self.asked += 1
        if self.broken:
            raise Transient("no answer")
        bound = query.modified_from - self.early if query.modified_from and self.filters else None
        rows = [row for row in self.rows if bound is None or row.created_at >= bound]
        rows.sort(key=lambda row: row.created_at, reverse=query.descending)
        return Page(tuple(rows), (), len(rows), len(rows), None)


class Readers:
    """Two readers of one list."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.list = ManualClock(START), List()
        self.store = Store(folder / "syncd.db")
        self.feed = SharedFeed(Feed("slips", self.list.page, self.store, self.clock), self.clock, ("orders", "stock"))

    def take(self, reader: str, max_age: float = 0.0) -> list[int]:
        return sorted(row.id for row in self.feed.read(reader, max_age).rows)


@pytest.fixture
def readers(tmp_path: Path) -> Readers:
    return Readers(tmp_path)


def test_each_reader_gets_every_row_of_one_reading(readers: Readers) -> None:
    readers.list.add(1)
    assert readers.take("stock") == [1]
    asked = readers.list.asked
    assert readers.feed.waiting("orders")
    assert readers.take("orders", max_age=60) == [1]
    assert (readers.list.asked, readers.feed.waiting("orders")) == (asked, False)


def test_an_old_reading_is_made_anew(readers: Readers) -> None:
    readers.list.add(1)
    readers.take("stock")
    readers.take("orders", max_age=60)
    readers.list.add(2)
    readers.clock.advance(59)
    assert readers.take("orders", max_age=60) == []
    readers.clock.advance(1)
    assert 2 in readers.take("orders", max_age=60)


def test_rows_of_several_readings_wait_until_they_are_taken(readers: Readers) -> None:
    readers.list.add(1)
    readers.take("stock")
    for number in range(20, 200, 20):
        readers.list.add(number)
        readers.take("stock")
    assert readers.take("orders", max_age=1e9) == [1, *range(20, 200, 20)]


def test_what_was_put_back_comes_again(readers: Readers) -> None:
    readers.list.add(1)
    readers.take("stock")
    scan = readers.feed.read("orders", 60.0)
    readers.feed.put_back("orders", scan)
    assert readers.take("orders", 60.0) == [1]
    assert not readers.feed.waiting("stock")


def test_a_list_that_cannot_be_read_leaves_the_boxes_as_they_are(readers: Readers) -> None:
    readers.list.add(1)
    readers.take("stock")
    readers.list.broken = True
    with pytest.raises(Transient):
        readers.take("orders")
    readers.list.broken = False
    assert readers.take("orders", max_age=1e9) == [1]


def test_a_reader_that_never_comes_costs_little(readers: Readers) -> None:
    for number in range(6000):
        readers.list.add(number)
    readers.take("stock")
    for _ in range(3):
        readers.take("stock")
    assert len(readers.take("orders", max_age=1e9)) == 5000


def test_a_list_whose_filter_does_nothing_is_followed_by_its_newest_rows(readers: Readers) -> None:
    readers.list.filters = False
    for number in (-1440, 1):
        readers.list.add(number)
    assert readers.take("stock") == [-1440, 1]
    readers.clock.advance(3600)
    assert 1 in readers.take("stock")
    readers.list.add(60)
    asked = readers.list.asked
    assert 60 in readers.take("stock")
    assert readers.list.asked == asked + 1, "the filter is asked no more"


def test_a_filter_that_was_made_up_for_and_became_exact_hides_nothing(readers: Readers) -> None:
    readers.list.early = timedelta(hours=7)
    for number in (-300, 1):
        readers.list.add(number)
    readers.take("stock")
    readers.clock.advance(3600)
    assert 1 in readers.take("stock"), "the bound is sent seven hours later from now on"
    readers.list.early = timedelta()
    readers.list.add(30)
    assert 30 in readers.take("stock")
