"""Vietnamese phone numbers in the one form that KiotViet stores: `0912345678`."""

from __future__ import annotations

import re

import phonenumbers

from syncd.core.buyers import current_number, is_masked
from syncd.core.model import WebOrder

# Words and signs between two numbers; blanks and dashes only where a whole number follows.
_SEPARATORS = re.compile(r"[/,;|&\n]|[^\W\d_]+|\s[-–]\s|(?<=\d)[\s–-]+(?=\+|0\d(?:[ .-]?\d){8})")
# A letter among the digits hides one of them (`09123x5678`), or stands for one that nobody meant.
_LETTER_INSIDE = re.compile(r"\d[^\W\d_]|[^\W\d_]\d")
_LENGTHS = (9, 10)
_HOTLINES = ("1800", "1900")


def phone_of(order: WebOrder) -> str:
    """The buyer's phone, else the receiver's; empty when neither is a phone number."""
    return local_phone(order.buyer.phone) or local_phone(order.address.phone)


def local_phone(text: str) -> str:
    """`+84 912-345-678` as `0912345678`, the first where there are several; empty for no Vietnamese number."""
    return next(iter(local_phones(text)), "")


def local_phones(text: str) -> tuple[str, ...]:
    """Every Vietnamese number in a text, as `0912345678`.

    A masked number is no number: it must never match anything. Nor is a hotline, which is nobody's.
    """
    if is_masked(text) or _LETTER_INSIDE.search(text):
        return ()
    whole = _number(text)
    found = (whole,) if whole else tuple(_number(part) for part in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(number for number in found if number))


def international(local: str) -> str:
    """`0912345678` as `84912345678`, the other form in which shops keep numbers."""
    return f"84{common_part(local)}"


def common_part(local: str) -> str:
    """`0912345678` as `912345678`, which stands in every form of the number."""
    return local.removeprefix("0")


def same_phone(left: str, right: str) -> bool:
    """Whether a number of one text is the number of the other; no number is never the same."""
    return not set(local_phones(left)).isdisjoint(local_phones(right))


def _number(text: str) -> str:
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException:
        return ""
    national = current_number(str(number.national_number))
    usual = len(national) in _LENGTHS and not national.startswith(_HOTLINES)
    possible = number.country_code == 84 and phonenumbers.is_possible_number(number)
    return f"0{national}" if usual and possible else ""
