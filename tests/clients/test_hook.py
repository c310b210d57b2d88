"""Alerts by a generic webhook, against a real HTTP server that checks the signature as a receiver would."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from syncd.clients.hook import MESSAGE_ID, SIGNATURE, HookChannel
from syncd.clients.posting import open_http
from syncd.clock import SystemClock
from syncd.core.messages import Message, Row
from syncd.errors import RateLimited, Rejected, SyncdError, Transient
from tests.clients.http_servers import Answering, Posted, http_server

SECRET = "chu-ky-cua-shop"
AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
ROW = Row("held:1", "held", "warning", "bị tạm giữ", "Làm theo lý do", AT, order="#100020")
MESSAGE = Message(
    "abc123", "concerns", "shopmau", AT, "[shopmau] có đơn hàng bị tạm giữ", "CẢNH BÁO", "https://s.vn", (ROW,)
)


@pytest.fixture
def receiver() -> Iterator[Answering]:
    with http_server() as server:
        yield server


@pytest.fixture
def hook(receiver: Answering) -> Iterator[HookChannel]:
    channel = HookChannel(open_http(), f"{receiver.url}/keys/in/the/path", SECRET, SystemClock())
    yield channel
    channel.close()


def refusal(hook: HookChannel) -> SyncdError:
    with pytest.raises(SyncdError) as refused:
        hook.send(MESSAGE)
    assert SECRET not in str(refused.value)
    assert "keys/in/the/path" not in str(refused.value)
    assert refused.value.__cause__ is None
    return refused.value


def is_genuine(posted: Posted) -> bool:
    expected = "sha256=" + hmac.new(SECRET.encode(), posted.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(posted.headers[SIGNATURE.lower()], expected)


def test_the_body_holds_what_the_manual_promises(receiver: Answering, hook: HookChannel) -> None:
    receiver.answer(204, b"")
    assert hook.send(MESSAGE) is None
    (posted,) = receiver.posted
    assert posted.path == "/keys/in/the/path"
    assert posted.headers["content-type"] == "application/json; charset=utf-8"
    assert posted.json == {
        "id": "abc123",
        "event": "concerns",
        "shop": "shopmau",
        "at": "2026-11-26T03:00:00+00:00",
        "subject": "[shopmau] có đơn hàng bị tạm giữ",
        "text": "CẢNH BÁO",
        "page_url": "https://s.vn",
        "concerns": [
            {
                "key": "held:1",
                "kind": "held",
                "level": "warning",
                "cause": "bị tạm giữ",
                "remedy": "Làm theo lý do",
                "since": "2026-11-26T03:00:00+00:00",
                "order": "#100020",
                "sku": None,
            }
        ],
    }


def test_a_receiver_can_prove_who_sent_it_and_that_it_came_before(receiver: Answering, hook: HookChannel) -> None:
    hook.send(MESSAGE)
    hook.send(MESSAGE)
    first, second = receiver.posted
    assert is_genuine(first)
    assert first.headers[MESSAGE_ID.lower()] == second.headers["idempotency-key"] == "abc123"
    assert not is_genuine(Posted(first.path, first.headers, first.body.replace(b"warning", b"error")))


def test_without_a_secret_nothing_is_signed(receiver: Answering) -> None:
    plain = HookChannel(open_http(), receiver.url, "", SystemClock())
    plain.send(MESSAGE)
    plain.close()
    assert SIGNATURE.lower() not in receiver.posted[0].headers


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (301, Rejected, "refused the message (301"),
        (400, Rejected, "(400 bad)"),
        (401, Rejected, "secret_file"),
        (403, Rejected, "secret_file"),
        (404, Rejected, "(404"),
        (408, Transient, "answered 408"),
        (500, Transient, "answered 500"),
        (503, Transient, "tries again later"),
    ],
)
def test_each_status_has_its_meaning(
    receiver: Answering, hook: HookChannel, status: int, kind: type[SyncdError], said: str
) -> None:
    receiver.answer(status, b"bad")
    error = refusal(hook)
    assert type(error) is kind
    assert said in str(error)


def test_a_receiver_that_says_wait_is_heard(receiver: Answering, hook: HookChannel) -> None:
    receiver.answer(429, b"", Retry_After="90")
    error = refusal(hook)
    assert isinstance(error, RateLimited)
    assert error.retry_after_seconds == 90


def test_a_receiver_that_is_down_is_named_by_host_alone(hook: HookChannel) -> None:
    gone = HookChannel(open_http(), "http://127.0.0.1:1/keys/in/the/path", SECRET, SystemClock())
    error = refusal(gone)
    gone.close()
    assert isinstance(error, Transient)
    assert "127.0.0.1:1 cannot be reached (Connection refused)" in str(error)
