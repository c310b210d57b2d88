"""The wire that campaigns cut, with plain sockets at both ends."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from tests.campaign.wire import Wire
from tests.daemon.kit import until

SECONDS = 5.0


class Echo:
    """A remote that answers each piece with itself, and remembers all."""

    def __init__(self) -> None:
        self.heard = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while piece := connection.recv(65536):
                self.heard += piece
                connection.sendall(piece)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def echo() -> Iterator[Echo]:
    with closing(Echo()) as made:
        yield made


@pytest.fixture
def wire(echo: Echo) -> Iterator[Wire]:
    with closing(Wire(echo.port)) as made:
        yield made


def dial(wire: Wire) -> socket.socket:
    return socket.create_connection(("127.0.0.1", wire.port), timeout=SECONDS)


def ask(connection: socket.socket, words: bytes = b"hello") -> bytes:
    connection.sendall(words)
    heard = b""
    while len(heard) < len(words) and (piece := connection.recv(65536)):
        heard += piece
    return heard


def test_a_whole_wire_carries_both_ways(wire: Wire) -> None:
    with dial(wire) as connection:
        assert ask(connection, b"x" * 300_000) == b"x" * 300_000


@pytest.mark.parametrize("mode", ["delay", "drip"])
def test_a_slow_wire_changes_no_byte(wire: Wire, mode: str) -> None:
    wire.cut(mode)
    words = bytes(range(256)) * 8
    with dial(wire) as connection:
        assert ask(connection, words) == words


def test_nobody_listens_at_a_refusing_wire_and_its_port_stays_its_own(wire: Wire) -> None:
    with dial(wire) as connection:
        assert ask(connection) == b"hello"
        wire.cut("refuse")
        with pytest.raises(ConnectionRefusedError):
            dial(wire)
        with suppress(ConnectionError):
            assert ask(connection) == b"", "open connections end as well"
    wire.heal()
    with dial(wire) as connection:
        assert ask(connection) == b"hello"


def test_a_resetting_wire_ends_each_connection(wire: Wire) -> None:
    wire.cut("reset")
    with pytest.raises(ConnectionResetError), dial(wire) as connection:
        connection.recv(1)


def test_what_a_black_hole_swallowed_is_never_delivered(wire: Wire, echo: Echo) -> None:
    with dial(wire) as connection:
        wire.cut("black_hole")
        connection.sendall(b"lost")
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        wire.heal()
        connection.settimeout(SECONDS)
        with suppress(ConnectionResetError):
            assert connection.recv(1) == b"", "who waits learns that it is over"
    with dial(wire) as connection:
        assert ask(connection) == b"hello"
    assert echo.heard == b"hello"


def test_a_half_closing_wire_carries_the_request_and_loses_the_answer(wire: Wire, echo: Echo) -> None:
    wire.cut("half_close")
    with dial(wire) as connection:
        assert ask(connection) == b""
    until(lambda: echo.heard == b"hello")


def test_a_wire_can_be_closed_while_a_connection_is_being_made(echo: Echo) -> None:
    for _ in range(100):
        with closing(Wire(echo.port)) as wire, dial(wire):
            pass
        assert not wire.open_connections
