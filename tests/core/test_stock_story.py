"""Stock as values alone: readings, moves, web orders and publications, done or lost; what is on sale is never too much.

KiotViet's true figures, a reading that may be old, incomplete or silent about a product, and Haravan's available are
plain numbers here; only the formula, the claims and the guard are ours.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, field
from decimal import Decimal

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from syncd.core import stock
from syncd.core.model import BranchStock
from syncd.core.pending import Claim, Part, StockLink, pending
from syncd.core.products import Link
from syncd.core.stock import Guard, Plan, Reading
from tests.core import build

EXAMPLES = int(os.environ.get("SYNCD_EXAMPLES", "30"))
"""How many shops live for 30 steps; more by hand, then each time others."""

NUMBERS = (1, 2, 3)
_number = st.sampled_from(NUMBERS)
_pieces = st.integers(1, 4)


@dataclass
class Goods:
    """What is true of one product: KiotViet's figures, and Haravan's available."""

    on_hand: Decimal = Decimal(20)
    reserved: Decimal = Decimal(0)
    available: int = 20


@dataclass
class Promise:
    """A web order of one product; `seen_at` is when a reading first showed KiotViet's document of it."""

    number: int
    pieces: int
    kiotviet_has_it: bool = False
    seen_at: int | None = None
    gone: bool = False


@dataclass
class Seen:
    """One reading: figures by product, and the event at which it began."""

    figures: dict[int, Decimal | None] = field(default_factory=dict)
    at: int = 0


