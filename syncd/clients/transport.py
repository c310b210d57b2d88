"""The one place where httpx's exceptions, HTTP statuses and bodies become our errors.

What a failure means depends on the request alone. A read that failed changed nothing. A write that was refused, or that
never left, changed nothing either; one whose answer is lost, late, a 5xx or unreadable may have happened.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

import httpx
import stamina

from syncd import __version__
from syncd.clients.complaints import complaint, excerpt, retry_after
from syncd.clients.decoding import decode
from syncd.clients.unsent import why_not_sent
from syncd.clock import Clock
from syncd.core.texts import Text, text
from syncd.errors import AuthError, NotFound, OutcomeUnknown, RateLimited, Rejected, SyncdError, Transient

DEADLINE_SECONDS: Final = 60.0
USER_AGENT: Final = f"syncd/{__version__}"
# shorter than servers keep idle connections: a write on one that is being closed would have no known outcome
LIMITS: Final = httpx.Limits(keepalive_expiry=3)
_REPEAT_WITHIN_SECONDS: Final = 20.0
LARGEST_BODY: Final = 64 * 1024 * 1024
_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
)
_TIMEOUTS: Final = {"timeout": httpx.Timeout(20, connect=5).as_dict()}
_ALWAYS: Final = (
    (b"user-agent", USER_AGENT.encode("ascii")),
    (b"accept", b"application/json"),
    (b"accept-encoding", b"gzip, deflate"),
)
_LOST_STATUSES: Final = frozenset({408})  # a proxy may say this after it passed the request on
_RATE_LIMITED: Final = "ratelimited"
_TOKEN_REFUSED: Final = "tokenexception"

Headers = Mapping[str, str]

Transport = httpx.BaseTransport
"""How requests travel; handed in by tests and the demo."""


class TokenRefused(AuthError):
    """The token is not, or no longer, accepted: renew it once, else a person must look at the credentials."""


@dataclass(frozen=True, slots=True)
class Remote:
    """Whom we talk to: `key` as errors carry it, `name` for people, and what to do when told to wait for no time.

    `refused` and `forbidden` are the catalogue's sentences for credentials and for a permission that is missing.
    """

    key: str
    name: str
    wait_seconds: float
    refused: str
    forbidden: str
    secrets: Callable[[], Sequence[str]] = field(default=tuple, repr=False)
    permission: Callable[[str, str], str] = field(default=lambda method, path: f"{method} {path}", repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """One request; `missing` are the statuses by which this endpoint says that it has no such record.

    `path` names the call in messages, so it holds no personal data; `params` and bodies never show. `read` makes a JSON
    document of the answer's bytes, or raises `ValueError`.
    """

    remote: Remote
    method: str
    url: str
    path: str
    is_write: bool = False
    params: Sequence[tuple[str, str]] = ()
    json: object = None
    form: Mapping[str, str] | None = None
    missing: frozenset[int] = frozenset({404})
    read: Callable[[bytes], object] = decode

    def __str__(self) -> str:
        return f"{self.remote.name} {self.method} {self.path}"

    def lost(self, what: Text) -> SyncdError:
        """The error of an answer that cannot be known."""
        if self.is_write:
            return OutcomeUnknown(text("write_lost", call=str(self), what=what))
        return Transient(text("read_lost", call=str(self), what=what))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: httpx.Headers
    body: bytes


def open_connections(instead: Transport | None = None) -> Transport:
    """The connections to one remote, for the life of the process, safe to share between threads, or those `instead`.

    They are httpx's without its `Client`: no redirect is followed and no cookie kept, and to merge its defaults into
    each request and look for cookies in each answer took it longer than we take to read most of them.
    """
    # a short repeat of a read is no news: what is left after the last one is told by the cycle
    stamina.instrumentation.set_on_retry_hooks(())
    return instead or httpx.HTTPTransport(trust_env=False, limits=LIMITS)


def send(
    http: Transport,
    call: Call,
    headers: Headers,
    clock: Clock,
    *,
    on_headers: Callable[[httpx.Headers], None] | None = None,
    timer: Callable[[], float] = time.monotonic,
) -> object:
    """The JSON that a request is answered with; `None` for a write that is answered with nothing at all.

    Raises:
        Transient: Nothing was changed; on reads also a lost or unreadable answer.
        RateLimited: 429, or the error code `RateLimited` in any answer.
        OutcomeUnknown: A write whose answer was lost or unreadable.
        Rejected: The remote refused it, in its own words; `NotFound` where it has no such record.
        AuthError: The token or a permission is refused.
    """
    answer = _exchange(http, call, headers, timer)
    if on_headers is not None:
        on_headers(answer.headers)
    return _judge(call, answer, clock.now())


def repeat_read(read: Callable[[], object], repeat_on: Callable[[Exception], bool]) -> object:
    """The result of a read that is tried up to three times within 20 s; long waits belong to the next cycle."""
    began = time.monotonic()
    try:
        return read()
    except Exception as error:
        left = _REPEAT_WITHIN_SECONDS - (time.monotonic() - began)
        if left <= 0 or not repeat_on(error):
            raise
        failed: Exception | None = error
    # what passes at once, as nearly every read does, is not worth a retry machine, which costs as much as the parsing
    for attempt in stamina.retry_context(
        on=repeat_on, attempts=3, timeout=left, wait_initial=0.1, wait_max=1.0, wait_jitter=0.1
    ):
        with attempt:
            if failed is not None:
                first, failed = failed, None
                raise first
            return read()
    raise AssertionError("stamina always returns or raises")


def passing(error: Exception) -> bool:
    """Whether a failed read is worth repeating at once."""
    return isinstance(error, Transient) and not isinstance(error, RateLimited)


def _exchange(http: Transport, call: Call, headers: Headers, timer: Callable[[], float]) -> Answer:
    """Send, and read to the end within our own deadline: httpx's time-outs are per read, a drip never meets one."""
    deadline = timer() + DEADLINE_SECONDS
    try:
        with closing(http.handle_request(_request(call, headers))) as response:
            return Answer(response.status_code, response.headers, _read_body(response, call, deadline, timer))
    except _NOT_SENT as error:
        raise Transient(why_not_sent(str(call), call.url, error)) from error
    except httpx.TimeoutException as error:
        raise call.lost(text("no_answer_in_time")) from error
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise call.lost(text("answer_broke_off", error=type(error).__name__)) from error


