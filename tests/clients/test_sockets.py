"""The failures that only a real connection has."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from syncd.clients.haravan import HaravanClient
from syncd.clock import ManualClock
from syncd.core.model import AdjustLine
from syncd.errors import OutcomeUnknown, Transient
from tests.clients.answers import START

LINES = [AdjustLine(1, 2, 3)]


@contextmanager
def served(reply: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that reads each request, sends these bytes and hangs up; yields its URL and what it was sent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(20)
                    heard.append(connection.recv(65536))
                    if reply:
                        connection.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", heard
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(20)


def client(url: str) -> HaravanClient:
    return HaravanClient(url, "t", clock=ManualClock(START))


def read(haravan: HaravanClient) -> object:
    return haravan.orders_count()


def write(haravan: HaravanClient) -> object:
    return haravan.adjust(1, LINES, "")


BROKEN = {
    "hangs up": b"",
    "half a head": b"HTTP/1.1 200 OK\r\ncontent-ty",
    "half a body": b'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"count": 1}',
    "no http": b"SSH-2.0-OpenSSH_9.2\r\n",
    "bad gzip": b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nabcd",
    "nothing in it": b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
}


@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_is_transient_on_a_read_and_unknown_on_a_write(reply: bytes) -> None:
    with served(reply) as (url, heard):
        haravan = client(url)
        with pytest.raises(OutcomeUnknown):
            write(haravan)
        assert len(heard) == 1
        with pytest.raises(Transient):
            read(haravan)
        haravan.close()


@pytest.mark.parametrize("act", [read, write])
def test_a_refused_connection_changed_nothing(act: Callable[[HaravanClient], object]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    haravan = client(url)
    with pytest.raises(Transient):
        act(haravan)
    haravan.close()


def test_a_good_answer_over_a_socket_is_read() -> None:
    with served(b'HTTP/1.1 200 OK\r\ncontent-length: 12\r\nconnection: close\r\n\r\n{"count": 7}') as (url, heard):
        haravan = client(url)
        assert haravan.orders_count() == 7
        assert b"GET /com/orders/count.json?status=any HTTP/1.1" in heard[0]
        haravan.close()
