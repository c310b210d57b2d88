"""The token of KiotViet: asked for rightly, kept, renewed once, and never shown."""

from __future__ import annotations

import base64
import json
import threading
from urllib.parse import parse_qs

import httpx
import pytest

from syncd.clients.auth import parse_token, retailer_of
from syncd.clients.budget import MemoryGetBudget
from syncd.clock import ManualClock
from syncd.errors import AuthError, RateLimited, SyncdError, Transient
from tests.clients.answers import SECRET, START, Script, answer, html, kiotviet, ok, sample


def jwt(**claims: str) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"header.{body}.signature"


ORDER = sample("kiotviet/order_get.json")


def test_the_token_is_asked_for_as_documented_and_kept() -> None:
    script = Script(ok(ORDER))
    client = kiotviet(script)
    client.order(1)
    client.order(1)
    (asked,) = script.token_requests
    assert parse_qs(asked.content.decode()) == {
        "scopes": ["PublicApi.Access"],
        "grant_type": ["client_credentials"],
        "client_id": ["client-0001"],
        "client_secret": [SECRET],
    }
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "retailer" not in asked.headers
    assert [request.headers["authorization"] for request in script.requests] == ["Bearer token-1"] * 2
    assert {request.headers["retailer"] for request in script.requests} == {"cuahangmau"}


def test_a_token_is_renewed_a_little_before_it_ends() -> None:
    clock = ManualClock(START)
    script = Script(ok(ORDER), tokens=[ok({"access_token": name, "expires_in": 100}) for name in ("a", "b")])
    client = kiotviet(script, clock)
    for wait in (0, 89, 2):
        clock.advance(wait)
        client.order(1)
    assert [request.headers["authorization"] for request in script.requests] == ["Bearer a", "Bearer a", "Bearer b"]


@pytest.mark.parametrize(
    ("expires_in", "kept"),
    [(86400, 86100), (100, 90), ("3600", 3300), (None, 3300), (-1, 3300), (True, 3300), ("x", 3300)],
)
def test_the_end_of_a_token_is_taken_from_its_answer(expires_in: object, kept: float) -> None:
    assert parse_token({"access_token": "t", "expires_in": expires_in}, 1000.0).renew_at == pytest.approx(1000 + kept)


@pytest.mark.parametrize(
    "refusal", [answer(401, {}), answer(401, None), answer(420, sample("kiotviet/token_exception.json"))]
)
def test_a_refused_token_is_renewed_once_and_the_call_repeated(refusal: httpx.Response) -> None:
    script = Script(refusal, ok(sample("kiotviet/order_created.json")))
    assert kiotviet(script).create_order({"branchId": 1001}).id == 4100001
    assert [request.headers["authorization"] for request in script.requests] == ["Bearer token-1", "Bearer token-2"]


def test_a_token_that_is_refused_twice_needs_a_person() -> None:
    script = Script(answer(401, {}))
    with pytest.raises(AuthError, match=r"kiotviet\.retailer, client_id"):
        kiotviet(script).order(1)
    assert len(script.requests) == 2
    assert len(script.token_requests) == 2


def test_recovery_needs_no_restart() -> None:
    script = Script(answer(401, {}), answer(401, {}), ok(ORDER))
    client = kiotviet(script)
    with pytest.raises(AuthError):
        client.order(1)
    assert client.order(1).id == 4100001


@pytest.mark.parametrize(
    ("token_answer", "error"),
    [
        (answer(400, sample("kiotviet/token_refused.json")), AuthError),
        (answer(200, sample("kiotviet/token_refused.json")), AuthError),
        (answer(401, {}), AuthError),
        (answer(404, {}), AuthError),
        (answer(500, {}), Transient),
        (html(200), Transient),
        (ok({}), Transient),
        (ok([]), Transient),
        (answer(429, {}), RateLimited),
    ],
)
def test_a_write_whose_token_could_not_be_had_did_nothing(
    token_answer: httpx.Response, error: type[SyncdError]
) -> None:
    script = Script(ok(ORDER), tokens=[token_answer] * 3)
    with pytest.raises(error) as raised:
        kiotviet(script).create_order({"branchId": 1001})
    assert script.requests == []
    assert SECRET not in str(raised.value)


def test_token_requests_are_neither_gets_nor_counted_calls() -> None:
    clock, calls = ManualClock(START), []
    budget = MemoryGetBudget(10, clock)
    script = Script(answer(500, {}), answer(401, {}), ok(ORDER))
    client = kiotviet(script, clock, budget=budget, on_call=lambda remote, write: calls.append((remote, write)))
    client.order(1)
    client.cancel_order(1)
    assert budget.left() == 7
    assert calls == [("kiotviet", False)] * 3 + [("kiotviet", True)]


def test_many_threads_that_are_refused_together_fetch_one_token() -> None:
    gate = threading.Barrier(4, timeout=10)

    def refuse_old(request: httpx.Request) -> httpx.Response:
        if request.headers["authorization"] == "Bearer token-1":
            gate.wait()
            return answer(401, {})
        return ok(ORDER)

    script = Script(refuse_old)
    client = kiotviet(script)
    threads = [threading.Thread(target=client.order, args=(1,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(script.token_requests) == 2
    assert len(script.requests) == 8


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (jwt(client_RetailerCode="cuahangmau", client_id="x"), "cuahangmau"),
        (jwt(client_id="x"), None),
        ("opaque", None),
        ("a.b.c", None),
        ("a.!!!.c", None),
        ("", None),
        (jwt() + ".", None),
    ],
)
def test_the_shop_code_is_read_from_a_token_that_shows_it(token: str, code: str | None) -> None:
    assert retailer_of(token) == code


def test_the_client_tells_the_shop_code_of_its_token() -> None:
    script = Script(ok({}), tokens=[ok({"access_token": jwt(client_RetailerCode="khac"), "expires_in": 9})])
    assert kiotviet(script).retailer_code() == "khac"


def test_a_token_never_shows_itself() -> None:
    assert "secret-token" not in repr(parse_token({"access_token": "secret-token"}, 0.0))
