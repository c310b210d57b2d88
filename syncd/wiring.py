"""The cupboard: the one place where real things are constructed, and closed again."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import TracebackType

from syncd.clients.haravan import HaravanClient
from syncd.clients.kiotviet import KiotVietClient
from syncd.clients.transport import Transport
from syncd.clock import Clock, SystemClock
from syncd.config import Settings
from syncd.core.texts import Say, speaker
from syncd.cycles import moves, watch
from syncd.cycles.backfill import MANY, Backfill
from syncd.cycles.budget import StoreGetBudget
from syncd.cycles.catalogue import POS_LOOK_SECONDS, Catalogue
from syncd.cycles.examination.examiner import Examination, Subjects
from syncd.cycles.examination.machine import MachineCheck
from syncd.cycles.feed import Feed, SharedFeed
from syncd.cycles.hints import Hints
from syncd.cycles.moves import MoveFeeds, Moves
from syncd.cycles.orders import OrdersCycle
from syncd.cycles.parties import Parties
from syncd.cycles.planning import PlannedWrites, PlanningHaravan, PlanningKiotViet
from syncd.cycles.ports import Haravan, KiotViet
from syncd.cycles.progress import progress_of
from syncd.cycles.readings import Readings, Sources
from syncd.cycles.reserve import Reserve
from syncd.cycles.runner import InlineRunner, PoolRunner, Runner
from syncd.cycles.search import MarkerSearch
from syncd.cycles.stock import StockCycle, StockTools
from syncd.cycles.sweep import Reader
from syncd.cycles.tags import OrderTags
from syncd.cycles.walk import Tools
from syncd.cycles.watch import DocumentFeeds
from syncd.cycles.writes import Writes
from syncd.logs import register_secret
from syncd.logs.story import teller
from syncd.policies import link_policy, order_policy, stock_policy
from syncd.store import Store

ORDER_THREADS = 8
LOOKS_SHARE = 0.0075
"""Looks for changed products an hour, of the hourly GETs; each takes one or two. 4,000 GETs allow one in 2 minutes."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What a shop is given from outside: time, how HTTP travels, how orders are run, and whether to go on.

    From `many_orders` on old orders are taken in page by page.
    """

    clock: Clock = field(default_factory=SystemClock)
    haravan_transport: Transport | None = None
    kiotviet_transport: Transport | None = None
    inline: bool = False
    many_orders: int = MANY
    stop: Callable[[], bool] = lambda: False


class Remotes:
    """Both clients, with every call counted."""

    def __init__(self, settings: Settings, store: Store, outside: Outside) -> None:
        """Open no connection yet."""
        register_secret(settings.haravan.token.reveal())
        register_secret(settings.kiotviet.client_secret.reveal())
        self._store = store
        self.calls: Counter[str] = Counter()
        self._guard = threading.Lock()
        self.budget = StoreGetBudget(store, settings.kiotviet.gets_per_hour, outside.clock)
        self.haravan = HaravanClient(
            settings.haravan.base_url,
            settings.haravan.token.reveal(),
            clock=outside.clock,
            transport=outside.haravan_transport,
            on_call=self._count,
        )
        self.kiotviet = KiotVietClient(
            settings.kiotviet.base_url,
            settings.kiotviet.retailer,
            settings.kiotviet.client_id,
            settings.kiotviet.client_secret.reveal(),
            settings.kiotviet.token_url,
            clock=outside.clock,
            budget=self.budget,
            transport=outside.kiotviet_transport,
            on_call=self._count,
        )

    def _count(self, remote: str, is_write: bool) -> None:
        with self._guard:
            self.calls[remote] += 1
            self.calls[f"{remote}_{'write' if is_write else 'read'}"] += 1

    def clock_offsets(self) -> dict[str, float]:
        """Seconds that this machine's clock is ahead of that of each remote, by its latest answer if it gave any."""
        told = {"haravan": self.haravan.date_offset.seconds, "kiotviet": self.kiotviet.date_offset.seconds}
        return {remote: seconds for remote, seconds in told.items() if seconds is not None}

    def close(self) -> None:
        """Close the connections, and the store in which calls are counted."""
        self.haravan.close()
        self.kiotviet.close()
        self._store.close()


