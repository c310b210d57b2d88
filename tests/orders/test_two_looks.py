"""Absence is believed after two looks that are far enough apart, and also of what nobody wants any more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.sandbox.faults import Fault
from tests.orders.kit import assert_quiet, hand_over, live_invoices, live_orders, settle
from tests.orders.test_lost_answers import fault
from tests.rig import Rig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A shop in which syncd itself voids what comes back."""
    made = Rig(tmp_path, on_return="void_invoice")
    yield made
    made.close()


def test_absence_is_believed_only_after_two_looks_that_are_far_enough_apart(rig: Rig) -> None:
    rig.faults.add(fault("create_order", "lose_request"))
    rig.place()
    seen = []
    for pause in (1, 30, 30, 20, 30, 20, 1):
        rig.journal.clear()
        rig.orders()
        seen.append("POST /orders" in rig.writes())
        rig.later(pause)
    assert seen == [True, False, False, False, False, False, True]


def test_with_no_wait_configured_both_looks_are_made_at_once(tmp_path: Path) -> None:
    rig = Rig(tmp_path, lookup_wait_seconds=0)
    rig.faults.add(fault("create_order", "lose_request"))
    order_id = rig.place()
    rig.orders()
    assert rig.state(order_id) == "received"
    rig.orders()
    assert (rig.state(order_id), len(live_orders(rig))) == ("ordered", 1)
    rig.close()


@pytest.mark.parametrize("write", ["create_order", "create_invoice"])
def test_an_answer_with_an_id_that_cannot_be_read_back_is_not_sent_again(rig: Rig, write: str) -> None:
    path = r"/orders/\d+" if write == "create_order" else r"/invoices/\d+"
    order_id = rig.place()
    if write == "create_invoice":
        rig.orders()
        hand_over(rig, order_id)
    rig.faults.add(Fault("status", remote="kiotviet", method="GET", path=path, times=0))
    settle(rig, 3)
    rig.faults.clear()
    settle(rig, 2)
    assert (len(live_orders(rig)), rig.hold(order_id)) == (1, "")
    assert len(live_invoices(rig)) == (write == "create_invoice")
    assert_quiet(rig)


def test_a_cancelled_web_order_whose_creation_was_lost_leaves_nothing_alive(rig: Rig) -> None:
    rig.faults.add(fault("create_order", "lose_answer"))
    order_id = rig.place()
    rig.orders()
    rig.haravan.cancel(order_id)
    settle(rig, 4)
    assert (rig.state(order_id), live_orders(rig)) == ("cancelled", [])
    assert_quiet(rig)


def test_a_cancelled_web_order_whose_creation_never_arrived_writes_nothing(rig: Rig) -> None:
    rig.faults.add(fault("create_order", "lose_request"))
    order_id = rig.place()
    rig.orders()
    rig.haravan.cancel(order_id)
    settle(rig, 5)
    assert (rig.state(order_id), rig.kiotviet.orders()) == ("cancelled", [])
    assert_quiet(rig)


def test_an_order_moved_out_of_the_filter_after_a_lost_answer_is_still_looked_for(rig: Rig) -> None:
    rig.faults.add(fault("create_order", "lose_answer"))
    order_id = rig.place()
    rig.orders()
    rig.haravan.corrupt(order_id, {"source_name": "pos"})
    settle(rig, 3)
    assert len(live_orders(rig, order_id)) == 1
    assert rig.state(order_id) == "ordered"
    assert_quiet(rig)
