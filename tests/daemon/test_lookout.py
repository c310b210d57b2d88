"""The job that looks and tells: it runs when the others hang, disturbs none of them, and says why a start failed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from syncd import daemon
from syncd.clock import ManualClock
from syncd.config import AlertSettings, HookSettings, Secret, Settings, WebhookSettings
from syncd.core.facts import Trouble
from syncd.core.problems import Problem
from syncd.cycles.orders import OrdersReport
from syncd.daemon import outcry
from syncd.daemon.inside import trouble_of
from syncd.daemon.supervisor import with_secrets
from syncd.daemon.turns import Ending
from syncd.errors import (
    AuthError,
    ConfigError,
    IncompleteScan,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    StoreUnwritable,
    Transient,
    Unusable,
)
from syncd.store import DaemonLock
from syncd.store.knocks import last_knock
from syncd.wiring import open_shop
from tests.clients.http_servers import Answering, http_server
from tests.daemon.conftest import Said
from tests.daemon.kit import PATIENCE_SECONDS, Tower, tower, until
from tests.rig import START, Rig

# an unconfigured log draws each failure with all its variables, which takes half a second
pytestmark = pytest.mark.usefixtures("said")


@pytest.fixture
def receiver() -> Iterator[Answering]:
    with http_server() as server:
        yield server


@contextmanager
def telling_tower(folder: Path, url: str) -> Iterator[Tower]:
    made = Tower(folder)
    made.settings = replace(made.settings, alerts=AlertSettings(webhook=HookSettings(url, None), group_seconds=0))
    made.supervisor.open()
    made.supervisor._timetable.start()
    try:
        yield made
    finally:
        made.supervisor._shut_down()


def rests(tower: Tower) -> bool:
    """Whether a look has ended and the next is not due."""
    return (tower.supervisor._station._lookout.due_at() or 0) > tower.clock.monotonic()


def looks(tower: Tower, seconds: float = 30) -> None:
    """Let time pass until the next look, and wait for its end."""
    tower.until(lambda: rests(tower))
    tower.clock.advance(seconds)
    tower.until(lambda: rests(tower))


def kinds(tower: Tower) -> list[str]:
    return [concern.kind for concern in tower.supervisor._station.attention.concerns()]


def events(receiver: Answering) -> list[tuple[str, list[str]]]:
    return [(one.json["event"], [row["kind"] for row in one.json["concerns"]]) for one in receiver.posted]


def test_people_are_told_when_both_cycles_hang(tmp_path: Path, receiver: Answering) -> None:
    with telling_tower(tmp_path, receiver.url) as daemon:
        go_on = threading.Event()
        daemon.orders.act = daemon.stock.act = lambda: go_on.wait(PATIENCE_SECONDS) and OrdersReport()
        daemon.until(lambda: daemon.orders.inside and daemon.stock.inside)
        try:
            looks(daemon, 600)
            assert kinds(daemon) == ["cycle_stuck", "cycle_stuck"]
            assert events(receiver) == [("concerns", ["cycle_stuck", "cycle_stuck"])]
        finally:
            go_on.set()
            daemon.orders.recover()
            daemon.stock.recover()


def test_a_channel_that_hangs_delays_no_cycle_and_no_report_to_systemd(tmp_path: Path, receiver: Answering) -> None:
    receiver.hold = threading.Event()
    with telling_tower(tmp_path, receiver.url) as daemon:
        daemon.until(lambda: daemon.orders.runs and daemon.idle() and rests(daemon))
        daemon.store.remember("stock_refused", "11 of 12")
        daemon.clock.advance(30)
        daemon.until(lambda: receiver.posted)
        runs = daemon.orders.runs
        daemon.after(15, runs=runs + 1)
        daemon.after(15, runs=runs + 2)
        assert "alerts" not in [worker.name for worker in daemon.supervisor._station.workers]
        receiver.hold.set()


def test_a_bug_in_it_is_logged_and_nothing_else(tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    with tower(tmp_path) as daemon:
        daemon.until(lambda: daemon.orders.runs and daemon.idle())

        def stumble() -> Any:
            raise ZeroDivisionError("planted")

        monkeypatch.setattr(daemon.supervisor._station.attention, "look", stumble)
        looks(daemon)
        looks(daemon)
        daemon.until(lambda: daemon.orders.runs >= 3 and daemon.idle())
        assert len(said("lookout_failed")) == 2
        assert "ZeroDivisionError" in said("lookout_failed")[0]["exception"]
        assert {line["ok"] for line in said("cycle_finished")} == {True}
        assert daemon.store.cycle("alerts").last_error is None


def test_a_refused_reload_is_a_concern_until_a_good_one(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        daemon.refusal = ConfigError([Problem("config.yaml", 3, "poll", "a map", "a list")])
        daemon.flags.ask_reload()
        looks(daemon)
        assert kinds(daemon) == ["config_refused"]
        daemon.refusal = None
        daemon.flags.ask_reload()
        daemon.until(lambda: len(daemon.shops) == 2)
        looks(daemon)
        assert kinds(daemon) == []


def test_refused_credentials_are_a_concern_with_their_age(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        daemon.orders.fail(AuthError("Haravan GET: refused", remote="haravan"))
        daemon.until(lambda: daemon.orders.runs and daemon.idle())
        began = daemon.clock.now()
        looks(daemon)
        (concern,) = daemon.supervisor._station.attention.concerns()
        assert (concern.kind, concern.since) == ("credentials_refused", began)
        daemon.orders.recover()
        daemon.clock.advance(60)  # its next probe
        daemon.until(lambda: not daemon.supervisor._access.refused())
        looks(daemon)
        assert kinds(daemon) == []


def test_a_missing_permission_is_a_concern_that_names_it(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        daemon.stock.fail(AuthError("403", remote="haravan", permission="com.write_inventories"))
        daemon.until(lambda: daemon.stock.runs and daemon.idle())
        looks(daemon)
        (concern,) = daemon.supervisor._station.attention.concerns()
        assert "com.write_inventories" in str(concern.cause)
        assert "tick com.write_inventories" in str(concern.remedy)


def test_a_reload_keeps_what_was_told_and_takes_new_channels(tmp_path: Path, receiver: Answering) -> None:
    with telling_tower(tmp_path, receiver.url) as daemon, http_server() as other:
        daemon.until(lambda: daemon.orders.runs and daemon.idle())
        daemon.store.remember("stock_refused", "11 of 12")
        looks(daemon)
        assert len(receiver.posted) == 1
        alerts = AlertSettings(webhook=HookSettings(other.url, None), group_seconds=0)
        daemon.settings = replace(daemon.settings, alerts=alerts)
        daemon.flags.ask_reload()
        daemon.until(lambda: len(daemon.shops) == 2)
        looks(daemon, 200)
        assert (len(receiver.posted), other.posted) == (1, [])
        daemon.store.remember("stock_refused", "")
        looks(daemon)
        looks(daemon, 120)
        assert (len(receiver.posted), events(other)) == (1, [("resolved", ["plan_refused"])])


def test_a_list_that_the_line_cut_short_is_the_lines_trouble() -> None:
    scan = IncompleteScan("the page at row 0 could not be read")
    scan.__cause__ = Transient("could not be sent")
    assert trouble_of(Ending(cause=scan)) is Trouble.REMOTE
    scan.__cause__.__cause__ = ConnectionRefusedError()
    assert trouble_of(Ending(cause=scan)) is Trouble.NETWORK


@pytest.mark.parametrize(
    ("cause", "trouble"),
    [
        (AuthError("x", remote="haravan"), Trouble.CREDENTIALS),
        (RateLimited("x", 1), Trouble.BUDGET),
        (StoreUnwritable("x"), Trouble.STORE),
        (Transient("answered 502"), Trouble.REMOTE),
        (IncompleteScan("x"), Trouble.REMOTE),
        (OutcomeUnknown("x"), Trouble.REMOTE),
        (Rejected("x"), Trouble.OTHER),
        (ZeroDivisionError(), Trouble.BUG),
        (None, Trouble.OTHER),
    ],
)
def test_what_ended_a_cycle_is_told_apart(cause: Exception | None, trouble: Trouble) -> None:
    assert trouble_of(Ending(cause=cause)) is trouble


def test_a_line_that_is_down_is_told_apart_from_a_remote_in_trouble(rig: Rig) -> None:
    real = open_shop(replace(rig.settings, haravan=replace(rig.settings.haravan, base_url="http://127.0.0.1:1")))
    with pytest.raises(Transient) as refused:
        real.remotes.haravan.shop()
    real.close()
    assert trouble_of(Ending(cause=refused.value)) is Trouble.NETWORK


def test_new_secrets_of_channels_are_taken_while_a_remote_refuses_us(rig: Rig) -> None:
    hook = HookSettings("https://a.vn", Secret("old"))
    old = replace(rig.settings, alerts=AlertSettings(webhook=hook, repeat_hours=5))
    new = replace(rig.settings, alerts=AlertSettings(webhook=HookSettings("https://b.vn", Secret("new"))))
    taken = with_secrets(old, new).alerts
    assert taken == AlertSettings(webhook=HookSettings("https://a.vn", Secret("new")), repeat_hours=5)
    assert with_secrets(rig.settings, new).alerts is None


# --- a start that fails -----------------------------------------------------------------------------------------------


def start(settings: Settings | None, clock: ManualClock, opened: Any = open_shop) -> int:
    def load() -> Settings:
        if settings is None:
            raise ConfigError([Problem("config.yaml", 1, "shop", "a name", "nothing")])
        return settings

    return daemon.run(Path("config.yaml"), load, clock=clock, open_shop=opened, environ={})


@pytest.fixture
def told(rig: Rig, receiver: Answering) -> Settings:
    return replace(rig.settings, alerts=AlertSettings(webhook=HookSettings(receiver.url, None)))


def test_a_second_daemon_tells_people_and_leaves_the_first_a_note(told: Settings, receiver: Answering) -> None:
    clock = ManualClock(START)
    with DaemonLock(told.database):
        assert [start(told, clock), start(told, clock)] == [2, 2]
        (posted,) = receiver.posted
        assert posted.json["event"] == "start_failed"
        assert "another syncd is using this database" in posted.json["text"]
        note = last_knock(told.database)
        assert note is not None
        assert note.at == START
        clock.advance(3600)
        start(told, clock)
        assert len(receiver.posted) == 2, "after an hour it is said again"


def test_the_first_daemon_knows_of_the_second_and_a_new_one_of_neither(tmp_path: Path) -> None:
    with tower(tmp_path) as first:
        assert start(first.settings, first.clock) == 2
        looks(first)
        assert kinds(first) == ["second_daemon"]
    with tower(tmp_path, clock=first.clock) as next_one:
        looks(next_one)
        assert kinds(next_one) == []


def test_each_reason_of_a_failed_start_is_told(told: Settings, receiver: Answering) -> None:
    clock = ManualClock(START)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        hooks = WebhookSettings("127.0.0.1", port, kiotviet_secret=Secret("x"))
        assert start(replace(told, webhooks=hooks), clock) == 2

    def full(*_: object) -> Any:
        raise StoreUnwritable("syncd.db: the disk is full: free space, then start again")

    with pytest.raises(StoreUnwritable):
        start(told, clock, full)
    told.database.write_bytes(b"no database at all" * 500)
    assert start(told, clock) == 2
    texts = [posted.json["text"] for posted in receiver.posted]
    assert [any(word in text for text in texts) for word in ("another program listens", "disk is full", "damaged")] == [
        True,
        True,
        True,
    ]


def test_without_a_config_or_without_alerts_nobody_is_told(
    rig: Rig, receiver: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start(None, ManualClock(START)) == 2
    with DaemonLock(rig.settings.database):
        assert start(rig.settings, ManualClock(START)) == 2
    assert receiver.posted == []
    assert last_knock(rig.settings.database) is not None


def test_a_failed_alert_hides_no_reason(
    told: Settings, receiver: Answering, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.answer(500, b"")
    with DaemonLock(told.database):
        assert start(told, ManualClock(START)) == 2
    assert "another syncd" in capsys.readouterr().err

    def stumble(*_: object) -> Any:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(outcry, "open_channels", stumble)
    with DaemonLock(told.database):
        assert start(told, ManualClock(START + outcry.NOT_AGAIN_FOR)) == 2


def test_an_unusable_shop_gives_the_note_to_nobody(told: Settings, receiver: Answering) -> None:
    def broken(*_: object) -> Any:
        raise Unusable("syncd.db: is damaged")

    assert start(told, ManualClock(START), broken) == 2
    assert last_knock(told.database) is None
    until(lambda: receiver.posted)
