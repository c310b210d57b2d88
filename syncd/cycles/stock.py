"""The stock cycle: readings of KiotViet's figures, a plan, the guards, and only real differences written.

A whole cycle reads everything on both sides. In between, each short cycle reads again what documents and hints name,
then as many of the oldest pages of the stock list as the hour's GETs allow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from syncd.clock import Clock
from syncd.core import pace, stock
from syncd.core.pending import Claim, StockLink, doubting, pending
from syncd.core.products import Index, Link
from syncd.core.stock import Change, Plan, Read, StockPolicy
from syncd.core.texts import Say, Text, text
from syncd.cycles.catalogue import Catalogue
from syncd.cycles.levels import Levels, Pair, read_levels
from syncd.cycles.ports import Haravan
from syncd.cycles.publishing import OPERATION, Publisher
from syncd.cycles.readings import Readings
from syncd.cycles.reserve import Reserve
from syncd.cycles.sweep import Reader, Rows
from syncd.errors import Rejected
from syncd.logs import get_logger
from syncd.store import Store
from syncd.store.keys import PLAN_REFUSED, SWEPT_SINCE
from syncd.store.ledger import Figure

_EXAMPLES = 5
_MASS_SECONDS = 600.0
_BELIEVE_SECONDS = 1800.0
_log = get_logger()


@dataclass(slots=True)
class StockReport:
    """What one cycle did; `failures` are sentences for the admin, `refused_changes` the whole of a refused plan."""

    checked: int = 0
    written: int = 0
    refused: int = 0
    refused_changes: tuple[Change, ...] = ()
    unknown: tuple[str, ...] = ()
    failures: list[str] = field(default_factory=list)
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class StockTools:
    """What a stock cycle works with. `learn_of_orders` records every order that Haravan shows now."""

    haravan: Haravan
    store: Store
    catalogue: Catalogue
    reserve: Reserve
    reader: Reader
    readings: Readings
    learn_of_orders: Callable[[], None]
    clock: Clock
    say: Say


@dataclass(slots=True)
class _Candidates:
    """Variant ids per location whose level is worth a read, and products of which KiotViet said too little."""

    variants: dict[int, list[int]] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Goods:
    """The links of one index, by the KiotViet product that holds their stock."""

    index: Index
    families: Mapping[int, Sequence[Link]]

    def stocked(self, source: int) -> list[Link]:
        """Those whose stock is published, of one product that holds it."""
        return [link for link in self.families.get(source, ()) if link.no_stock is None]


class StockCycle:
    """Makes Haravan's available the formula's figure, and nothing else."""

    def __init__(self, tools: StockTools, policy: StockPolicy, *, stop: Callable[[], bool] = lambda: False) -> None:
        """Work with what was constructed elsewhere."""
        self._t, self._policy, self._stop = tools, policy, stop
        self._publisher = Publisher(tools.haravan, tools.store, tools.clock, say=tools.say, stop=stop)
        self._branch_ids = frozenset(branch for link in policy.links for branch in link.branch_ids)
        self._on_the_road: frozenset[int] | None = None
        self._readings = tools.readings
        self._goods: _Goods | None = None
        self._compare_all_before: datetime | None = None
        self._whole_next = False
        self._lowered: dict[Pair, float] = {}
        self._hidden: dict[int, float] = {}
        self._shown: dict[Pair, int] = {}

    def turn(self, *, reconcile: bool) -> StockReport:
        """A cycle of the daemon; with `reconcile` every figure is read again on both sides.

        That comparison does not hold up what is sold meanwhile: it goes from page to page with the next cycles. Only
        the very first one reads everything at once, for before it nothing is published.
        """
        first = reconcile and self._t.store.recall(SWEPT_SINCE) is None
        return self.run(full=first, reconcile=reconcile)

    def run(self, *, full: bool = False, force: bool = False, reconcile: bool = False) -> StockReport:
        """One cycle: reads, compares, writes what differs.

        With `full`, both catalogues and every figure on both sides are read; with `force`, the mass-change guard is
        off for what is read whole; with `reconcile`, the next readings compare every figure, however sure it is.

        Raises:
            Transient, AuthError: One side could not be read to the end; nothing of that reading was written.
            StoreUnwritable: The store cannot record what would be done.
        """
        self._t.store.check_writable(self._t.clock.now())
        report = StockReport()
        if not self._policy.links:
            return report
        try:
            if full:
                self._t.catalogue.refresh()
                self._readings.begin_anew()
                self._run_whole(self._writable_links(report, again=True), report, full=True, force=force)
                if not report.refusal:
                    self._readings.note_age(report.failures)
            else:
                self._run_short(self._writable_links(report, again=reconcile), report, reconcile=reconcile)
        finally:
            self._t.reader.note_swept()
        return report

    def _look_at_products(self, *, reconcile: bool) -> None:
        """Both catalogues again where it is time, after what was sold has been dealt with: they may take a minute."""
        self._t.catalogue.refresh_if_due(self._policy.reread_after * 0.9)
        if reconcile:
            self._compare_all_before = self._t.clock.now()

    def _run_short(self, links: Sequence[StockLink], report: StockReport, *, reconcile: bool) -> None:
        """What was named first, then the oldest pages that the budget allows; all of them together count as whole."""
        readings = self._readings
        named = readings.named(self._linked().stocked, self._doubted_products(), report.failures)
        if named:
            rows = readings.read_named(report.failures)
            self._publish_part(links, rows, report, trusted=frozenset(named))
            readings.dealt_with(rows)
        self._look_at_products(reconcile=reconcile)
        if readings.may_read_whole():
            self._run_whole(links, report, full=False)
        elif not self._whole_next:
            self._publish_part(links, readings.read_oldest(report.failures), report)
        readings.note_age(report.failures)

    def _doubted_products(self) -> list[int]:
        return [self._linked().index.by_variant[variant].product_id for _, variant in self._doubted()]

    def _linked(self) -> _Goods:
        """The links by what holds their stock; worked out anew only when the index is another one."""
        index = self._t.catalogue.index()
        if self._goods is None or self._goods.index is not index:
            self._goods = _Goods(index, stock.by_source(index.by_variant.values()))
        return self._goods

    # --- whole --------------------------------------------------------------------------------------------------------

    def _run_whole(self, links: Sequence[StockLink], report: StockReport, *, full: bool, force: bool = False) -> None:
        """All of KiotViet's figures at once; the guard judges the whole plan."""
        read = self._t.reader.read(self._readings.read_whole("full" if full else "sweep"), self._branch_ids)
        goods = self._linked()
        products = [link for source in goods.families for link in goods.stocked(source)]
        known = self._t.store.figures()
        plan, levels = self._compare(links, products, read, known, report, full=full)
        report.refusal = "" if force else self._refusal(links, products, plan, known)
        if report.refusal:
            self._whole_next = True
            self._refuse(plan, report)
            return
        self._whole_next = False
        if self._t.store.recall(PLAN_REFUSED):
            self._t.store.remember(PLAN_REFUSED, "")
        self._settle(plan, links)
        self._write(plan.changes, frozenset(levels.silent), report, patient=not full)

    def _refusal(
        self, links: Sequence[StockLink], products: Sequence[Link], plan: Plan, figures: Mapping[Pair, Figure]
    ) -> str:
        published = sum(1 for change in plan.compared if change.available > 0)
        if figures:
            compared = {change.pair for change in plan.compared}
            rest = {(link.location_id, product.variant_id) for link in links for product in products} - compared
            published += sum(1 for pair, figure in figures.items() if figure.available > 0 and pair in rest)
        why = stock.refusal(plan, published, self._policy.guard)
        return "" if why is None else self._t.say(text("plan_refused_examples", why=why, examples=_examples(plan)))

    def _refuse(self, plan: Plan, report: StockReport) -> None:
        """Tell people once; while it lasts, only the sentence for the status page follows the figures."""
        report.refused_changes = plan.changes
        report.refused = len(report.refused_changes)
        stored = self._t.store.recall(PLAN_REFUSED)
        if not stored:
            self._t.store.add_event("stock_plan_refused", report.refusal, self._t.clock.now())
        if stored != report.refusal:
            self._t.store.remember(PLAN_REFUSED, report.refusal)

    # --- in part ------------------------------------------------------------------------------------------------------

    def _publish_part(
        self, links: Sequence[StockLink], rows: Rows, report: StockReport, *, trusted: frozenset[int] = frozenset()
    ) -> None:
        """Publish what a part of the list shows, unless it lowers so much that only a whole reading may be believed.

        What documents named is `trusted`: they say that its stock moved.
        """
        if not rows.rows:
            return
        read, goods = self._t.reader.read(rows, self._branch_ids), self._linked()
        products = [link for source in rows.rows for link in goods.stocked(source)]
        known = self._t.store.figures([product.variant_id for product in products])
        plan, levels = self._compare(links, products, read, known, report, full=False)
        named = {product.variant_id for source in trusted for product in goods.stocked(source)}
        shown = {pair: figure.available for pair, figure in known.items()}
        shown |= {change.pair: change.available for change in plan.compared}
        here = sum(1 for (_, variant_id), pieces in shown.items() if pieces > 0 and variant_id not in named)
        changes = self._believed(links, plan, named, here)
        self._settle(plan, links)
        self._write(changes, frozenset(levels.silent), report, patient=True)

    def _believed(self, links: Sequence[StockLink], plan: Plan, trusted: set[int], here: int) -> list[Change]:
        """What may be written of a part in which `here` figures are on sale: all, or only what is trusted.

        Then the whole list is read next.
        """
        named = [change for change in plan.changes if change.variant_id in trusted]
        others = [change for change in plan.changes if change.variant_id not in trusted]
        now, guard = self._t.clock.monotonic(), self._policy.guard
        self._lowered = {pair: at for pair, at in self._lowered.items() if now - at < _MASS_SECONDS}
        unexplained = {change.pair for change in stock.lowered(others)}
        everywhere = self._t.store.published(link.location_id for link in links)
        mass = stock.is_mass(len(unexplained), here, guard)
        mass = mass or stock.is_mass(len(unexplained | self._lowered.keys()), everywhere, guard)
        if unexplained and (mass or self._whole_next):
            _log.warning("stock_part_doubted", lowered=len(unexplained), published=here)
            self._whole_next = True
            return named
        self._lowered |= dict.fromkeys(unexplained, now)
        return [*named, *others]

    # --- compare and write --------------------------------------------------------------------------------------------

    def _compare(
        self,
        links: Sequence[StockLink],
        products: Sequence[Link],
        read: Read,
        known: Mapping[Pair, Figure],
        report: StockReport,
        *,
        full: bool,
    ) -> tuple[Plan, Levels]:
        """Read the levels that may differ, between two looks at the orders.

        An order placed around that reading shows in the second look, one cancelled around it still in the first: what
        either of them sees is pending, for publishing too little heals by itself and too much is sold.
        """
        families = self._linked().families
        candidates = self._candidates(links, products, read, {} if full else known)
        report.unknown = tuple(dict.fromkeys((*report.unknown, *candidates.unknown)))
        if not candidates.variants:
            return Plan(()), Levels()
        self._t.learn_of_orders()
        before = self._pending(links, products, read)
        figures = {pair: figure.available for pair, figure in known.items()}
        levels = read_levels(self._t.haravan, candidates.variants, figures, believed=self._long_hidden())
        self._note_hidden(levels)
        self._t.learn_of_orders()
        waiting = self._pending(links, products, read)
        waiting |= {pair: max(pieces, waiting.get(pair, 0)) for pair, pieces in before.items()}
        report.failures += map(self._t.say, levels.failures)
        plan = stock.plan(links, products, read, levels.found, waiting, families)
        report.checked += len(plan.compared)
        return plan, levels

    def _long_hidden(self) -> list[int]:
        """Locations whose missing rows were contradicted for so long that it is how this shop is."""
        now = self._t.clock.monotonic()
        return [location_id for location_id, since in self._hidden.items() if now - since >= _BELIEVE_SECONDS]

    def _note_hidden(self, levels: Levels) -> None:
        now = self._t.clock.monotonic()
        self._hidden = {key: since for key, since in self._hidden.items() if key not in levels.plain}
        self._hidden = dict.fromkeys(levels.hidden, now) | self._hidden

    def _candidates(
        self, links: Sequence[StockLink], products: Sequence[Link], read: Read, known: Mapping[Pair, Figure]
    ) -> _Candidates:
        """What looks different from the `known` figures, or was not read for long."""
        found, waiting, families = _Candidates(), self._pending(links, products, read), self._linked().families
        pairs = len(families) * len(self._policy.links)
        good_for = pace.look_again_after(pairs, self._policy.reread_after.total_seconds())
        for link in links:
            for product in products:
                terms = stock.wanted(link, product, read, waiting, families[stock.source_of(product)])
                if terms is None:
                    found.unknown[product.code] = None
                elif not self._is_current(known.get((link.location_id, product.variant_id)), terms.wanted, good_for):
                    found.variants.setdefault(link.location_id, []).append(product.variant_id)
        return found

    def _is_current(self, figure: Figure | None, wanted: int, good_for: float) -> bool:
        if figure is None or abs(self._t.clock.now() - figure.read_at).total_seconds() >= good_for:
            return False
        before = self._compare_all_before
        return figure.available == wanted and (before is None or figure.read_at >= before)

    def _pending(self, links: Sequence[StockLink], products: Sequence[Link], read: Read) -> dict[Pair, int]:
        """Pending pieces, each by the reading that its product's figures come from."""
        index = self._linked().index
        sources = {stock.source_of(product) for product in products}
        oldest = min((read.readings[source].seq for source in sources if source in read.readings), default=0)
        claims = self._t.store.orders.claims(oldest)
        seqs = _seqs(claims, index, read)
        claimed = (index.by_variant[variant_id] for variant_id in seqs)
        claims = doubting(claims, stock.reserved(claimed, read.figures, index.packs), seqs)
        return pending(claims, links, reserves=self._t.reserve.counts, read_seq=seqs, packs=index.packs)

    def _settle(self, plan: Plan, links: Sequence[StockLink]) -> None:
        """Figures in doubt that were just read afresh are sure, whatever became of a lost request."""
        doubted = set(self._doubted())
        sure = {change.pair for change in plan.compared} if doubted else set[Pair]()
        open_at = {location for location, _ in doubted - sure}
        for link in links:
            intent = self._t.store.intents.find(OPERATION, link.location_id)
            if intent is not None and link.location_id not in open_at:
                why = self._t.say(text("figures_read_again", write=intent.marker))
                self._t.store.intents.withdraw(OPERATION, link.location_id, why, None, self._t.clock.now())
        self._publisher.settle(plan.compared)

    def _doubted(self) -> list[Pair]:
        """The published figures that must be read again."""
        links, found = self._linked().index.by_variant, self._t.store.doubted()
        return [pair for pair in found if pair[1] in links and links[pair[1]].no_stock is None]

    def _write(self, changes: Sequence[Change], silent: frozenset[int], report: StockReport, *, patient: bool) -> None:
        sendable = self._publisher.sendable(changes, patient=patient)
        if sendable:
            self._readings.note_move()
        if not self._policy.apply:
            self._show(sendable)
            return
        done = self._publisher.publish(sendable, silent)
        report.written += done.written
        report.failures += done.failures

    def _show(self, changes: Sequence[Change]) -> None:
        """What would be written, each figure once."""
        for change in changes:
            if self._shown.get(change.pair) != change.wanted:
                _log.info(
                    "stock_shown",
                    sku=change.sku or change.code,
                    location=change.location_id,
                    available=change.available,
                    wanted=change.wanted,
                )
        self._shown |= {change.pair: change.wanted for change in changes}

    # --- locations ----------------------------------------------------------------------------------------------------

    def _writable_links(self, report: StockReport, *, again: bool) -> tuple[StockLink, ...]:
        """The links whose location may be written: goods on the road belong to nobody yet."""
        if self._on_the_road is None or again:
            self._on_the_road = self._read_on_the_road()
        for link in self._policy.links:
            if link.location_id in self._on_the_road:
                report.failures.append(self._t.say(text("location_on_the_road", location=link.location_id)))
        return tuple(link for link in self._policy.links if link.location_id not in self._on_the_road)

    def _read_on_the_road(self) -> frozenset[int]:
        try:
            locations = self._t.haravan.locations()
        except Rejected as error:
            _log.warning("locations_not_readable", error=error)
            return frozenset()
        return frozenset(location.id for location in locations if location.kind.lower() == "ontheroad")


def _seqs(claims: Iterable[Claim], index: Index, read: Read) -> dict[int, int]:
    """By claimed variant: the event number at which the reading of its figures began; only of what was read."""
    found: dict[int, int] = {}
    for variant_id in {part.variant_id for claim in claims for part in claim.parts}:
        link = index.by_variant.get(variant_id)
        reading = None if link is None else read.readings.get(stock.source_of(link))
        if reading is not None:
            found[variant_id] = reading.seq
    return found


def _examples(plan: Plan) -> tuple[Text, ...]:
    lowered = sorted(plan.changes, key=lambda change: change.delta)[:_EXAMPLES]
    return tuple(
        text("figure_change", sku=change.sku or change.code, available=change.available, wanted=change.wanted)
        for change in lowered
    )
