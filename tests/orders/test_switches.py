"""Whatever the two systems turn out to do where nobody is sure: the same lives end the same way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.sandbox.faults import Fault
from syncd.sandbox.switches import ALL_SWITCHES, find_switch
from tests.orders.kit import assert_ended_well, deliver, settle
from tests.orders.week import SETTINGS, Week
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

POSITIONS = [
    (switch.key, position)
    for switch in ALL_SWITCHES
    if switch.key not in STOCK_ONLY | NEVER_ASKED
    for position in switch.positions
]
TURNED = [turn for turn in POSITIONS if turn[1] != find_switch(turn[0]).positions[0]]


@pytest.mark.parametrize("turn", [("", ""), *TURNED], ids="=".join)
def test_every_path_of_a_week_ends_the_same(tmp_path: Path, turn: tuple[str, str]) -> None:
    rig = Rig(tmp_path, switches=dict([turn]) if turn[0] else {}, **SETTINGS)
    week = Week(rig)
    week.live()
    week.check()
    rig.close()


@pytest.fixture(params=TURNED, ids="=".join)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    key, position = request.param
    made = Rig(tmp_path, switches={key: position})
    yield made
    made.close()


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
