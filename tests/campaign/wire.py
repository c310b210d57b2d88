"""The network between syncd and one remote: a relay on loopback that can be cut in several ways, and be healed.

It changes no byte. What it swallowed is never delivered later, for a healed relay resets each connection that lost
something; what it delays comes sooner than syncd looks up a lost write.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress

CUTS = ("refuse", "reset", "black_hole", "half_close", "delay", "drip")
"""Nobody listens; connections are reset; bytes vanish; the request goes on and the answer does not; slow; very slow."""

_RESET = struct.pack("ii", 1, 0)
_DELAY_SECONDS = 0.2
_DROP_BYTES, _DROP_SECONDS = 200, 0.002
_STOP_SECONDS = 5.0


class Wire:
    """A relay from a port of its own to the remote at `port`."""

    def __init__(self, port: int) -> None:
        """Take a free port and relay at once."""
        self._remote = ("127.0.0.1", port)
        # Keeps the port ours while nobody listens there.
        self._holder = _reusable(0)
        self.port = int(self._holder.getsockname()[1])
        self.mode = ""
        self._listener: socket.socket | None = None
        self._acceptor: threading.Thread | None = None
        self._cables: set[_Cable] = set()
        self._lock = threading.Lock()
        self._listen()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def open_connections(self) -> int:
        with self._lock:
            return len(self._cables)

    def cut(self, mode: str) -> None:
        """Spoil the connection in one of the ways of `CUTS`, also where one is open."""
        assert mode in CUTS
        with self._lock:
            self.mode = mode
        if mode == "refuse":
            self._deafen()
        if mode in ("refuse", "reset"):
            self._reset(lambda _: True)

    def heal(self) -> None:
        """Relay as ever; connections that lost something end."""
        self.mode = ""
        self._reset(lambda cable: cable.lost)
        if self._listener is None:
            self._listen()

    def close(self) -> None:
        """Stop listening, end every connection, and wait for their threads."""
        self._deafen()
        self._reset(lambda _: True)
        self._holder.close()
        for cable in list(self._cables):
            cable.join()

    def _listen(self) -> None:
        listener = _reusable(self.port)
        listener.listen(64)
        self._listener = listener
        self._acceptor = threading.Thread(target=self._accept, args=(listener,), name="wire", daemon=True)
        self._acceptor.start()

    def _deafen(self) -> None:
        """Listen no more; every connection taken until then is among the cables afterwards."""
        if self._listener is None or self._acceptor is None:
            return
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join(_STOP_SECONDS)
        self._listener = self._acceptor = None

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                remote = socket.create_connection(self._remote, timeout=_STOP_SECONDS)
            except OSError:
                _reset(client)
                continue
            remote.settimeout(None)
            # Whoever cuts or joins the cables finds this one in use, or not at all.
            with self._lock:
                if self.mode == "reset":
                    _reset(client)
                    remote.close()
                    continue
                cable = _Cable(self, client, remote)
                self._cables.add(cable)
                cable.start()

    def _reset(self, chosen: Callable[[_Cable], bool]) -> None:
        with self._lock:
            cables = list(self._cables)
        for cable in cables:
            if chosen(cable):
                cable.reset()

    def ended(self, cable: _Cable) -> None:
        with self._lock:
            self._cables.discard(cable)


class _Cable:
    """One connection: a thread for each direction."""

    def __init__(self, wire: Wire, client: socket.socket, remote: socket.socket) -> None:
        self.lost = False
        self._wire, self._client, self._remote = wire, client, remote
        for end in (client, remote):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._threads = [
            threading.Thread(target=self._pump, args=(client, remote, self._ask), name="wire-out", daemon=True),
            threading.Thread(target=self._pump, args=(remote, client, self._answer), name="wire-in", daemon=True),
        ]
        self._open = len(self._threads)
        self._lock = threading.Lock()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(_STOP_SECONDS)

    def reset(self) -> None:
        """End it as a dying router does; the remote sees an ordinary end and finishes what it does."""
        with suppress(OSError):
            self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        for end in (self._client, self._remote):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _pump(self, source: socket.socket, target: socket.socket, carry: Callable[[bytes], None]) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                carry(piece)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)
        with self._lock:
            self._open -= 1
            last = not self._open
        if last:
            self._client.close()
            self._remote.close()
            self._wire.ended(self)

    def _ask(self, piece: bytes) -> None:
        mode = self._wire.mode
        if mode == "black_hole":
            self.lost = True
            return
        if mode == "delay":
            time.sleep(_DELAY_SECONDS)
        self._remote.sendall(piece)
        if mode == "half_close":
            self.lost = True
            with suppress(OSError):
                self._client.shutdown(socket.SHUT_WR)

    def _answer(self, piece: bytes) -> None:
        mode = self._wire.mode
        if mode in ("black_hole", "half_close") or self.lost:
            self.lost = True
        elif mode == "drip":
            for start in range(0, len(piece), _DROP_BYTES):
                time.sleep(_DROP_SECONDS)
                self._client.sendall(piece[start : start + _DROP_BYTES])
        else:
            if mode == "delay":
                time.sleep(_DELAY_SECONDS)
            self._client.sendall(piece)


def _reusable(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind(("127.0.0.1", port))
    return made


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    connection.close()
