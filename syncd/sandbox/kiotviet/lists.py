"""List pages: offset paging, sorting, incremental reads, and the filters that work or only seem to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from syncd.sandbox.http import Request, Response
from syncd.sandbox.kiotviet.books import Books
from syncd.sandbox.kiotviet.records import Record
from syncd.sandbox.kiotviet.wire import LOCAL, Payload, read_instant, zoned_text

R = TypeVar("R", bound=Record)

_NEVER = datetime.min.replace(tzinfo=UTC)
_SORT_FIELDS = {
    "id": "id",
    "code": "code",
    "createddate": "created_at",
    "modifieddate": "modified_at",
    "purchasedate": "purchased_at",
    "name": "name",
}


def changed_at(record: Record) -> datetime | None:
    """The instant that `lastModifiedFrom` compares on most lists."""
    return record.modified_at


@dataclass(frozen=True)
class Listing(Generic[R]):
    """How one list is read.

    `incremental`: `works`, `ignored` (the parameter does nothing) or `misses` (rows that never changed are not found).
    `removed`: kind of thing and name of the member that `includeRemoveIds` adds.
    """

    present: Callable[[R], Payload]
    incremental: str = "works"
    stamp: Callable[[R], datetime | None] = changed_at
    removed: tuple[str, str] | None = None


def page(books: Books, request: Request, rows: Iterable[R], listing: Listing[R]) -> Response:
    """One page of a list; without rows the member `data` is missing altogether."""
    chosen = _since(books, request, list(rows), listing)
    _sort(chosen, request, listing)
    size = _page_size(request)
    start = max(0, _number(request, "currentItem", 0))
    data = [listing.present(row) for row in chosen[start : start + size]]
    payload: Payload = {"total": len(chosen), "pageSize": size}
    if data:
        payload["data"] = data
    payload.update(_removed_ids(books, request, listing.removed))
    payload["timestamp"] = zoned_text(books.clock.now())
    return Response.of_json(payload)


def wanted_ids(books: Books, request: Request, name: str) -> set[int] | None:
    """The numbers of a filter; None where it was not sent, is not understood or is ignored."""
    if books.switches.ignored_filter.lower() == name.lower():
        return None
    sent = [value for key, value in request.query if key.lower() == name.lower()]
    spelling = books.switches.array_parameters
    if spelling == "comma":
        sent = sent[-1:]
    texts = sent if spelling == "repeated" else [part.strip() for value in sent for part in value.split(",")]
    try:
        return {int(text) for text in texts if text} or None
    except ValueError:
        return None


def flag(request: Request, name: str) -> bool:
    """Whether a yes/no parameter says yes."""
    return (request.param(name) or "").strip().lower() in ("true", "1")


def instant(books: Books, request: Request, name: str) -> datetime | None:
    """A query parameter as an instant, read as the shop's `query_clock` has it.

    Raises:
        Refused: It is not a date.
    """
    text = request.param(name)
    return read_instant(text, clock=books.switches.query_clock) if text else None


def within(books: Books, request: Request, at: datetime, lower: str, upper: str) -> bool:
    """Whether an instant lies between two query parameters; an upper bound without a time means the whole day."""
    first, last = instant(books, request, lower), instant(books, request, upper)
    if last is not None and len((request.param(upper) or "").strip()) <= len("2026-01-01"):
        last += timedelta(days=1)
    return (first is None or at >= first) and (last is None or at <= last)


def on_day(books: Books, request: Request, at: datetime, name: str) -> bool:
    """Whether an instant lies on the local day that a query parameter names."""
    day = instant(books, request, name)
    return day is None or day.astimezone(LOCAL).date() == at.astimezone(LOCAL).date()


def _since(books: Books, request: Request, rows: list[R], listing: Listing[R]) -> list[R]:
    bound = None if listing.incremental == "ignored" else instant(books, request, "lastModifiedFrom")
    if bound is None:
        return rows
    inclusive = books.switches.modified_bound == "inclusive"
    by_creation = listing.incremental == "works" and books.switches.never_modified == "by_creation"

    def is_new(row: R) -> bool:
        stamp = listing.stamp(row) or (row.created_at if by_creation else None)
        return stamp is not None and (stamp > bound or (inclusive and stamp == bound))

    return [row for row in rows if is_new(row)]


def _sort(rows: list[R], request: Request, listing: Listing[R]) -> None:
    """Sort in place; unsorted lists were seen newest first, and a NULL modifiedDate sorts before any date."""
    name = _SORT_FIELDS.get((request.param("orderBy") or "").strip().lower())
    descending = (request.param("orderDirection") or "").strip().lower() == "desc"
    if name is None or (rows and not hasattr(rows[0], name)):
        rows.sort(key=lambda row: row.id, reverse=True)
    elif name == "modified_at":
        rows.sort(key=lambda row: (listing.stamp(row) or _NEVER, row.id), reverse=descending)
    else:
        rows.sort(key=lambda row: (getattr(row, name), row.id), reverse=descending)


def _page_size(request: Request) -> int:
    size = _number(request, "pageSize", 20)
    return min(100, size) if size > 0 else 20


def _number(request: Request, name: str, default: int) -> int:
    try:
        return int(request.param(name) or default)
    except ValueError:
        return default


def _removed_ids(books: Books, request: Request, removed: tuple[str, str] | None) -> Payload:
    bound = instant(books, request, "lastModifiedFrom")
    if removed is None or bound is None or not flag(request, "includeRemoveIds"):
        return {}
    kind, member = removed
    return {member: [record_id for record_id, at in books.removed.get(kind, []) if at >= bound]}
