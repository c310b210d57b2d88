"""What a list endpoint answers, as values: the rows that could be read, those that could not, and where to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from syncd.clients.fields import Fields, lenient_id
from syncd.core.model import BadRecord, Level, Variant, WebOrder
from syncd.errors import BadPayload

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OrderPage:
    """A page of Haravan orders; `rows` is the raw row count, `digests` has a short content hash by order id.

    An order whose digest has not changed shows nothing new; an order without a digest must be taken as changed.
    """

    orders: tuple[WebOrder, ...]
    bad: tuple[BadRecord, ...]
    rows: int
    digests: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A page of Haravan products, flattened to variants.

    `rows` counts raw products, `last_id` is the highest product id (what was asked for, where the page is empty),
    `ascending` is false when product ids do not rise, so that paging by id would lose some. `changed_at` has each
    product that could be read, with its own `updated_at` where that is a time.
    """

    variants: tuple[Variant, ...]
    bad: tuple[BadRecord, ...]
    rows: int
    last_id: int
    ascending: bool
    changed_at: Mapping[int, datetime | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LevelPage:
    """Haravan stock rows; `bad` carries variant ids whose row is unreadable or whose request was refused.

    A variant in `bad` is unknown, one that is in neither was never stocked at that location.
    """

    levels: tuple[Level, ...]
    bad: tuple[BadRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class ListQuery:
    """How to ask a KiotViet list; `offset` counts rows, `size` is at most 100, `modified_from` is sent in UTC."""

    offset: int = 0
    size: int = 100
    order_by: str | None = None
    descending: bool = False
    modified_from: datetime | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    low_priority: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a KiotViet list; `received` counts raw rows, `next_offset` is None where `total` is reached.

    `next_offset` is also None for an empty page, so an end before `total` is a failed page, not the end.
    """

    rows: tuple[T, ...]
    bad: tuple[BadRecord, ...]
    total: int
    received: int
    next_offset: int | None
    removed_ids: tuple[int, ...] = ()


def read_rows(raw: Iterable[object], parse: Callable[[object], T], key: str = "id") -> tuple[list[T], list[BadRecord]]:
    """Parse each row by itself, so that a bad one never spoils the others; `key` names a bad row."""
    good: list[T] = []
    bad: list[BadRecord] = []
    for row in raw:
        try:
            good.append(parse(row))
        except BadPayload as error:
            bad.append(BadRecord(lenient_id(row, key), error.message, _description(row)))
    return good, bad


def _description(row: object) -> str | None:
    """What a row says in `description` that is otherwise unreadable, None where it says nothing."""
    said = Fields(row, "record").raw("description") if isinstance(row, dict) else None
    return said if isinstance(said, str) else None
