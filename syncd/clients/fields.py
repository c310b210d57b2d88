"""Reading one JSON object of a remote: keys without case, null like missing, numbers exact, a bad value named.

Both remotes spell keys differently on different endpoints and leave out what is null, so every reader here compares
keys without case and treats a missing key, `null` and `""` alike.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final, NoReturn
from zoneinfo import ZoneInfo

from syncd.clients.decoding import is_sane
from syncd.core.texts import Text, text
from syncd.errors import BadPayload

VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
ZERO: Final = Decimal(0)

MOST_PIECES: Final = 10**12
"""More than any shop holds; what is added up from such figures can still be stored in 64 bits."""

_LARGEST_RATIO = Decimal(10**6)
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{0,40})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_LARGEST_ID = 2**63 - 1
_YEARS = range(1970, 2200)
_TRUE, _FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})


def kind(value: object) -> Text:
    """What a JSON value is, in a word that never shows its content."""
    match value:
        case None:
            return text("kind_null")
        case bool():
            return text("kind_truth")
        case int() | Decimal():
            return text("kind_number")
        case str():
            return text("kind_text")
        case list():
            return text("kind_list")
        case _:
            return text("kind_object")


class Fields:
    """The members of one JSON object; every reader raises `BadPayload` naming the record and the key."""

    __slots__ = ("_inside", "_members", "_noun", "name", "source")

    def __init__(self, value: object, noun: str, *, inside: Fields | None = None) -> None:
        """Look into `value`, which messages call `noun` (`order` is said as the catalogue's `noun_order`).

        It stands inside another record, or is named by its `name` once that has been read.

        Raises:
            BadPayload: It is not an object.
        """
        self._noun, self._inside, self.name = noun, inside, ""
        if not isinstance(value, dict):
            raise BadPayload(text("payload_not_object", what=self.what, found=kind(value)))
        self.source: dict[str, object] = value
        self._members: dict[str, object] = dict(zip(_lower(tuple(value)), value.values(), strict=True))

    def called(self, noun: str, name: str | int) -> None:
        """From now on messages say which record of its kind it is."""
        self._noun, self.name = noun, str(name)

    @property
    def what(self) -> Text:
        """Which record this is; put together only when there is something to tell."""
        noun = text(f"noun_{self._noun}")
        named = text("noun_named", noun=noun, name=self.name) if self.name else noun
        return named if self._inside is None else text("noun_inside", outer=self._inside.what, noun=named)

    def raw(self, key: str) -> object:
        """The value as it came, None where it is missing or blank; `key` in lower case."""
        value = self._members.get(key)
        return None if value == "" else value

    def has(self, *keys: str) -> bool:
        """Whether any of these keys carries something."""
        return any(self.raw(key) is not None for key in keys)

    def id(self, key: str = "id") -> int:
        """A whole number above zero that fits 64 bits."""
        value = whole(self.raw(key))
        if value is None or not 0 < value <= _LARGEST_ID:
            raise self._bad(key, "kind_id")
        return value

    def id_or_none(self, key: str) -> int | None:
        """An id; 0 means none, as both remotes use it. Source: observed, `ref_order_id: 0`, `user_id: 0`."""
        raw = self.raw(key)
        return None if raw is None or whole(raw) == 0 else self.id(key)

    def count(self, key: str) -> int:
        """A whole number, zero or more."""
        value = whole(self.raw(key))
        if value is None or not 0 <= value <= MOST_PIECES:
            raise self._bad(key, "kind_count")
        return value

    def pieces(self, key: str) -> int:
        """Whole pieces, which may be negative (oversold)."""
        value = whole(self.raw(key))
        if value is None or abs(value) > MOST_PIECES:
            raise self._bad(key, "kind_pieces")
        return value

    def figure_or_none(self, key: str) -> Decimal | None:
        """Pieces that may be negative or parts of one, None where the key is missing."""
        value = self.number_or_none(key)
        if value is not None and abs(value) > MOST_PIECES:
            raise self._bad(key, "kind_figure")
        return value

    def ratio(self, key: str, default: Decimal | None = None) -> Decimal:
        """How many of one unit another holds; nothing that makes pieces of it more than can be counted."""
        value = self.number(key, default)
        if abs(value) > _LARGEST_RATIO or 0 < value < 1 / _LARGEST_RATIO:
            raise self._bad(key, "kind_figure")
        return value

    def number(self, key: str, default: Decimal | None = None) -> Decimal:
        """An exact number; `default` where the key is missing, else required."""
        raw = self.raw(key)
        if raw is None and default is not None:
            return default
        value = exact(raw)
        if value is None:
            raise self._bad(key, "kind_number")
        return value

    def number_or_none(self, key: str) -> Decimal | None:
        """An exact number, None where the key is missing."""
        return None if self.raw(key) is None else self.number(key)

    def text(self, *keys: str) -> str:
        """The first of these keys that carries text, as sent; empty where none does. Numbers are tolerated."""
        for key in keys:
            value = self.raw(key)
            if value is None:
                continue
            if isinstance(value, str):
                return value
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                return str(value)
            raise self._bad(key, "kind_text")
        return ""

    def trimmed(self, *keys: str) -> str:
        """Like `text`, without the blanks around it."""
        return self.text(*keys).strip()

    def required(self, key: str) -> str:
        """Text that must be there, without the blanks around it."""
        return self.trimmed(key) or self.refuse(key, "kind_text")

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false; `default` where the key is missing."""
        found = self.flag_or_none(key)
        return default if found is None else found

    def flag_or_none(self, key: str) -> bool | None:
        """True or false, None where the key is missing."""
        raw = self.raw(key)
        if raw is None or isinstance(raw, bool):
            return raw
        text = str(raw).lower() if isinstance(raw, str | int) else ""
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
        raise self._bad(key, "kind_truth")

    def instant(self, *keys: str, naive: ZoneInfo | None = None) -> datetime:
        """The first of these keys that carries a time, in UTC; a time without zone is in `naive`, else UTC."""
        for key in keys:
            found = self.instant_or_none(key, naive=naive)
            if found is not None:
                return found
        raise self._bad(keys[0], "kind_time")

    def instant_or_none(self, key: str, *, naive: ZoneInfo | None = None) -> datetime | None:
        """A time in UTC, None where the key is missing or holds the empty date of .NET (year 1)."""
        raw = self.raw(key)
        if raw is None:
            return None
        if not isinstance(raw, str):
            raise self._bad(key, "kind_time")
        if raw.startswith("0001-01-01"):
            return None
        found = instant(raw, naive)
        if found is None:
            raise self._bad(key, "kind_time")
        return found

    def items(self, *keys: str) -> list[object]:
        """The first of these keys that carries a list; empty where none does."""
        for key in keys:
            value = self.raw(key)
            if isinstance(value, list):
                return value
            if value is not None:
                raise self._bad(key, "kind_list")
        return []

    def items_required(self, key: str) -> list[object]:
        """A list that must be there, though it may be empty."""
        if self.raw(key) is None:
            raise self._bad(key, "kind_list")
        return self.items(key)

    def records(self, key: str, noun: str) -> list[Fields]:
        """The objects of a list, each to be called `noun` in messages."""
        return [Fields(item, noun, inside=self) for item in self.items(key)]

    def record_or_none(self, key: str, noun: str) -> Fields | None:
        """An object inside this one, None where it is missing."""
        value = self.raw(key)
        return None if value is None else Fields(value, noun, inside=self)

    def refuse(self, key: str, expected: str) -> NoReturn:
        """Say that the value of `key` is not what was expected (a key of the catalogue), without showing it.

        Raises:
            BadPayload: Always.
        """
        raise self._bad(key, expected)

    def _bad(self, key: str, expected: str) -> BadPayload:
        found = kind(self._members.get(key))
        return BadPayload(text("payload_unexpected", what=self.what, key=key, expected=text(expected), found=found))


@lru_cache(maxsize=512)
def _lower(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys of an object without case; records of one kind have the same ones."""
    return tuple(key.lower() for key in keys)


def whole(value: object) -> int | None:
    """A whole number, also from `2.0` or `"2"`; None for anything else."""
    if type(value) is int:
        return value if -_LARGEST_ID <= value <= _LARGEST_ID else None
    number = exact(value)
    if number is None or number != number.to_integral_value():
        return None
    return whole(int(number))


def exact(value: object) -> Decimal | None:
    """A finite number of sane size, also from text; None for anything else."""
    if isinstance(value, str):
        stripped = value.strip()
        value = Decimal(stripped) if _NUMBER.fullmatch(stripped) else None
    if isinstance(value, int) and not isinstance(value, bool):
        value = _decimal(value)
    if not isinstance(value, Decimal) or not value.is_finite():
        return None
    if not value:
        return ZERO
    return value if is_sane(value) else None


@lru_cache(maxsize=4096)
def _decimal(value: int) -> Decimal:
    """A number; the figures of a big shop are few different ones, and each is held once."""
    return Decimal(value)


def instant(text: str, naive: ZoneInfo | None = None) -> datetime | None:
    """An ISO 8601 time in UTC with up to 7 fraction digits (the seventh is dropped).

    None for anything else, and for a year in which no shop writes: what is reckoned from an instant stays one.
    """
    text = text.strip()
    if len(text) < 19 or text[4] != "-" or text[10] not in "T ":
        return None
    try:
        parsed = datetime.fromisoformat(text)
        at = (parsed if parsed.tzinfo else parsed.replace(tzinfo=naive or UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at.year in _YEARS else None


def lenient_id(value: object, key: str = "id") -> int | None:
    """The id of a record that is otherwise unreadable, None where there is none."""
    try:
        return Fields(value, "record").id(key)
    except BadPayload:
        return None


def squeezed(text: str) -> str:
    """A status word without case, `_`, `-` and spaces, as both spellings of each are in use."""
    return text.strip().lower().translate(_SQUEEZE)


_SQUEEZE = str.maketrans("", "", "_- ")
