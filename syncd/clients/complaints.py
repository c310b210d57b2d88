"""What a remote says when it refuses: its error code, its own sentence, and how long to wait. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from syncd.clients.dates import told_at
from syncd.clients.fields import Fields

LONGEST_WAIT_SECONDS: Final = 86_400.0
_LONGEST_TEXT: Final = 200
_DEEPEST: Final = 4
_PHONE = re.compile(r"(?<!\d)(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\d)")
_LONG_DIGITS = re.compile(r"\d{9,}")
_OPAQUE = re.compile(r"[A-Za-z0-9_+/=-]{20,}(?:\.[A-Za-z0-9_+/=-]{10,})*")
_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml)", re.IGNORECASE)


def complaint(payload: object) -> tuple[str, str]:
    """The error code and sentence in an answer; both empty where it carries none.

    Haravan's error body is not documented: clients read `errors` (text, list or object), `message` and `error`.
    KiotViet answers `{"responseStatus": {"errorCode", "message"}}`, rarely a flat `message` (observed).
    """
    if not isinstance(payload, dict):
        return "", ""
    answer = Fields(payload, "answer")
    status = answer.raw("responsestatus")
    inner = Fields(status if isinstance(status, dict) else {}, "answer")
    said = (inner.raw("message"), answer.raw("message"), answer.raw("errors"), answer.raw("error"))
    sentence = next((text for text in map(_flat, said) if text), "")
    return _flat(inner.raw("errorcode")), sentence


def _flat(value: object, depth: int = _DEEPEST) -> str:
    """The texts in a value of any shape, in one line; what lies deeper than any complaint is left out."""
    if isinstance(value, str):
        return " ".join(value.split())
    if depth and isinstance(value, list):
        return "; ".join(text for item in value[:5] if (text := _flat(item, depth - 1)))
    if depth and isinstance(value, dict):
        parts = ((key, _flat(item, depth - 1)) for key, item in list(value.items())[:5])
        return "; ".join(f"{key}: {text}" for key, text in parts if text)
    return ""


def excerpt(sentence: str, body: bytes, secrets: Sequence[str] = ()) -> str:
    """The remote's sentence, else the start of the body, without secrets, phone numbers and opaque tokens."""
    text = sentence or _start_of(body)
    for secret in secrets:
        text = text.replace(secret, "…") if secret else text
    if not sentence:
        text = _OPAQUE.sub("…", _LONG_DIGITS.sub("…", text))
    return _PHONE.sub("…", text)[:_LONGEST_TEXT]


def _start_of(body: bytes) -> str:
    text = body[: 4 * _LONGEST_TEXT].decode("utf-8", "replace")
    return "(HTML)" if _MARKUP.match(text) else " ".join(text.split())


def retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds of a `Retry-After` header (a number with a fraction, or an HTTP date); None where it says nothing."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _until(value, now)
    return min(seconds, LONGEST_WAIT_SECONDS) if math.isfinite(seconds) and seconds >= 0 else None


def _until(value: str, now: datetime) -> float:
    at = told_at(value)
    return math.nan if at is None else max(0.0, (at - now).total_seconds())