class Shop:
    """Everything that one shop needs to run its cycles."""

    def __init__(
        self, settings: Settings, store: Store, remotes: Remotes, outside: Outside, *, plan: bool = False
    ) -> None:
        """Put the cycles together; with `plan`, writes are collected in `planned` and none is sent."""
        self.settings, self.store, self.remotes, self.clock = settings, store, remotes, outside.clock
        policy, say = order_policy(settings), speaker(settings.language)
        self.planned = PlannedWrites(say) if plan else None
        haravan, kiotviet = self._ports()
        self.catalogue = Catalogue(
            haravan,
            kiotviet,
            store,
            link_policy(settings),
            self.clock,
            pos_look_seconds=max(POS_LOOK_SECONDS, 3600 / (settings.kiotviet.gets_per_hour * LOOKS_SHARE)),
        )
        self.reserve = Reserve(kiotviet, store, self.clock, settings.stock.orders_reserve)
        writes = Writes(store, self.clock, policy.lookup_wait, apply=settings.orders.apply or plan)
        self.runner: Runner = InlineRunner() if outside.inline or plan else PoolRunner(ORDER_THREADS, store.close)
        tools = Tools(
            kiotviet=kiotviet,
            store=store,
            policy=policy,
            index=self.catalogue.index,
            search=MarkerSearch(kiotviet),
            parties=Parties(kiotviet, store, writes, policy.surcharge_code, say),
            reserve=self.reserve,
            writes=writes,
            clock=self.clock,
            say=say,
        )
        chosen = settings.orders
        tagging = chosen.tags and (chosen.apply or plan)
        tags = OrderTags(haravan, store, self.clock, say, enabled=tagging, stop=outside.stop)
        backfill = Backfill(haravan, store, remotes.budget, self.clock, many=outside.many_orders)
        documents = _document_feeds(kiotviet, store, self.clock)
        self.hints = Hints()
        self.orders = OrdersCycle(
            haravan,
            tools,
            self.catalogue,
            self.runner,
            tags,
            backfill,
            documents,
            policy_key=settings.fingerprint()[:16],
            keep_events=timedelta(days=settings.events_days),
            stop=outside.stop,
        )
        reader = Reader(kiotviet, self.catalogue, store, self.clock)
        self.readings = self._readings(kiotviet, reader, documents, say)
        self.stock = StockCycle(
            StockTools(
                haravan=haravan,
                store=store,
                catalogue=self.catalogue,
                reserve=self.reserve,
                reader=reader,
                readings=self.readings,
                learn_of_orders=self.orders.look,
                clock=self.clock,
                say=say,
            ),
            stock_policy(settings, plan=plan),
            stop=outside.stop,
        )
        subjects = Subjects(remotes.haravan, remotes.kiotviet, remotes.budget, self.catalogue, store)
        machine = MachineCheck(settings.path, settings.database, remotes.clock_offsets)
        self.examination = Examination(subjects, settings, policy, machine, self.clock, say, outside.stop)

    def _readings(self, kiotviet: KiotViet, reader: Reader, documents: DocumentFeeds, say: Say) -> Readings:
        store, budget = self.store, self.remotes.budget
        returns = SharedFeed(Feed("returns", kiotviet.returns_page, store, self.clock), self.clock, [moves.READER])
        feeds = MoveFeeds(documents, returns)
        return Readings(
            Sources(
                reader=reader,
                moves=Moves(kiotviet, store, feeds, self.clock, limit=budget.limit),
                hints=self.hints,
                store=store,
                spent=budget.spent,
                limit=budget.limit,
                takes_old_orders=lambda: progress_of(store) is not None,
                clock=self.clock,
                say=say,
            )
        )

    def _ports(self) -> tuple[Haravan, KiotViet]:
        if self.planned is None:
            return self.remotes.haravan, self.remotes.kiotviet
        return PlanningHaravan(self.remotes.haravan, self.planned), PlanningKiotViet(
            self.remotes.kiotviet, self.planned, self.clock, lambda: self.reserve.counts
        )

    def close(self) -> None:
        """Give everything back."""
        self.runner.close()
        self.remotes.close()
        self.store.end()

    def __enter__(self) -> Shop:
        """The shop itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give everything back."""
        self.close()


def open_shop(settings: Settings, outside: Outside | None = None) -> Shop:
    """A shop on its real store.

    Raises:
        Unusable: The store cannot be opened.
    """
    outside = outside or Outside()
    store = Store(settings.database, language=settings.language, tell=teller(settings.shop))
    return Shop(settings, store, Remotes(settings, store, outside), outside)


def open_plan(settings: Settings, scratch: Path, outside: Outside | None = None, *, blank: bool = False) -> Shop:
    """A shop that works on a copy of the store in `scratch` and sends no write; GETs still count in the real budget.

    With `blank` the real store is not touched, and the copy is empty.

    Raises:
        Unusable: The store cannot be opened or copied.
    """
    outside = outside or Outside()
    copy = scratch / "plan.db"
    known = not blank and settings.database.exists()
    if known:
        original = Store(settings.database, create=False)
        try:
            original.copy_to(copy)
        finally:
            original.close()
    store = Store(copy, language=settings.language)
    counting = Store(settings.database, create=False) if known else store
    return Shop(settings, store, Remotes(settings, counting, outside), outside, plan=True)


def _document_feeds(kiotviet: KiotViet, store: Store, clock: Clock) -> DocumentFeeds:
    readers = (watch.READER, moves.READER)
    return DocumentFeeds(
        SharedFeed(Feed("orders", kiotviet.orders_page, store, clock), clock, readers),
        SharedFeed(Feed("invoices", kiotviet.invoices_page, store, clock), clock, readers),
    )
