"""What happens to orders: made, changed, turned into invoices, cancelled."""

from __future__ import annotations

from copy import deepcopy

from syncd.sandbox.kiotviet import ledger, refusals
from syncd.sandbox.kiotviet.books import Books
from syncd.sandbox.kiotviet.deliveries import read_delivery
from syncd.sandbox.kiotviet.documents import (
    apply_ratio,
    read_charges,
    read_head,
    read_lines,
    receive_sent,
)
from syncd.sandbox.kiotviet.records import Line, Order
from syncd.sandbox.kiotviet.refusals import Refused
from syncd.sandbox.kiotviet.wire import Body

DRAFT, PARTLY, COMPLETED, CANCELLED, CONFIRMED = 1, 2, 3, 4, 5


def create_order(books: Books, body: Body) -> Order:
    """A new order in status 1 that reserves its goods.

    Raises:
        Refused: The shop does not take it.
    """
    branch = books.branch(body.whole("branchId"))
    lines = read_lines(books, body, "orderDetails", branch.id, merge=False)
    ledger.check_order(books, branch.id, lines)
    code = _own_code(books, body)
    charges = read_charges(books, body.parts("surchages"))
    delivery = _delivery(books, body)
    now = books.now()
    order = Order(id=0, code="", created_at=now, branch_id=branch.id, purchased_at=now, status=DRAFT, lines=lines)
    read_head(books, order, body, whole=True)
    order.charges, order.delivery = charges, delivery
    apply_ratio(order)
    order.id, order.code = books.next_id("order"), code or books.next_code("DH")
    receive_sent(books, order, body)
    books.orders[order.id] = order
    ledger.hold(books, order)
    return order


def update_order(books: Books, order: Order, body: Body, *, whole: bool) -> None:
    """Change an open order; with `whole`, members that were not sent are cleared.

    Raises:
        Refused: It is closed, or the new content is not taken.
    """
    _require_open(order)
    changed = deepcopy(order)
    changed.vouchers = list(order.vouchers)
    if body.has("orderDetails"):
        changed.lines = read_lines(books, body, "orderDetails", order.branch_id, merge=False)
        _check_invoiced(books, order, changed.lines)
    read_head(books, changed, body, whole=whole)
    apply_ratio(changed)
    if whole or body.has("surchages"):
        changed.charges = read_charges(books, body.parts("surchages"), order.charges)
    if whole or body.has("orderDelivery"):
        changed.delivery = _delivery(books, body)
    if books.switches.put_status == "accepted":
        changed.status = _sent_status(body) or order.status
    receive_sent(books, changed, body)
    vars(order).update(vars(changed))
    books.touch(order)
    ledger.hold(books, order)


def withdraw(books: Books, order: Order) -> None:
    """Take back an order that was made in a request which is refused after all."""
    order.status = CANCELLED
    ledger.hold(books, order)
    del books.orders[order.id]


def cancel_order(books: Books, order: Order, *, void_payments: bool = False) -> None:
    """Cancel an order and let its goods go.

    Raises:
        Refused: It is finished or cancelled, or it has live invoices.
    """
    has_invoices = any(books.invoices[invoice_id].live for invoice_id in order.invoice_ids)
    if order.status == CANCELLED or (order.status == COMPLETED and not has_invoices):
        raise Refused(refusals.ORDER_STATUS, refusals.ORDER)
    if has_invoices and books.switches.delete_with_invoices == "refused":
        raise Refused("Đơn đặt hàng đã có hóa đơn, không thể hủy", refusals.ORDER)
    if void_payments:
        for voucher in order.vouchers:
            voucher.voided = True
    close(books, order, CANCELLED)


def close(books: Books, order: Order, status: int) -> None:
    """Put an order into a final status."""
    order.status = status
    books.touch(order)
    ledger.hold(books, order)


def require_invoiceable(order: Order) -> None:
    """Let an order be invoiced.

    Raises:
        Refused: It is finished or cancelled.
    """
    _require_open(order)


def follow_invoices(books: Books, order: Order) -> None:
    """Make an order's status and reservation what its invoices say, after one was made or voided."""
    rest = ledger.open_quantities(books, order)
    taken = ledger.invoiced(books, order)
    if order.status != CANCELLED:
        if taken and not any(rest.values()):
            order.status = COMPLETED
        elif any(taken.values()):
            order.status = PARTLY
        elif order.status != CONFIRMED:
            order.status = DRAFT
    if books.switches.order_stamp == "moves":
        books.touch(order)
    ledger.hold(books, order)


def _require_open(order: Order) -> None:
    if order.status in (COMPLETED, CANCELLED):
        raise Refused(refusals.ORDER_STATUS, refusals.ORDER)


def _sent_status(body: Body) -> int | None:
    status = body.whole("status")
    return status if status in (DRAFT, COMPLETED, CANCELLED, CONFIRMED) else None


def _own_code(books: Books, body: Body) -> str | None:
    code = (body.text("code") or "").strip()
    if not code or books.switches.client_code == "ignored":
        return None
    if any(order.code.lower() == code.lower() for order in books.orders.values()):
        raise Refused(f"Mã đặt hàng {code} đã tồn tại", refusals.ORDER)
    return code


def _delivery(books: Books, body: Body) -> dict[str, object] | None:
    part = body.part("orderDelivery")
    if part is not None:
        return read_delivery(books, part)
    if body.flag("usingCod") and not books.settings["UseDelivery"]:
        raise Refused(refusals.DELIVERY_OFF, refusals.ORDER)
    if books.settings["UseDelivery"] and books.settings["RequireOrderDelivery"]:
        raise Refused("Thông tin giao hàng không được để trống", refusals.ORDER)
    return None


def _check_invoiced(books: Books, order: Order, lines: list[Line]) -> None:
    wanted = {line.product_id: line.quantity for line in lines}
    for product_id, taken in ledger.invoiced(books, order).items():
        if wanted.get(product_id, 0) < taken:
            raise Refused("Số lượng đặt nhỏ hơn số lượng đã giao", refusals.ORDER)
