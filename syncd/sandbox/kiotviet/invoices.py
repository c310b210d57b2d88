"""The /invoices and /payments endpoints."""

from __future__ import annotations

from collections.abc import Iterator

from syncd.sandbox.http import Request, Response
from syncd.sandbox.kiotviet import refusals
from syncd.sandbox.kiotviet.answers import numbered, written
from syncd.sandbox.kiotviet.books import Books, by_code
from syncd.sandbox.kiotviet.deliveries import invoice_status
from syncd.sandbox.kiotviet.document_payloads import invoice_answer, invoice_payload
from syncd.sandbox.kiotviet.documents import order_of, receive
from syncd.sandbox.kiotviet.invoice_rules import create_invoice, update_invoice, void_invoice
from syncd.sandbox.kiotviet.lists import Listing, flag, on_day, page, wanted_ids, within
from syncd.sandbox.kiotviet.orders import customer_matches, listed, until
from syncd.sandbox.kiotviet.records import ZERO, Invoice
from syncd.sandbox.kiotviet.refusals import Refused
from syncd.sandbox.kiotviet.wire import Body, Payload, without_nulls

SAVED = "Thông tin hóa đơn được cập nhật thành công"


def list_invoices(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """GET /invoices."""
    delivery, payments = flag(request, "includeInvoiceDelivery"), flag(request, "includePayment")
    channel = _asks_channel(request)

    def present(invoice: Invoice) -> Payload:
        return invoice_payload(books, invoice, delivery=delivery, payments=payments, channel=channel)

    return page(books, request, _chosen(books, request), Listing[Invoice](present))


def get_invoice(books: Books, request: Request, names: tuple[str, ...]) -> Response:
    """GET /invoices/{id}."""
    return _single(books, request, books.invoice(numbered(names)))


def get_invoice_by_code(books: Books, request: Request, names: tuple[str, ...]) -> Response:
    """GET /invoices/code/{code}."""
    return _single(books, request, by_code(books.invoices, names[0], Refused(refusals.GONE, refusals.INVOICE)))


def post_invoice(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """POST /invoices."""
    invoice = create_invoice(books, Body.of(request))
    return written(books, invoice_answer(books, invoice), SAVED, wrapped=False)


def put_invoice(books: Books, request: Request, names: tuple[str, ...]) -> Response:
    """PUT /invoices/{id}; the answer may be another invoice than the one that was changed."""
    invoice = update_invoice(books, books.invoice(numbered(names)), Body.of(request))
    return written(books, invoice_answer(books, invoice), SAVED, wrapped=False)


def delete_invoice(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """DELETE /invoices with the id in the body; answers the voided invoice."""
    body = Body.of(request)
    invoice = books.invoice(body.whole("id") or 0)
    void_invoice(books, invoice, void_payments=bool(body.flag("isVoidPayment")))
    return written(books, invoice_answer(books, invoice), SAVED, wrapped=False)


def post_payment(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """POST /payments: money for what is owed on an invoice."""
    body = Body.of(request)
    invoice = books.invoice(body.whole("invoiceId") or 0)
    amount = body.number("amount") or ZERO
    if not invoice.live or amount <= 0:
        raise Refused(refusals.INVOICE_INVALID, refusals.INVOICE)
    voucher = receive(books, invoice, amount, body.text("method") or "Cash", body.whole("accountId"))
    invoice.status = invoice_status(books, invoice)
    books.touch(invoice)
    answer = {
        "paymentId": voucher.id,
        "paymentCode": voucher.code,
        "amount": amount,
        "method": voucher.method,
        "accountId": voucher.account_id,
        "invoiceId": invoice.id,
        "DocumentCode": invoice.code,
    }
    return Response.of_json(without_nulls(answer))


def _single(books: Books, request: Request, invoice: Invoice) -> Response:
    payments = flag(request, "includePayment")
    return Response.of_json(invoice_payload(books, invoice, payments=payments, channel=_asks_channel(request)))


def _asks_channel(request: Request) -> bool:
    return flag(request, "SaleChannel") or flag(request, "IncludeSaleChannel")


def _chosen(books: Books, request: Request) -> Iterator[Invoice]:
    branches, statuses = wanted_ids(books, request, "branchIds"), wanted_ids(books, request, "status")
    customers, orders = wanted_ids(books, request, "customerIds"), wanted_ids(books, request, "orderId")
    order_code = (request.param("orderCode") or "").strip().lower()
    for invoice in books.invoices.values():
        if (
            listed(books, invoice)
            and (branches is None or invoice.branch_id in branches)
            and (statuses is None or invoice.status in statuses)
            and (customers is None or invoice.customer_id in customers)
            and (orders is None or invoice.order_id in orders)
            and (not order_code or order_of(books, invoice).lower() == order_code)
            and customer_matches(books, request, invoice)
            and until(books, request, invoice)
            and on_day(books, request, invoice.created_at, "createdDate")
            and within(books, request, invoice.purchased_at, "fromPurchaseDate", "toPurchaseDate")
        ):
            yield invoice
