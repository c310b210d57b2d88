"""Which KiotViet product a Haravan variant is: never guessed, and counted only when unique on both sides."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from syncd.core.model import OrderLine, PosProduct, ProductKind, Variant, VariantUnit
from syncd.core.pending import Packs
from syncd.core.texts import Text, text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Link:
    """A Haravan variant and its KiotViet product. `no_stock` says why its stock is not published, else None."""

    variant_id: int
    haravan_product_id: int
    sku: str
    product_id: int
    code: str
    name: str
    conversion: Decimal
    master_unit_id: int | None
    no_stock: Text | None = None


@dataclass(frozen=True, slots=True)
class LinkPolicy:
    """How links are found: rules in order, then the admin's own pairs, which win."""

    match: tuple[str, ...]
    explicit: Mapping[str, str]
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """All links of a shop; `product_problems.find` says what could not be linked.

    Args:
        by_variant: The link of each variant that has one.
        by_sku: The variants that have a text as SKU or barcode.
        known: Every variant of the web shop.
        ambiguous: Those that name a product which another one names too.
        by_unit: The link of each packing unit, by variant id and the unit's SKU; None where KiotViet has no such unit.
        packs: How many base pieces each unit of such a variant is, by the unit's SKU; the variant's own is one.
        unclaimed: The link of each KiotViet code that no variant names.
        match: The rules, in order.
    """

    by_variant: Mapping[int, Link] = field(default_factory=dict)
    by_sku: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    known: frozenset[int] = frozenset()
    ambiguous: frozenset[int] = frozenset()
    by_unit: Mapping[int, Mapping[str, Link | None]] = field(default_factory=dict)
    packs: Packs = field(default_factory=dict)
    unclaimed: Mapping[str, Link] = field(default_factory=dict)
    match: tuple[str, ...] = ()

    def stocked(self) -> tuple[Link, ...]:
        """The links whose stock is published, by variant id."""
        return tuple(link for _, link in sorted(self.by_variant.items()) if link.no_stock is None)


@dataclass(frozen=True, slots=True)
class Unlinked:
    """Why an order line has no KiotViet product; `code` is a hold code."""

    code: str
    reason: Text


def build(variants: Sequence[Variant], products: Sequence[PosProduct], policy: LinkPolicy) -> Index:
    """Link every variant that names exactly one product which no other variant names."""
    by_code, bases = codes_of(products), _bases(products)
    claims = claims_of(variants, by_code, policy)
    winners = winners_of(claims)
    links: dict[int, Link] = {}
    ambiguous: set[int] = set()
    for variant in variants:
        code = claims[variant.id].code
        if code is None:
            continue
        if winners.get(code) != variant.id or len(by_code[code]) != 1:
            ambiguous.add(variant.id)
            continue
        product = by_code[code][0]
        links[variant.id] = _link(variant, product, _no_stock(variant, product, by_code, bases, policy))
    by_unit = {v.id: _unit_links(v, links[v.id], by_code) for v in variants if v.id in links and _packs(v)}
    claimed = {claim.code for claim in claims.values() if claim.code is not None} | set(policy.ignore)
    claimed |= {link.code for units in by_unit.values() for link in units.values() if link is not None}
    return Index(
        by_variant=links,
        by_sku=_skus(variants),
        known=frozenset(claims),
        ambiguous=frozenset(ambiguous),
        by_unit=by_unit,
        packs={variant.id: _ratios(variant) for variant in variants if _packs(variant)},
        unclaimed={
            code: _loose_link(rows[0]) for code, rows in by_code.items() if code not in claimed and len(rows) == 1
        },
        match=policy.match,
    )


def codes_of(products: Iterable[PosProduct]) -> dict[str, tuple[PosProduct, ...]]:
    """The KiotViet products by their code; more than one of a code cannot be told apart."""
    return _grouped((product.code, product) for product in products)


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    """Values by key. Nearly every key of a big shop has one value, so that lists would be most of the memory."""
    found: dict[str, tuple[T, ...]] = {}
    more: dict[str, list[T]] = defaultdict(list)
    for key, value in pairs:
        if key in found:
            more[key].append(value)
        else:
            found[key] = (value,)
    return found | {key: (*found[key], *values) for key, values in more.items()}


def _bases(products: Sequence[PosProduct]) -> frozenset[int]:
    """The products of which others are units, as far as KiotViet shows them."""
    wanted = {product.master_unit_id for product in products}
    return frozenset(product.id for product in products if product.id in wanted)


