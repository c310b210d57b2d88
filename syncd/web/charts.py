"""Small plots as plain numbers, which a template draws as SVG: no script, legible on a phone. No I/O."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

WIDTH, HEIGHT = 340, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 8, 8, 20
_INNER_WIDTH, _INNER_HEIGHT = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
_FIGURES_OF_TIME = (10, 20, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 4 * 3600, 8 * 3600, 86400)
_BAR_GAP = 0.25


@dataclass(frozen=True, slots=True)
class Tick:
    """A label on an axis, at that place of the drawing."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; `kind` is its style, `label` what it stands for."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    label: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a plot.

    `key` is unique on its page. `caption` is seen, `description` is for who cannot see the plot. `x_labels` are places
    from 0 to 1 with their words, `legend` the styles of bars with theirs.
    """

    key: str
    title: str
    caption: str
    description: str
    x_labels: Sequence[tuple[float, str]]
    legend: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A plot of `WIDTH` x `HEIGHT`: lines as SVG paths, bars, both axes, and perhaps a level line at height `mark`."""

    frame: Frame
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = ()
    mark: float | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.lines and not self.bars


def curve(
    frame: Frame, points: Sequence[tuple[float, float | None]], tell: Callable[[float], str], *, steps: bool = False
) -> Chart:
    """A line through `points`, x from 0 to 1; it is broken where there is no value. `tell` words a value.

    With `steps`, each value holds until the next one.
    """
    top = _top([value for _, value in points if value is not None], of_time=not steps)
    lines = []
    for known, group in groupby(points, key=lambda point: point[1] is not None):
        if known:
            placed = [(_x(x), _y(value / top)) for x, value in group if value is not None]
            lines.append(_stairs(placed) if steps else _path(placed))
    return replace(_axes(frame, top, tell), lines=tuple(lines))


def bars(
    frame: Frame,
    columns: Sequence[Sequence[tuple[str, int, str]]],
    tell: Callable[[float], str],
    mark: float | None = None,
) -> Chart:
    """A column for each of `columns`, of pieces (style, value, label) that stand upon each other."""
    top = _top([sum(value for _, value, _ in column) for column in columns] + ([mark] if mark else []))
    step = 1 / max(1, len(columns))
    drawn = []
    for place, column in enumerate(columns):
        foot = 0
        for kind, value, label in column:
            if value:
                y, height = _y((foot + value) / top), _INNER_HEIGHT * value / top
                left, wide = _x((place + _BAR_GAP / 2) * step), _INNER_WIDTH * step * (1 - _BAR_GAP)
                drawn.append(Bar(kind, left, y, round(wide, 2), round(height, 2), label))
            foot += value
    level = _y(mark / top) if mark and drawn else None
    return replace(_axes(frame, top, tell), bars=tuple(drawn), mark=level)


def _axes(frame: Frame, top: float, tell: Callable[[float], str]) -> Chart:
    return Chart(
        frame=frame,
        x_ticks=tuple(Tick(_x(place), label) for place, label in frame.x_labels),
        y_ticks=tuple(Tick(_y(part), tell(top * part)) for part in (0, 0.5, 1)),
    )


def _top(values: Sequence[float], *, of_time: bool = False) -> float:
    """The top of the axis: a round figure that nothing passes, with a whole half."""
    most = max(values, default=0)
    if of_time:
        days = math.ceil(most / 86400) * 86400
        return float(next((figure for figure in _FIGURES_OF_TIME if figure >= most), days))
    magnitude = 10 ** max(0, math.floor(math.log10(most))) if most > 0 else 1
    return float(next(factor * magnitude for factor in (2, 4, 6, 8, 10) if factor * magnitude >= most))


def _x(part: float) -> float:
    return round(_LEFT + _INNER_WIDTH * min(1.0, max(0.0, part)), 2)


def _y(part: float) -> float:
    return round(_TOP + _INNER_HEIGHT * (1 - min(1.0, max(0.0, part))), 2)


def _path(points: Sequence[tuple[float, float]]) -> str:
    """A single point is drawn as a short line, so that it is seen."""
    (x, y), *rest = points
    return f"M{x} {y}" + ("".join(f"L{x} {y}" for x, y in rest) or "h1")


def _stairs(points: Sequence[tuple[float, float]]) -> str:
    (x, y), *rest = points
    return f"M{x} {y}" + "".join(f"H{x}V{y}" for x, y in rest) + f"H{WIDTH - _RIGHT}"
