"""Where a run takes place: both shops, a machine with its own clock, disk and power, and syncd's real cycles on it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import pytest

from syncd import logs
from syncd.clients import haravan as haravan_client
from syncd.clients.pages import ListQuery
from syncd.clock import ManualClock
from syncd.config import Settings
from syncd.cycles import backfill, backlog, catalogue, orders, poll, product_lists, task_watch
from syncd.errors import InUse, RateLimited, StoreUnwritable, SyncdError
from syncd.sandbox.inprocess import InProcessTransport
from syncd.sandbox.kernel import Gate
from syncd.store import Store
from syncd.store.opening import DaemonLock
from syncd.wiring import Outside
from tests.orders.kit import Killed
from tests.orders.mortality import Fuse, wire
from tests.rig import Rig
from tests.simulation.people import People
from tests.simulation.scenario import Scenario, Terms
from tests.simulation.witness import Witness

LATENCY_SECONDS = 0.15
TIMEOUT_SECONDS = 20.0
LATEST_SECONDS = 60.0
"""No request arrives later than that."""
_PATIENCE_SECONDS = 120.0
_PAGED = (backfill, backlog, catalogue, orders, poll, product_lists, task_watch)


class MachineClock:
    """The clock of syncd's machine, which an admin or NTP may set; the two shops have theirs."""

    def __init__(self, true: ManualClock) -> None:
        """Start right."""
        self._true, self._ahead = true, timedelta()

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        return self._true.now() + self._ahead

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return self._true.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self._true.sleep(seconds)

    def set_ahead(self, seconds: float) -> None:
        """Set it so much ahead of the true time."""
        self._ahead = timedelta(seconds=seconds)


