"""What is not read twice must say the same as a second reading would."""

from __future__ import annotations

import operator
from decimal import Decimal
from typing import Any

import pytest

from syncd.clients.decoding import decode
from syncd.clients.haravan_wire import digest, parse_order, parse_order_page
from syncd.clients.remembered import MOST, Remembered, RememberedLast
from syncd.errors import BadPayload
from tests.clients.answers import Script, haravan, ok


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


def test_of_the_last_thing_nothing_is_read_again() -> None:
    read: list[bytes] = []

    def length(body: bytes) -> int:
        read.append(body)
        return len(body)

    says = RememberedLast(length, operator.eq)
    assert [says(body) for body in (b"one", b"one", b"three", b"one")] == [3, 3, 5, 3]
    assert read == [b"one", b"three", b"one"]


def test_what_could_not_be_read_is_not_remembered() -> None:
    says: RememberedLast[bytes, object] = RememberedLast(decode, operator.eq)
    for _ in range(2):
        with pytest.raises(ValueError, match="Expecting value"):
            says(b"<html>")
    assert says(b"[1]") is says(b"[1]")


def test_each_kind_of_poll_has_its_own_last_answer() -> None:
    """A whole page and a short one take turns; neither may show what the other was answered."""
    order = {"id": 7, "order_number": "#1", "updated_at": "2026-11-23T02:00:00Z", "created_at": "2026-11-23T02:00:00Z"}
    order |= {"line_items": [], "total_price": 610_000, "fulfillments": []}
    answers = [{"orders": [order | {"id": number} for number in numbers]} for numbers in ((7,), (7, 8), (7,), (7, 8))]
    client = haravan(Script(*map(ok, answers)))
    short, whole, again, whole_again = (
        client.orders_changed_last(1),
        client.orders_newest_first(1),
        client.orders_changed_last(1),
        client.orders_newest_first(1),
    )
    assert [len(page.orders) for page in (short, whole)] == [1, 2]
    assert (again is short, whole_again is whole) == (True, True)
