"""`python -m tests.bench [NAME…] [--json FILE]`: every figure beside its limit or its peer, as a table.

Nothing else should run on the machine meanwhile. With no name all benchmarks run, which takes about half an hour.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from syncd.logs import configure
from tests.bench import engine, flash_sale, growth, order_life, peers, variants
from tests.bench.figures import Figure, machine, table, write_json

BENCHES: dict[str, Callable[[], Iterator[Figure]]] = {
    "flash-sale": flash_sale.measure,
    "order-life": order_life.measure,
    "engine": engine.measure,
    "growth": growth.measure,
    "variants": variants.measure,
    "peers": peers.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for and print the table; 1 where a limit was missed or one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    chosen = parser.parse_args(arguments)
    figures: list[Figure] = []
    seconds: dict[str, float] = {}
    failed = False
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        configure(stream=nowhere)
        for name in chosen.names or BENCHES:
            began = time.monotonic()
            try:
                figures += BENCHES[name]()
            except Exception:  # noqa: BLE001 - what the others found in half an hour must not be lost
                failed = True
                traceback.print_exc()
            seconds[name] = round(time.monotonic() - began, 1)
            sys.stderr.write(f"{name}: {seconds[name]:.0f} s\n")
    sys.stdout.write(f"{machine()}\n\n{table(figures)}\n")
    if chosen.json:
        write_json(chosen.json, figures, seconds)
    return 0 if not failed and all(figure.is_met is not False for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
