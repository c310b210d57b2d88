"""Haravan's order JSON as values; pure, no I/O. Source: Haravan docs, Orders, Fulfillments, Transactions, Refunds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from syncd.clients.fields import ZERO, Fields, exact, lenient_id, squeezed
from syncd.clients.pages import OrderPage, read_rows
from syncd.clients.remembered import Remembered
from syncd.core.model import (
    Address,
    Buyer,
    CarrierStatus,
    CodStatus,
    Discounts,
    Goods,
    OrderLine,
    Refund,
    RefundLine,
    Shipment,
    ShipmentLine,
    Transaction,
    WebOrder,
)
from syncd.errors import BadPayload

E = TypeVar("E", bound=StrEnum)

GUEST_EMAIL: Final = "guest@haravan.com"
_CARRIER_DATES: Final = ("ready_to_pick_date", "picking_date", "cancel_date")
_ROAD_DATES: Final = (
    "delivering_date",
    "delivered_date",
    "not_meet_customer_date",
    "waiting_for_return_date",
    "return_date",
)
_WAITING_STATUSES: Final = frozenset({CarrierStatus.PENDING, CarrierStatus.READY_TO_PICK, CarrierStatus.PICKING})
_ROAD_STATUSES: Final = frozenset(
    {
        CarrierStatus.DELIVERING,
        CarrierStatus.DELIVERED,
        CarrierStatus.NOT_MEET_CUSTOMER,
        CarrierStatus.WAITING_FOR_RETURN,
        CarrierStatus.RETURN,
    }
)
_FAILED: Final = frozenset({"failure", "error"})
# Left out of the digest: what moves without the order changing. Tags and `updated_at` also move by display-only
# edits; the customer's own totals and last order move whenever the same person orders again.
_VOLATILE: Final = frozenset(
    {
        "updated_at",
        "tags",
        "client_details",
        "browser_ip",
        "token",
        "cart_token",
        "checkout_token",
        "landing_site",
        "landing_site_ref",
        "referring_site",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_term",
        "utm_content",
        "payment_url",
    }
)
_CUSTOMER_KEPT: Final = ("id", "first_name", "last_name", "phone", "email")


def parse_order_page(rows: Iterable[object]) -> OrderPage:
    """The orders of a list answer; a row that cannot be read becomes a `BadRecord`."""
    raw = list(rows)
    read, bad = read_rows(raw, _POLLED)
    digests = {order.id: mark for order, mark in read if mark}
    unread = {lenient_id(row, "id"): row for row in raw} if bad else {}
    kept = tuple(replace(record, goods=_goods(unread.get(record.id))) for record in bad)
    return OrderPage(tuple(order for order, _ in read), kept, len(raw), digests)


def _goods(raw: object) -> Goods | None:
    """What an order that cannot be understood takes off the shelf, which can often be read all the same."""
    try:
        order = Fields(raw, "haravan_order")
        cancelled = order.instant_or_none("cancelled_at") is not None or _is_called_cancelled(order)
        location_id = order.id_or_none("assigned_location_id") or order.id_or_none("location_id")
        goods = Goods(_order_lines(order), location_id, cancelled, whole=False)
    except BadPayload:
        return None
    try:
        return replace(goods, shipments=_shipments(order), refunds=_refunds(order), whole=True)
    except BadPayload:
        return None if cancelled else goods


def parse_order(raw: object) -> WebOrder:
    """One order.

    Raises:
        BadPayload: A key that decides something is missing or not of its kind.
    """
    order = Fields(raw, "haravan_order")
    order_id = order.id()
    number = order.trimmed("order_number", "name") or str(order_id)
    order.called("haravan_order", number)
    updated_at = order.instant("updated_at")
    return WebOrder(
        id=order_id,
        number=number,
        source=order.trimmed("source_name", "source"),
        gateway=order.trimmed("gateway"),
        gateway_code=order.trimmed("gateway_code"),
        financial_status=squeezed(order.text("financial_status")),
        created_at=order.instant("created_at"),
        updated_at=updated_at,
        cancelled_at=_cancelled_at(order, updated_at),
        confirmed=squeezed(order.text("confirmed_status")) == "confirmed" or order.has("confirmed_at"),
        lines=_order_lines(order),
        shipments=_shipments(order),
        transactions=_transactions(order),
        refunds=_refunds(order),
        total_price=order.number("total_price"),
        shipping=_shipping(order),
        tax=order.number("total_tax", ZERO),
        taxes_included=order.flag("taxes_included"),
        weight_grams=order.number("total_weight", ZERO),
        location_id=order.id_or_none("location_id"),
        assigned_location_id=order.id_or_none("assigned_location_id"),
        # "Đặt lại" makes a new order; older shops link it by `ref_order_id`
        previous_order_id=order.id_or_none("prev_order_id") or order.id_or_none("ref_order_id"),
        address=_address(order),
        buyer=_buyer(order),
        note=order.text("note"),
        tags=parse_tags(order),
        discounts=_discounts(order),
    )


def parse_tags(record: Fields) -> tuple[str, ...]:
    """The tags of an order, or those that a change of tags is answered with: one text with commas, null for none.

    Raises:
        BadPayload: It is no text.
    """
    return tuple(tag.strip() for tag in record.text("tags").split(",") if tag.strip())


def digest(raw: object) -> str:
    """A short hash over an order's content; two equal ones show the same.

    Left out are `updated_at`, `tags`, the browser and campaign fields, tokens, and of the customer everything but
    id, names, phone and email. Empty where the payload cannot be hashed, which must be taken as "changed".
    """
    if not isinstance(raw, dict):
        return ""
    content = {key: value for key, value in raw.items() if key.lower() not in _VOLATILE}
    if isinstance(customer := content.get("customer"), dict):
        content["customer"] = [customer.get(key) for key in _CUSTOMER_KEPT]
    try:
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=_plain)
    except RecursionError:
        return ""
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]


_POLLED: Final = Remembered(lambda raw: (parse_order(raw), digest(raw)))


def _plain(value: object) -> int | str:
    # `1438000`, `1438000.0` and `1438000.0000` are one amount
    number = exact(value)
    if number is None:
        return str(value)
    return int(number) if number == number.to_integral_value() else str(number.normalize())


def _cancelled_at(order: Fields, updated_at: datetime) -> datetime | None:
    """When the order was cancelled; `cancelled_status` alone counts too, at the time of the last change."""
    at = order.instant_or_none("cancelled_at")
    return at or (updated_at if _is_called_cancelled(order) else None)


def _is_called_cancelled(order: Fields) -> bool:
    return squeezed(order.text("cancelled_status")) == "cancelled"


def _order_lines(order: Fields) -> tuple[OrderLine, ...]:
    order.items_required("line_items")
    return tuple(_order_line(line) for line in order.records("line_items", "line"))


def _order_line(line: Fields) -> OrderLine:
    return OrderLine(
        id=line.id(),
        product_id=line.id_or_none("product_id"),
        variant_id=line.id_or_none("variant_id"),
        sku=line.trimmed("sku"),
        barcode=line.trimmed("barcode"),
        quantity=line.count("quantity"),
        price=line.number("price"),
        title=line.trimmed("name", "title"),
        gift_card=line.flag("gift_card"),
    )


def _shipments(order: Fields) -> tuple[Shipment, ...]:
    """All shipments, oldest first; Haravan promises no order."""
    found = [_shipment(item) for item in order.records("fulfillments", "shipment")]
    return tuple(sorted(found, key=lambda shipment: (shipment.created_at, shipment.id)))


def _shipment(item: Fields) -> Shipment:
    status, text = _code(item, CarrierStatus, "carrier_status_code", "carrier_status_name")
    amount = item.number("cod_amount", ZERO)
    road_dates = [date for key in _ROAD_DATES if (date := item.instant_or_none(key)) is not None]
    created_at = item.instant("created_at", "updated_at")
    return Shipment(
        id=item.id(),
        carrier_status=status,
        carrier_status_text=text,
        cod_status=_cod_status(item, amount),
        cod_amount=amount,
        lines=tuple(ShipmentLine(line.id(), line.count("quantity")) for line in item.records("line_items", "line")),
        tracking_numbers=_tracking_numbers(item),
        carrier_code=item.trimmed("tracking_company_code"),
        carrier_name=item.trimmed("tracking_company"),
        location_id=item.id_or_none("location_id"),
        created_at=created_at,
        updated_at=item.instant_or_none("updated_at") or created_at,
        reached_road=status in _ROAD_STATUSES or _was_on_road(status, road_dates, item.instant_or_none("return_date")),
        has_dates=bool(road_dates) or any(item.instant_or_none(key) for key in _CARRIER_DATES),
    )


def _was_on_road(status: CarrierStatus, dates: list[datetime], came_back: datetime | None) -> bool:
    """Whether the dates say that the carrier has, or had, the goods; what came back and waits again, only from then."""
    if status in _WAITING_STATUSES and came_back is not None:
        return any(date > came_back for date in dates)
    return bool(dates)


def _cod_status(item: Fields, amount: Decimal) -> CodStatus:
    """Who holds the money; without a code there is nothing to collect only where the amount says so."""
    if not amount and not item.has("carrier_cod_status_code"):
        return CodStatus.NONE
    return _code(item, CodStatus, "carrier_cod_status_code")[0]


def _code(item: Fields, codes: type[E], key: str, name_key: str = "") -> tuple[E, str]:
    """A status code in whichever spelling, with the text it came as."""
    text = item.trimmed(key, name_key) if name_key else item.trimmed(key)
    word = squeezed(item.text(key))
    return (codes(word) if word in codes._value2member_map_ else codes("unknown")), text


def _tracking_numbers(item: Fields) -> tuple[str, ...]:
    numbers = [str(value).strip() for value in item.items("tracking_numbers") if isinstance(value, str | int)]
    return tuple(dict.fromkeys(number for number in (*numbers, item.trimmed("tracking_number")) if number))


def _transactions(order: Fields) -> tuple[Transaction, ...]:
    """Every movement of money once, although a refund's appears in the order and in the refund."""
    found = [_transaction(item) for item in order.records("transactions", "transaction")]
    for refund in order.records("refunds", "refund"):
        found += [_transaction(item) for item in refund.records("transactions", "transaction")]
    return tuple({item.id: item for item in reversed(found)}.values())[::-1]


