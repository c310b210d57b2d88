"""Alerts by a generic webhook: one POST of JSON per message, signed where the admin chose a secret.

The body's keys and the two headers are public; config.example.yaml documents them.
"""

from __future__ import annotations

import hmac
import json
from urllib.parse import urlsplit

import httpx

from syncd.clients.posting import Post
from syncd.clock import Clock
from syncd.core.messages import Message, Row
from syncd.core.texts import Text, text
from syncd.errors import Rejected

SIGNATURE = "X-Syncd-Signature"
MESSAGE_ID = "X-Syncd-Message-Id"


class HookChannel:
    """One address that takes messages; a receiver that gets an id again has that message already."""

    name = "webhook"

    def __init__(self, http: httpx.Client, url: str, secret: str, clock: Clock) -> None:
        """Send nothing yet; an empty `secret` means no signature."""
        self._secret = secret
        self._http = http
        self._post = Post(http, url, urlsplit(url).netloc, clock)

    def send(self, message: Message) -> Text | None:
        """Deliver one message.

        Raises:
            Transient, RateLimited: It was not taken now.
            Rejected: The receiver does not want it.
        """
        body = body_of(message)
        headers = {MESSAGE_ID: message.id, "Idempotency-Key": message.id}
        if self._secret:
            headers[SIGNATURE] = signature(body, self._secret)
        reply = self._post(body, headers)
        if reply.status in (401, 403):
            refused = text("hook_secret", where=self._post.where, status=reply.status)
            raise Rejected(refused, status=reply.status)
        self._post.judge(reply, self._secret)
        return None

    def close(self) -> None:
        """Close the connection."""
        self._http.close()


def body_of(message: Message) -> bytes:
    """A message as JSON in UTF-8."""
    body = {
        "id": message.id,
        "event": message.event,
        "shop": message.shop,
        "at": message.at.isoformat(),
        "subject": message.subject,
        "text": message.text,
        "page_url": message.page_url or None,
        "concerns": [_row(row) for row in message.rows],
    }
    return json.dumps(body, ensure_ascii=False).encode("utf-8")


def signature(body: bytes, secret: str) -> str:
    """What the receiver compares with its own HMAC-SHA256 of the raw body."""
    return "sha256=" + hmac.digest(secret.encode(), body, "sha256").hex()


def _row(row: Row) -> dict[str, object]:
    return {
        "key": row.key,
        "kind": row.kind,
        "level": row.level,
        "cause": row.cause,
        "remedy": row.remedy,
        "since": row.since.isoformat(),
        "order": row.order or None,
        "sku": row.sku or None,
    }
