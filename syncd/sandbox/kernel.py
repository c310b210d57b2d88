"""What stands between a client and a simulated remote: the journal of every call, and the faults somebody planted.

A `Gate` wraps one remote. It notes each call, applies the first fault that fires, and tells its hooks the two instants
that matter to a process that may die: just before the remote changes something, and just after.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urlencode

from syncd.clock import Clock
from syncd.sandbox.faults import AFTER_EFFECT, WITHOUT_EFFECT, Fault, Faults, distort
from syncd.sandbox.http import App, Request, Response

__all__ = ["App", "Call", "Dropped", "Fault", "Faults", "Gate", "Hook", "Journal", "Shop"]

TOKEN_PATH = "/connect/token"
_REPLICATED = 200
_IS_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]")


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the remote saw it.

    `status` is None where no answer was given; `write` is false for reads and for token requests; `effect` says that
    the remote's state may have changed; `fault` names the planted fault that hit this call.
    """

    at: datetime
    remote: str
    method: str
    path: str
    query: str
    body: object | None
    status: int | None
    write: bool
    effect: bool
    fault: str | None


class Journal:
    """Every call that reached either remote, oldest first; nothing is redacted, for nothing here is real."""

    def __init__(self) -> None:
        """Start empty."""
        self._calls: list[Call] = []
        self._lock = threading.Lock()

    def record(self, call: Call) -> None:
        """Add one call."""
        with self._lock:
            self._calls.append(call)

    def calls(self, remote: str | None = None, write: bool | None = None) -> list[Call]:
        """The calls so far, of one remote and of one kind where asked."""
        with self._lock:
            calls = list(self._calls)
        return [
            call
            for call in calls
            if (remote is None or call.remote == remote) and (write is None or call.write == write)
        ]

    def writes(self, remote: str | None = None) -> list[Call]:
        """The calls that asked for a change."""
        return self.calls(remote, write=True)

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._calls.clear()


class Dropped(Exception):
    """The client gets no answer: `kind` is `refused`, `lost` or `timeout`, `seconds` how long a socket stays silent."""

    def __init__(self, kind: str, seconds: float = 0.0) -> None:
        """Say how the answer was lost."""
        self.kind = kind
        self.seconds = seconds
        super().__init__(kind)


class Shop(App, Protocol):
    """A simulated remote that can be steered: its switches may be exchanged while it runs."""

    switches: Any

    def state(self) -> dict[str, object]:
        """Everything a person would look at in the admin pages, as JSON values."""
        ...


Hook = Callable[[str, Request], None]
"""Told the remote's name and the request; what it raises goes to the caller."""


@dataclass(frozen=True, slots=True)
class _Late:
    due: float
    request: Request


class _Replica:
    """What a copy of the remote that lags behind would answer: the same as last time, for some seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answers: OrderedDict[tuple[str, tuple[tuple[str, str], ...]], tuple[float, Response]] = OrderedDict()

    def keep(self, request: Request, response: Response) -> None:
        if request.method == "GET" and response.status == 200:
            self._answers[self._question(request)] = (self._clock.monotonic(), response)
            while len(self._answers) > _REPLICATED:
                self._answers.popitem(last=False)

    def answer(self, request: Request, seconds: float) -> Response | None:
        """The kept answer, unless it is older than that."""
        kept = self._answers.get(self._question(request))
        fresh = kept is not None and self._clock.monotonic() - kept[0] <= seconds
        return kept[1] if kept is not None and fresh else None

    @staticmethod
    def _question(request: Request) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Since when somebody asks is not part of it: the copy has no later rows."""
        return request.path, tuple(sorted(pair for pair in request.query if not _IS_INSTANT.match(pair[1])))


