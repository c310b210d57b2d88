"""What may not be read in a log: secrets, and whatever tells who a customer is or where they live."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import quote

MASK = "***"

_SECRET_WORDS = frozenset(
    (
        "token",
        "authorization",
        "secret",
        "password",
        "passwd",
        "credential",
        "credentials",
        "cookie",
        "phone",
        "mobile",
        "tel",
        "contact",
        "address",
        "street",
        "ward",
        "receiver",
        "recipient",
        "email",
        "note",
        "buyer",
        "name",
    )
)
# "name" is personal unless it is the name of one of these.
_NAMED_THINGS = frozenset(
    (
        "shop",
        "branch",
        "location",
        "product",
        "carrier",
        "surcharge",
        "logger",
        "event",
        "job",
        "host",
        "file",
        "thread",
        "switch",
    )
)
# Digits under these keys are ours or the remote's, never somebody's telephone.
_ID_WORDS = frozenset(
    (
        "id",
        "ids",
        "sku",
        "skus",
        "code",
        "codes",
        "barcode",
        "order",
        "number",
        "marker",
        "invoice",
        "tracking",
        "digest",
    )
)
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+")
# Nine to eleven digits from 0 or the country code on, also grouped; not the tail of an id, a date or a decimal number.
_PHONE = re.compile(r"(?<![\w#+])(?<!\d[-.])(?:\+?84[ .-]?|0)\d(?:[ .-]?\d){7,9}(?![\d])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+")
_PARAMETER = re.compile(r"(?i)\b([\w-]*(?:token|secret|password))(=|%3D|\"?: ?\"?)[^&\s\",;]+")
# No address, token or password without one of these: nearly every line is let through by this one look.
_MARKED = re.compile(r"(?i)@|bearer|basic|token|secret|password")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_KEPT = (bool, int, float, Decimal, date, time, timedelta)
_DEEPEST = 6

_secrets: tuple[str, ...] = ()


def register_secret(value: str) -> None:
    """Mask `value`, also percent-encoded, wherever it would be logged from now on."""
    global _secrets
    known = {*_secrets, value, quote(value, safe="")} - {""}
    _secrets = tuple(sorted(known, key=len, reverse=True))


def redact(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: the event without what may not be read."""
    return {key: _field(key, value, 0) for key, value in event.items()}


def masked(words: str) -> str:
    """Text for people that leaves the machine: without secrets, phone numbers and addresses; its lines are kept."""
    return _text(words, lines=True, phones=True)


def _field(key: str, value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    personal, is_id = _meant(key)
    return MASK if personal else _value(value, depth, lines=key == "exception", phones=not is_id)


@lru_cache(maxsize=512)
def _meant(key: str) -> tuple[bool, bool]:
    """Whether what stands under a key tells who somebody is or is a secret, and whether it is an id."""
    words = {word.lower() for word in _WORDS.findall(key)}
    told = words & _SECRET_WORDS
    return bool(told) and not (told == {"name"} and words & _NAMED_THINGS), bool(words & _ID_WORDS)


def _value(value: Any, depth: int, *, lines: bool = False, phones: bool = True) -> Any:
    if value is None or isinstance(value, _KEPT):
        return value
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {str(key): _field(str(key), inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_value(item, depth + 1, phones=phones) for item in value]
    if isinstance(value, BaseException):
        return _text(f"{type(value).__name__}: {value}", lines, phones)
    return _text(value if isinstance(value, str) else str(value), lines, phones)


def _text(value: str, lines: bool, phones: bool) -> str:
    for secret in _secrets:
        value = value.replace(secret, MASK)
    if _MARKED.search(value):
        value = _PARAMETER.sub(rf"\1\2{MASK}", _BEARER.sub(rf"\1 {MASK}", value))
        value = _EMAIL.sub(MASK, value)
    if phones:
        value = _PHONE.sub(MASK, value)
    if value.isprintable():
        return value
    # A remote's text may not start a line of its own, nor speak to the terminal.
    value = _CONTROL.sub("�", value.replace("\r\n", "\n"))
    return value if lines else " ".join(value.splitlines())
