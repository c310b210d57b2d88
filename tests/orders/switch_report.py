"""Every switch that can touch orders, in every position, and how a week of orders on all paths ended.

Run it from a checkout with `python -m tests.orders.switch_report`; it exits 0 only if every week ended as it must, also
for a new server that remembers nothing of it.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path

import stamina
import structlog

from syncd.sandbox.switches import find_switch
from tests.orders.test_switches import POSITIONS
from tests.orders.week import SETTINGS, Week
from tests.rig import Rig


def outcome(key: str, position: str) -> str:
    """`ok`, or what was wrong under this position."""
    with tempfile.TemporaryDirectory() as folder:
        rig = Rig(Path(folder), switches={key: position}, **SETTINGS)
        try:
            week = Week(rig)
            week.live()
            week.check()
            week.lose_the_store()
            week.check()
        except AssertionError as error:
            return f"FAILED: {' '.join(str(error).split())[:200]}"
        finally:
            rig.close()
    return "ok"


def main() -> int:
    """Print a line for each position; 1 if any failed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    failed = 0
    print(f"{'switch':<32}{'item':<6}{'position':<24}{'13 orders on 13 paths, and a lost store'}")
    with stamina.set_testing(True, attempts=3):
        for key, position in POSITIONS:
            ended = outcome(key, position)
            failed += ended != "ok"
            print(f"{key:<32}{find_switch(key).item:<6}{position:<24}{ended}", flush=True)
    switches = len({key for key, _ in POSITIONS})
    print(f"{switches} switches, {len(POSITIONS)} positions, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
