"""The door: tokens for those who know the secret, and so many GETs an hour for those with a token."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections import deque
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from syncd.sandbox.http import Request, Response
from syncd.sandbox.kiotviet.books import Books
from syncd.sandbox.kiotviet.refusals import Refused, unauthorized
from syncd.sandbox.kiotviet.wire import Payload

GETS_PER_HOUR = 5000
USED_BY_OTHERS = 4000
HOUR = timedelta(hours=1)


class Door:
    """Issues and checks the tokens of one shop, and counts its GETs over a rolling hour."""

    def __init__(self, books: Books, retailer: str, client_id: str, client_secret: str) -> None:
        """Open for one shop code and one pair of credentials."""
        self.retailer = retailer
        self.client_id = client_id
        self.client_secret = client_secret
        self.open = True
        self._books = books
        self._tokens: dict[str, datetime] = {}
        self._issued = 0
        self._gets: deque[float] = deque()

    def issue(self, request: Request) -> Response:
        """Answer POST /connect/token."""
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        if form.get("grant_type") != "client_credentials":
            return Response.of_json({"error": "unsupported_grant_type"}, 400)
        known = (form.get("client_id"), form.get("client_secret")) == (self.client_id, self.client_secret)
        if not (known and self.open):
            return Response.of_json({"error": "invalid_client"}, 400)
        life = int(self._books.switches.token_life)
        token = self._new_token(life)
        answer = {"access_token": token, "expires_in": life, "token_type": "Bearer", "scope": "PublicApi.Access"}
        return Response.of_json(answer)

    def expire_all(self) -> None:
        """Make every token that was given out worthless."""
        self._tokens.clear()

    def check(self, request: Request) -> None:
        """Let a request pass.

        Raises:
            Refused: The token or the shop code is missing or wrong.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        expires_at = self._tokens.get(token.strip())
        if scheme.lower() != "bearer" or expires_at is None or expires_at <= self._books.now():
            raise unauthorized("Token không hợp lệ hoặc đã hết hạn")
        if request.headers.get("retailer", "").strip().lower() != self.retailer.lower():
            raise unauthorized("Retailer không hợp lệ")

    def count(self, request: Request) -> None:
        """Count a GET.

        Raises:
            Refused: The hourly budget is spent.
        """
        if request.method != "GET":
            return
        now = self._books.clock.monotonic()
        while self._gets and self._gets[0] <= now - HOUR.total_seconds():
            self._gets.popleft()
        others = USED_BY_OTHERS if self._books.switches.shared_budget == "shared" else 0
        if len(self._gets) + others >= GETS_PER_HOUR:
            raise self._rate_limited(now)
        self._gets.append(now)

    def _rate_limited(self, now: float) -> Refused:
        status = int(self._books.switches.rate_limit_answer)
        oldest = self._gets[0] if self._gets else now
        wait = max(1, math.ceil(oldest + HOUR.total_seconds() - now))
        headers = {
            "retry-after": str(wait),
            "x-ratelimit-requestcount": str(len(self._gets)),
            "x-ratelimit-limit": str(GETS_PER_HOUR),
        }
        return Refused("", "RateLimited", status=status, headers=headers if status == 429 else None)

    def _new_token(self, life: int) -> str:
        now = self._books.now()
        self._issued += 1
        claims = {
            "nbf": int(now.timestamp()),
            "exp": int(now.timestamp()) + life,
            "client_id": self.client_id,
            "client_RetailerCode": self.retailer,
            "client_RetailerId": str(self._books.retailer_id),
            "client_UserId": "1351773",
            "client_SensitiveApi": "True",
            "scope": ["PublicApi.Access"],
            "jti": f"{self._issued:08d}",
        }
        token = _jwt(claims)
        self._tokens[token] = now + timedelta(seconds=life)
        return token


def _jwt(claims: Payload) -> str:
    head = _encoded(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    body = _encoded(json.dumps(claims).encode())
    return f"{head}.{body}.{_encoded(hashlib.sha256(f'{head}.{body}'.encode()).digest())}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
