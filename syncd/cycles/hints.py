"""Hints from outside that something changed: they only make a cycle look sooner, and may be lost or lie."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

_MOST = 1000


class Hints:
    """What somebody said has changed, until a cycle takes it; safe to share between threads.

    A flood is harmless: beyond some products the rest is forgotten, and the sweep finds what was forgotten.
    """

    def __init__(self) -> None:
        """Know nothing, and wake nobody."""
        self._lock = threading.Lock()
        self._products: dict[int, str] = {}
        self._orders = False
        self.wake: Callable[[], None] = lambda: None

    def products(self, ids: Iterable[int], source: str) -> None:
        """KiotViet products whose stock may have changed; `source` is shown to people."""
        with self._lock:
            for product_id in ids:
                if len(self._products) < _MOST:
                    self._products.setdefault(product_id, source)
        self.wake()

    def orders(self) -> None:
        """Some Haravan order, or some KiotViet document, may have changed."""
        with self._lock:
            self._orders = True
        self.wake()

    def take_products(self) -> dict[int, str]:
        """What was said of products since the last time: by id, who said it."""
        with self._lock:
            taken, self._products = self._products, {}
            return taken

    def has_products(self) -> bool:
        """Whether products were named that no cycle has taken yet."""
        with self._lock:
            return bool(self._products)

    def take_orders(self) -> bool:
        """Whether anything was said of orders since the last time."""
        with self._lock:
            taken, self._orders = self._orders, False
            return taken
