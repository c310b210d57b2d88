"""What happens to invoices: made (goods leave the shelf), changed, replaced by `.01`, voided."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy

from syncd.sandbox.kiotviet import ledger, refusals
from syncd.sandbox.kiotviet.books import Books
from syncd.sandbox.kiotviet.deliveries import CANCELLED, invoice_status, read_invoice_delivery, settle
from syncd.sandbox.kiotviet.documents import (
    apply_ratio,
    check_account,
    read_charges,
    read_head,
    read_lines,
    receive,
    receive_sent,
    same_terms,
    total,
)
from syncd.sandbox.kiotviet.order_rules import follow_invoices, require_invoiceable
from syncd.sandbox.kiotviet.records import ZERO, Charge, Invoice, Line, Order
from syncd.sandbox.kiotviet.refusals import Refused
from syncd.sandbox.kiotviet.wire import Body

VOIDED = 2


def create_invoice(books: Books, body: Body, *, enforce_stock: bool = True) -> Invoice:
    """A new invoice, from an order or without one; its goods leave the shelf.

    Raises:
        Refused: The shop does not take it.
    """
    branch = books.branch(body.whole("branchId"))
    order = _order(books, body)
    lines = read_lines(books, body, "invoiceDetails", branch.id, merge=True)
    if order is not None:
        _check_open(books, order, lines)
    if enforce_stock:
        ledger.check_sale(books, branch.id, lines, order)
    invoice = _draft(books, body, branch.id, lines, order)
    receive_sent(books, invoice, body)
    return _post(books, invoice)


def invoice_order(books: Books, order: Order, *, pay: bool = True) -> Invoice:
    """Turn all that is open of an order into an invoice, with a receipt where `pay`.

    Raises:
        Refused: It is finished or cancelled, or nothing is open.
    """
    require_invoiceable(order)
    rest = ledger.open_quantities(books, order)
    lines = [deepcopy(line) for line in order.lines if rest.get(line.product_id)]
    for line in lines:
        line.quantity = rest[line.product_id]
    if not lines:
        raise Refused(refusals.ORDER_STATUS, refusals.ORDER)
    ledger.check_sale(books, order.branch_id, lines, order)
    invoice = _from_order(books, order, lines)
    _post(books, invoice)
    due = total(books, invoice) - order.paid
    if pay and due > 0:
        receive(books, invoice, due, order.method or "Cash")
    return invoice


def update_invoice(books: Books, invoice: Invoice, body: Body) -> Invoice:
    """Change an invoice: delivery and money in place, goods by voiding it for a new one with a `.01` code.

    Raises:
        Refused: It was voided, or the new content is not taken.
    """
    if not invoice.live:
        raise Refused(refusals.INVOICE_INVALID, refusals.INVOICE)
    check_account(books, body.whole("codPaymentAccount"))
    check_account(books, body.whole("accountId"))
    changed = deepcopy(invoice)
    changed.vouchers = list(invoice.vouchers)
    read_head(books, changed, body, whole=False)
    if books.switches.put_order == "full":
        changed.description = body.text("description")
    _read_goods(books, changed, body)
    _check_stock(books, invoice, changed)
    _read_delivery(books, changed, body)
    anew = books.switches.put_invoice == "always_new" or (
        books.switches.put_invoice == "on_line_change" and _goods_differ(invoice, changed)
    )
    current = _replace(books, invoice, changed) if anew else _amend(books, invoice, changed)
    settle(books, current, body)
    receive_sent(books, current, body)
    current.status = invoice_status(books, current)
    if current.order_id and books.switches.order_stamp == "moves":
        books.touch(books.orders[current.order_id])
    return current


def void_invoice(books: Books, invoice: Invoice, *, void_payments: bool = False) -> None:
    """Void an invoice: the goods are back on the shelf; what its order does is an open question (U6).

    Raises:
        Refused: It was voided before.
    """
    if not invoice.live:
        raise Refused(refusals.GONE, refusals.INVOICE)
    _take_back(books, invoice)
    for voucher in invoice.vouchers:
        voucher.voided = voucher.voided or void_payments
    if invoice.delivery is not None:
        invoice.delivery["status"] = CANCELLED
    if invoice.order_id:
        _reopen(books, books.orders[invoice.order_id])


def _order(books: Books, body: Body) -> Order | None:
    order_id = body.whole("orderId")
    if not order_id:
        return None
    order = books.order(order_id)
    require_invoiceable(order)
    return order


def _check_open(books: Books, order: Order, lines: list[Line]) -> None:
    rest = ledger.open_quantities(books, order)
    for line in lines:
        if line.quantity > rest.get(line.product_id, ZERO):
            code = books.product(line.product_id).code
            raise Refused(f"Số lượng vượt quá số lượng đặt hàng còn lại: {code}", refusals.ORDER)


def _draft(books: Books, body: Body, branch_id: int, lines: list[Line], order: Order | None) -> Invoice:
    charges = _charges(books, body)
    delivery = _first_delivery(books, body)
    now = books.now()
    invoice = Invoice(
        id=0, code="", uuid="", created_at=now, branch_id=branch_id, purchased_at=now, status=1, lines=lines
    )
    read_head(books, invoice, body, whole=True)
    invoice.charges, invoice.delivery, invoice.using_cod = charges, delivery, delivery is not None
    apply_ratio(invoice)
    if order is not None:
        invoice.order_id = order.id
        invoice.customer_id = invoice.customer_id or order.customer_id
    invoice.id, invoice.code = books.next_id("invoice"), books.next_code("HD")
    invoice.uuid = books.uuid(invoice.id)
    return invoice


def _charges(books: Books, body: Body, kept: Iterable[Charge] = ()) -> list[Charge]:
    """Surcharges stand at the top level, or inside the delivery as the documentation's page nests them."""
    part = body.part("deliveryDetail")
    return read_charges(books, body.parts("surchages") or (part.parts("surchages") if part else []), kept)


