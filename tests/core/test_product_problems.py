"""What `syncd products` says: every problem names the thing, all that share it, and the line that would end it."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from syncd.cli.products import TITLES
from syncd.core.model import BranchStock, PosProduct, ProductKind, Variant
from syncd.core.near_misses import links_line
from syncd.core.product_problems import KINDS, LinkProblem, find, of_kind
from syncd.core.products import LinkPolicy, build
from syncd.core.spelling import differences, fold
from tests.core.build import product, variant

BOTH = LinkPolicy(("barcode", "sku"), {})
DECOMPOSED = unicodedata.normalize("NFD", "ÁO-01")


def problems(
    variants: Sequence[Variant], products: Sequence[PosProduct], policy: LinkPolicy = BOTH
) -> tuple[LinkProblem, ...]:
    return find(variants, products, policy, build(variants, products, policy))


def texts(found: Iterable[LinkProblem]) -> dict[str, list[str]]:
    by_kind: dict[str, list[str]] = {}
    for problem in found:
        by_kind.setdefault(problem.kind, []).append(str(problem.text))
    return by_kind


def only(found: tuple[LinkProblem, ...], kind: str) -> LinkProblem:
    (problem,) = [one for one in found if one.kind == kind]
    return problem


# --- near misses -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sku", "code", "words"),
    [
        ("ao-01", "AO-01", "upper and lower case"),
        ("AO 01", "AO-01", "blanks, dashes, dots or underscores"),
        ("AO.01", "AO_01", "blanks, dashes, dots or underscores"),
        ("AO–01", "AO-01", "blanks, dashes, dots or underscores"),
        (DECOMPOSED, "ÁO-01", "looks the same, but its accents are stored differently (Unicode)"),
        ("ÁO-01", "AO-01", "accents"),
        ("ĐEN-S", "DEN-S", "accents"),
        ("８９３４５６７", "8934567", "full-width characters"),
        ("0012", "12", "zeros before a number"),
        ("AO-1", "AO-01", "zeros before a number"),
        ("áo 1", "AO-001", "upper and lower case; accents; blanks, dashes, dots or underscores; zeros before a number"),
    ],
)
def test_a_near_miss_says_what_differs_and_gives_the_line_and_is_never_linked(sku: str, code: str, words: str) -> None:
    variants, products = [variant(1, sku=sku, title="Áo")], [product(1, code=code, name="Áo trắng")]
    assert build(variants, products, BOTH).by_variant == {}
    near = only(problems(variants, products), "orphan_variant")
    assert f"nearly KiotViet code {code} (Áo trắng): {words}." in str(near.text)
    assert near.suggestion in str(near.text)
    linked = LinkPolicy(BOTH.match, yaml.safe_load("{" + near.suggestion + "}"))
    assert build(variants, products, linked).by_variant[11].code == code, "the line, pasted, links them"


def test_the_barcode_of_either_side_counts_too() -> None:
    by_own = problems([variant(1, sku="x", barcode="sp1")], [product(1)])
    assert only(by_own, "orphan_variant").suggestion == '"x": "SP-1"'
    theirs = problems([variant(1, sku="x", barcode="8934567")], [product(1, barcode="8934567")])
    assert "the barcode in KiotViet is the same, but links go by the product code" in str(theirs[0].text)
    assert only(theirs, "orphan_variant").suggestion == '"x": "SP-1"'


def test_a_code_that_is_equal_by_a_rule_that_is_off_is_near() -> None:
    found = problems([variant(1)], [product(1)], LinkPolicy(("barcode",), {}))
    assert "products.match does not go by it" in str(only(found, "orphan_variant").text)


@pytest.mark.parametrize(
    ("story", "variants", "line"),
    [
        ("the SKU is its own", [variant(1, sku="sp-1")], '"sp-1": "SP-1"'),
        ("no SKU", [variant(1, sku="", barcode="sp-1")], '"11": "SP-1"'),
        (
            "another one has that SKU and a product",
            [variant(1, sku="chung", barcode="sp-1"), variant(2, sku="chung", barcode="SP-2")],
            '"11": "SP-1"',
        ),
        (
            "it is another one's id",
            [variant(1, sku="12", barcode="sp-1"), variant(2)],
            '"11": "SP-1"',
        ),
    ],
)
def test_the_line_names_the_variant_by_what_is_its_own(story: str, variants: list[Variant], line: str) -> None:
    found = problems(variants, [product(1), product(2)])
    assert only(found, "orphan_variant").suggestion == line, story


def test_several_candidates_are_all_listed_and_none_is_sure() -> None:
    near = only(problems([variant(1, sku="sp 1")], [product(1), product(2, code="SP.01")]), "orphan_variant")
    assert "nearly 2 KiotViet codes, and none is sure: SP-1 (SP 1): upper" in str(near.text)
    assert near.suggestion == ""
    assert [candidate.line for candidate in near.candidates] == ['"sp 1": "SP-1"', '"sp 1": "SP.01"']


def test_a_product_that_no_variant_has_is_preferred() -> None:
    variants = [variant(1), variant(2, sku="sp 1")]
    products = [product(1), product(2, code="SP.1")]
    assert only(problems(variants, products), "orphan_variant").suggestion == '"sp 1": "SP.1"'
    taken = only(problems(variants, products[:1]), "orphan_variant")
    assert "which is linked to Haravan variant SP-1 already" in str(taken.text)
    assert (taken.suggestion, [one.code for one in taken.candidates]) == ("", ["SP-1"])


def test_a_code_that_two_variants_are_near_to_is_suggested_to_neither() -> None:
    found = problems([variant(1, sku="sp 1"), variant(2, sku="SP.1")], [product(1)])
    near = [problem for problem in found if problem.kind == "orphan_variant"]
    assert [problem.suggestion for problem in near] == ["", ""]
    assert all("also nearly the code of 1 other Haravan variants" in str(problem.text) for problem in near)


def test_codes_that_cannot_be_linked_are_no_candidates() -> None:
    twice = problems([variant(1, sku="sp-1")], [product(1), product(2, code="SP-1")])
    assert only(twice, "orphan_variant").candidates == ()
    ignored = problems([variant(1, sku="sp-1")], [product(1)], LinkPolicy(BOTH.match, {}, ("SP-1",)))
    assert only(ignored, "orphan_variant").candidates == ()


@pytest.mark.parametrize("sku", ["-", "...", " "])
def test_texts_that_say_nothing_are_near_to_nothing(sku: str) -> None:
    assert only(problems([variant(1, sku=sku)], [product(1, code="_")]), "orphan_variant").candidates == ()


def test_thousands_of_codes_that_look_alike_are_counted_and_a_few_named() -> None:
    products = [product(n, code="sp" + "-" * n + "1") for n in range(1, 1000)]
    near = only(problems([variant(1, sku="SP1")], products), "orphan_variant")
    assert len(near.candidates) == 20
    assert "and 15 more" in str(near.text)


@pytest.mark.no_cover  # a tracer would be timed as well
def test_ten_thousand_on_each_side_take_a_moment() -> None:
    one, other = variant(1), product(1)
    variants = [replace(one, id=n, sku=f"ao {n:06d}") for n in range(10_000)]
    products = [replace(other, id=n, code=f"AO-{n:06d}") for n in range(10_000)]
    began = time.process_time()
    found = problems(variants, products)
    spent = time.process_time() - began
    assert sum(1 for one in found if one.suggestion) == 10_000
    assert spent < 10, "some 0.6 s; nothing in it grows with the square of the shop"


@given(st.text(max_size=12), st.text(max_size=12))
def test_what_differs_is_never_left_unsaid(one: str, other: str) -> None:
    if fold(one) == fold(other):
        assert bool(differences(one, other)) == (one != other)


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_a_line_is_yaml_that_means_exactly_this_pair(key: str, code: str) -> None:
    key, code = key.encode("utf-8", "ignore").decode(), code.encode("utf-8", "ignore").decode()
    assert yaml.safe_load("{" + links_line(key, code) + "}") == {key: code}


# --- codes that several have -----------------------------------------------------------------------------------------


def test_variants_of_one_code_are_all_named() -> None:
    variants = [variant(1, title="Áo"), variant(2, sku="SP-1", title="Áo cũ"), variant(3)]
    found = [problem for problem in problems(variants, [product(1), product(3)]) if problem.kind == "ambiguous"]
    assert [problem.variant_id for problem in found] == [11, 12]
    assert {str(problem.text) for problem in found} == {
        "2 Haravan variants all name the KiotViet code SP-1: SP-1 Áo (id 11); SP-1 Áo cũ (id 12): make their codes "
        "unique or add the right pair to products.links"
    }
    assert [member.id for member in found[0].members] == [11, 12]


def test_a_variant_whose_code_an_admin_gave_away_is_told_to_whom() -> None:
    found = problems([variant(1), variant(2)], [product(1)], LinkPolicy(BOTH.match, {"SP-2": "SP-1"}))
    assert "names the KiotViet code SP-1, which products.links gives to variant SP-2" in str(
        only(found, "ambiguous").text
    )


def test_a_key_that_two_variants_share_collides() -> None:
    shared = LinkPolicy((), {"CHUNG": "SP-1"})
    found = texts(problems([variant(1, sku="CHUNG"), variant(2, sku="CHUNG")], [product(1)], shared))
    assert len(set(found["ambiguous"])) == 1
    assert "products.links sends SKU CHUNG to KiotViet code SP-1, but 2 Haravan variants" in found["ambiguous"][0]
    assert "id 11" in found["ambiguous"][0]


def test_products_of_one_code_cannot_be_told_apart() -> None:
    found = problems([variant(1)], [product(1, name="Áo"), product(2, code="SP-1", name="Áo cũ")])
    assert "which 2 KiotViet products have" in str(only(found, "ambiguous").text)
    twice = only(found, "duplicate_product")
    assert "Áo (id 201); Áo cũ (id 202)" in str(twice.text)
    assert [member.id for member in twice.members] == [201, 202]
    alone = problems([], [product(1), product(2, code="SP-1")])
    assert [problem.kind for problem in alone] == ["duplicate_product"], "also where no variant names them"


# --- the admin's own lines -------------------------------------------------------------------------------------------


def test_a_link_to_nowhere_is_told_what_is_near() -> None:
    found = problems([variant(1)], [product(5)], LinkPolicy((), {"SP-1": "sp5"}))
    broken = only(found, "orphan_variant")
    assert "products.links sends Haravan variant SP-1 to sp5, which is not in KiotViet; nearly that are: SP-5" in str(
        broken.text
    )
    assert broken.suggestion == '"SP-1": "SP-5"'
    far = only(problems([variant(1)], [product(5)], LinkPolicy((), {"SP-1": "SAI"})), "orphan_variant")
    assert str(far.text).endswith("to SAI, which is not in KiotViet: correct the code there")


def test_a_key_that_no_variant_has_is_a_problem_of_its_own() -> None:
    policy = LinkPolicy((), {"sp 1": "SP-5", "999": "SP-6", "SP-1": "SP-7"})
    found = problems([variant(1)], [product(5), product(6), product(7)], policy)
    unknown = [problem for problem in found if problem.kind == "unknown_link"]
    assert [(problem.sku, problem.code) for problem in unknown] == [("sp 1", "SP-5"), ("999", "SP-6")]
    assert "nearly that are: SP-1" in str(unknown[0].text)
    assert unknown[0].suggestion == '"SP-1": "SP-5"'
    assert str(unknown[1].text).endswith("with that id or SKU: correct the key there, or remove the line")


def test_a_key_that_says_nothing_is_near_to_nothing_and_a_variant_near_by_both_its_texts_is_named_once() -> None:
    policy = LinkPolicy((), {"--": "SP-5", "ao01": "SP-6"})
    found = problems([variant(1, sku="AO-01", barcode="AO 01")], [product(5), product(6)], policy)
    said = {problem.sku: str(problem.text) for problem in found if problem.kind == "unknown_link"}
    assert said["--"].endswith("correct the key there, or remove the line")
    assert said["ao01"].count("AO-01") == 1
    alone = problems([variant(1)], [product(1), product(5)], LinkPolicy(BOTH.match, {"--": "SP-5"}))
    assert str(only(alone, "unknown_link").text).endswith("correct the key there, or remove the line")


def test_an_ignored_code_that_does_not_exist_is_told() -> None:
    policy = LinkPolicy(BOTH.match, {}, ("SP-1", "sp-2", "SAI"))
    found = problems([], [product(1), product(2)], policy)
    said = texts(found)["unknown_ignore"]
    assert "products.ignore lists sp-2, which is not in KiotViet; nearly that are: SP-2" in said[0]
    assert said[1] == "products.ignore lists SAI, which is not in KiotViet: correct it there, or remove it"


# --- what is not published -------------------------------------------------------------------------------------------


def _off(*active: bool | None) -> tuple[BranchStock, ...]:
    return tuple(BranchStock(1001 + n, None, None, flag) for n, flag in enumerate(active))


@pytest.mark.parametrize(
    ("story", "changed", "goods", "kind", "words"),
    [
        ("untracked", {"tracked": False}, {}, "no_stock", "switch tracking on"),
        ("lots", {"lots": True}, {}, "no_stock", "lot-tracked"),
        ("combo", {}, {"kind": ProductKind.COMBO}, "no_stock", "is a combo"),
        ("service", {}, {"kind": ProductKind.SERVICE}, "no_stock", "is a service"),
        ("inactive", {}, {"active": False}, "inactive", "is not sold at any branch"),
        ("inactive at each branch", {}, {"stock": _off(False, False)}, "inactive", "shows 0 pieces in Haravan"),
    ],
)
def test_what_is_not_published_is_listed_with_the_reason(
    story: str, changed: dict[str, Any], goods: dict[str, Any], kind: str, words: str
) -> None:
    (found,) = problems([variant(1, **changed)], [product(1, **goods)])
    assert (found.kind, found.variant_id, found.code) == (kind, 11, "SP-1"), story
    assert words in str(found.text)


@pytest.mark.parametrize("stock", [_off(False, True), _off(False, None), ()])
def test_what_is_sold_somewhere_is_no_problem(stock: tuple[BranchStock, ...]) -> None:
    assert problems([variant(1)], [product(1, stock=stock)]) == ()


def test_ignored_and_discontinued_products_are_missed_by_nobody() -> None:
    policy = LinkPolicy(("sku",), {}, ("SP-1", "SP-9"))
    assert problems([variant(1)], [product(1), product(8, active=False), product(9)], policy) == ()


def test_orphans_of_both_sides_are_told_what_to_do_in_order_of_weight() -> None:
    found = problems([variant(1), variant(2, sku="", title="Áo"), variant(3, tracked=False)], [product(3), product(9)])
    assert [problem.kind for problem in found] == ["orphan_variant", "orphan_variant", "no_stock", "orphan_product"]
    said = texts(found)
    assert "variant Áo (id 12) has no KiotViet product" in said["orphan_variant"][1]
    assert said["orphan_product"][0].endswith("as barcode or SKU there, or list it under products.ignore")
    near = problems([variant(1, sku="sp9")], [product(9)])
    assert "where variant sp9 is nearly the same" in str(only(near, "orphan_product").text)


def test_problems_are_grouped_by_kind_and_near_misses_come_first() -> None:
    found = problems([variant(1), variant(2, sku="sp 3"), variant(4, tracked=False)], [product(3), product(4)])
    groups = of_kind(reversed(found))
    assert list(groups) == ["near_miss", "orphan_variant", "no_stock", "orphan_product"]
    assert [problem.sku for problem in groups["near_miss"]] == ["sp 3"]


def test_every_kind_has_its_place_and_title() -> None:
    assert set(TITLES) == {*KINDS, "near_miss"}
