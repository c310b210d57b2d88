"""A store that was lost, or restored from an older copy, at each stage of an order's life: nothing is doubled."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.orders.kit import (
    all_orders,
    assert_ended_well,
    assert_quiet,
    deliver,
    hand_over,
    live_invoices,
    live_orders,
    settle,
    writes_of_a_cycle,
)
from tests.rig import START, Rig

STAGES = ("received", "ordered", "ready", "road", "delivered", "completed")


class Order:
    """One order that is brought forward stage by stage, with a cycle after each."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.id, self.shipment = rig, 0, 0

    def reach(self, stage: str) -> None:
        steps = {
            "ordered": lambda: None,
            "ready": self._ship,
            "road": lambda: self._carrier("delivering"),
            "delivered": lambda: self._carrier("delivered"),
            "completed": lambda: self.rig.haravan.cod(self.id, self.shipment, "codreceipt"),
        }
        if stage == "received":
            self.id = self.rig.place(("AO-01", 2))
            return
        steps[stage]()
        self.rig.orders()
        self.rig.later()

    def _ship(self) -> None:
        self.shipment = self.rig.haravan.ship(self.id)

    def _carrier(self, status: str) -> None:
        self.rig.haravan.carrier(self.id, self.shipment, status)

    def go_on_after(self, stage: str) -> None:
        for later in STAGES[STAGES.index(stage) + 1 :]:
            self.reach(later)
        settle(self.rig, 2)


def reached(rig: Rig, stage: str) -> Order:
    order = Order(rig)
    for step in STAGES[: STAGES.index(stage) + 1]:
        order.reach(step)
    return order


@pytest.mark.parametrize("stage", STAGES[1:])
def test_a_lost_store_finds_everything_again_and_doubles_nothing(rig: Rig, stage: str) -> None:
    order = reached(rig, stage)
    rig.lose_store()
    assert writes_of_a_cycle(rig) == []
    order.go_on_after(stage)
    assert_ended_well(rig, order.id)
    assert (len(all_orders(rig, order.id)), len(rig.kiotviet.customers())) == (1, 1)


@pytest.mark.parametrize(
    ("copied", "lost"), [(a, b) for i, a in enumerate(STAGES) for b in STAGES[i + 1 :]], ids="-".join
)
def test_a_store_restored_from_an_older_copy_doubles_nothing(rig: Rig, copied: str, lost: str) -> None:
    order = reached(rig, copied)
    copy = rig.folder / "yesterday.db"
    rig.shop.store.copy_to(copy)
    for stage in STAGES[STAGES.index(copied) + 1 : STAGES.index(lost) + 1]:
        order.reach(stage)
    rig.lose_store()
    shutil.copy(copy, rig.settings.database)
    assert writes_of_a_cycle(rig) == []
    order.go_on_after(lost)
    assert_ended_well(rig, order.id)
    assert (len(all_orders(rig, order.id)), len(rig.kiotviet.customers())) == (1, 1)


def test_a_copy_made_between_intent_and_answer_looks_first(rig: Rig) -> None:
    order_id = rig.place()
    copy = rig.folder / "intent.db"
    real = rig.shop.store.intents.answered

    def copied(operation: str, subject: object, result_id: int) -> None:
        if operation == "create_order":
            rig.shop.store.copy_to(copy)
        real(operation, subject, result_id)

    rig.shop.store.intents.answered = copied  # type: ignore[method-assign]
    rig.orders()
    rig.lose_store()
    shutil.copy(copy, rig.settings.database)
    assert writes_of_a_cycle(rig) == []
    assert (rig.state(order_id), len(live_orders(rig))) == ("ordered", 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda rig, document: rig.kiotviet.staff_edit_order(document["id"], description="Khách gọi | Đơn web"),
        lambda rig, document: rig.kiotviet.staff_confirm_order(document["id"]),
    ],
    ids=["marker lost", "confirmed by staff"],
)
def test_a_known_order_that_staff_touched_is_never_made_again(rig: Rig, change: Callable[..., None]) -> None:
    order_id = rig.place()
    rig.orders()
    change(rig, live_orders(rig)[0])
    hand_over(rig, order_id)
    rig.later()
    rig.orders()
    assert (len(live_orders(rig)), len(live_invoices(rig))) == (1, 1)


def test_an_order_that_staff_cancelled_is_reported_and_not_made_again_even_by_a_new_store(rig: Rig) -> None:
    order_id = rig.place()
    rig.orders()
    rig.kiotviet.staff_cancel_order(live_orders(rig)[0]["id"])
    rig.lose_store()
    assert writes_of_a_cycle(rig) == []
    assert rig.hold(order_id) == "edited_in_kiotviet"
    rig.later(400)
    assert_quiet(rig)


def test_an_equivalent_invoice_that_staff_made_is_adopted_without_a_hold(rig: Rig) -> None:
    order_id = rig.place()
    rig.orders()
    rig.kiotviet.staff_invoice_order(live_orders(rig)[0]["id"], using_cod=True)
    shipment_id = hand_over(rig, order_id)
    rig.later()
    assert writes_of_a_cycle(rig) == []
    assert (rig.state(order_id), rig.hold(order_id)) == ("shipping", "")
    deliver(rig, order_id, shipment_id)
    rig.later()
    rig.orders()
    assert_ended_well(rig, order_id)


def test_orders_older_than_since_are_left_alone_and_counted(tmp_path: Path) -> None:
    rig = Rig(tmp_path, since=START.date())
    old = rig.place(created_at=START - timedelta(days=2))
    new = rig.place(("NON-01", 1))
    rig.orders()
    assert (rig.state(old), rig.state(new), len(live_orders(rig))) == ("ignored", "ordered", 1)
    rig.close()


def test_an_earlier_since_brings_in_orders_that_were_ignored(rig: Rig) -> None:
    old = rig.place(created_at=START - timedelta(days=40))
    rig.orders()
    assert rig.state(old) == "ignored"
    rig.reopen()
    rig.settings = replace(rig.settings, orders=replace(rig.settings.orders, since=date(2026, 9, 1)))
    rig.later()
    rig.orders()
    assert (rig.state(old), len(live_orders(rig))) == ("ordered", 1)


def test_a_since_long_ago_searches_before_it_creates(tmp_path: Path) -> None:
    rig = Rig(tmp_path, since=date(2026, 1, 1))
    old = rig.place(created_at=START - timedelta(days=200))
    rig.orders()
    rig.lose_store()
    assert writes_of_a_cycle(rig) == []
    assert (rig.state(old), len(live_orders(rig))) == ("ordered", 1)
    rig.close()
