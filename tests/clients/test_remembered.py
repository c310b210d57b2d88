"""What is not read twice must say the same as a second reading would."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from syncd.clients.haravan_wire import digest, parse_order, parse_order_page
from syncd.clients.remembered import MOST, Remembered
from syncd.errors import BadPayload


def counting() -> tuple[list[object], Remembered[str]]:
    """What was read, and a reading that remembers."""
    read: list[object] = []

    def say(raw: object) -> str:
        read.append(raw)
        return repr(raw)

    return read, Remembered(say)


def test_the_same_content_is_read_once_and_other_content_again() -> None:
    read, says = counting()
    first = says({"id": 1, "lines": [{"price": Decimal("1.50")}]})
    assert says({"id": 1, "lines": [{"price": Decimal("1.50")}]}) is first
    says({"id": 1, "lines": [{"price": Decimal("1.51")}]})
    assert len(read) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, True), (1, "1"), (Decimal("1.0"), Decimal("1.00")), (0, False), (None, ""), ("a", "A"), ([1], [[1]])],
)
def test_what_python_or_a_shop_takes_for_equal_is_still_other_content(one: object, other: object) -> None:
    _, says = counting()
    assert (says({"value": one}), says({"value": other})) == (repr({"value": one}), repr({"value": other}))


def test_what_is_refused_is_refused_each_time() -> None:
    def refuse(raw: object) -> str:
        raise BadPayload(f"no {raw}")

    says = Remembered(refuse)
    for _ in range(2):
        with pytest.raises(BadPayload, match="no row"):
            says("row")


def test_only_so_much_is_remembered_and_what_is_asked_for_stays() -> None:
    read, says = counting()
    for number in range(MOST * 5):
        says(number)
        says("polled")
    assert len(says._young) + len(says._old) <= 2 * MOST
    assert len([raw for raw in read if raw == "polled"]) == 1
    says(0)
    assert read.count(0) == 2, "what was long ago is read again"


def test_a_row_that_is_nested_too_deeply_is_read_as_it_is() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert Remembered(type)(deep) is list


def test_a_poll_that_shows_the_same_says_the_same() -> None:
    order = {"id": 7, "order_number": "#1", "updated_at": "2026-11-23T02:00:00Z", "created_at": "2026-11-23T02:00:00Z"}
    order |= {"line_items": [], "total_price": Decimal("610000.0"), "fulfillments": []}
    for changed in ({}, {"note": "gọi trước"}, {}, {"total_price": Decimal(610_000)}):
        row = order | changed
        page = parse_order_page([row])
        assert (page.orders, dict(page.digests)) == ((parse_order(row),), {7: digest(row)})
