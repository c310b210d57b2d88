"""Numbers and API calls in the words of a shop."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from syncd.core.texts import Text, text
from syncd.errors import Message
from syncd.sandbox.kernel import Call

MINUS = "−"

_LAST_NUMBER = re.compile(r"/\d+$")


def dong(amount: Decimal | float) -> str:
    """An amount of đồng with points between thousands, as in 1.250.000."""
    return f"{int(amount):,}".replace(",", ".")


def signed(pieces: int) -> str:
    """A difference in pieces with its sign."""
    return f"+{pieces}" if pieces > 0 else f"{MINUS}{-pieces}"


def describe(call: Call, skus: Mapping[int, str]) -> Text:
    """One write in a sentence, with what became of it when that was not success.

    Args:
        call: A write from the journal of the simulated remotes.
        skus: SKU by Haravan variant id.
    """
    name = "Haravan" if call.remote == "haravan" else "KiotViet"
    deed = _deed(call, skus)
    if call.status is None:
        return text("demo_call_lost", remote=name, deed=deed)
    if call.status >= 400:
        return text("demo_call_refused", remote=name, deed=deed, status=call.status)
    return text("demo_call", remote=name, deed=deed)


def _deed(call: Call, skus: Mapping[int, str]) -> Message:
    path = _LAST_NUMBER.sub("/?", call.path.lower().removesuffix(".json"))
    body: Any = call.body or {}
    for (method, end), words in _DEEDS.items():
        if method == call.method and path.endswith(end):
            return words(body)
    if path.endswith("/adjustorset"):
        return text("demo_adjusts", rows=_adjustments(body, skus))
    return f"{call.method} {call.path}"


def _adjustments(body: Any, skus: Mapping[int, str]) -> str:
    rows = body["inventory"]["line_items"]
    return ", ".join(f"{skus.get(row['product_variant_id'], '?')} {signed(int(row['quantity']))}" for row in rows)


def _order(body: Any) -> Text:
    lines = ", ".join(f"{row['quantity']} × {row['productCode']}" for row in body["orderDetails"])
    return text("demo_enters_order", lines=lines)


def _invoice(body: Any) -> Text:
    cod = (body.get("deliveryDetail") or {}).get("priceCodPayment") or 0
    return text("demo_makes_invoice", cod=dong(cod))


_DEEDS: dict[tuple[str, str], Callable[[Any], Text]] = {
    ("POST", "/customers"): lambda body: text("demo_enters_customer", name=body["name"], code=body["code"]),
    ("POST", "/surchages"): lambda body: text("demo_sets_surcharge", code=body["code"]),
    ("POST", "/orders"): _order,
    ("DELETE", "/orders/?"): lambda _: text("demo_cancels_order"),
    ("POST", "/invoices"): _invoice,
    ("PUT", "/invoices/?"): lambda _: text("demo_settles_invoice"),
}
