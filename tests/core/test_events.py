"""What a person reads of an event, whatever the line carries."""

from __future__ import annotations

import pytest

from syncd.core.events import order_field, told


def test_an_orders_number_loses_its_sign() -> None:
    assert [order_field(number) for number in ("#100020", " #100020 ", "100020")] == ["100020"] * 3


HELD = {"haravan_id": 5001, "code": "rejected", "detail": "Khách hàng không tồn tại"}


@pytest.mark.parametrize(
    ("story", "event", "fields", "begins", "holds"),
    [
        ("about an order", "order_held", {"order": "100020", **HELD}, "Order 100020: ", "Khách hàng không tồn tại"),
        ("about an order without a number", "order_held", HELD, "", "Khách hàng không tồn tại"),
        ("about a product", "order_held", {"sku": "AO-01", **HELD}, "AO-01: ", "Khách hàng"),
        ("a name of ours gets its words", "cycle_failed", {"cycle": "stock", "error": "x"}, "", "stock"),
    ],
)
def test_an_event_is_a_sentence_that_begins_with_what_it_is_about(
    story: str, event: str, fields: dict[str, object], begins: str, holds: str
) -> None:
    said = told(event, fields, "en")
    assert said.startswith(begins), (story, said)
    assert holds in said, (story, said)


@pytest.mark.parametrize(("event", "fields"), [("no_such_event", {}), ("order_held", {"order": "100020"})])
def test_a_line_that_has_no_sentence_or_lacks_a_field_of_it_says_nothing(event: str, fields: dict[str, object]) -> None:
    assert told(event, fields, "vi") == ""
