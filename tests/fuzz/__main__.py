"""`python -m tests.fuzz --seeds N --days N --spots N --from N`: how many changed answers, and what became of them.

`--seeds` changes one answer of every endpoint so often, `--days` lets so many shops live in bad weather, `--spots` lets
so many live with one damaged record. Exit 1 if anything went wrong; a seed says everything.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.fuzz.days import crash, play
from tests.fuzz.windows import Tally, recorded, storm


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    for name in ("seeds", "days", "spots", "from"):
        parser.add_argument(f"--{name}", type=int, default=0)
    asked = vars(parser.parse_args(arguments))
    first = asked["from"]
    wrong = told(storm(range(first, first + asked["seeds"])))
    wrong += lived(range(first, first + asked["days"]))
    wrong += spotted(range(first, first + asked["spots"]))
    say(f"{wrong} went wrong")
    return 1 if wrong else 0


def told(tally: Tally) -> int:
    """Each endpoint's outcomes, and what went wrong."""
    for name, counts in tally.counts.items():
        say(f"{name:<24}{sum(counts.values()):>7}  " + ", ".join(f"{n} {kind}" for kind, n in counts.most_common()))
    total = sum((counts for counts in tally.counts.values()), Counter[str]())
    say(f"{'all':<24}{sum(total.values()):>7}  " + ", ".join(f"{n} {kind}" for kind, n in total.most_common()))
    for fault, damage in tally.faults.items():
        say(f"WRONG {fault} ({damage})")
    return len(tally.faults)


def lived(seeds: range) -> int:
    """Shops in weather of every kind."""
    return sum(_one(seed, share=(0.02, 0.1, 0.3)[seed % 3], lies=seed % 2 == 1) for seed in seeds)


def spotted(seeds: range) -> int:
    """Shops with one record that is damaged as long as the weather lasts."""
    lists = sorted(name for name in recorded() if name.startswith("GET"))
    return sum(_one(seed, spot_at=random.Random(seed).choice(lists), lies=seed % 2 == 1) for seed in seeds)


def _one(seed: int, *, lies: bool, share: float = 0.0, spot_at: str = "") -> int:
    with tempfile.TemporaryDirectory(prefix="syncd-fuzz-") as folder:
        try:
            days = play(seed, Path(folder), share, lies=lies, spot_at=spot_at)
        except Exception as error:  # noqa: BLE001 - the next seed goes on
            say(f"WRONG seed {seed}: {crash(error)}")
            return 1
    kind = "lies" if lies else "damage"
    endings = ", ".join(f"{count} {ending}" for ending, count in sorted(days.endings.items()))
    say(f"seed {seed}: {len(days.weather.done)} answers changed ({kind} {spot_at or share}); {endings}")
    for fault in dict.fromkeys(days.faults):
        say(f"WRONG seed {seed}: {fault}")
    if days.faults:
        say(f"      after {days.weather.done[-8:]}")
    return int(bool(days.faults))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
