"""Single values: what a scalar is, what it is not, and how to say so to an admin.

Each reader answers None after it has reported a problem.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection
from datetime import date

from syncd.config.tree import Broken, Listing, Node, Problems, Scalar, Table

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_TWO_NUMBERS = re.compile(r"[-+]?(0[0-9xob_].*|[0-9]+[_:].*)")
_LONGEST_NUMBER = 19
_LONGEST_TEXT = 400
_NULL = re.compile(r"(null|Null|NULL|~|)")
_TRUTH = re.compile(r"true|True|TRUE|false|False|FALSE")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# What some reader of YAML, 1.1 or 1.2, takes for something else than text, with the name an admin knows it by.
_SURPRISES = (
    (_NULL, "nothing"),
    (re.compile(r"(?i:true|false|yes|no|on|off|y|n)"), "true or false"),
    (re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"), "a time"),
    (re.compile(r"[-+]?0[xob][0-9a-fA-F_]+"), "a number"),
    (re.compile(r"[-+]?[0-9][0-9_]*"), "a number"),
    (re.compile(r"[-+]?(\.[0-9_]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?"), "a number"),
    (re.compile(r"(?i:[-+]?\.inf|\.nan)"), "a number"),
    (re.compile(r"\d{4}-\d{1,2}-\d{1,2}([Tt \t].*)?"), "a date"),
)
MOST = 10**9
LARGEST_ID = 2**63 - 1


def surprise(scalar: Scalar) -> str | None:
    """What YAML makes of a bare value other than text (`no`, `00123`, `1:30`); None where it is text to everybody."""
    if not scalar.plain:
        return None
    return next((name for pattern, name in _SURPRISES if pattern.fullmatch(scalar.text)), None)


def is_nothing(node: Node) -> bool:
    """Whether a key has no value (`key:` or `null`)."""
    return isinstance(node, Scalar) and node.plain and bool(_NULL.fullmatch(node.text))


def found(node: Node, *, private: bool = False) -> str:
    """A node in an admin's words; a `private` one by its kind alone."""
    if isinstance(node, Listing):
        return "a list" if node.items else "an empty list"
    if isinstance(node, (Table, Broken)):
        return "a map"
    if is_nothing(node):
        return "nothing"
    return _scalar(node, private)


def _scalar(node: Scalar, private: bool) -> str:
    kind = surprise(node)
    if private:
        return f"a value that YAML reads as {kind}" if kind else "a text that is not shown here"
    shown = _shown(node.text)
    if not node.plain:
        return f"the text {shown!r}"
    return shown if kind else repr(shown)


def _shown(value: str) -> str:
    return value if len(value) <= 60 else f"{value[:60]}…"


def text(problems: Problems, path: str, node: Node, *, what: str = "text", private: bool = False) -> str | None:
    """A line of text, exactly as typed; what YAML could take for something else must stand in quotes."""
    if isinstance(node, Broken):
        return None
    if not isinstance(node, Scalar) or is_nothing(node):
        problems.add(node.line, path, what, found(node, private=private))
        return None
    if kind := surprise(node):
        seen = "it" if private else _shown(node.text)
        problems.add(node.line, path, f"{what} in quotes", f"{seen} must be quoted: YAML reads it as {kind}")
        return None
    if fault := _fault(node.text):
        problems.add(node.line, path, what, fault)
        return None
    return node.text


def _fault(value: str) -> str | None:
    if not value:
        return "an empty text"
    if value != value.strip():
        return "spaces at its start or end"
    if len(value) > _LONGEST_TEXT:
        return f"{len(value)} characters"
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in value):
        return "a line break or another control character"
    return None


def whole(problems: Problems, path: str, node: Node, low: int, high: int, what: str = "whole number") -> int | None:
    """A whole number from `low` to `high`."""
    if isinstance(node, Broken):
        return None
    plain = isinstance(node, Scalar) and node.plain and _WHOLE.fullmatch(node.text)
    if isinstance(node, Scalar) and plain and len(node.text) <= _LONGEST_NUMBER and low <= int(node.text) <= high:
        return int(node.text)
    seen = found(node)
    if isinstance(node, Scalar) and node.plain and _TWO_NUMBERS.fullmatch(node.text):
        seen += ", which YAML may read as another number"
    problems.add(node.line, path, f"a {what} {_range(low, high)}", seen)
    return None


def _range(low: int, high: int) -> str:
    return f"of at least {low}" if high in (MOST, LARGEST_ID) else f"from {low} to {high}"


def number_id(problems: Problems, path: str, node: Node, what: str) -> int | None:
    """An id that one of the two systems gave, as a bare number."""
    return whole(problems, path, node, 1, LARGEST_ID, f"{what}, a whole number")


def flag(problems: Problems, path: str, node: Node) -> bool | None:
    """`true` or `false`; `yes`, `no`, `on`, `off` and numbers are refused by name."""
    if isinstance(node, Broken):
        return None
    if isinstance(node, Scalar) and node.plain and _TRUTH.fullmatch(node.text):
        return node.text.lower() == "true"
    seen = found(node)
    if isinstance(node, Scalar) and surprise(node) == "true or false":
        seen += " (only some readers of YAML take that for true or false)"
    problems.add(node.line, path, "true or false", seen)
    return None


def choice(problems: Problems, path: str, node: Node, options: Collection[str]) -> str | None:
    """One of a few words; bare `yes` and `no` are words here."""
    if isinstance(node, Broken):
        return None
    if isinstance(node, Scalar) and node.text in options:
        return node.text
    seen = found(node)
    if isinstance(node, Scalar) and (meant := near(node.text, options)):
        seen += f" (did you mean {meant}?)"
    problems.add(node.line, path, " or ".join(options), seen)
    return None


def day(problems: Problems, path: str, node: Node) -> date | None:
    """A date such as 2026-11-01, in quotes or bare."""
    if isinstance(node, Broken):
        return None
    if isinstance(node, Scalar) and _DATE.fullmatch(node.text):
        try:
            value = date.fromisoformat(node.text)
        except ValueError:
            problems.add(node.line, path, "a date of the calendar", found(node))
            return None
        if 2000 <= value.year <= 2100:
            return value
    problems.add(node.line, path, "a date from 2000 to 2100 like 2026-11-01", found(node))
    return None


def near(name: str, options: Collection[str]) -> str | None:
    """The option that a mistyped name probably means."""
    lower = {option.lower(): option for option in options}
    match = difflib.get_close_matches(name.lower()[:60], list(lower), n=1, cutoff=0.6)
    return lower[match[0]] if match else None
