"""The formula computed from what both shops really hold, without any of syncd's own code."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.rig import Rig

_LEFT = {"delivering", "delivered", "notmeetcustomer", "waitingforreturn"}
_BACK = "return"
_CANCELLED_ORDER, _VOIDED_INVOICE, _OPEN_ORDERS = 4, 2, {1, 2, 5}


Units = Mapping[str, tuple[str, int]]
"""Base and pieces of each pack, by SKU."""


def expected(
    rig: Rig,
    sku: str,
    location: int,
    branches: tuple[int, ...],
    *,
    reserves: bool,
    safety: int = 0,
    units: Units | None = None,
) -> int:
    """What Haravan's available should be once everything is quiet.

    A pack is counted from its base; what is pending of one unit is pending of the other too.
    """
    packs = units or {}
    base, per = packs.get(sku, (sku, 1))
    pairs = [rig.kiotviet.stock(rig.sandbox.products[base], branch) for branch in branches]
    free = sum((on_hand - reserved for on_hand, reserved in pairs), Decimal(0))
    family = [(base, 1), *((unit, size) for unit, (of, size) in packs.items() if of == base)]
    orders, documents = rig.haravan.orders(), _Documents(rig)
    waiting = sum(
        _pending(documents, order, rig.sandbox.variants[unit], location, branches, reserves=reserves) * size
        for unit, size in family
        for order in orders
    )
    return max(0, math.floor((free - waiting) / per) - safety)


class _Documents:
    """KiotViet's live documents by marker."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.receiver = rig, rig.branch
        self.orders: dict[str, dict[str, Any]] = {}
        for order in rig.kiotviet.orders():
            words = (order.get("description") or "").split()
            if words and order["status"] != _CANCELLED_ORDER:
                self.orders.setdefault(words[0], order)
        self.invoices = [row for row in rig.kiotviet.invoices() if row["status"] != _VOIDED_INVOICE]

    def holds(self, order: dict[str, Any]) -> bool:
        """Whether an open order's pieces are in `reserved`."""
        return order["status"] in _OPEN_ORDERS and not self.rig.kiotviet._books.orders[order["id"]].unreserved

    def is_invoiced(self, order: dict[str, Any]) -> bool:
        return any(row.get("orderId") == order["id"] for row in self.invoices)


def _pending(
    documents: _Documents,
    order: dict[str, Any],
    variant: int,
    location: int,
    branches: tuple[int, ...],
    *,
    reserves: bool,
) -> int:
    """Pieces of one order that are taken in Haravan and that KiotViet's figures do not show.

    What the carrier brought back is in the shop again, whatever Haravan's own figure says until somebody restocks it.
    """
    if order["location_id"] != location:
        return 0
    left = Counter({line["id"]: line["quantity"] for line in order["line_items"] if line["variant_id"] == variant})
    for refund in order["refunds"]:
        for row in refund["refund_line_items"] or ():
            if row["line_item_id"] in left:
                left[row["line_item_id"]] -= row["quantity"]
    shipped: Counter[str] = Counter()
    for shipment in order["fulfillments"]:
        status = shipment["carrier_status_code"]
        if status == "cancel":
            continue
        for row in shipment["line_items"]:
            taken = min(row["quantity"], left[row["id"]])
            left[row["id"]] -= taken
            shipped["back" if status == _BACK else "left" if status in _LEFT else "waits"] += taken
    if order["cancelled_at"] is not None:
        left.clear()
        shipped["waits"] = 0
    waits = sum(left.values()) + shipped["waits"]
    if order["source_name"] != "web" or documents.receiver not in branches:
        return waits
    live = documents.orders.get(f"HRV#{order['id']}")
    if live is None:
        return waits + shipped["left"]
    if documents.is_invoiced(live):
        return 0
    return 0 if reserves and documents.holds(live) else waits + shipped["left"]