def _transaction(item: Fields) -> Transaction:
    return Transaction(
        id=item.id(),
        kind=squeezed(item.text("kind")),
        amount=item.number("amount"),
        failed=squeezed(item.text("status")) in _FAILED,
        is_cod_gateway=item.flag("is_cod_gateway"),
    )


def _refunds(order: Fields) -> tuple[Refund, ...]:
    return tuple(_refund(refund) for refund in order.records("refunds", "refund"))


def _refund(refund: Fields) -> Refund:
    money = {item.id: item.amount for item in map(_transaction, refund.records("transactions", "transaction"))}
    lines = refund.records("refund_line_items", "line")
    return Refund(
        id=refund.id(),
        lines=tuple(RefundLine(line.id("line_item_id"), line.count("quantity")) for line in lines),
        restocked=refund.flag("restock"),
        location_id=refund.id_or_none("location_id"),
        amount=-sum(money.values(), ZERO),
    )


def _shipping(order: Fields) -> Decimal:
    return sum((line.number("price", ZERO) for line in order.records("shipping_lines", "shipping_line")), ZERO)


def _discounts(order: Fields) -> Discounts:
    """What is said about discounts beside the total; of this, only `total_discounts` must be a number."""
    codes = _objects(order, "discount_codes")
    for_shipping = [code for code in codes if squeezed(str(code.raw("type") or "")) == "shipping"]
    return Discounts(
        stated=order.number_or_none("total_discounts"),
        codes=sum((_worth(code, "amount") for code in codes if code not in for_shipping), ZERO),
        coupons=sum((_worth(code, "amount") for code in for_shipping), ZERO) if for_shipping else None,
        promotions=sum((_promotion(line) for line in _objects(order, "line_items")), ZERO),
    )


