"""Products, stock, locations and slips as Haravan sends them."""

from __future__ import annotations

from typing import Any

from syncd.sandbox.haravan.state import Level, Location, Product, Slip, State, Variant
from syncd.sandbox.haravan.switches import HaravanSwitches
from syncd.sandbox.haravan.times import iso

_DEFAULT_ADDRESS = {
    "address1": "1 Đường Mẫu",
    "address2": None,
    "zip": "700000",
    "city": None,
    "province": "Hồ Chí Minh",
    "country": "Vietnam",
    "phone": "0280000000",
    "country_code": "VN",
    "country_name": "Vietnam",
    "province_code": "HC",
    "district": "Quận 11",
    "district_code": "HC476",
    "ward": "Phường 15",
    "ward_code": "27208",
}


def product_payload(product: Product, state: State, switches: HaravanSwitches) -> dict[str, Any]:
    """One product with all its variants."""
    return {
        "body_html": product.body_html,
        "body_plain": None,
        "created_at": iso(product.created_at),
        "handle": f"san-pham-{product.id}",
        "id": product.id,
        "images": [],
        "product_type": product.product_type,
        "published_at": iso(product.published_at),
        "published_scope": "global",
        "tags": ",".join(product.tags) or None,
        "template_suffix": "product",
        "title": product.title,
        "updated_at": iso(product.updated_at),
        "variants": [variant_payload(variant, state, switches) for variant in product.variants],
        "vendor": product.vendor,
        "options": [
            {"name": name, "id": product.id * 10 + position, "position": position, "product_id": product.id}
            for position, name in enumerate(product.option_names, 1)
        ],
        "only_hide_from_list": False,
        "not_allow_promotion": False,
    }


def variant_payload(variant: Variant, state: State, switches: HaravanSwitches) -> dict[str, Any]:
    """One variant with its totals over all locations."""
    levels = _levels_of(variant, state)
    payload: dict[str, Any] = {
        "barcode": variant.barcode,
        "compare_at_price": float(variant.compare_at_price),
        "created_at": iso(variant.created_at),
        "fulfillment_service": None,
        "grams": float(variant.grams),
        "id": variant.id,
        "inventory_management": "haravan" if variant.tracked else None,
        "inventory_policy": variant.policy,
        "inventory_quantity": sum(level.available for level in levels) if variant.tracked else 0,
        "position": variant.position,
        "price": float(variant.price),
        "product_id": variant.product_id,
        "requires_shipping": True,
        "sku": variant.sku,
        "taxable": True,
        "title": variant.title,
        "updated_at": iso(variant.updated_at),
        "image_id": None,
        "option1": variant.options[0],
        "option2": variant.options[1],
        "option3": variant.options[2],
        "inventory_advance": _totals(levels) if variant.tracked and switches.stock_mode == "advanced" else None,
    }
    if variant.units:
        payload["variant_units"] = [_unit(unit) for unit in variant.units]
    if variant.lot_support is not None:
        payload["lot_support"] = variant.lot_support
    return payload


def level_payload(level: Level) -> dict[str, Any]:
    """One row of `inventory_locations`."""
    return {
        "id": level.id,
        "loc_id": level.location_id,
        "product_id": level.product_id,
        "variant_id": level.variant_id,
        "qty_onhand": level.on_hand,
        "qty_commited": level.committed,
        "qty_incoming": level.incoming,
        "qty_available": level.available,
        "updated_at": iso(level.updated_at),
    }


def slip_payload(slip: Slip, state: State, *, fresh: bool = False) -> dict[str, Any]:
    """One adjustment slip; `fresh` as the answer to the call that wrote it, with a seventh digit of the second."""
    digit = slip.id % 10 if fresh else 0
    return {
        "id": slip.id,
        "created_at": iso(slip.at, digit),
        "updated_at": iso(slip.at, digit),
        "adjust_number": slip.number,
        "tran_date": iso(slip.at, digit),
        "location_id": slip.location_id,
        "type": None,
        "total_quantity": sum(line[3] for line in slip.lines),
        "reason": slip.reason,
        "note": slip.note,
        "total_cost": 0.0,
        "tags": slip.tags,
        "line_items": [_slip_line(line, state) for line in slip.lines],
    }


def location_payload(location: Location) -> dict[str, Any]:
    """One location."""
    return {
        "id": location.id,
        "name": location.name,
        "location_type": None,
        "email": None,
        **_DEFAULT_ADDRESS,
        **location.address,
        "created_at": iso(location.created_at),
        "updated_at": iso(location.created_at),
        "is_primary": location.primary,
        "is_unavailable_quantity": location.unavailable,
        "type": location.kind,
    }


def _levels_of(variant: Variant, state: State) -> list[Level]:
    rows = (state.levels.get((variant.id, location_id)) for location_id in state.locations)
    return [level for level in rows if level is not None]


def _totals(levels: list[Level]) -> dict[str, int]:
    return {
        "qty_available": sum(level.available for level in levels),
        "qty_onhand": sum(level.on_hand for level in levels),
        "qty_commited": sum(level.committed for level in levels),
        "qty_incoming": sum(level.incoming for level in levels),
    }


def _unit(unit: dict[str, Any]) -> dict[str, Any]:
    return {"id": 0, "base": False, "sellable": True, **unit, "price": float(unit.get("price") or 0)}


def _slip_line(line: tuple[int, int, int, int], state: State) -> dict[str, Any]:
    line_id, variant_id, product_id, difference = line
    variant = state.variants.get(variant_id)
    return {
        "id": line_id,
        "product_id": product_id,
        "product_variant_id": variant_id,
        "quantity": difference,
        "cost_amount": 0.0,
        "sku": variant.sku if variant else None,
        "barcode": variant.barcode if variant else None,
    }
