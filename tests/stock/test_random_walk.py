"""A shop's days at random, with cycles in between and bad weather: once quiet, both sides agree to the piece.

In between, no write leaves more on sale in Haravan than the formula allows, by what both shops really hold just then.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import stamina
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from syncd.errors import SyncdError
from syncd.sandbox.http import Request
from tests.rig import Rig
from tests.stock.kit import ADJUST, LEVELS, ON_HANDS, adjusts, available, link, plant, settings
from tests.stock.shop_model import expected

EXAMPLES = int(os.environ.get("SYNCD_RANDOM_SHOPS", "14"))
"""How many shops live for 25 steps; more by hand, then each time others."""

SKUS = ("AO-01", "AO-02", "AO-03", "LON", "LOC")
UNITS = {"LOC": ("LON", 6)}
_sku = st.sampled_from(SKUS)
_pieces = st.integers(1, 3)
_side = st.integers(0, 1)


class Days(RuleBasedStateMachine):
    """Two locations, two branches, three products that everybody moves."""

    @initialize(
        reserve=st.sampled_from(["yes", "no"]),
        set_means=st.sampled_from(["on_hand", "available"]),
        leaves_at=st.sampled_from(["shipment", "pickup"]),
        bad_line=st.sampled_from(["refuses_all", "skips_line", "stops_midway"]),
        void=st.sampled_from(["reopens", "reopens_unreserved", "stays_closed"]),
        shape=st.sampled_from(["pairs", "sum", "one", "fan"]),
        safety=st.sampled_from([0, 0, 2]),
    )
    def open(
        self, reserve: str, set_means: str, leaves_at: str, bad_line: str, void: str, shape: str, safety: int
    ) -> None:
        self.folder = tempfile.TemporaryDirectory()
        switches = {
            "kiotviet_orders_reserve": reserve,
            "kiotviet_void_effect": void,
            "haravan_set_means": set_means,
            "haravan_leaves_at": leaves_at,
            "haravan_bad_line": bad_line,
        }
        self.rig = Rig(Path(self.folder.name), two_branches=True, switches=switches)
        self._stock_the_shelves()
        self.reserves, self.safety = reserve == "yes", safety
        first, second = self.rig.sandbox.locations
        here, there = self.rig.sandbox.branches
        shapes = {
            "pairs": [(first, (here,)), (second, (there,))],
            "sum": [(first, (here, there))],
            "one": [(first, (here,))],
            "fan": [(first, (here,)), (second, (here,))],
        }
        self.links = shapes[shape]
        link(self.rig, *((location, branches, safety) for location, branches in self.links))
        settings(self.rig, orders_reserve=reserve, max_change_percent=100)
        self.orders: list[int] = []
        self.invoices: list[tuple[int, int]] = []
        self.late = False
        self.excess: list[str] = []
        self.rig.sandbox.haravan_gate.after_effect.append(self._judge_write)
        self.testing = stamina.set_testing(True, attempts=3)
        self.testing.__enter__()

    def _stock_the_shelves(self) -> None:
        """Two pages of products, so that a short cycle may read one; a pack of six pieces beside its base."""
        sandbox = self.rig.sandbox
        sandbox.add_linked("LON", "Nước ngọt lon", 10_000)
        sandbox.fill(100)
        (variant,) = self.rig.haravan.add_product("Lốc", [{"sku": "LOC", "barcode": "LOC", "price": 58_000}])
        pack = self.rig.kiotviet.add_product(
            "LOC", "Lốc 6", 58_000, unit="lốc", master_unit_id=sandbox.products["LON"], conversion=6
        )
        sandbox.variants["LOC"], sandbox.products["LOC"] = variant, pack

    def _judge_write(self, _: str, request: Request) -> None:
        """After each adjustment: what it left on sale is no more than the formula allows now."""
        if ADJUST not in request.path or self.late:
            return
        body: Any = request.json()
        location = body["inventory"]["location_id"]
        branches = dict(self.links)[location]
        changed = {line["product_variant_id"] for line in body["inventory"]["line_items"]}
        for sku in SKUS:
            if self.rig.sandbox.variants[sku] in changed:
                most, shown = self._formula(sku, location, branches), available(self.rig, sku, location)
                if shown > most:
                    self.excess.append(f"{sku} at {location}: {shown} where {most} are allowed")

    def _formula(self, sku: str, location: int, branches: tuple[int, ...]) -> int:
        terms = {"reserves": self.reserves, "safety": self.safety}
        return expected(self.rig, sku, location, branches, units=UNITS, **terms)

    def teardown(self) -> None:
        if hasattr(self, "rig"):
            self.rig.faults.clear()
            try:
                self._comes_to_rest()
            finally:
                self.testing.__exit__(None, None, None)
                self.rig.close()
                self.folder.cleanup()

    # what people do in Haravan

    @rule(sku=_sku, other=_sku, pieces=_pieces, ours=st.sampled_from(["web", "web", "pos"]))
    def order(self, sku: str, other: str, pieces: int, ours: str) -> None:
        lines = [(sku, pieces), (other, 1)] if other != sku else [(sku, pieces)]
        self.orders.append(self.rig.place(*lines, source=ours))

    @rule(sku=st.sampled_from(SKUS[:3]), pieces=_pieces)
    def order_on_the_road(self, sku: str, pieces: int) -> None:
        self.orders.append(self.rig.place((sku, pieces)))
        self.rig.haravan.carrier(self.orders[-1], self.rig.haravan.ship(self.orders[-1]), "delivering")
        self._try(lambda: self.rig.shop.orders.run())

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), status=st.sampled_from(["readytopick", "delivering", "delivered"]))
    def ship(self, data: st.DataObject, status: str) -> None:
        order = data.draw(st.sampled_from(self.orders))
        shown = self.rig.haravan.order(order)
        struck = sum(row["quantity"] for refund in shown["refunds"] for row in refund["refund_line_items"] or ())
        left = sum(line["quantity"] for line in shown["line_items"]) - struck
        if shown["cancelled_at"] is None and not shown["fulfillments"] and left > 0:
            shipment = self.rig.haravan.ship(order)
            if status != "readytopick":
                self.rig.haravan.carrier(order, shipment, status)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(self.orders))
        shown = self.rig.haravan.order(order)
        if shown["cancelled_at"] is None and not shown["fulfillments"]:
            self.rig.haravan.cancel(order)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def deliver_and_pay(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(self.orders))
        for shipment in self.rig.haravan.order(order)["fulfillments"]:
            self.rig.haravan.carrier(order, shipment["id"], "delivered")
            if shipment["carrier_cod_status_code"] == "codpending":
                self.rig.haravan.cod(order, shipment["id"], "codreceipt")

    @rule(sku=_sku, pieces=st.integers(-3, 3).filter(bool), side=_side)
    def staff_edit(self, sku: str, pieces: int, side: int) -> None:
        self.rig.haravan.staff_adjust(self.rig.sandbox.locations[side], [(self.rig.sandbox.variants[sku], pieces)])

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), restock=st.booleans())
    def strike_a_piece(self, data: st.DataObject, restock: bool) -> None:
        """The buyer wants one piece less, before it was shipped."""
        order = data.draw(st.sampled_from(self.orders))
        shown = self.rig.haravan.order(order)
        if shown["cancelled_at"] is None and not shown["fulfillments"] and not shown["refunds"]:
            self.rig.haravan.refund(order, [(shown["line_items"][0]["id"], 1)], restock=restock)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def comes_back(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(self.orders))
        for shipment in self.rig.haravan.order(order)["fulfillments"]:
            if shipment["carrier_status_code"] in ("delivering", "delivered"):
                self.rig.haravan.carrier(order, shipment["id"], "return")

    # what people do in KiotViet

    def _ours(self, statuses: set[int]) -> list[dict[str, Any]]:
        """Our KiotViet orders, without those of packs, whose reservations are told by their base."""
        return [
            order
            for order in self.rig.kiotviet.orders()
            if order["status"] in statuses
            and (order.get("description") or "").startswith("HRV#")
            and all(line["productCode"].startswith("AO") for line in order["orderDetails"])
        ]

    @rule(data=st.data())
    def clerk_cancels(self, data: st.DataObject) -> None:
        if open_orders := self._ours({1}):
            self.rig.kiotviet.staff_cancel_order(data.draw(st.sampled_from(open_orders))["id"])

    @rule(data=st.data(), pieces=_pieces)
    def clerk_edits(self, data: st.DataObject, pieces: int) -> None:
        if open_orders := self._ours({1}):
            order = data.draw(st.sampled_from(open_orders))
            lines = [(line["productId"], pieces) for line in order["orderDetails"]]
            self.rig.kiotviet.staff_edit_order(order["id"], lines)

    @rule(data=st.data())
    def clerk_voids(self, data: st.DataObject) -> None:
        ours = {order["id"] for order in self._ours({1, 2, 3})}
        live = [row for row in self.rig.kiotviet.invoices() if row.get("orderId") in ours and row["status"] == 3]
        if live:
            self.rig.kiotviet.staff_void_invoice(data.draw(st.sampled_from(live))["id"])

    @rule(sku=st.sampled_from(SKUS[:3]), pieces=_pieces)
    def clerk_takes_an_order(self, sku: str, pieces: int) -> None:
        self.rig.kiotviet.staff_create_order(self.rig.branch, [(self.rig.sandbox.products[sku], pieces)])

    @rule(sku=_sku, pieces=_pieces, side=_side)
    def sell(self, sku: str, pieces: int, side: int) -> None:
        product, branch = self.rig.sandbox.products[sku], self.rig.sandbox.branches[side]
        self.invoices.append((self.rig.kiotviet.counter_sale(branch, [(product, pieces)]), product))

    @precondition(lambda self: self.invoices)
    @rule()
    def take_back(self) -> None:
        invoice, product = self.invoices.pop()
        self.rig.kiotviet.return_goods(invoice, [(product, 1)])

    @rule(sku=_sku, pieces=st.decimals("0.5", 9, places=1), side=_side)
    def purchase(self, sku: str, pieces: Any, side: int) -> None:
        self.rig.kiotviet.purchase(self.rig.sandbox.branches[side], [(self.rig.sandbox.products[sku], pieces)])

    @rule(sku=_sku, pieces=_pieces, side=_side)
    def transfer(self, sku: str, pieces: int, side: int) -> None:
        branches = self.rig.sandbox.branches
        self.rig.kiotviet.transfer(branches[side], branches[1 - side], [(self.rig.sandbox.products[sku], pieces)])

    @rule(sku=_sku, on_hand=st.decimals(-2, 30, places=1), side=_side)
    def count(self, sku: str, on_hand: Any, side: int) -> None:
        self.rig.kiotviet.set_stock(self.rig.sandbox.products[sku], self.rig.sandbox.branches[side], on_hand)

    # what syncd, the weather and the power do

    @rule(full=st.booleans())
    def cycle(self, full: bool) -> None:
        self.rig.later(30)
        self._try(lambda: self.rig.shop.orders.run(full=full))
        self._try(lambda: self.rig.shop.stock.run(full=full))

    @rule(pages=st.integers(0, 2), reconcile=st.booleans())
    def stock_alone(self, pages: int, reconcile: bool) -> None:
        """A short cycle that may read none, one or all of the two pages."""
        self.rig.later(30)
        self.rig.shop.readings.saved_pages, self.rig.shop.readings.saved_at = float(pages), self.rig.clock.monotonic()
        self._try(lambda: self.rig.shop.stock.turn(reconcile=reconcile))

    @rule(
        kind=st.sampled_from(
            [
                "lose_request",
                "lose_answer",
                "status",
                "status_after",
                "late",
                "html",
                "rate_limited",
                "refuse",
                "empty_page",
            ]
        ),
        where=st.sampled_from([(ADJUST, "haravan"), (LEVELS, "haravan"), (ON_HANDS, "kiotviet")]),
    )
    def bad_weather(self, kind: str, where: tuple[str, str]) -> None:
        plant(self.rig, kind, *where, seconds=40, retry_after=1)
        self.late = self.late or kind == "late"

    @rule()
    def restart(self) -> None:
        self.rig.reopen()

    @invariant()
    def nothing_is_written_where_nothing_is_linked(self) -> None:
        if hasattr(self, "rig"):
            linked = {location for location, _ in self.links}
            assert {call.body["inventory"]["location_id"] for call in adjusts(self.rig)} <= linked  # type: ignore[index]

    @invariant()
    def no_write_leaves_more_on_sale_than_the_formula_allows(self) -> None:
        if hasattr(self, "rig"):
            assert self.excess == []

    def _try(self, cycle: Callable[[], object]) -> None:
        try:
            cycle()
        except SyncdError:
            return

    def _comes_to_rest(self) -> None:
        """Fair weather, and nobody moves: after some cycles both sides agree, and then nothing is written any more."""
        for _ in range(5):
            self.rig.later(700)
            self.rig.orders()
            self.rig.stock()
            self.late = False  # whatever was late has arrived
        before = len(self.rig.writes())
        self.rig.later(3700)
        self.rig.orders()
        report = self.rig.shop.stock.run()
        assert report.failures == []
        assert self.rig.writes()[before:] == [], "a quiet cycle writes nothing"
        for location, branches in self.links:
            for sku in SKUS:
                wanted = self._formula(sku, location, branches)
                assert available(self.rig, sku, location) == wanted, (sku, location)
        assert self.excess == []


TestDays = Days.TestCase
# no shrinking: replaying whole days hundreds of times would keep a red suite busy for minutes
TestDays.settings = hypothesis_settings(
    max_examples=EXAMPLES,
    derandomize="SYNCD_RANDOM_SHOPS" not in os.environ,
    stateful_step_count=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
)
