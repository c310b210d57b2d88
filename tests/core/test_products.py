"""Links count only when unique on both sides; what cannot be linked is named with what to do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from syncd.core.model import OrderLine, PosProduct, ProductKind, Variant, VariantUnit
from syncd.core.products import Index, Link, LinkPolicy, Unlinked, build, link_of, rule_of, variants_named
from tests.core.build import line, product, variant

BOTH = LinkPolicy(("barcode", "sku"), {})


def linked(found: Index) -> dict[int, str]:
    return {variant_id: link.code for variant_id, link in found.by_variant.items()}


@pytest.mark.parametrize(
    ("story", "variants", "products", "policy", "links"),
    [
        ("by sku", [variant(1)], [product(1)], BOTH, {11: "SP-1"}),
        ("by barcode", [variant(1, sku="x", barcode="SP-1")], [product(1)], BOTH, {11: "SP-1"}),
        ("barcode first", [variant(1, barcode="SP-2")], [product(1), product(2)], BOTH, {11: "SP-2"}),
        (
            "in the order of the rules",
            [variant(1, barcode="SP-2")],
            [product(1), product(2)],
            LinkPolicy(("sku", "barcode"), {}),
            {11: "SP-1"},
        ),
        (
            "a rule that names nothing passes on",
            [variant(1, barcode="8934567")],
            [product(1)],
            BOTH,
            {11: "SP-1"},
        ),
        ("a rule that is not set is not used", [variant(1)], [product(1)], LinkPolicy(("barcode",), {}), {}),
        ("exact text only", [variant(1, sku="sp-1")], [product(1)], BOTH, {}),
        ("empty texts link nothing", [variant(1, sku="")], [product(1, code="")], BOTH, {}),
        ("two variants of one code", [variant(1), variant(2, sku="SP-1")], [product(1)], BOTH, {}),
        ("two products of one code", [variant(1)], [product(1), product(2, code="SP-1")], BOTH, {}),
        ("an explicit pair by sku", [variant(1)], [product(5)], LinkPolicy((), {"SP-1": "SP-5"}), {11: "SP-5"}),
        ("an explicit pair by variant id", [variant(1)], [product(5)], LinkPolicy((), {"11": "SP-5"}), {11: "SP-5"}),
        (
            "the id is stronger than the sku",
            [variant(1)],
            [product(4), product(5)],
            LinkPolicy((), {"SP-1": "SP-4", "11": "SP-5"}),
            {11: "SP-5"},
        ),
        (
            "an explicit pair beats the rules, of its own and of others",
            [variant(1), variant(2)],
            [product(1), product(2)],
            LinkPolicy(("sku",), {"SP-1": "SP-2"}),
            {11: "SP-2"},
        ),
        (
            "an explicit pair settles a duplicate",
            [variant(1), variant(2, sku="SP-1")],
            [product(1)],
            LinkPolicy(("sku",), {"12": "SP-1"}),
            {12: "SP-1"},
        ),
        (
            "two explicit pairs to one code",
            [variant(1), variant(2)],
            [product(5)],
            LinkPolicy((), {"11": "SP-5", "12": "SP-5"}),
            {},
        ),
        (
            "an explicit pair to nowhere is not replaced by a guess",
            [variant(1)],
            [product(1)],
            LinkPolicy(("sku",), {"11": "SAI"}),
            {},
        ),
        ("an inactive product is linked", [variant(1)], [product(1, active=False)], BOTH, {11: "SP-1"}),
    ],
)
def test_links(
    story: str, variants: list[Variant], products: list[PosProduct], policy: LinkPolicy, links: dict[int, str]
) -> None:
    assert linked(build(variants, products, policy)) == links, story


@pytest.mark.parametrize(
    ("story", "changed", "goods", "words"),
    [
        ("untracked", {"tracked": False}, {}, "not stock-tracked in Haravan: switch tracking on"),
        ("lots", {"lots": True}, {}, "lot-tracked in Haravan: adjust its stock there by hand"),
        ("combo", {}, {"kind": ProductKind.COMBO}, "SP-1 is a combo in KiotViet"),
        ("service", {}, {"kind": ProductKind.SERVICE}, "SP-1 is a service in KiotViet"),
    ],
)
def test_what_has_no_stock_is_linked_for_orders_only(
    story: str, changed: dict[str, Any], goods: dict[str, Any], words: str
) -> None:
    found = build([variant(1, **changed), variant(2)], [product(1, **goods), product(2)], BOTH)
    assert [link.code for link in found.stocked()] == ["SP-2"], story
    assert words in str(found.by_variant[11].no_stock), story
    assert isinstance(link_of(line(1), found), Link)


def test_an_ignored_code_is_never_published_and_its_orders_go_on() -> None:
    policy = LinkPolicy(("sku",), {}, ("SP-1", "SP-9"))
    found = build([variant(1), variant(2)], [product(1), product(2), product(9)], policy)
    assert [link.code for link in found.stocked()] == ["SP-2"]
    link = link_of(line(1), found)
    assert isinstance(link, Link)
    assert link.product_id == 201


# --- packing units ---------------------------------------------------------------------------------------------------


CAN = VariantUnit("Lon", "SP-1", "", Decimal(1), base=True)
CASE = VariantUnit("Thùng", "SP-1T", "", Decimal(24), base=False)
CASE_THERE = product(7, code="SP-1T", conversion=Decimal(24), master_unit_id=201)


def units(*there: PosProduct, sold: tuple[VariantUnit, ...] = (CAN, CASE)) -> Index:
    return build([variant(1, units=sold)], there, BOTH)


def test_a_variant_with_packing_units_is_published_when_both_sides_count_the_same_base() -> None:
    found = units(product(1), CASE_THERE)
    assert [link.code for link in found.stocked()] == ["SP-1"]


def test_one_unit_that_is_the_base_itself_is_no_packing() -> None:
    assert [link.code for link in units(product(1), sold=(CAN,)).stocked()] == ["SP-1"]


@pytest.mark.parametrize(
    ("story", "there", "sold", "words"),
    [
        ("KiotViet has no such unit", (product(1),), (CAN, CASE), "unit Thùng of variant SP-1 holds 24 in Haravan"),
        (
            "it holds another number",
            (product(1), product(7, code="SP-1T", conversion=Decimal(12), master_unit_id=201)),
            (CAN, CASE),
            "no such unit of SP-1 with the code SP-1T",
        ),
        (
            "it is a unit of something else",
            (product(1), product(7, code="SP-1T", conversion=Decimal(24), master_unit_id=5)),
            (CAN, CASE),
            "no such unit of SP-1",
        ),
        (
            "the unit has no code",
            (product(1),),
            (CAN, VariantUnit("", "", "", Decimal(6), base=False)),
            "with the code (none)",
        ),
        (
            "the product is itself a unit",
            (product(1, master_unit_id=99, conversion=Decimal(6)), CASE_THERE),
            (CAN, CASE),
            "SP-1 is no base unit",
        ),
        (
            "Haravan's base is not one piece",
            (product(1), CASE_THERE),
            (VariantUnit("Lốc", "SP-1", "", Decimal(6), base=True),),
            "SP-1 is no base unit",
        ),
    ],
)
def test_units_on_which_the_sides_disagree_are_refused_by_name(
    story: str, there: tuple[PosProduct, ...], sold: tuple[VariantUnit, ...], words: str
) -> None:
    found = units(*there, sold=sold)
    assert found.stocked() == (), story
    assert words in str(found.by_variant[11].no_stock), story


@pytest.mark.parametrize(
    ("sku", "expected"),
    [("SP-1", 201), ("SP-1T", 207), ("", "unsupported_line"), ("SP-1X", "unsupported_line")],
)
def test_a_line_of_a_variant_with_units_is_the_unit_that_its_sku_says(sku: str, expected: int | str) -> None:
    found = link_of(line(1, sku=sku), units(product(1), CASE_THERE))
    assert (found.product_id if isinstance(found, Link) else found.code) == expected


def test_a_unit_that_kiotviet_does_not_have_is_unknown_and_never_sold_as_one_piece() -> None:
    found = link_of(line(1, sku="SP-1T"), units(product(1)))
    assert isinstance(found, Unlinked)
    assert found.code == "unknown_sku"
    assert "unit of SP-1" in str(found.reason)


def test_a_kiotviet_unit_is_linked_with_its_base() -> None:
    found = build([variant(1)], [product(1, master_unit_id=202, conversion=Decimal(12)), product(2)], BOTH)
    assert [(link.master_unit_id, link.conversion) for link in found.stocked()] == [(202, 12)]


@pytest.mark.parametrize(
    ("base", "conversion", "words"),
    [(202, 0, "one of it holds 0 of that"), (202, -4, "one of it holds -4"), (99, 12, "KiotViet does not show")],
)
def test_a_kiotviet_unit_that_cannot_be_counted_from_its_base_is_linked_for_orders_only(
    base: int, conversion: int, words: str
) -> None:
    odd = build([variant(1)], [product(1, master_unit_id=base, conversion=Decimal(conversion)), product(2)], BOTH)
    assert odd.stocked() == ()
    assert words in str(odd.by_variant[11].no_stock)
    assert odd.by_variant[11].conversion > 0


# --- order lines -----------------------------------------------------------------------------------------------------


SHOP = build(
    [
        variant(1),
        variant(2),
        variant(3, sku="SP-2"),
        variant(4, sku="A", barcode="B"),
        variant(5, sku="B", barcode="SP-5"),
    ],
    [product(1), product(2), product(5)],
    BOTH,
)


@pytest.mark.parametrize(
    ("story", "sold", "expected"),
    [
        ("by variant", line(1, sku="whatever"), 201),
        ("by sku where the variant is gone", line(1, variant_id=999), 201),
        ("by sku where the line has none", line(1, variant_id=None), 201),
        ("by barcode then", line(1, variant_id=None, sku="", barcode="SP-5"), 205),
        ("by barcode where the sku is shared", line(1, variant_id=None, sku="SP-2", barcode="SP-5"), 205),
        ("a shared sku", line(2, variant_id=None), "ambiguous_sku"),
        ("a text that is one's sku and another's barcode", line(1, variant_id=None, sku="B"), "ambiguous_sku"),
        ("a variant that another one copies", line(2), "ambiguous_sku"),
        ("a variant without a product", line(4, sku="A"), "unknown_sku"),
        ("a sku that nobody has", line(8, variant_id=999), "unknown_sku"),
        ("a variant without sku that is not known", line(8, variant_id=999, sku=""), "unknown_sku"),
        ("typed in by hand", line(8, variant_id=None, sku=""), "unsupported_line"),
        ("a gift card", line(1, gift_card=True), "unsupported_line"),
    ],
)
def test_the_product_of_a_line(story: str, sold: OrderLine, expected: int | str) -> None:
    found = link_of(sold, SHOP)
    assert (found.product_id if isinstance(found, Link) else found.code) == expected, story
    if isinstance(found, Unlinked):
        assert found.reason


def test_a_line_without_sku_is_named_by_its_variant() -> None:
    found = link_of(line(8, variant_id=999, sku=""), SHOP)
    assert isinstance(found, Unlinked)
    assert "of variant 999 is not in KiotViet" in str(found.reason)


def test_a_line_of_a_deleted_variant_is_linked_by_the_code_it_carries_itself() -> None:
    index = build([variant(1)], [product(1), product(2)], LinkPolicy(("barcode", "sku"), {}))
    found = link_of(line(2), index)
    assert isinstance(found, Link)
    assert found.code == "SP-2"
    assert index.stocked() == build([variant(1)], [product(1)], LinkPolicy(("sku",), {})).stocked()


def test_a_deleted_variants_code_counts_only_by_the_shops_rules_and_when_no_variant_and_no_second_product_has_it() -> (
    None
):
    by_barcode = build([variant(1)], [product(1), product(2)], LinkPolicy(("barcode",), {}))
    assert isinstance(link_of(line(2), by_barcode), Unlinked)
    twice = build([], [product(2), product(3, code="SP-2")], LinkPolicy(("sku",), {}))
    assert isinstance(link_of(line(2), twice), Unlinked)
    taken = build([variant(9, sku="other", barcode="SP-2")], [product(2)], LinkPolicy(("barcode", "sku"), {}))
    assert link_of(line(2), taken).code == "SP-2"


# --- by what name ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("11", (11,)),
        ("SP-1", (11,)),
        ("893", (12,)),
        ("SP-9", (13,)),
        ("99", ()),
        ("sai", ()),
    ],
)
def test_people_name_a_variant_by_its_id_sku_or_barcode_or_by_its_products_code(
    name: str, expected: tuple[int, ...]
) -> None:
    variants = [variant(1), variant(2, barcode="893"), variant(3, sku="x")]
    policy = LinkPolicy(BOTH.match, {"x": "SP-9"})
    found = build(variants, [product(1), product(2), product(9)], policy)
    assert variants_named(name, found) == expected


@pytest.mark.parametrize(
    ("sold", "code", "rule"),
    [
        (variant(1), "SP-1", "sku"),
        (variant(1, barcode="SP-1"), "SP-1", "barcode"),
        (variant(1, sku="x"), "SP-9", "links"),
        (variant(4), "SP-9", "links"),
        (variant(1), "SP-7", "links"),
    ],
)
def test_a_link_says_by_which_rule_it_was_made(sold: Variant, code: str, rule: str) -> None:
    assert rule_of(sold, code, LinkPolicy(BOTH.match, {"x": "SP-9", "14": "SP-9"})) == rule
