"""One open shop, the right to act on its database, and the jobs that work in it; all of it is exchanged on a reload."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from syncd.channels import open_channels
from syncd.clock import Clock
from syncd.config import Settings
from syncd.cycles import attention
from syncd.cycles.alarm import Alarm
from syncd.cycles.attention import Inside
from syncd.cycles.examination.examiner import LOOK_SECONDS
from syncd.cycles.health import Watched
from syncd.cycles.orders import policy_counts
from syncd.cycles.stock import StockReport
from syncd.daemon.access import Access
from syncd.daemon.door import Door, Reception
from syncd.daemon.inside import Notices, look_inside
from syncd.daemon.lookout import Lookout
from syncd.daemon.turns import Ending
from syncd.daemon.watching import watch
from syncd.daemon.worker import Cycle, Place, Worker
from syncd.store import DaemonLock
from syncd.store.knocks import forget_knock
from syncd.switchboard import alert_policy
from syncd.switchboard import attention as open_attention
from syncd.wiring import Outside, Shop

OpenShop = Callable[[Settings, Outside], Shop]
EXAMINE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Outfit:
    """What every station is opened with."""

    open_shop: OpenShop
    clock: Clock
    access: Access
    notices: Notices
    stop: Callable[[], bool]
    wake: Callable[[], None]


class Station:
    """Hold `lock`, `shop` and `door` until `close`.

    `workers` are the cycles' jobs, `examiner` only looks and nobody waits for it; `attention` knows what people must
    know, and answers in any thread.
    """

    def __init__(self, settings: Settings, lock: DaemonLock, shop: Shop, door: Door, outfit: Outfit) -> None:
        """Staff an open shop with fresh jobs, all due at once."""
        self.settings, self.door = settings, door
        self._lock, self._shop, self._outfit = lock, shop, outfit
        self.workers, self.examiner = _workers(settings, shop, outfit), _examiner(settings, shop, outfit)
        self._alarm = self._open_alarm()
        self.attention = open_attention(settings, shop.store, outfit.clock, self._inside)
        self._lookout = self._open_lookout()
        door.open(Reception(shop, outfit.clock, self.attention.concerns, self._watched))

    @property
    def jobs(self) -> tuple[Worker | Lookout, ...]:
        """Everything that is to run in its time."""
        return (*self.workers, self._lookout, self.examiner)

    def _watched(self) -> Watched:
        outfit, known = self._outfit, self.attention.concerns
        return watch(self.settings, self._shop, lambda: self.workers, outfit.clock, outfit.access, known)

    def _open_alarm(self) -> Alarm | None:
        alerts, outfit = self.settings.alerts, self._outfit
        if alerts is None:
            return None
        policy = alert_policy(self.settings, alerts)
        return Alarm(open_channels(alerts, outfit.clock), policy, self._shop.store, outfit.clock, outfit.stop)

    def _open_lookout(self) -> Lookout:
        outfit = self._outfit
        return Lookout(self.attention, self._alarm, self._shop.store, outfit.clock, outfit.stop)

    def _inside(self) -> Inside:
        return look_inside(
            self.workers,
            self._outfit.access,
            self._outfit.notices,
            self._outfit.clock,
            heard=self.door.heard_at(),
            channels=self._alarm.faults() if self._alarm else (),
            findings=self._shop.examination.concerns(),
        )

    @classmethod
    def open(cls, settings: Settings, outfit: Outfit) -> Station:
        """Take the lock and the ports, then open the shop.

        Raises:
            Unusable: Another process has the database or a port, or they cannot be used.
        """
        with ExitStack() as undo:
            lock = DaemonLock(settings.database)
            undo.callback(lock.close)
            door = Door(settings)
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
            door = Door(settings, self.door)
            undo.callback(door.close, unless=self.door)
            lock = DaemonLock(settings.database) if moves else self._lock
            if moves:
                undo.callback(lock.close)
            successor = Station(settings, lock, _open(settings, self._outfit), door, self._outfit)
            undo.pop_all()
        self.door.close(unless=door)
        self._lookout.close()
        if moves:
            self._end()
        self._shop.close()
        if moves:
            self._lock.close()
        return successor

    def restaff(self) -> None:
        """Put fresh jobs in the place of retired ones."""
        settings, shop, outfit = self.settings, self._shop, self._outfit
        self.workers, self.examiner = _workers(settings, shop, outfit), _examiner(settings, shop, outfit)
        self._lookout = self._open_lookout()

    def retire(self) -> bool:
        """Let no job begin another run; True when none is running."""
        return all([job.retire() for job in self.jobs])

    def begin(self) -> None:
        """Leave in the store that a daemon works on it, for those who only read it."""
        forget_knock(self.settings.database)
        # a store that cannot be used is told by what needs it
        with suppress(Exception):
            attention.began(self._shop.store, self._outfit.clock.now())

    def _end(self) -> None:
        with suppress(Exception):
            attention.ended(self._shop.store, self._outfit.clock.now())

    def close(self) -> None:
        """Listen no more, close the shop, then let others have its database."""
        self.door.close()
        self._lookout.close()
        self._end()
        self._shop.close()
        self._lock.close()


def _open(settings: Settings, outfit: Outfit) -> Shop:
    return outfit.open_shop(settings, Outside(clock=outfit.clock, stop=outfit.stop))


def _place(settings: Settings, shop: Shop, outfit: Outfit) -> Place:
    hints, language = shop.hints, settings.language
    return Place(settings.shop, shop.store, outfit.clock, outfit.access, outfit.stop, outfit.wake, hints, language)


def _workers(settings: Settings, shop: Shop, outfit: Outfit) -> tuple[Worker, ...]:
    shop.hints.wake = outfit.wake
    place, poll = _place(settings, shop, outfit), settings.poll
    return (
        Worker("orders", _orders(shop), place, interval=poll.orders_seconds, reconcile=poll.reconcile_seconds),
        Worker("stock", _stock(shop), place, interval=poll.stock_seconds, reconcile=poll.reconcile_seconds),
    )


def _examiner(settings: Settings, shop: Shop, outfit: Outfit) -> Worker:
    """Looks at the machine each minute; the examination itself knows when it is time for the shops."""
    place = _place(settings, shop, outfit)
    return Worker("examination", _look(shop), place, interval=EXAMINE_SECONDS, reconcile=LOOK_SECONDS)


def _look(shop: Shop) -> Cycle:
    def cycle(_: bool) -> Ending:
        shop.examination.look()
        return Ending({"concerns": len(shop.examination.concerns())})

    return cycle


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
