"""How a simulated remote declares its switches: one field each, with what it is about and its positions.

    @dataclass(frozen=True)
    class HaravanSwitches(Switchboard):
        filter_clock: str = switch("1", ("local", "utc"), "How the digits of a time filter are read.")

A remote keeps the board in its attribute `switches`, reads `self.switches.filter_clock` whenever it needs to know, and
must stand that attribute being exchanged between two requests.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from typing import Any, Self, cast


@dataclass(frozen=True, slots=True)
class Switch:
    """One open question about a remote: `item` is its number in the list of uncertainties.

    The first position is the default: what was measured, else what is most likely.
    """

    remote: str
    name: str
    item: str
    positions: tuple[str, ...]
    about: str

    @property
    def key(self) -> str:
        """The full name, as in `haravan.filter_clock`."""
        return f"{self.remote}.{self.name}"

    @property
    def default(self) -> str:
        """The first position."""
        return self.positions[0]


def switch(item: str, positions: tuple[str, ...], about: str) -> Any:
    """A field of a `Switchboard`: its default is the first position."""
    if len(positions) < 2:
        raise ValueError(f"a switch has at least two positions: {about}")
    return field(default=positions[0], metadata={"item": item, "positions": positions, "about": about})


@dataclass(frozen=True)
class Switchboard:
    """All switches of one remote in some position.

    Raises:
        ValueError: A switch was put in a position that it does not have.
    """

    def __post_init__(self) -> None:
        """Refuse unknown positions."""
        for spec in fields(self):
            _check(spec, getattr(self, spec.name))

    def turned(self, **positions: str) -> Self:
        """This board with some switches in another position.

        Raises:
            ValueError: There is no such switch or position.
        """
        known = {spec.name: getattr(self, spec.name) for spec in fields(self)}
        for name in positions:
            if name not in known:
                raise ValueError(f"there is no switch {name!r}; known: {', '.join(sorted(known))}")
        return type(self)(**{**known, **positions})

    def positions(self) -> dict[str, str]:
        """Each switch's name and position."""
        return {spec.name: cast(str, getattr(self, spec.name)) for spec in fields(self)}


def declared(remote: str, board: type[Switchboard]) -> tuple[Switch, ...]:
    """The switches that a board declares, in order."""
    return tuple(
        Switch(remote, spec.name, spec.metadata["item"], spec.metadata["positions"], spec.metadata["about"])
        for spec in fields(board)
    )


def _check(spec: Field[Any], value: object) -> None:
    positions = spec.metadata["positions"]
    if value not in positions:
        raise ValueError(f"switch {spec.name!r} has no position {value!r}; it has {', '.join(positions)}")