def variants_named(name: str, index: Index) -> tuple[int, ...]:
    """The variants that people mean by a text: the id, the SKU or barcode of a variant, or the code of its product."""
    if name.isascii() and name.isdigit() and int(name) in index.known:
        return (int(name),)
    found = index.by_sku.get(name, ())
    return found or tuple(key for key, link in sorted(index.by_variant.items()) if link.code == name)


def rule_of(variant: Variant, code: str, policy: LinkPolicy) -> str:
    """By what a variant was linked to the product with a code: `links` (an admin's own pair), `barcode` or `sku`."""
    if code in (policy.explicit.get(str(variant.id)), policy.explicit.get(variant.sku)):
        return "links"
    values = {"barcode": variant.barcode, "sku": variant.sku}
    return next((rule for rule in policy.match if values[rule] == code), "links")


def _loose_link(product: PosProduct) -> Link:
    """A KiotViet product that no variant has: an order may still name its code, when its own variant was deleted."""
    return _link(Variant(0, 0, "", "", "", tracked=False, lots=False), product, None)


@dataclass(frozen=True, slots=True)
class Claim:
    """The KiotViet code that a variant names, None for none; `explicit` where an admin wrote so."""

    code: str | None
    explicit: bool = False


def claims_of(variants: Iterable[Variant], codes: Container[str], policy: LinkPolicy) -> dict[int, Claim]:
    """What each variant names among the `codes` that KiotViet has, by variant id."""
    return {variant.id: _claim(variant, codes, policy) for variant in variants}


def _claim(variant: Variant, codes: Container[str], policy: LinkPolicy) -> Claim:
    """An explicit pair is never overruled by a rule, not even where its code does not exist."""
    key = explicit_key(variant, policy)
    if key is not None:
        return Claim(policy.explicit[key] if policy.explicit[key] in codes else None, explicit=True)
    values = {"barcode": variant.barcode, "sku": variant.sku}
    return Claim(next((values[rule] for rule in policy.match if values[rule] and values[rule] in codes), None))


def explicit_key(variant: Variant, policy: LinkPolicy) -> str | None:
    """The key of `products.links` that means this variant: its id, else its SKU."""
    return next((key for key in (str(variant.id), variant.sku) if key and key in policy.explicit), None)


def winners_of(claims: Mapping[int, Claim]) -> dict[str, int]:
    """The one variant that may have each code: the only explicit claim, else the only claim at all."""
    claimants = _grouped((claim.code, variant_id) for variant_id, claim in claims.items() if claim.code is not None)
    best = ((code, [one for one in found if claims[one].explicit] or found) for code, found in claimants.items())
    return {code: found[0] for code, found in best if len(found) == 1}


def _link(variant: Variant, product: PosProduct, no_stock: Text | None) -> Link:
    return Link(
        variant_id=variant.id,
        haravan_product_id=variant.product_id,
        sku=variant.sku,
        product_id=product.id,
        code=product.code,
        name=product.name,
        conversion=product.conversion if product.conversion > 0 else Decimal(1),
        master_unit_id=product.master_unit_id,
        no_stock=no_stock,
    )


def _no_stock(
    variant: Variant,
    product: PosProduct,
    by_code: Mapping[str, Sequence[PosProduct]],
    bases: Container[int],
    policy: LinkPolicy,
) -> Text | None:
    """Why this variant's stock is not published; None when it is. Its orders are mirrored all the same."""
    name = variant.sku or variant.id
    if product.code in policy.ignore:
        return text("listed_as_ignored", code=product.code)
    if not variant.tracked:
        return text("not_tracked", variant=name)
    if variant.lots:
        return text("lot_tracked", variant=name)
    if product.kind is ProductKind.COMBO:
        return text("is_combo", code=product.code)
    if product.kind is ProductKind.SERVICE:
        return text("is_service", code=product.code)
    return _units_disagree(variant, product, by_code) or _unit_is_lost(product, bases)


def _unit_is_lost(product: PosProduct, bases: Container[int]) -> Text | None:
    """Why a KiotViet unit cannot be counted from its base; None when it can, or is no unit."""
    if product.master_unit_id is None:
        return None
    if product.conversion <= 0:
        return text("senseless_conversion", code=product.code, ratio=f"{product.conversion.normalize():f}")
    return None if product.master_unit_id in bases else text("base_not_shown", code=product.code)


def _packs(variant: Variant) -> tuple[VariantUnit, ...]:
    """The units of a variant that hold more than one base unit."""
    return tuple(unit for unit in variant.units if unit.ratio != 1)


