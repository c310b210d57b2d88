"""An HTTP server in one thread of its own, for whatever pages the daemon has."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TypeAlias

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from syncd.logs import get_logger
from syncd.web import ports

Routes: TypeAlias = Iterable[BaseRoute]
_GRACE_SECONDS = 0.5
_HURRY_SECONDS = 2.0
# A reverse proxy needs few; beyond that the answer is 503, on which both systems try again.
_MOST_CONNECTIONS = 200
_log = get_logger()


class Listener:
    """Takes its port when made, answers from `serve` to `stop`; what is answered may be exchanged in between."""

    def __init__(self, host: str, port: int, key: str) -> None:
        """Take the port (0: any free one) that the config names at `key`; who calls now waits for `serve`.

        Raises:
            Unusable: The port cannot be had.
        """
        self._socket = ports.take(host, port, key)
        self.host, self.port = host, int(self._socket.getsockname()[1])
        self._app = Starlette()
        self._server = uvicorn.Server(self._config())
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)

    @property
    def url(self) -> str:
        """Where it is found, without a slash at the end."""
        return f"http://{ports.shown(self.host, self.port)}"

    def serve(self, routes: Routes) -> None:
        """Answer with these pages from the next request on; begins with the first call."""
        self._app = Starlette(routes=list(routes))
        if self._thread.ident is None:
            self._thread.start()
            _log.info("listener_opened", listen=ports.shown(self.host, self.port))

    def stop(self) -> None:
        """Close the port; requests that are being answered get half a second."""
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(_GRACE_SECONDS)
            self._server.force_exit = True
            self._thread.join(_HURRY_SECONDS)
            _log.info("listener_closed", listen=ports.shown(self.host, self.port))
        self._socket.close()

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            self._answer,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            # who sends what is no HTTP must not fill the log
            log_level="error",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_graceful_shutdown=1,
        )

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        except Exception as error:  # noqa: BLE001 - polling goes on without the listener, whatever ended it
            _log.error("listener_failed", exc_info=error)
