"""Single values: what a scalar is, what it is not, and how to say so to an admin.

Each reader answers None after it has reported a problem.
"""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata
from collections.abc import Collection
from datetime import date
from typing import cast

from syncd.config.tree import Broken, Listing, Node, Problems, Scalar, Table
from syncd.core import texts
from syncd.core.texts import Text
from syncd.errors import Message

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_TWO_NUMBERS = re.compile(r"[-+]?(0[0-9xob_].*|[0-9]+[_:].*)")
_LONGEST_NUMBER = 19
_LONGEST_TEXT = 400
_NULL = re.compile(r"(null|Null|NULL|~|)")
_TRUTH = re.compile(r"true|True|TRUE|false|False|FALSE")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# What some reader of YAML, 1.1 or 1.2, takes for something else than text, with the name an admin knows it by.
_SURPRISES = (
    (_NULL, "cfg_nothing"),
    (re.compile(r"(?i:true|false|yes|no|on|off|y|n)"), "cfg_truth"),
    (re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"), "cfg_time"),
    (re.compile(r"[-+]?0[xob][0-9a-fA-F_]+"), "cfg_number"),
    (re.compile(r"[-+]?[0-9][0-9_]*"), "cfg_number"),
    (re.compile(r"[-+]?(\.[0-9_]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?"), "cfg_number"),
    (re.compile(r"(?i:[-+]?\.inf|\.nan)"), "cfg_number"),
    (re.compile(r"\d{4}-\d{1,2}-\d{1,2}([Tt \t].*)?"), "cfg_date"),
)
MOST = 10**9
LARGEST_ID = 2**63 - 1
_A_WHOLE_NUMBER = Text("cfg_whole")


def surprise(scalar: Scalar) -> Text | None:
    """What YAML makes of a bare value other than text (`no`, `00123`, `1:30`); None where it is text to everybody."""
    if not scalar.plain:
        return None
    return next((texts.text(key) for pattern, key in _SURPRISES if pattern.fullmatch(scalar.text)), None)


def is_nothing(node: Node) -> bool:
    """Whether a key has no value (`key:` or `null`)."""
    return isinstance(node, Scalar) and node.plain and bool(_NULL.fullmatch(node.text))


def found(node: Node, *, private: bool = False) -> Message:
    """A node in an admin's words; a `private` one by its kind alone."""
    if isinstance(node, Listing):
        return texts.text("cfg_list" if node.items else "cfg_empty_list")
    if isinstance(node, (Table, Broken)):
        return texts.text("cfg_map")
    if is_nothing(node):
        return texts.text("cfg_nothing")
    return _scalar(node, private)


def _scalar(node: Scalar, private: bool) -> Message:
    kind = surprise(node)
    if private:
        return texts.text("cfg_reads_as_private", kind=kind) if kind else texts.text("cfg_not_shown")
    shown = _shown(node.text)
    if not node.plain:
        return texts.text("cfg_text_shown", shown=repr(shown))
    return shown if kind else repr(shown)


def _shown(value: str) -> str:
    return value if len(value) <= 60 else f"{value[:60]}…"


def text(problems: Problems, path: str, node: Node, *, what: Message, private: bool = False) -> str | None:
    """A line of text, exactly as typed; what YAML could take for something else must stand in quotes."""
    if isinstance(node, Broken):
        return None
    if not isinstance(node, Scalar) or is_nothing(node):
        problems.add(node.line, path, what, found(node, private=private))
        return None
    if kind := surprise(node):
        seen = texts.text("cfg_it") if private else _shown(node.text)
        must = texts.text("cfg_must_be_quoted", seen=seen, kind=kind)
        problems.add(node.line, path, texts.text("cfg_quoted", what=what), must)
        return None
    if fault := _fault(node.text):
        problems.add(node.line, path, what, fault)
        return None
    return node.text


def _fault(value: str) -> Text | None:
    if not value:
        return texts.text("cfg_empty_text")
    if value != value.strip():
        return texts.text("cfg_edge_spaces")
    if len(value) > _LONGEST_TEXT:
        return texts.text("cfg_characters", count=len(value))
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in value):
        return texts.text("cfg_control")
    return None


def whole(
    problems: Problems, path: str, node: Node, low: int, high: int, what: Message = _A_WHOLE_NUMBER
) -> int | None:
    """A whole number from `low` to `high`."""
    if isinstance(node, Broken):
        return None
    plain = isinstance(node, Scalar) and node.plain and _WHOLE.fullmatch(node.text)
    if isinstance(node, Scalar) and plain and len(node.text) <= _LONGEST_NUMBER and low <= int(node.text) <= high:
        return int(node.text)
    seen = found(node)
    if isinstance(node, Scalar) and node.plain and _TWO_NUMBERS.fullmatch(node.text):
        seen = texts.text("cfg_other_number", seen=seen)
    problems.add(node.line, path, _range(what, low, high), seen)
    return None


def _range(what: Message, low: int, high: int) -> Text:
    if high in (MOST, LARGEST_ID):
        return texts.text("cfg_at_least", what=what, low=low)
    return texts.text("cfg_from_to", what=what, low=low, high=high)


def number_id(problems: Problems, path: str, node: Node, what: Message) -> int | None:
    """An id that one of the two systems gave, as a bare number."""
    return whole(problems, path, node, 1, LARGEST_ID, texts.text("cfg_id", what=what))


def flag(problems: Problems, path: str, node: Node) -> bool | None:
    """`true` or `false`; `yes`, `no`, `on`, `off` and numbers are refused by name."""
    if isinstance(node, Broken):
        return None
    if isinstance(node, Scalar) and node.plain and _TRUTH.fullmatch(node.text):
        return node.text.lower() == "true"
    seen = found(node)
    if isinstance(node, Scalar) and surprise(node) == texts.text("cfg_truth"):
        seen = texts.text("cfg_some_truth", seen=seen)
    problems.add(node.line, path, texts.text("cfg_truth"), seen)
    return None


def choice(problems: Problems, path: str, node: Node, options: Collection[str]) -> str | None:
    """One of a few words; bare `yes` and `no` are words here."""
    if isinstance(node, Broken):
        return None
    if isinstance(node, Scalar) and node.text in options:
        return node.text
    seen = found(node)
    if isinstance(node, Scalar) and (meant := near(node.text, options)):
        seen = texts.text("cfg_meant", seen=seen, meant=meant)
    problems.add(node.line, path, _either(options), seen)
    return None


def _either(options: Collection[str]) -> Message:
    """`a or b or c`."""
    first, *others = options
    return functools.reduce(lambda one, other: texts.text("cfg_or", one=one, other=other), others, cast(Message, first))


def day(problems: Problems, path: str, node: Node) -> date | None:
    """A date such as 2026-11-01, in quotes or bare."""
    if isinstance(node, Broken):
        return None
    if isinstance(node, Scalar) and _DATE.fullmatch(node.text):
        try:
            value = date.fromisoformat(node.text)
        except ValueError:
            problems.add(node.line, path, texts.text("cfg_calendar"), found(node))
            return None
        if 2000 <= value.year <= 2100:
            return value
    problems.add(node.line, path, texts.text("cfg_day_range"), found(node))
    return None


def near(name: str, options: Collection[str]) -> str | None:
    """The option that a mistyped name probably means."""
    lower = {option.lower(): option for option in options}
    match = difflib.get_close_matches(name.lower()[:60], list(lower), n=1, cutoff=0.6)
    return lower[match[0]] if match else None
