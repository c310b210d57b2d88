"""Haravan's product, stock, location and shop JSON as values; pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from syncd.clients.fields import Fields, instant, lenient_id, squeezed
from syncd.clients.pages import LevelPage, ProductPage, read_rows
from syncd.core.model import AdjustLine, BadRecord, Level, Location, Shop, Slip, Variant, VariantUnit
from syncd.errors import BadPayload

_TRACKED: Final = "haravan"
_NO_OPTIONS: Final = "defaulttitle"


def parse_product_page(rows: Iterable[object], since_id: int = 0) -> ProductPage:
    """The variants of a product list; a bad variant costs only itself, a bad product only its variants."""
    raw = list(rows)
    variants: list[Variant] = []
    bad: list[BadRecord] = []
    changed_at: dict[int, datetime | None] = {}
    for row in raw:
        try:
            product = Fields(row, "haravan_product")
            product_id = product.id()
            good, refused = _product_variants(product, product_id)
        except BadPayload as error:
            bad.append(BadRecord(lenient_id(row), error.message))
            continue
        variants += good
        bad += refused
        stamp = product.raw("updated_at")
        changed_at[product_id] = instant(stamp) if isinstance(stamp, str) else None
    ids = [found for row in raw if (found := lenient_id(row)) is not None]
    rising = all(before < after for before, after in zip([since_id, *ids], ids, strict=False))
    ascending = rising and len(ids) == len(raw)
    return ProductPage(tuple(variants), tuple(bad), len(raw), max(ids, default=since_id), ascending, changed_at)


def _product_variants(product: Fields, product_id: int) -> tuple[list[Variant], list[BadRecord]]:
    title = product.trimmed("title")
    product.called("haravan_product", product_id)
    return read_rows(product.items("variants"), lambda raw: parse_variant(raw, product_id, title))


def parse_variant(raw: object, product_id: int, product_title: str) -> Variant:
    """One variant of a product; the product's own id is used, the variant's copy of it may be missing.

    Raises:
        BadPayload: It has no id, or a value is not of its kind.
    """
    variant = Fields(raw, "haravan_variant")
    variant_id = variant.id()
    variant.called("haravan_variant", variant_id)
    return Variant(
        id=variant_id,
        product_id=product_id,
        sku=variant.trimmed("sku"),
        barcode=variant.trimmed("barcode"),
        title=_title(product_title, variant.trimmed("title")),
        tracked=squeezed(variant.text("inventory_management")) == _TRACKED,
        lots=variant.flag("lot_support"),
        units=tuple(_unit(unit) for unit in variant.records("variant_units", "unit")),
    )


def parse_total(raw: object) -> int | None:
    """What a variant has available everywhere; None where it does not say.

    Raises:
        BadPayload: It says something that is no whole number.
    """
    variant = Fields(raw, "haravan_variant")
    return variant.pieces("inventory_quantity") if variant.has("inventory_quantity") else None


def _title(product: str, variant: str) -> str:
    """What a person calls it; a product without options names its only variant "Default Title"."""
    own = "" if squeezed(variant) == _NO_OPTIONS else variant
    return " - ".join(part for part in (product, own) if part)


def _unit(unit: Fields) -> VariantUnit:
    return VariantUnit(
        unit=unit.trimmed("unit"),
        sku=unit.trimmed("sku"),
        barcode=unit.trimmed("barcode"),
        ratio=unit.ratio("ratio"),
        base=unit.flag("base"),
    )


def parse_levels(rows: Iterable[object]) -> LevelPage:
    """The stock rows of an answer; a bad row is named by its variant id."""
    good, bad = read_rows(rows, parse_level, "variant_id")
    return LevelPage(tuple(good), tuple(bad))


def parse_level(raw: object) -> Level:
    """One stock row; a fraction of a piece is refused. Source: Haravan docs, Inventory Location.

    Raises:
        BadPayload: A quantity is missing or not whole; an unknown quantity must never be read as zero.
    """
    row = Fields(raw, "haravan_stock")
    variant_id = row.id("variant_id")
    row.called("haravan_stock_of", variant_id)
    on_hand, committed = row.pieces("qty_onhand"), row.pieces("qty_commited")
    return Level(
        location_id=row.id("loc_id") if row.has("loc_id") else row.id("location_id"),
        variant_id=variant_id,
        product_id=row.id("product_id"),
        on_hand=on_hand,
        committed=committed,
        available=row.pieces("qty_available") if row.has("qty_available") else on_hand - committed,
        updated_at=row.instant_or_none("updated_at"),
    )


def parse_location(raw: object) -> Location:
    """One branch of the shop; only its id is required.

    Raises:
        BadPayload: It has no id.
    """
    location = Fields(raw, "haravan_location")
    return Location(
        id=location.id(),
        name=location.trimmed("name"),
        kind=squeezed(location.text("type")),
        unavailable=location.flag("is_unavailable_quantity"),
    )


def parse_shop(raw: object) -> Shop:
    """The shop a token belongs to.

    Raises:
        BadPayload: It has no id.
    """
    shop = Fields(raw, "haravan_shop")
    return Shop(shop.id(), shop.trimmed("name"), shop.trimmed("currency"), shop.trimmed("timezone"))


def parse_slips(rows: Iterable[object]) -> tuple[Slip, ...]:
    """Stock slips, newest id first; one that cannot be read cannot be one of ours and is left out."""
    good, _ = read_rows(rows, _slip)
    return tuple(sorted(good, key=lambda slip: slip.id, reverse=True))


def _slip(raw: object) -> Slip:
    slip = Fields(raw, "haravan_slip")
    return Slip(
        id=slip.id(),
        number=slip.trimmed("adjust_number"),
        location_id=slip.id_or_none("location_id"),
        note=slip.text("note"),
        lines=tuple(_slip_line(line) for line in slip.records("line_items", "line")),
        made_at=instant(made_at) if isinstance(made_at := slip.raw("tran_date"), str) else None,
    )


def _slip_line(line: Fields) -> AdjustLine:
    return AdjustLine(line.id("product_id"), line.id("product_variant_id"), line.pieces("quantity"))
