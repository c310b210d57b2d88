"""How Haravan spells its states, with the Vietnamese names that people see."""

from __future__ import annotations

from syncd.sandbox.haravan.state import Order
from syncd.sandbox.haravan.switches import HaravanSwitches

CARRIER_NAMES = {
    "pending": "Chờ xử lý",
    "readytopick": "Chờ lấy hàng",
    "picking": "Đang đi lấy",
    "delivering": "Đang giao hàng",
    "delivered": "Đã giao hàng",
    "notmeetcustomer": "Không gặp khách",
    "waitingforreturn": "Chờ chuyển hoàn",
    "return": "Chuyển hoàn",
    "cancel": "Hủy giao hàng",
}
CARRIER_DATES = {
    "readytopick": "ready_to_pick_date",
    "picking": "picking_date",
    "delivering": "delivering_date",
    "delivered": "delivered_date",
    "notmeetcustomer": "not_meet_customer_date",
    "waitingforreturn": "waiting_for_return_date",
    "return": "return_date",
    "cancel": "cancel_date",
}
ON_SHELF = frozenset({"pending", "readytopick", "cancel"})
"""Carrier states in which nobody has fetched the goods yet."""

COD_NAMES = {
    "none": "Không",
    "codpending": "Chưa nhận",
    "codpaid": "Đã thu",
    "codreceipt": "Đã nhận",
    "codnotreceipt": "Chưa nhận",
}
COD_DATES = {
    "codpending": "cod_pending_date",
    "codpaid": "cod_paid_date",
    "codreceipt": "cod_receipt_date",
    "codnotreceipt": "cod_not_receipt_date",
}
COMPANIES = {
    "ghn2018": "Giao hàng nhanh",
    "ghtk": "Giao hàng tiết kiệm",
    "vnpost": "VNPost",
    "external": "Carrier",
    "other": "Khác",
}
COD_GATEWAY = "Thanh toán khi giao hàng (COD)"

_UNDERSCORED_CARRIER = {"notmeetcustomer": "not_meet_customer", "waitingforreturn": "waiting_for_return"}
_FINANCIAL = {
    "samples": {"partially_paid": "partiallypaid"},
    "underscored": {},
    "joined": {"partially_paid": "partiallypaid", "partially_refunded": "partiallyrefunded"},
}


def plain(code: str) -> str:
    """A code without the separators that carriers like to add."""
    return code.lower().replace("_", "").replace("-", "").replace(" ", "")


def carrier_code(code: str, switches: HaravanSwitches) -> str:
    """A carrier status as this shop spells it."""
    return _UNDERSCORED_CARRIER.get(code, code) if switches.status_spelling == "underscored" else code


def gateway_code(code: str | None, switches: HaravanSwitches) -> str | None:
    """A gateway's code as this shop spells it."""
    return code if code is None or switches.status_spelling == "samples" else code.lower()


def financial_status(order: Order, switches: HaravanSwitches) -> str:
    """The state of the money, as this shop spells it."""
    status = _money_state(order)
    return _FINANCIAL[switches.status_spelling].get(status, status)


def _money_state(order: Order) -> str:
    if order.refunded > 0:
        return "refunded" if order.refunded >= order.received else "partially_refunded"
    if order.received > 0 or order.total == 0:  # an order of nothing is paid at once, as in the samples
        return "paid" if order.received >= order.total else "partially_paid"
    return "pending"


def shipping_state(order: Order) -> str:
    """`unshipped`, `partial` or `shipped`, as the filter of that name understands it."""
    shipped = sum(order.shipped(line.id) for line in order.lines)
    if not shipped:
        return "unshipped"
    return "partial" if any(order.open_pieces(line) for line in order.lines) else "shipped"


def fulfillment_status(order: Order, switches: HaravanSwitches) -> str | None:
    """The order's shipping state as this shop spells it."""
    status = {"unshipped": "notfulfilled", "partial": "partial", "shipped": "fulfilled"}[shipping_state(order)]
    return None if status == "notfulfilled" and switches.status_spelling == "underscored" else status
