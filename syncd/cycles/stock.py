"""The stock cycle: one complete read of KiotViet's figures, a plan, the guards, and only real differences written."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from syncd.clock import Clock
from syncd.core import stock
from syncd.core.pending import StockLink, pending
from syncd.core.products import Link
from syncd.core.stock import Change, Guard, Plan
from syncd.core.texts import Say, Text, text
from syncd.cycles.catalogue import Catalogue
from syncd.cycles.levels import Levels, Pair, read_levels
from syncd.cycles.ports import Haravan, KiotViet
from syncd.cycles.publishing import OPERATION, Publisher
from syncd.cycles.reserve import Reserve
from syncd.cycles.sweep import ROWS_PER_CALL, Figures, sweep
from syncd.errors import Rejected
from syncd.logs import get_logger
from syncd.store import Store
from syncd.store.ledger import Figure

_REFUSED = "stock_refused"
_EXAMPLES = 5
_log = get_logger()


@dataclass(slots=True)
class StockReport:
    """What one cycle did; `failures` are sentences for the admin."""

    checked: int = 0
    written: int = 0
    refused: int = 0
    unknown: tuple[str, ...] = ()
    failures: list[str] = field(default_factory=list)
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class StockPolicy:
    """The shop's settings about stock.

    `reread_after` is how old a known figure of Haravan may become, `pause_per_page` what a page of a sweep costs of the
    hourly budget, as time.
    """

    links: tuple[StockLink, ...]
    guard: Guard
    apply: bool
    reread_after: timedelta
    pause_per_page: timedelta = timedelta(seconds=1.5)


@dataclass(slots=True)
class _Candidates:
    """Variant ids per location whose level is worth a read, and products of which KiotViet said too little."""

    variants: dict[int, list[int]] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)


class StockCycle:
    """Makes Haravan's available the formula's figure, and nothing else."""

    def __init__(
        self,
        haravan: Haravan,
        kiotviet: KiotViet,
        store: Store,
        catalogue: Catalogue,
        reserve: Reserve,
        policy: StockPolicy,
        clock: Clock,
        *,
        learn_of_orders: Callable[[], None],
        say: Say,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        """Work with what was constructed elsewhere.

        `learn_of_orders` records every order that Haravan shows now, `say` says a sentence in the shop's language.
        """
        self._haravan, self._kiotviet, self._store = haravan, kiotviet, store
        self._catalogue, self._reserve, self._policy, self._clock = catalogue, reserve, policy, clock
        self._learn_of_orders, self._say = learn_of_orders, say
        self._publisher = Publisher(haravan, store, clock, say=say, stop=stop)
        self._on_the_road: frozenset[int] | None = None
        self._next_sweep_at = -math.inf
        self._shown: dict[Pair, int] = {}

    def run(self, *, full: bool = False, force: bool = False) -> StockReport:
        """One cycle: reads, compares, writes what differs.

        With `full`, both catalogues and every Haravan level are read; with `force`, the mass-change guard is off.

        Raises:
            Transient, AuthError: One side could not be read to the end; nothing was written.
            StoreUnwritable: The store cannot record what would be done.
        """
        self._store.check_writable(self._clock.now())
        report = StockReport()
        if not self._policy.links or (not full and self._clock.monotonic() < self._next_sweep_at):
            return report
        if full:
            self._catalogue.refresh()
        else:
            self._catalogue.refresh_if_due(self._policy.reread_after)
        links = self._writable_links(report, again=full)
        read_seq = self._store.last_seq()
        figures = self._sweep(links)
        products = self._catalogue.index().stocked()
        plan, levels = self._compare(links, products, figures, read_seq, report, full=full)
        report.refusal = "" if force else self._refusal(links, products, plan)
        if report.refusal:
            self._refuse(plan, report)
            return report
        self._settle(plan, links)
        self._write(plan, frozenset(levels.silent), report, patient=not full)
        self._store.remember("last_full_sweep", self._clock.now().isoformat())
        return report

    def _writable_links(self, report: StockReport, *, again: bool) -> tuple[StockLink, ...]:
        """The links whose location may be written: goods on the road belong to nobody yet."""
        if self._on_the_road is None or again:
            self._on_the_road = self._read_on_the_road()
        for link in self._policy.links:
            if link.location_id in self._on_the_road:
                report.failures.append(self._say(text("location_on_the_road", location=link.location_id)))
        return tuple(link for link in self._policy.links if link.location_id not in self._on_the_road)

    def _read_on_the_road(self) -> frozenset[int]:
        try:
            locations = self._haravan.locations()
        except Rejected as error:
            _log.warning("locations_not_readable", error=str(error))
            return frozenset()
        return frozenset(location.id for location in locations if location.kind.lower() == "ontheroad")

    def _sweep(self, links: Sequence[StockLink]) -> Figures:
        """KiotViet's figures; how soon the next sweep may follow depends on what this one cost."""
        began = self._clock.monotonic()
        figures = sweep(self._kiotviet, self._catalogue, frozenset(b for link in links for b in link.branch_ids))
        pages = len(figures) // ROWS_PER_CALL + 1
        self._next_sweep_at = began + pages * self._policy.pause_per_page.total_seconds()
        return figures

    def _compare(
        self,
        links: Sequence[StockLink],
        products: Sequence[Link],
        figures: Figures,
        read_seq: int,
        report: StockReport,
        *,
        full: bool,
    ) -> tuple[Plan, Levels]:
        """Read the levels that may differ, between two looks at the orders.

        An order placed around that reading shows in the second look, one cancelled around it still in the first: what
        either of them sees is pending, for publishing too little heals by itself and too much is sold.
        """
        known = self._store.figures()
        candidates = self._candidates(links, products, figures, read_seq, {} if full else known)
        report.unknown = tuple(candidates.unknown)
        if not candidates.variants:
            return Plan(()), Levels()
        self._learn_of_orders()
        before = self._pending(links, read_seq)
        levels = read_levels(self._haravan, candidates.variants, {pair: f.available for pair, f in known.items()})
        self._learn_of_orders()
        waiting = self._pending(links, read_seq)
        waiting |= {pair: max(pieces, waiting.get(pair, 0)) for pair, pieces in before.items()}
        report.failures += map(self._say, levels.failures)
        plan = stock.plan(links, products, figures, levels.found, waiting)
        report.checked = len(plan.compared)
        return plan, levels

    def _candidates(
        self,
        links: Sequence[StockLink],
        products: Sequence[Link],
        figures: Figures,
        read_seq: int,
        known: Mapping[Pair, Figure],
    ) -> _Candidates:
        """What looks different from the `known` figures, or was not read for long."""
        found, waiting = _Candidates(), self._pending(links, read_seq)
        for link in links:
            for product in products:
                pair = (link.location_id, product.variant_id)
                free = stock.sellable(product, link.branch_ids, figures)
                if free is None:
                    found.unknown[product.code] = None
                elif not self._is_current(known.get(pair), max(0, free - waiting.get(pair, 0) - link.safety_stock)):
                    found.variants.setdefault(link.location_id, []).append(product.variant_id)
        return found

    def _is_current(self, figure: Figure | None, wanted: int) -> bool:
        if figure is None or abs(self._clock.now() - figure.read_at) >= self._policy.reread_after:
            return False
        return figure.available == wanted

    def _pending(self, links: Sequence[StockLink], read_seq: int) -> dict[Pair, int]:
        claims = self._store.orders.claims(read_seq)
        return pending(claims, links, reserves=self._reserve.counts, read_seq=read_seq)

    def _refusal(self, links: Sequence[StockLink], products: Sequence[Link], plan: Plan) -> str:
        known = {pair: figure.available for pair, figure in self._store.figures().items()}
        known |= {(change.location_id, change.variant_id): change.available for change in plan.compared}
        linked = {(link.location_id, product.variant_id) for link in links for product in products}
        published = sum(1 for pair, available in known.items() if available > 0 and pair in linked)
        why = stock.refusal(plan, published, self._policy.guard)
        return "" if why is None else self._say(text("plan_refused_examples", why=why, examples=_examples(plan)))

    def _refuse(self, plan: Plan, report: StockReport) -> None:
        """Tell people once; while it lasts, only the sentence for the status page follows the figures."""
        report.refused = len(plan.changes)
        stored = self._store.recall(_REFUSED)
        if not stored:
            self._store.add_event("stock_plan_refused", report.refusal, self._clock.now())
            _log.error("stock_plan_refused", reason=report.refusal)
        if stored != report.refusal:
            self._store.remember(_REFUSED, report.refusal)

    def _settle(self, plan: Plan, links: Sequence[StockLink]) -> None:
        """Every figure in doubt was just read afresh, so the plan holds whatever became of a lost request."""
        if self._store.recall(_REFUSED):
            self._store.remember(_REFUSED, "")
        for link in links:
            intent = self._store.intents.find(OPERATION, link.location_id)
            if intent is not None:
                why = self._say(text("figures_read_again", write=intent.marker))
                self._store.intents.withdraw(OPERATION, link.location_id, why, None, self._clock.now())
        self._publisher.settle(plan.compared)

    def _write(self, plan: Plan, silent: frozenset[int], report: StockReport, *, patient: bool) -> None:
        changes = self._publisher.sendable(plan.changes, patient=patient)
        if not self._policy.apply:
            self._show(changes)
            return
        done = self._publisher.publish(changes, silent)
        report.written = done.written
        report.failures += done.failures

    def _show(self, changes: Sequence[Change]) -> None:
        """What would be written, each figure once."""
        shown = {(change.location_id, change.variant_id): change.wanted for change in changes}
        for change in changes:
            if self._shown.get((change.location_id, change.variant_id)) != change.wanted:
                figures = {"available": change.available, "wanted": change.wanted}
                _log.info("stock_shown", sku=change.sku or change.code, location=change.location_id, **figures)
        self._shown = shown


def _examples(plan: Plan) -> tuple[Text, ...]:
    lowered = sorted(plan.changes, key=lambda change: change.delta)[:_EXAMPLES]
    return tuple(
        text("figure_change", sku=change.sku or change.code, available=change.available, wanted=change.wanted)
        for change in lowered
    )
