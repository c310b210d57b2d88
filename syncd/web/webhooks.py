"""The two pages that Haravan and KiotViet call; whatever they are told, they answer 200 and show nothing.

Source: observed: after a 400, 401, 403, 404 or 405 KiotViet stops for good, after many failures Haravan drops the
subscription; both wait five seconds.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from syncd.clients.webhooks import Heard, Refused, challenge, from_haravan, from_kiotviet
from syncd.clock import Clock
from syncd.config import Secret, WebhookSettings
from syncd.cycles.hints import Hints
from syncd.logs import get_logger

LARGEST_BODY = 1024 * 1024
PATIENCE_SECONDS = 4.0
TELL_EVERY_SECONDS = 60.0
_log = get_logger()

_Parse = Callable[[Mapping[str, str], bytes, str], Heard | Refused]


class Inbox:
    """Takes what both systems send: the hints in it, or a count of what was refused."""

    def __init__(self, settings: WebhookSettings, hints: Hints, clock: Clock) -> None:
        """Check with the secrets of `settings`, and leave what is heard in `hints`."""
        self._settings, self._hints, self._clock = settings, hints, clock
        self.heard: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.heard_at: dict[str, datetime] = {}
        self._untold = 0
        self._told_at: float | None = None

    def routes(self) -> Iterable[BaseRoute]:
        """The pages, with and without a slash at the end."""
        haravan = _Page(self._haravan, self._handshake)
        kiotviet = _Page(self._kiotviet, lambda request: Response())
        for end in ("", "/"):
            yield Route(f"/webhooks/haravan{end}", haravan)
            yield Route(f"/webhooks/kiotviet{end}", kiotviet)

    def _haravan(self, headers: Mapping[str, str], body: bytes | None) -> None:
        self._take("haravan", from_haravan, self._settings.haravan_secret, headers, body)

    def _kiotviet(self, headers: Mapping[str, str], body: bytes | None) -> None:
        self._take("kiotviet", from_kiotviet, self._settings.kiotviet_secret, headers, body)

    def _handshake(self, request: Request) -> Response:
        """Haravan's question whether we are who registered; the one case in which no is an answer."""
        if "hub.mode" not in request.query_params:
            return Response()
        token = self._settings.haravan_verify_token
        answer = challenge(request.query_params, token.reveal() if token else None)
        if answer is None:
            self._refuse("haravan", "wrong_verify_token")
            return Response(status_code=401)
        _log.info("webhook_handshake_answered", remote="haravan")
        return PlainTextResponse(answer, headers={"X-Content-Type-Options": "nosniff"})

    def _take(
        self, remote: str, parse: _Parse, secret: Secret | None, headers: Mapping[str, str], body: bytes | None
    ) -> None:
        if secret is None:
            return self._refuse(remote, "not_configured")
        if body is None:
            return self._refuse(remote, "not_read")
        heard = parse(headers, body, secret.reveal())
        if isinstance(heard, Refused):
            return self._refuse(remote, heard.reason)
        self.heard[remote] += 1
        self.heard_at[remote] = self._clock.now()
        if self.heard[remote] == 1:
            _log.info("webhook_arrived", remote=remote)
        for source, ids in heard.products.items():
            self._hints.products(ids, source)
        if heard.orders:
            self._hints.orders()
        return None

    def _refuse(self, remote: str, reason: str) -> None:
        """Count it; somebody who knocks at the door all day fills no log."""
        self.refused[remote] += 1
        self._untold += 1
        now = self._clock.monotonic()
        if self._told_at is None or now - self._told_at >= TELL_EVERY_SECONDS:
            _log.warning("webhook_refused", remote=remote, reason=reason, count=self._untold)
            self._untold, self._told_at = 0, now


class _Page:
    """An ASGI page: GET is for handshakes, whatever else comes is a webhook."""

    def __init__(
        self, take: Callable[[Mapping[str, str], bytes | None], None], greet: Callable[[Request], Response]
    ) -> None:
        self._take, self._greet = take, greet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.method in ("GET", "HEAD"):
            await self._greet(request)(scope, receive, send)
            return
        body = await _body(request)
        self._take(request.headers, body)
        # what was not read to its end must not be taken for the next request
        headers = {"Connection": "close"} if body is None else {}
        await Response(headers=headers)(scope, receive, send)


async def _body(request: Request) -> bytes | None:
    """The raw body; None where it is too long, comes too slowly, or ends early. What is too long is not kept.

    A cancellation only comes when the daemon stops, and even then the caller gets its answer.
    """
    read = bytearray()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for chunk in request.stream():
                if len(read) <= LARGEST_BODY:
                    read += chunk
    except (TimeoutError, ClientDisconnect, asyncio.CancelledError):
        return None
    return bytes(read) if len(read) <= LARGEST_BODY else None
