"""A share of what `python -m tests.fuzz` tries: any single damage at every endpoint, and whole shops in bad weather."""

from __future__ import annotations

import base64
import hmac
import json
import os
import random
from pathlib import Path

import pytest

from syncd.clients.webhooks import Heard, from_haravan, from_kiotviet
from syncd.sandbox.http import Response
from tests.fuzz.damage import damaged
from tests.fuzz.days import play
from tests.fuzz.windows import storm
from tests.web.senders import HARAVAN_SECRET, KIOTVIET_SECRET, kiotviet_payload, stock_update

SEEDS = int(os.environ.get("SYNCD_FUZZ_SEEDS", "6"))
"""How many damaged answers each endpoint gives; more by hand."""


def test_whatever_an_endpoint_answers_is_read_refused_or_held() -> None:
    assert storm(range(SEEDS)).faults == {}


@pytest.mark.parametrize(("seed", "share", "lies"), [(0, 0.3, False), (3, 0.1, True)])
def test_a_shop_in_bad_weather_comes_to_rest_as_in_fair(tmp_path: Path, seed: int, share: float, lies: bool) -> None:
    days = play(seed, tmp_path, share, lies=lies)
    assert days.weather.done
    assert days.faults == []


DELIVERIES = (
    stock_update(7, 8),
    kiotviet_payload("invoice.update", {"Id": 3, "InvoiceDetails": [{"ProductId": 7, "Quantity": 1}]}),
    kiotviet_payload("order.update", {"Id": 3, "OrderDetails": [{"ProductId": 7}, {"ProductId": 9}]}),
)


def test_whatever_a_webhook_says_names_products_that_there_may_be_or_nothing() -> None:
    heard = 0
    for seed in range(60 * SEEDS):
        rng = random.Random(seed)
        body = damaged(rng, Response(200, json.dumps(rng.choice(DELIVERIES)).encode())).response.body
        signed = hmac.digest(KIOTVIET_SECRET.encode(), body, "sha256").hex()
        found = from_kiotviet({"X-Hub-Signature": f"sha256={signed}"}, body, KIOTVIET_SECRET)
        if isinstance(found, Heard):
            heard += 1
            assert all(0 < key < 2**63 for ids in found.products.values() for key in ids)
        seal = base64.b64encode(hmac.digest(HARAVAN_SECRET.encode(), body, "sha256")).decode()
        from_haravan({"X-Haravan-HmacSha256": seal, "X-Haravan-Topic": "orders/create"}, body, HARAVAN_SECRET)
    assert heard
