"""One open shop, the right to act on its database, and the jobs that work in it; all of it is exchanged on a reload."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from syncd.clock import Clock
from syncd.config import Settings
from syncd.cycles.orders import policy_counts
from syncd.cycles.stock import StockReport
from syncd.daemon.access import Access
from syncd.daemon.door import Door
from syncd.daemon.turns import Ending
from syncd.daemon.worker import Cycle, Place, Worker
from syncd.store import DaemonLock
from syncd.wiring import Outside, Shop

OpenShop = Callable[[Settings, Outside], Shop]


@dataclass(frozen=True, slots=True)
class Outfit:
    """What every station is opened with."""

    open_shop: OpenShop
    clock: Clock
    access: Access
    stop: Callable[[], bool]
    wake: Callable[[], None]


class Station:
    """Hold `lock`, `shop` and `door` until `close`; `workers` are the jobs."""

    def __init__(self, settings: Settings, lock: DaemonLock, shop: Shop, door: Door, outfit: Outfit) -> None:
        """Staff an open shop with fresh jobs, all due at once."""
        self.settings, self.door = settings, door
        self._lock, self._shop, self._outfit = lock, shop, outfit
        self.workers = _workers(settings, shop, outfit)
        door.open(shop.hints, outfit.clock)

    @classmethod
    def open(cls, settings: Settings, outfit: Outfit) -> Station:
        """Take the lock and the port, then open the shop.

        Raises:
            Unusable: Another process has the database or the port, or they cannot be used.
        """
        with ExitStack() as undo:
            lock = DaemonLock(settings.database)
            undo.callback(lock.close)
            door = Door(settings.webhooks)
            undo.callback(door.close)
            station = cls(settings, lock, _open(settings, outfit), door, outfit)
            undo.pop_all()
        return station

    def succeed(self, settings: Settings) -> Station:
        """A station with new settings in place of this one, which is closed; it must have been retired.

        Raises:
            Unusable: The new one could not be opened; this one still holds what it held.
        """
        moves = settings.database.resolve() != self.settings.database.resolve()
        with ExitStack() as undo:
            door = Door(settings.webhooks, self.door)
            undo.callback(door.close, unless=self.door)
            lock = DaemonLock(settings.database) if moves else self._lock
            if moves:
                undo.callback(lock.close)
            successor = Station(settings, lock, _open(settings, self._outfit), door, self._outfit)
            undo.pop_all()
        self.door.close(unless=door)
        self._shop.close()
        if moves:
            self._lock.close()
        return successor

    def restaff(self) -> None:
        """Put fresh jobs in the place of retired ones."""
        self.workers = _workers(self.settings, self._shop, self._outfit)

    def retire(self) -> bool:
        """Let no job begin another run; True when none is running."""
        return all([worker.retire() for worker in self.workers])

    def close(self) -> None:
        """Listen no more, close the shop, then let others have its database."""
        self.door.close()
        self._shop.close()
        self._lock.close()


def _open(settings: Settings, outfit: Outfit) -> Shop:
    return outfit.open_shop(settings, Outside(clock=outfit.clock, stop=outfit.stop))


def _workers(settings: Settings, shop: Shop, outfit: Outfit) -> tuple[Worker, ...]:
    shop.hints.wake = outfit.wake
    place = Place(settings.shop, shop.store, outfit.clock, outfit.access, outfit.stop, outfit.wake, shop.hints)
    poll = settings.poll
    return (
        Worker("orders", _orders(shop), place, interval=poll.orders_seconds, reconcile=poll.reconcile_seconds),
        Worker("stock", _stock(shop), place, interval=poll.stock_seconds, reconcile=poll.reconcile_seconds),
    )


def _orders(shop: Shop) -> Cycle:
    def cycle(full: bool) -> Ending:
        report = shop.orders.run(full=full, audit=full)
        return Ending(policy_counts(report), error=next(iter(report.failures), ""))

    return cycle


def _stock(shop: Shop) -> Cycle:
    def cycle(full: bool) -> Ending:
        report = shop.stock.turn(reconcile=full)
        return Ending(_stock_counts(report), error=next(iter(report.failures), report.refusal))

    return cycle


def _stock_counts(report: StockReport) -> dict[str, int]:
    return {"checked": report.checked, "written": report.written, "refused": report.refused}
