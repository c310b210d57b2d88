"""One job by itself, run in the test's own thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from syncd.clock import ManualClock
from syncd.daemon.access import Access
from syncd.daemon.turns import Ending
from syncd.daemon.worker import Cycle, Place, Worker
from syncd.errors import Transient
from syncd.store import Store
from tests.daemon.conftest import Said
from tests.rig import START


class Bench:
    """A job on a real store, with everything around it in the test's hands."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.store = ManualClock(START), Store(folder / "syncd.db")
        self.stop, self.woken = False, 0
        self.fulls: list[bool] = []
        self.during: Callable[[], object] = lambda: None
        self.place = Place("shopmau", self.store, self.clock, Access(), lambda: self.stop, self.wake)
        self.worker = self.hire(self.cycle)

    def hire(self, cycle: Cycle) -> Worker:
        return Worker("orders", cycle, self.place, interval=15, reconcile=3600)

    def cycle(self, full: bool) -> Ending:
        self.fulls.append(full)
        self.during()
        return Ending({"seen": 0})

    def wake(self) -> None:
        self.woken += 1


@pytest.fixture
def bench(tmp_path: Path, said: Said) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.store.close()


def test_an_alarm_that_rings_too_early_begins_nothing(bench: Bench) -> None:
    bench.worker.run()
    bench.clock.advance(14.9)
    bench.worker.run()
    assert len(bench.fulls) == 1
    bench.clock.advance(0.06)
    bench.worker.run()
    assert len(bench.fulls) == 2


def test_an_alarm_in_the_middle_of_a_run_begins_no_second_one(bench: Bench) -> None:
    def ring_again() -> None:
        assert bench.worker.due_at() is None
        bench.clock.advance(100)
        bench.worker.run()

    bench.during = ring_again
    bench.worker.run()
    assert len(bench.fulls) == 1


def test_nothing_begins_once_a_stop_was_asked_for(bench: Bench) -> None:
    bench.stop = True
    bench.worker.run()
    assert bench.fulls == []


def test_nothing_begins_after_retirement(bench: Bench) -> None:
    assert bench.worker.retire()
    bench.worker.run()
    assert bench.fulls == []
    assert bench.worker.due_at() is None


def test_a_job_that_retires_in_the_middle_of_a_run_is_not_idle_before_its_end(bench: Bench) -> None:
    seen: list[bool] = []
    bench.during = lambda: seen.append(bench.worker.retire())
    bench.worker.run()
    assert (seen, bench.worker.retire()) == ([False], True)


def test_a_run_leaves_no_connection_open_in_its_thread(bench: Bench) -> None:
    bench.worker.run()
    assert bench.store._db.database.is_closed()


def test_the_supervisor_is_woken_when_a_run_has_ended_and_can_be_armed_again(bench: Bench) -> None:
    bench.worker.run()
    assert bench.woken == 1
    assert bench.worker.due_at() == 15.0


def test_a_full_run_that_failed_is_still_owed_after_a_restart(bench: Bench) -> None:
    def fail() -> None:
        raise Transient("no answer")

    bench.during = fail
    bench.worker.run()
    bench.during = lambda: None
    bench.hire(bench.cycle).run()
    bench.hire(bench.cycle).run()
    assert bench.fulls == [True, True, False]


def test_a_full_run_that_was_cut_short_is_still_owed_after_a_restart(bench: Bench) -> None:
    bench.during = lambda: setattr(bench, "stop", True)
    bench.worker.run()
    bench.during, bench.stop = lambda: None, False
    bench.hire(bench.cycle).run()
    assert bench.fulls == [True, True]


def test_the_lines_of_a_run_name_the_shop_and_the_cycle(bench: Bench, said: Said) -> None:
    bench.worker.run()
    (line,) = said("cycle_finished")
    assert (line["shop"], line["cycle"], line["ok"], line["stopped"]) == ("shopmau", "orders", True, False)


def test_the_duration_of_a_run_is_told(bench: Bench, said: Said) -> None:
    bench.clock.advance(1000)
    bench.during = lambda: bench.clock.advance(2.5)
    bench.worker.run()
    assert said("cycle_finished")[0]["seconds"] == 2.5
