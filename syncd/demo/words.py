"""Numbers and API calls in the words of a shop."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from syncd.sandbox.kernel import Call

MINUS = "−"

_LAST_NUMBER = re.compile(r"/\d+$")


def dong(amount: Decimal | float) -> str:
    """An amount of đồng with points between thousands, as in 1.250.000."""
    return f"{int(amount):,}".replace(",", ".")


def signed(pieces: int) -> str:
    """A difference in pieces with its sign."""
    return f"+{pieces}" if pieces > 0 else f"{MINUS}{-pieces}"


def describe(call: Call, skus: Mapping[int, str]) -> str:
    """One write in a sentence, with what became of it when that was not success.

    Args:
        call: A write from the journal of the simulated remotes.
        skus: SKU by Haravan variant id.
    """
    name = "Haravan" if call.remote == "haravan" else "KiotViet"
    return f"{name}: {_deed(call, skus)}{_outcome(call)}"


def _deed(call: Call, skus: Mapping[int, str]) -> str:
    path = _LAST_NUMBER.sub("/?", call.path.lower().removesuffix(".json"))
    body: Any = call.body or {}
    for (method, end), words in _DEEDS.items():
        if method == call.method and path.endswith(end):
            return words(body)
    if path.endswith("/adjustorset"):
        return f"changes the stock of {_adjustments(body, skus)}"
    return f"{call.method} {call.path}"


def _adjustments(body: Any, skus: Mapping[int, str]) -> str:
    rows = body["inventory"]["line_items"]
    return ", ".join(f"{skus.get(row['product_variant_id'], '?')} {signed(int(row['quantity']))}" for row in rows)


def _order(body: Any) -> str:
    lines = ", ".join(f"{row['quantity']} × {row['productCode']}" for row in body["orderDetails"])
    return f"enters the order (Phiếu tạm): {lines}"


def _invoice(body: Any) -> str:
    cod = (body.get("deliveryDetail") or {}).get("priceCodPayment") or 0
    return f"makes the invoice (Chưa giao hàng), to collect {dong(cod)}; the order is done (Hoàn thành)"


_DEEDS: dict[tuple[str, str], Callable[[Any], str]] = {
    ("POST", "/customers"): lambda body: f"enters the customer {body['name']}, code {body['code']}",
    ("POST", "/surchages"): lambda body: f"sets up the surcharge {body['code']} for shipping fees",
    ("POST", "/orders"): _order,
    ("DELETE", "/orders/?"): lambda _: "cancels the order (Đã hủy)",
    ("POST", "/invoices"): _invoice,
    ("PUT", "/invoices/?"): lambda _: "books the money and settles the invoice (Hoàn thành)",
}


def _outcome(call: Call) -> str:
    if call.status is None:
        return " … and the answer never comes"
    return f" … answered with error {call.status}" if call.status >= 400 else ""
