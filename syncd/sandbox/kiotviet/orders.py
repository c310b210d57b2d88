"""The /orders endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy

from syncd.sandbox.http import Request, Response
from syncd.sandbox.kiotviet import ledger, refusals
from syncd.sandbox.kiotviet.answers import DELETED, numbered, written
from syncd.sandbox.kiotviet.books import Books, by_code
from syncd.sandbox.kiotviet.document_payloads import order_answer, order_payload, shown_order_status
from syncd.sandbox.kiotviet.invoice_rules import invoice_order
from syncd.sandbox.kiotviet.lists import Listing, flag, instant, on_day, page, wanted_ids
from syncd.sandbox.kiotviet.order_rules import cancel_order, create_order, update_order, withdraw
from syncd.sandbox.kiotviet.records import Document, Order
from syncd.sandbox.kiotviet.refusals import Refused
from syncd.sandbox.kiotviet.switches import FRESH_LAG_SECONDS
from syncd.sandbox.kiotviet.wire import Body, Payload

SAVED = "Thông tin đặt hàng được cập nhật thành công"


def listed(books: Books, document: Document) -> bool:
    """Whether a new document has reached the lists (U1)."""
    age = (books.now() - document.created_at).total_seconds()
    return books.switches.fresh_documents == "at_once" or age >= FRESH_LAG_SECONDS


def list_orders(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """GET /orders."""
    delivery, payments = flag(request, "includeOrderDelivery"), flag(request, "includePayment")

    def present(order: Order) -> Payload:
        return order_payload(books, order, delivery=delivery, payments=payments, charges=False)

    return page(books, request, _chosen(books, request), Listing[Order](present))


def get_order(books: Books, request: Request, names: tuple[str, ...]) -> Response:
    """GET /orders/{id}."""
    order = books.order(numbered(names))
    return Response.of_json(order_payload(books, order, payments=flag(request, "includePayment")))


def get_order_by_code(books: Books, request: Request, names: tuple[str, ...]) -> Response:
    """GET /orders/code/{code}."""
    found = by_code(books.orders, names[0], Refused(refusals.GONE, refusals.ORDER))
    return get_order(books, request, (str(found.id),))


def post_order(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """POST /orders; with `makeInvoice` an invoice and a receipt follow at once."""
    body = Body.of(request)
    order = create_order(books, body)
    if body.flag("makeInvoice"):
        try:
            invoice_order(books, order)
        except Refused:
            withdraw(books, order)
            raise
    return written(books, order_answer(books, order), SAVED, wrapped=False)


def put_order(books: Books, request: Request, names: tuple[str, ...]) -> Response:
    """PUT /orders/{id}."""
    body = Body.of(request)
    order = books.order(numbered(names))
    before = copy(order)
    update_order(books, order, body, whole=books.switches.put_order == "full")
    if body.flag("makeInvoice"):
        try:
            invoice_order(books, order)
        except Refused:
            vars(order).update(vars(before))
            ledger.hold(books, order)
            raise
    return written(books, order_answer(books, order), SAVED, wrapped=False)


def delete_order(books: Books, request: Request, names: tuple[str, ...]) -> Response:
    """DELETE /orders/{id}."""
    cancel_order(books, books.order(numbered(names)), void_payments=flag(request, "IsVoidPayment"))
    return Response.of_json({"message": DELETED})


def _chosen(books: Books, request: Request) -> Iterator[Order]:
    branches, statuses = wanted_ids(books, request, "branchIds"), wanted_ids(books, request, "status")
    customers, channels = wanted_ids(books, request, "customerIds"), wanted_ids(books, request, "saleChannelId")
    for order in books.orders.values():
        hidden = order.status == 4 and books.switches.cancelled_orders != "listed"
        status, _ = shown_order_status(books, order.status)
        if (
            not hidden
            and listed(books, order)
            and (branches is None or order.branch_id in branches)
            and (statuses is None or status in statuses)
            and (customers is None or order.customer_id in customers)
            and (channels is None or order.channel_id in channels)
            and customer_matches(books, request, order)
            and until(books, request, order)
            and on_day(books, request, order.created_at, "createdDate")
        ):
            yield order


def customer_matches(books: Books, request: Request, document: Document) -> bool:
    """Whether the `customerCode` filter lets a document through."""
    code = (request.param("customerCode") or "").strip().lower()
    customer = books.customers.get(document.customer_id or 0)
    return not code or (customer is not None and customer.code.lower() == code)


def until(books: Books, request: Request, document: Document) -> bool:
    """Whether the `toDate` filter ("modified until") lets a document through."""
    last = instant(books, request, "toDate")
    return last is None or (document.modified_at or document.created_at) <= last
