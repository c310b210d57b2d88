"""Which lines are said when the same thing is said over and over: a decision about a key and an instant."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace

WINDOW_SECONDS = 600.0
"""Of the same thing so much is said at once in this time, then one line in each."""
SAID_AT_ONCE = 3
MOST_REMEMBERED = 2000

HELD_BACK = -1
"""What `Noise.hear` gives for a line that is not to be said."""

# What makes two lines the same thing, besides the event; figures in a sentence do not make it another one.
_WHOSE = (
    "level",
    "cycle",
    "order",
    "haravan_id",
    "sku",
    "product_id",
    "location",
    "remote",
    "feed",
    "invoice",
)
_WHAT = ("code", "reason", "problem", "error", "logger", "message", "exception")
_NUMBERS = re.compile(r"\d+(?:[.,:]\d+)*")
_PLACE = re.compile(r'File "[^"]+", line \d+')

_CYCLE = "cycle_finished"
_DONE = ("changed", "written", "refused")
"""Counts of a cycle that did something; how much it looked at is no news."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing: when it was said and heard last, how often at once it was said, and how often held back since."""

    said_at: float
    heard_at: float
    said: int = 1
    held: int = 0


def weigh(heard: Heard | None, now: float, at_once: int = SAID_AT_ONCE) -> tuple[bool, int, Heard]:
    """Whether to say a thing, how often it was held back since it was last said, and what to remember.

    So many times at once; then once in each window, until it was not heard for a whole window.
    """
    if heard is None or now - heard.heard_at >= WINDOW_SECONDS:
        return True, heard.held if heard else 0, Heard(now, now)
    if heard.said < at_once:
        return True, 0, replace(heard, said_at=now, heard_at=now, said=heard.said + 1)
    if now - heard.said_at >= WINDOW_SECONDS:
        return True, heard.held, replace(heard, said_at=now, heard_at=now, held=0)
    return False, 0, replace(heard, heard_at=now, held=heard.held + 1)


class Noise:
    """What was heard lately, of a bounded number of things."""

    def __init__(self) -> None:
        """Nothing was heard yet."""
        self._heard: OrderedDict[bytes, Heard] = OrderedDict()

    def __len__(self) -> int:
        return len(self._heard)

    def hear(self, event: Mapping[str, object], now: float) -> int:
        """How often the same was held back since it was last said, or `HELD_BACK`; `now` is monotonic seconds.

        Never held back: the story of an order or of the shop, and a cycle that did something.
        """
        if "seq" in event or _did_something(event):
            return 0
        key = key_of(event)
        say, held, self._heard[key] = weigh(
            self._heard.get(key), now, 1 if event.get("event") == _CYCLE else SAID_AT_ONCE
        )
        self._heard.move_to_end(key)
        while len(self._heard) > MOST_REMEMBERED:
            self._heard.popitem(last=False)
        return held if say else HELD_BACK


def key_of(event: Mapping[str, object]) -> bytes:
    """What is the same for two lines that say the same thing; a traceback counts by where it was raised."""
    whose = [str(event.get(name)) for name in ("event", *_WHOSE)]
    what = [_same(name, str(event.get(name, ""))) for name in _WHAT]
    ok = [str(event.get(name)) for name in ("ok", "full", "stopped")] if event.get("event") == _CYCLE else []
    return hashlib.blake2b("\0".join((*whose, *what, *ok)).encode(), digest_size=16).digest()


def _same(name: str, value: str) -> str:
    if name == "exception":
        return str((_PLACE.findall(value) or [value])[-1])
    return _NUMBERS.sub("#", value)


def _did_something(event: Mapping[str, object]) -> bool:
    return event.get("event") == _CYCLE and any(event.get(name) for name in _DONE)
