"""A remote that answers from a script, and the sample payloads; enough to contradict a client, no more."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from syncd.clients.budget import MemoryGetBudget
from syncd.clients.haravan import HaravanClient
from syncd.clients.kiotviet import KiotVietClient
from syncd.clock import ManualClock

SAMPLES = Path(__file__).parent.parent / "samples"
START = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)
TOKEN = "hrv-private-app-token-0001"
SECRET = "kv-client-secret-0001"

Step = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def sample(name: str) -> Any:
    """A sample payload, read the way the clients read it."""
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"), parse_float=Decimal)


def stages() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every stage of an order's life at Haravan."""
    for stage in sample("haravan/orders_lifecycle.json")["stages"]:
        yield stage["stage"], stage["order"]


def ok(payload: object, **headers: str) -> httpx.Response:
    """A 200 with this JSON."""
    return answer(200, payload, **headers)


def answer(status: int, payload: object, **headers: str) -> httpx.Response:
    """Any status with this JSON."""
    text = json.dumps(payload, default=float, allow_nan=True)
    return httpx.Response(status, headers={key.replace("_", "-"): value for key, value in headers.items()}, text=text)


def html(status: int = 200) -> httpx.Response:
    """A page from whatever stands in front of the API."""
    return httpx.Response(status, text="<!DOCTYPE html><html><body>Bad Gateway 0900111222</body></html>")


class Script:
    """Answers one step per request, the last one for ever; keeps what was asked. Token requests are apart."""

    def __init__(self, *steps: Step, tokens: list[httpx.Response] | None = None) -> None:
        self._steps = list(steps)
        self._tokens = tokens
        self.requests: list[httpx.Request] = []
        self.token_requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/connect/token":
            self.token_requests.append(request)
            return self._token()
        self.requests.append(request)
        step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
        if isinstance(step, Exception):
            raise step
        if isinstance(step, httpx.Response):
            return httpx.Response(step.status_code, headers=step.headers, content=step.content)
        return step(request)

    def _token(self) -> httpx.Response:
        if self._tokens:
            return self._tokens.pop(0)
        return ok({"access_token": f"token-{len(self.token_requests)}", "expires_in": 86400})

    def queries(self) -> list[dict[str, str]]:
        """The query of every request."""
        return [dict(request.url.params) for request in self.requests]

    def bodies(self) -> list[Any]:
        """The JSON body of every request."""
        return [json.loads(request.content) for request in self.requests]


def haravan(script: Script, clock: ManualClock | None = None, **kwargs: Any) -> HaravanClient:
    """A Haravan client whose network is the script."""
    transport = httpx.MockTransport(script)
    clock = clock or ManualClock(START)
    return HaravanClient("https://haravan.test", TOKEN, clock=clock, transport=transport, **kwargs)


def kiotviet(script: Script, clock: ManualClock | None = None, limit: int = 1000, **kwargs: Any) -> KiotVietClient:
    """A KiotViet client whose network is the script."""
    clock = clock or ManualClock(START)
    return KiotVietClient(
        "https://kiotviet.test",
        "cuahangmau",
        "client-0001",
        SECRET,
        "https://id.test/connect/token",
        clock=clock,
        budget=kwargs.pop("budget", MemoryGetBudget(limit, clock)),
        transport=httpx.MockTransport(script),
        **kwargs,
    )
