"""The real daemon as a process, against both simulated systems on loopback."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from syncd.sandbox.http import Request
from syncd.sandbox.kernel import Fault
from tests.cli_kit import Desk, open_desk
from tests.daemon.kit import PATIENCE_SECONDS, manager, until
from tests.web.senders import KIOTVIET_SECRET, Sender, stock_update


@dataclass
class Process:
    """`syncd run`, with its log in a file so that no pipe can fill."""

    process: subprocess.Popen[str]
    log: Path

    def said(self, event: str, **fields: Any) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.endswith("}")]
        return [line for line in lines if line["event"] == event and fields.items() <= line.items()]

    def wait_for(self, event: str, **fields: Any) -> dict[str, Any]:
        def found() -> list[dict[str, Any]]:
            assert self.process.poll() is None, self.log.read_text()
            return self.said(event, **fields)

        return dict(until(found)[-1])

    def send(self, number: int) -> None:
        self.process.send_signal(number)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.send(number)
        return self.process.wait(PATIENCE_SECONDS)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as made:
        text = made.config.read_text()
        made.config.write_text(text + "poll:\n  orders_seconds: 1\n  stock_seconds: 1\n")
        yield made


def start(desk: Desk, name: str = "daemon") -> Process:
    log = desk.config.with_name(f"{name}.log")
    with log.open("w") as stream:
        command = [sys.executable, "-m", "syncd", "run", "-c", str(desk.config)]
        process = subprocess.Popen(command, stderr=stream, stdout=subprocess.DEVNULL, text=True)
    desk.processes.append(process)
    return Process(process, log)


def orders_in_kiotviet(desk: Desk) -> list[dict[str, Any]]:
    return list(desk.sandbox.kiotviet.orders())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_daemon_carries_orders_and_stock_until_it_is_told_to_stop(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    with manager(str(desk.config.with_name("notify"))) as systemd:
        monkeypatch.setenv("NOTIFY_SOCKET", systemd.environ["NOTIFY_SOCKET"])
        daemon = start(desk)
        desk.place()
        until(lambda: orders_in_kiotviet(desk))
        daemon.wait_for("cycle_finished", cycle="stock", ok=True)
        until(lambda: {"READY=1", "WATCHDOG=1"} <= set(systemd.lines))
        until(lambda: any(line.startswith("STATUS=sandbox: đơn hàng tốt lúc") for line in systemd.lines))
        assert daemon.end(number) == 0
        assert "STOPPING=1" in systemd.lines
    assert daemon.said("daemon_started", pid=daemon.process.pid)
    assert daemon.said("daemon_stopped")
    assert "Traceback" not in daemon.log.read_text()
    assert desk("status").code == 0


def test_a_stop_in_the_middle_of_a_cycle_falls_between_steps_and_nothing_is_doubled(desk: Desk) -> None:
    for _ in range(20):
        desk.place()
    entered, go_on = threading.Event(), threading.Event()

    def hold_up(_: str, request: Request) -> None:
        if request.method == "POST" and request.path.endswith("/orders"):
            entered.set()
            go_on.wait(PATIENCE_SECONDS)

    desk.sandbox.kiotviet_gate.before_effect.append(hold_up)
    daemon = start(desk)
    assert entered.wait(PATIENCE_SECONDS)
    daemon.send(signal.SIGTERM)
    daemon.wait_for("daemon_stopping")
    go_on.set()
    assert daemon.process.wait(PATIENCE_SECONDS) == 0
    made = len(orders_in_kiotviet(desk))
    assert 1 <= made < 20, "orders on their way are finished, the others are left for later"
    assert daemon.said("cycle_finished", cycle="orders", stopped=True)
    assert desk("once").code == 0
    assert len(orders_in_kiotviet(desk)) == 20


def test_a_second_daemon_on_the_same_database_is_refused_and_told_whose_it_is(desk: Desk) -> None:
    first = start(desk)
    first.wait_for("cycle_finished")
    second = start(desk, "second")
    assert second.process.wait(PATIENCE_SECONDS) == 2
    assert f"pid {first.process.pid}" in second.log.read_text()
    assert "Traceback" not in second.log.read_text()
    assert first.end() == 0
    third = start(desk, "third")
    third.wait_for("cycle_finished")
    assert third.end() == 0


def test_a_bad_config_is_refused_at_the_start_with_every_problem(desk: Desk) -> None:
    desk.edit("orders_seconds: 1", "orders_seconds: soon")
    desk.edit("stock_seconds: 1", "stock_seconds: 0\n  seconds: 5")
    daemon = start(desk)
    assert daemon.process.wait(PATIENCE_SECONDS) == 2
    told = daemon.log.read_text()
    assert all(word in told for word in ("orders_seconds", "stock_seconds", "poll.seconds"))
    assert "Traceback" not in told
    assert not desk.config.with_name("syncd.db").exists()


def test_a_damaged_database_is_refused_and_left_alone(desk: Desk) -> None:
    database = desk.config.with_name("syncd.db")
    database.write_bytes(b"not a database at all" * 500)
    daemon = start(desk)
    assert daemon.process.wait(PATIENCE_SECONDS) == 2
    assert "bị hỏng" in daemon.log.read_text()
    assert "Traceback" not in daemon.log.read_text()
    assert database.read_bytes() == b"not a database at all" * 500


def test_a_hangup_reads_the_config_again_and_refuses_a_bad_one(desk: Desk) -> None:
    daemon = start(desk)
    daemon.wait_for("cycle_finished", shop="sandbox")
    desk.edit("shop: sandbox", "shop: [")
    daemon.send(signal.SIGHUP)
    assert "config.yaml" in daemon.wait_for("config_refused")["problem"]
    seen = len(daemon.said("cycle_finished"))
    until(lambda: len(daemon.said("cycle_finished")) > seen)
    desk.edit("shop: [", "shop: renamed")
    daemon.send(signal.SIGHUP)
    daemon.wait_for("cycle_finished", shop="renamed", ok=True)
    desk.place()
    until(lambda: orders_in_kiotviet(desk))
    assert daemon.end() == 0
    assert "Traceback" not in daemon.log.read_text()


def test_a_revoked_token_is_said_once_and_its_successor_needs_no_restart(desk: Desk) -> None:
    daemon = start(desk)
    daemon.wait_for("cycle_finished", cycle="orders", ok=True)
    desk.sandbox.haravan.revoke_token()
    assert daemon.wait_for("credentials_refused")["remote"] == "haravan"
    desk.place()
    desk.sandbox.haravan.restore_token("a-token-of-today")
    desk.config.with_name("haravan-token").write_text("a-token-of-today\n")
    daemon.send(signal.SIGHUP)
    daemon.wait_for("credentials_accepted", remote="haravan")
    until(lambda: orders_in_kiotviet(desk))
    assert daemon.end() == 0
    assert len(daemon.said("credentials_refused")) == 1
    assert "a-token-of-today" not in daemon.log.read_text()
    assert "Traceback" not in daemon.log.read_text()


def test_remotes_that_are_down_when_the_daemon_starts_are_waited_for(desk: Desk) -> None:
    desk.sandbox.faults.add(Fault("status", status=503, times=0))
    desk.place()
    daemon = start(desk)
    daemon.wait_for("cycle_failed", cycle="orders")
    desk.sandbox.faults.clear()
    until(lambda: orders_in_kiotviet(desk))
    daemon.wait_for("cycle_finished", cycle="orders", ok=True)
    assert daemon.end() == 0
    assert "Traceback" not in daemon.log.read_text()


def test_a_daemon_that_was_killed_leaves_the_database_to_the_next(desk: Desk) -> None:
    first = start(desk)
    first.wait_for("cycle_finished")
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait(PATIENCE_SECONDS)
    second = start(desk, "second")
    second.wait_for("cycle_finished", ok=True)
    assert second.end() == 0


def test_a_webhook_reaches_the_daemon_through_its_port(desk: Desk) -> None:
    secret = desk.config.with_name("webhook-secret")
    secret.write_text(KIOTVIET_SECRET)
    secret.chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    desk.edit("poll:\n", f"webhooks: {{listen: '{listen}', kiotviet_secret_file: webhook-secret}}\npoll:\n")
    daemon = start(desk)
    daemon.wait_for("listener_opened", listen=listen)
    with closing(Sender(f"http://{listen}")) as send:
        assert send.kiotviet(stock_update(1)).status_code == 200
        assert send.kiotviet(stock_update(1), secret="guess").status_code == 200
    daemon.wait_for("webhook_arrived", remote="kiotviet")
    daemon.wait_for("webhook_refused", reason="wrong_signature")
    assert daemon.end() == 0
    assert daemon.said("listener_closed")
    told = daemon.log.read_text()
    assert "Traceback" not in told
    assert KIOTVIET_SECRET not in told