class Gate:
    """One remote behind the journal and the faults; itself an `App`, except that `handle` may raise `Dropped`."""

    def __init__(
        self,
        app: App,
        remote: str,
        *,
        clock: Clock,
        journal: Journal,
        faults: Faults,
        latency_seconds: float = 0.0,
    ) -> None:
        """Wrap `app`, which is called `remote` ("haravan" or "kiotviet") in the journal; each call takes its time."""
        self.app = app
        self.remote = remote
        self.before_effect: list[Hook] = []
        self.after_effect: list[Hook] = []
        self._latency = latency_seconds
        self._clock = clock
        self._journal = journal
        self._faults = faults
        self._late: list[_Late] = []
        self._replica = _Replica(clock)
        self._lock = threading.Lock()

    def handle(self, request: Request) -> Response:
        """Answer one request.

        Raises:
            Dropped: A planted fault left the client without an answer.
        """
        if self._latency:
            self._clock.sleep(self._latency)
        self.settle()
        return self._dated(self._answer(request))

    def _answer(self, request: Request) -> Response:
        fault = self._faults.hit(self.remote, request)
        if fault is None:
            response = self._effect(request)
            self._replica.keep(request, response)
            return self._note(request, response, None)
        if fault.kind in WITHOUT_EFFECT:
            return self._without_effect(request, fault)
        return self._with_effect(request, fault)

    def _dated(self, response: Response) -> Response:
        """Every HTTP server tells the time of its own clock."""
        told = format_datetime(self._clock.now().astimezone(UTC), usegmt=True)
        return Response(response.status, response.body, {"date": told, **response.headers})

    def settle(self) -> None:
        """Apply the late requests whose time has come."""
        now = self._clock.monotonic()
        with self._lock:
            due = [late for late in self._late if late.due <= now]
            self._late = [late for late in self._late if late.due > now]
        for late in sorted(due, key=lambda late: late.due):
            self._effect(late.request)

    def _effect(self, request: Request) -> Response:
        for hook in tuple(self.before_effect):
            hook(self.remote, request)
        response = self.app.handle(request)
        for hook in tuple(self.after_effect):
            hook(self.remote, request)
        return response

    def _lagging(self, request: Request, fault: Fault, real: Response) -> Response:
        """What the fault `stale` shows: what was shown before, where that is not too old."""
        kept = self._replica.answer(request, fault.seconds)
        return real if kept is None else kept

    def _without_effect(self, request: Request, fault: Fault) -> Response:
        if fault.kind == "late":
            with self._lock:
                self._late.append(_Late(self._clock.monotonic() + fault.seconds, request))
        answer = distort(self.remote, fault, None)
        if answer is None:
            self._record(request, None, effect=fault.kind == "late", fault=fault.kind)
            raise _dropped(fault)
        self._record(request, answer.status, effect=False, fault=fault.kind)
        return answer

    def _with_effect(self, request: Request, fault: Fault) -> Response:
        assert fault.kind in AFTER_EFFECT
        real = self._effect(request)
        if fault.kind == "duplicate":
            real = self._effect(request)
        if fault.kind == "stale":
            real = self._lagging(request, fault, real)
        answer = distort(self.remote, fault, real)
        if answer is None:
            self._record(request, None, effect=real.status < 400, fault=fault.kind)
            raise _dropped(fault)
        self._record(request, answer.status, effect=real.status < 400, fault=fault.kind)
        return answer

    def _note(self, request: Request, response: Response, fault: str | None) -> Response:
        self._record(request, response.status, effect=response.status < 400, fault=fault)
        return response

    def _record(self, request: Request, status: int | None, *, effect: bool, fault: str | None) -> None:
        write = _is_write(request)
        self._journal.record(
            Call(
                at=self._clock.now(),
                remote=self.remote,
                method=request.method,
                path=request.path,
                query=_encoded(request.query),
                body=_readable(request),
                status=status,
                write=write,
                effect=write and effect,
                fault=fault,
            )
        )


_encoded = lru_cache(maxsize=256)(urlencode)


def _is_write(request: Request) -> bool:
    return request.method not in {"GET", "HEAD", "OPTIONS"} and not request.path.lower().endswith(TOKEN_PATH)


def _readable(request: Request) -> object | None:
    if not request.body:
        return None
    try:
        return request.json()  # type: ignore[no-any-return]
    except ValueError:
        return request.body.decode("utf-8", errors="replace")


def _dropped(fault: Fault) -> Dropped:
    if fault.kind == "refuse":
        return Dropped("refused")
    if fault.kind in {"timeout_request", "timeout_answer"}:
        return Dropped("timeout", fault.seconds)
    # A late request runs on the shop's clock, which may stand still: a socket must not wait for it.
    return Dropped("timeout" if fault.kind == "late" else "lost")
