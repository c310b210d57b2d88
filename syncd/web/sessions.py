"""Who looks at the page: signed cookies, the token behind them, and tokens against forged forms. No I/O.

A cookie holds no secret and needs no memory: what it says is signed with a key that the token gives, so it outlives a
restart and ends with the token.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from dataclasses import dataclass

from syncd.clock import Clock

SESSION_SECONDS = 12 * 3600
TRIES = 5
TRIES_SECONDS = 60.0
_MOST_CALLERS = 1000


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that was here before; `inside`: it knew the token. `expires_at` is in seconds since 1970."""

    id: str
    inside: bool
    expires_at: int


class Sessions:
    """Makes and checks sessions."""

    def __init__(self, token: str | None, clock: Clock) -> None:
        """Sign with a key made of `token`; without one, with a key that ends with this object."""
        self._token, self._clock = token, clock
        self._key = secrets.token_bytes(32) if token is None else _mac(token.encode(), "session key")

    def begin(self, *, inside: bool) -> Session:
        """A new session."""
        return Session(secrets.token_urlsafe(18), inside, self._now() + SESSION_SECONDS)

    def cookie(self, session: Session) -> str:
        """What the browser keeps of a session."""
        body = _body(session)
        return f"{body}.{_mac(self._key, body).hex()}"

    def of_cookie(self, cookie: str) -> Session | None:
        """The session of a cookie; None where it is not ours, or too old."""
        kind, _, rest = cookie.partition(".")
        key, _, rest = rest.partition(".")
        expires, _, _ = rest.partition(".")
        if not (expires.isascii() and expires.isdigit()) or len(expires) > 12:
            return None
        session = Session(key, kind == "in", int(expires))
        is_ours = hmac.compare_digest(cookie.encode(), self.cookie(session).encode())
        return session if is_ours and session.expires_at > self._now() else None

    def form_token(self, session: Session) -> str:
        """What a form of this session must carry."""
        return _mac(self._key, f"form {session.id}").hex()

    def is_form_token(self, session: Session, offered: str) -> bool:
        """Whether a form of this session carries what it must."""
        return hmac.compare_digest(offered.encode(), self.form_token(session).encode())

    def is_token(self, offered: str) -> bool:
        """Whether this is the token; takes as long for a nearly right one."""
        token = self._token
        return token is not None and hmac.compare_digest(offered.encode(), token.encode())

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


class Tries:
    """Wrong tokens per caller: few in a minute, then none is looked at."""

    def __init__(self, clock: Clock) -> None:
        """Nobody tried yet."""
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: dict[str, list[float]] = {}

    def are_left(self, caller: str) -> bool:
        """Whether this caller may try another token now."""
        with self._lock:
            return len(self._lately(caller)) < TRIES

    def count(self, caller: str) -> None:
        """This caller offered a wrong token."""
        with self._lock:
            if len(self._wrong) >= _MOST_CALLERS:
                self._wrong = {known: lately for known in self._wrong if (lately := self._lately(known))}
            self._wrong[caller] = [*self._lately(caller), self._clock.monotonic()][-TRIES:]

    def _lately(self, caller: str) -> list[float]:
        begin = self._clock.monotonic() - TRIES_SECONDS
        return [at for at in self._wrong.get(caller, ()) if at > begin]


def _body(session: Session) -> str:
    return f"{'in' if session.inside else 'out'}.{session.id}.{session.expires_at}"


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
