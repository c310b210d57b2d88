"""`python -m tests.faults [vi|en]`: each of the ten faults with what is read of it on the four surfaces."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.faults.planted import TEN
from tests.faults.told import play


def main(language: str, names: list[str]) -> None:
    for name in names or TEN:
        with tempfile.TemporaryDirectory(prefix="syncd-fault-") as folder:
            told = play(TEN[name], Path(folder), language)
        sys.stdout.write(f"## {name}\n\n")
        for surface, words in told.surfaces.items():
            sys.stdout.write(f"- **{surface}**: {words}\n")
        sys.stdout.write(f"- **after**: concerns {sorted(told.left)}, {told.resolved}\n\n")
        sys.stdout.flush()


main(sys.argv[1] if len(sys.argv) > 1 else "vi", sys.argv[2:])
