"""The endpoints of orders: lists, reading, and what the staff does to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

from syncd.sandbox.haravan.floor import Refusal
from syncd.sandbox.haravan.lists import Stamps, number, numbers, page_cap, page_of, trimmed, within
from syncd.sandbox.haravan.order_payload import order_payload
from syncd.sandbox.haravan.orders import OrderDesk
from syncd.sandbox.haravan.routing import Routes, body_of, sent
from syncd.sandbox.haravan.state import Order
from syncd.sandbox.haravan.wording import financial_status, plain, shipping_state
from syncd.sandbox.http import Request, Response

ROUTES: Routes[OrderDesk] = Routes()

READ, WRITE = "com.read_orders", "com.write_orders"
FRESH = timedelta(seconds=60)

_STAMPS: Stamps[Order] = {
    "created_at": attrgetter("created_at"),
    "updated_at": attrgetter("updated_at"),
    "processed_at": attrgetter("created_at"),
}
_SHIPPING = {"unshipped": "unshipped", "unfulfilled": "unshipped", "shipped": "shipped", "fulfilled": "shipped"}


@ROUTES.on("GET", "/orders", READ, listing=True)
def list_orders(shop: OrderDesk, request: Request, _: tuple[int, ...]) -> Response:
    """One page of the orders that pass the filters."""
    page = page_of(_chosen(shop, request), request, page_cap(shop.switches))
    if request.params("fields"):
        return Response.of_json({"orders": [trimmed(_payload(shop, order), request) for order in page]})
    shown = (shop.order_texts.text(order, shop.memory, shop.switches) for order in page)
    return Response.of_text(f'{{"orders": [{", ".join(shown)}]}}')


@ROUTES.on("GET", "/orders/count", READ)
def count_orders(shop: OrderDesk, request: Request, _: tuple[int, ...]) -> Response:
    """How many orders pass the filters."""
    return Response.of_json({"count": sum(1 for _ in _chosen(shop, request))})


@ROUTES.on("GET", "/orders/{}", READ)
def get_order(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """One order, unless this shop hides it for a minute."""
    order = shop.find_order(ids[0])
    since = {"when_new": order.created_at, "when_changed": order.updated_at}.get(shop.switches.invisible_order)
    if since is not None and shop.now() - since < FRESH:
        raise Refusal(404, "Not Found")
    return Response.of_json({"order": trimmed(_payload(shop, order), request)})


@ROUTES.on("POST", "/orders", WRITE)
def create_order(shop: OrderDesk, request: Request, _: tuple[int, ...]) -> Response:
    """An order typed in by a program; may ask for being confirmed, shipped and paid at once."""
    body = sent(request, "order")
    order = shop.create_order(body)
    if body.get("is_confirm"):
        order.confirmed_at = shop.now()
    if body.get("financial_status") == "paid":
        shop.owe(order)
        shop.capture(order, order.total)
    if body.get("fulfillment_status") == "fulfilled" or body.get("fulfillments"):
        where = (body.get("fulfillments") or [{}])[0].get("location_id")
        shop.ship_at_once(order.id, where)
    return _answer(shop, order, 201)


@ROUTES.on("PUT", "/orders/{}", WRITE)
def update_order(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Note, attributes, tags, address."""
    shop.edit_order(ids[0], sent(request, "order"))
    return _answer(shop, shop.find_order(ids[0]))


@ROUTES.on("POST", "/orders/{}/confirm", WRITE)
def confirm_order(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Confirmed by the staff."""
    shop.confirm(ids[0])
    return _answer(shop, shop.find_order(ids[0]))


@ROUTES.on("POST", "/orders/{}/close", WRITE)
def close_order(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Archived; the answer may be the order as it was before, as in the documentation."""
    before = _answer(shop, shop.find_order(ids[0]))
    shop.close(ids[0])
    return before if shop.switches.close_answer == "stale" else _answer(shop, shop.find_order(ids[0]))


@ROUTES.on("POST", "/orders/{}/open", WRITE)
def open_order(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Taken out of the archive."""
    shop.reopen(ids[0])
    return _answer(shop, shop.find_order(ids[0]))


@ROUTES.on("POST", "/orders/{}/cancel", WRITE)
def cancel_order(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Cancelled, with or without goods and money given back."""
    body = body_of(request)
    refund = body.get("refund") or {}
    rows = refund.get("refund_line_items")
    money = sum((Decimal(str(row.get("amount") or 0)) for row in refund.get("transactions") or ()), Decimal(0))
    shop.cancel(
        ids[0],
        reason=body.get("reason") or "customer",
        restock=bool(body.get("restock")) or bool(rows),
        keep_fulfillments=bool(body.get("ignore_cancel_fulfillment")),
        amount=money or Decimal(str(body.get("amount") or 0)),
        lines=[(int(row["line_item_id"]), int(row["quantity"])) for row in rows] if rows else None,
        note=body.get("note"),
    )
    return _answer(shop, shop.find_order(ids[0]))


@ROUTES.on("POST", "/orders/{}/tags", WRITE)
def add_tags(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Tags merged into those of the order; the answer has them all."""
    return Response.of_json({"tags": shop.add_tags(ids[0], str(body_of(request).get("tags") or ""))})


@ROUTES.on("DELETE", "/orders/{}/tags", WRITE)
def remove_tags(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Tags taken off; the answer has those left."""
    return Response.of_json({"tags": shop.remove_tags(ids[0], str(body_of(request).get("tags") or ""))})


@ROUTES.on("POST", "/orders/{}/assign", WRITE)
def assign_order(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Another location shall ship."""
    location_id = body_of(request).get("location_id")
    if location_id:
        shop.assign(ids[0], int(location_id))
    return _answer(shop, shop.find_order(ids[0]))


def _payload(shop: OrderDesk, order: Order) -> dict[str, Any]:
    return order_payload(order, shop.memory, shop.switches)


def _answer(shop: OrderDesk, order: Order, status: int = 200) -> Response:
    return Response.of_json({"order": _payload(shop, order)}, status)


def _chosen(shop: OrderDesk, request: Request) -> Iterator[Order]:
    wanted, since_id = set(numbers(request, "ids")), number(request, "since_id", 0)
    for order in _sorted(shop, request):
        if (not wanted or order.id in wanted) and order.id > since_id and _passes(shop, order, request):
            yield order


def _sorted(shop: OrderDesk, request: Request) -> list[Order]:
    """By the asked column where that is honoured; after a `since_id` by rising id; else the newest first."""
    orders = list(shop.memory.orders.values())
    column, _, direction = (request.param("order") or "").strip().lower().partition(" ")
    if column in ("created_at", "updated_at") and shop.switches.sort_honoured == "yes":
        return sorted(orders, key=lambda order: (getattr(order, column), order.id), reverse=direction != "asc")
    return sorted(orders, key=lambda order: order.id, reverse=request.param("since_id") is None)


def _passes(shop: OrderDesk, order: Order, request: Request) -> bool:
    status = request.param("status") or shop.switches.default_status
    if status != "any" and status != _status(order):
        return False
    money = request.param("financial_status")
    if money and money != "any" and plain(money) != plain(financial_status(order, shop.switches)):
        return False
    shipped = request.param("fulfillment_status")
    if shipped and shipped != "any" and _SHIPPING.get(shipped, shipped) != shipping_state(order):
        return False
    return within(order, request, _STAMPS, shop.switches.filter_clock)


def _status(order: Order) -> str:
    if order.cancelled_at is not None:
        return "cancelled"
    return "closed" if order.closed_at is not None else "open"