def _units_disagree(variant: Variant, product: PosProduct, by_code: Mapping[str, Sequence[PosProduct]]) -> Text | None:
    """Why the two sides do not count the same base unit; None when they do."""
    name = variant.sku or variant.id
    if not _packs(variant):
        return None
    if product.master_unit_id is not None or any(unit.base for unit in _packs(variant)):
        return text("no_base_unit", variant=name, code=product.code)
    odd = next((unit for unit in _packs(variant) if len(_same_unit(unit, product.id, by_code)) != 1), None)
    if odd is None:
        return None
    return text(
        "units_disagree",
        unit=odd.unit or odd.sku,
        variant=name,
        ratio=f"{odd.ratio.normalize():f}",
        code=product.code,
        unit_code=odd.sku or text("none_named"),
    )


def _same_unit(unit: VariantUnit, base_id: int, by_code: Mapping[str, Sequence[PosProduct]]) -> list[PosProduct]:
    """The KiotViet products that are this unit of this base."""
    named = by_code.get(unit.sku, ()) if unit.sku else ()
    return [product for product in named if (product.master_unit_id, product.conversion) == (base_id, unit.ratio)]


def _unit_links(variant: Variant, link: Link, by_code: Mapping[str, Sequence[PosProduct]]) -> dict[str, Link | None]:
    """The KiotViet product of each packing unit, by the unit's SKU: the same unit of the same base, or none."""
    found: dict[str, Link | None] = {}
    for unit in _packs(variant):
        products = _same_unit(unit, link.product_id, by_code)
        found[unit.sku] = _link(variant, products[0], text("packing_unit")) if len(products) == 1 else None
    return found


def _ratios(variant: Variant) -> dict[str, int]:
    return {unit.sku: math.ceil(unit.ratio) for unit in variant.units} | {variant.sku: 1}


def _skus(variants: Iterable[Variant]) -> dict[str, tuple[int, ...]]:
    return _grouped((key, variant.id) for variant in variants for key in {variant.sku, variant.barcode} if key)


def link_of(line: OrderLine, index: Index) -> Link | Unlinked:
    """The KiotViet product of an order line: by variant, else by a SKU or barcode that exactly one variant has."""
    if line.gift_card:
        return Unlinked("unsupported_line", text("gift_card", title=line.title))
    variant_id = line.variant_id if line.variant_id in index.known else _variant_by_text(line, index)
    if variant_id is not None and variant_id in index.by_unit:
        return _unit_of(line, index.by_variant[variant_id], index.by_unit[variant_id])
    if variant_id is not None and variant_id in index.by_variant:
        return index.by_variant[variant_id]
    if variant_id is None and (loose := _by_own_code(line, index)) is not None:
        return loose
    name = line.sku or line.barcode
    if variant_id in index.ambiguous or _is_shared(line, index):
        return Unlinked("ambiguous_sku", text("sku_ambiguous", sku=name))
    if name:
        return Unlinked("unknown_sku", text("sku_unknown", sku=name))
    if line.variant_id is not None:
        return Unlinked("unknown_sku", text("variant_unknown", variant=line.variant_id))
    return Unlinked("unsupported_line", text("not_a_product", title=line.title))


def _by_own_code(line: OrderLine, index: Index) -> Link | None:
    """The product whose code a line of a deleted variant carries itself, by the shop's own rules."""
    values = {"barcode": line.barcode, "sku": line.sku}
    return next((index.unclaimed[values[rule]] for rule in index.match if values[rule] in index.unclaimed), None)


def _unit_of(line: OrderLine, base: Link, units: Mapping[str, Link | None]) -> Link | Unlinked:
    """The product of a line of a variant with packing units: the line's SKU must say which unit was bought."""
    if line.sku in units:
        return units[line.sku] or Unlinked("unknown_sku", text("unit_unknown", sku=line.sku, code=base.code))
    if line.sku and line.sku == base.sku:
        return base
    return Unlinked("unsupported_line", text("unit_not_said", title=line.title))


def _variant_by_text(line: OrderLine, index: Index) -> int | None:
    for key in (line.sku, line.barcode):
        found = index.by_sku.get(key, ()) if key else ()
        if len(found) == 1:
            return found[0]
    return None


def _is_shared(line: OrderLine, index: Index) -> bool:
    if line.variant_id in index.known:
        return False
    return any(len(index.by_sku.get(key, ())) > 1 for key in (line.sku, line.barcode) if key)
