"""A simulated remote without sockets: an httpx transport that hands requests straight to it."""

from __future__ import annotations

from functools import lru_cache

import httpx

from syncd.sandbox.http import App, Request, Response
from syncd.sandbox.kernel import Dropped


class InProcessTransport(httpx.BaseTransport):
    """Routes every request to one remote; a dropped answer becomes the exception that a socket would give."""

    def __init__(self, app: App) -> None:
        """Talk to `app`, whatever the host in the URL."""
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the remote does.

        Raises:
            httpx.TransportError: A planted fault left the request without an answer.
        """
        try:
            response = self._app.handle(_asked(request))
        except Dropped as dropped:
            raise _as_httpx(dropped, request) from dropped
        return _answered(response, request)


def _asked(request: httpx.Request) -> Request:
    return Request(
        method=request.method,
        path=request.url.path,
        query=_query(request.url.query),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.read(),
    )


@lru_cache(maxsize=256)
def _query(sent: bytes) -> tuple[tuple[str, str], ...]:
    return tuple(httpx.QueryParams(sent.decode("ascii")).multi_items())


def _answered(response: Response, request: httpx.Request) -> httpx.Response:
    return httpx.Response(response.status, headers=dict(response.headers), content=response.body, request=request)


def _as_httpx(dropped: Dropped, request: httpx.Request) -> httpx.TransportError:
    if dropped.kind == "refused":
        return httpx.ConnectError("[Errno 111] Connection refused", request=request)
    if dropped.kind == "timeout":
        return httpx.ReadTimeout("timed out", request=request)
    return httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
