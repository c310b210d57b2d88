"""A simulated remote on a real socket: HTTP/1.1 on loopback, keep-alive, and connections that really drop.

Built on `http.server`, because a planted fault must be able to cut the connection itself.
"""

from __future__ import annotations

import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from syncd.sandbox.http import App, Request, Response
from syncd.sandbox.kernel import Dropped

STOP_SECONDS = 5.0

# Closing with this linger sends a reset instead of a polite goodbye, as a dying server or a firewall does.
_RESET = struct.pack("ii", 1, 0)


class Server:
    """One remote on 127.0.0.1; port 0 takes a free one. Use as a context manager, or `start` and `stop`."""

    def __init__(self, app: App, port: int = 0) -> None:
        """Take the port at once, so that `url` is known; nothing is answered before `start`."""
        self._http = _Http(("127.0.0.1", port), app)
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port in use."""
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        """Where clients find this remote, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Answer from now on, in threads of its own."""
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="sandbox", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port and every connection; bounded."""
        if self._thread is not None:
            self._http.shutdown()
            self._thread.join(STOP_SECONDS)
            self._thread = None
        self._http.server_close()
        self._http.hang_up()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], app: App) -> None:
        self.app = app
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._resets: set[socket.socket] = set()
        self._changed = threading.Condition()
        super().__init__(address, _Handler)

    @contextmanager
    def connection(self, connection: socket.socket) -> Iterator[None]:
        """Keep count of a connection while it lasts."""
        with self._changed:
            self._open.add(connection)
        try:
            yield
        finally:
            with self._changed:
                self._open.discard(connection)
                self._changed.notify_all()

    def hang_up(self) -> None:
        """End every connection and wait for their threads to notice."""
        self.stopping.set()
        with self._changed:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._changed.wait_for(lambda: not self._open, STOP_SECONDS)

    def reset(self, connection: socket.socket) -> None:
        """Let a connection end as if nobody had ever listened."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._resets.add(connection)

    def shutdown_request(self, request: Any) -> None:
        """Say goodbye, unless the connection is to be reset."""
        if request in self._resets:
            self._resets.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection until it ends, and close it."""
        with self.connection(request):
            super().process_request_thread(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no error; anything else is a bug of the sandbox and may be loud."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # Buffered, so that head and body leave in one piece.
    wbufsize = -1
    server: _Http

    def answer(self) -> None:
        """Hand the request to the app and send what it says, or drop the connection."""
        try:
            response = self.server.app.handle(self._request())
        except Dropped as dropped:
            self._drop(dropped)
        else:
            self._send(response)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = answer

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the journal knows."""

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        return Request(
            method=self.command,
            path=unquote(parts.path),
            query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self._body(),
        )

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return b"".join(self._chunks())
        length = self.headers.get("content-length", "0")
        return self.rfile.read(int(length)) if length.isdigit() else b""

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass

    def _send(self, response: Response) -> None:
        self.send_response_only(response.status)
        if "date" not in response.headers:
            self.send_header("Date", self.date_time_string())
        for name, value in response.headers.items():
            self.send_header(name.title(), value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def _drop(self, dropped: Dropped) -> None:
        if dropped.kind == "timeout":
            self.server.stopping.wait(dropped.seconds)
        if dropped.kind == "refused":
            self.server.reset(self.connection)
        self.close_connection = True
