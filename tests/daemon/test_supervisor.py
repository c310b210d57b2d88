"""The daemon tick by tick, with cycles that do as they are told."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from syncd.config import Secret
from syncd.core.problems import Problem
from syncd.cycles.orders import OrdersReport
from syncd.cycles.stock import StockReport
from syncd.errors import (
    AuthError,
    ConfigError,
    OutcomeUnknown,
    RateLimited,
    StoreUnwritable,
    Transient,
    Unusable,
)
from syncd.store import DaemonLock
from tests.daemon.conftest import Said
from tests.daemon.kit import PATIENCE_SECONDS, Script, Tower, tower, until

BAD = ConfigError(
    [
        Problem("config.yaml", 3, "poll.orders_seconds", "a whole number from 1", "'soon'"),
        Problem("x", 4, "a", "b", "c"),
    ]
)


def first_runs(daemon: Tower) -> None:
    daemon.until(lambda: daemon.orders.runs >= 1 and daemon.stock.runs >= 1 and daemon.idle())


class Gate:
    """A cycle that waits inside until the test lets it go on."""

    def __init__(self, blank: Any) -> None:
        self.entered, self.go_on = threading.Event(), threading.Event()
        self._blank = blank

    def __call__(self) -> Any:
        self.entered.set()
        assert self.go_on.wait(PATIENCE_SECONDS)
        return self._blank()


# --- the rhythm ------------------------------------------------------------------------------------------------------


def test_both_cycles_run_at_once_and_then_at_their_own_intervals(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        daemon.after(15, runs=2)
        assert (daemon.orders.runs, daemon.stock.runs) == (2, 1)
        daemon.after(15, runs=3)
        daemon.until(lambda: daemon.stock.runs == 2 and daemon.idle())
        daemon.settle()
        assert (daemon.orders.runs, daemon.stock.runs) == (3, 2)


def test_nothing_runs_before_its_time(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        daemon.clock.advance(14)
        daemon.settle(20)
        assert (daemon.orders.runs, daemon.stock.runs) == (1, 1)


def test_a_slow_cycle_never_overlaps_with_itself_and_does_not_delay_the_other(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        slow = daemon.orders.act = Gate(OrdersReport)
        daemon.until(slow.entered.is_set)
        for runs in (2, 3, 4):
            daemon.clock.advance(30)
            daemon.until(lambda runs=runs: daemon.stock.runs == runs)
        daemon.settle()
        assert (daemon.orders.runs, daemon.orders.inside) == (1, 1)
        slow.go_on.set()
        daemon.until(lambda: daemon.orders.runs == 2)
        assert daemon.orders.most_inside == 1


def test_a_wall_clock_that_is_set_back_or_forward_changes_nothing(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        daemon.clock.step(-86_400)
        daemon.after(15, runs=2)
        daemon.clock.step(3 * 86_400)
        daemon.settle()
        assert daemon.orders.runs == 2
        daemon.after(15, runs=3)


def test_every_reconcile_interval_both_cycles_run_in_full(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        daemon.after(15, runs=2)
        daemon.after(3600, runs=3)
        daemon.until(lambda: len(daemon.stock.fulls) == 2)
        assert (daemon.orders.fulls, daemon.stock.fulls) == ([True, False, True], [True, True])


def test_a_restart_does_not_repeat_a_full_run_that_was_just_made(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
    again = replace(daemon, shops=[], orders=Script(OrdersReport))
    again.supervisor.open()
    again.supervisor._timetable.start()
    again.until(lambda: again.orders.runs == 1 and again.idle())
    again.supervisor._shut_down()
    assert again.orders.fulls == [False]


# --- how cycles end --------------------------------------------------------------------------------------------------


def test_even_an_idle_cycle_ends_in_one_line_with_counts(tmp_path: Path, said: Said) -> None:
    with tower(tmp_path) as daemon:
        daemon.orders.act = lambda: OrdersReport(seen=3, changed=2, held=1)
        daemon.stock.act = lambda: StockReport(checked=12)
        first_runs(daemon)
        finished = [line for line in said("cycle_finished") if line["cycle"] != "examination"]
        lines = {line["cycle"]: line for line in finished}
        assert len(finished) == 2
        assert lines["orders"] == {
            **lines["orders"],
            **{"shop": "shopmau", "ok": True, "full": True, "seen": 3, "changed": 2, "held": 1, "level": "info"},
        }
        assert (lines["stock"]["checked"], lines["stock"]["written"], lines["stock"]["seconds"]) == (12, 0, 0.0)
        assert daemon.store.cycle("orders").counts == {"seen": 3, "changed": 2, "held": 1}
        assert daemon.store.cycle("orders").last_ok == daemon.clock.now()


def test_a_cycle_in_which_something_failed_is_told_with_the_first_sentence(tmp_path: Path, said: Said) -> None:
    with tower(tmp_path) as daemon:
        daemon.orders.act = lambda: OrdersReport(seen=1, failures=["#100020: no answer in time", "#100021: the same"])
        daemon.stock.act = lambda: StockReport(refused=11, refusal="11 of 12 figures would change")
        first_runs(daemon)
        assert daemon.store.cycle("orders").last_error == "#100020: no answer in time"
        assert daemon.store.cycle("stock").last_error == "11 of 12 figures would change"
        assert daemon.store.cycle("stock").last_ok is None
        assert {line["error"] for line in said("cycle_failed")} == {
            "#100020: no answer in time",
            "11 of 12 figures would change",
        }
        finished = [line for line in said("cycle_finished") if line["cycle"] != "examination"]
        assert [line["ok"] for line in finished] == [False, False]


@pytest.mark.parametrize("error", [Transient("Haravan GET: answered 502"), OutcomeUnknown("lost")])
def test_an_expected_failure_is_one_line_without_a_traceback(tmp_path: Path, said: Said, error: Exception) -> None:
    with tower(tmp_path) as daemon:
        daemon.orders.fail(error)
        first_runs(daemon)
        (line,) = said("cycle_failed")
        assert str(error) in line["error"]
        assert "exception" not in line
        assert daemon.store.cycle("orders").last_error == str(error)
        daemon.orders.recover()
        daemon.after(15, runs=2)
        assert daemon.store.cycle("orders").last_error is None


def test_a_bug_in_a_cycle_is_logged_with_its_traceback_and_the_daemon_lives_on(tmp_path: Path, said: Said) -> None:
    with tower(tmp_path) as daemon:
        daemon.orders.fail(ZeroDivisionError("planted, phone 0912345678"))
        first_runs(daemon)
        for runs in (2, 3, 4):
            daemon.after(15, runs=runs)
        lines = said("cycle_failed")
        assert len(lines) == 3, "the fourth from the same place is held back"
        assert all("Traceback" in line["exception"] and "ZeroDivisionError" in line["exception"] for line in lines)
        assert "0912345678" not in str(said(""))
        assert "ZeroDivisionError" in (daemon.store.cycle("orders").last_error or "")
        assert "0912345678" not in (daemon.store.cycle("orders").last_error or "")
        daemon.orders.recover()
        daemon.after(15, runs=5)
        assert daemon.store.cycle("orders").last_error is None
        assert daemon.stock.runs >= 2


def test_even_an_exit_in_a_cycle_does_not_end_its_job(tmp_path: Path, said: Said) -> None:
    with tower(tmp_path) as daemon:
        daemon.orders.fail(SystemExit(1))
        first_runs(daemon)
        daemon.orders.recover()
        daemon.after(15, runs=2)
        assert daemon.store.cycle("orders").last_ok is not None


def test_a_remote_that_says_wait_is_asked_again_only_then(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        daemon.orders.fail(RateLimited("KiotViet said to wait", 100))
        first_runs(daemon)
        daemon.orders.recover()
        for _ in range(6):
            daemon.clock.advance(15)
            daemon.settle(2)
        assert daemon.orders.runs == 1
        daemon.after(10, runs=2)


# --- credentials -----------------------------------------------------------------------------------------------------


def test_refused_credentials_are_said_once_and_probed_slowly_until_they_are_accepted(
    tmp_path: Path, said: Said
) -> None:
    with tower(tmp_path) as daemon:
        for script in (daemon.orders, daemon.stock):
            script.fail(AuthError("Haravan GET /orders.json: the credentials are refused", remote="haravan"))
        first_runs(daemon)
        for _ in range(3):
            daemon.clock.advance(15)
            daemon.settle(2)
        assert (daemon.orders.runs, daemon.stock.runs) == (1, 1)
        daemon.after(15, runs=2)
        daemon.until(lambda: daemon.stock.runs == 2 and daemon.idle())
        (line,) = said("credentials_refused")
        assert (line["remote"], line["level"]) == ("haravan", "error")
        daemon.orders.recover()
        daemon.stock.recover()
        daemon.after(60, runs=3)
        daemon.until(lambda: daemon.stock.runs == 3 and daemon.idle())
        assert [line["remote"] for line in said("credentials_accepted")] == ["haravan"]
        daemon.after(15, runs=4)
        assert len(said("credentials_refused")) == 1


def test_a_job_that_waits_for_its_probe_goes_on_when_another_was_accepted(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        refused = AuthError("KiotViet: the credentials are refused", remote="kiotviet")
        daemon.orders.fail(refused)
        first_runs(daemon)
        daemon.clock.advance(30)
        daemon.stock.fail(refused)
        daemon.until(lambda: daemon.stock.runs == 2 and daemon.idle())
        daemon.orders.recover()
        daemon.stock.recover()
        daemon.after(30, runs=2)
        daemon.until(lambda: daemon.stock.runs == 3)


def test_a_job_of_the_other_remote_is_not_slowed_down(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        daemon.stock.fail(AuthError("KiotViet: permission missing", remote="kiotviet"))
        first_runs(daemon)
        daemon.after(15, runs=2)
        daemon.after(15, runs=3)
        assert daemon.stock.runs == 1


def test_a_new_secret_is_picked_up_while_the_old_one_is_refused(tmp_path: Path, said: Said) -> None:
    with tower(tmp_path) as daemon:
        daemon.orders.fail(AuthError("Haravan: refused", remote="haravan"))
        first_runs(daemon)
        secret = Secret("a-new-token")
        daemon.settings = replace(
            daemon.settings, shop="renamed", haravan=replace(daemon.settings.haravan, token=secret)
        )
        daemon.orders.recover()
        daemon.after(61, runs=2)
        assert daemon.shops[-1].settings.haravan.token == secret
        assert daemon.shops[-1].settings.shop == "shopmau", "the rest of the config waits for a reload"
        assert "a-new-token" not in str(said(""))
        assert len(said("credentials_accepted")) == 1


# --- a store that cannot be written ----------------------------------------------------------------------------------


def test_a_store_that_takes_nothing_is_loud_and_goes_on_by_itself(
    tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = StoreUnwritable("syncd.db: cannot be written (disk full): free space or rights")

    def refuse(*_: object) -> None:
        raise full

    with tower(tmp_path) as daemon:
        with monkeypatch.context() as patch:
            for verb in ("cycle_ok", "cycle_failed", "remember", "add_event"):
                patch.setattr(daemon.store, verb, refuse)
            daemon.orders.fail(full)
            first_runs(daemon)
            daemon.after(15, runs=2)
            assert {line["level"] for line in said("cycle_failed")} == {"error"}
            assert said("cycle_not_recorded")
            assert not any("exception" in line for line in said(""))
        daemon.orders.recover()
        daemon.after(15, runs=3)
        assert daemon.store.cycle("orders").last_ok == daemon.clock.now()


def test_a_database_that_another_program_locks_is_waited_for(tmp_path: Path, said: Said) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        daemon.store._db.database.pragma("busy_timeout", 20, permanent=True)
        daemon.orders.act = lambda: daemon.store.check_writable(daemon.clock.now()) or OrdersReport()
        with closing(sqlite3.connect(daemon.settings.database)) as other:
            other.execute("BEGIN IMMEDIATE")
            daemon.after(15, runs=2)
            assert "locked" in said("cycle_failed")[0]["error"]
            other.rollback()
        daemon.after(15, runs=3)
        assert daemon.store.cycle("orders").last_ok == daemon.clock.now()
        assert not any("exception" in line for line in said(""))


# --- reload ----------------------------------------------------------------------------------------------------------


def test_a_good_config_takes_over_with_its_own_rhythm(tmp_path: Path, said: Said) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        daemon.poll(orders_seconds=100)
        daemon.flags.ask_reload()
        daemon.until(lambda: len(daemon.shops) == 2)
        assert daemon.shops[0].closed
        daemon.until(lambda: daemon.orders.runs == 2 and daemon.idle())
        daemon.clock.advance(99)
        daemon.settle()
        assert daemon.orders.runs == 2
        daemon.after(1, runs=3)
        assert len(said("config_loaded")) == 1


def test_a_bad_config_is_refused_with_every_problem_and_the_old_one_stays(tmp_path: Path, said: Said) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        daemon.refusal = BAD
        daemon.flags.ask_reload()
        daemon.until(lambda: said("config_refused"))
        assert [line["problem"] for line in said("config_refused")] == [str(problem) for problem in BAD.problems]
        daemon.after(15, runs=2)
        assert len(daemon.shops) == 1
        assert not daemon.shops[0].closed


def test_a_running_cycle_is_asked_to_stop_and_waited_for_before_the_shop_is_exchanged(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        slow = daemon.orders.act = Gate(OrdersReport)
        daemon.until(slow.entered.is_set)
        daemon.flags.ask_reload()
        daemon.settle()
        assert len(daemon.shops) == 1
        assert daemon.shops[0].outside.stop()
        slow.go_on.set()
        daemon.until(lambda: len(daemon.shops) == 2)
        assert not daemon.shops[1].outside.stop()
        assert daemon.orders.most_inside == 1


def test_a_cycle_that_was_cut_short_does_not_count_as_a_good_one(tmp_path: Path, said: Said) -> None:
    with tower(tmp_path) as daemon:
        slow = daemon.orders.act = Gate(OrdersReport)
        daemon.until(slow.entered.is_set)
        daemon.flags.stop = True
        slow.go_on.set()
        daemon.until(daemon.idle)
        assert daemon.store.cycle("orders").last_ok is None
        assert [line["stopped"] for line in said("cycle_finished") if line["cycle"] == "orders"] == [True]


def test_a_new_database_is_locked_before_the_old_one_is_given_up(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        old = daemon.settings.database
        daemon.settings = replace(daemon.settings, database=tmp_path / "other.db")
        daemon.flags.ask_reload()
        daemon.until(lambda: len(daemon.shops) == 2)
        DaemonLock(old).close()
        with pytest.raises(Unusable, match="another syncd"):
            DaemonLock(tmp_path / "other.db")


def test_a_new_database_that_somebody_else_has_is_refused_and_the_old_shop_goes_on(tmp_path: Path, said: Said) -> None:
    with tower(tmp_path) as daemon, DaemonLock(tmp_path / "other.db"):
        first_runs(daemon)
        old = daemon.settings
        daemon.settings = replace(old, database=tmp_path / "other.db")
        daemon.flags.ask_reload()
        daemon.until(lambda: said("config_refused"))
        daemon.until(lambda: daemon.orders.runs == 2 and daemon.idle())
        assert not daemon.shops[0].closed
        with pytest.raises(Unusable, match="another syncd"):
            DaemonLock(old.database)


def test_a_shop_that_cannot_be_opened_gives_its_database_back(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        daemon.settings = replace(daemon.settings, database=tmp_path / "other.db")
        daemon.unusable = Unusable("other.db: is damaged")
        daemon.flags.ask_reload()
        daemon.until(lambda: daemon.orders.runs == 2)
        DaemonLock(tmp_path / "other.db").close()


def test_a_shop_that_cannot_be_opened_leaves_the_old_one_at_work(tmp_path: Path, said: Said) -> None:
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        daemon.unusable = Unusable("syncd.db: is damaged")
        daemon.flags.ask_reload()
        daemon.until(lambda: said("config_refused"))
        daemon.until(lambda: daemon.orders.runs == 2)
        assert not daemon.shops[0].closed


# --- the end ---------------------------------------------------------------------------------------------------------


def test_the_end_waits_for_the_running_cycle_and_then_gives_everything_back(tmp_path: Path, said: Said) -> None:
    daemon = Tower(tmp_path)
    daemon.supervisor.open()
    slow = daemon.orders.act = Gate(OrdersReport)
    serving = threading.Thread(target=daemon.supervisor.serve)
    serving.start()
    assert slow.entered.wait(PATIENCE_SECONDS)
    daemon.flags.stop = True
    until(lambda: said("daemon_stopping"))
    assert not daemon.shops[0].closed
    slow.go_on.set()
    serving.join(PATIENCE_SECONDS)
    assert daemon.shops[0].closed
    assert said("daemon_stopped")
    DaemonLock(daemon.settings.database).close()


def test_a_cycle_that_does_not_end_in_time_keeps_the_database(tmp_path: Path, said: Said) -> None:
    daemon = Tower(tmp_path)
    daemon.supervisor.open()
    slow = daemon.orders.act = Gate(OrdersReport)
    serving = threading.Thread(target=daemon.supervisor.serve)
    serving.start()
    assert slow.entered.wait(PATIENCE_SECONDS)
    daemon.flags.stop = True
    until(lambda: said("daemon_stopping"))
    daemon.clock.advance(75)
    serving.join(PATIENCE_SECONDS)
    assert said("daemon_stop_overdue")
    assert not daemon.shops[0].closed
    with pytest.raises(Unusable, match="another syncd"):
        DaemonLock(daemon.settings.database)
    slow.go_on.set()
    until(daemon.idle)
    daemon.supervisor._station.close()


def test_the_end_leaves_no_thread_behind(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with tower(tmp_path) as daemon:
        first_runs(daemon)
        assert set(threading.enumerate()) > before
    assert set(threading.enumerate()) <= before


def test_after_a_stop_no_cycle_begins(tmp_path: Path) -> None:
    daemon = Tower(tmp_path)
    daemon.supervisor.open()
    daemon.flags.stop = True
    daemon.supervisor.serve()
    assert (daemon.orders.runs, daemon.stock.runs) == (0, 0)
