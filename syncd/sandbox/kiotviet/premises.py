"""Where the shop's people work: the state and the lock that their actions and the API share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from syncd.clock import Clock
from syncd.sandbox.kiotviet import ledger
from syncd.sandbox.kiotviet.books import Books
from syncd.sandbox.kiotviet.reference import seed
from syncd.sandbox.kiotviet.switches import KiotVietSwitches

P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S", bound="Premises")

RETAILER_ID = 500000001


class Premises:
    """The books of one shop behind one lock."""

    def __init__(self, clock: Clock, switches: KiotVietSwitches | None = None) -> None:
        """Open an empty shop."""
        self._lock = threading.RLock()
        self._books = Books(clock, switches or KiotVietSwitches(), RETAILER_ID)
        seed(self._books)

    @property
    def switches(self) -> KiotVietSwitches:
        """How the open questions are answered at present; may be exchanged at any time."""
        return self._books.switches

    @switches.setter
    def switches(self, board: KiotVietSwitches) -> None:
        with self._lock:
            self._books.switches = board
            for order in self._books.orders.values():
                ledger.hold(self._books, order)


def locked(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Let only one thread at a time into the shop."""

    @wraps(method)
    def inside(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self._lock:
            return method(self, *args, **kwargs)

    return inside
