"""Whatever the two systems turn out to do where nobody is sure: the same lives end the same way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.sandbox.faults import Fault
from syncd.sandbox.switches import ALL_SWITCHES
from tests.orders.kit import (
    assert_ended_well,
    assert_quiet,
    deliver,
    live_invoices,
    live_orders,
    settle,
)
from tests.rig import Rig

STOCK_ONLY = {
    "haravan.stock_moves_product",
    "haravan.stock_mode",
    "haravan.set_means",
    "haravan.bad_line",
    "haravan.foreign_slips",
    "kiotviet.on_hand_spelling",
    "kiotviet.inactive_figures",
    "kiotviet.unit_figures",
    "kiotviet.combo_figures",
}
NEVER_ASKED = {
    "haravan.close_answer",
    "haravan.note_attributes",
    "haravan.put_missing_keys",
    "haravan.tag_cleanup",
    "haravan.unit_lines",
    "haravan.duplicate_skus",
}
"""Of what syncd does with orders in Haravan, which is reading them, nothing can depend on these.

Tags, off here, are written in every position of their switch by the tests of tags.
"""

TURNED = [
    (switch.key, position)
    for switch in ALL_SWITCHES
    if switch.key not in STOCK_ONLY | NEVER_ASKED
    for position in switch.positions[1:]
]
CONTRADICTORY = ("kiotviet.status_texts", "swapped")
"""KiotViet's words for cancelled then stand beside the number of confirmed: no action, and a person looks."""


@pytest.fixture(params=TURNED, ids="=".join)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    key, position = request.param
    made = Rig(tmp_path, switches={key: position})
    yield made
    made.close()


def test_a_life_day_by_day(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 2), ("QUAN-01", 1), discount=17_000, note="Giao giờ hành chính " * 12)
    settle(rig, 1)
    assert (rig.state(order_id), [row["status"] for row in live_orders(rig)]) == ("ordered", [1])
    shipment_id = rig.haravan.ship(order_id)
    settle(rig, 1)
    assert live_invoices(rig) == []
    rig.haravan.carrier(order_id, shipment_id, "delivering")
    settle(rig, 2)
    assert (rig.state(order_id), [row["status"] for row in live_invoices(rig)]) == ("shipping", [3])
    deliver(rig, order_id, shipment_id)
    settle(rig, 2)
    assert_ended_well(rig, order_id)


WRITES = [("POST", "/customers$"), ("POST", "/orders$"), ("POST", "/invoices$"), ("PUT", "/invoices/")]


def test_a_life_in_which_every_answer_is_lost_once_and_the_store_twice(rig: Rig) -> None:
    for method, path in WRITES:
        rig.faults.add(Fault("lose_answer", remote="kiotviet", method=method, path=path))
    order_id = rig.place(("AO-01", 2))
    shipment_id = rig.haravan.ship(order_id)
    settle(rig, 3)
    rig.lose_store()
    rig.haravan.carrier(order_id, shipment_id, "delivering")
    settle(rig, 2)
    rig.lose_store()
    deliver(rig, order_id, shipment_id)
    settle(rig, 3)
    assert_ended_well(rig, order_id)
    assert len(rig.kiotviet.customers()) == 1


def test_an_order_that_is_cancelled(rig: Rig) -> None:
    order_id = rig.place()
    settle(rig, 1)
    rig.haravan.cancel(order_id)
    settle(rig, 2)
    if rig.sandbox.positions()[CONTRADICTORY[0]] == CONTRADICTORY[1]:
        assert (rig.hold(order_id), rig.writes().count("POST /orders")) == ("edited_in_kiotviet", 1)
    else:
        assert (rig.state(order_id), rig.hold(order_id), live_orders(rig)) == ("cancelled", "", [])
    assert_quiet(rig)
