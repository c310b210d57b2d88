"""The datagrams, on real sockets."""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from syncd.daemon import notify
from syncd.daemon.notify import Notifier
from tests.daemon.kit import Manager, manager


def test_assignments_arrive_as_the_lines_of_one_datagram(tmp_path: Path) -> None:
    with manager(str(tmp_path / "notify")) as systemd:
        Notifier(systemd.environ).tell("READY=1", "STATUS=ok")
        assert systemd.heard == ["READY=1\nSTATUS=ok"]


def test_vietnamese_arrives_as_it_was_written(tmp_path: Path) -> None:
    with manager(str(tmp_path / "notify")) as systemd:
        Notifier(systemd.environ).tell("STATUS=Cửa hàng Quận 1: đồng bộ xong")
        assert systemd.heard == ["STATUS=Cửa hàng Quận 1: đồng bộ xong"]


def test_an_abstract_socket_is_reached() -> None:
    with manager(f"@syncd-test-{os.getpid()}-{os.urandom(4).hex()}") as systemd:
        Notifier(systemd.environ).tell("WATCHDOG=1")
        assert systemd.heard == ["WATCHDOG=1"]


def test_a_status_of_several_lines_cannot_smuggle_in_an_assignment(tmp_path: Path) -> None:
    with manager(str(tmp_path / "notify")) as systemd:
        Notifier(systemd.environ).tell("STATUS=KiotViet said:\nSTOPPING=1\r\nMAINPID=1")
        assert systemd.heard == ["STATUS=KiotViet said: STOPPING=1 MAINPID=1"]


def test_text_that_is_no_unicode_is_still_sent(tmp_path: Path) -> None:
    with manager(str(tmp_path / "notify")) as systemd:
        Notifier(systemd.environ).tell("STATUS=broken \udcff name")
        assert systemd.heard == ["STATUS=broken ? name"]


def test_an_endless_status_is_cut(tmp_path: Path) -> None:
    with manager(str(tmp_path / "notify")) as systemd:
        Notifier(systemd.environ).tell("STATUS=" + "ờ" * 100_000)
        assert 0 < len(systemd.heard[0]) <= 2000


@pytest.mark.parametrize("address", ["", "/nowhere/at/all", "/" + "x" * 500, "@" + "x" * 500, "nul\0inside", "\udcff"])
def test_no_manager_to_tell_is_no_error(address: str) -> None:
    Notifier({"NOTIFY_SOCKET": address}).tell("READY=1")


def fill(sender: socket.socket, systemd: Manager) -> int:
    """Send until no more is taken; how many were."""
    sender.setblocking(False)
    for sent in count():
        try:
            sender.sendto(b"full", systemd.environ["NOTIFY_SOCKET"])
        except BlockingIOError:
            return sent
    raise AssertionError("a queue without an end")


def test_a_manager_that_reads_nothing_does_not_stop_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify, "_SEND_SECONDS", 0.01)
    with manager(str(tmp_path / "notify")) as systemd, ExitStack() as others:
        while fill(others.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)), systemd):
            pass  # one sender's own buffer may be full long before the queue is: systemd raises max_dgram_qlen to 512
        Notifier(systemd.environ).tell("WATCHDOG=1")
        assert "WATCHDOG=1" not in systemd.heard
