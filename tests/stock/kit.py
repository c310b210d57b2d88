"""What the tests of stock ask and do: acts of both shops, weather, and the formula computed from the sandbox alone."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from syncd.config import StockLink
from syncd.sandbox.http import Request, Response
from syncd.sandbox.kernel import Call, Fault
from tests.rig import Rig

ADJUST = "/inventories/adjustorset"
LEVELS = "/inventory_locations"
ON_HANDS = "/productOnHands"


def sell(rig: Rig, sku: str, quantity: float = 1, branch: int | None = None) -> int:
    """Sell over KiotViet's counter."""
    return rig.kiotviet.counter_sale(branch or rig.branch, [(rig.sandbox.products[sku], quantity)])


def count(rig: Rig, sku: str, on_hand: float, branch: int | None = None) -> None:
    """Count a product in KiotViet."""
    rig.kiotviet.set_stock(rig.sandbox.products[sku], branch or rig.branch, on_hand)


def free(rig: Rig, sku: str, *branches: int) -> int:
    """`floor(sum(on hand - reserved))` in KiotViet, whatever its API shows."""
    pairs = [rig.kiotviet.stock(rig.sandbox.products[sku], branch) for branch in branches or (rig.branch,)]
    return math.floor(sum((on_hand - reserved for on_hand, reserved in pairs), Decimal(0)))


def available(rig: Rig, sku: str, location: int | None = None) -> int:
    """What Haravan may sell."""
    return int(rig.haravan.level(rig.sandbox.variants[sku], location or rig.location)["available"])


def settings(rig: Rig, **stock: Any) -> None:
    """Change settings under `stock`, as an admin does: they hold after a restart."""
    rig.close()
    rig.settings = replace(rig.settings, stock=replace(rig.settings.stock, **stock))


def link(rig: Rig, *links: tuple[int, tuple[int, ...], int]) -> None:
    """Connect locations to branches: (location, branches, safety stock) each."""
    settings(rig, links=tuple(StockLink(location, branches, safety) for location, branches, safety in links))


def ignore_orders(rig: Rig) -> None:
    """Leave orders to people: none is mirrored."""
    rig.close()
    rig.settings = replace(rig.settings, orders=replace(rig.settings.orders, channels=("nobody",)))


def adjusts(rig: Rig) -> list[Call]:
    """The calls that tried to change Haravan's stock."""
    return [call for call in rig.journal.writes("haravan") if ADJUST in call.path]


def slips(rig: Rig) -> list[dict[str, Any]]:
    """The stock slips that exist in Haravan."""
    return rig.haravan.slips()


def lines(call: Call) -> list[dict[str, Any]]:
    """The lines of one adjustment call."""
    assert isinstance(call.body, dict)
    return call.body["inventory"]["line_items"]  # type: ignore[no-any-return]


def plant(rig: Rig, kind: str, path: str, remote: str, **keywords: Any) -> None:
    """Let a fault wait for a call."""
    rig.faults.add(Fault(kind, remote, path=path, **keywords))


def reads(rig: Rig, path: str) -> int:
    """How many GETs of a path there were."""
    return sum(1 for call in rig.journal.calls(write=False) if path in call.path)


def fail(rig: Rig, kind: str, path: str, remote: str, **keywords: Any) -> None:
    """Plant a fault that stays until the weather is cleared."""
    plant(rig, kind, path, remote, times=0, **keywords)


def ship(rig: Rig, order: int, status: str = "delivering") -> int:
    """Hand an order to a carrier, as far as `status`; gives the shipment's id."""
    shipment = rig.haravan.ship(order)
    if status != "readytopick":
        rig.haravan.carrier(order, shipment, status)
    return shipment


def deliver(rig: Rig, order: int) -> int:
    """Ship, deliver and be paid; gives the shipment's id."""
    shipment = ship(rig, order)
    rig.haravan.carrier(order, shipment, "delivered")
    rig.haravan.cod(order, shipment, "codreceipt")
    return shipment


class Doctored:
    """KiotViet, or Haravan, with its answers of one path changed on the way."""

    def __init__(self, app: Any, path: str, change: Callable[[dict[str, Any]], None]) -> None:
        self.app, self.path, self.change = app, path, change
        self.switches = app.switches

    def __getattr__(self, name: str) -> Any:
        return getattr(self.app, name)

    def handle(self, request: Request) -> Response:
        response = self.app.handle(request)
        if self.path not in request.path or request.method != "GET" or response.status != 200:
            return response  # type: ignore[no-any-return]
        payload = json.loads(response.body)
        self.change(payload)
        return Response.of_json(payload)


def doctor(rig: Rig, remote: str, path: str, change: Callable[[dict[str, Any]], None]) -> None:
    gate = rig.sandbox.gate(remote)
    gate.app = Doctored(gate.app, path, change)


def cure(rig: Rig) -> None:
    for remote in ("haravan", "kiotviet"):
        gate = rig.sandbox.gate(remote)
        gate.app = rig.sandbox.shop(remote)
