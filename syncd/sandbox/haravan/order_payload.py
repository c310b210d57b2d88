"""An order as Haravan sends it: every key of the documentation's samples, also those that nobody needs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from syncd.sandbox.haravan.parcel_payload import parcel_payload
from syncd.sandbox.haravan.people_payload import customer_in_order
from syncd.sandbox.haravan.state import Line, Order, Payment, Refund, State, Variant
from syncd.sandbox.haravan.switches import HaravanSwitches
from syncd.sandbox.haravan.times import iso
from syncd.sandbox.haravan.wording import financial_status, fulfillment_status, gateway_code

_NO_TOKEN = "0" * 32
_EMPTY = (
    "browser_ip", "landing_site", "landing_site_ref", "processing_method", "referring_site", "tax_lines", "device_id",
    "ref_order_number", "ref_order_date", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content",
    "redeem_model", "omni_order_status_name", "location_assigned_at", "in_stock_at", "out_of_stock_at", "export_at",
    "complete_at", "payment_url", "assigned_location_id", "assigned_location_name", "assigned_location_at",
    "exported_confirm_at", "risk_level",
)  # fmt: skip
_EMPTY_CLIENT = ("accept_language", "browser_ip", "session_hash", "user_agent", "browser_height", "browser_width")


def order_payload(order: Order, state: State, switches: HaravanSwitches) -> dict[str, Any]:
    """One order, as in lists and by id."""
    payload = {
        **dict.fromkeys(_EMPTY),
        **_identity(order, state),
        **_states(order, switches),
        **_money(order, switches),
        **_persons(order),
        "line_items": [_line(order, line) for line in order.lines],
        "fulfillments": [parcel_payload(order, parcel, state, switches) for parcel in listed_parcels(order, switches)],
        "transactions": [payment_payload(payment) for payment in order.payments],
        "refunds": [refund_payload(refund, order, state) for refund in order.refunds],
    }
    return laid_over(payload, order.patch)


def listed_parcels(order: Order, switches: HaravanSwitches) -> list[Any]:
    """The order's shipments as this shop lists them."""
    if switches.fulfillment_order == "without_cancelled":
        return [parcel for parcel in order.parcels if parcel.live]
    return order.parcels[::-1] if switches.fulfillment_order == "newest_first" else list(order.parcels)


