"""The cashier's desk: what is owed, what came in, what goes back."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from syncd.sandbox.haravan.floor import Refusal, action
from syncd.sandbox.haravan.state import Order, Payment, Refund
from syncd.sandbox.haravan.stock import LineRequest, StockDesk

STAFF_ID = 200_000_497_867


class CashDesk(StockDesk):
    """Transactions and refunds."""

    @action
    def mark_paid(self, order_id: int, amount: Decimal | int | None = None) -> int:
        """The staff records money received (all that is owed where no amount is said); gives the transaction's id."""
        order = self.find_order(order_id)
        owed = order.total - order.received
        payment = self.capture(order, owed if amount is None else Decimal(amount), user_id=STAFF_ID)
        self.progressed(order)
        return payment.id

    @action
    def refund(
        self,
        order_id: int,
        lines: Iterable[LineRequest] = (),
        restock: bool = False,
        amount: Decimal | int = 0,
        note: str | None = None,
    ) -> int:
        """Take back goods ((line id, quantity) each), money, or both; gives the refund's id."""
        order = self.find_order(order_id)
        refund = self.give_back(order, list(lines), restock=restock, amount=Decimal(amount), note=note)
        order.updated_at = self.now()
        return refund.id

    def owe(self, order: Order) -> None:
        """Write down the amount owed, once."""
        if not any(payment.kind == "pending" for payment in order.payments):
            order.payments.insert(0, self._payment(order, "pending", order.total))

    def capture(self, order: Order, amount: Decimal, *, user_id: int = 0, kind: str = "capture") -> Payment:
        """Record money received; `Refusal` 422 when that is nothing."""
        if amount <= 0:
            raise Refusal(422, "Số tiền không hợp lệ")
        payment = self._payment(order, kind, amount)
        payment.user_id = user_id
        owed = [payment.id for payment in order.payments if payment.kind == "pending"]
        payment.parent_id = owed[0] if owed else None
        order.payments.insert(0, payment)
        self.log_event("capture_success", "Order", order.id, order.label)
        return payment

    def give_back(
        self, order: Order, pieces: list[LineRequest], *, restock: bool, amount: Decimal, note: str | None
    ) -> Refund:
        """Book a refund: shipped goods first, which go back to the shelf if restocked; the rest is struck."""
        for line_id, quantity in pieces:
            _check_piece(order, line_id, quantity)
        rows = [(self.memory.next_id("refund_line"), line_id, quantity) for line_id, quantity in pieces]
        refund = Refund(
            self.memory.next_id("refund"), order.id, self.now(), note, restock or None, order.location_id, rows
        )
        for line_id, quantity in pieces:
            _take_back(order, line_id, quantity, restock)
        if amount > 0:
            back = self._payment(order, "refund", -amount)
            back.status, back.user_id = "Thành công", STAFF_ID
            order.payments.insert(0, back)
            refund.payments.append(back)
        order.refunds.append(refund)
        self.restate(order)
        if amount > 0:
            self.log_event("refund_success", "Order", order.id, order.label)
        if restock:
            self.log_event("restock_line_items", "Order", order.id, order.label)
        return refund

    def progressed(self, order: Order) -> None:
        """Note progress of delivery or money on the order itself, where this shop does so."""
        if self.switches.progress_moves_order == "moves":
            order.updated_at = self.now()

    def _payment(self, order: Order, kind: str, amount: Decimal) -> Payment:
        payment_id = self.memory.next_id("payment")
        return Payment(payment_id, order.id, kind, amount, self.now(), order.gateway, order.location_id)


def _check_piece(order: Order, line_id: int, quantity: int) -> None:
    try:
        line = order.line(line_id)
    except KeyError as error:
        raise Refusal(422, f"order {order.label} has no line {line_id}") from error
    already = sum(row[2] for refund in order.refunds for row in refund.pieces or () if row[1] == line_id)
    if not 0 < quantity <= line.quantity - already:
        raise Refusal(422, "Số lượng hoàn trả không hợp lệ")


def _take_back(order: Order, line_id: int, quantity: int, restock: bool) -> None:
    line = order.line(line_id)
    back = min(quantity, order.gone(line_id) - line.came_back)
    line.came_back += back
    line.returned += back if restock else 0
    line.removed += quantity - back
