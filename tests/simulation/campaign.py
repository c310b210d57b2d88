"""Many seeds, over the processors that there are; what they came to in sum, and each violation with its story."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from tests.simulation.play import Outcome, play
from tests.simulation.scenario import Scenario, Step, draw

_TRIES = 120


@dataclass(slots=True)
class Tally:
    """The sum of many runs."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    positions: set[tuple[str, str]] = field(default_factory=set)
    violations: list[tuple[int, str]] = field(default_factory=list)

    def add(self, outcome: Outcome, scenario: Scenario) -> None:
        """Count one run in."""
        self.counts += outcome.counts
        self.faults += outcome.faults
        self.positions |= set(scenario.switches)
        if outcome.violation is not None:
            self.violations.append((outcome.seed, str(outcome.violation)))

    def lines(self) -> Iterator[str]:
        """The table, as the README shows it."""
        for name in (
            "shop-days",
            "orders",
            "KiotViet documents",
            "adjustments",
            "calls",
            "orders cycles",
            "stock cycles",
            "kills",
        ):
            yield f"{name:<22}{self.counts[name]:>12,}"
        yield f"{'faults that hit':<22}{self.counts['faults that hit']:>12,}"
        yield f"{'switch positions':<22}{len(self.positions):>12,}"
        for name, times in self.faults.most_common():
            yield f"  {name:<20}{times:>12,}"
        yield f"{'violations':<22}{len(self.violations):>12,}"


def live(seeds: Iterable[int], days: int, jobs: int) -> Iterator[tuple[Scenario, Outcome]]:
    """The outcome of each seed, in any order."""
    if jobs == 1:
        yield from map(_one, ((seed, days) for seed in seeds))
        return
    with multiprocessing.get_context("fork").Pool(jobs, maxtasksperchild=50) as pool:
        yield from pool.imap_unordered(_one, [(seed, days) for seed in seeds])


def _one(what: tuple[int, int]) -> tuple[Scenario, Outcome]:
    scenario = draw(*what)
    outcome = play(scenario)
    if outcome.violation is not None:
        outcome.violation.__traceback__ = outcome.violation.__cause__ = None
    return scenario, outcome


def shrink(scenario: Scenario, run: Callable[[Scenario], Outcome] = play) -> tuple[Scenario, Outcome]:
    """The shortest course of events found that breaks the same promise, by leaving out ever smaller pieces.

    Raises:
        ValueError: The scenario breaks none.
    """
    worst = run(scenario)
    if worst.violation is None:
        raise ValueError("nothing is broken")
    wanted, steps, tries = worst.violation.invariant, list(scenario.steps), 0
    size = max(1, len(steps) // 2)
    while size and tries < _TRIES:
        start = 0
        while start < len(steps) and tries < _TRIES:
            kept = _without(steps, start, size)
            outcome, tries = run(scenario.with_steps(tuple(kept))), tries + 1
            if outcome.violation is not None and outcome.violation.invariant == wanted:
                steps, worst = kept, outcome
            else:
                start += size
        size = size // 2 if size < len(steps) or size == 1 else len(steps) // 2
    return scenario.with_steps(tuple(steps)), worst


def _without(steps: list[Step], start: int, size: int) -> list[Step]:
    """The steps without some; their time passes all the same."""
    gone, rest = steps[start : start + size], steps[start + size :]
    if rest:
        waited = sum(step.wait for step in gone) + rest[0].wait
        rest = [Step(rest[0].kind, rest[0].numbers, waited), *rest[1:]]
    return steps[:start] + rest


def story(scenario: Scenario, outcome: Outcome) -> str:
    """What a person needs to understand a violation, and to see it again."""
    turned = ", ".join(f"{key}={position}" for key, position in scenario.switches) or "none"
    steps = "\n".join(f"    {line}" for line in outcome.story)
    return (
        f"seed {scenario.seed}: {outcome.violation}\n"
        f"    shop: {scenario.terms}\n    switches: {turned}\n{steps}\n"
        f"    again: python -m tests.simulation --first {scenario.seed} --seeds 1 --days {scenario.days}"
    )
