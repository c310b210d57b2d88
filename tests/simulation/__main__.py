"""`python -m tests.simulation`: live through many seeds and print what was seen; 1 where a promise was broken."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.simulation import every_call
from tests.simulation.campaign import Tally, live, shrink, story
from tests.simulation.play import Outcome
from tests.simulation.scenario import Scenario


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for."""
    asked = _asked(arguments)
    if asked.every_call:
        return _every_call(asked.stride, asked.jobs)
    return _seeds(asked)


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=50, help="how many shops")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--days", type=int, default=4, help="how many days each shop lives")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at the same time")
    parser.add_argument("--json", metavar="FILE", help="write the figures there as well")
    parser.add_argument("--story", action="store_true", help="print the story of each run")
    parser.add_argument("--no-shrink", action="store_true", help="print violations as they are")
    parser.add_argument(
        "--every-call", action="store_true", help="one day, each fault at each call and a death at each point"
    )
    parser.add_argument("--stride", type=int, default=1, help="with --every-call: only each so many-th of them")
    return parser.parse_args(arguments)


def _seeds(asked: argparse.Namespace) -> int:
    tally, began = Tally(), time.monotonic()
    runs = live(range(asked.first, asked.first + asked.seeds), asked.days, asked.jobs)
    for worked, (scenario, outcome) in enumerate(runs, start=1):
        tally.add(outcome, scenario)
        if asked.story:
            print(story(scenario, outcome), flush=True)
        elif outcome.violation is not None:
            print(_told(scenario, outcome, shrinks=not asked.no_shrink), flush=True)
        if worked % 100 == 0 and sys.stderr.isatty():
            print(f"{worked} of {asked.seeds}", file=sys.stderr, flush=True)
    print("\n".join(tally.lines()))
    print(f"{'seconds':<22}{time.monotonic() - began:>12,.0f}")
    if asked.json:
        _write(asked.json, tally, asked)
    return 1 if tally.violations else 0


def _told(scenario: Scenario, outcome: Outcome, *, shrinks: bool) -> str:
    return story(*shrink(scenario)) if shrinks else story(scenario, outcome)


def _write(path: str, tally: Tally, asked: argparse.Namespace) -> None:
    told = {
        "seeds": [asked.first, asked.first + asked.seeds - 1],
        "counts": dict(tally.counts),
        "faults": dict(tally.faults),
        "violations": tally.violations,
    }
    Path(path).write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def _every_call(stride: int, jobs: int) -> int:
    hit: Counter[str] = Counter()
    broken: list[str] = []
    trials = list(every_call.trials(stride))
    with multiprocessing.get_context("fork").Pool(jobs, maxtasksperchild=50) as pool:
        for trial, outcome in zip(trials, pool.imap(_tried, trials), strict=True):
            hit[trial.what] += 1
            if outcome is not None:
                broken.append(f"{trial.what} at {trial.at}: {outcome}")
                print(broken[-1], flush=True)
    for what, times in hit.items():
        print(f"{what:<22}{times:>8,}")
    print(f"{'violations':<22}{len(broken):>8,}")
    return 1 if broken else 0


def _tried(trial: every_call.Trial) -> str | None:
    outcome = every_call.run(trial)
    return None if outcome.violation is None else str(outcome.violation)


if __name__ == "__main__":
    raise SystemExit(main())
