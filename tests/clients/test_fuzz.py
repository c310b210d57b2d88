"""Whatever JSON stands wherever: rows, bad records, or an error of ours, and never anything else."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.clients.auth import parse_token, retailer_of
from syncd.clients.complaints import complaint, excerpt
from syncd.clients.decoding import decode
from syncd.clients.haravan_goods_wire import parse_levels, parse_product_page, parse_slips
from syncd.clients.haravan_wire import parse_order_page
from syncd.clients.kiotviet_goods_wire import parse_on_hand, parse_product
from syncd.clients.kiotviet_wire import parse_customer, parse_invoice, parse_order, parse_page, parse_return, unwrapped
from syncd.errors import SyncdError
from tests.clients.answers import sample

SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([2**63, -(2**63), 10**40, 0, -1]),
    st.decimals(),
    st.sampled_from([Decimal("1E+999999"), Decimal("1E-999999"), Decimal("NaN"), Decimal("Infinity")]),
    st.text(max_size=20),
    st.sampled_from(["NaN", "Infinity", "1e400", "0001-01-01T00:00:00", "9999-12-31T23:59:59-12:00", "\ud800", "١٢"]),
    st.sampled_from(["2026-05-04T00:00:00+99:99", "2026-02-30T00:00:00Z", "2026-05-04T24:00:00Z"]),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside a document."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in children for place in places(item, (*path, key)))]


def planted(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with `value` at `path`."""
    if not path:
        return value
    changed = copy.deepcopy(document)
    target = changed
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return changed


def haravan(key: str, parse: Callable[[list[Any]], object]) -> Callable[[Any], object]:
    return lambda document: parse(document[key])


def kiotviet(parse: Callable[[object], Any]) -> Callable[[Any], object]:
    return lambda document: parse_page(document, 0, parse)


CASES = {
    "haravan/orders_list.json": haravan("orders", parse_order_page),
    "haravan/products_list.json": haravan("products", parse_product_page),
    "haravan/inventory_locations.json": haravan("inventory_locations", parse_levels),
    "haravan/adjustments.json": haravan("adjustments", parse_slips),
    "kiotviet/orders_list.json": kiotviet(parse_order),
    "kiotviet/invoices_list.json": kiotviet(parse_invoice),
    "kiotviet/returns_list.json": kiotviet(parse_return),
    "kiotviet/customers_list.json": kiotviet(parse_customer),
    "kiotviet/products_list.json": kiotviet(parse_product),
    "kiotviet/product_on_hands.json": kiotviet(parse_on_hand),
}


@pytest.mark.parametrize("name", CASES)
@given(data=st.data())
def test_any_value_in_any_place_costs_at_most_its_row(name: str, data: st.DataObject) -> None:
    document = sample(name)
    rows = next(value for value in document.values() if isinstance(value, list))
    inside = [place for place in places(document) if len(place) >= 2 and rows is document[place[0]]]
    damaged = planted(document, data.draw(st.sampled_from(inside)), data.draw(JSON))
    read = CASES[name](damaged)
    if hasattr(read, "bad") and not hasattr(read, "ascending"):
        good = len(getattr(read, "orders", getattr(read, "levels", getattr(read, "rows", ()))))
        assert len(read.bad) <= 1
        assert good + len(read.bad) == len(rows)


@given(document=JSON)
def test_any_document_at_all_is_ours_to_refuse(document: Any) -> None:
    for read in (
        lambda: parse_page(document, 0, parse_order),
        lambda: parse_order_page([document]),
        lambda: parse_product_page([document]),
        lambda: unwrapped(document),
        lambda: parse_token(document, 0.0),
        lambda: complaint(document),
    ):
        with contextlib.suppress(SyncdError):
            read()


@given(body=st.one_of(st.binary(max_size=60), JSON.map(lambda value: json.dumps(value, default=str).encode())))
def test_any_bytes_are_a_document_or_a_value_error(body: bytes) -> None:
    with contextlib.suppress(ValueError):
        decode(body)
    excerpt("", body)


@given(text=st.text(max_size=60))
def test_any_text_is_a_token_or_none_with_a_shop_code(text: str) -> None:
    assert retailer_of(text) is None
    assert retailer_of(f"a.{text}.c") is None


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("1.10", Decimal("1.10")),
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        ("1e99999999999999999999", "1e99999999999999999999"),
        ("1E+999999999999", "1E+999999999999"),
        ("-1e-400", "-1e-400"),
        ("9" * 5000, "9" * 5000),
        ("12", 12),
    ],
)
def test_numbers_are_exact_and_absurd_ones_become_text(number: str, kept: object) -> None:
    assert decode(f'[{number}, {{"id": 1, "x": 0.5}}]'.encode()) == [kept, {"id": 1, "x": Decimal("0.5")}]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (r'"giao \ud83d nhanh"', "giao ? nhanh"),
        (r'"\uD83D\uDE00"', "😀"),
        (r'"\ude00\ud83d"', "??"),
        (r'"\ud83d\ud83d\ude00"', "?😀"),
        (r'"\\ud83d \\\ud83d"', r"\ud83d \?"),
        (r'{"\udfff": ["\ud800"]}', {"?": ["?"]}),
    ],
)
def test_half_a_letter_becomes_a_question_mark_wherever_it_stands(sent: str, kept: object) -> None:
    assert decode(sent.encode()) == kept
