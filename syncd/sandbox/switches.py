"""Every switch of both simulated remotes: one per open question about the real systems.

A remote declares its own with `syncd.sandbox.declare`; this page gathers them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from syncd.sandbox.declare import Switch, declared
from syncd.sandbox.haravan.switches import HaravanSwitches
from syncd.sandbox.kiotviet.switches import KiotVietSwitches

ALL_SWITCHES: tuple[Switch, ...] = (
    *declared("haravan", HaravanSwitches),
    *declared("kiotviet", KiotVietSwitches),
)


class Turn(NamedTuple):
    """One switch put into one position."""

    remote: str
    name: str
    position: str


def find_switch(key: str) -> Switch:
    """The switch called `key`, as in `haravan.filter_clock`.

    Raises:
        ValueError: There is none.
    """
    for known in ALL_SWITCHES:
        if known.key == key:
            return known
    raise ValueError(f"there is no switch {key!r}; known: {', '.join(known.key for known in ALL_SWITCHES)}")


def parse_switch(text: str) -> Turn:
    """Read `haravan.filter_clock=utc`.

    Raises:
        ValueError: It is not of that form, or there is no such switch or position.
    """
    key, equals, position = text.partition("=")
    if not equals:
        raise ValueError(f"{text!r} is not of the form remote.switch=position")
    found = find_switch(key.strip())
    if position.strip() not in found.positions:
        raise ValueError(
            f"switch {found.key} has no position {position.strip()!r}; it has {', '.join(found.positions)}"
        )
    return Turn(found.remote, found.name, position.strip())


def positions_of(remote: str, turns: Iterable[Turn]) -> dict[str, str]:
    """The turns of one remote as keyword arguments for its board."""
    return {turn.name: turn.position for turn in turns if turn.remote == remote}


def switch_table() -> list[tuple[str, str, str, str]]:
    """Rows of (switch, item, positions with the default first, what it is about), for printing."""
    return [(known.key, known.item, " | ".join(known.positions), known.about) for known in ALL_SWITCHES]
