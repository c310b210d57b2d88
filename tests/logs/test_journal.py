"""What journald gets, byte for byte, and what `journalctl` then finds."""

from __future__ import annotations

import shutil
import socket
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from logging_journald import JournaldTransport

from syncd.logs import configure, get_logger, speak
from tests.logs.test_story import explained
from tests.orders.kit import settle
from tests.rig import Rig

REMOTE = next(
    (
        path
        for path in (Path("/usr/lib/systemd/systemd-journal-remote"), Path("/lib/systemd/systemd-journal-remote"))
        if path.exists()
    ),
    None,
)
JOURNALCTL = shutil.which("journalctl")


class Journald:
    """A socket that stands where journald's is, and reads its native protocol."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 * 1024 * 1024)
        self._socket.bind(str(path))
        self._socket.setblocking(False)
        self.datagrams: list[bytes] = []

    def take(self) -> None:
        """Everything that was sent until now; the socket's queue is short."""
        while True:
            try:
                self.datagrams.append(self._socket.recv(1 << 20))
            except BlockingIOError:
                return

    def entries(self) -> list[dict[str, str]]:
        self.take()
        return [dict(fields_of(datagram)) for datagram in self.datagrams]

    def close(self) -> None:
        self._socket.close()


def fields_of(datagram: bytes) -> Iterator[tuple[str, str]]:
    """`NAME=value` on a line, or the name on a line, eight bytes with the length, the value, and a line's end."""
    while datagram:
        line, _, rest = datagram.partition(b"\n")
        name, is_text, value = line.partition(b"=")
        if is_text:
            datagram = rest
        else:
            (length,) = struct.unpack("<Q", rest[:8])
            value, datagram = rest[8 : 8 + length], rest[8 + length :]
            assert datagram[:1] == b"\n"
            datagram = datagram[1:]
        yield name.decode("ascii"), value.decode()


def exported(entries: list[dict[str, str]]) -> bytes:
    """Entries in the journal's export format."""
    said = bytearray()
    for number, entry in enumerate(entries):
        at = 1_800_000_000_000_000 + number
        said += f"__REALTIME_TIMESTAMP={at}\n__MONOTONIC_TIMESTAMP={at}\n_BOOT_ID={'a' * 32}\n".encode()
        for name, value in entry.items():
            raw = value.encode()
            said += name.encode() + b"\n" + struct.pack("<Q", len(raw)) + raw + b"\n"
        said += b"\n"
    return bytes(said)


@pytest.fixture
def journald(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Journald]:
    with tempfile.TemporaryDirectory(dir="/tmp") as short, (tmp_path / "stderr").open("w+") as stderr:
        server = Journald(Path(short) / "socket")
        monkeypatch.setattr(JournaldTransport, "SOCKET_PATH", server.path)
        status = (tmp_path / "stderr").stat()
        configure(stream=stderr, environ={"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"})
        yield server
        server.close()
        structlog.reset_defaults()
        speak("en")


def test_a_traceback_comes_whole_in_one_entry(journald: Journald) -> None:
    speak("vi")
    try:
        raise KeyError("ữ")
    except KeyError as error:
        get_logger(cycle="orders").error("cycle_not_recorded", error="hỏng", exc_info=error)
    (entry,) = journald.entries()
    first, *trace = entry["MESSAGE"].splitlines()
    assert first == "không lưu được kết quả của chu kỳ 'đơn hàng': hỏng"
    assert trace[0].startswith("Traceback")
    assert trace[-1] == "KeyError: 'ữ'"
    assert entry["SYNCD_EXCEPTION"].splitlines() == trace
    assert (entry["PRIORITY"], entry["SYNCD_EVENT"], entry["SYNCD_CYCLE"]) == ("3", "cycle_not_recorded", "orders")
    assert "SYNCD_TEXT" not in entry


def lived(tmp_path: Path, journald: Journald) -> tuple[str, list[str]]:
    """Two orders live; the number of one, and what `explain` says of it."""
    speak("vi")
    rig = Rig(tmp_path, language="vi")
    order, _ = rig.place(), rig.place(("AO-02", 1))
    settle(rig, 1)
    journald.take()
    rig.haravan.cancel(order)
    settle(rig, 2)
    journald.take()
    number, steps = explained(rig.shop.store, order, "vi")
    rig.close()
    return number.lstrip("#"), [said for _, _, said in steps]


def test_the_entries_of_an_order_are_its_story_in_the_shops_language(tmp_path: Path, journald: Journald) -> None:
    number, steps = lived(tmp_path, journald)
    entries = journald.entries()
    mine = [entry for entry in entries if entry.get("SYNCD_ORDER") == number]
    assert [entry["MESSAGE"] for entry in mine] == steps
    assert {entry["SYNCD_SHOP"] for entry in mine} == {"shopmau"}
    created = next(entry for entry in mine if entry["SYNCD_EVENT"] == "order_created")
    assert created["MESSAGE"] == (
        f"Đơn {number}: đã tạo phiếu đặt hàng {created['SYNCD_KIOTVIET']} (Phiếu tạm) trong KiotViet"
    )
    others = {entry["SYNCD_ORDER"] for entry in entries if "SYNCD_ORDER" in entry} - {number}
    assert len(others) == 1


@pytest.mark.skipif(REMOTE is None or JOURNALCTL is None, reason="needs systemd-journal-remote and journalctl")
def test_journalctl_tells_an_orders_story(tmp_path: Path, journald: Journald) -> None:
    number, steps = lived(tmp_path, journald)
    file = tmp_path / "syncd.journal"
    command = [str(REMOTE), f"--output={file}", "--split-mode=none", "-"]
    subprocess.run(command, input=exported(journald.entries()), check=True, capture_output=True, timeout=60)
    asked = [str(JOURNALCTL), f"--file={file}", "--output=cat", f"SYNCD_ORDER={number}"]
    told = subprocess.run(asked, check=True, capture_output=True, text=True, timeout=60).stdout
    assert told.splitlines() == steps
