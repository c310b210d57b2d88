"""Haravan's admin API, one method per endpoint, paced by its own call-limit header.

Source: Haravan docs, Omni APIs; page caps and the refusal of large stock queries were observed on live shops.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, TypeVar

import httpx

from syncd.clients.budget import CALL_LIMIT_HEADER, CallBucket
from syncd.clients.dates import DateOffset
from syncd.clients.decoding import decode
from syncd.clients.fields import Fields, lenient_id
from syncd.clients.haravan_goods_wire import (
    parse_levels,
    parse_location,
    parse_product_page,
    parse_shop,
    parse_slips,
    parse_total,
)
from syncd.clients.haravan_wire import parse_order, parse_order_page, parse_tags
from syncd.clients.pages import LevelPage, OrderPage, ProductPage, read_rows
from syncd.clients.remembered import RememberedLast
from syncd.clients.transport import Call, Remote, open_connections, passing, repeat_read, send
from syncd.clock import Clock
from syncd.core.model import AdjustLine, BadRecord, Level, Location, Shop, Slip, WebOrder
from syncd.core.texts import Text, text
from syncd.errors import BadPayload, IncompleteScan, OutcomeUnknown, RateLimited, Rejected, Transient

__all__ = ["PAGE_ROWS", "HaravanClient", "LevelPage", "OrderPage", "ProductPage"]

PAGE_ROWS: Final = 50
"""Rows of a full page of orders or products, whatever limit is asked for (observed)."""

LARGEST_ADJUSTMENT: Final = 100
LARGEST_STOCK_BATCH: Final = 50
_STOCK_PAIRS: Final = 200
_STOCK_PAGES: Final = 40
_LOCATION_PAGES: Final = 40
_SPLIT_ON: Final = frozenset({400, 422})
_LAST_CHANGED_FIRST: Final = (("status", "any"), ("order", "updated_at desc"))

T = TypeVar("T")
Params = Sequence[tuple[str, str]]
Reading = Callable[[bytes], object]


class _Poll:
    """A list that is asked for all day and mostly answers what it answered last time: only another answer is read."""

    def __init__(self) -> None:
        """Nothing was answered yet."""
        self.read: RememberedLast[bytes, object] = RememberedLast(decode, operator.eq)
        self.parse: RememberedLast[list[object], OrderPage] = RememberedLast(parse_order_page, operator.is_)


class HaravanClient:
    """One shop's Haravan; safe to share between threads. Reads are repeated shortly, writes never."""

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        clock: Clock,
        transport: httpx.BaseTransport | None = None,
        on_call: Callable[[str, bool], None] | None = None,
    ) -> None:
        """Open nothing yet; `on_call` is told of every request and whether it writes."""
        self._base = base_url.rstrip("/") + "/com"
        self._headers = {"authorization": f"Bearer {token.strip()}"}
        self._clock = clock
        self._http = open_connections(transport)
        self._on_call = on_call
        self._bucket = CallBucket(clock)
        self.date_offset = DateOffset()
        self._first_page, self._glance = _Poll(), _Poll()
        self._remote = Remote(
            key="haravan",
            name="Haravan",
            wait_seconds=2.0,
            refused="haravan_refuses_token",
            forbidden="haravan_permission_missing",
            secrets=lambda: (token.strip(),),
            permission=scope,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def shop(self) -> Shop:
        """The shop that the token belongs to."""
        return self._one("/shop.json", "shop", parse_shop)

    def locations(self) -> tuple[Location, ...]:
        """All branches; one without an id cannot be meant by anything and is left out."""
        found: dict[int, Location] = {}
        for page in range(1, _LOCATION_PAGES + 1):
            raw = self._rows("/locations.json", "locations", [("limit", str(PAGE_ROWS)), ("page", str(page))])
            new = {item.id: item for item in read_rows(raw, parse_location)[0] if item.id not in found}
            found |= new
            if len(raw) < PAGE_ROWS or not new:
                return tuple(found.values())
        raise IncompleteScan(text("haravan_list_endless", call="Haravan GET /locations.json"))

    def orders_count(self) -> int:
        """How many orders the shop has, of any status."""
        return self._count("/orders/count.json", [("status", "any")])

    def orders_count_from(self, created_from: datetime) -> int:
        """How many orders, of any status, were placed since `created_from` or up to 7 h before."""
        return self._count("/orders/count.json", [("status", "any"), ("created_at_min", _lower_bound(created_from))])

    def products_count(self) -> int:
        """How many products the shop has."""
        return self._count("/products/count.json")

    def products_count_from(self, since: datetime) -> int:
        """How many products changed since `since` or up to 7 h before."""
        return self._count("/products/count.json", [("updated_at_min", _lower_bound(since))])

    def orders_newest_first(self, page: int) -> OrderPage:
        """A page (from 1) of all orders, the last changed first; no time filter, whose time zone is uncertain."""
        poll = self._first_page if page == 1 else None
        return self._orders(_LAST_CHANGED_FIRST, page, poll)

    def orders_changed_last(self, most: int) -> OrderPage:
        """The orders of any status that changed last, at most so many, the last one first."""
        return self._order_rows([*_LAST_CHANGED_FIRST, ("limit", str(most)), ("page", "1")], self._glance)

    def orders_updated_from(self, since: datetime, page: int) -> OrderPage:
        """A page (from 1) of the orders changed since `since` or up to 7 h before, in no promised order.

        The bound is sent in UTC: a server that reads it as local time only answers more (observed).
        """
        return self._orders([("status", "any"), ("updated_at_min", _lower_bound(since))], page)

    def orders_count_updated_from(self, since: datetime) -> int:
        """How many orders, of any status, changed since `since` or up to 7 h before.

        That the count takes the filters of the list is documented, not observed.
        """
        return self._count("/orders/count.json", [("status", "any"), ("updated_at_min", _lower_bound(since))])

    def orders_after(self, since_id: int, created_from: datetime) -> OrderPage:
        """Up to 50 orders, of any status, with an id above `since_id`, placed since `created_from` or up to 7 h before.

        Ids rise within the page where the shop pages by id as documented; the caller checks.
        """
        params = [("status", "any"), ("since_id", str(since_id)), ("created_at_min", _lower_bound(created_from))]
        return self._order_rows([*params, ("limit", str(PAGE_ROWS))])

    def open_orders(self, page: int, fulfillment_status: str) -> OrderPage:
        """A page (from 1) of open orders that are `unshipped` or `partial`, the newest first."""
        params = [("status", "open"), ("fulfillment_status", fulfillment_status), ("order", "created_at desc")]
        return self._orders(params, page)

    def open_orders_count(self, fulfillment_status: str) -> int:
        """How many open orders are `unshipped` or `partial`; that the count takes these filters is documented only."""
        return self._count("/orders/count.json", [("status", "open"), ("fulfillment_status", fulfillment_status)])

    def orders_by_ids(self, ids: Sequence[int]) -> OrderPage:
        """The orders of at most 50 ids, whatever their status; a deleted one is missing."""
        if len(ids) > PAGE_ROWS:
            raise ValueError(f"at most {PAGE_ROWS} ids fit one page, got {len(ids)}")
        return self._orders([("ids", ",".join(map(str, ids))), ("status", "any")], 1)

    def order(self, order_id: int) -> WebOrder:
        """One order.

        Raises:
            NotFound: It is gone, or not there yet.
            BadPayload: It cannot be understood; `record_id` is its id.
        """
        try:
            return self._one(f"/orders/{order_id}.json", "order", parse_order)
        except BadPayload as error:
            raise BadPayload(error.message, record_id=order_id) from error

    def products_after(self, since_id: int) -> ProductPage:
        """Up to 50 products whose id is above `since_id`; safe for a full walk only while `ascending` holds."""
        return self._products([("since_id", str(since_id))], since_id)

    def products_updated_from(self, since: datetime, since_id: int) -> ProductPage:
        """Up to 50 products changed since `since` or up to 7 h before, whose id is above `since_id`.

        The bound is sent in UTC: a server that reads it as local time only answers more (observed on orders).
        """
        return self._products([("updated_at_min", _lower_bound(since)), ("since_id", str(since_id))], since_id)

    def products_page(self, page: int) -> ProductPage:
        """A page (from 1) of products, for shops where ids do not rise."""
        return self._products([("page", str(page))], 0)

    def variant_total(self, variant_id: int) -> int | None:
        """What a variant has available at all locations together; None where Haravan does not say.

        Source: Haravan docs, variants, `inventory_quantity`.
        """
        try:
            return parse_total(_member(self._read(f"/variants/{variant_id}.json"), "variant"))
        except (Rejected, BadPayload):
            return None

    def inventory(self, location_ids: Sequence[int], variant_ids: Sequence[int]) -> tuple[Level, ...]:
        """The stock of these variants at these locations; a pair without a row was never stocked there.

        Raises:
            BadPayload: A row is unreadable, or asking for one variant is refused; `record_id` is the variant.
        """
        page = self.levels(location_ids, variant_ids)
        if page.bad:
            raise BadPayload(page.bad[0].reason, record_id=page.bad[0].id)
        return page.levels

    def levels(self, location_ids: Sequence[int], variant_ids: Sequence[int]) -> LevelPage:
        """Like `inventory`, but what is wrong with one variant is reported beside the others.

        Asks for at most 50 locations x 50 variants and 200 pairs a call (observed: more is refused with 422).
        """
        levels: list[Level] = []
        bad: list[BadRecord] = []
        for locations, variants in _stock_batches(location_ids, variant_ids):
            page = self._levels_split(locations, variants)
            levels += page.levels
            bad += page.bad
        return LevelPage(tuple(levels), tuple(bad))

    def adjust(self, location_id: int, lines: Sequence[AdjustLine], note: str) -> None:
        """Add differences, in pieces, to the stock of at most 100 variants; makes a permanent stock slip.

        Raises:
            OutcomeUnknown: The answer was lost; adding twice is wrong, so read before anything else.

        Source: Haravan docs, Inventory Adjustment. `type` "adjust" adds; it shifts on-hand and available alike. An
        answer with an empty list means that nothing changed.
        """
        if len(lines) > LARGEST_ADJUSTMENT:
            raise ValueError(f"at most {LARGEST_ADJUSTMENT} lines a call, got {len(lines)}")
        if not lines:
            return
        payload = self._write("/inventories/adjustorset.json", _adjustment(location_id, lines, note))
        if not isinstance(payload, dict) or not isinstance(_member(payload, "inventory"), dict | list):
            raise _written_unseen("/inventories/adjustorset.json", text("answer_lacks_slip"))

    def slips(self, location_id: int) -> tuple[Slip, ...]:
        """The newest page of stock slips of a location, newest id first."""
        params = [("location_id", str(location_id)), ("limit", str(PAGE_ROWS))]
        return parse_slips(self._rows("/inventories/adjustments.json", "adjustments", params))

    def add_tags(self, order_id: int, tags: Sequence[str]) -> tuple[str, ...]:
        """Put tags (up to 40 characters, no comma) on an order beside those it has; all that it has then.

        Adding one again changes nothing, so that a lost answer may simply be followed by another try.

        Raises:
            OutcomeUnknown: The answer was lost, or does not say which tags there are.

        Source: Haravan docs, Orders. What a shop makes of case, blanks and length is not documented.
        """
        path = f"/orders/{order_id}/tags.json"
        payload = self._write(path, {"tags": ",".join(tags)})
        if not isinstance(payload, dict) or "tags" not in payload:
            raise _written_unseen(path, text("answer_lacks_tags"))
        return _shown_tags(path, payload)

    def remove_tags(self, order_id: int, tags: Sequence[str]) -> tuple[str, ...]:
        """Take tags off an order; those left, or none where the answer does not tell.

        Taking one off again changes nothing. A proxy may drop the body of a DELETE: then the answer still has them.

        Raises:
            OutcomeUnknown: The answer was lost.

        Source: Haravan docs, Orders; a DELETE may be answered with `[]` or `{}`.
        """
        path = f"/orders/{order_id}/tags.json"
        payload = self._write(path, {"tags": ",".join(tags)}, method="DELETE")
        return _shown_tags(path, payload) if isinstance(payload, dict) else ()

    # --- how the endpoints are reached

    def _orders(self, params: Params, page: int, poll: _Poll | None = None) -> OrderPage:
        paging = [("limit", str(PAGE_ROWS)), ("page", str(page))]
        return self._order_rows([*params, *paging], poll)

    def _order_rows(self, params: Params, poll: _Poll | None = None) -> OrderPage:
        if poll is None:
            return parse_order_page(self._rows("/orders.json", "orders", params))
        return poll.parse(self._rows("/orders.json", "orders", params, poll.read))

    def _products(self, params: Params, since_id: int) -> ProductPage:
        wanted = [("limit", str(PAGE_ROWS)), ("fields", "id,title,updated_at,variants")]
        return parse_product_page(self._rows("/products.json", "products", [*params, *wanted]), since_id)

    def _levels_split(self, locations: Sequence[int], variants: Sequence[int]) -> LevelPage:
        """The rows of a batch; one bad id can have a whole batch refused, so halves are tried (observed)."""
        try:
            return self._levels(locations, variants)
        except Rejected as error:
            if error.status not in _SPLIT_ON:
                raise
            if len(variants) == 1:
                return LevelPage((), (BadRecord(variants[0], error.message),))
        middle = len(variants) // 2
        first, second = (
            self._levels_split(locations, variants[:middle]),
            self._levels_split(locations, variants[middle:]),
        )
        return LevelPage(first.levels + second.levels, first.bad + second.bad)

    def _levels(self, locations: Sequence[int], variants: Sequence[int]) -> LevelPage:
        """All rows of one batch; goes on while a full page leaves some pair out, whatever a full page is here."""
        base = [("location_ids", _joined(locations)), ("variant_ids", _joined(variants)), ("limit", "250")]
        asked = {(location, variant) for location in locations for variant in variants}
        rows: dict[int, object] = {}
        loose: list[object] = []
        for _ in range(_STOCK_PAGES):
            after = [("since_id", str(max(rows)))] if rows else []
            raw = self._rows(
                "/inventory_locations.json",
                "inventory_locations",
                [*base, ("order", "id"), ("direction", "asc"), *after],
            )
            new = {row_id: row for row in raw if (row_id := lenient_id(row)) is not None and row_id not in rows}
            loose += [row for row in raw if lenient_id(row) is None]
            rows |= new
            page = _of_pairs(parse_levels([*rows.values(), *loose]), asked)
            seen = {(level.location_id, level.variant_id) for level in page.levels}
            if len(raw) < PAGE_ROWS or not new or asked <= seen:
                return page
        raise IncompleteScan(text("haravan_list_endless", call="Haravan GET /inventory_locations.json"))

    def _one(self, path: str, key: str, parse: Callable[[object], T]) -> T:
        """The record that an answer wraps in `key`."""
        record = _member(self._read(path), key)
        if not isinstance(record, dict):
            raise _unread(path, text("answer_lacks_record", key=key))
        return parse(record)

    def _rows(self, path: str, key: str, params: Params = (), read: Reading = decode) -> list[object]:
        """The raw rows of a list; an answer without the list is a failed page, not an empty one."""
        rows = _member(self._read(path, params, read), key)
        if not isinstance(rows, list):
            raise _unread(path, text("answer_lacks_list", key=key))
        return rows

    def _count(self, path: str, params: Params = ()) -> int:
        try:
            return Fields(self._read(path, params), "haravan_count").count("count")
        except BadPayload as error:
            raise _unread(path, text("answer_unreadable", why=error.message)) from error

    def _read(self, path: str, params: Params = (), read: Reading = decode) -> object:
        call = Call(self._remote, "GET", self._base + path, path, params=params, read=read)
        return repeat_read(lambda: self._send(call), _worth_repeating)

    def _write(self, path: str, body: Mapping[str, object], method: str = "POST") -> object:
        return self._send(Call(self._remote, method, self._base + path, path, is_write=True, json=body))

    def _send(self, call: Call) -> object:
        self._bucket.acquire()
        if self._on_call is not None:
            self._on_call(self._remote.key, call.is_write)
        try:
            return send(self._http, call, self._headers, self._clock, on_headers=self._observe)
        except RateLimited as error:
            self._bucket.penalize(error.retry_after_seconds)
            raise

    def _observe(self, headers: httpx.Headers) -> None:
        self._bucket.observe_header(headers.get(CALL_LIMIT_HEADER))
        self.date_offset.observe(headers, self._clock.now())


def scope(method: str, path: str) -> str:
    """The permission that a call needs, as the shop's admin ticks it. Source: Haravan docs, Access scopes."""
    kind = "read" if method == "GET" else "write"
    if path.startswith("/orders"):
        return f"com.{kind}_orders"
    if path.startswith("/products"):
        return f"com.{kind}_products"
    return f"com.{kind}_inventories" if path.startswith("/inventor") else "com.read_shop"


def _worth_repeating(error: Exception) -> bool:
    """Also a refusal by rate, which the bucket waits out, and 422, which was seen to pass on the next try."""
    if isinstance(error, RateLimited):
        return error.retry_after_seconds <= CallBucket.LONGEST_WAIT_SECONDS
    return passing(error) or (isinstance(error, Rejected) and error.status == 422)


def _stock_batches(
    location_ids: Sequence[int], variant_ids: Sequence[int]
) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    for locations in _chunks(location_ids, LARGEST_STOCK_BATCH):
        for variants in _chunks(variant_ids, min(LARGEST_STOCK_BATCH, _STOCK_PAIRS // len(locations))):
            yield locations, variants


def _chunks(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _lower_bound(at: datetime) -> str:
    """An instant in UTC digits: a server that reads them as its local time only answers more (observed)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _joined(ids: Sequence[int]) -> str:
    return ",".join(map(str, ids))


def _of_pairs(page: LevelPage, asked: set[tuple[int, int]]) -> LevelPage:
    """Only what was asked for: an ignored filter answers the whole shop."""
    levels = tuple(level for level in page.levels if (level.location_id, level.variant_id) in asked)
    variants = {variant for _, variant in asked}
    return LevelPage(levels, tuple(item for item in page.bad if item.id is None or item.id in variants))


def _adjustment(location_id: int, lines: Sequence[AdjustLine], note: str) -> Mapping[str, object]:
    items = [
        {"product_id": line.product_id, "product_variant_id": line.variant_id, "quantity": line.quantity}
        for line in lines
    ]
    # `type` is always sent: what is left out is decided by the other side
    head = {"location_id": location_id, "type": "adjust", "reason": "newproduct", "note": note, "tags": ""}
    return {"inventory": {**head, "line_items": items}}


def _shown_tags(path: str, payload: object) -> tuple[str, ...]:
    try:
        return parse_tags(Fields(payload, "haravan_tags"))
    except BadPayload as error:
        raise _written_unseen(path, text("answer_unreadable", why=error.message)) from error


def _unread(path: str, what: Text) -> Transient:
    return Transient(text("read_lost", call=f"Haravan GET {path}", what=what))


def _written_unseen(path: str, what: Text) -> OutcomeUnknown:
    return OutcomeUnknown(text("write_lost", call=f"Haravan POST {path}", what=what))


def _member(payload: object, key: str) -> object:
    return Fields(payload, "haravan_answer").raw(key) if isinstance(payload, dict) else None
