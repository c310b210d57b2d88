"""KiotViet's stock list as pages that are read again and again, the oldest first.

The list is sorted by id, so a product's page is known once that page was read. A list that does not keep to that order
has no pages to speak of and is read whole each time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from syncd.clients.pages import Page
from syncd.core.model import OnHand

ROWS = 100


@dataclass(slots=True)
class _Sheet:
    """One page as last read: when, by two clocks, and which products it showed, by rising id."""

    ids: tuple[int, ...]
    passed: float
    at: datetime


class Rota:
    """Which page of the stock list is read next, and how old the oldest one is."""

    def __init__(self, products: int = 0) -> None:
        """Expect so many products; nothing has been read."""
        self._sheets: list[_Sheet | None] = [None] * max(1, -(-products // ROWS))
        self.sorted = True

    def __len__(self) -> int:
        """How many pages the list has."""
        return len(self._sheets)

    def took(self, number: int, page: Page[OnHand], passed: float, at: datetime) -> None:
        """A page was read, at so many monotonic seconds and at an instant."""
        pages = max(1, -(-page.total // ROWS))
        self._sheets = self._sheets[:pages] + [None] * (pages - len(self._sheets))
        ids = [row.product_id for row in page.rows]
        self.sorted = (
            self.sorted and all(earlier < later for earlier, later in pairwise(ids)) and self._fits(number, ids)
        )
        if number < pages and ids:
            self._sheets[number] = _Sheet(tuple(ids), passed, at)

    def took_all(self, ids: Iterable[int], passed: float, at: datetime) -> None:
        """The whole list was read at once."""
        known = sorted(ids)
        chunks = [known[start : start + ROWS] for start in range(0, len(known), ROWS)]
        self._sheets = [_Sheet(tuple(chunk), passed, at) for chunk in chunks] or [None]

    def oldest(self, most: int) -> list[int]:
        """The numbers of the pages to read next: unread ones first, then by age."""
        order = sorted(range(len(self._sheets)), key=lambda number: (self._passed(number), number))
        return sorted(order[:most])

    def page_of(self, product_id: int) -> int | None:
        """The page that showed a product; None when none is known to."""
        known = [(sheet.ids[0], number) for number, sheet in enumerate(self._sheets) if sheet is not None]
        place = bisect_right(known, (product_id, len(self._sheets))) - 1
        if place < 0:
            return None
        number = known[place][1]
        sheet = self._sheets[number]
        return number if sheet is not None and _has(sheet.ids, product_id) else None

    def oldest_at(self) -> datetime | None:
        """When the page that has waited longest was read; None while one was not read at all."""
        read = [sheet.at for sheet in self._sheets if sheet is not None]
        return min(read) if len(read) == len(self._sheets) else None

    def _passed(self, number: int) -> float:
        sheet = self._sheets[number]
        return float("-inf") if sheet is None else sheet.passed

    def _fits(self, number: int, ids: list[int]) -> bool:
        """Whether the page lies behind the one before it, as far as that is known."""
        before = self._sheets[number - 1] if 0 < number <= len(self._sheets) else None
        return not ids or before is None or ids[-1] > before.ids[0]


def _has(ids: tuple[int, ...], product_id: int) -> bool:
    place = bisect_left(ids, product_id)
    return place < len(ids) and ids[place] == product_id
