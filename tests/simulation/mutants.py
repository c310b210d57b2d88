"""`python -m tests.simulation.mutants`: plants deliberate bugs one by one and shows that the campaign sees each."""

from __future__ import annotations

import argparse
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from syncd.clients.haravan import HaravanClient
from syncd.core import decisions, invoices, orders, payments, returns, shipping, stock
from syncd.core.decisions import CancelOrder, CreateOrder, Search, Settle
from syncd.core.intents import Verdict
from syncd.core.lifecycle import State
from syncd.core.model import BranchStock, CarrierStatus, CodStatus, OnHand
from syncd.core.orders import OrderPolicy
from syncd.core.pace import Spent
from syncd.core.shipping import Stage
from syncd.core.texts import text
from syncd.cycles import budget, moves, poll, readings, sweep
from syncd.cycles import orders as orders_cycle
from syncd.cycles import stock as stock_cycle
from syncd.cycles import writes as writes_of_cycles
from syncd.cycles.orders import OrdersCycle
from syncd.cycles.parties import Parties
from syncd.cycles.planning import PlanningHaravan, PlanningKiotViet
from syncd.cycles.publishing import Publisher
from syncd.cycles.search import MarkerSearch
from syncd.cycles.sweep import Reader, Rows
from syncd.cycles.writes import Writes
from syncd.errors import OutcomeUnknown, StoreUnwritable
from syncd.logs import get_logger
from syncd.store import opening
from syncd.store.intents import IntentPages
from tests.simulation import house
from tests.simulation.play import play
from tests.simulation.scenario import Lean, draw

_BRISK = Lean(acts=("advance",))
Plant = Callable[[pytest.MonkeyPatch], None]
SEEDS = 400
"""So many at most are lived through before a bug counts as not seen."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A deliberate bug: `breaks` are the invariants, one of which must be reported broken.

    Chance meets some bugs in one shop of thousands: these live in shops that lean towards what they get wrong.
    """

    name: str
    plant: Plant
    breaks: tuple[int, ...]
    lean: Lean = _BRISK


def _no_intent(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(IntentPages, "record", lambda self, intent, haravan_id: None)


def _no_look_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MarkerSearch, "look", lambda self, *args, **keywords: Search((), True, None))


def _one_look(patch: pytest.MonkeyPatch) -> None:
    real = writes_of_cycles.weigh

    def weigh(intent: Any, *, found: bool, complete: bool, now: Any, wait: Any) -> Any:
        verdict, looked = real(intent, found=found, complete=complete, now=now, wait=wait)
        return (Verdict.SEND_AGAIN if complete and not found else verdict), looked

    patch.setattr(writes_of_cycles, "weigh", weigh)


def _look_only_after_loss(patch: pytest.MonkeyPatch) -> None:
    real = orders._without_document

    def hasty(order: Any, record: Any, view: Any, policy: Any, index: Any) -> Any:
        decision = real(order, record, view, policy, index)
        asked = record.intent("create_order", order.id) is not None
        if decision == decisions.Read("search") and not asked and orders._unsendable(order, index) is None:
            draft = orders.documents.order_draft(order, orders.links_of(order, index))
            return CreateOrder(draft, policy.branch_of(order))
        return decision

    patch.setattr(orders, "_without_document", hasty)


def _no_overlap(patch: pytest.MonkeyPatch) -> None:
    """Only what changed a second after the cursor or later counts, as if it were asked for like that."""

    def strict(real: Any) -> Any:
        def read(haravan: Any, cursor: Any, *rest: Any, **more: Any) -> Any:
            polled = real(haravan, cursor, *rest, **more)
            if polled is not None and cursor is not None:
                fresh = cursor + timedelta(seconds=1)
                polled.orders = {key: order for key, order in polled.orders.items() if order.updated_at >= fresh}
            return polled

        return read

    patch.setattr(orders_cycle, "poll", strict(poll.poll))
    patch.setattr(orders_cycle, "glance", strict(poll.glance))


