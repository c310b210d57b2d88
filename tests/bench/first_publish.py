"""A big shop's first publish: calls against the least possible, and the peak memory of syncd alone.

    python -m tests.bench.first_publish [PRODUCTS] [--json FILE]

Every product differs: KiotViet has 20 to 99 pieces, Haravan 1. The simulated shops live in a process of their own,
behind loopback sockets; `syncd once` runs in another, with all its parts, except that its waits pass at once. Then
`syncd run` goes on with the same store for a while, and its memory is taken. Exits 1 when more than 1.05 times the
least calls were made, or not every figure is right in the end.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from syncd import cli
from syncd.cli.sandbox import write_config
from syncd.clock import ManualClock, SystemClock
from syncd.sandbox.serving import Served
from syncd.sandbox.world import Sandbox
from tests.bench import stages
from tests.bench.processes import daemon, memory_mb

MOST = 1.05
LATENCY_SECONDS = 0.3
"""What each call takes on the shops' own clock: enough for Haravan's bucket never to be full."""

IN_HARAVAN = 1
DAEMON_SECONDS = 90.0
_STAGES = "stages.json"

_KINDS: list[tuple[str, str, str]] = [
    ("kiotviet", "GET /products$", "products of KiotViet, 100 a page"),
    ("kiotviet", "GET /productOnHands$", "figures of KiotViet, 100 a page"),
    ("haravan", "GET /com/products.json", "products of Haravan, 50 a page"),
    ("haravan", "GET /com/inventory_locations", "stock rows before and after, 50 variants a call"),
    ("haravan", "POST /com/inventories", "stock slips, 100 lines each"),
    ("haravan", "", "locations, orders, counts"),
    ("kiotviet", "", "sign-in, documents, settings"),
]


def least(products: int) -> dict[str, int]:
    """What no way of doing it can save, by kind of call."""
    return {
        "products of KiotViet, 100 a page": math.ceil(products / 100),
        "figures of KiotViet, 100 a page": math.ceil(products / 100),
        "products of Haravan, 50 a page": math.ceil(products / 50),
        "stock rows before and after, 50 variants a call": 2 * math.ceil(products / 50),
        "stock slips, 100 lines each": math.ceil(products / 100),
    }


# --- the shops' process ----------------------------------------------------------------------------------------------


def serve(folder: Path, products: int) -> None:
    """Fill both shops, say that they are open, and once asked say what was called and how many figures are right."""
    sandbox = Sandbox(ManualClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)), latency_seconds=LATENCY_SECONDS)
    location, branch = sandbox.open_pair("Cửa hàng Quận 1")
    variants = [_fill(sandbox, number, location, branch) for number in range(products)]
    sandbox.clock.sleep(24 * 3600)
    with Served(sandbox) as served:
        write_config(served, folder)
        sys.stdout.write("open\n")
        sys.stdout.flush()
        sys.stdin.readline()
        calls = sandbox.journal.calls()
        shown = [sandbox.haravan.level(variant, location)["available"] for variant in variants]
        right = sum(available == _pieces(number) for number, available in enumerate(shown))
        refused = sum(1 for call in calls if call.status is None or call.status >= 400)
        kinds = Counter(_kind(call.remote, f"{call.method} {call.path}") for call in calls)
        sys.stdout.write(json.dumps({"calls": kinds, "right": right, "refused": refused}) + "\n")
        sys.stdout.flush()
        sys.stdin.readline()


def _fill(sandbox: Sandbox, number: int, location: int, branch: int) -> int:
    sku, name = f"HANG-{number:05d}", f"Áo sơ mi nam tay dài kẻ sọc số {number}"
    (variant,) = sandbox.haravan.add_product(name, [{"sku": sku, "barcode": sku, "price": 100_000}])
    sandbox.haravan.set_stock(variant, location, IN_HARAVAN)
    sandbox.kiotviet.add_product(sku, f"{name} - Xanh", 100_000, barcode=sku, stock={branch: _pieces(number)})
    return variant


def _pieces(number: int) -> int:
    return 20 + number % 80


def _kind(remote: str, name: str) -> str:
    return next(kind for owner, pattern, kind in _KINDS if owner == remote and re.match(pattern, name))


# --- syncd's process -------------------------------------------------------------------------------------------------


def once(config: Path) -> NoReturn:
    """`syncd once`, whose waits pass at once; its stages are measured into a file beside its config."""
    stages.watch(config.with_name(_STAGES))
    passed = 0.0

    def monotonic(_: SystemClock) -> float:
        return time.monotonic() + passed

    def sleep(_: SystemClock, seconds: float) -> None:
        nonlocal passed
        passed += max(0.0, seconds)

    SystemClock.monotonic, SystemClock.sleep = monotonic, sleep  # type: ignore[method-assign]
    sys.argv = ["syncd", "once", "-c", str(config), "--json"]
    cli.main()


# --- the bench -------------------------------------------------------------------------------------------------------


def measure(products: int) -> dict[str, Any]:
    """All figures of one run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shops = _start("--serve", str(folder), str(products), stdin=subprocess.PIPE)
        try:
            assert shops.stdin is not None
            assert shops.stdout is not None
            began = time.monotonic()
            assert shops.stdout.readline() == "open\n"
            filled = time.monotonic() - began
            code, usage = _run_once(folder / "config.yaml")
            seconds = time.monotonic() - began - filled
            taken = json.loads((folder / _STAGES).read_text(encoding="utf-8"))
            shops.stdin.write("\n")
            shops.stdin.flush()
            found: dict[str, Any] = json.loads(shops.stdout.readline())
            resident, most = _run_daemon(folder / "config.yaml")
        finally:
            shops.kill()
            shops.communicate()
    fewest = least(products)
    own = sum(found["calls"].get(kind, 0) for kind in fewest)
    return found | {
        "products": products,
        "exit_code": code,
        "least": fewest,
        "least_total": sum(fewest.values()),
        "same_kinds_total": own,
        "ratio": round(own / sum(fewest.values()), 3),
        "peak_rss_mb": round(_most_memory(taken), 1),
        "stages": {name: taken[name] for name in stages.STAGES},
        "daemon_rss_mb": round(resident, 1),
        "daemon_peak_rss_mb": round(most, 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "fill_seconds": round(filled, 1),
        "real_seconds": round(seconds, 1),
    }


def _most_memory(taken: dict[str, dict[str, float]]) -> float:
    """Of the whole run in MB. What the kernel says of an ended process counts the one that started it, too."""
    return max(part[key] for part in taken.values() for key in part.keys() & {"peak_mb", "before_mb"})


def _run_daemon(config: Path) -> tuple[float, float]:
    """Memory of `syncd run` in MB after a while: what it has, and the most that it had."""
    with daemon(config) as pid:
        time.sleep(DAEMON_SECONDS)
        return memory_mb(pid, "VmRSS"), memory_mb(pid, "VmHWM")


def _start(*arguments: str, stdin: int | None = None) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "tests.bench.first_publish", *arguments]
    return subprocess.Popen(line, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _run_once(config: Path) -> tuple[int, Any]:
    """Exit code and resource usage of the one process."""
    process = _start("--once", str(config))
    assert process.stdout is not None
    process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    return process.returncode, usage


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [f"first publish of {result['products']} products", "", f"{'calls':<56}{'made':>8}{'least':>8}{'ratio':>8}"]
    for kind, count in sorted(result["calls"].items(), key=lambda item: item[0] not in result["least"]):
        fewest = result["least"].get(kind)
        ratio = f"{count / fewest:.3f}" if fewest else ""
        lines.append(f"  {kind:<54}{count:>8}{fewest or '':>8}{ratio:>8}")
    total, fewest = result["same_kinds_total"], result["least_total"]
    lines.append(f"  {'all kinds that have a least':<54}{total:>8}{fewest:>8}{result['ratio']:>8.3f}")
    lines += [
        "",
        f"figures right in the end: {result['right']} of {result['products']}, refused calls: {result['refused']}",
        f"peak memory of syncd alone: {result['peak_rss_mb']} MB",
        f"CPU of syncd: {result['cpu_seconds']} s, real time: {result['real_seconds']} s",
        *(
            f"  {name}: {part['cpu_seconds']:.1f} s CPU, {part['seconds']:.1f} s, at most {part['peak_mb']:.0f} MB"
            for name, part in result["stages"].items()
        ),
        f"memory of the daemon afterwards: {result['daemon_rss_mb']} MB, at most {result['daemon_peak_rss_mb']} MB",
    ]
    return "\n".join(lines)


def is_good(result: dict[str, Any]) -> bool:
    """Whether the run kept what it promises."""
    complete = result["right"] == result["products"] and result["exit_code"] == 0
    return complete and result["ratio"] <= MOST


def main() -> int:
    """Run and print."""
    if sys.argv[1:2] == ["--serve"]:
        serve(Path(sys.argv[2]), int(sys.argv[3]))
        return 0
    if sys.argv[1:2] == ["--once"]:
        once(Path(sys.argv[2]))
    summary = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m tests.bench.first_publish", description=summary)
    parser.add_argument("products", nargs="?", type=int, default=50_000)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    result = measure(chosen.products)
    sys.stdout.write(table(result) + "\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0 if is_good(result) else 1


if __name__ == "__main__":
    sys.exit(main())
