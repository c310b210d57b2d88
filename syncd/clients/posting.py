"""One HTTP POST to a channel that carries alerts: whatever goes wrong is a sentence without the address's secrets.

The path of an address may be a secret (a bot's token, a hook's key), so that no message and no cause ever shows it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx

from syncd.clients.complaints import excerpt, retry_after
from syncd.clients.transport import LIMITS, USER_AGENT
from syncd.clock import Clock
from syncd.core.texts import Text, text
from syncd.errors import RateLimited, Rejected, Transient

DEADLINE_SECONDS = 20.0
_LONGEST_ANSWER = 64 * 1024
_WAIT_SECONDS = 60.0
_TIMEOUT = httpx.Timeout(10, connect=5)


def open_http() -> httpx.Client:
    """A client for the life of the process; an address that holds a user and a password is taken at its word."""
    # httpx logs every URL at INFO, and the paths of ours may be secrets
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return httpx.Client(
        limits=LIMITS,
        follow_redirects=False,
        trust_env=False,
        headers={"user-agent": USER_AGENT, "accept": "application/json"},
    )


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the status, the wait that a header asks for (None: none), and the body."""

    status: int
    wait_seconds: float | None
    body: bytes

    def told(self, *secrets: str) -> str:
        """The start of the body as one line, without secrets."""
        return excerpt("", self.body, secrets)


class Post:
    """Posts bodies to one address; `where` names it for people."""

    def __init__(self, http: httpx.Client, url: str, where: str, clock: Clock) -> None:
        """Send nothing yet."""
        self.where = where
        self._http, self._url, self._clock = http, url, clock

    def __call__(
        self, body: bytes, headers: Mapping[str, str], *, timer: Callable[[], float] = time.monotonic
    ) -> Reply:
        """Send one JSON body, and read what is answered.

        Raises:
            Transient: It could not be sent, or no answer came in time: it may be sent again.
        """
        deadline = timer() + DEADLINE_SECONDS
        sent = {"content-type": "application/json; charset=utf-8", **headers}
        try:
            with self._http.stream("POST", self._url, content=body, headers=sent, timeout=_TIMEOUT) as response:
                answer = bytearray()
                for chunk in response.iter_bytes():
                    answer += chunk
                    if timer() > deadline or len(answer) > _LONGEST_ANSWER:
                        break  # the status is known; what is said after that helps nobody
                wait = retry_after(response.headers.get("retry-after"), self._clock.now())
                return Reply(response.status_code, wait, bytes(answer))
        except httpx.TimeoutException:
            raise Transient(text("channel_slow", where=self.where)) from None
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
            raise Transient(self._unreachable(error)) from None

    def _unreachable(self, error: Exception) -> Text:
        return text("channel_unreachable", where=self.where, why=_reason(error))

    def judge(self, reply: Reply, *secrets: str) -> None:
        """Any 2xx is fine.

        Raises:
            RateLimited: It says to wait.
            Rejected: It does not want this message, or us.
            Transient: It has trouble of its own.
        """
        if 200 <= reply.status < 300:
            return
        if reply.status == 429:
            seconds = _WAIT_SECONDS if reply.wait_seconds is None else reply.wait_seconds
            raise RateLimited(text("channel_limited", where=self.where, seconds=round(seconds)), seconds)
        fields: dict[str, str | int] = {"where": self.where, "status": reply.status, "why": reply.told(*secrets)}
        if 300 <= reply.status < 500 and reply.status != 408:
            raise Rejected(text("channel_refused", **fields), status=reply.status)
        raise Transient(text("channel_answered", **fields))


def _reason(error: Exception) -> str:
    """The system's own words for what failed; httpx puts them into no exception of its own."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__
