"""`kill -9` at every point of an order's life: before and after each commit and each effect; then one effect."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.orders.kit import (
    assert_ended_well,
    assert_quiet,
    deliver,
    hand_over,
    live_invoices,
    live_orders,
    settle,
)
from tests.orders.mortality import Fuse, cycle_of_a_mortal, wire
from tests.rig import Rig

Story = Callable[[Rig, Fuse], int]
SHARES = 4


def day_by_day(rig: Rig, fuse: Fuse) -> int:
    """Ordered, handed over, delivered and paid, with a cycle after each."""
    order_id = rig.place(("AO-01", 2))
    cycle_of_a_mortal(rig)
    shipment_id = hand_over(rig, order_id)
    rig.later(20)
    cycle_of_a_mortal(rig)
    deliver(rig, order_id, shipment_id)
    rig.later(20)
    cycle_of_a_mortal(rig)
    return order_id


def withdrawn(rig: Rig, fuse: Fuse) -> int:
    """Cancelled on the web after KiotViet had it; dies only then."""
    fuse.lit = False
    order_id = rig.place(("AO-01", 2))
    rig.orders()
    fuse.lit = True
    rig.haravan.cancel(order_id)
    rig.later(20)
    cycle_of_a_mortal(rig)
    return order_id


def brought_back(rig: Rig, fuse: Fuse) -> int:
    """The parcel comes back after it was invoiced: void, read again, cancel; dies only from then on."""
    fuse.lit = False
    order_id = rig.place(("AO-01", 2))
    shipment_id = hand_over(rig, order_id)
    rig.orders()
    fuse.lit = True
    rig.haravan.carrier(order_id, shipment_id, "return")
    rig.later(20)
    cycle_of_a_mortal(rig)
    return order_id


def replaced(rig: Rig, fuse: Fuse) -> int:
    """The shipment is cancelled after its invoice, and another one is made; dies only from then on."""
    fuse.lit = False
    order_id = rig.place(("AO-01", 2))
    first = hand_over(rig, order_id)
    rig.orders()
    fuse.lit = True
    rig.haravan.carrier(order_id, first, "cancel")
    deliver(rig, order_id, hand_over(rig, order_id))
    rig.later(20)
    cycle_of_a_mortal(rig)
    return order_id


def lived(folder: Path, story: Story, at: int) -> tuple[Rig, int, Fuse]:
    """A shop in which the process died at one point of a story."""
    folder.mkdir()
    rig, fuse = Rig(folder, on_return="void_invoice"), Fuse(at)
    with pytest.MonkeyPatch.context() as patch:
        wire(rig, fuse, patch)
        order_id = story(rig, fuse)
        fuse.lit = False
    return rig, order_id, fuse


def points_of(folder: Path, story: Story) -> int:
    rig, _, fuse = lived(folder, story, 0)
    rig.close()
    return fuse.passed


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("story", [day_by_day, withdrawn, brought_back, replaced])
def test_a_process_that_dies_anywhere_leaves_one_effect(tmp_path: Path, story: Story, share: int) -> None:
    points = points_of(tmp_path / "whole", story)
    assert points >= 16
    for at in range(1 + share, points + 1, SHARES):
        rig, order_id, fuse = lived(tmp_path / str(at), story, at)
        assert fuse.where, f"nothing died at point {at}"
        settle(rig, 3)
        try:
            if story is withdrawn:
                assert (rig.state(order_id), live_orders(rig)) == ("cancelled", [])
                assert_quiet(rig)
            elif story is brought_back:
                assert (rig.state(order_id), live_orders(rig), live_invoices(rig)) == ("returned", [], [])
                assert_quiet(rig)
            else:
                assert_ended_well(rig, order_id)
            assert len(rig.kiotviet.customers()) == 1
        except AssertionError as error:
            raise AssertionError(f"died {fuse.where} (point {at}): {error}") from error
        finally:
            rig.close()
