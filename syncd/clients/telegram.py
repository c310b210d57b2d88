"""Alerts by a Telegram bot: sendMessage of the Bot API, in plain text.

The bot's token is part of the address, so that no error may hold the address, not even as its cause.
Source: core.telegram.org/bots/api, "Making requests", "sendMessage", "ResponseParameters".
"""

from __future__ import annotations

import json

import httpx

from syncd.clients.decoding import decode
from syncd.clients.fields import Fields, exact
from syncd.clients.posting import Post, Reply
from syncd.clock import Clock
from syncd.core.messages import Message
from syncd.core.texts import Text, text
from syncd.errors import AuthError, RateLimited, Rejected

LONGEST = 4096
"""Characters of a message; counted in UTF-16, as Telegram counts."""

_REST = "\n…"
_WHERE = "Telegram"


class TelegramChannel:
    """One bot that writes into one chat."""

    name = "telegram"

    def __init__(self, http: httpx.Client, base_url: str, token: str, chat_id: str, clock: Clock) -> None:
        """Send nothing yet."""
        self._token, self._chat_id, self._http = token, chat_id, http
        self._post = Post(http, f"{base_url}/bot{token}/sendMessage", _WHERE, clock)

    def send(self, message: Message) -> Text | None:
        """Deliver one message; Telegram knows no ids of ours, so that one whose answer was lost may come twice.

        Raises:
            Transient, RateLimited: It was not taken now.
            AuthError: The token is not a bot's.
            Rejected: The bot may not write to this chat.
        """
        body = {
            "chat_id": self._chat_id,
            "text": cut(f"{message.subject}\n\n{message.text}"),
            "link_preview_options": {"is_disabled": True},
        }
        reply = self._post(json.dumps(body, ensure_ascii=False).encode("utf-8"), {})
        if reply.status != 200:
            self._refuse(reply)
        return None

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _refuse(self, reply: Reply) -> None:
        said, answer = _answer(reply)
        parameters = answer.raw("parameters")
        more = Fields(parameters if isinstance(parameters, dict) else {}, _WHERE)
        wait, moved_to = exact(more.raw("retry_after")), exact(more.raw("migrate_to_chat_id"))
        if reply.status == 429 and wait is not None and wait >= 0:
            raise RateLimited(text("channel_limited", where=_WHERE, seconds=int(wait)), float(wait))
        # 404 is the answer to a token that is none; 401 to one that was revoked
        if reply.status in (401, 404):
            raise AuthError(text("telegram_token"), remote=_WHERE)
        if moved_to is not None:
            raise Rejected(text("telegram_moved", chat=str(int(moved_to))), status=reply.status)
        if reply.status in (400, 403):
            raise Rejected(text("telegram_chat", why=said or str(reply.status)), status=reply.status)
        self._post.judge(reply, self._token)


def cut(words: str) -> str:
    """What fits into one message, cut at the end of a line where there is one."""
    if _units(words) <= LONGEST:
        return words
    room = LONGEST - _units(_REST)
    kept = words.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore")
    line = kept.rfind("\n")
    return (kept[:line] if line > len(kept) // 2 else kept) + _REST


def _units(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


def _answer(reply: Reply) -> tuple[str, Fields]:
    """Telegram's own sentence and its whole answer; a proxy's page is neither."""
    try:
        payload = decode(reply.body)
    except ValueError:
        payload = {}
    answer = Fields(payload if isinstance(payload, dict) else {}, _WHERE)
    said = answer.raw("description")
    return (" ".join(said.split())[:200] if isinstance(said, str) else ""), answer
