"""KiotViet answers a write, and then does not show it, or shows something else: nothing is sent twice in one cycle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from syncd.sandbox.faults import Fault
from tests.orders.kit import (
    assert_ended_well,
    assert_quiet,
    deliver,
    hand_over,
    live_invoices,
    live_orders,
    settle,
    try_cycle,
    writes_of_a_cycle,
)
from tests.rig import Rig
from tests.stock.kit import cure, doctor

ONE_ORDER, ONE_INVOICE = r"^/orders/\d+", r"^/invoices/\d+"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A shop in which syncd itself voids what comes back."""
    made = Rig(tmp_path, on_return="void_invoice")
    yield made
    made.close()


def show(rig: Rig, path: str, **values: Any) -> None:
    """Let KiotViet's answers of a path keep saying this, whatever is so."""

    def change(payload: dict[str, Any]) -> None:
        for row in payload.get("data", [payload]):
            row.update(values)

    doctor(rig, "kiotviet", path, change)


def hide(rig: Rig, path: str, **times: int) -> None:
    """Let KiotViet say that it has no such document."""
    rig.faults.add(Fault("status", remote="kiotviet", method="GET", path=path, status=404, **times))  # type: ignore[arg-type]


def on_the_road(rig: Rig) -> tuple[int, int]:
    order_id = rig.place(("AO-01", 2))
    shipment_id = hand_over(rig, order_id)
    rig.orders()
    rig.later()
    return order_id, shipment_id


def sent(rig: Rig, call: str) -> int:
    return sum(write.startswith(call) for write in rig.writes())


@pytest.mark.parametrize(("path", "write"), [(ONE_ORDER, "POST /orders"), (ONE_INVOICE, "POST /invoices")])
def test_a_document_that_is_not_there_right_after_it_was_made_is_looked_for_and_not_made_again(
    rig: Rig, path: str, write: str
) -> None:
    hide(rig, path)
    order_id = rig.place()
    hand_over(rig, order_id)
    assert "does not show" in rig.orders().failures[0]
    settle(rig, 3, 20)
    assert (rig.state(order_id), rig.hold(order_id), sent(rig, write)) == ("shipping", "", 1)
    assert_quiet(rig)


def test_an_order_that_a_search_found_and_that_is_gone_by_then_is_searched_for_anew(rig: Rig) -> None:
    order_id = rig.place()
    rig.orders()
    rig.lose_store()
    rig.later()
    hide(rig, ONE_ORDER)
    assert "does not show" in rig.orders().failures[0]
    settle(rig, 3)
    assert (rig.state(order_id), len(live_orders(rig, order_id)), sent(rig, "POST /orders")) == ("ordered", 1, 1)


def test_a_cancellation_that_does_not_show_is_sent_once_and_told(rig: Rig) -> None:
    order_id = rig.place()
    rig.orders()
    rig.haravan.cancel(order_id)
    rig.later()
    show(rig, "/orders", status=1, statusValue="Phiếu tạm")
    rig.orders()
    assert (rig.hold(order_id), sent(rig, "DELETE /orders")) == ("rejected", 1)
    cure(rig)
    rig.later(3700)
    settle(rig, 2)
    assert (rig.state(order_id), rig.hold(order_id), live_orders(rig)) == ("cancelled", "", [])


def test_a_settlement_that_does_not_show_is_sent_once_and_told(rig: Rig) -> None:
    order_id, shipment_id = on_the_road(rig)
    deliver(rig, order_id, shipment_id)
    show(rig, "/invoices", status=3, statusValue="Đang xử lý")
    rig.orders()
    assert (rig.hold(order_id), sent(rig, "PUT /invoices")) == ("rejected", 1)
    cure(rig)
    rig.later(3700)
    settle(rig, 2)
    assert_ended_well(rig, order_id)


def test_a_void_that_does_not_show_is_sent_once_and_told(rig: Rig) -> None:
    order_id, shipment_id = on_the_road(rig)
    rig.haravan.carrier(order_id, shipment_id, "return")
    show(rig, "/invoices", status=3, statusValue="Đang xử lý")
    rig.orders()
    assert (rig.hold(order_id), sent(rig, "DELETE /invoices")) == ("rejected", 1)
    cure(rig)
    rig.later(3700)
    settle(rig, 2)
    assert (rig.state(order_id), rig.hold(order_id), live_invoices(rig)) == ("returned", "", [])


def test_a_voided_invoice_that_kiotviet_does_not_keep_is_voided(rig: Rig) -> None:
    order_id, shipment_id = on_the_road(rig)
    rig.haravan.carrier(order_id, shipment_id, "return")
    hide(rig, ONE_INVOICE)
    rig.orders()
    assert (rig.state(order_id), rig.hold(order_id), live_invoices(rig)) == ("returned", "", [])
    assert_quiet(rig)


def test_an_invoice_of_another_total_than_was_asked_for_is_held(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 2))
    rig.orders()
    hand_over(rig, order_id)
    rig.later()
    show(rig, "/invoices/", total=1)
    rig.orders()
    assert (rig.hold(order_id), sent(rig, "POST /invoices")) == ("total_mismatch", 1)


@pytest.mark.parametrize(("shown", "writes"), [(True, ["DELETE /invoices"]), (False, [])])
def test_of_an_order_that_people_deleted_the_invoice_is_asked_for_by_its_id(
    tmp_path: Path, shown: bool, writes: list[str]
) -> None:
    switches = {"kiotviet_cancelled_orders": "gone", "kiotviet_delete_with_invoices": "order_only"}
    rig = Rig(tmp_path, switches=switches, on_return="void_invoice")
    order_id, shipment_id = on_the_road(rig)
    rig.kiotviet.staff_cancel_order(live_orders(rig)[0]["id"])
    if not shown:
        hide(rig, ONE_INVOICE, times=0)
    rig.haravan.carrier(order_id, shipment_id, "return")
    assert writes_of_a_cycle(rig) == writes
    assert (rig.state(order_id), rig.hold(order_id)) == ("returned", "")
    rig.close()


def test_an_invoice_that_was_asked_for_and_is_wanted_no_more_is_proved_absent_first(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 2))
    rig.orders()
    shipment_id = hand_over(rig, order_id)
    rig.faults.add(Fault("lose_request", remote="kiotviet", method="POST", path="/invoices$"))
    assert try_cycle(rig) is None
    rig.haravan.carrier(order_id, shipment_id, "return")
    rig.later(20)
    rig.orders()
    assert rig.state(order_id) != "returned", "it may still arrive"
    settle(rig, 4)
    assert (rig.state(order_id), rig.hold(order_id), live_invoices(rig), live_orders(rig)) == ("returned", "", [], [])
    assert_quiet(rig)


def test_an_order_of_very_many_parcels_takes_more_than_one_cycle(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 11), ("NON-01", 11))
    for line in rig.haravan.order(order_id)["line_items"]:
        for _ in range(11):
            parcel = rig.haravan.ship(order_id, [(line["id"], 1)])
            rig.haravan.carrier(order_id, parcel, "delivering")
            deliver(rig, order_id, parcel)
    report = rig.orders()
    assert "40 steps" in report.failures[0]
    settle(rig, 2)
    assert (rig.state(order_id), rig.hold(order_id), len(live_orders(rig))) == ("completed", "", 1)
    assert [row["status"] for row in live_invoices(rig)] == [1] * 22
    assert_quiet(rig)
