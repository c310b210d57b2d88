"""A reading of rows that is not done twice: most of what a poll shows was shown a few seconds ago, letter by letter."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

MOST: Final = 1024
"""Readings that are kept for sure; at most twice as many are."""


class Remembered(Generic[T]):
    """A function of a row that is asked once per content, as long as that was seen lately.

    For functions that depend on the row alone and whose results nobody changes. The content itself is not kept, only a
    hash of it. Safe to share between threads: whoever comes at the same time reads once more.
    """

    def __init__(self, read: Callable[[object], T]) -> None:
        """Remember what `read` gives; what it raises it raises each time."""
        self._read = read
        self._young: dict[bytes, T] = {}
        self._old: dict[bytes, T] = {}

    def __call__(self, raw: object) -> T:
        """What the row says."""
        try:
            content = repr(raw)
        except RecursionError:
            return self._read(raw)
        key = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        young, old = self._young, self._old
        if key in young:
            return young[key]
        known = old[key] if key in old else self._read(raw)
        if len(young) >= MOST:
            self._young, self._old = {key: known}, young
        else:
            young[key] = known
        return known


class RememberedLast(Generic[T, R]):
    """A function of something large that is often the very thing it was last time, such as a poll's whole answer.

    For functions that depend on it alone and whose results nobody changes. Safe to share between threads.
    """

    def __init__(self, read: Callable[[T], R], same: Callable[[T, T], bool]) -> None:
        """Remember what `read` gave last; what it raises it raises each time."""
        self._read, self._same = read, same
        self._last: tuple[T, R] | None = None

    def __call__(self, raw: T) -> R:
        """What it says."""
        last = self._last
        if last is not None and self._same(last[0], raw):
            return last[1]
        result = self._read(raw)
        self._last = (raw, result)
        return result
