"""One day again and again: each kind of fault at the first call, at the second, and so on; the same for deaths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.simulation.play import Outcome, play
from tests.simulation.scenario import FAULTS, Scenario, Step, Terms


@dataclass(frozen=True, slots=True)
class Trial:
    """One fault, or a death, at one place of the day."""

    what: str
    at: int
    scenario: Scenario


def day(switches: tuple[tuple[str, str], ...] = ()) -> Scenario:
    """Two orders from the basket to the money, one that is cancelled, a sale at the counter and a count."""
    acts = [
        Step("morning"),
        Step("place", (0, 1, 1, 1), 600),
        Step("orders", wait=15),
        Step("stock", wait=15),
        Step("place", (4, 2, 1, 2), 600),
        Step("sell", (0, 0, 0, 0), 60),
        Step("orders", wait=15),
        Step("stock", wait=15),
        Step("place", (7, 1, 1, 3), 600),
        Step("advance", (0, 0, 0, 0), 600),
        Step("advance", (0, 0, 0, 0), 60),
        Step("orders", wait=15),
        Step("cancel", (2, 1, 0, 0), 60),
        Step("count", (3, 9, 0, 0), 60),
        Step("orders", wait=15),
        Step("stock", wait=15),
        Step("advance", (0, 0, 0, 0), 3600),
        Step("advance", (0, 0, 0, 0), 60),
        Step("orders", wait=15),
        Step("advance", (0, 0, 0, 0), 60),
        Step("orders", wait=15),
        Step("stock", wait=15),
        Step("evening", wait=80),
        Step("evening", wait=80),
    ]
    return Scenario(0, 1, switches, Terms(on_return="void_invoice"), tuple(acts))


def trials(stride: int = 1, offset: int = 0) -> Iterator[Trial]:
    """Every fault at every call and a death at every point of the day; with `stride`, each so many-th of them."""
    base = day()
    calm = play(base)
    if calm.violation is not None:
        raise AssertionError(f"the day itself breaks a promise: {calm.violation}")
    calls, points = calm.counts["calls before rest"], calm.counts["points before rest"]
    found = [
        *(Trial("kill", at, _first(base, Step("kill", (at,)))) for at in range(1, points + 1)),
        *(Trial(kind, at, _first(base, _fault(kind, at))) for kind in FAULTS for at in range(1, calls + 1)),
    ]
    yield from found[offset::stride]


def run(trial: Trial) -> Outcome:
    """Live through the day with that one fault."""
    return play(trial.scenario)


def _first(base: Scenario, step: Step) -> Scenario:
    return replace(base, steps=(step, *base.steps))


def _fault(kind: str, at: int) -> Step:
    """At any remote and with any method; `late` arrives after the time-out and after the repeat."""
    return Step("fault_at", (list(FAULTS).index(kind), at))
