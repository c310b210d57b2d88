"""Whether a shop is well: no job sits still, and no kind of cycle has been without success for too long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from syncd.cycles.health import Job, not_ready, stale, stuck
from syncd.cycles.overview import figures_age, keep_sample
from syncd.store import Store
from syncd.store.keys import SWEPT_SINCE
from tests.rig import START

PAUSES = {"orders": 15, "stock": 60}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "syncd.db")) as opened:
        yield opened


def job(name: str, *, well: bool) -> Job:
    return Job(name, finished=3, failed=0, seconds=1.0, since_seconds=725.0, well=well)


def test_a_job_that_sits_still_is_named_with_its_minutes_and_the_others_are_not() -> None:
    jobs = [job("orders", well=True), job("stock", well=False), job("examination", well=False)]
    told = [one.said("en") for one in stuck(jobs)]
    assert len(told) == 2
    assert all("12" in one for one in told)
    assert "stock" in told[0]
    assert "examination" in told[1]
    assert stuck(jobs[:1]) == []


def test_a_shop_is_ready_once_each_kind_of_cycle_went_well_and_no_longer_than_that_is_fresh(store: Store) -> None:
    assert stale(store, PAUSES, START) == ["orders", "stock"]
    assert len({one.said("en") for one in not_ready(store, PAUSES, START)}) == 2
    for cycle in PAUSES:
        store.cycle_ok(cycle, {}, START)
    assert not_ready(store, PAUSES, START + timedelta(minutes=5)) == []
    late = not_ready(store, PAUSES, START + timedelta(minutes=7))
    assert len(late) == 1, "the pauses of stock are longer"
    assert "ended 7 minutes ago" in late[0].said("en")
    assert stale(store, PAUSES, START + timedelta(minutes=11)) == ["orders", "stock"]


def test_how_old_things_are_is_sampled_once_in_a_while_and_without_what_is_not_known(store: Store) -> None:
    assert figures_age(store, START) is None
    keep_sample(store, START)
    store.remember(SWEPT_SINCE, START.isoformat())
    store.cycle_ok("orders", {}, START)
    for minutes in (1, 6, 7):
        keep_sample(store, START + timedelta(minutes=minutes))
    assert figures_age(store, START + timedelta(minutes=6)) == timedelta(minutes=6)
    kept = store.samples.since(START, width=timedelta(minutes=5))
    assert [(one.figures_seconds, one.orders_seconds) for one in kept] == [(None, None), (360, 360)]
