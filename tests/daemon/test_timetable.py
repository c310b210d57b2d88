"""The alarms, on real threads and on a wall clock that somebody sets."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

import apscheduler.schedulers.base
import pytest

from syncd.daemon import timetable
from syncd.daemon.timetable import Timetable
from tests.daemon.kit import PATIENCE_SECONDS, until


class WallClock(datetime):
    """The machine's wall clock, after an administrator has set it."""

    off = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) + cls.off


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> type[WallClock]:
    monkeypatch.setattr(WallClock, "off", timedelta())
    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", WallClock)
    monkeypatch.setattr(timetable, "datetime", WallClock)
    return WallClock


@pytest.fixture
def alarms() -> Iterator[Timetable]:
    made = Timetable()
    made.start()
    yield made
    made.stop(wait=True)


def test_an_alarm_rings_in_a_thread_of_its_own(alarms: Timetable) -> None:
    rung: list[str] = []
    alarms.arm("orders", lambda: rung.append(threading.current_thread().name), due_at=0.0, now=0.0)
    until(lambda: rung)
    assert rung[0] != threading.current_thread().name


def test_an_alarm_that_is_due_later_does_not_ring_now(alarms: Timetable) -> None:
    early, late = threading.Event(), threading.Event()
    alarms.arm("stock", late.set, due_at=3600.0, now=0.0)
    alarms.arm("orders", early.set, due_at=0.0, now=0.0)
    assert early.wait(PATIENCE_SECONDS)
    assert not late.is_set()


@pytest.mark.parametrize("days", [-365, 365])
def test_a_stepped_wall_clock_neither_stops_an_alarm_nor_makes_it_ring_twice(
    alarms: Timetable, wall: type[WallClock], days: int
) -> None:
    rung: list[float] = []
    alarms.arm("orders", lambda: rung.append(30.0), due_at=30.0, now=0.0)
    wall.off = timedelta(days=days)
    alarms.arm("orders", lambda: rung.append(30.0), due_at=30.0, now=10.0)
    assert not rung
    until(lambda: rung, each=lambda: alarms.arm("orders", lambda: rung.append(30.0), due_at=30.0, now=30.0))
    assert rung == [30.0]


def test_an_alarm_that_rang_ahead_of_time_is_set_again(alarms: Timetable, wall: type[WallClock]) -> None:
    rung = threading.Semaphore(0)
    alarms.arm("orders", rung.release, due_at=30.0, now=0.0)
    wall.off = timedelta(days=1)
    alarms._scheduler.wakeup()
    assert rung.acquire(timeout=PATIENCE_SECONDS)
    alarms.arm("orders", rung.release, due_at=30.0, now=0.0)
    alarms.arm("orders", rung.release, due_at=30.0, now=30.0)
    assert rung.acquire(timeout=PATIENCE_SECONDS)


def test_alarms_that_were_taken_back_do_not_ring(alarms: Timetable) -> None:
    rung, other = threading.Event(), threading.Event()
    alarms.arm("orders", rung.set, due_at=1.5, now=0.0)
    alarms.clear()
    alarms.arm("stock", other.set, due_at=0.0, now=0.0)
    assert other.wait(PATIENCE_SECONDS)
    assert alarms._scheduler.get_job("orders") is None
    assert not rung.is_set()


def test_an_alarm_that_rings_while_the_last_one_is_cleaned_up_is_not_lost(alarms: Timetable) -> None:
    entered, go_on, again = threading.Event(), threading.Event(), threading.Event()

    def ends_late() -> None:
        entered.set()
        go_on.wait(PATIENCE_SECONDS)

    alarms.arm("orders", ends_late, due_at=0.0, now=0.0)
    assert entered.wait(PATIENCE_SECONDS)
    alarms.arm("orders", again.set, due_at=15.0, now=15.0)
    rang = again.wait(PATIENCE_SECONDS)
    go_on.set()
    assert rang, "the job says itself that it has ended; the library notices later"
