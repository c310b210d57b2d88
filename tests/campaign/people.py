"""What buyers, carriers and staff do in both shops, by chance from a seed.

They keep enough of everything in stock, so that neither shop has a reason to sell out.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from syncd.sandbox.haravan.floor import Refusal
from syncd.sandbox.kiotviet.refusals import Refused
from syncd.sandbox.world import Sandbox

ENOUGH = 12
"""Pieces below which nobody takes any more of a product at a branch."""

_FORWARD = {
    "readytopick": ("picking", "delivering", "delivering", "delivered", "cancel"),
    "picking": ("delivering", "delivering", "cancel"),
    "delivering": ("delivered", "delivered", "delivered", "notmeetcustomer", "waitingforreturn", "return", "cancel"),
    "notmeetcustomer": ("delivering", "delivered", "waitingforreturn"),
    "waitingforreturn": ("return",),
}
_BACK = frozenset({"waitingforreturn", "return", "cancel"})


@dataclass
class Placed:
    """A web order as it was placed; `touched` once somebody changed our documents in KiotViet."""

    id: int
    number: str
    total: int
    touched: bool = False


@dataclass
class People:
    """Everybody; `live` lets them go on for a while, and `said` is what they did."""

    sandbox: Sandbox
    chance: random.Random
    orders: dict[int, Placed] = field(default_factory=dict)
    private: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    _sales: list[tuple[int, int]] = field(default_factory=list)
    _on_the_way: list[int] = field(default_factory=list)

    def live(self, seconds: float, busy: float = 0.2) -> None:
        """So many seconds, with something happening each `busy` seconds or so."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, self.chance.expovariate(1 / busy)))
            self.act()

    def act(self) -> None:
        """One thing happens; what a shop refuses to let them do is not done."""
        acts: list[tuple[int, Callable[[], str]]] = [
            (8, self.order),
            (14, self.advance),
            (2, self.pay),
            (1, self.cancel),
            (1, self.refund),
            (1, self.note),
            (2, self.sell),
            (1, self.take_back),
            (2, self.buy),
            (1, self.count),
            (1, self.send),
            (1, self.receive),
            (1, self.adjust),
            (1, self.touch),
        ]
        weights = [weight for weight, _ in acts]
        try:
            did = self.chance.choices([act for _, act in acts], weights)[0]()
        except (Refusal, Refused) as refusal:
            did = f"refused: {refusal}"
        if did:
            self.said.append(did)

    # --- in Haravan --------------------------------------------------------------------------------------------------

    def order(self) -> str:
        skus = [sku for sku in self._skus(self.chance.choice([1, 1, 2])) if self._spare(sku, 0)]
        if not skus:
            return ""
        lines = [(self.sandbox.variants[sku], self.chance.choice([1, 1, 2])) for sku in skus]
        source = self.chance.choice(["web"] * 9 + ["pos"])
        order_id = self.sandbox.haravan.place_order(
            lines,
            source=source,
            shipping=self.chance.choice([0, 30_000]),
            discount=self.chance.choice([0, 0, 10_001]),
            **self._buyer(),
        )
        shown = self.sandbox.haravan.order(order_id)
        self.orders[order_id] = Placed(order_id, shown["order_number"], int(shown["total_price"]), source != "web")
        return f"{source} order {order_id} {shown['order_number']}: {', '.join(skus)}"

    def _buyer(self) -> dict[str, Any]:
        number = len(self.private)
        phone = f"09{self.chance.randrange(10_000_000, 99_999_999)}"
        street = f"{number} Ngõ Kín Đáo"
        self.private |= {phone, phone[1:], street}
        buyer = {"first_name": f"Mẫu{number}", "last_name": "Nguyễn Văn", "phone": phone, "email": None}
        return {"buyer": buyer, "address": {"address1": street, "province": "Hồ Chí Minh", "district": "Quận 11"}}

    def advance(self) -> str:
        """A carrier or a packer does the next thing with some order."""
        order = self._pick(lambda row: row["cancelled_at"] is None)
        if order is None:
            return ""
        parcels = [row for row in order["fulfillments"] if row["carrier_status_code"] != "cancel"]
        moving = [row for row in parcels if row["carrier_status_code"] in _FORWARD]
        if moving:
            return self._move(order, self.chance.choice(moving), alone=len(order["fulfillments"]) == 1)
        if any(row["carrier_status_code"] in _BACK for row in parcels):
            return ""
        return self._ship(order, parcels)

    def _ship(self, order: dict[str, Any], parcels: list[dict[str, Any]]) -> str:
        gone = {row["id"] for parcel in parcels for row in parcel["line_items"]}
        left = [line for line in order["line_items"] if line["id"] not in gone]
        if not left:
            return ""
        some = left[:1] if len(left) > 1 and self.chance.random() < 0.5 else left
        pieces = [(line["id"], line["quantity"]) for line in some]
        parcel = self.sandbox.haravan.ship(order["id"], pieces)
        return f"ship {order['id']} lines {len(some)}/{len(left)} as {parcel}"

    def _move(self, order: dict[str, Any], parcel: dict[str, Any], *, alone: bool) -> str:
        """Goods of an order in several parcels do not come back here."""
        to = self.chance.choice(_FORWARD[parcel["carrier_status_code"]])
        if to in _BACK and not alone and parcel["carrier_status_code"] != "waitingforreturn":
            to = "delivering"
        self.sandbox.haravan.carrier(order["id"], parcel["id"], to)
        return f"parcel {parcel['id']} of {order['id']} {to}"

    def pay(self) -> str:
        order = self._pick(lambda row: any(_owes(parcel) for parcel in row["fulfillments"]))
        if order is None:
            return ""
        parcel = next(parcel for parcel in order["fulfillments"] if _owes(parcel))
        self.sandbox.haravan.cod(order["id"], parcel["id"], "codreceipt")
        return f"money of parcel {parcel['id']} of {order['id']} received"

    def cancel(self) -> str:
        order = self._pick(
            lambda row: (
                row["cancelled_at"] is None
                and all(parcel["carrier_status_code"] != "delivered" for parcel in row["fulfillments"])
            )
        )
        if order is None:
            return ""
        self.sandbox.haravan.cancel(order["id"])
        return f"cancel {order['id']}"

    def refund(self) -> str:
        """A piece comes back after all was delivered and paid."""
        order = self._pick(lambda row: _is_done(row) and not row["refunds"])
        if order is None:
            return ""
        self.sandbox.haravan.refund(order["id"], [(order["line_items"][0]["id"], 1)], restock=True)
        return f"refund of {order['id']}"

    def note(self) -> str:
        order = self._pick(lambda row: row["cancelled_at"] is None)
        if order is None:
            return ""
        self.sandbox.haravan.edit_note(order["id"], f"Giao buổi {self.chance.choice(['sáng', 'chiều'])}")
        return f"note of {order['id']}"

    def adjust(self) -> str:
        sku, side = self._skus(1)[0], self.chance.randrange(2)
        pieces = self.chance.choice([-2, -1, 1, 2, 5])
        self.sandbox.haravan.staff_adjust(self.sandbox.locations[side], [(self.sandbox.variants[sku], pieces)])
        return f"staff adjust {sku} at location {side} by {pieces}"

    # --- in KiotViet -------------------------------------------------------------------------------------------------

    def sell(self) -> str:
        sku, side = self._skus(1)[0], self.chance.randrange(2)
        if not self._spare(sku, side):
            return ""
        product = self.sandbox.products[sku]
        sale = self.sandbox.kiotviet.counter_sale(self.sandbox.branches[side], [(product, 1)])
        self._sales.append((sale, product))
        return f"sell {sku} at branch {side}"

    def take_back(self) -> str:
        if not self._sales:
            return ""
        sale, product = self._sales.pop()
        self.sandbox.kiotviet.return_goods(sale, [(product, 1)])
        return f"take back sale {sale}"

    def buy(self) -> str:
        sku, side = self._poorest()
        self.sandbox.kiotviet.purchase(self.sandbox.branches[side], [(self.sandbox.products[sku], 12)])
        return f"buy {sku} for branch {side}"

    def count(self) -> str:
        sku, side = self._skus(1)[0], self.chance.randrange(2)
        product, branch = self.sandbox.products[sku], self.sandbox.branches[side]
        _, reserved = self.sandbox.kiotviet.stock(product, branch)
        figure = int(reserved) + self.chance.randrange(ENOUGH + 4, 3 * ENOUGH)
        self.sandbox.kiotviet.set_stock(product, branch, figure)
        return f"count {sku} at branch {side}: {figure}"

    def send(self) -> str:
        sku, side = self._skus(1)[0], self.chance.randrange(2)
        if not self._spare(sku, side):
            return ""
        here, there = self.sandbox.branches[side], self.sandbox.branches[1 - side]
        slip = self.sandbox.kiotviet.transfer(here, there, [(self.sandbox.products[sku], 2)], received=False)
        self._on_the_way.append(slip)
        return f"send {sku} from branch {side}"

    def receive(self) -> str:
        if not self._on_the_way:
            return ""
        self.sandbox.kiotviet.receive_transfer(slip := self._on_the_way.pop(0))
        return f"receive transfer {slip}"

    def touch(self) -> str:
        """A clerk does in KiotViet what is Haravan's to do; our document is theirs from then on."""
        rows = [row for row in self.sandbox.kiotviet.orders() if row["status"] in (1, 3) and self._whose(row)]
        if not rows:
            return ""
        row = self.chance.choice(rows)
        placed = self._whose(row)
        assert placed is not None
        did = self._void(row["id"]) if row["status"] == 3 else self._meddle(row)
        placed.touched = placed.touched or bool(did)
        return did and f"{did} of {placed.id}"

    def _meddle(self, row: dict[str, Any]) -> str:
        if self.chance.random() < 0.5:
            self.sandbox.kiotviet.staff_cancel_order(row["id"])
            return f"clerk cancels {row['code']}"
        self.sandbox.kiotviet.staff_edit_order(row["id"], [(line["productId"], 3) for line in row["orderDetails"]])
        return f"clerk edits {row['code']}"

    def _void(self, order_id: int) -> str:
        for invoice in self.sandbox.kiotviet.invoices():
            if invoice["orderId"] == order_id and invoice["status"] == 3:
                self.sandbox.kiotviet.staff_void_invoice(invoice["id"])
                return f"clerk voids {invoice['code']}"
        return ""

    # --- who and what ------------------------------------------------------------------------------------------------

    def _whose(self, row: dict[str, Any]) -> Placed | None:
        word = (row.get("description") or "").split(" ")[0].removeprefix("HRV#")
        return self.orders.get(int(word)) if word.isdigit() else None

    def _pick(self, which: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
        rows = [row for row in self.sandbox.haravan.orders() if row["source_name"] == "web" and which(row)]
        return self.chance.choice(rows) if rows else None

    def _skus(self, count: int) -> list[str]:
        return self.chance.sample(sorted(self.sandbox.variants), count)

    def _free(self, sku: str, side: int) -> int:
        on_hand, reserved = self.sandbox.kiotviet.stock(self.sandbox.products[sku], self.sandbox.branches[side])
        return int(on_hand - reserved)

    def _spare(self, sku: str, side: int) -> bool:
        variant, location = self.sandbox.variants[sku], self.sandbox.locations[side]
        return min(self._free(sku, side), self.sandbox.haravan.level(variant, location)["available"]) >= ENOUGH

    def _poorest(self) -> tuple[str, int]:
        pairs = [(sku, side) for sku in sorted(self.sandbox.variants) for side in (0, 1)]
        return min(pairs, key=lambda pair: self._free(*pair))


def _owes(parcel: dict[str, Any]) -> bool:
    return bool(parcel["carrier_status_code"] == "delivered" and parcel["carrier_cod_status_code"] == "codpending")


def _is_done(row: dict[str, Any]) -> bool:
    paid = [parcel for parcel in row["fulfillments"] if parcel["carrier_cod_status_code"] == "codreceipt"]
    shipped = {line["id"] for parcel in paid for line in parcel["line_items"]}
    return row["cancelled_at"] is None and shipped == {line["id"] for line in row["line_items"]}
