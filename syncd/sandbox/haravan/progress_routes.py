"""The endpoints beneath an order: transactions, refunds, shipments and what carriers report."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from syncd.sandbox.haravan.floor import Refusal
from syncd.sandbox.haravan.lists import page_cap, page_of, trimmed
from syncd.sandbox.haravan.order_payload import listed_parcels, payment_payload, refund_payload
from syncd.sandbox.haravan.order_routes import READ, WRITE
from syncd.sandbox.haravan.orders import OrderDesk
from syncd.sandbox.haravan.parcel_payload import parcel_payload
from syncd.sandbox.haravan.routing import Routes, sent
from syncd.sandbox.haravan.state import Order, Parcel, Payment, Refund
from syncd.sandbox.http import Request, Response

ROUTES: Routes[OrderDesk] = Routes()


@ROUTES.on("GET", "/orders/{}/transactions", READ)
def list_transactions(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """All transactions of an order."""
    rows = [payment_payload(payment, alone=True) for payment in shop.find_order(ids[0]).payments]
    return Response.of_json({"transactions": [trimmed(row, request) for row in rows]})


@ROUTES.on("GET", "/orders/{}/transactions/count", READ)
def count_transactions(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """How many transactions an order has."""
    return Response.of_json({"count": len(shop.find_order(ids[0]).payments)})


@ROUTES.on("GET", "/orders/{}/transactions/{}", READ)
def get_transaction(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """One transaction."""
    payment: Payment = _one(shop.find_order(ids[0]).payments, ids[1], "transaction")
    return Response.of_json({"transaction": payment_payload(payment, alone=True)})


@ROUTES.on("POST", "/orders/{}/transactions", WRITE)
def create_transaction(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Money received; repeating it receives it twice."""
    order, body = shop.find_order(ids[0]), sent(request, "transaction")
    kind = str(body.get("kind") or "capture").lower()
    if kind not in ("capture", "sale"):
        raise Refusal(422, f"transaction: kind {kind} is not allowed")
    amount = Decimal(str(body["amount"])) if body.get("amount") is not None else order.total - order.received
    payment = shop.capture(order, amount, kind=kind)
    order.updated_at = shop.now()
    return Response.of_json({"transaction": payment_payload(payment, alone=True)}, 201)


@ROUTES.on("GET", "/orders/{}/refunds", READ)
def list_refunds(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """All refunds of an order."""
    order = shop.find_order(ids[0])
    return Response.of_json({"refunds": [_refund(shop, order, refund) for refund in order.refunds]})


@ROUTES.on("GET", "/orders/{}/refunds/{}", READ)
def get_refund(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """One refund."""
    order = shop.find_order(ids[0])
    refund: Refund = _one(order.refunds, ids[1], "refund")
    return Response.of_json({"refund": _refund(shop, order, refund)})


@ROUTES.on("POST", "/orders/{}/refunds", WRITE)
def create_refund(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Goods, money or both given back."""
    order, body = shop.find_order(ids[0]), sent(request, "refund")
    refund = shop.give_back(
        order,
        [(int(row["line_item_id"]), int(row["quantity"])) for row in body.get("refund_line_items") or ()],
        restock=bool(body.get("restock")),
        amount=sum((Decimal(str(row.get("amount") or 0)) for row in body.get("transactions") or ()), Decimal(0)),
        note=body.get("note"),
    )
    order.updated_at = shop.now()
    return Response.of_json({"refund": _refund(shop, order, refund)}, 201)


@ROUTES.on("GET", "/orders/{}/fulfillments", READ)
def list_fulfillments(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """The shipments of an order."""
    order = shop.find_order(ids[0])
    page = page_of(listed_parcels(order, shop.switches), request, page_cap(shop.switches))
    return Response.of_json({"fulfillments": [_parcel(shop, order, parcel) for parcel in page]})


@ROUTES.on("GET", "/orders/{}/fulfillments/count", READ)
def count_fulfillments(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """How many shipments an order has."""
    return Response.of_json({"count": len(listed_parcels(shop.find_order(ids[0]), shop.switches))})


@ROUTES.on("GET", "/orders/{}/fulfillments/{}", READ)
def get_fulfillment(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """One shipment."""
    return _fulfillment(shop, *ids)


@ROUTES.on("POST", "/orders/{}/fulfillments", WRITE)
def create_fulfillment(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """A shipment of the named lines, or of all that is open."""
    body = sent(request, "fulfillment")
    order = shop.find_order(ids[0])
    fulfillment_id = shop.ship(
        order.id,
        _pieces(order, body.get("line_items")),
        carrier=body.get("tracking_company_code") or body.get("tracking_company") or "other",
        tracking=body.get("tracking_number") or "",
        cod_amount=Decimal(str(body["cod_amount"])) if body.get("cod_amount") is not None else None,
        location_id=body.get("location_id"),
    )
    return _fulfillment(shop, order.id, fulfillment_id, 201)


@ROUTES.on("PUT", "/orders/{}/fulfillments/{}", WRITE)
def update_fulfillment(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Another tracking number."""
    body = sent(request, "fulfillment")
    shop.set_tracking(ids[0], ids[1], body.get("tracking_number"), body.get("tracking_url"))
    return _fulfillment(shop, *ids)


def _carrier_setter(status: str) -> None:
    for method in ("PUT", "POST"):

        @ROUTES.on(method, f"/orders/{{}}/fulfillments/{{}}/carrier_status/{status}", WRITE)
        def set_carrier(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
            shop.carrier(ids[0], ids[1], status)
            return _fulfillment(shop, *ids)


def _cod_setter(word: str, status: str) -> None:
    for method in ("PUT", "POST"):

        @ROUTES.on(method, f"/orders/{{}}/fulfillments/{{}}/cod_status/{word}", WRITE)
        def set_cod(shop: OrderDesk, request: Request, ids: tuple[int, ...]) -> Response:
            shop.cod(ids[0], ids[1], status)
            return _fulfillment(shop, *ids)


for _status in ("picking", "delivering", "delivered", "cancel", "return", "not_meet_customer", "waiting_for_return"):
    _carrier_setter(_status)
for _word, _code in {"paid": "codpaid", "receipt": "codreceipt"}.items():
    _cod_setter(_word, _code)


def _pieces(order: Order, rows: list[dict[str, Any]] | None) -> list[tuple[int, int]] | None:
    if not rows:
        return None
    try:
        return [
            (int(row["id"]), int(row.get("quantity") or order.open_pieces(order.line(int(row["id"]))))) for row in rows
        ]
    except KeyError as error:
        raise Refusal(422, f"line_items: {error}") from error


def _fulfillment(shop: OrderDesk, order_id: int, fulfillment_id: int, status: int = 200) -> Response:
    order = shop.find_order(order_id)
    parcel: Parcel = _one(order.parcels, fulfillment_id, "fulfillment")
    return Response.of_json({"fulfillment": _parcel(shop, order, parcel)}, status)


def _parcel(shop: OrderDesk, order: Order, parcel: Parcel) -> dict[str, Any]:
    return parcel_payload(order, parcel, shop.memory, shop.switches)


def _refund(shop: OrderDesk, order: Order, refund: Refund) -> dict[str, Any]:
    return refund_payload(refund, order, shop.memory, alone=True)


def _one(rows: list[Any], row_id: int, noun: str) -> Any:
    for row in rows:
        if row.id == row_id:
            return row
    raise Refusal(404, f"there is no {noun} {row_id}")
