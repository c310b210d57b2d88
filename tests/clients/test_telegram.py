"""Alerts by Telegram, against a real HTTP server with the Bot API's own answers."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from syncd.clients import posting
from syncd.clients.posting import open_http
from syncd.clients.telegram import LONGEST, TelegramChannel, cut
from syncd.clock import SystemClock
from syncd.core.messages import Message
from syncd.errors import AuthError, RateLimited, Rejected, SyncdError, Transient
from tests.clients.http_servers import Answering, http_server

TOKEN = "123456789:AAFbot-token_that-nobody-may-see"
MESSAGE = Message("1", "concerns", "shopmau", datetime(2026, 11, 26, tzinfo=UTC), "[shopmau] có việc", "CẢNH BÁO: …")


@pytest.fixture
def api() -> Iterator[Answering]:
    with http_server() as server:
        yield server


@pytest.fixture
def bot(api: Answering) -> Iterator[TelegramChannel]:
    channel = TelegramChannel(open_http(), api.url, TOKEN, "-1001234567890", SystemClock())
    yield channel
    channel.close()


def refusal(bot: TelegramChannel) -> SyncdError:
    with pytest.raises(SyncdError) as refused:
        bot.send(MESSAGE)
    error = refused.value
    told = "".join(traceback.format_exception(error)) + repr(error) + error.said("vi")
    assert TOKEN not in told
    assert "AAFbot" not in told
    return error


def test_a_message_is_sent_as_plain_text_to_the_chat(api: Answering, bot: TelegramChannel) -> None:
    assert bot.send(MESSAGE) is None
    (posted,) = api.posted
    assert posted.path == f"/bot{TOKEN}/sendMessage"
    assert posted.json == {
        "chat_id": "-1001234567890",
        "text": "[shopmau] có việc\n\nCẢNH BÁO: …",
        "link_preview_options": {"is_disabled": True},
    }


@pytest.mark.parametrize(
    ("status", "answer", "kind", "said"),
    [
        (401, {"ok": False, "error_code": 401, "description": "Unauthorized"}, AuthError, "@BotFather"),
        (404, {"ok": False, "error_code": 404, "description": "Not Found"}, AuthError, "token_file"),
        (
            400,
            {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"},
            Rejected,
            "(Bad Request: chat not found): send the bot a message first",
        ),
        (
            403,
            {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"},
            Rejected,
            "bot was blocked by the user",
        ),
        (
            400,
            {
                "ok": False,
                "error_code": 400,
                "description": "Bad Request: group chat was upgraded to a supergroup chat",
                "parameters": {"migrate_to_chat_id": -1009876543210},
            },
            Rejected,
            "set alerts.telegram.chat_id to -1009876543210",
        ),
        (500, {"ok": False, "error_code": 500, "description": "Internal Server Error"}, Transient, "answered 500"),
        (502, b"<html><body>502 Bad Gateway</body></html>", Transient, "answered 502 (HTML)"),
        (400, b"\xff\xfe", Rejected, "(400)"),
        (400, [1, 2], Rejected, "(400)"),
        (302, b"", Rejected, "302"),
    ],
)
def test_each_answer_of_the_api_has_its_meaning(
    api: Answering, bot: TelegramChannel, status: int, answer: Any, kind: type[SyncdError], said: str
) -> None:
    api.answer(status, answer)
    error = refusal(bot)
    assert type(error) is kind
    assert said in str(error)


def test_a_wait_that_telegram_asks_for_is_passed_on(api: Answering, bot: TelegramChannel) -> None:
    parameters = {"retry_after": 35}
    api.answer(429, {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": parameters})
    error = refusal(bot)
    assert isinstance(error, RateLimited)
    assert error.retry_after_seconds == 35
    api.answer(429, b"slow down", retry_after="7")
    error = refusal(bot)
    assert isinstance(error, RateLimited)
    assert error.retry_after_seconds == 7


def test_an_api_that_is_down_or_silent_is_tried_later(
    api: Answering, bot: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = TelegramChannel(open_http(), "http://127.0.0.1:1", TOKEN, "1", SystemClock())
    error = refusal(nobody)
    assert isinstance(error, Transient)
    assert "Telegram cannot be reached (Connection refused)" in str(error)
    nobody.close()
    monkeypatch.setattr(posting, "_TIMEOUT", httpx.Timeout(0.1))
    api.hold = threading.Event()
    error = refusal(bot)
    api.hold.set()
    assert isinstance(error, Transient)
    assert "did not answer in time" in str(error)


def test_an_answer_without_an_end_is_left(api: Answering, bot: TelegramChannel) -> None:
    api.answer(200, b"x" * 5_000_000)
    bot.send(MESSAGE)


@pytest.mark.parametrize("letter", ["a", "ệ", "🛒"])
def test_what_is_too_long_is_cut_to_what_telegram_takes(letter: str) -> None:
    line = letter * 60
    words = "\n".join([line] * 200)
    kept = cut(words)
    assert len(kept.encode("utf-16-le")) // 2 <= LONGEST
    assert set(kept.splitlines()) == {line, "…"}, "cut between two lines"
    one = cut(letter * 5000)
    assert LONGEST - 2 <= len(one.encode("utf-16-le")) // 2 <= LONGEST
    assert cut(line) == line
