"""`syncd products` for people and as JSON: every kind of problem, as both shops can really make it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from syncd.sandbox.http import Request, Response
from tests.cli_kit import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        opened.edit("language: vi", "language: en")
        yield opened


@pytest.fixture
def muddle(desk: Desk) -> Desk:
    """A shop with one problem of each kind."""
    haravan, kiotviet, branch = desk.sandbox.haravan, desk.sandbox.kiotviet, desk.sandbox.branches[0]
    stock = {branch: 5}
    haravan.add_product("Áo vải", [{"sku": "vai 01"}])
    kiotviet.add_product("VAI-01", "Áo vải", 1, stock=stock)
    haravan.add_product("Hàng lạ", [{"sku": "LA-01"}])
    haravan.add_product("Bản sao", [{"sku": "AO-02", "barcode": "AO-02"}])
    haravan.change_variant(desk.sandbox.variants["AO-03"], tracked=False)
    haravan.add_product("Sữa", [{"sku": "SUA-01", "lot_support": True}])
    kiotviet.add_product("SUA-01", "Sữa", 1, stock=stock)
    haravan.add_product("Bộ quà", [{"sku": "QUA-01"}])
    kiotviet.add_product("QUA-01", "Bộ quà", 1, kind=1, formula=[(desk.sandbox.products["AO-01"], 1)])
    haravan.add_product("Giặt ủi", [{"sku": "DV-01"}])
    kiotviet.add_product("DV-01", "Giặt ủi", 1, kind=3)
    units = [{"unit": "Lon", "ratio": 1, "base": True, "sku": "NUOC"}, {"unit": "Thùng", "ratio": 24, "sku": "NUOC-T"}]
    haravan.add_product("Nước", [{"sku": "NUOC", "units": units}])
    base = kiotviet.add_product("NUOC", "Nước", 1, unit="Lon", stock=stock)
    kiotviet.add_product("NUOC-T", "Nước", 1, unit="Thùng", master_unit_id=base, conversion=12)
    haravan.add_product("Bánh lốc", [{"sku": "BANH-L"}])
    cake = kiotviet.add_product("BANH", "Bánh", 1, unit="Cái", stock=stock)
    kiotviet.add_product("BANH-L", "Bánh", 1, unit="Lốc", master_unit_id=cake, conversion=0)
    haravan.add_product("Bia thùng", [{"sku": "BIA-T"}])
    beer = kiotviet.add_product("BIA", "Bia", 1, unit="Lon", stock=stock)
    kiotviet.add_product("BIA-T", "Bia", 1, unit="Thùng", master_unit_id=beer, conversion=24)
    kiotviet.delete_product(beer)
    kiotviet.deactivate(desk.sandbox.products["QUAN-01"])
    kiotviet.deactivate(desk.sandbox.products["QUAN-02"], branch)
    kiotviet.add_product("LE-01", "Hàng lẻ", 1, stock=stock)
    lines = 'products:\n  links: {"KHONG-CO": "KHAN-01"}\n  ignore: ["KHONG-CO"]\n'
    desk.config.write_text(desk.config.read_text(encoding="utf-8") + lines, encoding="utf-8")
    return desk


EXPECTED = [
    ("orphan_variant", "vai 01", "", "nearly KiotViet code VAI-01"),
    ("orphan_variant", "LA-01", "", "has no KiotViet product"),
    ("ambiguous", "AO-02", "AO-02", "2 Haravan variants all name"),
    ("unknown_link", "KHONG-CO", "KHAN-01", "shows no variant with that id or SKU"),
    ("unknown_ignore", "", "KHONG-CO", "products.ignore lists KHONG-CO"),
    ("no_stock", "AO-03", "AO-03", "switch tracking on"),
    ("no_stock", "SUA-01", "SUA-01", "lot-tracked"),
    ("no_stock", "QUA-01", "QUA-01", "is a combo"),
    ("no_stock", "DV-01", "DV-01", "is a service"),
    ("no_stock", "NUOC", "NUOC", "unit Thùng of variant NUOC holds 24 in Haravan"),
    ("no_stock", "BANH-L", "BANH-L", "one of it holds 0 of that"),
    ("no_stock", "BIA-T", "BIA-T", "is a unit of a KiotViet product that KiotViet does not show"),
    ("inactive", "QUAN-01", "QUAN-01", "is not sold at any branch"),
    ("inactive", "QUAN-02", "QUAN-02", "is not sold at any branch"),
    ("orphan_product", "", "LE-01", "is not in Haravan"),
]


def test_each_kind_of_problem_is_listed_by_name_with_what_to_do(muddle: Desk) -> None:
    listed = muddle("products", "--json").json
    found = [(row["kind"], row["sku"], row["kiotviet_code"], row["text"]) for row in listed["problems"]]
    for kind, sku, code, words in EXPECTED:
        assert any((kind, sku, code) == row[:3] and words in row[3] for row in found), (kind, sku, code)
    assert {row["kind"] for row in listed["problems"]} == {row[0] for row in EXPECTED}
    unpublished = {row["sku"] for row in listed["links"] if not row["stock"]}
    assert unpublished == {sku for kind, sku, _, _ in EXPECTED if kind == "no_stock"}


def test_people_read_them_by_kind_and_get_the_lines_to_paste(muddle: Desk) -> None:
    shown = muddle("products").out
    for _, _, _, words in EXPECTED:
        assert words in shown
    assert "Nearly the same code on both sides: 1" in shown
    assert "Haravan variants with the same code: 2" in shown
    assert shown.count("2 Haravan variants all name") == 1, "one sentence for all that share a code"
    assert shown.endswith('products:\n  links:\n    "vai 01": "VAI-01"\n')


def test_the_line_that_is_suggested_links_the_pair(muddle: Desk) -> None:
    (near,) = [row for row in muddle("products", "--json").json["problems"] if row["suggestion"]]
    assert near["candidates"][0] | {"differs": ""} == {
        "variant_id": None,
        "kiotviet_code": "VAI-01",
        "name": "Áo vải",
        "differs": "",
        "line": '"vai 01": "VAI-01"',
    }
    muddle.edit('links: {"KHONG-CO": "KHAN-01"}', "links: {" + near["suggestion"] + "}")
    assert "vai 01" in {row["sku"] for row in muddle("products", "--json").json["links"]}


def test_two_products_of_one_code_are_both_shown(desk: Desk) -> None:
    gate, handle = desk.sandbox.kiotviet_gate, desk.sandbox.kiotviet_gate.handle

    def doubled(request: Request) -> Response:
        response = handle(request)
        if request.path != "/products":
            return response
        payload = json.loads(response.body)
        for row in payload["data"]:
            row["code"] = "AO-01" if row["code"] == "AO-02" else row["code"]
        return Response.of_json(payload)

    gate.handle = doubled  # type: ignore[method-assign]
    listed: list[dict[str, Any]] = desk("products", "--json").json["problems"]
    (twice,) = [row for row in listed if row["kind"] == "duplicate_product"]
    assert [set(member) for member in twice["members"]] == [{"kiotviet_id", "name"}] * 2
    assert "2 KiotViet products have the code AO-01" in desk("products").out


def test_hundreds_of_problems_stay_readable(desk: Desk) -> None:
    for number in range(200):
        desk.sandbox.kiotviet.add_product(f"LE-{number:03d}", "Hàng lẻ", 1)
    shown = desk("products").out
    assert "200 to look at" in shown
    assert "and 190 more: 'syncd products --all' shows them" in shown
    assert len(shown.splitlines()) < 20
    assert "LE-199" in desk("products", "--all").out
    assert len(desk("products", "--json").json["problems"]) == 200
