"""From the bytes of an answer to a JSON document in which everything can be kept, shown and sent back; pure."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

_DIGITS_BEFORE_POINT: Final = 22  # Haravan promises no more, KiotViet shows far less
_SMALLEST_EXPONENT: Final = -60
_LONGEST_INT: Final = 40
# Every escape is taken as a whole, a pair with both its halves, so that what is left of the second group is a half.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def decode(body: bytes) -> object:
    """A JSON document with numbers as `int` and `Decimal`; NaN, Infinity and absurd numbers become text.

    A number that no reader would accept must spoil its own record only, not the page around it. Half of a surrogate
    pair, legal in JSON, becomes a question mark: it is not legal in UTF-8, so that it could not be stored.

    Raises:
        ValueError: The bytes are not one JSON document.
    """
    text = body.decode("utf-8-sig")
    if _SURROGATE.search(text):
        text = _ESCAPE.sub(_without_half, text)
    try:
        try:
            return json.loads(text, parse_float=_number_or_text, parse_constant=str)
        except json.JSONDecodeError:
            raise
        except ValueError:  # a number beyond what int() takes
            return json.loads(text, parse_float=_number_or_text, parse_int=_int_or_text, parse_constant=str)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def is_sane(number: Decimal) -> bool:
    """Whether it is finite and of a size that something in a shop may have; anything else may take hours to add up."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and number.adjusted() < _DIGITS_BEFORE_POINT and exponent >= _SMALLEST_EXPONENT


@lru_cache(maxsize=4096)
def _number_or_text(text: str) -> Decimal | str:
    """A number; the figures of a big shop are few different ones, and each is held once."""
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text
    return number if is_sane(number) else text


def _int_or_text(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_INT else text


def _without_half(escape: re.Match[str]) -> str:
    return "?" if escape[1] else escape[0]