def _cursor_too_early(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(OrdersCycle, "_move_cursor", lambda self, polled: self._remember_cursor(polled.newest))


def _cursor_by_own_clock(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(OrdersCycle, "_move_cursor", lambda self, polled: self._remember_cursor(self._clock.now()))


def _short_page_is_the_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(poll, "_doubt_end", lambda polled, count, beyond: None)


def _absence_is_zero(patch: pytest.MonkeyPatch) -> None:
    """A list is believed as it comes, and what it does not show is sold out."""
    real, scan = Reader.whole, sweep.scan_all
    patch.setattr(sweep, "scan_all", lambda *args: replace(scan(*args), complete=True))

    def whole(self: Reader, source: str) -> Rows:
        found = real(self, source)
        gone = [product for product in self.known().values() if product.id not in found.rows]
        found.take([_empty(product) for product in gone], self.reading(source))
        return found

    patch.setattr(Reader, "whole", whole)


def _empty(product: Any) -> OnHand:
    rows = tuple(BranchStock(row.branch_id, Decimal(0), Decimal(0), True) for row in product.stock)
    return OnHand(product.id, product.code, rows)


def _blind_repeat(patch: pytest.MonkeyPatch) -> None:
    real = HaravanClient.adjust

    def adjust(self: HaravanClient, *args: Any) -> None:
        try:
            real(self, *args)
        except OutcomeUnknown:
            real(self, *args)

    patch.setattr(HaravanClient, "adjust", adjust)


def _paid_to_the_carrier_is_received(patch: pytest.MonkeyPatch) -> None:
    real = shipping.money_received
    patch.setattr(shipping, "money_received", lambda order, one: real(order, one) or one.cod_status is CodStatus.PAID)


def _delivered_is_paid(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(shipping, "money_received", lambda order, one: True)


def _ready_is_on_the_road(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(shipping._STAGES, CarrierStatus.READY_TO_PICK, Stage.ROAD)


def _total_unchecked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(orders, "_unequal", lambda order, index: None)
    patch.setattr(orders, "judge_document", lambda *args: None)


def _cancel_overlooked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(orders, "_cancelled", lambda *args: Settle(State.ORDERED, text("waiting_to_ship")))


def _cancel_anything_held_back(patch: pytest.MonkeyPatch) -> None:
    real = orders._on_its_way

    def impatient(order: Any, record: Any, view: Any, policy: Any, index: Any) -> Any:
        decision = real(order, record, view, policy, index)
        waits = isinstance(decision, Settle) and decision.state is State.ORDERED and view.order is not None
        return CancelOrder(view.order) if waits and not isinstance(view.order, decisions.Gone) else decision

    patch.setattr(orders, "_on_its_way", impatient)


def _return_voids_unasked(patch: pytest.MonkeyPatch) -> None:
    real = returns.wind_up
    patch.setattr(
        returns,
        "wind_up",
        lambda order, record, view, policy, *rest: real(
            order, record, view, replace(policy, on_return="void_invoice"), *rest
        ),
    )


def _pending_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stock_cycle, "pending", lambda *args, **keywords: {})


def _one_look_at_orders(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(OrdersCycle, "look", lambda self: None)


def _safety_forgotten(patch: pytest.MonkeyPatch) -> None:
    real = stock.wanted

    def wanted(link: Any, *rest: Any) -> Any:
        return real(replace(link, safety_stock=0), *rest)

    patch.setattr(stock, "wanted", wanted)


def _plan_writes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(PlanningHaravan, "adjust", lambda self, *args: self._real.adjust(*args))
    patch.setattr(PlanningKiotViet, "create_order", lambda self, body: self._real.create_order(body))


def _apply_overlooked(patch: pytest.MonkeyPatch) -> None:
    real = Writes.__init__
    patch.setattr(
        Writes, "__init__", lambda self, store, clock, wait, apply: real(self, store, clock, wait, apply=True)
    )


def _address_in_the_log(patch: pytest.MonkeyPatch) -> None:
    real = Parties.customer

    def customer(self: Parties, order: Any, branch_id: int) -> int | None:
        get_logger().info("order_looked_at", reason=f"giao tới {order.address.street}")
        return real(self, order, branch_id)

    patch.setattr(Parties, "customer", customer)


def _budget_overlooked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(budget.StoreGetBudget, "acquire", lambda self, low_priority=False: None)
    patch.setattr(budget.StoreGetBudget, "spent", lambda self: Spent(self.limit(), 0, 0, 0))


def _lock_not_taken(patch: pytest.MonkeyPatch) -> None:
    class NoLock:
        def __init__(self, database: Any) -> None:
            pass

        def close(self) -> None:
            pass

    patch.setattr(opening, "DaemonLock", NoLock)
    patch.setattr(house, "DaemonLock", NoLock)


def _every_channel_is_ours(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(orders, "outside", lambda order, policy: None)
    patch.setattr(orders_cycle.orders, "outside", lambda order, policy: None)


def _full_disk_overlooked(patch: pytest.MonkeyPatch) -> None:
    """What cannot be recorded is sent all the same."""
    real = opening.Connection.write

    @contextmanager
    def write(self: opening.Connection) -> Iterator[None]:
        try:
            with real(self):
                yield
        except StoreUnwritable:
            return

    patch.setattr(opening.Connection, "write", write)


def _invoice_whole_order(patch: pytest.MonkeyPatch) -> None:
    """Each shipment is invoiced with all that was ordered."""
    real = orders.documents.shipment_drafts

    def drafts(order: Any, alive: Any, links: Any, billed: Any) -> Any:
        whole = orders.documents.order_draft(order, links)
        return dict.fromkeys(real(order, alive, links, billed), whole)

    patch.setattr(orders.documents, "shipment_drafts", drafts)


def _known_invoice_overlooked(patch: pytest.MonkeyPatch) -> None:
    """Invoices that exist are not found again, so that one whose answer was lost is made anew."""
    empty = invoices.Matching({}, ())
    real = invoices.match

    def match(shipments: Any, living: Any, record: Any, links: Any, **known: Any) -> Any:
        return (
            replace(empty, by_shipment={shipment.id: () for shipment in shipments})
            if not record.invoices
            else real(shipments, living, record, links, **known)
        )

    patch.setattr(invoices, "match", match)


def _lost_is_absent(patch: pytest.MonkeyPatch) -> None:
    """A write whose answer was lost is taken for one that did not happen."""
    patch.setattr(Writes, "clear_to_send", lambda self, *args, **keywords: None)
    patch.setattr(MarkerSearch, "look", lambda self, *args, **keywords: Search((), True, None))


def _sales_feed_overlooked(patch: pytest.MonkeyPatch) -> None:
    """Neither feeds nor sweeps name a product again: stock silently stops."""
    patch.setattr(readings.Readings, "named", lambda self, *args: [])
    patch.setattr(readings.Readings, "read_oldest", lambda self, failures: sweep.Rows())
    patch.setattr(readings.Readings, "may_read_whole", lambda self: False)
    patch.setattr(stock_cycle.StockCycle, "_run_whole", lambda self, *args, **keywords: None)
    patch.setattr(moves.Moves, "look", lambda self, *args: {})


def _no_read_back(patch: pytest.MonkeyPatch) -> None:
    """What was sent counts as shown, whatever Haravan shows."""

    def believe(self: Publisher, location_id: int, changes: Any, rows: Any, otherwise: str, done: Any) -> list[Any]:
        self._store.keep_figures(
            [replace(change, available=change.wanted) for change in changes], self._clock.now(), written=True
        )
        self._tell(changes, {change.variant_id for change in changes}, done)
        done.written += len(changes)
        return []

    patch.setattr(Publisher, "_read_back", believe)


def _settled_too_much(patch: pytest.MonkeyPatch) -> None:
    """COD orders count as paid in advance."""
    real = OrderPolicy.deposit
    patch.setattr(OrderPolicy, "deposit", lambda self, order: replace(real(self, order), amount=order.total_price + 1))
    patch.setattr(payments, "deposit", lambda order: Decimal(order.total_price + 1))


_LOST = ("lose_answer", "timeout_answer", "status_after", "html_after")
_PAPERS = Lean(faults=(*_LOST, "late"), where=2)
_LAGGING = Lean(faults=("late",), where=2, switches=(("kiotviet.fresh_documents", "late"),))
_PARCELS = Lean(acts=("ship_part",), faults=_LOST, where=2)
_PAGES = Lean(acts=("place", "advance"), faults=("short_page",), where=1, terms=(("page", 2),))

MUTANTS = (
    Mutant("no intent before a write", _no_intent, (1, 6)),
    Mutant("no look-up before an order is sent again", _no_look_up, (1, 6), _PAPERS),
    Mutant("one look proves absence", _one_look, (1, 6), _LAGGING),
    Mutant(
        "looks up only after a lost answer",
        _look_only_after_loss,
        (1, 6),
        Lean(troubles=("lose_store", "backup", "restore")),
    ),
    Mutant("a lost write is sent again at once", _lost_is_absent, (1, 6), _PAPERS),
    Mutant("an invoice of a lost answer is made anew", _known_invoice_overlooked, (1, 6), _PARCELS),
    Mutant("no overlap before the cursor", _no_overlap, (5,), Lean(acts=("place",), meanwhile=0.9, soon=4)),
    Mutant("cursor moves past an incomplete poll", _cursor_too_early, (5,), _PAGES),
    Mutant("cursor taken from our own clock", _cursor_by_own_clock, (5,)),
    Mutant("a short page is the end of the list", _short_page_is_the_end, (5, 6), _PAGES),
    Mutant(
        "absence is zero",
        _absence_is_zero,
        (3, 4),
        Lean(faults=("moved_rows",), reach=30, terms=(("page", 1),)),
    ),
    Mutant("adjust is repeated blindly", _blind_repeat, (3, 4), Lean(faults=_LOST, where=3)),
    Mutant("pending is forgotten", _pending_forgotten, (3,)),
    Mutant(
        "no look at orders around a publication",
        _one_look_at_orders,
        (3,),
        Lean(acts=("place", "sell", "purchase"), meanwhile=0.7),
    ),
    Mutant("safety stock is forgotten", _safety_forgotten, (3,)),
    Mutant("stock silently stops", _sales_feed_overlooked, (3, 6)),
    Mutant(
        "what was sent is not read back", _no_read_back, (6,), Lean(faults=("lose_request", "timeout_request"), where=3)
    ),
    Mutant("codpaid counts as received", _paid_to_the_carrier_is_received, (2,)),
    Mutant("delivered counts as paid", _delivered_is_paid, (2,)),
    Mutant("ready to pick counts as on the road", _ready_is_on_the_road, (2,)),
    Mutant("the total is not checked", _total_unchecked, (8,), Lean(acts=("odd_data",))),
    Mutant("each shipment is invoiced as the whole order", _invoice_whole_order, (1, 6), Lean(acts=("ship_part",))),
    Mutant("a cancelled web order is overlooked", _cancel_overlooked, (6,), Lean(acts=("cancel",))),
    Mutant("an order that only waits is cancelled", _cancel_anything_held_back, (2, 6)),
    Mutant(
        "a return voids without being asked to",
        _return_voids_unasked,
        (2,),
        Lean(acts=("carrier",), terms=(("on_return", "hold"),)),
    ),
    Mutant("every channel is ours", _every_channel_is_ours, (2, 6)),
    Mutant("plan writes", _plan_writes, (7,), Lean(troubles=("plan",))),
    Mutant("apply: false is overlooked", _apply_overlooked, (7,), Lean(troubles=("configure",))),
    Mutant("an address in the log", _address_in_the_log, (9,)),
    Mutant(
        "the hour's budget is overlooked",
        _budget_overlooked,
        (10,),
        Lean(troubles=("rush",), terms=(("gets_per_hour", 120),)),
    ),
    Mutant("no lock against a second daemon", _lock_not_taken, (1,), Lean(troubles=("second_daemon",))),
    Mutant("a full disk stops no write", _full_disk_overlooked, (1, 3, 5, 6), Lean(troubles=("fill_disk",))),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """How many seeds it took, and what was reported; nothing where the bug was not seen."""

    mutant: str
    seeds: int
    fired: int | None
    what: str


def hunt(mutant: Mutant, *, seeds: int = SEEDS, first: int = 1, days: int = 4) -> Finding:
    """Plant a bug and live through seeds until one of its invariants is reported broken.

    Raises:
        AssertionError: The bug only crashes, for the code that it changes has changed; that is no merit of the judge.
    """
    for number, seed in enumerate(range(first, first + seeds), start=1):
        with pytest.MonkeyPatch.context() as patch:
            mutant.plant(patch)
            violation = play(draw(seed, days, mutant.lean)).violation
        assert violation is None or not _is_clumsy(violation.what), f"{mutant.name}: {violation.what}"
        if violation is not None and violation.invariant in mutant.breaks:
            return Finding(mutant.name, number, violation.invariant, violation.what)
    return Finding(mutant.name, seeds, None, "")


def _is_clumsy(what: str) -> bool:
    return what.startswith(("TypeError", "AttributeError", "NameError"))


def _hunt_named(what: tuple[str, int]) -> Finding:
    name, seeds = what
    try:
        return hunt(next(mutant for mutant in MUTANTS if mutant.name == name), seeds=seeds)
    except AssertionError as error:
        return Finding(name, 0, None, f"does not fit the code: {error}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Hunt them all, or those whose name contains a word, and print the table; 1 where one was not seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.mutants", description=__doc__)
    parser.add_argument("word", nargs="?", default="", help="only bugs whose name contains it")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="so many at most for each")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at the same time")
    asked = parser.parse_args(arguments)
    chosen = [(mutant.name, asked.seeds) for mutant in MUTANTS if asked.word in mutant.name]
    missed = 0
    print("| bug | seeds | invariant | first seen as |\n| --- | ---: | ---: | --- |")
    with multiprocessing.get_context("fork").Pool(asked.jobs, maxtasksperchild=1) as pool:
        for finding in pool.imap(_hunt_named, chosen):
            missed += finding.fired is None
            fired = "not seen" if finding.fired is None else str(finding.fired)
            print(f"| {finding.mutant} | {finding.seeds} | {fired} | {finding.what[:90]} |", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
