"""A shipment as Haravan sends it."""

from __future__ import annotations

from typing import Any

from syncd.sandbox.haravan.state import Order, Parcel, State
from syncd.sandbox.haravan.switches import HaravanSwitches
from syncd.sandbox.haravan.times import iso
from syncd.sandbox.haravan.wording import CARRIER_DATES, CARRIER_NAMES, COD_DATES, COD_NAMES, carrier_code

_EMPTY = (
    "receipt", "province", "province_code", "district", "district_code", "ward", "ward_code", "note",
    "is_view_before", "country", "country_code", "zip_code", "city", "shipping_notes", "boxme_servicecode", "address",
    "sender_phone", "sender_name", "carrier_service_code", "sort_code", "request_id", "carrier_options",
    "note_attributes", "carrier_shop_id", "request_mode", "carrier_id",
)  # fmt: skip
_NO_SIZE = ("total_weight", "package_length", "package_width", "package_height", "transport_type", "shipping_package")
_NOWHERE = ("from_longtitude", "from_latitude", "to_longtitude", "to_latitude", "insurance_price", "real_shipping_fee")


def parcel_payload(order: Order, parcel: Parcel, state: State, switches: HaravanSwitches) -> dict[str, Any]:
    """One shipment, in its order or alone."""
    return {
        **dict.fromkeys(_EMPTY),
        **dict.fromkeys(_NO_SIZE, 0),
        **dict.fromkeys(_NOWHERE, 0.0),
        **_dates(parcel),
        **_carrier(parcel, switches),
        **_recipient(parcel),
        "created_at": iso(parcel.created_at),
        "updated_at": iso(parcel.updated_at),
        "id": parcel.id,
        "order_id": parcel.order_id,
        "status": "success",
        "location_id": parcel.location_id,
        "location_name": state.locations[parcel.location_id].name,
        "cod_amount": float(parcel.cod_amount),
        "line_items": [_piece(order, parcel, line_id, quantity) for line_id, quantity in parcel.pieces.items()],
        "notify_customer": False,
        "is_new_service_package": False,
        "coupon_code": "" if parcel.company_code else None,
        "is_drop_off": False,
        "is_insurance": False,
        "is_open_box": False,
    }


def _dates(parcel: Parcel) -> dict[str, Any]:
    names = (*CARRIER_DATES.values(), *COD_DATES.values())
    return {name: iso(parcel.dates.get(name)) for name in names}


def _carrier(parcel: Parcel, switches: HaravanSwitches) -> dict[str, Any]:
    by_carrier = parcel.company_code is not None
    return {
        "tracking_company": parcel.company,
        "tracking_company_code": parcel.company_code,
        "tracking_number": parcel.tracking,
        "tracking_numbers": [parcel.tracking] if parcel.tracking else [],
        "tracking_url": parcel.tracking_url if parcel.tracking_url else "" if by_carrier else None,
        "tracking_urls": [parcel.tracking_url] if parcel.tracking_url else [],
        "carrier_status_code": carrier_code(parcel.carrier_status, switches),
        "carrier_status_name": CARRIER_NAMES[parcel.carrier_status],
        "carrier_cod_status_code": parcel.cod_status,
        "carrier_cod_status_name": COD_NAMES[parcel.cod_status],
        "carrier_service_package": "0" if by_carrier else 0,
        "carrier_service_package_name": "Chuẩn" if by_carrier else None,
    }


def _recipient(parcel: Parcel) -> dict[str, Any]:
    known = parcel.recipient if parcel.company_code is not None else {}
    return {
        "first_name": known.get("name"),
        "last_name": "" if known else None,
        "shipping_address": known.get("address1"),
        "shipping_phone": known.get("phone"),
    }


def _piece(order: Order, parcel: Parcel, line_id: int, quantity: int) -> dict[str, Any]:
    line = order.line(line_id)
    status = "Đã hoàn thành" if parcel.company_code is not None else "Chưa hoàn thành"
    return {
        "fulfillable_quantity": 0,
        "fulfillment_service": "Thủ công",
        "fulfillment_status": "Nhập kho" if order.cancel_restocked else status,
        "grams": float(line.grams),
        "id": line.id,
        "price": float(line.price),
        "product_id": line.product_id,
        "quantity": quantity,
        "requires_shipping": True,
        "sku": line.sku,
        "title": line.title,
        "variant_id": line.variant_id,
        "variant_title": line.variant_title,
        "vendor": "Khác",
        "name": line.title,
        "variant_inventory_management": "haravan" if line.tracked and line.variant_id else None,
        "properties": None,
        "product_exists": line.product_id is not None,
    }
