"""What is kept of both product lists: in memory what links need, in the store names for people too, and no figures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields, replace
from decimal import Decimal
from functools import lru_cache
from sys import intern
from typing import Final

from syncd.core.model import UNDATED, BranchStock, PosProduct, ProductKind, Variant, VariantUnit
from syncd.core.products import Index, LinkPolicy, build
from syncd.store import Store

_KEPT: Final = ("id", "code", "barcode", "name", "active", "unit", "master_unit_id")
_OF_A_VARIANT: Final = tuple(field.name for field in fields(Variant))


def kept(product: PosProduct) -> PosProduct:
    """A product without figures and dates. What many have alike (units, branches, a code as barcode) is held once."""
    return replace(
        product,
        barcode=product.code if product.barcode == product.code else product.barcode,
        unit=intern(product.unit),
        conversion=_number(str(product.conversion)),
        stock=_branches(tuple((row.branch_id, row.active) for row in product.stock)),
        created_at=UNDATED,
        modified_at=None,
    )


def held(product: PosProduct) -> PosProduct:
    """What the daemon holds of a product: its barcode is for people who look for near misses."""
    return replace(product, barcode="")


def held_variant(variant: Variant) -> Variant:
    """What the daemon holds of a variant: its title is for people, and of a big shop most of the text."""
    return replace(variant, title="", barcode=variant.sku if variant.barcode == variant.sku else variant.barcode)


def sharing(variants: Iterable[Variant], products: Iterable[PosProduct]) -> Iterator[Variant]:
    """The variants, with the text of a SKU held once where it is a code too, as it is of nearly every one."""
    codes = {product.code: product.code for product in products}
    for variant in variants:
        sku = codes.get(variant.sku, variant.sku)
        yield replace(variant, sku=sku, barcode=sku if variant.barcode == sku else variant.barcode)


def variant_rows(variants: Iterable[Variant]) -> Iterator[tuple[int, str]]:
    """Variants as the store keeps them, by id."""
    return ((variant.id, _text(_variant_fields(variant))) for variant in variants)


def product_rows(products: Iterable[PosProduct]) -> Iterator[tuple[int, str]]:
    """Products as the store keeps them, by id."""
    return ((product.id, _text(_fields(product))) for product in products)


def variant_of(row: str) -> Variant:
    """A variant from the store, with its title."""
    data = json.loads(row)
    units = tuple(VariantUnit(**{**unit, "ratio": Decimal(unit["ratio"])}) for unit in data.pop("units"))
    return Variant(**data, units=units)


def product_of(row: str) -> PosProduct:
    """A product from the store, with its barcode."""
    data = json.loads(row)
    stock = tuple(BranchStock(branch["branch_id"], None, None, branch["active"]) for branch in data["stock"])
    fields = {name: data[name] for name in _KEPT}
    conversion = Decimal(data["conversion"])
    return kept(PosProduct(**fields, kind=ProductKind(data["kind"]), conversion=conversion, stock=stock))


def _variant_fields(variant: Variant) -> dict[str, object]:
    """All of them; only the few units are copied deep, for of a whole shop that takes seconds."""
    own = {name: getattr(variant, name) for name in _OF_A_VARIANT}
    return own | {"units": [asdict(unit) for unit in variant.units]}


def _fields(product: PosProduct) -> dict[str, object]:
    stock = [{"branch_id": row.branch_id, "active": row.active} for row in product.stock]
    own = {name: getattr(product, name) for name in _KEPT}
    return own | {"kind": product.kind, "conversion": product.conversion, "stock": stock}


def _text(data: object) -> str:
    return json.dumps(data, default=str, ensure_ascii=False)


@lru_cache(maxsize=1024)
def _branches(rows: tuple[tuple[int, bool | None], ...]) -> tuple[BranchStock, ...]:
    return tuple(BranchStock(branch_id, None, None, active) for branch_id, active in rows)


@lru_cache(maxsize=1024)
def _number(text: str) -> Decimal:
    return Decimal(text)


def remembered_index(store: Store, policy: LinkPolicy) -> Index:
    """The links of the last reading, from the store alone."""
    variants = [variant_of(row) for row in store.catalogue("haravan")]
    products = [product_of(row) for row in store.catalogue("kiotviet")]
    return build(variants, products, policy)
