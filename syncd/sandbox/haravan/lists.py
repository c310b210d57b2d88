"""Paging, filters and field selection, as all lists of the API share them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from syncd.sandbox.haravan.floor import Refusal
from syncd.sandbox.haravan.switches import HaravanSwitches
from syncd.sandbox.haravan.times import read_filter
from syncd.sandbox.http import Request

T = TypeVar("T")

Stamps = dict[str, Callable[[T], datetime]]
"""Which instant of a row a filter such as `created_at_min` compares, by the filter's stem."""


def numbers(request: Request, name: str) -> list[int]:
    """Ids from a comma-separated parameter; `Refusal` 400 where one is not a number."""
    try:
        return [int(part) for part in request.params(name)]
    except ValueError as error:
        raise Refusal(400, f"{name}: không phải là số") from error


def number(request: Request, name: str, default: int) -> int:
    """One number; the default where it is missing or no number, as the API ignores what it cannot read."""
    value = request.param(name)
    return int(value) if value is not None and value.lstrip("-").isdigit() else default


def page_of(rows: Iterable[T], request: Request, cap: int, default: int = 50) -> list[T]:
    """The asked page; a larger `limit` than the cap is cut silently (observed)."""
    limit = number(request, "limit", default)
    limit = min(limit, cap) if limit > 0 else default
    first = (max(1, number(request, "page", 1)) - 1) * limit
    return list(islice(rows, first, first + limit))


def page_cap(switches: HaravanSwitches) -> int:
    """The largest page of most lists."""
    return int(switches.page_cap)


def within(row: T, request: Request, stamps: Stamps[T], clock: str) -> bool:
    """Whether a row passes all time filters of a request."""
    for stem, stamp in stamps.items():
        low, high = _bound(request, f"{stem}_min", clock), _bound(request, f"{stem}_max", clock)
        if low is not None and stamp(row) < low:
            return False
        if high is not None and stamp(row) > high:
            return False
    return True


def trimmed(payload: dict[str, Any], request: Request) -> dict[str, Any]:
    """Only the asked `fields`; the id always comes along."""
    wanted = set(request.params("fields"))
    return {key: value for key, value in payload.items() if key == "id" or key in wanted} if wanted else payload


def _bound(request: Request, name: str, clock: str) -> datetime | None:
    text = request.param(name)
    if not text:
        return None
    try:
        return read_filter(text, clock)
    except ValueError as error:
        raise Refusal(400, f"{name}: không phải là thời gian") from error
