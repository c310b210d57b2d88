"""A big shop's stock: 50,000 variants planned, then swept, compared and published by `syncd once`, stage by stage.

The daemon's memory is that of `syncd run` going on with that store.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from syncd.core import stock
from syncd.core.model import BranchStock
from syncd.core.pending import StockLink
from syncd.core.products import Link
from tests.bench import first_publish, stages
from tests.bench.figures import Figure, median
from tests.core.build import link

VARIANTS = 50_000
PLANS = 5
LOCATION, BRANCH = 963_414, 1_001
_GROUP = "Stock of 50,000 variants"


def measure(variants: int = VARIANTS) -> Iterator[Figure]:
    """The plan alone, then all of it in a process of its own."""
    yield Figure(_GROUP, f"plan by itself, CPU, median of {PLANS}", _planned(variants), "s", 0.5, "stated limit")
    whole = first_publish.measure(variants)
    if not first_publish.is_good(whole):
        raise AssertionError(f"the first publish is not good: {whole}")
    for stage, taken in whole["stages"].items():
        limit, against = (0.5, "stated limit") if stage == stages.PLAN else (None, "")
        yield Figure(_GROUP, f"{stage}, CPU", taken["cpu_seconds"], "s", limit, against)
        yield Figure(_GROUP, f"{stage}, time", taken["seconds"], "s")
        yield Figure(_GROUP, f"{stage}, memory of syncd at most", taken["peak_mb"], "MB")
    yield Figure(_GROUP, "first publish, CPU of syncd, all in all", whole["cpu_seconds"], "s")
    yield Figure(_GROUP, "the same, time, both simulated shops' own in it", whole["real_seconds"], "s")
    yield Figure(_GROUP, "the same, memory of syncd at most", whole["peak_rss_mb"], "MB")
    yield Figure(_GROUP, "memory of the daemon afterwards", whole["daemon_rss_mb"], "MB")
    yield Figure(
        _GROUP, "first publish, calls", whole["same_kinds_total"], "calls", whole["least_total"] * 1.05, "1.05 × least"
    )


def _planned(variants: int) -> float:
    """CPU seconds of a plan in which every second figure differs, the median of some."""
    links = (StockLink(LOCATION, (BRANCH,), 0),)
    products = [_linked(number) for number in range(variants)]
    figures = {product.product_id: _figure(number) for number, product in enumerate(products)}
    read = stock.Read(figures, dict.fromkeys(figures, stock.Reading(datetime(2026, 11, 23, tzinfo=UTC), 1)))
    levels = {(LOCATION, product.variant_id): number % 50 for number, product in enumerate(products)}
    families = stock.by_source(products)
    took = []
    for _ in range(PLANS):
        began = time.process_time()
        plan = stock.plan(links, products, read, levels, {}, families)
        assert len(plan.compared) == variants
        assert plan.changes
        stock.batches(plan.changes)
        took.append(time.process_time() - began)
    return median(took)


def _linked(number: int) -> Link:
    return link(number + 1)


def _figure(number: int) -> dict[int, BranchStock]:
    on_hand = Decimal(number % 50 + number % 2)
    return {BRANCH: BranchStock(BRANCH, on_hand, Decimal(0), active=True)}
