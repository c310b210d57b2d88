"""The stock cycle: one complete read of KiotViet's figures, a plan, the guards, and only real differences written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syncd.clients.pages import ListQuery, Page
from syncd.clients.scans import Scan, scan_all
from syncd.clock import Clock
from syncd.core import stock
from syncd.core.model import BranchStock, Level, OnHand
from syncd.core.pending import StockLink, pending
from syncd.core.products import Link
from syncd.core.records import Intent
from syncd.core.stock import Change, Guard, Plan
from syncd.cycles.catalogue import Catalogue
from syncd.cycles.ports import Haravan, KiotViet
from syncd.cycles.reserve import Reserve
from syncd.errors import AuthError, IncompleteScan, OutcomeUnknown, Rejected, Transient, UnsafePlan
from syncd.logs import get_logger
from syncd.store import Store

_OPERATION = "adjust_stock"
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
    """The shop's settings about stock."""

    links: tuple[StockLink, ...]
    guard: Guard
    apply: bool
    reread_after: timedelta


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
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        """Work with what was constructed elsewhere; `learn_of_orders` records every order that Haravan shows now."""
        self._haravan, self._kiotviet, self._store = haravan, kiotviet, store
        self._catalogue, self._reserve, self._policy, self._clock = catalogue, reserve, policy, clock
        self._learn_of_orders, self._stop = learn_of_orders, stop
        self._doubtful: set[tuple[int, int]] = set()

    def run(self, *, full: bool = False, force: bool = False) -> StockReport:
        """One cycle. With `full`, both catalogues and every Haravan level are read; with `force`, the mass-change guard is off.

        Raises:
            Transient, AuthError: One side could not be read to the end; nothing was written.
            StoreUnwritable: The store cannot record what would be done.
        """
        self._store.check_writable(self._clock.now())
        report = StockReport()
        if not self._policy.links:
            return report
        index = self._catalogue.refresh() if full else self._catalogue.refresh_if_due(self._policy.reread_after)
        read_seq = self._store.last_seq()
        figures = self._sweep()
        products = index.stocked()
        levels = self._levels(self._candidates(products, figures, read_seq, full=full), report)
        self._learn_of_orders()
        plan = stock.plan(self._policy.links, products, figures, levels, self._pending(read_seq))
        report.checked, report.unknown = len(plan.compared), plan.unknown
        report.refusal = "" if force else self._refusal(plan)
        if report.refusal:
            self._refuse(plan, report)
            return report
        self._settle_doubts()
        self._store.keep_figures((c for c in plan.compared if c.delta == 0), self._clock.now(), written=False)
        self._write(plan, report)
        self._store.remember("last_full_sweep", self._clock.now().isoformat())
        return report

    def _sweep(self) -> Mapping[int, Mapping[int, BranchStock]]:
        """KiotViet's figures of one complete read.

        Raises:
            IncompleteScan: It was not complete: what is missing is unknown, so nothing may be concluded.
        """

        def fetch(offset: int) -> Page[OnHand]:
            return self._kiotviet.on_hands_page(
                ListQuery(offset=offset, order_by="id", low_priority=True), low_priority=True
            )

        scan: Scan[OnHand] = scan_all(fetch, lambda row: row.product_id)
        if not scan.complete:
            raise IncompleteScan(f"KiotViet's stock list: {scan.why}")
        for bad in scan.bad:
            _log.warning("figure_unreadable", product_id=bad.id, reason=bad.reason)
        if {row.product_id for row in scan.rows} - self._catalogue.known_products() and self._catalogue.may_have_news():
            self._catalogue.refresh()
        return stock.figures(scan.rows, self._catalogue.inactive())

    def _pending(self, read_seq: int) -> Mapping[tuple[int, int], int]:
        claims = self._store.orders.claims(read_seq)
        return pending(claims, self._policy.links, reserves=self._reserve.counts, read_seq=read_seq)

    # --- what to compare -------------------------------------------------------------------------------------------------

    def _candidates(
        self, products: Sequence[Link], figures: Mapping[int, Mapping[int, BranchStock]], read_seq: int, *, full: bool
    ) -> dict[int, list[int]]:
        """Variant ids per location whose Haravan level is worth a read: all of them, or what looks different or is old."""
        known = {} if full else self._store.figures()
        now, waiting = self._clock.now(), self._pending(read_seq)
        found: dict[int, list[int]] = {}
        for link in self._policy.links:
            for product in products:
                key = (link.location_id, product.variant_id)
                figure = known.get(key)
                if (
                    figure is not None
                    and key not in self._doubtful
                    and now - figure.read_at < self._policy.reread_after
                ):
                    free = stock.sellable(product, link.branch_ids, figures)
                    if free is None or max(0, free - waiting.get(key, 0) - link.safety_stock) == figure.available:
                        continue
                found.setdefault(link.location_id, []).append(product.variant_id)
        return found

    def _levels(self, candidates: Mapping[int, list[int]], report: StockReport) -> dict[tuple[int, int], Level]:
        """Haravan's levels, read just before they are compared. A pair without a row was never stocked there: 0."""
        found: dict[tuple[int, int], Level] = {}
        for location_id, variant_ids in candidates.items():
            page = self._haravan.levels([location_id], variant_ids)
            unreadable = {bad.id for bad in page.bad}
            for bad in page.bad:
                report.failures.append(f"variant {bad.id}: its stock in Haravan cannot be read: {bad.reason}")
            shown = {level.variant_id: level for level in page.levels if level.location_id == location_id}
            for variant_id in variant_ids:
                if variant_id not in unreadable:
                    blank = Level(location_id, variant_id, 0, 0, 0, 0, None)
                    found[location_id, variant_id] = shown.get(variant_id, blank)
        return found

    # --- guards ------------------------------------------------------------------------------------------------------------

    def _refusal(self, plan: Plan) -> str:
        known = {key: figure.available for key, figure in self._store.figures().items()}
        known |= {(change.location_id, change.variant_id): change.available for change in plan.compared}
        published = sum(1 for available in known.values() if available > 0)
        return stock.refusal(plan, published, self._policy.guard)

    def _refuse(self, plan: Plan, report: StockReport) -> None:
        report.refused = len(plan.changes)
        if self._store.recall("stock_refused") != report.refusal:
            self._store.remember("stock_refused", report.refusal)
            self._store.add_event("stock_plan_refused", report.refusal, self._clock.now())
        _log.error("stock_plan_refused", reason=report.refusal)

    # --- writing -----------------------------------------------------------------------------------------------------------

    def _write(self, plan: Plan, report: StockReport) -> None:
        if self._store.recall("stock_refused"):
            self._store.remember("stock_refused", "")
        for location_id, changes in stock.batches(plan.changes):
            if self._stop():
                return
            if not self._policy.apply:
                for change in changes:
                    _log.info(
                        "stock_shown",
                        sku=change.sku,
                        location=location_id,
                        available=change.available,
                        wanted=change.wanted,
                    )
                continue
            self._adjust(location_id, changes, report)

    def _adjust(self, location_id: int, changes: tuple[Change, ...], report: StockReport) -> None:
        """One call, read back. A refused call is read back too, then what is still different is tried in halves."""
        try:
            self._send(location_id, changes)
        except OutcomeUnknown as error:
            report.failures.append(str(error))
            self._doubtful |= {(location_id, change.variant_id) for change in changes}
            self._read_back(location_id, changes, report)
            return
        except Rejected as error:
            self._halve(location_id, self._read_back(location_id, changes, report), error, report)
            return
        self._read_back(location_id, changes, report)
        self._store.orders.withdraw_intent(_OPERATION, location_id, "", None, self._clock.now())

    def _halve(self, location_id: int, left: tuple[Change, ...], error: Rejected, report: StockReport) -> None:
        if len(left) == 1:
            report.failures.append(f"{left[0].sku or left[0].code}: Haravan refuses its stock: {error}")
            _log.warning("stock_line_refused", sku=left[0].sku, error=str(error))
            return
        middle = len(left) // 2
        for half in (left[:middle], left[middle:]):
            if half:
                self._adjust(location_id, half, report)

    def _send(self, location_id: int, changes: tuple[Change, ...]) -> None:
        now = self._clock.now()
        note = f"syncd {now:%Y%m%dT%H%M%S}-{self._store.last_seq()}"
        self._store.orders.record_intent(Intent(_OPERATION, str(location_id), note, _digest(changes), now), None)
        try:
            self._haravan.adjust(location_id, stock.adjust_lines(changes), note)
        except (Rejected, Transient, AuthError) as error:
            self._store.orders.withdraw_intent(_OPERATION, location_id, str(error), None, now)
            raise

    def _read_back(self, location_id: int, changes: tuple[Change, ...], report: StockReport) -> tuple[Change, ...]:
        """Read what was written; the changes that do not show, with what Haravan has now."""
        page = self._haravan.levels([location_id], [change.variant_id for change in changes])
        shown = {level.variant_id: level.available for level in page.levels if level.location_id == location_id}
        now = self._clock.now()
        seen = [replace(change, available=shown[change.variant_id]) for change in changes if change.variant_id in shown]
        done = [change for change in seen if change.delta == 0]
        left = tuple(change for change in seen if change.delta != 0)
        self._store.keep_figures(done, now, written=True)
        self._store.keep_figures(left, now, written=False)
        report.written += len(done)
        self._tell(changes, {change.variant_id for change in done}, now)
        return left

    def _tell(self, changes: tuple[Change, ...], done: set[int], now: datetime) -> None:
        for change in changes:
            figures = {"available": change.available, "wanted": change.wanted, "pending": change.pending}
            event = "stock_published" if change.variant_id in done else "stock_not_shown"
            level = _log.info if change.variant_id in done else _log.warning
            level(event, sku=change.sku or change.code, location=change.location_id, **figures)
        if changes:
            what = f"location {changes[0].location_id}: {len(done)} of {len(changes)} figures now show"
            self._store.add_event("stock_written", what, now)

    def _settle_doubts(self) -> None:
        """A call whose answer was lost: its figures were just read afresh, so the plan holds whatever became of it."""
        for link in self._policy.links:
            intent = self._store.orders.intent(_OPERATION, link.location_id)
            if intent is not None:
                why = f"the answer to {intent.marker} was lost; the figures were read again"
                self._store.orders.withdraw_intent(_OPERATION, link.location_id, why, None, self._clock.now())
        self._doubtful = set()


def _digest(changes: tuple[Change, ...]) -> str:
    return ",".join(f"{change.variant_id}:{change.delta}" for change in changes)[:2000]