class Wire(InProcessTransport):
    """The network: other things happen while a call is under way, and no answer takes as long as a client waits."""

    def __init__(self, house: House, gate: Gate) -> None:
        """Lead to one shop."""
        super().__init__(gate)
        self._house = house

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the remote does, in its own time."""
        self._house.meanwhile()
        try:
            return super().handle_request(request)
        except httpx.ReadTimeout:
            self._house.true_clock.advance(TIMEOUT_SECONDS)
            raise


class SimulatedRig(Rig):
    """The rig, reached over the simulated network from a machine with its own clock."""

    house: House

    def outside(self) -> Outside:
        """As syncd is started on that machine."""
        return Outside(
            clock=self.house.clock,
            haravan_transport=Wire(self.house, self.sandbox.haravan_gate),
            kiotviet_transport=Wire(self.house, self.sandbox.kiotviet_gate),
            inline=True,
            many_orders=self.many_orders,
        )


class House:
    """One run's world. A cycle that dies or fails ends nothing but itself; what is no failure of ours is raised."""

    def __init__(self, folder: Path, scenario: Scenario) -> None:
        """Open both shops and install syncd, which is not started yet."""
        terms = scenario.terms
        self.folder, self.terms = folder, terms
        self.rig = SimulatedRig(
            folder,
            two_branches=terms.two_branches,
            switches={key: position for key, position in scenario.switches},
            language=terms.language,
            many_orders=terms.many_orders,
            latency_seconds=LATENCY_SECONDS,
            on_return=terms.on_return,
            payments=(terms.payments,),
            tags=terms.tags,
        )
        self.rig.house = self
        self.true_clock, self.clock = self.rig.clock, MachineClock(self.rig.clock)
        self.skus = sorted(self.rig.sandbox.variants)[:6]
        self.placed: list[int] = []
        self.sales: list[tuple[int, str]] = []
        self.said = io.StringIO()
        self.calls = 0
        self.kills = 0
        self.is_full = False
        self.dry = False
        self.forgot = False
        self._waiting: list[tuple[int, Callable[[], object]]] = []
        self._lock: DaemonLock | None = None
        self._copies = 0
        self._patch = pytest.MonkeyPatch()
        self.fuse = Fuse(0)
        self.witness = Witness(self)
        self.people = People(self)
        wire(self.rig, self.fuse, self._patch)
        self._set_pages(terms)
        self._safety(terms.safety_stock)
        self.configure(kiotviet=replace(self.settings.kiotviet, gets_per_hour=terms.gets_per_hour))
        self.listen()
        logs.speak(terms.language)

    def listen(self, *, quiet: bool = False) -> None:
        """Keep what is logged; of commands that only look (`quiet`), as they do themselves, warnings alone."""
        monotonic = self.true_clock.monotonic
        logs.configure(stream=self.said, environ={}, verbose=not quiet, quiet=quiet, monotonic=monotonic)

    def _set_pages(self, terms: Terms) -> None:
        """Lists of several pages without hundreds of rows: the clients ask for fewer at a time."""
        if terms.page == poll.PAGE:
            return
        for module in _PAGED:
            self._patch.setattr(module, "PAGE", terms.page)
        self._patch.setattr(haravan_client, "PAGE_ROWS", terms.page)
        rows_first = ListQuery.__init__.__defaults__ or ()
        asked = (rows_first[0], 2 * terms.page, *rows_first[2:])
        self._patch.setattr(ListQuery.__init__, "__defaults__", asked)

    def _safety(self, pieces: int) -> None:
        links = tuple(replace(link, safety_stock=pieces) for link in self.settings.stock.links)
        self.configure(stock=replace(self.settings.stock, links=links))

    # --- what it is made of -------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """The config of now."""
        return self.rig.settings

    @property
    def store(self) -> Store | None:
        """The store, while syncd runs."""
        return self.rig.shop.store if self._lock is not None else None

    def documents(self) -> list[Any]:
        """KiotViet's orders that carry a marker of ours."""
        return [doc for doc in self.rig.kiotviet._books.orders.values() if (doc.description or "").startswith("HRV#")]

    # --- the machine --------------------------------------------------------------------------------------------------

    def start(self) -> bool:
        """Start syncd unless it runs; whether it does then."""
        if self._lock is not None:
            return True
        try:
            self._lock = DaemonLock(self.settings.database)
            self._limit_disk(self.rig.shop.store)
        except StoreUnwritable:
            self.stop()
            return False
        return True

    def stop(self) -> None:
        """However syncd ends, nothing but its files survives."""
        self.rig.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def cycle(self, run: Callable[[], object]) -> SyncdError | None:
        """One cycle of syncd; what ended it, where something did. A process that dies in it is started again."""
        self.witness.begin_cycle()
        try:
            if self.start():
                run()
        except Killed:
            self.die()
        except RateLimited as error:
            self.true_clock.advance(min(error.retry_after_seconds, _PATIENCE_SECONDS))
            return error
        except SyncdError as error:
            return error
        finally:
            self._waiting.clear()
        return None

    def die(self) -> None:
        """The process is gone."""
        self.kills += 1
        self.stop()

    def kill_at(self, point: int) -> None:
        """Let the process die at the so many-th point from now."""
        self.fuse.at = self.fuse.passed + point

    def spare(self) -> None:
        """Nothing dies any more."""
        self.fuse.at = 0

    def pass_time(self, seconds: float) -> None:
        """Nobody does anything; what is still under way arrives in its own time, not only when somebody calls again."""
        at_once = min(seconds, LATEST_SECONDS)
        self.true_clock.advance(at_once)
        self.fuse.lit = False
        for gate in (self.rig.sandbox.haravan_gate, self.rig.sandbox.kiotviet_gate):
            gate.settle()
        self.fuse.lit = True
        self.true_clock.advance(seconds - at_once)

    def meanwhile(self) -> None:
        """A call begins: whatever was to happen before it happens."""
        self.calls += 1
        self.witness.note_weather()
        due = [act for at, act in self._waiting if at <= self.calls]
        self._waiting = [pair for pair in self._waiting if pair[0] > self.calls]
        for act in due:
            self.witness.about_to_change()
            act()
            self.witness.note_figures()

    def before_call(self, ahead: int, act: Callable[[], object]) -> None:
        """Do something just before the so many-th call from now."""
        self._waiting.append((self.calls + ahead, act))

    def configure(self, **changes: Any) -> None:
        """An admin edits the config; syncd is restarted with it."""
        self.stop()
        self.rig.settings = replace(self.settings, **changes)

    def fill_disk(self, full: bool) -> None:
        """No page can be added to the database any more, or again."""
        self.is_full = full
        if self._lock is not None:
            self._limit_disk(self.rig.shop.store)

    def _limit_disk(self, store: Store) -> None:
        database = store._db.database
        pages = database.pragma("page_count") if self.is_full else 1_000_000
        database.pragma("max_page_count", pages)

    def back_up(self) -> bool:
        """Copy the store, as `syncd backup` does."""
        store = self.store
        if store is None:
            return False
        self._copies += 1
        store.copy_to(self.folder / f"copy-{self._copies}.db")
        return True

    def restore(self) -> bool:
        """The latest copy takes the store's place."""
        copy = self.folder / f"copy-{self._copies}.db"
        if not copy.exists():
            return False
        self.lose_store()
        shutil.copy(copy, self.settings.database)
        return True

    def lose_store(self) -> None:
        """The disk is gone, and everything that syncd knew."""
        self.forgot = True
        self.stop()
        for path in self.folder.glob("syncd.db*"):
            path.unlink()

    def second_daemon_is_refused(self) -> bool:
        """Whether another syncd on the same database is turned away."""
        self.start()
        try:
            DaemonLock(self.settings.database).close()
        except InUse:
            return True
        return False

    def close(self) -> None:
        """The run is over."""
        self.stop()
        self._patch.undo()

    def __enter__(self) -> House:
        """The house itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The run is over."""
        self.close()