def _request(call: Call, headers: Headers) -> httpx.Request:
    return httpx.Request(
        call.method,
        _url(f"{call.url}?{httpx.QueryParams(list(call.params))}" if call.params else call.url),
        content=encode(call.json) if call.json is not None else None,
        data=call.form,
        headers=[*_ALWAYS, *_wire_headers(headers, has_json=call.json is not None)],
        extensions=_TIMEOUTS,
    )


@lru_cache(maxsize=64)
def _url(text: str) -> httpx.URL:
    """A URL in its parts; polls ask the same again and again."""
    return httpx.URL(text)


def _wire_headers(headers: Headers, *, has_json: bool) -> list[tuple[bytes, bytes]]:
    # as bytes, so that a credential with a stray character is refused by the remote and not by a codec here
    pairs = {**headers, **({"content-type": "application/json"} if has_json else {})}
    return [(name.encode("ascii"), value.strip().encode("utf-8")) for name, value in pairs.items()]


def _read_body(response: httpx.Response, call: Call, deadline: float, timer: Callable[[], float]) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if timer() > deadline:
            raise call.lost(text("answer_too_slow", seconds=int(DEADLINE_SECONDS)))
        if len(body) > LARGEST_BODY:
            raise call.lost(text("answer_too_large"))
    return bytes(body)


def encode(body: object) -> bytes:
    """A JSON body; `Decimal` becomes a plain number, whole ones without a point."""
    return json.dumps(body, ensure_ascii=False, allow_nan=False, default=_plain_number).encode("utf-8")


def _plain_number(value: object) -> int | float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")


def _judge(call: Call, answer: Answer, now: datetime) -> object:
    readable, payload = _payload(call, answer)
    code, sentence = complaint(payload)
    if answer.status == 429 or code.lower() == _RATE_LIMITED:
        wait = retry_after(answer.headers.get("retry-after"), now)
        raise RateLimited(text("too_many_requests", call=str(call)), call.remote.wait_seconds if wait is None else wait)
    if 200 <= answer.status < 300 and code.lower() != _TOKEN_REFUSED:
        return _accepted(call, answer, readable, payload)
    said = excerpt(sentence, answer.body, call.remote.secrets())
    if answer.status == 401 or code.lower() == _TOKEN_REFUSED:
        raise TokenRefused(_quoting(text(call.remote.refused, call=str(call)), said), remote=call.remote.key)
    if answer.status == 403:
        permission = call.remote.permission(call.method, call.path)
        missing = text(call.remote.forbidden, call=str(call), permission=permission)
        raise AuthError(_quoting(missing, said), remote=call.remote.key, permission=permission)
    if not 400 <= answer.status < 500 or answer.status in _LOST_STATUSES:
        raise call.lost(text("answered_status", status=answer.status))
    refusal = NotFound if answer.status in call.missing else Rejected
    why = f"{call}: {said}" if said else text("refused_wordless", call=str(call), status=answer.status)
    raise refusal(why, status=answer.status, error_code=code)


def _quoting(what: Text, said: str) -> Text:
    """A sentence with the remote's own words behind it, where it had any."""
    return text("own_words", what=what, said=said) if said else what


def _accepted(call: Call, answer: Answer, readable: bool, payload: object) -> object:
    """The payload of a 2xx; a deletion may be answered with nothing."""
    if not readable and not (call.method == "DELETE" and not answer.body.strip()):
        raise call.lost(text("answer_not_json", status=answer.status))
    return payload


def _payload(call: Call, answer: Answer) -> tuple[bool, object]:
    try:
        return True, call.read(answer.body)
    except ValueError:
        return False, None
