"""Another mirror of the same shop is told of; a person who corrects something by hand now and then is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from syncd.core.model import AdjustLine, PosOrder, Slip
from syncd.core.other_writers import of_orders, of_slips
from tests.core.build import NOW, document, order

THEIRS = Slip(50, "IA50", 963414, "", (AdjustLine(901, 11, 3),), NOW - timedelta(hours=1))
FOREIGN = document(order(), description="Đơn web #100020")


def slips(count: int, **more: Any) -> list[Slip]:
    return [replace(THEIRS, id=50 + number, **({"number": f"IA{50 + number}"} | more)) for number in range(count)]


@pytest.mark.parametrize(
    ("story", "seen", "stocked"),
    [
        ("two by hand", slips(2), {11}),
        ("our own", slips(9, note="syncd shopmau"), {11}),
        ("of last week", slips(9, made_at=NOW - timedelta(days=7)), {11}),
        ("of nobody knows when", slips(9, made_at=None), {11}),
        ("on goods that we do not publish", slips(9), {99}),
    ],
)
def test_slips_that_are_no_sign_of_another_program(story: str, seen: list[Slip], stocked: set[int]) -> None:
    assert of_slips(seen, stocked, "syncd", NOW) is None, story


@pytest.mark.parametrize("stocked", [None, {11}])
def test_many_slips_of_others_in_a_day_are_counted_and_three_are_named(stocked: set[int] | None) -> None:
    found = of_slips([*slips(3), replace(THEIRS, id=77, number="")], stocked, "syncd", NOW)
    assert found is not None
    assert found.kind == "other_stock_writer"
    assert "IA50, IA51, IA52" in str(found.cause)
    unnumbered = of_slips(slips(3, number=""), stocked, "syncd", NOW)
    assert unnumbered is not None
    assert "(50, 51, 52)" in str(unnumbered.cause)


def web(number: str) -> bool:
    return number == "#100020"


@pytest.mark.parametrize(
    ("story", "seen"),
    [
        ("ours", document(order())),
        ("a sale at the till", replace(FOREIGN, description="khách quen")),
        ("a number that is no web order", replace(FOREIGN, description="#7 gọi trước")),
        ("of last month", replace(FOREIGN, created_at=NOW - timedelta(days=30))),
    ],
)
def test_kiotviet_orders_that_nobody_made_of_web_orders(story: str, seen: PosOrder) -> None:
    assert of_orders([seen], web, NOW) is None, story


@pytest.mark.parametrize(
    "seen",
    [
        FOREIGN,
        replace(FOREIGN, description="", channel="Haravan"),
        replace(FOREIGN, description="Đồng bộ từ HARAVAN"),
    ],
)
def test_a_kiotviet_order_that_another_program_made_of_a_web_order_is_named(seen: PosOrder) -> None:
    found = of_orders([document(order()), seen], web, NOW)
    assert found is not None
    assert (found.kind, "DH000185" in str(found.cause)) == ("other_order_writer", True)
