"""The formula computed from what both shops really hold, without any of syncd's own code."""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal
from typing import Any

from tests.rig import Rig

_LEFT = {"delivering", "delivered", "notmeetcustomer", "waitingforreturn", "return"}
_CANCELLED_ORDER, _VOIDED_INVOICE = 4, 2


def expected(rig: Rig, sku: str, location: int, branches: tuple[int, ...], reserves: bool) -> int:
    """What Haravan's available should be once everything is quiet."""
    product, variant = rig.sandbox.products[sku], rig.sandbox.variants[sku]
    pairs = [rig.kiotviet.stock(product, branch) for branch in branches]
    sellable = math.floor(sum((on_hand - reserved for on_hand, reserved in pairs), Decimal(0)))
    waiting = sum(_pending(rig, order, variant, location, reserves) for order in rig.haravan.orders())
    return max(0, sellable - waiting)


def _pending(rig: Rig, order: dict[str, Any], variant: int, location: int, reserves: bool) -> int:
    """Pieces of one order that are taken in Haravan and that KiotViet's figures do not show."""
    if order["location_id"] != location:
        return 0
    left = Counter({line["id"]: line["quantity"] for line in order["line_items"] if line["variant_id"] == variant})
    for refund in order["refunds"]:
        for row in refund["refund_line_items"] or ():
            left[row["line_item_id"]] -= row["quantity"]
    shipped: Counter[str] = Counter()
    for shipment in order["fulfillments"]:
        status = shipment["carrier_status_code"]
        if status == "cancel":
            continue
        for row in shipment["line_items"]:
            taken = min(row["quantity"], left[row["id"]])
            left[row["id"]] -= taken
            shipped["left" if status in _LEFT else "waits"] += taken
    if order["cancelled_at"] is not None:
        left.clear()
        shipped["waits"] = 0
    waits = sum(left.values()) + shipped["waits"]
    if order["source_name"] != "web":
        return waits
    marker = f"HRV#{order['id']}"
    live = [
        o for o in rig.kiotviet.orders() if o["description"].split()[0] == marker and o["status"] != _CANCELLED_ORDER
    ]
    if not live:
        return waits + shipped["left"]
    return 0 if reserves else waits + (0 if _is_invoiced(rig, live[0]["id"]) else shipped["left"])


def _is_invoiced(rig: Rig, order_id: int) -> bool:
    return any(row.get("orderId") == order_id and row["status"] != _VOIDED_INVOICE for row in rig.kiotviet.invoices())
