"""The orders cycle: poll, record, handle each order by itself, and only then move the cursor."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syncd.clients.pages import OrderPage
from syncd.clock import Clock
from syncd.core import orders
from syncd.core.cursors import newest
from syncd.core.decisions import Read, View
from syncd.core.events import order_field
from syncd.core.model import BadRecord, WebOrder
from syncd.core.orders import OrderPolicy
from syncd.core.pending import parts_of
from syncd.core.products import Unlinked, link_of
from syncd.core.records import Record
from syncd.core.texts import Say, text
from syncd.cycles.backfill import CURSOR, Backfill
from syncd.cycles.backlog import open_backlog
from syncd.cycles.catalogue import Catalogue, chunks
from syncd.cycles.document_audit import Compared, DocumentAudit
from syncd.cycles.poll import PAGE, Polled, glance, poll
from syncd.cycles.ports import Haravan
from syncd.cycles.retention import KEEP, Retention
from syncd.cycles.runner import Job, Runner
from syncd.cycles.tags import OrderTags
from syncd.cycles.task_watch import TaskWatch
from syncd.cycles.twins import TwinWatch
from syncd.cycles.walk import Tools, handle
from syncd.cycles.watch import DocumentFeeds, DocumentWatch
from syncd.cycles.writes import Suppressed
from syncd.errors import (
    AuthError,
    IncompleteScan,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    StoreUnwritable,
    SyncdError,
    Transient,
)
from syncd.logs import context, get_logger
from syncd.store import Store
from syncd.store.drifts import Drift
from syncd.store.rows import OpenOrder, stamp

_POLICY = "orders_policy"
_SHORT_END = "orders_short_end"
_SORT_PROVED = "orders_sort_proved"
_BELIEVE_AFTER = timedelta(minutes=30)
_BELIEVE_LOOKS = 10
_REREAD = timedelta(minutes=5)
_GONE_FOR = timedelta(minutes=15)
_FIRST_WALK_MARGIN = timedelta(days=1)
_FAIL_ALONE = 5
_log = get_logger()


@dataclass(slots=True)
class OrdersReport:
    """What one cycle did; `failures` are sentences for the admin, `left` counts orders that it did not try.

    `compared` counts orders whose documents were compared whole, `differed` says what differed; `not_compared` why that
    could not be done.
    """

    seen: int = 0
    changed: int = 0
    held: int = 0
    left: int = 0
    failures: list[str] = field(default_factory=list)
    compared: int = 0
    differed: tuple[Drift, ...] = ()
    not_compared: str = ""


class OrdersCycle:
    """Polls Haravan's orders and walks each one that has something to do."""

    def __init__(
        self,
        haravan: Haravan,
        tools: Tools,
        catalogue: Catalogue,
        runner: Runner,
        tags: OrderTags,
        backfill: Backfill,
        documents: DocumentFeeds,
        *,
        policy_key: str,
        keep_events: timedelta = KEEP,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        """Work with what was constructed elsewhere; `policy_key` changes when the settings about orders change.

        The steps of orders that ended are kept for `keep_events`.
        """
        self._haravan, self._tools, self._catalogue, self._runner = haravan, tools, catalogue, runner
        self._tags, self._backfill, self._policy_key, self._stop = tags, backfill, policy_key, stop
        self._polling = threading.Lock()
        self._twins = TwinWatch(tools.search, tools.store, tools.clock, tools.say)
        self._documents = DocumentWatch(tools.kiotviet, tools.store, documents, self._twins, tools.clock)
        self._audit = DocumentAudit(tools.kiotviet, tools.store, self._twins, tools.clock, tools.say)
        self._tasks = TaskWatch(haravan, tools)
        self._retention = Retention(tools.store, tools.clock, keep_events, stop)
        self._reread_at: float | None = None
        self._aborted: SyncdError | None = None
        self._glances = False
        self._last_change: datetime | None = None

    @property
    def _store(self) -> Store:
        return self._tools.store

    @property
    def _policy(self) -> OrderPolicy:
        return self._tools.policy

    @property
    def _say(self) -> Say:
        return self._tools.say

    @property
    def _clock(self) -> Clock:
        return self._tools.clock

    def run(self, *, full: bool = False, whole: bool = False, audit: bool = False) -> OrdersReport:
        """One cycle: what is new, then some old orders of a backfill.

        Args:
            full: Re-read every open order and look at every held one again.
            audit: Compare the documents of open orders with KiotViet's lists as well; with `whole` of all of them.
            whole: Go on with old orders until none is left; what is new still comes first, between their pages.

        Raises:
            Transient, AuthError: Haravan could not be read. StoreUnwritable: Nothing could be recorded.
        """
        report = OrdersReport()
        self._round(report, full=full, audit=audit, deep=whole)
        done = self._backfill.work(
            self._policy.since, lambda page: self._take_old(page, report), lambda: self._round(report), whole=whole
        )
        if whole and not done:
            report.failures.append(self._say(text("backfill_goes_on")))
        if full:
            self._retention.work()
        report.held = len(self._store.reports.held())
        return report

    def _round(self, report: OrdersReport, *, full: bool = False, audit: bool = False, deep: bool = False) -> None:
        """All that is due beside old orders."""
        now = self._clock.now()
        self._store.check_writable(now)
        self._aborted = None
        rereads = full or self._is_time_to_reread()
        polled = self._take_news(now, report, whole=rereads)
        self._watch_documents(report, full=full)
        compared = self._compare_documents(report, deep=deep) if audit else None
        if full:
            self._tools.reserve.look_again(self._policy.branch_id)
        if rereads:
            self._reread_open(polled, now, full=full)
        waiting = self._waiting(polled, now, full=full)
        report.seen += len(polled.orders)
        self._prepare(waiting, full=full)
        self._runner.run(self._jobs(waiting, report))
        if compared is not None:
            report.compared, report.differed = compared.orders, self._audit.keep(compared)
        self._move_cursor(polled)
        self._tags.run()
        if self._aborted is not None:
            raise self._aborted
        if not self._stop():
            self._tasks.look()

    def _take_old(self, page: OrderPage, report: OrdersReport) -> bool:
        """Record and handle a page of old orders; whether it may be passed: each is done, held, or fails by itself.

        A remote that cannot answer ends this for now; what is new was handled before.
        """
        part = OrdersReport(seen=len(page.orders))
        try:
            return self._handle_old(page, part)
        except RateLimited as error:
            _log.info("backfill_waits", error=error)
        except Transient as error:
            part.failures.append(self._say(error.message))
        finally:
            report.seen += part.seen
            report.changed += part.changed
            report.failures += part.failures
        return False

    def _handle_old(self, page: OrderPage, part: OrdersReport) -> bool:
        now = self._clock.now()
        polled = self._record_page(page, now)
        still_open = self._store.orders.open_among(polled.orders)
        due = {order.haravan_id for order in still_open if self._is_due(order, now, full=False)}
        waiting = self._chosen(polled, still_open, due)
        self._prepare(waiting, full=False)
        self._runner.run(self._jobs(waiting, part, self._backfill.affords))
        if self._aborted is not None:
            raise self._aborted
        outage = len(part.failures) > max(_FAIL_ALONE, len(waiting) // 2)
        if polled.why is not None:
            part.failures.append(self._say(polled.why))
        return polled.why is None and not part.left and not outage

    def _watch_documents(self, report: OrdersReport, *, full: bool) -> None:
        """What people did in KiotViet is looked at in this cycle; lists that cannot be read stop nothing else."""
        try:
            self._documents.look(full=full)
        except (AuthError, RateLimited):
            raise
        except (Transient, Rejected) as error:
            _log.warning("documents_not_watched", error=error)
            report.failures.append(self._say(error.message))

    def _compare_documents(self, report: OrdersReport, *, deep: bool) -> Compared | None:
        """Compare documents whole; where that cannot be done to the end, nothing is concluded and all else goes on."""
        try:
            return self._audit.compare(deep=deep)
        except (Transient, Rejected) as error:
            _log.warning("documents_not_compared", error=error)
            report.not_compared = self._say(error.message)
            return None

    def look(self) -> None:
        """Record what is new in Haravan without writing anything anywhere else: stock must know of every order.

        The cursor stays: what is new here has still to be handled.

        Raises:
            Transient, AuthError: Haravan could not be read.
            IncompleteScan: It could not be read to the end, and the store does not know its orders from before.
        """
        polled = self._take_news(self._clock.now(), OrdersReport(), whole=False)
        if polled.why is not None and self._store.recall(CURSOR) is None:
            raise IncompleteScan(text("stock_without_orders", why=polled.why))

    def _take_news(self, now: datetime, report: OrdersReport, *, whole: bool) -> Polled:
        with self._polling:
            self._start_over_on_new_policy()
            stored = self._store.recall(CURSOR)
            cursor = datetime.fromisoformat(stored) if isinstance(stored, str) else None
            if cursor is None:
                cursor = self._backfill.begin(self._policy.since, lambda page: self._record_page(page, now))
            polled = self._poll(cursor, now, whole=whole)
            if cursor is None:
                for page in open_backlog(self._haravan):
                    polled.take(page)
            self._record(polled, now)
            self._believe_steady_end(polled, now)
        if polled.why is not None:
            report.failures.append(self._say(polled.why))
        return polled

    def _poll(self, cursor: datetime | None, now: datetime, *, whole: bool) -> Polled:
        """A short look where the last one would have done, unless open orders are read again: a whole page has many."""
        short = self._glances and not whole
        polled = glance(self._haravan, cursor, now) if cursor is not None and short else None
        proved = self._store.recall(_SORT_PROVED) is True
        if polled is None:
            oldest = self._policy.since - _FIRST_WALK_MARGIN
            polled = poll(self._haravan, cursor, oldest, now, sort_proved=proved, seen=self._last_change)
        self._glances = polled.glance_does
        if polled.disproves_sort if proved else polled.proves_sort:
            self._store.remember(_SORT_PROVED, not proved)
        return polled

    def _believe_steady_end(self, polled: Polled, now: datetime) -> None:
        """A list that ends short of the count is a failed page; one that always does is how the shop counts."""
        stored = self._store.recall(_SHORT_END)
        if polled.short_by is None:
            if stored is not None:
                self._store.remember(_SHORT_END, None)
            return
        if not isinstance(stored, list) or stored[0] != polled.short_by:
            stored = [polled.short_by, now.isoformat(), 0]
        short_by, since, seen = (*stored, 0)[:3]
        if seen >= _BELIEVE_LOOKS and now - datetime.fromisoformat(since) >= _BELIEVE_AFTER:
            polled.complete, polled.why = True, None
        else:
            self._store.remember(_SHORT_END, [short_by, since, seen + 1])

    def _start_over_on_new_policy(self) -> None:
        """Other settings may admit orders that were ignored: walk back to `orders.since` once more."""
        if self._store.recall(_POLICY) != self._policy_key:
            self._backfill.forget()
            self._store.remember(CURSOR, None)
            self._store.remember(_POLICY, self._policy_key)

    def _record(self, polled: Polled, now: datetime) -> None:
        seen = self._store.orders.seen(polled.orders)
        last = newest((order.updated_at for order in polled.orders.values()), now)
        if last is not None and (self._last_change is None or last > self._last_change):
            self._last_change = last
        for order in polled.orders.values():
            digest, known = polled.digests[order.id], seen.get(order.id)
            if digest and known == self._said(order, digest):
                continue  # each poll shows the last minutes again
            if self._see(order, digest, now):
                polled.changed.add(order.id)
        for bad in polled.bad:
            if bad.id is None:
                polled.doubt(text("order_without_id", why=bad.reason))
            else:
                self._hold_unreadable(bad, bad.id, now)

    def _record_page(self, page: OrderPage, now: datetime) -> Polled:
        polled = Polled()
        polled.take(page)
        self._record(polled, now)
        return polled

    def _hold_unreadable(self, bad: BadRecord, haravan_id: int, now: datetime) -> None:
        sentence = self._say(text("order_unreadable", order=haravan_id, why=bad.reason))
        parts = () if bad.goods is None else parts_of(bad.goods)
        self._store.orders.see_bad(haravan_id, sentence, now, parts, sure=bad.goods is not None and bad.goods.whole)

    def _see(self, order: WebOrder, digest: str, now: datetime) -> bool:
        ours = not orders.outside(order, self._policy)
        branch_id = self._policy.branch_of(order)
        return self._store.orders.see(order, digest, parts_of(order.goods), ours=ours, branch_id=branch_id, now=now)

    def _said(self, order: WebOrder, digest: str) -> tuple[str, str, bool, int | None]:
        ours = not orders.outside(order, self._policy)
        return digest, stamp(order.updated_at), ours, self._policy.branch_of(order)

    def _is_time_to_reread(self) -> bool:
        """Not every change moves `updated_at`: orders with something to come are re-read every few minutes."""
        return self._reread_at is None or self._clock.monotonic() - self._reread_at >= _REREAD.total_seconds()

    def _reread_open(self, polled: Polled, now: datetime, *, full: bool) -> None:
        """Read orders again that are open, or hold stock, or could not be understood."""
        passed = self._clock.monotonic()
        owed = self._backfill.owed(self._policy.since)
        open_ids = [order.haravan_id for order in self._store.orders.open_orders() if not owed(order)]
        wanted = [*open_ids, *self._store.orders.unfinished(now, full=full)]
        self._fetch(polled, [haravan_id for haravan_id in wanted if haravan_id not in polled.orders], now)
        self._reread_at = passed

    def _fetch(self, polled: Polled, ids: list[int], now: datetime) -> None:
        for batch in chunks(ids, PAGE):
            page = self._haravan.orders_by_ids(batch)
            fresh = self._record_page(page, now)
            polled.orders |= fresh.orders
            polled.digests |= fresh.digests
            polled.changed |= fresh.changed
            shown = {*fresh.orders, *(bad.id for bad in page.bad)}
            for missing in set(batch) - shown:
                self._missing(missing, now)

    def _missing(self, haravan_id: int, now: datetime) -> None:
        """An order that Haravan does not show is believed deleted only when it stays away; then a person decides."""
        if not self._store.orders.see_missing(haravan_id, now, _GONE_FOR):
            return
        record = self._store.orders.record(haravan_id)
        number = record.number if record else str(haravan_id)
        what = self._say(text("deleted_in_haravan", order=number))
        self._store.add_task(f"deleted:{haravan_id}", haravan_id, number, "deleted_in_haravan", what, now)

    def _waiting(self, polled: Polled, now: datetime, *, full: bool) -> list[WebOrder]:
        """Orders with something to do, oldest first: news, what is not settled, and held ones whose time has come."""
        still_open = self._store.orders.open_orders()
        owed = self._backfill.owed(self._policy.since)
        due = {
            order.haravan_id
            for order in still_open
            if self._is_due(order, now, full=full) and (order.haravan_id in polled.orders or not owed(order))
        }
        due |= set(self._store.orders.with_news())
        self._fetch(polled, [haravan_id for haravan_id in due if haravan_id not in polled.orders], now)
        return self._chosen(polled, still_open, due)

    def _chosen(self, polled: Polled, still_open: Iterable[OpenOrder], due: set[int]) -> list[WebOrder]:
        """Of the orders that were read: those that are due, news, or at an end that was judged otherwise."""
        ended = set(polled.orders) - {order.haravan_id for order in still_open}
        settled = self._store.orders.settled_of(ended)
        due = due | {key for key in ended if settled.get(key, "") != self._settled_key(polled.digests[key])}
        fresh = (order for order in polled.orders.values() if order.id in due or order.id in polled.changed)
        return sorted(fresh, key=lambda order: (order.created_at, order.id))

    def _is_due(self, order: OpenOrder, now: datetime, *, full: bool) -> bool:
        if order.settled == self._settled_key(order.digest):
            # what a void left in doubt is asked until a reading leaves none: until then its pieces are sold nowhere
            return full and order.unseen
        return full or order.look_again_at is None or not order.held or now >= order.look_again_at or order.retry_asked

    def _settled_key(self, digest: str) -> str:
        return f"{digest}|{self._policy_key}" if digest else ""

    def _prepare(self, waiting: Iterable[WebOrder], *, full: bool) -> None:
        """Look once for what several orders will ask: unknown products, and orders that KiotViet may have already."""
        fresh = [(order, record) for order in waiting if (record := self._without_document(order)) is not None]
        unknown = fresh and self._names_unknown(order for order, _ in fresh)
        if unknown and (full or self._catalogue.may_have_news()):
            self._refresh_catalogue()
        created = [order.created_at for order, record in fresh if self._will_search(order, record)]
        since = self._twins.due(busy=bool(created))
        self._tools.search.start_cycle(created if since is None else [*created, since])
        if since is not None:
            self._twins.look(since)

    def _without_document(self, order: WebOrder) -> Record | None:
        """The record of an order of ours that has no KiotViet order yet."""
        record = self._store.orders.record(order.id)
        missing = record is not None and record.order is None and not orders.outside(order, self._policy)
        return record if missing else None

    def _will_search(self, order: WebOrder, record: Record) -> bool:
        """Whether this order's next step is a search; one that is held for its lines must not widen everyone's."""
        return orders.decide(order, record, View(), self._policy, self._catalogue.index()) == Read("search")

    def _names_unknown(self, waiting: Iterable[WebOrder]) -> bool:
        index = self._catalogue.index()
        wanted = (order for order in waiting if order.cancelled_at is None)
        return any(isinstance(link_of(line, index), Unlinked) for order in wanted for line in order.lines)

    def _refresh_catalogue(self) -> None:
        try:
            self._catalogue.refresh()
        except (Transient, Rejected) as error:
            _log.warning("products_not_read", error=error)

    def _jobs(
        self, waiting: Iterable[WebOrder], report: OrdersReport, may: Callable[[], bool] = lambda: True
    ) -> Iterable[Job]:
        guard = threading.Lock()

        def job(order: WebOrder) -> Job:
            return lambda: self._handle(order, report, guard, may)

        return [job(order) for order in waiting]

    def _handle(self, order: WebOrder, report: OrdersReport, guard: threading.Lock, may: Callable[[], bool]) -> None:
        """One order: whatever goes wrong with it stays with it, except what concerns every order alike."""
        if self._aborted is not None or self._stop() or not may():
            with guard:
                report.left += 1
            return
        with context(order=order_field(order.number), haravan_id=order.id):
            self._walk(order, report, guard)

    def _walk(self, order: WebOrder, report: OrdersReport, guard: threading.Lock) -> None:
        try:
            changed = handle(self._tools, order, self._settled_key(self._store.orders.digest_of(order.id)))
            with guard:
                report.changed += changed
        except (AuthError, RateLimited, StoreUnwritable) as error:
            self._aborted = error
        except Suppressed as shown:
            _log.info("write_shown", error=shown)
            with guard:
                report.left += 1
        except (Transient, OutcomeUnknown) as error:
            _log.warning("order_not_done", error=error)
            with guard:
                report.failures.append(self._say(text("one_order_failed", order=order.number, why=error.message)))

    def _move_cursor(self, polled: Polled) -> None:
        """Every order up to here is recorded, done or held: only now may the next poll start later."""
        if polled.why is None:
            self._remember_cursor(polled.newest)
        else:
            _log.warning("orders_poll_incomplete", error=self._say(polled.why))

    def _remember_cursor(self, newest: datetime | None) -> None:
        stored = self._store.recall(CURSOR)
        if newest is not None and (not isinstance(stored, str) or datetime.fromisoformat(stored) < newest):
            self._store.remember(CURSOR, newest.isoformat())


def policy_counts(report: OrdersReport) -> Mapping[str, int]:
    """The report as the `once` command prints it."""
    return {"seen": report.seen, "changed": report.changed, "held": report.held}
