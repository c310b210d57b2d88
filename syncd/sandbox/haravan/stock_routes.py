"""The endpoints of stock: quantities per location, adjustments, and the locations themselves."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from syncd.sandbox.haravan.catalogue_payload import level_payload, location_payload, slip_payload
from syncd.sandbox.haravan.floor import Refusal
from syncd.sandbox.haravan.lists import Stamps, number, numbers, page_cap, page_of, within
from syncd.sandbox.haravan.routing import Routes, sent
from syncd.sandbox.haravan.state import Level, Slip
from syncd.sandbox.haravan.stock import MAX_SLIP_LINES, StockDesk
from syncd.sandbox.http import Request, Response

ROUTES: Routes[StockDesk] = Routes()

READ, WRITE, SHOP = "com.read_inventories", "com.write_inventories", "com.read_shop"
MAX_IDS = 50
MAX_LEVELS = 250
REASONS = ("newproduct", "returned", "productionofgoods", "damaged", "shrinkage", "promotion", "transfer")
FOREIGN_NOTE = "Đồng bộ tồn kho từ ứng dụng khác"

_STAMPS: Stamps[Level] = {"updated_at": attrgetter("updated_at")}


@ROUTES.on("GET", "/inventory_locations", READ)
def list_levels(shop: StockDesk, request: Request, _: tuple[int, ...]) -> Response:
    """Quantities of up to 50 variants at up to 50 locations; in basic mode there are none."""
    locations = numbers(request, "location_ids")
    # The documentation spells the parameter both ways.
    variants = numbers(request, "variant_ids") or numbers(request, "vatiant_ids")
    if len(variants) > MAX_IDS:
        raise Refusal(422, "Tối đa chỉ được 50 biến thể")
    if len(locations) > MAX_IDS:
        raise Refusal(422, "Tối đa chỉ được 50 kho")
    rows = [] if shop.switches.stock_mode == "basic" else _levels(shop, request, set(locations), set(variants))
    page = page_of(rows, request, MAX_LEVELS, MAX_LEVELS)
    return Response.of_json({"inventory_locations": [level_payload(level) for level in page]})


@ROUTES.on("POST", "/inventories/adjustorset", WRITE)
def adjust_or_set(shop: StockDesk, request: Request, _: tuple[int, ...]) -> Response:
    """One slip at one location; a call that changes nothing answers an empty list."""
    body = sent(request, "inventory")
    if shop.switches.stock_mode == "basic":
        raise Refusal(422, "Cửa hàng chưa bật quản lý tồn kho nâng cao")
    location_id, kind, reason = _heading(shop, body)
    changes, complaint = _wished(shop, location_id, kind, body.get("line_items"))
    slip = shop.write_slip(location_id, changes, reason, body.get("note"), body.get("tags"))
    _foreign_answer(shop, location_id, changes)
    if complaint is not None:
        raise complaint
    return Response.of_json({"inventory": slip_payload(slip, shop.memory, fresh=True) if slip else []})


@ROUTES.on("GET", "/inventories/adjustments", READ, listing=True)
def list_slips(shop: StockDesk, request: Request, _: tuple[int, ...]) -> Response:
    """Slips, the newest first, or by rising id after a `since_id`."""
    page = page_of(_slips(shop, request), request, page_cap(shop.switches))
    return Response.of_json({"adjustments": [slip_payload(slip, shop.memory) for slip in page]})


@ROUTES.on("GET", "/inventories/adjustments/count", READ)
def count_slips(shop: StockDesk, request: Request, _: tuple[int, ...]) -> Response:
    """How many slips there are."""
    return Response.of_json({"count": len(_slips(shop, request))})


@ROUTES.on("GET", "/inventories/adjustments/{}", READ)
def get_slip(shop: StockDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """One slip."""
    slip = shop.memory.slips.get(ids[0])
    if slip is None:
        raise Refusal(404, f"there is no adjustment {ids[0]}")
    return Response.of_json({"adjustment": slip_payload(slip, shop.memory)})


@ROUTES.on("GET", "/locations", SHOP)
def list_locations(shop: StockDesk, request: Request, _: tuple[int, ...]) -> Response:
    """All locations."""
    page = page_of(shop.memory.locations.values(), request, page_cap(shop.switches))
    return Response.of_json({"locations": [location_payload(location) for location in page]})


@ROUTES.on("GET", "/locations/count", SHOP)
def count_locations(shop: StockDesk, request: Request, _: tuple[int, ...]) -> Response:
    """How many locations there are."""
    return Response.of_json({"count": len(shop.memory.locations)})


@ROUTES.on("GET", "/locations/{}", SHOP)
def get_location(shop: StockDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """One location."""
    return Response.of_json({"location": location_payload(shop.find_location(ids[0]))})


def _levels(shop: StockDesk, request: Request, locations: set[int], variants: set[int]) -> list[Level]:
    since_id, clock = number(request, "since_id", 0), shop.switches.filter_clock
    rows = [
        level
        for level in _candidates(shop, locations, variants)
        if level.id > since_id and within(level, request, _STAMPS, clock)
    ]
    column = "updated_at" if request.param("order") == "updated_at" else "id"
    rows.sort(key=attrgetter(column, "id"), reverse=request.param("direction") == "desc")
    return rows


def _candidates(shop: StockDesk, locations: set[int], variants: set[int]) -> list[Level]:
    levels = shop.memory.levels
    if locations and variants:
        places = [(variant_id, location_id) for variant_id in variants for location_id in locations]
        rows = [levels[place] for place in places if place in levels]
    else:
        rows = [
            level
            for level in levels.values()
            if (not locations or level.location_id in locations) and (not variants or level.variant_id in variants)
        ]
    return [level for level in rows if shop.find_variant(level.variant_id).tracked]


def _slips(shop: StockDesk, request: Request) -> list[Slip]:
    since, location_id = request.param("since_id"), number(request, "location_id", 0)
    rows = [
        slip
        for slip in shop.memory.slips.values()
        if slip.id > number(request, "since_id", 0) and location_id in (0, slip.location_id)
    ]
    return rows if since is not None else rows[::-1]


def _heading(shop: StockDesk, body: dict[str, Any]) -> tuple[int, str, str]:
    kind, reason = body.get("type") or "adjust", body.get("reason") or "newproduct"
    if kind not in ("adjust", "set") or reason not in REASONS:
        raise Refusal(422, "type hoặc reason không hợp lệ")
    location_id = int(body.get("location_id") or 0)
    if location_id not in shop.memory.locations:
        raise Refusal(422, "location_id không tồn tại")
    return location_id, kind, reason


def _wished(shop: StockDesk, location_id: int, kind: str, rows: Any) -> tuple[dict[int, int], Refusal | None]:
    """On-hand changes by variant id, and the complaint about an invalid line that is still to be made."""
    if not isinstance(rows, list) or not rows:
        raise Refusal(422, "line_items không được để trống")
    if len(rows) > MAX_SLIP_LINES:
        raise Refusal(422, f"Tối đa chỉ được {MAX_SLIP_LINES} dòng")
    changes: dict[int, int] = {}
    for position, row in enumerate(rows, 1):
        try:
            variant_id, quantity = _row(shop, row, position)
        except Refusal as complaint:
            if shop.switches.bad_line == "refuses_all":
                raise
            if shop.switches.bad_line == "stops_midway":
                return changes, complaint
            continue
        changes[variant_id] = changes.get(variant_id, 0) + _difference(shop, variant_id, location_id, kind, quantity)
    return changes, None


def _row(shop: StockDesk, row: Any, position: int) -> tuple[int, int]:
    if not isinstance(row, dict):
        raise Refusal(422, f"Dòng {position}: không hợp lệ")
    variant = shop.memory.variants.get(row.get("product_variant_id") or 0)
    if variant is None or variant.product_id != row.get("product_id") or not variant.tracked:
        raise Refusal(422, f"Dòng {position}: biến thể không hợp lệ")
    quantity = row.get("quantity")
    if isinstance(quantity, bool) or quantity is None or quantity != int(quantity):
        raise Refusal(422, f"Dòng {position}: số lượng không hợp lệ")
    return variant.id, int(quantity)


def _difference(shop: StockDesk, variant_id: int, location_id: int, kind: str, quantity: int) -> int:
    if kind == "adjust":
        return quantity
    level = shop.level(variant_id, location_id)
    return quantity - level["on_hand" if shop.switches.set_means == "on_hand" else "available"]


def _foreign_answer(shop: StockDesk, location_id: int, changes: dict[int, int]) -> None:
    """Another integration reacts to our slip."""
    if not changes or shop.switches.foreign_slips == "off":
        return
    if shop.switches.foreign_slips == "sets_back":
        theirs = {variant_id: -change for variant_id, change in changes.items()}
    else:
        theirs = {next(iter(changes)): 1}
    shop.write_slip(location_id, theirs, "newproduct", FOREIGN_NOTE, None)
