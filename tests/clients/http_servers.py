"""A real HTTP server on loopback that keeps what is posted and answers as a test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Posted:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answering:
    """Answers `status` and `body` to everything, or what `decide` says of a request."""

    status: int = 200
    body: bytes = b'{"ok":true,"result":{}}'
    headers: dict[str, str] = field(default_factory=dict)
    decide: Callable[[Posted], tuple[int, bytes]] | None = None
    hold: threading.Event | None = None
    posted: list[Posted] = field(default_factory=list)
    url: str = ""

    def answer(self, status: int, body: object, **headers: str) -> None:
        self.status, self.headers = status, {name.replace("_", "-"): value for name, value in headers.items()}
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()


def _handler(server: Answering) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            request = Posted(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            server.posted.append(request)
            if server.hold is not None:
                server.hold.wait(30)
            status, answer = server.decide(request) if server.decide else (server.status, server.body)
            self.send_response(status)
            for name, value in server.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def http_server() -> Iterator[Answering]:
    """The server, on a free port of 127.0.0.1, until the end of the block."""
    answering = Answering()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(answering))
    server.daemon_threads = True
    answering.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield answering
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