def laid_over(payload: dict[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """`payload` with a patch on top: mappings are merged key by key, anything else replaces."""
    result = dict(payload)
    for key, value in patch.items():
        below = result.get(key)
        result[key] = laid_over(below, value) if isinstance(below, dict) and isinstance(value, Mapping) else value
    return result


def payment_payload(payment: Payment, *, alone: bool = False) -> dict[str, Any]:
    """A transaction; `alone` as its own endpoint shows it, with a capital letter."""
    payload = {
        "amount": float(payment.amount),
        "authorization": None,
        "created_at": iso(payment.at, payment.id % 10 if alone else 0),
        "device_id": None,
        "gateway": payment.gateway,
        "id": payment.id,
        "kind": payment.kind,
        "order_id": payment.order_id,
        "receipt": None,
        "status": payment.status,
        "test": False,
        "user_id": payment.user_id,
        "location_id": payment.location_id,
        "payment_details": None,
        "parent_id": payment.parent_id,
        "currency": "VND",
        "haravan_transaction_id": None,
        "external_transaction_id": None,
        "send_email": False,
    }
    if alone:
        payload.update(kind=payment.kind.capitalize(), status=payment.status or "success", is_cod_gateway=False)
    return payload


def refund_payload(refund: Refund, order: Order, state: State, *, alone: bool = False) -> dict[str, Any]:
    """A refund, in its order or `alone` at its own endpoint."""
    rows = refund.pieces
    return {
        "created_at": iso(refund.at, refund.id % 10 if alone else 0),
        "id": refund.id,
        "note": refund.note,
        "refund_line_items": None if rows is None else [_refund_row(row, order, state) for row in rows],
        "restock": refund.restock,
        "user_id": 200_000_497_867,
        "order_id": refund.order_id,
        "location_id": None if alone else refund.location_id,
        "transactions": [
            {**payment_payload(payment), **({"is_cod_gateway": False} if alone else {})} for payment in refund.payments
        ],
    }


def _identity(order: Order, state: State) -> dict[str, Any]:
    location = state.locations.get(order.location_id)
    replaced = state.orders.get(order.previous_id) if order.previous_id else None
    return {
        "id": order.id,
        "number": order.id,
        "order_number": order.label,
        "name": order.label,
        "source_name": order.source_name,
        "source": order.source_name,
        "created_at": iso(order.created_at),
        "updated_at": iso(order.updated_at),
        "location_id": order.location_id,
        "location_name": location.name if location else None,
        "user_id": order.user_id,
        "tags": ",".join(order.tags) or None,
        "note": order.note,
        "note_attributes": list(order.note_attributes),
        "token": _NO_TOKEN,
        "cart_token": _NO_TOKEN,
        "checkout_token": _NO_TOKEN,
        "client_details": dict.fromkeys(_EMPTY_CLIENT),
        "omni_order_status": 0,
        "ref_order_id": 0,
        "prev_order_id": order.previous_id,
        "prev_order_number": replaced.label if replaced else None,
        "prev_order_date": iso(replaced.created_at) if replaced else None,
        "discount_applications": [],
    }


def _states(order: Order, switches: HaravanSwitches) -> dict[str, Any]:
    return {
        "gateway": order.gateway,
        "gateway_code": gateway_code(order.gateway_code, switches),
        "financial_status": financial_status(order, switches),
        "fulfillment_status": fulfillment_status(order, switches),
        "confirmed_status": "confirmed" if order.confirmed_at else "unconfirmed",
        "confirmed_at": iso(order.confirmed_at),
        "confirm_user": 200_000_497_867 if order.confirmed_at else None,
        "cancelled_status": "cancelled" if order.cancelled_at else "uncancelled",
        "cancelled_at": iso(order.cancelled_at),
        "cancel_reason": order.cancel_reason,
        "closed_status": "closed" if order.closed_at else "unclosed",
        "closed_at": iso(order.closed_at),
        "order_processing_status": _processing(order),
    }


def _processing(order: Order) -> str:
    if order.cancelled_at:
        return "cancel"
    if order.closed_at:
        return "complete"
    return "confirmed" if order.confirmed_at else "pending"


def _money(order: Order, switches: HaravanSwitches) -> dict[str, Any]:
    taken_off = order.total_discounts if switches.subtotal == "after_discount" else Decimal(0)
    return {
        "currency": "VND",
        "discount_codes": [{**code, "amount": float(code["amount"])} for code in order.discount_codes],
        "shipping_lines": [{**line, "price": float(line["price"])} for line in order.shipping_lines],
        "subtotal_price": float(order.goods - taken_off),
        "total_line_items_price": float(order.goods),
        "total_discounts": float(order.total_discounts),
        "total_price": float(order.total),
        "total_tax": float(order.tax),
        "taxes_included": order.taxes_included,
        "total_weight": float(sum((line.grams * line.quantity for line in order.lines), Decimal(0))),
    }


def _persons(order: Order) -> dict[str, Any]:
    shipping = order.shipping_address
    billing = {key: value for key, value in (shipping or {}).items() if key not in ("latitude", "longitude")}
    owner = order.customer
    return {
        "email": order.email,
        "contact_email": order.email,
        "buyer_accepts_marketing": False,
        "customer": customer_in_order(owner) if owner else None,
        "shipping_address": shipping,
        "billing_address": {**billing, "id": owner.id if owner else 0, "default": True} if shipping else None,
    }


def _line(order: Order, line: Line) -> dict[str, Any]:
    return {
        "fulfillable_quantity": 0 if order.cancel_restocked else order.open_pieces(line),
        "fulfillment_service": None,
        "fulfillment_status": _line_status(order, line),
        "grams": float(line.grams),
        "id": line.id,
        "price": float(line.price),
        "price_original": float(line.price_original),
        "price_promotion": 0.0,
        "product_id": line.product_id,
        "quantity": line.quantity,
        "requires_shipping": True,
        "sku": line.sku,
        "title": line.title,
        "variant_id": line.variant_id,
        "variant_title": line.variant_title,
        "vendor": "Khác",
        "type": "Khác",
        "name": line.title,
        "gift_card": False,
        "taxable": True,
        "tax_lines": None,
        "product_exists": line.product_id is not None,
        "barcode": line.barcode,
        "properties": line.properties,
        "total_discount": float(sum((Decimal(str(row["amount"])) for row in line.discounts), Decimal(0))),
        "applied_discounts": [{**row, "amount": float(row["amount"])} for row in line.discounts],
        "image": {"src": None, "attactment": None, "filename": None},
        "not_allow_promotion": False,
        "ma_cost_amount": 0.0,
        "actual_price": 0.0,
    }


def _line_status(order: Order, line: Line) -> str:
    if order.cancel_restocked:
        return "restock"
    if not order.shipped(line.id):
        return "notfulfilled"
    return "partial" if order.open_pieces(line) else "fulfilled"


def _refund_row(row: tuple[int, int, int], order: Order, state: State) -> dict[str, Any]:
    row_id, line_id, quantity = row
    line = order.line(line_id)
    variant: Variant | None = state.variants.get(line.variant_id or 0)
    return {
        "id": row_id,
        "line_item": {
            "fulfillable_quantity": 0,
            "fulfillment_service": "Thủ công",
            "fulfillment_status": "Nhập kho",
            "grams": float(line.grams),
            "id": 0,
            "price": float(line.price),
            "product_id": line.product_id,
            "quantity": line.quantity,
            "requires_shipping": True,
            "sku": line.sku,
            "title": line.title,
            "variant_id": line.variant_id,
            "variant_title": line.variant_title,
            "vendor": "Khác",
            "name": line.title,
            "barcode": line.barcode,
            "variant_inventory_management": "haravan" if variant and variant.tracked else None,
            "properties": None,
            "product_exists": False,
        },
        "line_item_id": line_id,
        "quantity": quantity,
    }