class Shop(RuleBasedStateMachine):
    """One location, one branch, three products of which one is sold in packs of another."""

    @initialize(safety=st.sampled_from([0, 0, 2]), reserves=st.booleans())
    def open(self, safety: int, reserves: bool) -> None:
        self.link, self.reserves = StockLink(build.LOCATION, (build.BRANCH,), safety), reserves
        self.goods = {number: Goods() for number in NUMBERS}
        self.links = [build.link(number) for number in NUMBERS[:2]]
        self.links.append(build.link(3, master_unit_id=build.link(1).product_id, conversion=Decimal(6)))
        self.promises: list[Promise] = []
        self.event = 1
        self.reading = Seen()

    # --- what people do ----------------------------------------------------------------------------------------------

    @rule(number=st.sampled_from(NUMBERS[:2]), pieces=st.decimals(-3, 5, places=1))
    def counter_moves(self, number: int, pieces: Decimal) -> None:
        self.goods[number].on_hand += pieces

    @rule(number=_number, pieces=_pieces)
    def buyer_orders(self, number: int, pieces: int) -> None:
        self.promises.append(Promise(number, pieces))
        self.goods[number].available -= pieces

    @precondition(lambda self: self.promises)
    @rule(data=st.data())
    def we_make_its_document(self, data: st.DataObject) -> None:
        """Made or lost, KiotViet has it before a reading shows it."""
        self._document(data.draw(st.sampled_from(self.promises)))

    def _document(self, promise: Promise) -> None:
        if not promise.kiotviet_has_it and not promise.gone:
            promise.kiotviet_has_it = True
            base, per = self._base(promise.number)
            if self.reserves:
                self.goods[base].reserved += promise.pieces * per

    @precondition(lambda self: self.promises)
    @rule(data=st.data())
    def a_read_shows_its_document(self, data: st.DataObject) -> None:
        promise = data.draw(st.sampled_from(self.promises))
        if promise.kiotviet_has_it and promise.seen_at is None:
            self.event += 1
            promise.seen_at = self.event

    @rule(number=_number, pieces=st.integers(-3, 3))
    def staff_edits_haravan(self, number: int, pieces: int) -> None:
        self.goods[number].available += pieces

    # --- what we do --------------------------------------------------------------------------------------------------

    @rule(missing=st.sets(_number), silent=st.sets(_number))
    def read(self, missing: set[int], silent: set[int]) -> None:
        """Some products may be missing from what was read, of some no figure may be told: neither is zero."""
        figures: dict[int, Decimal | None] = {}
        for number in set(NUMBERS) - missing:
            goods = self.goods[number]
            figures[number] = None if number in silent else goods.on_hand - goods.reserved
        self.reading = Seen(figures, self.event)

    @rule(lost=st.sampled_from(["", "", "request", "answer"]))
    def publish(self, lost: str) -> None:
        plan = self._plan()
        refused = stock.refusal(plan, self._published(), Guard(30, 3))
        down = [c for c in plan.changes if c.delta < 0 and c.available > 0]
        assert (refused is None) == (len(down) * 100 <= 30 * self._published() or self._published() < 3)
        for change in plan.changes:
            self._judge(change)
        if refused is None and lost != "request":
            for _, batch in stock.batches(plan.changes):
                for line in stock.adjust_lines(batch):
                    self.goods[line.variant_id - 10].available += line.quantity
        if refused is None and not lost:
            assert self._plan().changes == (), "what was published is not published again"

    def _judge(self, change: stock.Change) -> None:
        """A change follows from a figure that was read, and leaves on sale no more than it allows."""
        number = change.variant_id - 10
        base, per = self._base(number)
        told = self.reading.figures.get(base)
        assert told is not None, "nothing follows from what was not read"
        owed = sum(p.pieces * self._base(p.number)[1] for p in self._unseen() if self._base(p.number)[0] == base)
        assert change.wanted == max(0, math.floor((told - owed) / per) - self.link.safety_stock)

    def _unseen(self) -> list[Promise]:
        """Orders that the last reading does not show: it began before, or KiotViet never shows orders."""
        return [
            p for p in self.promises if not (self.reserves and p.seen_at is not None and p.seen_at <= self.reading.at)
        ]

    def _base(self, number: int) -> tuple[int, int]:
        return (1, 6) if number == 3 else (number, 1)

    def _plan(self) -> Plan:
        figures = {
            self._link(number).product_id: {build.BRANCH: BranchStock(build.BRANCH, told, Decimal(0))}
            for number, told in self.reading.figures.items()
        }
        readings = {key: Reading(build.NOW, self.reading.at) for key in figures}
        claims = [
            Claim(number, True, build.BRANCH, (Part(10 + p.number, p.pieces, build.LOCATION),), p.seen_at, {})
            for number, p in enumerate(self.promises)
        ]
        waiting = pending(claims, [self.link], reserves=self.reserves, read_seq=self.reading.at)
        levels = {(build.LOCATION, 10 + number): goods.available for number, goods in self.goods.items()}
        return stock.plan([self.link], self.links, stock.Read(figures, readings), levels, waiting)

    def _link(self, number: int) -> Link:
        return self.links[number - 1]

    def _published(self) -> int:
        return sum(goods.available > 0 for goods in self.goods.values())

    # --- what must be so ---------------------------------------------------------------------------------------------

    @invariant()
    def a_plan_has_no_zero_without_a_reading_that_tells(self) -> None:
        if hasattr(self, "reading"):
            for change in self._plan().compared:
                if change.wanted == 0:
                    assert self.reading.figures.get(self._base(change.variant_id - 10)[0]) is not None

    @rule()
    def it_comes_to_rest(self) -> None:
        """Everything is documented, seen and read whole: one forced publication, and both sides agree."""
        for promise in self.promises:
            self._document(promise)
            if promise.seen_at is None:
                self.event += 1
                promise.seen_at = self.event
        self.read(set(), set())
        for change in self._plan().changes:
            self.goods[change.variant_id - 10].available += change.delta
        for number in NUMBERS:
            base, per = self._base(number)
            owed = sum(p.pieces * self._base(p.number)[1] for p in self.promises if self._base(p.number)[0] == base)
            free = self.goods[base].on_hand - owed
            assert self.goods[number].available == max(0, math.floor(free / per) - self.link.safety_stock)


TestShop = Shop.TestCase
TestShop.settings = hypothesis_settings(
    max_examples=EXAMPLES, derandomize="SYNCD_EXAMPLES" not in os.environ, stateful_step_count=30, deadline=None
)
