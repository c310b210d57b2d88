"""Who buys, in the form that KiotViet can find again."""

from __future__ import annotations

from syncd.core.model import WebOrder


def customer_code(buyer_id: int, branch_id: int | None) -> str:
    """Our own customer code; it ends in the branch where the shop manages customers per branch."""
    return f"HRV{buyer_id}" if branch_id is None else f"HRV{buyer_id}-{branch_id}"


def customer_name(order: WebOrder) -> str:
    """The buyer's name, else the receiver's, else our own code: KiotViet wants some name."""
    return order.buyer.name or order.address.name or f"Haravan {order.buyer.id}"
