"""Instants as Haravan writes and reads them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

SHOP_ZONE = timezone(timedelta(hours=7))

_STAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE
)


def iso(at: datetime | None, extra_digit: int = 0) -> str | None:
    """UTC with `Z` and as many fractional digits as needed; `extra_digit` is a seventh one, as fresh records have."""
    if at is None:
        return None
    fraction = f"{at.microsecond:06d}{extra_digit}".rstrip("0")
    seconds = at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    return f"{seconds}.{fraction}Z" if fraction else f"{seconds}Z"


def shop_time(at: datetime) -> str:
    """The shop's wall clock with its offset, as events carry it."""
    return at.astimezone(SHOP_ZONE).isoformat(timespec="seconds")


def read_filter(text: str, clock: str) -> datetime:
    """A bound of a time filter as an instant.

    With `clock` "local" the digits are the shop's wall clock: a `Z` is ignored, and a numeric offset is first
    converted to UTC, whose digits are then read as local all the same (observed). With "utc" they mean what they say.

    Raises:
        ValueError: It is no time at all.
    """
    match = _STAMP.fullmatch(text.strip().replace("+ ", "+"))
    if match is None:
        raise ValueError(f"{text!r} is not a time")
    *digits, fraction, zone = match.groups()
    year, month, day, hour, minute, second = (int(part or 0) for part in digits)
    digits_at = datetime(year, month, day, hour, minute, second, int(f"{fraction or '0':0<6}"[:6]), tzinfo=UTC)
    if zone is not None and zone.upper() != "Z":
        digits_at -= _offset(zone)
    return digits_at - timedelta(hours=7) if clock == "local" else digits_at


def _offset(zone: str) -> timedelta:
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    size = timedelta(hours=hours, minutes=minutes)
    return -size if zone[0] == "-" else size
