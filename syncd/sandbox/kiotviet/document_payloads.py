"""Orders and invoices as they are read: which members, under which names, and which are left out when."""

from __future__ import annotations

from syncd.sandbox.kiotviet.books import Books
from syncd.sandbox.kiotviet.customers import masked
from syncd.sandbox.kiotviet.deliveries import STATUS_TEXTS
from syncd.sandbox.kiotviet.documents import order_of, total
from syncd.sandbox.kiotviet.records import Charge, Document, Invoice, Line, Order, Voucher
from syncd.sandbox.kiotviet.wire import Payload, local_text, without_nulls

ORDER_TEXTS = {1: "Phiếu tạm", 2: "Đang giao hàng", 3: "Hoàn thành", 4: "Đã hủy", 5: "Đã xác nhận"}
INVOICE_TEXTS = {1: "Hoàn thành", 2: "Đã hủy", 3: "Đang xử lý", 5: "Không giao được"}


def shown_order_status(books: Books, status: int) -> tuple[int, str]:
    """Number and words of an order's status, as the shop has it (U16)."""
    text = ORDER_TEXTS[status]
    if books.switches.status_texts == "processing" and status == 2:
        text = "Đang xử lý"
    if books.switches.status_texts == "swapped":
        status = {4: 5, 5: 4}.get(status, status)
    return status, text


def order_payload(
    books: Books, order: Order, *, delivery: bool = True, payments: bool = False, charges: bool = True
) -> Payload:
    """An order; the three parts come where they are asked for, or with a single order."""
    status, text = shown_order_status(books, order.status)
    payload = {
        **_head(books, order, status, text),
        "retailerId": books.retailer_id,
        "usingCod": order.delivery is not None,
        "SaleChannelId": order.channel_id,
        "PriceBookId": 0,
        "SaleChannelName": channel_name(books, order),
        "orderDetails": [_order_line(books, line) for line in order.lines],
        "orderDelivery": _delivery(order) if delivery else None,
        "payments": _payments(books, order) if payments else None,
        "invoiceOrderSurcharges": _charges(books, order, None) if charges else None,
    }
    return without_nulls(payload)


def order_answer(books: Books, order: Order) -> Payload:
    """An order as a write answers it: with what only writes tell."""
    extra = {"method": order.method, "saleChannelId": order.channel_id, "totalTax": 0, "discountAfterTax": 0}
    made = [books.invoices[invoice_id] for invoice_id in order.invoice_ids if books.invoices[invoice_id].live]
    if made:
        extra.update({"invoiceId": made[-1].id, "invoiceCode": made[-1].code})
    return {**order_payload(books, order), **without_nulls(extra)}


def invoice_payload(
    books: Books, invoice: Invoice, *, delivery: bool = True, payments: bool = False, channel: bool = False
) -> Payload:
    """An invoice; the three parts come where they are asked for."""
    payload = {
        "uuid": invoice.uuid,
        **_head(books, invoice, invoice.status, INVOICE_TEXTS[invoice.status]),
        "orderCode": order_of(books, invoice),
        "usingCod": invoice.using_cod,
        "saleChannelId": invoice.channel_id,
        "invoiceDetails": [_invoice_line(books, line) for line in invoice.lines],
        "invoiceDelivery": _delivery(invoice) if delivery else None,
        "payments": _payments(books, invoice) if payments else None,
        "invoiceOrderSurcharges": _charges(books, invoice, invoice.id) or None,
        "SaleChannel": _channel(books, invoice) if channel else None,
    }
    return without_nulls(payload)


def invoice_answer(books: Books, invoice: Invoice) -> Payload:
    """An invoice as a write answers it: the delivery is named as in the request."""
    payload = invoice_payload(books, invoice, payments=True)
    delivery = payload.pop("invoiceDelivery", None)
    return {**payload, **without_nulls({"method": invoice.method, "deliveryDetail": delivery})}


