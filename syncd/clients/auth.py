"""KiotViet's token: fetched by client credentials, kept until shortly before it ends, renewed once by one thread."""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from syncd.clients.decoding import decode
from syncd.clients.fields import Fields, exact
from syncd.clock import Clock
from syncd.core.texts import text
from syncd.errors import AuthError, BadPayload, Rejected, Transient

_ASSUMED_SECONDS: Final = 3600.0
_LARGEST_MARGIN: Final = 300.0


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token and the monotonic second at which it is to be replaced."""

    value: str
    renew_at: float

    def __repr__(self) -> str:
        return "Token(…)"


class TokenKeeper:
    """Hands out a valid token; `fetch` asks the token endpoint and returns its JSON. Safe to share between threads."""

    def __init__(self, fetch: Callable[[], object], clock: Clock) -> None:
        """Fetch nothing yet."""
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._token: Token | None = None

    def token(self) -> str:
        """The token to send now.

        Raises:
            AuthError: The client id or secret is refused.
            Transient: The token endpoint cannot be reached or understood.
        """
        with self._lock:
            token = self._token
            if token is None or self._clock.monotonic() >= token.renew_at:
                token = self._token = self._ask()
            return token.value

    def renew(self, refused: str) -> str:
        """A token other than `refused`; several threads that were refused together cause one fetch.

        Raises:
            AuthError: The client id or secret is refused.
            Transient: The token endpoint cannot be reached or understood.
        """
        with self._lock:
            if self._token is None or self._token.value == refused:
                self._token = self._ask()
            return self._token.value

    def current(self) -> str:
        """The token held now, empty where there is none; fetches nothing."""
        token = self._token
        return token.value if token is not None else ""

    def _ask(self) -> Token:
        asked_at = self._clock.monotonic()
        try:
            return parse_token(self._fetch(), asked_at)
        except Rejected as error:
            raise AuthError(text("kiotviet_gives_no_token", why=error.message), remote="kiotviet") from error


def parse_token(payload: object, asked_at: float) -> Token:
    """The token of an answer, to be replaced a little before `expires_in` seconds have passed since `asked_at`.

    Raises:
        AuthError: The answer is an OAuth error, whatever its status.
        Transient: It holds neither a token nor an error.
    """
    try:
        answer = Fields(payload, "kiotviet_token")
        if answer.has("error"):
            code = answer.trimmed("error")
            raise AuthError(text("kiotviet_refuses_client", code=code), remote="kiotviet")
        value = answer.required("access_token")
    except BadPayload as error:
        raise Transient(text("token_answer_odd", why=error.message)) from error
    lifetime = exact(answer.raw("expires_in"))
    seconds = float(lifetime) if lifetime is not None and lifetime > 0 else _ASSUMED_SECONDS
    return Token(value, asked_at + seconds - min(_LARGEST_MARGIN, seconds / 10))


def retailer_of(token: str) -> str | None:
    """The shop code in a token's claim `client_RetailerCode`; None for an opaque token. The signature is not checked.

    Source: observed, tokens of the production endpoint are JWTs.
    """
    try:
        part = token.split(".")[1]
        claims = decode(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return Fields(claims, "kiotviet_token").trimmed("client_retailercode") or None
    except (IndexError, ValueError, binascii.Error, BadPayload):
        return None
