"""Only a list that was read whole proves that something is not in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from syncd.clients.pages import Page
from syncd.clients.scans import Scan, scan_all, scan_back
from syncd.core.model import BadRecord
from syncd.errors import AuthError, BadPayload, IncompleteScan, RateLimited, SyncdError, Transient
from tests.clients.answers import START


@dataclass(frozen=True)
class Row:
    id: int
    at: datetime


def row(number: int) -> Row:
    """The row that came into being `number` minutes after the start."""
    return Row(number, START + timedelta(minutes=number))


class Remote:
    """A list in pages of `size`, on which something happens between pages."""

    def __init__(self, rows: list[Row], size: int = 3, between: dict[int, Callable[[list[Row]], None]] | None = None):
        self.rows, self.size, self.between = rows, size, between or {}
        self.fetched = 0

    def __call__(self, offset: int) -> Page[Row]:
        self.between.get(self.fetched, lambda rows: None)(self.rows)
        self.fetched += 1
        rows = tuple(self.rows[offset : offset + self.size])
        end = offset + len(rows)
        return Page(rows, (), len(self.rows), len(rows), end if rows and end < len(self.rows) else None)


def everything(remote: Callable[[int], Page[Row]]) -> Scan[Row]:
    return scan_all(remote, lambda item: item.id)


def back(remote: Callable[[int], Page[Row]], until: int) -> Scan[Row]:
    return scan_back(remote, lambda item: item.id, lambda item: item.at, row(until).at)


def rising(count: int) -> list[Row]:
    return [row(number) for number in range(1, count + 1)]


def falling(count: int) -> list[Row]:
    return rising(count)[::-1]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7])
def test_a_quiet_list_is_read_whole(count: int) -> None:
    scan = everything(Remote(rising(count)))
    assert (len(scan.rows), scan.total, scan.complete, scan.why) == (count, count, True, None)
    assert scan.proves_absence


def test_a_row_that_vanishes_between_pages_is_noticed() -> None:
    scan = everything(Remote(rising(7), between={1: lambda rows: rows.pop(0)}))
    assert not scan.complete
    assert str(scan.why) == "the total changed from 7 to 6"
    assert 5 in {item.id for item in scan.rows}


def test_a_row_that_joins_between_pages_is_noticed() -> None:
    assert not everything(Remote(rising(7), between={1: lambda rows: rows.insert(0, row(9))})).complete


def test_a_row_that_moves_over_a_page_border_is_noticed() -> None:
    def move(rows: list[Row]) -> None:
        rows.append(rows.pop(0))

    scan = everything(Remote(rising(7), between={1: move}))
    assert not scan.complete
    assert "came twice" in str(scan.why)


def test_a_failed_page_that_looks_like_the_end_is_no_end() -> None:
    def fetch(offset: int) -> Page[Row]:
        return Page((), (), 7, 0, None) if offset else Remote(rising(7))(0)

    scan = everything(fetch)
    assert (scan.complete, str(scan.why)) == (False, "the list ended after 3 of 7 rows")
    assert not back(fetch, 0).complete


def test_pages_shorter_than_asked_are_stepped_over_by_their_length() -> None:
    remote = Remote(rising(7), size=2)
    assert everything(remote).complete
    assert remote.fetched == 4


def test_bad_rows_are_listed_and_spoil_only_the_proof_of_absence() -> None:
    def fetch(_: int) -> Page[Row]:
        return Page((row(1),), (BadRecord(2, "odd"),), 2, 2, None)

    scan = everything(fetch)
    assert (scan.complete, scan.bad, scan.proves_absence) == (True, (BadRecord(2, "odd"),), False)


def test_a_list_whose_offset_is_ignored_ends_and_is_incomplete() -> None:
    calls = []

    def fetch(offset: int) -> Page[Row]:
        calls.append(offset)
        return Page(tuple(rising(3)), (), 9, 3, None)

    scan = everything(fetch)
    assert (len(calls), len(scan.rows), scan.complete) == (3, 3, False)


def test_a_list_that_always_grows_ends() -> None:
    def fetch(offset: int) -> Page[Row]:
        return Page((row(offset),), (), offset + 10, 1, offset + 1)

    assert not everything(fetch).complete


@pytest.mark.parametrize(
    ("raised", "seen"),
    [
        (Transient("x"), IncompleteScan),
        (BadPayload("x"), IncompleteScan),
        (IncompleteScan("x"), IncompleteScan),
        (RateLimited("x", 5), RateLimited),
        (AuthError("x", remote="kiotviet"), AuthError),
    ],
)
def test_a_page_that_fails_ends_the_scan(raised: SyncdError, seen: type[SyncdError]) -> None:
    def fetch(offset: int) -> Page[Row]:
        if offset:
            raise raised
        return Remote(rising(7))(0)

    for scan in (everything, lambda remote: back(remote, 0)):
        with pytest.raises(seen) as error:
            scan(fetch)
        assert type(error.value) is seen


def test_a_walk_back_stops_at_the_first_older_row() -> None:
    remote = Remote(falling(100))
    scan = back(remote, 95)
    assert (scan.complete, remote.fetched) == (True, 3)
    assert {95, 96, 97, 98, 99, 100} <= {item.id for item in scan.rows}


def test_a_walk_back_through_everything_is_complete() -> None:
    assert back(Remote(falling(7)), -5).proves_absence
    assert back(Remote([]), 0).proves_absence


def test_new_rows_on_top_do_no_harm_to_a_walk_back() -> None:
    scan = back(Remote(falling(9), between={1: lambda rows: rows.insert(0, row(10))}), -5)
    assert scan.complete
    assert {item.id for item in scan.rows} == set(range(1, 10))


@pytest.mark.parametrize("until", [-5, 5])
@pytest.mark.parametrize("shown", [[9, 9, 8, 7, 6, 5, 4, 3, 2], [9, 8, 7, 6, 6, 4, 3, 2, 1]], ids=["oldest", "another"])
def test_a_row_shown_twice_in_a_list_that_did_not_grow_hides_another(shown: list[int], until: int) -> None:
    scan = back(Remote([row(number) for number in shown]), until)
    assert (scan.complete, str(scan.why)) == (False, "1 rows came twice")


def test_a_shrinking_list_makes_a_walk_back_incomplete() -> None:
    scan = back(Remote(falling(9), between={1: lambda rows: rows.pop(0)}), -5)
    assert (scan.complete, str(scan.why)) == (False, "the total fell from 9 to 8")


@pytest.mark.parametrize("rows", [rising(9), [row(9), row(8), row(7), row(8), row(6)], [row(5), row(6), row(1)]])
def test_a_sort_that_is_not_honoured_makes_it_read_everything(rows: list[Row]) -> None:
    scan = back(Remote(rows), 7)
    assert {item.id for item in scan.rows} == {item.id for item in rows}


def test_a_bad_row_in_a_walk_back_proves_nothing() -> None:
    def fetch(_: int) -> Page[Row]:
        return Page((row(9), row(2), row(1)), (BadRecord(5, "odd"),), 50, 4, 4)

    scan = back(fetch, 4)
    assert (scan.complete, scan.proves_absence) == (True, False)
