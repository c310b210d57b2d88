"""A shop's days at random, with cycles in between and bad weather: once quiet, both sides agree to the piece."""

from __future__ import annotations

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
from tests.rig import Rig
from tests.stock.kit import ADJUST, LEVELS, ON_HANDS, adjusts, available, link, plant, settings
from tests.stock.shop_model import expected

SKUS = ("AO-01", "AO-02", "AO-03")
_sku = st.sampled_from(SKUS)
_pieces = st.integers(1, 3)
_side = st.integers(0, 1)


class Days(RuleBasedStateMachine):
    """Two locations, two branches, three products that everybody moves."""

    @initialize(
        reserve=st.sampled_from(["yes", "no"]),
        leaves_at=st.sampled_from(["shipment", "pickup"]),
        bad_line=st.sampled_from(["refuses_all", "skips_line", "stops_midway"]),
        shape=st.sampled_from(["pairs", "sum", "one"]),
    )
    def open(self, reserve: str, leaves_at: str, bad_line: str, shape: str) -> None:
        self.folder = tempfile.TemporaryDirectory()
        switches = {
            "kiotviet_orders_reserve": reserve,
            "haravan_leaves_at": leaves_at,
            "haravan_bad_line": bad_line,
        }
        self.rig = Rig(Path(self.folder.name), two_branches=True, switches=switches)
        self.reserves = reserve == "yes"
        first, second = self.rig.sandbox.locations
        here, there = self.rig.sandbox.branches
        shapes = {
            "pairs": [(first, (here,)), (second, (there,))],
            "sum": [(first, (here, there))],
            "one": [(first, (here,))],
        }
        self.links = shapes[shape]
        link(self.rig, *((location, branches, 0) for location, branches in self.links))
        settings(self.rig, orders_reserve=reserve, max_change_percent=100)
        self.orders: list[int] = []
        self.invoices: list[tuple[int, int]] = []
        self.testing = stamina.set_testing(True, attempts=3)
        self.testing.__enter__()

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

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), status=st.sampled_from(["readytopick", "delivering", "delivered"]))
    def ship(self, data: st.DataObject, status: str) -> None:
        order = data.draw(st.sampled_from(self.orders))
        shown = self.rig.haravan.order(order)
        if shown["cancelled_at"] is None and not shown["fulfillments"]:
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

    # what people do in KiotViet

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

    @rule()
    def stock_alone(self) -> None:
        self.rig.later(30)
        self._try(lambda: self.rig.shop.stock.run())

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

    @rule()
    def restart(self) -> None:
        self.rig.reopen()

    @invariant()
    def nothing_is_written_where_nothing_is_linked(self) -> None:
        if hasattr(self, "rig"):
            linked = {location for location, _ in self.links}
            assert {call.body["inventory"]["location_id"] for call in adjusts(self.rig)} <= linked  # type: ignore[index]

    def _try(self, cycle: Callable[[], object]) -> None:
        try:
            cycle()
        except SyncdError:
            return

    def _comes_to_rest(self) -> None:
        """Fair weather, and nobody moves: after some cycles both sides agree, and then nothing is written any more."""
        for _ in range(5):
            self.rig.later(400)
            self.rig.orders()
            self.rig.stock()
        before = len(self.rig.writes())
        self.rig.later(3700)
        self.rig.orders()
        report = self.rig.shop.stock.run()
        assert report.failures == []
        assert len(self.rig.writes()) == before, "a quiet cycle writes nothing"
        for location, branches in self.links:
            for sku in SKUS:
                wanted = expected(self.rig, sku, location, branches, self.reserves)
                assert available(self.rig, sku, location) == wanted, (sku, location)


TestDays = Days.TestCase
# no shrinking: replaying whole days hundreds of times would keep a red suite busy for minutes
TestDays.settings = hypothesis_settings(
    max_examples=25, stateful_step_count=25, deadline=None, phases=[Phase.explicit, Phase.generate]
)
