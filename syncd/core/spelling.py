"""Two codes that a person would read as the same, and what exactly differs between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from syncd.core.texts import Text, text

Step = Callable[[str], str]

# ASCII's full-width twins, and the ideographic blank
_WIDE: Final = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}
_SEPARATORS: Final = re.compile(r"[\s._/\-\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufe58\ufe63\ufeff]+")
_ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")
_STROKES: Final = str.maketrans("đĐ", "dD")


def fold(code: str) -> str:
    """A code without what people confuse: equal for two codes that differ in nothing else.

    Dropped are case, full width, accents, the Unicode form, blanks and `-`, `.`, `_`, `/`, and zeros before a number.
    Source: how SKUs typed on the web differ from codes typed at the till; no rule of either system.
    """
    for _, step in _STEPS:
        code = step(code)
    return code


def differences(one: str, other: str) -> tuple[Text, ...]:
    """What differs between two codes that `fold` to the same: each difference without which they would be equal."""
    first, second = unicodedata.normalize("NFC", one), unicodedata.normalize("NFC", other)
    if first == second:
        return () if one == other else (text("differs_unicode"),)
    found = tuple(text(name) for name, step in _STEPS if not _equal_without(step, first, second))
    return found or (text("differs_spelling"),)


def _equal_without(left_out: Step, one: str, other: str) -> bool:
    for _, step in _STEPS:
        if step is not left_out:
            one, other = step(one), step(other)
    return one == other


def _narrow(code: str) -> str:
    return code.translate(_WIDE)


def _bare(code: str) -> str:
    """Without accents; the horn of Vietnamese letters is one, the stroke of đ is a letter of its own to Unicode."""
    if code.isascii():
        return code
    letters = unicodedata.normalize("NFD", code.translate(_STROKES))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _joined(code: str) -> str:
    return _SEPARATORS.sub("", code)


def _unpadded(code: str) -> str:
    return _ZEROS.sub("", code)


_STEPS: Final[tuple[tuple[str, Step], ...]] = (
    ("differs_width", _narrow),
    ("differs_case", str.casefold),
    ("differs_accents", _bare),
    ("differs_separators", _joined),
    ("differs_zeros", _unpadded),
)