def channel_name(books: Books, document: Document) -> str:
    """The name of the sale channel."""
    return str(books.entries["channel"][document.channel_id].payload["name"])


def _head(books: Books, document: Document, status: int, text: str) -> Payload:
    customer = books.customers.get(document.customer_id or 0)
    seller = books.entries["user"].get(document.sold_by_id or 0)
    return {
        "id": document.id,
        "code": document.code,
        "purchaseDate": local_text(document.purchased_at),
        "branchId": document.branch_id,
        "branchName": books.branches[document.branch_id].name,
        "soldById": document.sold_by_id,
        "soldByName": seller.payload["givenName"] if seller else None,
        "customerId": document.customer_id,
        "customerCode": customer.code if customer else None,
        "customerName": masked(books, customer.name) if customer else None,
        "total": total(books, document),
        "totalPayment": document.paid,
        "discount": document.discount,
        "discountRatio": document.ratio,
        "status": status,
        "statusValue": text,
        "description": document.description,
        "createdDate": local_text(document.created_at),
        "modifiedDate": local_text(document.modified_at) if document.modified_at else None,
    }


def _line(books: Books, line: Line) -> Payload:
    product = books.products.get(line.product_id)
    return {
        "productId": line.product_id,
        "productCode": product.code if product else None,
        "productName": product.full_name if product else None,
        "quantity": line.quantity,
        "price": line.price,
        "discount": line.discount,
        "discountRatio": line.ratio,
        "note": line.note,
    }


def _order_line(books: Books, line: Line) -> Payload:
    shown = {**_line(books, line), "isMaster": True, "viewDiscount": 0, "orderDetailTaxs": []}
    return without_nulls(shown)


def _invoice_line(books: Books, line: Line) -> Payload:
    shown = {
        **_line(books, line),
        "usePoint": True,
        "subTotal": line.amount,
        "serialNumbers": "",
        "returnQuantity": line.returned,
    }
    return without_nulls(shown)


def _delivery(document: Document) -> Payload | None:
    if document.delivery is None:
        return None
    shown = {"deliveryCode": "", **document.delivery}
    if isinstance(document, Invoice):
        shown["statusValue"] = STATUS_TEXTS[shown["status"]]
    else:
        shown.pop("status", None)
    return shown


def _payments(books: Books, document: Document) -> list[Payload] | None:
    return [payment_payload(books, voucher) for voucher in document.vouchers] or None


def payment_payload(books: Books, voucher: Voucher) -> Payload:
    """A payment inside its document."""
    account = books.entries["account"].get(voucher.account_id or 0)
    named = f"{account.payload['accountNumber']} - {account.payload['bankName']}" if account else None
    return without_nulls(
        {
            "id": voucher.id,
            "code": voucher.code,
            "amount": voucher.amount,
            "method": voucher.method,
            "status": 1 if voucher.voided else 0,
            "statusValue": "Đã hủy" if voucher.voided else "Đã thanh toán",
            "transDate": local_text(voucher.created_at),
            "bankAccount": named,
            "accountId": voucher.account_id,
        }
    )


def _charges(books: Books, document: Document, invoice_id: int | None) -> list[Payload]:
    return [_charge(books, charge, invoice_id) for charge in document.charges]


def _charge(books: Books, charge: Charge, invoice_id: int | None) -> Payload:
    return without_nulls(
        {
            "id": charge.id,
            "invoiceId": invoice_id,
            "surchargeId": charge.surcharge_id,
            "surchargeName": books.surcharges[charge.surcharge_id].name,
            "surValue": charge.price,
            "price": charge.price,
            "createdDate": local_text(charge.created_at),
        }
    )


def _channel(books: Books, invoice: Invoice) -> Payload:
    return {
        "IsNotDelete": False,
        "RetailerId": books.retailer_id,
        "Position": 0,
        "IsActivate": True,
        "Id": invoice.channel_id,
        "Name": channel_name(books, invoice),
    }
