"""Every write, every way to lose its answer: once the weather clears there is one effect, and then silence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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
)
from tests.rig import Rig

WRITES = {
    "create_customer": ("POST", "/customers$"),
    "create_surcharge": ("POST", "/surchages$"),
    "create_order": ("POST", "/orders$"),
    "create_invoice": ("POST", "/invoices$"),
    "complete_invoice": ("PUT", "/invoices/"),
    "cancel_order": ("DELETE", "/orders/"),
    "void_invoice": ("DELETE", "/invoices$"),
    "cancel_the_rest": ("DELETE", "/orders/"),
}
COMES_BACK = ("void_invoice", "cancel_the_rest")
NEVER_HAPPENED = ["refuse", "lose_request", "timeout_request", "status", "html"]
REFUSED = ["unauthorized", "forbidden", "rate_limited"]
HAPPENED = ["lose_answer", "timeout_answer", "status_after", "html_after", "truncate", "garbage_json", "missing_keys"]
LOOKED_FOR = ["lose_answer", "timeout_answer", "status_after", "html_after"]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A shop in which syncd itself voids what comes back."""
    made = Rig(tmp_path, on_return="void_invoice")
    yield made
    made.close()


def fault(write: str, kind: str, **details: float) -> Fault:
    method, path = WRITES[write]
    return Fault(kind, remote="kiotviet", method=method, path=path, **details)  # type: ignore[arg-type]


def live_through(rig: Rig, planted: Fault, write: str) -> int:
    """A whole life, a cancelled one or one that comes back, with the fault in force from the start."""
    rig.faults.add(planted)
    order_id = rig.place(("AO-01", 2))
    settle(rig, 2, 20)
    if write == "cancel_order":
        rig.haravan.cancel(order_id)
        settle(rig, 2, 20)
        return order_id
    settle(rig, 3)
    shipment_id = hand_over(rig, order_id)
    settle(rig, 2, 20)
    if write in COMES_BACK:
        rig.haravan.carrier(order_id, shipment_id, "return")
    else:
        deliver(rig, order_id, shipment_id)
    settle(rig, 2, 20)
    return order_id


def assert_one_effect(rig: Rig, order_id: int, write: str) -> None:
    if write == "cancel_order":
        assert (rig.state(order_id), rig.hold(order_id), live_orders(rig)) == ("cancelled", "", [])
        assert_quiet(rig)
    elif write in COMES_BACK:
        assert (rig.state(order_id), rig.hold(order_id)) == ("returned", "")
        assert (live_orders(rig), live_invoices(rig), len(rig.kiotviet.invoices())) == ([], [], 1)
        assert_quiet(rig)
    else:
        assert_ended_well(rig, order_id)
    assert len(rig.kiotviet.customers()) == 1
    assert len({row["surchargeId"] for row in rig.kiotviet.orders()[0]["invoiceOrderSurcharges"]}) == 1


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("kind", [*NEVER_HAPPENED, *REFUSED, *HAPPENED])
def test_one_bad_answer_leaves_one_effect(rig: Rig, write: str, kind: str) -> None:
    order_id = live_through(rig, fault(write, kind), write)
    rig.faults.clear()
    settle(rig, 5)
    assert_one_effect(rig, order_id, write)


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("seconds", [5, 65, 100])
def test_a_request_that_arrives_late_has_one_effect(rig: Rig, write: str, seconds: float) -> None:
    order_id = live_through(rig, fault(write, "late", seconds=seconds), write)
    settle(rig, 6)
    assert_one_effect(rig, order_id, write)


@pytest.mark.parametrize("write", WRITES)
def test_an_effect_that_is_refused_for_good_is_tried_again_hourly(rig: Rig, write: str) -> None:
    order_id = live_through(rig, fault(write, "status", status=420, times=0), write)
    assert rig.hold(order_id) == "rejected"
    rig.faults.clear()
    rig.later(3700)
    settle(rig, 3)
    if write not in ("complete_invoice", "cancel_order", *COMES_BACK):
        settle(rig, 3)
    assert_one_effect(rig, order_id, write)


@pytest.mark.parametrize("write", ["create_order", "create_invoice", "complete_invoice"])
@pytest.mark.parametrize("kind", LOOKED_FOR)
def test_an_effect_that_is_there_is_believed_at_the_first_look(rig: Rig, write: str, kind: str) -> None:
    rig.faults.add(fault(write, kind))
    order_id = rig.place()
    shipment_id = hand_over(rig, order_id)
    deliver(rig, order_id, shipment_id)
    try_cycle(rig)
    rig.journal.clear()
    rig.later(1)
    rig.orders()
    assert not [path for path in rig.writes() if path == _same_write(rig, write)]
    assert_ended_well(rig, order_id)


def _same_write(rig: Rig, write: str) -> str:
    return {"create_order": "POST /orders", "create_invoice": "POST /invoices"}.get(
        write, f"PUT /invoices/{live_invoices(rig)[0]['id']}"
    )


@pytest.mark.parametrize("kind", ["unauthorized", "forbidden"])
def test_refused_credentials_end_the_cycle_once_and_it_recovers_by_itself(rig: Rig, kind: str) -> None:
    orders = [rig.place(), rig.place(("NON-01", 1))]
    rig.faults.add(Fault(kind, remote="kiotviet", times=0))
    error = try_cycle(rig)
    assert error is not None
    assert rig.kiotviet.orders() == []
    rig.faults.clear()
    rig.later()
    assert try_cycle(rig) is None
    assert [rig.state(order_id) for order_id in orders] == ["ordered", "ordered"]


def test_an_expired_token_is_renewed_silently(rig: Rig) -> None:
    rig.place()
    rig.orders()
    rig.kiotviet.expire_tokens()
    order_id = rig.place(("NON-01", 1))
    rig.later()
    assert rig.orders().failures == []
    assert rig.state(order_id) == "ordered"
