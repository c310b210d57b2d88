"""How values look on KiotViet's wire: local times without a zone, nulls left out, keys read without case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from syncd.sandbox.http import Request
from syncd.sandbox.kiotviet.refusals import Refused

LOCAL = timezone(timedelta(hours=7))
"""Vietnam has had one zone without daylight saving since 1975."""

Payload = dict[str, Any]

_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE
)


def local_text(at: datetime) -> str:
    """Naive local time with seven fractional digits, of which KiotViet fills three."""
    return f"{at.astimezone(LOCAL).replace(tzinfo=None).isoformat(timespec='milliseconds')}0000"


def zoned_text(at: datetime) -> str:
    """Local time with its offset, as in the `timestamp` of a list."""
    local = at.astimezone(LOCAL)
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond:06d}0+07:00"


def read_instant(text: str, *, clock: str = "converted") -> datetime:
    """The instant that a client meant, read with the shop's `query_clock`.

    Raises:
        Refused: It is not a date.
    """
    found = _INSTANT.fullmatch(text.strip())
    if found is None:
        raise _unreadable(text)
    day, time_of_day, fraction, zone = found.groups()
    digits = f"{day}T{time_of_day or '00:00'}"
    try:
        naive = datetime.fromisoformat(digits) + timedelta(microseconds=int((fraction or "0").ljust(6, "0")[:6]))
        return naive.replace(tzinfo=_zone(zone, clock)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _unreadable(text) from error


def _zone(text: str | None, clock: str) -> timezone:
    if text is None:
        return UTC if clock == "naive_is_utc" else LOCAL
    if clock == "offset_dropped":
        return LOCAL
    if text.upper() == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def _unreadable(text: str) -> Refused:
    return Refused(f"Unable to bind request: '{text}'", "RequestBindingException", status=400)


def without_nulls(payload: Mapping[str, object]) -> Payload:
    """The payload as KiotViet serialises it: null members are left out."""
    return {key: value for key, value in payload.items() if value is not None}


def pascal(value: object) -> object:
    """The same JSON value with every key in PascalCase."""
    if isinstance(value, Mapping):
        return {key[:1].upper() + key[1:]: pascal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [pascal(item) for item in value]
    return value


class Body:
    """A JSON object that a client sent: keys without case, strings accepted for numbers, unknown keys ignored."""

    def __init__(self, members: Mapping[str, object]) -> None:
        self._members = {str(key).lower(): value for key, value in members.items()}

    @classmethod
    def of(cls, request: Request) -> Body:
        """The body of a request; an empty one has no members.

        Raises:
            Refused: It is not a JSON object.
        """
        if not request.body.strip():
            return cls({})
        try:
            value = request.json()
        except (ValueError, RecursionError) as error:
            raise _unreadable("body") from error
        if not isinstance(value, dict):
            raise _unreadable("body")
        return cls(value)

    def has(self, name: str) -> bool:
        """Whether the member was sent with a value."""
        return self._members.get(name.lower()) is not None

    def text(self, name: str) -> str | None:
        """A member as text."""
        value = self._members.get(name.lower())
        return None if value is None else str(value)

    def number(self, name: str) -> Decimal | None:
        """A member as a number; None where it was not sent or is an empty string.

        Raises:
            Refused: It is not a number.
        """
        value = self._members.get(name.lower())
        if value is None or value == "":
            return None
        try:
            number = Decimal(int(value)) if isinstance(value, bool) else Decimal(str(value))
        except InvalidOperation as error:
            raise _unreadable(name) from error
        if not number.is_finite():
            raise _unreadable(name)
        return number

    def whole(self, name: str) -> int | None:
        """A member as a whole number.

        Raises:
            Refused: It is not a number.
        """
        number = self.number(name)
        return None if number is None else int(number)

    def flag(self, name: str) -> bool | None:
        """A member as yes or no; 1 and "true" are yes."""
        value = self._members.get(name.lower())
        return None if value is None else str(value).lower() in ("true", "1")

    def part(self, name: str) -> Body | None:
        """An object inside; None where it was not sent."""
        value = self._members.get(name.lower())
        return Body(value) if isinstance(value, Mapping) else None

    def parts(self, name: str) -> list[Body]:
        """The objects of a list inside; empty where it was not sent."""
        value = self._members.get(name.lower())
        return [Body(item) for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []
