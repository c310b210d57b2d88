"""Tasks for people stay open, and disturb nothing, where KiotViet or Haravan cannot show what became of them."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from syncd.core.tasks import About, ReturnOf
from syncd.sandbox.faults import Fault
from tests.orders.kit import live_invoices, settle
from tests.orders.test_after_completion import NEXT_HOUR, closed, cycle, invoice_of, line_of, sold, take_back
from tests.rig import Rig
from tests.stock.kit import cure, doctor


def asked(rig: Rig) -> int:
    """A completed order of which one piece comes back."""
    order_id = sold(rig)
    rig.haravan.refund(order_id, [(line_of(rig, order_id), 1)])
    assert [task.code for task in cycle(rig)] == ["refunded"]
    return order_id


def test_a_return_slip_that_cannot_be_understood_any_more_closes_nothing(rig: Rig) -> None:
    order_id = asked(rig)
    take_back(rig)

    def spoil(payload: dict[str, Any]) -> None:
        for row in payload["data"]:
            row["returnDetails"] = "ba áo"

    doctor(rig, "kiotviet", "/returns", spoil)
    doctor_invoice_without_returns(rig)
    assert len(cycle(rig, NEXT_HOUR)) == 1
    cure(rig)
    assert cycle(rig, NEXT_HOUR) == []
    assert closed(rig, order_id) == ["kiotviet"]


def doctor_invoice_without_returns(rig: Rig) -> None:
    """The invoice by itself would show what came back, too."""

    def forget(payload: dict[str, Any]) -> None:
        for line in payload.get("invoiceDetails", ()):
            line["returnQuantity"] = 0

    doctor(rig, "kiotviet", "/invoices/", forget)


def exchanged(rig: Rig) -> int:
    """A completed order that was replaced by another."""
    order_id = sold(rig)
    rig.haravan.reorder(order_id)
    return order_id


def test_an_exchange_that_haravan_does_not_show_is_told_ten_minutes_later(rig: Rig) -> None:
    order_id = exchanged(rig)
    store = rig.shop.store
    store.todo.note_exchange(order_id, "#100099")
    rig.shop.orders._tasks._tell_at = 0.0
    rig.faults.add(Fault("status", remote="haravan", method="GET", path="/com/orders", status=503, times=0))
    with capture_logs() as logs:
        rig.shop.orders._tasks.look()
    assert "exchanges_not_told" in [log["event"] for log in logs]
    rig.faults.clear()
    assert store.todo.exchanges_to_tell() == [order_id]
    cycle(rig, 11 * 60)
    assert store.todo.exchanges_to_tell() == []


def test_an_order_that_nobody_asked_for_is_left_out_of_an_exchange(rig: Rig) -> None:
    order_id = exchanged(rig)
    rig.shop.store.todo.note_exchange(order_id, "#100099")

    def another(payload: dict[str, Any]) -> None:
        payload["orders"].append(payload["orders"][0] | {"id": 424242})

    rig.shop.orders._tasks._tell_at = 0.0
    doctor(rig, "haravan", "/com/orders", another)
    rig.shop.orders._tasks.look()
    assert rig.shop.store.orders.record(424242) is None
    assert rig.shop.store.todo.exchanges_to_tell() == []


def test_a_voided_invoice_that_the_list_hides_proves_nothing(rig: Rig) -> None:
    order_id = asked(rig)
    rig.kiotviet.staff_void_invoice(invoice_of(rig))

    def hide(payload: dict[str, Any]) -> None:
        if "data" in payload:
            payload["data"], payload["total"] = [], 0

    doctor(rig, "kiotviet", "/invoices", hide)
    with capture_logs() as logs:
        assert len(cycle(rig, NEXT_HOUR)) >= 1
    assert "task_invoice_not_read" in [log["event"] for log in logs]
    assert "kiotviet" not in closed(rig, order_id)


@pytest.mark.parametrize("known", [True, False])
def test_a_task_about_an_order_without_a_document_waits_for_people(rig: Rig, known: bool) -> None:
    """As after a store was put together from two copies."""
    other = sold(rig)
    invoice = invoice_of(rig)
    rig.kiotviet.staff_void_invoice(invoice)
    rig.kiotviet.deactivate(rig.sandbox.products["AO-02"])
    held = rig.place(("AO-02", 1))
    settle(rig, 1)
    assert rig.state(held) == "received"
    about = About(returns=(ReturnOf(7, invoice, "HD000001"),), placed_at=rig.clock.now())
    order_id = held if known else 424242
    rig.shop.store.todo.add(f"returned:{order_id}", order_id, "#1", "returned", "…", rig.clock.now(), about)
    assert "returned" in [task.code for task in cycle(rig, NEXT_HOUR)]
    assert (live_invoices(rig), rig.state(other)) == ([], "completed")
