"""Both systems as callers: they sign and send, as a third party does."""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any

import httpx

HARAVAN_SECRET, KIOTVIET_SECRET, VERIFY_TOKEN = "haravan-signs-with-this", "TWF1LW1vdC1iaS1tYXQ=", "verify-me"


def stock_update(*product_ids: int) -> dict[str, Any]:
    """KiotViet's payload for a change of stock."""
    return kiotviet_payload("stock.update", *({"ProductId": key, "OnHand": 5} for key in product_ids))


def kiotviet_payload(action: str, *data: dict[str, Any]) -> dict[str, Any]:
    notification = {"Action": f"{action}.500000001", "Data": list(data)}
    return {"Id": "4f0f2c52", "Attempt": 1, "Notifications": [notification]}


class Sender:
    """Sends to one listener; every answer is kept."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=10, trust_env=False)

    def close(self) -> None:
        self.http.close()

    def kiotviet(self, payload: Any, *, secret: str = KIOTVIET_SECRET, prefix: str = "sha256=") -> httpx.Response:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        signature = hmac.digest(secret.encode(), body, "sha256").hex()
        return self.http.post("/webhooks/kiotviet", content=body, headers={"X-Hub-Signature": prefix + signature})

    def haravan(self, topic: str, payload: Any = None, *, secret: str = HARAVAN_SECRET) -> httpx.Response:
        body = json.dumps(payload or {"id": 1, "order_number": "#100001"}).encode()
        signature = base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()
        headers = {"X-Haravan-Topic": topic, "X-Haravan-Org-Id": "1000", "X-Haravan-HmacSha256": signature}
        return self.http.post("/webhooks/haravan", content=body, headers=headers)

    def handshake(self, token: str) -> httpx.Response:
        query = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "1158201444"}
        return self.http.get("/webhooks/haravan", params=query)
