"""What the tests of the orders cycle ask and do: days in an order's life, weather, and what both sides show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from syncd.core.documents import marker
from syncd.cycles.watch import PAUSE_SECONDS
from syncd.errors import SyncdError
from tests.rig import Rig

CANCELLED_ORDER, CANCELLED_INVOICE = 4, 2


class Killed(BaseException):
    """The process dies here."""


# --- what KiotViet holds -------------------------------------------------------------------------------


def daemon_cycles(rig: Rig, count: int = 3) -> None:
    """Cycles as the daemon runs them, each late enough to look at KiotViet's lists again."""
    for _ in range(count):
        rig.later(PAUSE_SECONDS + 1)
        rig.shop.orders.run()


def live_orders(rig: Rig, order_id: int | None = None) -> list[dict[str, Any]]:
    """KiotViet's orders that are not cancelled, of one Haravan order where asked."""
    rows = [row for row in rig.kiotviet.orders() if row["status"] != CANCELLED_ORDER]
    return rows if order_id is None else [row for row in rows if _is_of(row, order_id)]


def all_orders(rig: Rig, order_id: int) -> list[dict[str, Any]]:
    """Every KiotViet order of a Haravan order, cancelled ones too."""
    return [row for row in rig.kiotviet.orders() if _is_of(row, order_id)]


def live_invoices(rig: Rig) -> list[dict[str, Any]]:
    """KiotViet's invoices that were not voided."""
    return [row for row in rig.kiotviet.invoices() if row["status"] != CANCELLED_INVOICE]


def _is_of(row: dict[str, Any], order_id: int) -> bool:
    return row.get("description", "").split(" ")[0] == marker(order_id)


# --- a day in the shop -------------------------------------------------------------------------------


def hand_over(rig: Rig, order_id: int) -> int:
    """The carrier takes the whole order; the shipment's id."""
    shipment_id = rig.haravan.ship(order_id)
    rig.haravan.carrier(order_id, shipment_id, "delivering")
    return shipment_id


def withdrawn(rig: Rig) -> int:
    """An order of two pieces whose parcel was invoiced on the road and is cancelled now, which syncd has not seen."""
    order_id = rig.place(("AO-01", 2))
    rig.once()
    shipment_id = hand_over(rig, order_id)
    rig.later()
    rig.once()
    rig.haravan.carrier(order_id, shipment_id, "cancel")
    return order_id


def deliver(rig: Rig, order_id: int, shipment_id: int) -> None:
    """The buyer has it and the shop has the money."""
    rig.haravan.carrier(order_id, shipment_id, "delivered")
    rig.haravan.cod(order_id, shipment_id, "codreceipt")


def whole_life(rig: Rig, order_id: int) -> int:
    """Everything happens in Haravan before syncd looks; the shipment's id."""
    shipment_id = hand_over(rig, order_id)
    deliver(rig, order_id, shipment_id)
    return shipment_id


# --- cycles -------------------------------------------------------------------------------


def try_cycle(rig: Rig) -> SyncdError | None:
    """One full cycle, whatever the weather; what ended it, where something did."""
    try:
        rig.orders()
    except SyncdError as error:
        return error
    return None


def settle(rig: Rig, cycles: int = 8, pause: float = 70) -> None:
    """So many full cycles, each long enough after the last one to look again for a lost write."""
    for _ in range(cycles):
        try_cycle(rig)
        rig.later(pause)


def in_bad_weather(rig: Rig, plant: Callable[[], None], cycles: int = 2, pause: float = 20) -> None:
    """Some cycles with faults, which then end."""
    plant()
    settle(rig, cycles, pause)
    rig.faults.clear()


def writes_of_a_cycle(rig: Rig) -> list[str]:
    """What one more full cycle writes."""
    rig.journal.clear()
    rig.orders()
    return rig.writes()


def assert_quiet(rig: Rig) -> None:
    """A further cycle succeeds and writes nothing."""
    assert writes_of_a_cycle(rig) == []


def assert_ended_well(rig: Rig, order_id: int) -> None:
    """One order and one invoice, both completed, and nothing left to do."""
    assert rig.state(order_id) == "completed", (rig.state(order_id), rig.hold(order_id))
    assert rig.hold(order_id) == ""
    assert [row["status"] for row in live_orders(rig, order_id)] == [3]
    assert [row["status"] for row in live_invoices(rig)] == [1]
    assert_quiet(rig)