def _first_delivery(books: Books, body: Body) -> dict[str, object] | None:
    if not body.flag("usingCod"):
        return None
    return read_invoice_delivery(books, body.part("deliveryDetail") or Body({}))


def _from_order(books: Books, order: Order, lines: list[Line]) -> Invoice:
    first = not order.invoice_ids
    now = books.now()
    invoice_id = books.next_id("invoice")
    return Invoice(
        id=invoice_id,
        code=books.next_code("HD"),
        uuid=books.uuid(invoice_id),
        created_at=now,
        purchased_at=now,
        status=1,
        branch_id=order.branch_id,
        sold_by_id=order.sold_by_id,
        customer_id=order.customer_id,
        channel_id=order.channel_id,
        description=order.description,
        discount=order.discount if first else None,
        method=order.method,
        lines=lines,
        charges=deepcopy(order.charges) if first else [],
        order_id=order.id,
    )


def _post(books: Books, invoice: Invoice) -> Invoice:
    """Enter a finished draft: goods off the shelf, the order follows."""
    books.invoices[invoice.id] = invoice
    ledger.move(books, invoice.branch_id, ledger.quantities(invoice.lines), -1)
    invoice.status = invoice_status(books, invoice)
    if invoice.order_id:
        order = books.orders[invoice.order_id]
        order.invoice_ids.append(invoice.id)
        follow_invoices(books, order)
    return invoice


def _read_goods(books: Books, changed: Invoice, body: Body) -> None:
    if body.has("invoiceDetails"):
        lines = read_lines(books, body, "invoiceDetails", changed.branch_id, merge=True)
        changed.lines = changed.lines if same_terms(changed, lines) else lines
    apply_ratio(changed)
    charges = _charges(books, body, changed.charges)
    kept = {charge.surcharge_id: charge for charge in changed.charges}
    if charges:
        changed.charges = [
            kept[charge.surcharge_id]
            if charge.surcharge_id in kept and kept[charge.surcharge_id].price == charge.price
            else charge
            for charge in charges
        ]


def _check_stock(books: Books, invoice: Invoice, changed: Invoice) -> None:
    if same_terms(invoice, changed.lines):
        return
    order = books.orders[invoice.order_id] if invoice.order_id else None
    ledger.move(books, invoice.branch_id, ledger.quantities(invoice.lines), 1)
    try:
        ledger.check_sale(books, invoice.branch_id, changed.lines, order)
    finally:
        ledger.move(books, invoice.branch_id, ledger.quantities(invoice.lines), -1)


def _read_delivery(books: Books, changed: Invoice, body: Body) -> None:
    part = body.part("deliveryDetail")
    if body.flag("usingCod") is False:
        changed.using_cod, changed.delivery = False, None
    elif part is not None:
        changed.delivery = read_invoice_delivery(books, part, changed.delivery or {"status": 1})
        changed.using_cod = True


def _goods_differ(old: Invoice, new: Invoice) -> bool:
    """Whether the change touches what was sold or what it costs."""
    old_charges = sorted((charge.surcharge_id, charge.price) for charge in old.charges)
    new_charges = sorted((charge.surcharge_id, charge.price) for charge in new.charges)
    same = same_terms(old, new.lines) and old_charges == new_charges
    return not same or (old.discount or ZERO) != (new.discount or ZERO)


def _amend(books: Books, invoice: Invoice, changed: Invoice) -> Invoice:
    """Write the changes into the invoice itself, moving goods where quantities differ."""
    ledger.move(books, invoice.branch_id, ledger.quantities(invoice.lines), 1)
    vars(invoice).update(vars(changed))
    ledger.move(books, invoice.branch_id, ledger.quantities(invoice.lines), -1)
    books.touch(invoice)
    if invoice.order_id:
        ledger.hold(books, books.orders[invoice.order_id])
    return invoice


def _replace(books: Books, old: Invoice, new: Invoice) -> Invoice:
    """Void the old invoice and enter the changed one as a new one; money and delivery go along."""
    _take_back(books, old)
    old.replaced = True
    old.vouchers = []
    new.id, new.code = books.next_id("invoice"), _next_suffix(old.code)
    new.created_at, new.modified_at = books.now(), None
    new.uuid = books.uuid(new.id)
    return _post(books, new)


def _next_suffix(code: str) -> str:
    found = re.fullmatch(r"(.+)\.(\d{2,})", code)
    return f"{found[1]}.{int(found[2]) + 1:02d}" if found else f"{code}.01"


def _take_back(books: Books, invoice: Invoice) -> None:
    invoice.status = VOIDED
    books.touch(invoice)
    ledger.move(books, invoice.branch_id, ledger.quantities(invoice.lines), 1)


def _reopen(books: Books, order: Order) -> None:
    """Let an order follow a void, unless the shop leaves it as it was."""
    effect = books.switches.void_effect
    if effect == "stays_closed":
        ledger.hold(books, order)
        return
    order.unreserved = order.unreserved or effect == "reopens_unreserved"
    follow_invoices(books, order)
