"""The pages that both systems call, over loopback: always 200, and only what is genuine leaves a hint."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.routing import BaseRoute

from syncd.clock import ManualClock
from syncd.config import Secret, WebhookSettings
from syncd.cycles.hints import Hints
from syncd.errors import Unusable
from syncd.web import webhooks
from syncd.web.listener import Listener
from syncd.web.webhooks import LARGEST_BODY, Inbox
from tests.daemon.conftest import Said
from tests.daemon.kit import until
from tests.rig import START
from tests.web.senders import (
    HARAVAN_SECRET,
    KIOTVIET_SECRET,
    VERIFY_TOKEN,
    Sender,
    kiotviet_payload,
    stock_update,
)

SETTINGS = WebhookSettings("127.0.0.1", 0, Secret(HARAVAN_SECRET), Secret(VERIFY_TOKEN), Secret(KIOTVIET_SECRET))


class Post:
    """An inbox behind a real port, and a sender that calls it."""

    def __init__(self, settings: WebhookSettings = SETTINGS) -> None:
        self.hints, self.clock = Hints(), ManualClock(START)
        self.inbox = Inbox(settings, self.hints, self.clock)
        self.listener = Listener(settings.host, settings.port, "webhooks.listen")
        self.listener.serve(self.inbox.routes())
        self.send = Sender(self.listener.url)

    def close(self) -> None:
        self.send.close()
        self.listener.stop()

    def untouched(self) -> bool:
        return not (self.hints.has_products() or self.hints.wants("orders") or self.hints.wants("stock"))


@pytest.fixture
def post(said: Said) -> Iterator[Post]:
    made = Post()
    yield made
    made.close()


def is_plain_200(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.content) == (200, b"") and "server" not in answer.headers


# --- what is genuine -------------------------------------------------------------------------------------------------


def test_a_change_of_stock_becomes_a_hint_about_its_products(post: Post) -> None:
    assert is_plain_200(post.send.kiotviet(stock_update(7, 8)))
    assert (post.hints.wants("stock"), post.hints.wants("orders")) == (True, False)
    assert post.hints.take_products() == {7: "webhook stock.update", 8: "webhook stock.update"}


def test_an_invoice_becomes_a_hint_about_its_products_and_about_orders(post: Post) -> None:
    document = {"Id": 1, "Code": "HD000501", "InvoiceDetails": [{"ProductId": 7}]}
    assert is_plain_200(post.send.kiotviet(kiotviet_payload("invoice.update", document), prefix="sha1="))
    assert post.hints.wants("orders")
    assert post.hints.take_products() == {7: "webhook invoice.update"}


def test_an_order_of_haravan_becomes_a_hint_about_orders(post: Post) -> None:
    assert is_plain_200(post.send.haravan("orders/updated"))
    assert (post.hints.wants("orders"), post.hints.wants("stock")) == (True, False)


def test_what_names_nothing_is_taken_and_changes_nothing(post: Post) -> None:
    assert is_plain_200(post.send.haravan("inventorylocationbalances/update", {"variant_id": 5}))
    assert is_plain_200(post.send.kiotviet(kiotviet_payload("customer.update", {"Id": 5})))
    assert post.untouched()
    assert (post.inbox.heard, post.inbox.refused.total()) == ({"haravan": 1, "kiotviet": 1}, 0)


def test_the_first_genuine_webhook_of_each_side_is_told_once(post: Post, said: Said) -> None:
    for _ in range(3):
        post.send.haravan("orders/updated")
        post.send.kiotviet(stock_update(7))
    assert sorted(line["remote"] for line in said("webhook_arrived")) == ["haravan", "kiotviet"]


def test_a_slash_at_the_end_is_no_other_page(post: Post) -> None:
    assert is_plain_200(post.send.http.post("/webhooks/kiotviet/", content=b"{}"))
    assert post.inbox.refused["kiotviet"] == 1


# --- what is not -----------------------------------------------------------------------------------------------------


def test_whatever_is_not_signed_is_answered_the_same_and_changes_nothing(post: Post, said: Said) -> None:
    answers = [
        post.send.kiotviet(stock_update(7), secret="somebody else's"),
        post.send.haravan("orders/updated", secret=KIOTVIET_SECRET),
        post.send.kiotviet(b"{garbage"),
        post.send.kiotviet(b"[1, 2]"),
        post.send.http.post("/webhooks/kiotviet", content=b"Nguyen Van Mau 0912345678"),
        post.send.http.post("/webhooks/haravan"),
        post.send.http.put("/webhooks/haravan", content=b"{}"),
        post.send.http.delete("/webhooks/kiotviet"),
        post.send.http.options("/webhooks/kiotviet"),
        post.send.http.request("BREW", "/webhooks/kiotviet"),
    ]
    assert all(is_plain_200(answer) for answer in answers)
    assert post.untouched()
    assert post.inbox.refused == {"kiotviet": 7, "haravan": 3}
    assert post.inbox.heard.total() == 0
    assert "Nguyen" not in str(said(""))
    assert "0912345678" not in str(said(""))


def test_refusals_are_told_once_a_minute_with_how_many_there_were(post: Post, said: Said) -> None:
    for _ in range(20):
        post.send.http.post("/webhooks/kiotviet")
    post.clock.advance(59)
    post.send.http.post("/webhooks/haravan")
    (line,) = said("webhook_refused")
    assert (line["remote"], line["reason"], line["count"]) == ("kiotviet", "unsigned", 1)
    post.clock.advance(1)
    post.send.kiotviet(stock_update(7), secret="wrong")
    line = said("webhook_refused")[-1]
    assert (line["reason"], line["count"], len(said("webhook_refused"))) == ("wrong_signature", 21, 2)


def test_a_side_without_a_secret_believes_nothing(said: Said) -> None:
    post = Post(replace(SETTINGS, kiotviet_secret=None))
    try:
        assert is_plain_200(post.send.kiotviet(stock_update(7), secret=""))
        assert is_plain_200(post.send.kiotviet(stock_update(7)))
        assert post.untouched()
        assert said("webhook_refused")[0]["reason"] == "not_configured"
        post.send.haravan("orders/create")
        assert post.hints.wants("orders")
    finally:
        post.close()


def test_a_body_up_to_the_limit_is_read_and_a_longer_one_is_not(post: Post) -> None:
    fitting = b'{"Notifications": []' + b" " * (LARGEST_BODY - 21) + b"}"
    assert is_plain_200(post.send.kiotviet(fitting))
    assert (len(fitting), post.inbox.heard["kiotviet"]) == (LARGEST_BODY, 1)
    assert is_plain_200(post.send.kiotviet(fitting + b" "))
    assert is_plain_200(post.send.kiotviet(b"[" * (5 * LARGEST_BODY)))
    assert post.inbox.refused["kiotviet"] == 2
    assert is_plain_200(post.send.kiotviet(stock_update(7)))
    assert post.hints.has_products()


def test_what_is_too_long_is_not_kept_in_memory() -> None:
    chunk = bytes(LARGEST_BODY)
    messages = [{"type": "http.request", "body": chunk, "more_body": left > 0} for left in reversed(range(50))]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    tracemalloc.start()
    try:
        assert asyncio.run(webhooks._body(Request({"type": "http", "method": "POST"}, receive))) is None
        assert tracemalloc.get_traced_memory()[1] < 10 * LARGEST_BODY
    finally:
        tracemalloc.stop()
    assert messages == []


def test_a_body_that_does_not_come_to_its_end_is_answered_in_time(
    post: Post, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "PATIENCE_SECONDS", 0.1)
    with socket.create_connection((post.listener.host, post.listener.port), timeout=5) as line:
        line.sendall(b"POST /webhooks/kiotviet HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        heard = b"".join(iter(lambda: line.recv(1000), b""))
    assert heard.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"connection: close" in heard.lower()
    assert said("webhook_refused")[0]["reason"] == "not_read"


def test_a_caller_that_hangs_up_is_no_trouble(post: Post, said: Said) -> None:
    with socket.create_connection((post.listener.host, post.listener.port), timeout=5) as line:
        line.sendall(b"POST /webhooks/kiotviet HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    until(lambda: post.inbox.refused["kiotviet"] == 1)
    assert is_plain_200(post.send.kiotviet(stock_update(7)))
    assert not [line for line in said("") if line["level"] == "error"]


def test_what_is_no_http_fills_no_log(post: Post, said: Said) -> None:
    with socket.create_connection((post.listener.host, post.listener.port), timeout=5) as line:
        line.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        assert b"400" in line.recv(1000)
    assert [line["event"] for line in said("")] == ["listener_opened"]


# --- handshake and the rest ------------------------------------------------------------------------------------------


def test_the_handshake_is_answered_to_who_knows_the_token(post: Post) -> None:
    good = post.send.handshake(VERIFY_TOKEN)
    assert (good.status_code, good.text) == (200, "1158201444")
    assert good.headers["content-type"].startswith("text/plain")
    bad = post.send.handshake("guess")
    assert (bad.status_code, bad.content) == (401, b"")
    assert post.untouched()


def test_without_a_verify_token_no_handshake_succeeds(said: Said) -> None:
    post = Post(replace(SETTINGS, haravan_verify_token=None))
    try:
        assert post.send.handshake("").status_code == 401
        assert post.send.handshake("None").status_code == 401
    finally:
        post.close()


def test_who_only_looks_is_told_nothing(post: Post) -> None:
    for page in ("/webhooks/haravan", "/webhooks/kiotviet"):
        assert is_plain_200(post.send.http.get(page))
        assert is_plain_200(post.send.http.head(page))
    assert post.send.http.get("/").status_code == 404
    assert post.send.http.get("/webhooks").status_code == 404
    assert post.inbox.refused.total() == 0


# --- floods ----------------------------------------------------------------------------------------------------------


def test_a_flood_is_answered_and_wakes_once(post: Post) -> None:
    woken = []
    post.hints.wake = lambda: woken.append(1)
    products = count(1)
    for _ in range(200):
        assert is_plain_200(post.send.kiotviet(stock_update(*(next(products) for _ in range(50)))))
    assert len(woken) == 1
    assert len(post.hints.take_products()) == 1000


# --- the listener ----------------------------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_named_with_what_to_do(post: Post) -> None:
    with pytest.raises(Unusable, match=rf"webhooks\.listen: .*127\.0\.0\.1:{post.listener.port}: another program"):
        Listener("127.0.0.1", post.listener.port, "webhooks.listen")


def test_an_address_of_another_machine_is_named() -> None:
    with pytest.raises(Unusable, match="has no such address"):
        Listener("192.0.2.1", 8643, "webhooks.listen")


def test_it_stops_in_time_also_while_somebody_is_talking(said: Said) -> None:
    post = Post()
    with socket.create_connection((post.listener.host, post.listener.port), timeout=5) as line:
        line.sendall(b"POST /webhooks/kiotviet HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        post.send.kiotviet(stock_update(7))
        post.close()
        assert not post.listener._thread.is_alive()
        assert line.recv(1000).startswith(b"HTTP/1.1 200 OK\r\n")
    assert not [line for line in said("") if line["level"] == "error"], "the server had to be waited for"
    Listener("127.0.0.1", post.listener.port, "webhooks.listen").stop()


def test_a_listener_that_never_started_gives_its_port_back() -> None:
    listener = Listener("127.0.0.1", 0, "webhooks.listen")
    listener.stop()
    Listener("127.0.0.1", listener.port, "webhooks.listen").stop()


def test_what_is_answered_can_be_exchanged_without_closing_the_port(post: Post) -> None:
    other: list[BaseRoute] = []
    post.listener.serve(other)
    assert post.send.http.get("/webhooks/haravan").status_code == 404
    post.listener.serve(post.inbox.routes())
    assert is_plain_200(post.send.http.get("/webhooks/haravan"))


def test_it_listens_on_the_other_loopback_too() -> None:
    try:
        listener = Listener("::1", 0, "webhooks.listen")
    except Unusable:
        pytest.skip("this machine has no IPv6")
    assert listener.url == f"http://[::1]:{listener.port}"
    listener.stop()


def test_a_daemon_without_webhooks_loads_no_web_server() -> None:
    code = (
        "import sys, types, syncd.cli.run, syncd.cli.check, syncd.daemon.door as door;"
        "door.Door(types.SimpleNamespace(webhooks=None, status=None)).open(None);"
        "print([name for name in ('uvicorn', 'starlette', 'jinja2', 'syncd.web.listener') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout.strip() == "[]"
