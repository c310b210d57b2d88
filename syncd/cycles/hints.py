"""Hints from outside that something changed: they only make a cycle look sooner, and may be lost or lie."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

_MOST = 1000
_ORDERS, _STOCK = "orders", "stock"


class Hints:
    """What somebody said has changed, until a cycle takes it; safe to share between threads.

    A flood is harmless: beyond some products the rest is forgotten, and the sweep finds what was forgotten. `wake` is
    called once for each cycle that is wanted, not again before that cycle has begun.
    """

    def __init__(self) -> None:
        """Know nothing, and wake nobody."""
        self._lock = threading.Lock()
        self._products: dict[int, str] = {}
        self._wanted: set[str] = set()
        self.wake: Callable[[], None] = lambda: None

    def products(self, ids: Iterable[int], source: str) -> None:
        """KiotViet products whose stock may have changed; `source` is shown to people."""
        named = tuple(ids)
        with self._lock:
            for product_id in named:
                if len(self._products) < _MOST:
                    self._products.setdefault(product_id, source)
        if named:
            self._want(_STOCK)

    def orders(self) -> None:
        """Some Haravan order, or some KiotViet document, may have changed."""
        self._want(_ORDERS)

    def take_products(self) -> dict[int, str]:
        """What was said of products since the last time: by id, who said it."""
        with self._lock:
            taken, self._products = self._products, {}
            return taken

    def has_products(self) -> bool:
        """Whether products were named that no cycle has taken yet."""
        with self._lock:
            return bool(self._products)

    def wants(self, cycle: str) -> bool:
        """Whether something was said since `cycle` ("orders" or "stock") last began that it should look at."""
        with self._lock:
            return cycle in self._wanted

    def begin(self, cycle: str) -> None:
        """`cycle` begins, and so will see whatever was said until now."""
        with self._lock:
            self._wanted.discard(cycle)

    def _want(self, cycle: str) -> None:
        with self._lock:
            is_news = cycle not in self._wanted
            self._wanted.add(cycle)
        if is_news:
            self.wake()
