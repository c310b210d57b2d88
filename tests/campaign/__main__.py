"""`python -m tests.campaign --rounds N --seed S`: kill, cut and restart `syncd run` for N rounds and print what came.

Exit code 1 on a violation, which is printed with its seed, its round and what was done in it.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time

from tests.campaign.play import play


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quiet", action="store_true", help="print the table and violations only")
    chosen = parser.parse_args()
    # an end from outside must end the daemons too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began = time.monotonic()

    def tell(line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    campaign = play(chosen.rounds, chosen.seed, tell=tell if not chosen.quiet else lambda _: None)
    for violation in campaign.violations:
        sys.stdout.write(f"{violation}\n\n")
    sys.stdout.write(f"{campaign.table()}\n{time.monotonic() - began:.0f} s; seed {chosen.seed}\n")
    return 1 if campaign.violations else 0


if __name__ == "__main__":
    raise SystemExit(main())
