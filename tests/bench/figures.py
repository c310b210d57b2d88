"""What a benchmark measured, each figure beside the limit or the peer that it is compared with."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number.

    Args:
        group: The benchmark that it belongs to.
        name: What was measured.
        value: The number, in `unit`.
        unit: E.g. `ms`, `calls`, `MB`.
        limit: What it is compared with, in the same unit; None where it stands by itself.
        against: What the limit is: a stated limit, or a peer of the same run.
        more_is_better: Whether the value should be above the limit.
    """

    group: str
    name: str
    value: float
    unit: str
    limit: float | None = None
    against: str = ""
    more_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """Value by limit."""
        return None if not self.limit else self.value / self.limit

    @property
    def is_met(self) -> bool | None:
        """Whether the limit is kept; None where there is none."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.more_is_better else self.value <= self.limit


def table(figures: Iterable[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| | measured | compared with | ratio | |", "| --- | ---: | --- | ---: | --- |"]
    group = ""
    for figure in figures:
        if figure.group != group:
            group = figure.group
            lines.append(f"| **{group}** | | | | |")
        lines.append(_row(figure))
    return "\n".join(lines)


def _row(figure: Figure) -> str:
    verdict = {None: "", True: "kept", False: "**missed**"}[figure.is_met]
    sign = "" if figure.limit is None else f"{'≥' if figure.more_is_better else '≤'} {shown(figure.limit)}"
    beside = " ".join(part for part in (sign, figure.against) if part)
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    return f"| {figure.name} | {shown(figure.value)} {figure.unit} | {beside} | {ratio} | {verdict} |"


def shown(number: float) -> str:
    """A number with as many digits as say something."""
    return f"{number:,.0f}" if abs(number) >= 100 or number == int(number) else f"{number:,.3g}"


def machine() -> str:
    """Where it was measured."""
    return f"Python {platform.python_version()}, {_processor()}, {os.cpu_count()} hardware threads"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def write_json(path: Path, figures: Sequence[Figure], seconds: dict[str, float]) -> None:
    """Everything, for a script to compare."""
    rows: list[dict[str, Any]] = [
        {**asdict(figure), "ratio": figure.ratio, "is_met": figure.is_met} for figure in figures
    ]
    told = {"machine": machine(), "seconds": seconds, "figures": rows}
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


def median(values: Sequence[float]) -> float:
    """The one in the middle."""
    return statistics.median(values)
