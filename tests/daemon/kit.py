"""A daemon whose cycles do as the test says, on a real store and a clock that the test moves."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from syncd.clock import Clock, ManualClock
from syncd.config import Settings
from syncd.cycles.budget import StoreGetBudget
from syncd.cycles.hints import Hints
from syncd.cycles.orders import OrdersReport
from syncd.cycles.stock import StockReport
from syncd.daemon.flags import Flags
from syncd.daemon.supervisor import Supervisor
from syncd.errors import SyncdError
from syncd.logs.story import teller
from syncd.store import Store
from syncd.wiring import Outside, Shop
from tests.rig import START, Rig

PATIENCE_SECONDS = 60.0


def until(what: Callable[[], Any], *, each: Callable[[], object] = lambda: None) -> Any:
    """Wait, with an end, until `what` gives something true; `each` is done before every look."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    pause = threading.Event()
    while time.monotonic() < deadline:
        each()
        if found := what():
            return found
        pause.wait(0.01)
    raise AssertionError(f"waited {PATIENCE_SECONDS:.0f} s in vain")


class Script:
    """A cycle that counts its runs and does what `act` says; `act` may block, raise or give a report."""

    def __init__(self, blank: Callable[[], Any]) -> None:
        self.blank = blank
        self.fulls: list[bool] = []
        self.inside = 0
        self.most_inside = 0
        self.act: Callable[[], Any] = blank
        self._guard = threading.Lock()

    @property
    def runs(self) -> int:
        return len(self.fulls)

    def run(self, *, full: bool = False, audit: bool = False) -> Any:
        with self._guard:
            self.fulls.append(full)
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        try:
            return self.act()
        finally:
            with self._guard:
                self.inside -= 1

    def turn(self, *, reconcile: bool) -> Any:
        return self.run(full=reconcile)

    def fail(self, error: BaseException) -> None:
        def act() -> Any:
            raise error

        self.act = act

    def recover(self) -> None:
        self.act = self.blank


class StubExamination:
    """An examination that finds nothing."""

    def look(self) -> None:
        pass

    def concerns(self) -> tuple[Any, ...]:
        return ()


class StubShop:
    """What a station needs of a shop: a real store and two scripted cycles."""

    def __init__(self, settings: Settings, outside: Outside, orders: Script, stock: Script) -> None:
        self.settings, self.outside, self.orders, self.stock = settings, outside, orders, stock
        self.store, self.hints = Store(settings.database, tell=teller(settings.shop)), Hints()
        self.examination = StubExamination()
        self.catalogue = SimpleNamespace(known=lambda: None)
        budget = StoreGetBudget(self.store, settings.kiotviet.gets_per_hour, outside.clock)
        self.remotes = SimpleNamespace(budget=budget, calls={})
        self.closed = False

    def close(self) -> None:
        self.closed = True
        self.store.end()


@dataclass
class Tower:
    """A supervisor that a test drives tick by tick."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    real_clock: Clock | None = None
    orders: Script = field(default_factory=lambda: Script(OrdersReport))
    stock: Script = field(default_factory=lambda: Script(StockReport))
    shops: list[StubShop] = field(default_factory=list)
    refusal: SyncdError | None = None
    unusable: SyncdError | None = None

    def __post_init__(self) -> None:
        rig = Rig(self.folder)
        self.settings = rig.settings
        self.flags = Flags()
        clock = self.real_clock or self.clock
        self.supervisor = Supervisor(self.load, self.open_shop, clock, self.environ, self.flags)

    def load(self) -> Settings:
        if self.refusal is not None:
            raise self.refusal
        return self.settings

    def open_shop(self, settings: Settings, outside: Outside) -> Shop:
        if self.unusable is not None:
            raise self.unusable
        shop: Any = StubShop(settings, outside, self.orders, self.stock)
        self.shops.append(shop)
        return shop  # type: ignore[no-any-return]

    @property
    def store(self) -> Store:
        return self.shops[-1].store

    def poll(self, **seconds: int) -> None:
        self.settings = replace(self.settings, poll=replace(self.settings.poll, **seconds))

    def until(self, what: Callable[[], Any]) -> Any:
        return until(what, each=self.supervisor.tick)

    def idle(self) -> bool:
        return self.idle_but("")

    def idle_but(self, name: str) -> bool:
        """Whether no job runs, that one aside."""
        return not any(worker.pulse().running for worker in self.supervisor._station.workers if worker.name != name)

    def after(self, seconds: float, runs: int) -> None:
        """Let `seconds` pass, and wait until the orders cycle has ended so many times in all."""
        self.clock.advance(seconds)
        self.until(lambda: self.orders.runs >= runs and self.idle())

    def settle(self, ticks: int = 5) -> None:
        """Look often enough for something forbidden to begin."""
        for _ in range(ticks):
            self.supervisor.tick()
            threading.Event().wait(0.01)


@contextmanager
def tower(folder: Path, **fields: Any) -> Iterator[Tower]:
    """A supervisor that is open and rings; ended in order whatever the test does."""
    made = Tower(folder, **fields)
    made.supervisor.open()
    made.supervisor._timetable.start()
    try:
        yield made
    finally:
        made.supervisor._shut_down()


class Manager:
    """systemd's end of the notification socket."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self._socket.setblocking(False)
        self.environ = {"NOTIFY_SOCKET": address}
        self._heard: list[str] = []

    @property
    def heard(self) -> list[str]:
        """Every datagram so far, as text."""
        while True:
            try:
                self._heard.append(self._socket.recv(65536).decode())
            except BlockingIOError:
                return list(self._heard)

    @property
    def lines(self) -> list[str]:
        """Every assignment so far."""
        return [line for datagram in self.heard for line in datagram.split("\n")]

    def close(self) -> None:
        self._socket.close()


@contextmanager
def manager(address: str) -> Iterator[Manager]:
    made = Manager(address)
    try:
        yield made
    finally:
        made.close()