def _promotion(line: Fields) -> Decimal:
    """What a line's promotion may be worth; each of the three says nothing in some samples."""
    cheaper = _worth(line, "price_original") - _worth(line, "price")
    applied = sum((_worth(row, "amount") for row in _objects(line, "applied_discounts")), ZERO)
    return max(ZERO, cheaper, _worth(line, "total_discount"), applied) * _worth(line, "quantity")


def _objects(fields: Fields, key: str) -> list[Fields]:
    rows = fields.raw(key)
    return (
        [Fields(row, "record", inside=fields) for row in rows if isinstance(row, dict)]
        if isinstance(rows, list)
        else []
    )


def _worth(fields: Fields, key: str) -> Decimal:
    return exact(fields.raw(key)) or ZERO


def _address(order: Fields) -> Address:
    """Where the parcel goes; only name and phone may come from the billing address."""
    ship = order.record_or_none("shipping_address", "shipping_address") or Fields({}, "shipping_address")
    bill = order.record_or_none("billing_address", "billing_address") or Fields({}, "billing_address")
    street = (ship.trimmed("address1"), ship.trimmed("address2"))
    return Address(
        name=_person(ship) or _person(bill),
        phone=ship.trimmed("phone") or bill.trimmed("phone"),
        street=", ".join(part for part in street if part),
        ward=ship.trimmed("ward"),
        district=ship.trimmed("district"),
        province=ship.trimmed("province"),
    )


def _buyer(order: Fields) -> Buyer:
    """The customer record; guests share one address, so theirs has no id that means one person."""
    customer = order.record_or_none("customer", "customer")
    if customer is None:
        return Buyer(id=None)
    email = customer.trimmed("email") or order.trimmed("email")
    guest = email.lower() == GUEST_EMAIL
    return Buyer(
        id=None if guest else customer.id_or_none("id"),
        name=_person(customer),
        phone=customer.trimmed("phone"),
        email="" if guest else email,
    )


def _person(fields: Fields) -> str:
    parts = (fields.trimmed("last_name"), fields.trimmed("first_name"))
    return fields.trimmed("name") or " ".join(part for part in parts if part)
